"""What search is told of the schools of a catalogue, and of words."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path

import pytest

from plugins.catalogue import load
from plugins.search.document import in_order
from plugins.search.documents import province_part, search_documents, search_lexicon
from plugins.search.lexicon import lexicon_of
from plugins.whole_file import read_whole, write_whole


@pytest.mark.parametrize(
    ("school_id", "shown"),
    [
        ("yanshi-ningbo-gaoji-jigong-xuexiao", "高级技工学校 · 停止招生"),
        ("yanshi-jiu-jigong-xuexiao", "技工学校 · 已并入别的学校"),
        ("yanshi-jishi-xueyuan", "技师学院"),
    ],
)
def test_a_result_says_when_a_school_no_longer_enrols(
    small: Path, school_id: str, shown: str
) -> None:
    catalogue, _ = load(small, dt.date(2026, 6, 1))
    levels = {document.school_id: document.level for document in search_documents(catalogue)}
    assert levels[school_id] == shown


def test_parts_hold_every_school_once_and_know_the_phrases_of_the_lexicon(
    small: Path, tmp_path: Path
) -> None:
    """A part is made before the lexicon is; a browser takes the lexicon's word for the phrases."""
    catalogue, _ = load(small, dt.date(2026, 6, 1))
    parts = [province_part(catalogue, slug, tmp_path) for slug in catalogue.schools_of_province]
    documents = in_order(document for part in parts for document in part.documents)
    assert documents == search_documents(catalogue)
    wanted = search_lexicon(catalogue).indexed_phrases
    assert "数控加工" in wanted
    assert {part.phrases for part in parts} == {tuple(sorted(wanted))}


def test_a_lexicon_of_plain_values_is_the_same(small: Path, tmp_path: Path) -> None:
    catalogue, _ = load(small, dt.date(2026, 6, 1))
    lexicon = search_lexicon(catalogue)
    write_whole(tmp_path / "kept", lexicon.plain)
    again = lexicon_of(read_whole(tmp_path / "kept"))
    assert again.digest == lexicon.digest
    assert again.places == lexicon.places
    other = replace(lexicon, ignored=(*lexicon.ignored, "好"))
    assert other.digest != lexicon.digest
