"""A single file is checked with what it needs, and says of it what the whole check says."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from plugins.catalogue import load
from plugins.catalogue.check import check
from plugins.catalogue.part import WHOLE, part_of

TODAY = dt.date(2026, 6, 1)
WRONG = Path(__file__).resolve().parents[2] / "fixtures/wrong"


def places() -> list[str]:
    return sorted({problem.path for problem in load(WRONG, TODAY)[1]})


@pytest.mark.parametrize("inside", places())
def test_a_part_says_what_the_whole_says_of_it(inside: str) -> None:
    whole = [p for p in load(WRONG, TODAY)[1] if p.path == inside]
    part = [p for p in load(WRONG, TODAY, part_of(inside))[1] if p.path == inside]
    assert part == whole


def test_a_schools_part_reads_nothing_of_other_schools(small: Path) -> None:
    part = part_of("schools/zhejiang/yanshi-jishi-xueyuan/profile.md")
    (small / "registry/beijing/schools.csv").write_text("broken\n")
    catalogue, problems = load(small, TODAY, part)
    assert problems == ()
    assert list(catalogue.profiles) == ["yanshi-jishi-xueyuan"]
    assert {school.province for school in catalogue.schools} == {"zhejiang"}
    assert set(catalogue.plans) == {"yanshi-jishi-xueyuan"}


def test_the_text_says_what_was_not_compared(small: Path) -> None:
    path = small / "schools/zhejiang/yanshi-jishi-xueyuan/profile.md"
    assert check(small, [path], "text", TODAY).output == (
        "检查通过，没有发现问题。\n"
        "只检查了这一所。和别的学校重复的文字、照片，检查整个 content 时才比较。"
    )
    assert check(small, [], "text", TODAY).output == "检查通过，没有发现问题。"
    assert check(small, [path], "json", TODAY).output == "[]"


def test_a_school_in_the_folder_of_another_province_is_told_where_it_belongs(small: Path) -> None:
    folder = small / "schools/beijing/yanshi-jishi-xueyuan"
    folder.parent.mkdir()
    (small / "schools/zhejiang/yanshi-jishi-xueyuan").rename(folder)
    _, problems = load(small, TODAY, part_of("schools/beijing/yanshi-jishi-xueyuan"))
    assert "它在 zhejiang 的名册里，把文件夹移过去" in [problem.fix for problem in problems]


@pytest.mark.parametrize("inside", ["", "schools", "schools/zhejiang", "reference/majors.csv"])
def test_what_is_no_single_part_is_checked_with_everything(inside: str) -> None:
    assert part_of(inside) == WHOLE
