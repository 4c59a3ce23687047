"""The writer: every path contained, every file whole, nothing written that has not changed."""

from __future__ import annotations

from pathlib import Path

import pytest

from plugins.site.ledger import Written, read_ledger, save_ledger
from plugins.site.writer import SiteWriter


@pytest.mark.parametrize(
    "name", ["../x", "/etc/x", "a/../../x", "a//b", "./x", "", ".", "..", "a/./b"]
)
def test_a_path_that_is_not_plainly_inside_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(ValueError, match="not contained"):
        SiteWriter(str(tmp_path / "output")).write_bytes(name, b"x")
    assert not list(tmp_path.rglob("x"))


def test_one_path_is_written_once(tmp_path: Path) -> None:
    writer = SiteWriter(str(tmp_path))
    writer.write_bytes("index.html", b"home")
    with pytest.raises(ValueError, match="written twice"):
        writer.write_bytes("index.html", b"taken over")
    assert (tmp_path / "index.html").read_bytes() == b"home"


def test_an_unchanged_file_is_not_touched(tmp_path: Path) -> None:
    SiteWriter(str(tmp_path)).write_bytes("a/b.html", b"same")
    before = (tmp_path / "a/b.html").stat()
    SiteWriter(str(tmp_path)).write_bytes("a/b.html", b"same")
    after = (tmp_path / "a/b.html").stat()
    assert (before.st_ino, before.st_mtime_ns) == (after.st_ino, after.st_mtime_ns)


def test_pruning_removes_only_what_an_earlier_run_wrote(tmp_path: Path) -> None:
    first = SiteWriter(str(tmp_path))
    first.write_bytes("old/page.html", b"old")
    first.write_bytes("kept.html", b"kept")
    (tmp_path / "foreign.txt").write_text("not ours")
    second = SiteWriter(str(tmp_path))
    second.write_bytes("kept.html", b"kept")
    second.prune(first.ledger)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["foreign.txt", "kept.html"]


@pytest.mark.parametrize("text", ["", "{", "[]", '{"a": 1}', '{"a": [1]}', "null"])
def test_a_damaged_ledger_counts_as_none(tmp_path: Path, text: str) -> None:
    (tmp_path / "ledger.json").write_text(text)
    assert read_ledger(tmp_path / "ledger.json") == {}


def test_a_ledger_comes_back_as_it_was_saved(tmp_path: Path) -> None:
    ledger = {"index.html": Written(4, "abc")}
    save_ledger(tmp_path / "cache/ledger.json", ledger)
    assert read_ledger(tmp_path / "cache/ledger.json") == ledger
