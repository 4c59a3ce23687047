"""One content tree that is wrong in every way, and the exact list of what is said about it."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from plugins.catalogue import load

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures"
TODAY = dt.date(2026, 6, 1)


def told(content: Path) -> list[str]:
    _, problems = load(content, TODAY)
    return [f"{p.path}:{p.line} {p.severity} {p.code} | {p.message} | {p.fix}" for p in problems]


def test_every_fault_is_told_in_exactly_these_words() -> None:
    expected = (FIXTURES / "wrong-problems.txt").read_text("utf-8").splitlines()
    assert told(FIXTURES / "wrong") == expected


def test_only_the_one_faultless_school_is_left() -> None:
    catalogue, _ = load(FIXTURES / "wrong", TODAY)
    assert [school.school_id for school in catalogue.schools] == ["good-school"]
    assert catalogue.profiles == {}
    folders = [
        folder for folder in (FIXTURES / "wrong/schools/zhejiang").iterdir() if folder.is_dir()
    ]
    notices = list((FIXTURES / "wrong/news/zhejiang").glob("*.md"))
    assert (len(folders), len(notices)) == (7, 5)
    assert len(catalogue.quarantined) == len(folders) + len(notices)
    assert catalogue.notices == ()


def test_the_small_tree_has_no_fault(small: Path) -> None:
    assert told(small) == []
