"""An index is built once for the same schools and the same engine."""

import os
import time
from pathlib import Path

import pytest

from plugins.search.document import SearchDocument
from plugins.search.fingerprint import fingerprint
from plugins.search.index import open_or_build
from plugins.search.pack import read_pack
from plugins.search.query import site_search
from plugins.search.vocabulary import Vocabulary

NO_WORDS = Vocabulary.of_words([])


def school(school_id: str, name: str = "数控学校") -> SearchDocument:
    return SearchDocument(school_id, name, "", "", True, "/", {"name": (name,)})


SCHOOLS = [school("a"), school("b")]


def indexes(cache: Path) -> list[Path]:
    return sorted(cache.iterdir())


def found(cache: Path, documents: list[SearchDocument], query: str = "数控") -> list[str]:
    index = open_or_build(documents, cache)
    return [hit.school_id for hit in site_search(index, query, NO_WORDS).hits]


def test_unchanged_schools_are_not_indexed_again(tmp_path: Path) -> None:
    """In any order; the index is not written a second time."""
    assert found(tmp_path, SCHOOLS) == ["a", "b"]
    [built] = indexes(tmp_path)
    written = built.stat().st_ino
    assert found(tmp_path, SCHOOLS[::-1]) == ["a", "b"]
    assert indexes(tmp_path) == [built]
    assert built.stat().st_ino == written


def test_a_changed_school_is_found_by_its_new_words(tmp_path: Path) -> None:
    """And no longer by the old ones."""
    found(tmp_path, SCHOOLS)
    changed = [school("a", "烹饪学校"), school("b")]
    assert found(tmp_path, changed, "烹饪") == ["a"]
    assert found(tmp_path, changed) == ["b"]


def test_a_damaged_index_is_built_anew(tmp_path: Path) -> None:
    """A file cut short, a bit turned over anywhere, an empty file."""
    found(tmp_path, SCHOOLS)
    [built] = indexes(tmp_path)
    whole = built.read_bytes()
    turned_over = [
        whole[:place] + bytes([whole[place] ^ 4]) + whole[place + 1 :]
        for place in range(0, len(whole), 7)
    ]
    for damaged in [whole[:-1], b"", b"{", *turned_over]:
        built.write_bytes(damaged)
        assert read_pack(built) is None
        assert found(tmp_path, SCHOOLS) == ["a", "b"]
        assert built.read_bytes() == whole
    assert indexes(tmp_path) == [built]


def test_a_build_that_dies_leaves_no_index(tmp_path: Path) -> None:
    """And nothing else; the next one succeeds."""
    with pytest.raises(TypeError):
        open_or_build([school("a", name=None)], tmp_path)  # type: ignore[arg-type]
    assert indexes(tmp_path) == []
    assert found(tmp_path, SCHOOLS) == ["a", "b"]


def test_the_two_indexes_used_last_are_kept(tmp_path: Path) -> None:
    """The cache does not grow with every edit."""
    for name in ("一校", "二校", "三校"):
        found(tmp_path, [school("a", name)])
        time.sleep(0.02)
    kept = {f"index-{fingerprint([school('a', name)])}" for name in ("二校", "三校")}
    assert {path.name for path in indexes(tmp_path)} == kept


def test_what_a_killed_build_left_is_removed_after_a_day(tmp_path: Path) -> None:
    """Not sooner: it may be a build that is still running."""
    old, running = tmp_path / "building-old", tmp_path / "building-running"
    old.mkdir()
    running.mkdir()
    two_days_ago = time.time() - 2 * 24 * 3600
    os.utime(old, (two_days_ago, two_days_ago))
    found(tmp_path, SCHOOLS)
    assert not old.exists()
    assert running.exists()


def test_the_fingerprint_sees_every_part_of_a_document() -> None:
    """Anything that a hit or a result shows, and any searchable value."""
    plain = SearchDocument("a", "甲校", "杭州", "技师学院", True, "/a/", {"text": ("数控",)})
    others = [
        SearchDocument("b", "甲校", "杭州", "技师学院", True, "/a/", {"text": ("数控",)}),
        SearchDocument("a", "乙校", "杭州", "技师学院", True, "/a/", {"text": ("数控",)}),
        SearchDocument("a", "甲校", "宁波", "技师学院", True, "/a/", {"text": ("数控",)}),
        SearchDocument("a", "甲校", "杭州", "技工学校", True, "/a/", {"text": ("数控",)}),
        SearchDocument("a", "甲校", "杭州", "技师学院", False, "/a/", {"text": ("数控",)}),
        SearchDocument("a", "甲校", "杭州", "技师学院", True, "/b/", {"text": ("数控",)}),
        SearchDocument("a", "甲校", "杭州", "技师学院", True, "/a/", {"text": ("数", "控")}),
        SearchDocument("a", "甲校", "杭州", "技师学院", True, "/a/", {"majors": ("数控",)}),
    ]
    assert len({fingerprint([document]) for document in [plain, *others]}) == 9
    assert len(fingerprint([plain])) == 32
