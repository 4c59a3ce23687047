"""The record of one school for the comparison: the same rows for all, numbers with their year."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest

from plugins.catalogue import Catalogue, load
from plugins.open_data.comparison import comparison_files, comparison_record


@pytest.fixture
def catalogue(small: Path) -> Catalogue:
    return load(small, dt.date(2026, 6, 1))[0]


def rows(catalogue: Catalogue, school_id: str) -> dict[str, dict[str, Any]]:
    record = comparison_record(catalogue, catalogue.school_by_id[school_id])
    return {row["key"]: row for row in record["rows"]}


def test_every_school_has_a_record_with_the_same_rows(catalogue: Catalogue) -> None:
    records = [json.loads(data) for _, data in comparison_files(catalogue)]
    assert [r["school_id"] for r in records] == [s.school_id for s in catalogue.schools]
    titles = {tuple((row["key"], row["title"]) for row in r["rows"]) for r in records}
    assert len(titles) == 1


def test_numbers_carry_their_year_and_past_plans_say_so(catalogue: Catalogue) -> None:
    new = rows(catalogue, "yanshi-jishi-xueyuan")
    old = rows(catalogue, "yanshi-dier-jigong-xuexiao")
    assert (new["seats"]["value"], new["seats"]["note"], new["seats"]["year"]) == (
        "105 人", "2026 年计划", 2026,
    )  # fmt: skip
    assert (old["seats"]["value"], old["seats"]["note"], old["seats"]["year"]) == (
        "50 人", "2025 年计划（往年）", 2025,
    )  # fmt: skip


def test_what_is_missing_is_said_in_words_and_never_zero(catalogue: Catalogue) -> None:
    old = rows(catalogue, "yanshi-dier-jigong-xuexiao")
    assert (old["tuition"]["value"], old["tuition"]["missing"]) == (None, "未公布")
    none = rows(catalogue, "yanshi-beijing-jishi-xueyuan")
    assert (none["seats"]["value"], none["seats"]["missing"]) == (None, "本站没有它的计划")
    assert none["ownership"]["missing"] == "名册没有写"


def test_employment_keeps_cohort_definition_source_and_owner(catalogue: Catalogue) -> None:
    row = rows(catalogue, "yanshi-jishi-xueyuan")["employment"]
    assert row["value"] == "96.5%"
    assert row["year"] == 2025
    for basis in ("2025 届", "口径：演示口径", "来源：演示公告", "由学校公布"):
        assert basis in row["note"]


def test_fees_aid_boarding_and_years_are_told_as_published(catalogue: Catalogue) -> None:
    row = rows(catalogue, "yanshi-jishi-xueyuan")
    assert row["tuition"]["value"] == "每学年 2,800 到 3,200 元，看专业"
    assert row["boarding-fee"]["value"] == "每学年 800 元"
    assert row["aid"]["value"] == "演示助学金：每学年 2300 元"
    assert row["boarding"]["value"] == "东校区可以住宿"
    assert (
        row["years"]["value"] == "初中毕业生：中级工 3 年，高级工 5 年；中职毕业生：高级工 2.5 年"
    )


def test_a_record_is_small(real_catalogue: Catalogue) -> None:
    sizes = [len(data) for _, data in comparison_files(real_catalogue)]
    assert max(sizes) < 10_000, "bytes before compression; four of them make a comparison"
