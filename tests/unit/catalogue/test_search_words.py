"""The editors' tables of search words and readings: bad rows are told, good ones are used."""

import datetime as dt
import shutil
from pathlib import Path

import pytest

from plugins.catalogue.reference import filter_of, load_reference

CONTENT = Path(__file__).parents[3] / "content"
TODAY = dt.date(2026, 6, 1)


@pytest.fixture
def content(tmp_path: Path) -> Path:
    shutil.copytree(CONTENT / "reference", tmp_path / "reference")
    return tmp_path


def test_the_real_tables_have_no_fault(content: Path) -> None:
    """And at least sixty synonyms."""
    reference, problems = load_reference(content, TODAY)
    assert problems == []
    assert sum(row.kind == "同义" for row in reference.search_words) >= 60
    filters = [row for row in reference.search_words if row.kind == "筛选"]
    assert filters
    assert all(filter_of(row) for row in filters)


def test_faults_of_search_words_are_told_with_their_lines(content: Path) -> None:
    """Twice, nothing meant, an unknown group, an unknown value."""
    rows = "word,kind,means\n汽修,同义,汽车维修\n汽修,同义,汽车\n电脑,同义,\n公的,筛选,性质=公办\n"
    rows += "国营,筛选,办学性质=公立\n"
    (content / "reference/synonyms.csv").write_text(rows, encoding="utf-8")
    reference, problems = load_reference(content, TODAY)
    told = [(problem.line, problem.code) for problem in sorted(problems)]
    assert told == [
        (3, "reference-duplicate-search-word"),
        (4, "reference-search-word-without-meaning"),
        (5, "reference-unknown-filter"),
        (6, "reference-unknown-filter"),
    ]
    assert [filter_of(row) for row in reference.search_words] == [None] * 5


def test_an_unknown_kind_is_told(content: Path) -> None:
    """By the same check as every other table."""
    (content / "reference/synonyms.csv").write_text(
        "word,kind,means\n汽修,近义,汽车维修\n", encoding="utf-8"
    )
    _, problems = load_reference(content, TODAY)
    assert [problem.path for problem in problems] == ["reference/synonyms.csv"]
    assert "kind" in problems[0].message


def test_a_reading_has_a_syllable_for_each_character(content: Path) -> None:
    """六安 is two."""
    (content / "reference/readings.csv").write_text("word,reading\n六安,luan\n", encoding="utf-8")
    _, problems = load_reference(content, TODAY)
    assert [(problem.line, problem.code) for problem in problems] == [
        (2, "reference-reading-length")
    ]


def test_the_tables_may_be_missing(content: Path) -> None:
    """Search then knows no synonyms; nothing else needs them."""
    (content / "reference/synonyms.csv").unlink()
    (content / "reference/readings.csv").unlink()
    reference, problems = load_reference(content, TODAY)
    assert problems == []
    assert reference.search_words == ()
