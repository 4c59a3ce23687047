"""The copies beside text files: the file itself, smaller, the same each time, made once."""

import gzip
import hashlib
import subprocess
from collections.abc import Callable
from pathlib import Path

import brotli
import pytest

from plugins.site import compressed
from plugins.site.compressed import compress_tree, wrong_copies
from plugins.site.ledger import Written, files_below

PAGE = "<!doctype html><p>技工院校招生计划</p>".encode() * 40
FILES = {
    "index.html": PAGE,
    "assets/site.css": b"p { color: green }\n" * 60,
    "data/schools.csv": b"school,seats\n" * 6000,
    "short.txt": b"ok\n" * 40,
    "noise.json": b"".join(hashlib.sha256(bytes([n])).digest() for n in range(20)),
    "photo.webp": PAGE,
}


def plant(tree: Path, files: dict[str, bytes]) -> dict[str, Written]:
    for name, data in files.items():
        (tree / name).parent.mkdir(parents=True, exist_ok=True)
        (tree / name).write_bytes(data)
    return {
        name: Written(len(data), hashlib.sha256(data).hexdigest()) for name, data in files.items()
    }


def compress_fresh(place: Path, files: dict[str, bytes]) -> tuple[Path, dict[str, Written]]:
    """A tree at `place` as the first build leaves it, with its ledger."""
    return place, compress_tree(place, plant(place, files), place, {})


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The copies that were made anew, as they are made; the making itself is real."""
    names: list[str] = []
    make = compressed.compressed

    def watched(name: str, data: bytes, ending: str) -> bytes | None:
        names.append(name + ending)
        return make(name, data, ending)

    monkeypatch.setattr(compressed, "compressed", watched)
    return names


def test_every_text_file_that_gains_has_both_copies(tmp_path: Path) -> None:
    tree, ledger = compress_fresh(tmp_path / "output", FILES)
    gaining = ("index.html", "assets/site.css", "data/schools.csv")
    copies = {name + ending for name in gaining for ending in (".br", ".gz")}
    assert set(files_below(tree)) == set(ledger) == set(FILES) | copies
    for name in gaining:
        assert brotli.decompress((tree / f"{name}.br").read_bytes()) == FILES[name]
        assert gzip.decompress((tree / f"{name}.gz").read_bytes()) == FILES[name]
        assert ledger[f"{name}.br"].size < ledger[f"{name}.gz"].size < len(FILES[name])
    for name, entry in ledger.items():
        data = (tree / name).read_bytes()
        assert entry == Written(len(data), hashlib.sha256(data).hexdigest())


def test_other_programs_read_the_gzip_copy_and_find_no_name_or_time_in_it(tmp_path: Path) -> None:
    tree, _ = compress_fresh(tmp_path / "output", FILES)
    copy = tree / "index.html.gz"
    assert subprocess.run(["gzip", "-dc", copy], capture_output=True, check=True).stdout == PAGE
    header = copy.read_bytes()[:10]
    assert header[3] == 0  # no name, no comment
    assert header[4:8] == bytes(4)  # no time


def test_a_second_build_makes_only_the_copies_of_what_changed(
    tmp_path: Path, made: list[str]
) -> None:
    last, ledger = compress_fresh(tmp_path / "output", FILES)
    made.clear()
    changed = FILES | {"index.html": PAGE + b"<p>new</p>"}
    tree = tmp_path / "staging"
    after = compress_tree(tree, plant(tree, changed), last, ledger)
    assert sorted(made) == ["index.html.br", "index.html.gz"]
    clean, expected = compress_fresh(tmp_path / "clean", changed)
    assert after == expected
    assert [(tree / name).read_bytes() for name in after] == [
        (clean / name).read_bytes() for name in expected
    ]


def cut(copy: Path) -> None:
    copy.write_bytes(copy.read_bytes()[:-1])


def flip(copy: Path) -> None:
    data = bytearray(copy.read_bytes())
    data[-1] ^= 1
    copy.write_bytes(data)


@pytest.mark.parametrize("damage", [cut, flip, Path.unlink])
def test_a_damaged_copy_of_the_last_build_is_made_again(
    tmp_path: Path, made: list[str], damage: Callable[[Path], None]
) -> None:
    last, ledger = compress_fresh(tmp_path / "output", FILES)
    made.clear()
    damage(last / "index.html.br")
    tree = tmp_path / "staging"
    assert compress_tree(tree, plant(tree, FILES), last, ledger) == ledger
    assert made == ["index.html.br"]
    assert list(wrong_copies(tree, ledger)) == []


def test_copies_of_another_recipe_are_made_again(
    tmp_path: Path, made: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    last, ledger = compress_fresh(tmp_path / "output", FILES)
    made.clear()
    monkeypatch.setattr(compressed, "RECIPE", "another")
    tree = tmp_path / "staging"
    compress_tree(tree, plant(tree, FILES), last, ledger)
    assert "index.html.br" in made


def test_a_build_that_stopped_before_the_switch_leaves_nothing_to_trust(
    tmp_path: Path, made: list[str]
) -> None:
    last, ledger = compress_fresh(tmp_path / "output", FILES)
    stopped = tmp_path / "stopped"
    compress_tree(stopped, plant(stopped, {"index.html": PAGE * 2}), last, ledger)
    made.clear()
    tree = tmp_path / "staging"
    assert compress_tree(tree, plant(tree, FILES), last, ledger) == ledger
    assert "index.html.br" in made


@pytest.mark.parametrize("ending", [".br", ".gz"])
def test_a_copy_that_is_not_its_file_is_named(tmp_path: Path, ending: str) -> None:
    tree, ledger = compress_fresh(tmp_path / "output", FILES)
    assert list(wrong_copies(tree, ledger)) == []
    (tree / "index.html").write_bytes(PAGE + b" ")
    (tree / f"assets/site.css{ending}").write_bytes(b"no such format")
    (tree / f"data/schools.csv{ending}").unlink()
    assert set(wrong_copies(tree, ledger)) == {
        "index.html.br", "index.html.gz", f"assets/site.css{ending}", f"data/schools.csv{ending}",
    }  # fmt: skip
