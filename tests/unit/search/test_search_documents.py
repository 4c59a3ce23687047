"""What a result says of a school that no longer enrols."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from plugins.catalogue import load
from plugins.search.documents import search_documents


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
