"""No school can pass for another by a name that only looks like the other's."""

from __future__ import annotations

import csv
import datetime as dt
from pathlib import Path

import pytest

from plugins.catalogue import load
from plugins.catalogue.lookalike_names import foreign_character, skeleton

TODAY = dt.date(2026, 6, 1)
REGISTER = "registry/zhejiang/schools.csv"


@pytest.mark.parametrize(
    ("name", "other"),
    [
        ("演示工业技师学院", "演示エ业技师学院"),  # katakana
        ("演示力行技工学校", "演示カ行技工学校"),
        ("演示长安技工学校", "演示⻓安技工学校"),  # a radical
        ("演示立信技工学校", "演示⽴信技工学校"),  # a compatibility form
        ("演示士林技工学校", "演示土林技工学校"),
        ("演示己任技工学校", "演示已任技工学校"),
        ("演示技工学校", "演示枝工学校"),
        ("演示（城东）技工学校", "演示(城东)技工学校"),
        ("演示城东技工学校", "演示 城东 技工学校"),
        ("演示ABC技工学校", "演示ＡＢＣ技工学校"),
        ("演示巳技工学校", "演示⺒技工学校"),
    ],
)
def test_names_that_look_alike_have_one_skeleton(name: str, other: str) -> None:
    assert name != other
    assert skeleton(name) == skeleton(other)


def test_names_that_differ_for_the_eye_do_not() -> None:
    names = [
        "演示第一技工学校",
        "演示第二技工学校",
        "演示技师学院",
        "演示高级技工学校",
        "演示市技工学校",
    ]
    assert len({skeleton(name) for name in names}) == len(names)


@pytest.mark.parametrize("name", ["演示エ业", "演示⻓安", "演示аbc", "演示☆技工学校", "演示😀"])
def test_a_character_that_no_school_is_named_with_is_found(name: str) -> None:
    assert foreign_character(name) == name[2]


def test_an_honest_name_has_none() -> None:
    assert foreign_character("演示市第12技工学校（演示技师学院）—A·B区") is None


def row_like_the_first(content: Path, name: str, aliases: str = "") -> list[tuple[str, int, str]]:
    """What is said of one more school in the register, the first one but for id and name."""
    file = content / REGISTER
    with file.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    rows.append({**rows[0], "school_id": "yanshi-xin", "name": name, "aliases": aliases})
    with file.open("w", encoding="utf-8", newline="") as stream:
        table = csv.DictWriter(stream, list(rows[-1]), lineterminator="\n")
        table.writeheader()
        table.writerows(rows)
    _, problems = load(content, TODAY)
    return [(problem.path, problem.line, problem.code) for problem in problems]


def first_name(content: Path) -> str:
    header, first, *_ = (content / REGISTER).read_text("utf-8").splitlines()
    return first.split(",")[header.split(",").index("name")]


def test_a_look_alike_of_a_registered_school_is_refused(small: Path) -> None:
    name = first_name(small)
    lines = len((small / REGISTER).read_text("utf-8").splitlines())
    assert "技" in name
    assert row_like_the_first(small, name.replace("技", "枝", 1)) == [
        (REGISTER, lines + 1, "register-lookalike-name")
    ]
    catalogue, _ = load(small, TODAY)
    assert "yanshi-xin" not in {school.school_id for school in catalogue.schools}


def test_a_name_with_a_foreign_letter_is_refused(small: Path) -> None:
    lines = len((small / REGISTER).read_text("utf-8").splitlines())
    assert row_like_the_first(small, "演示新エ业学校") == [
        (REGISTER, lines + 1, "register-odd-character")
    ]


def test_another_schools_name_as_an_alias_is_told(small: Path) -> None:
    name = first_name(small)
    lines = len((small / REGISTER).read_text("utf-8").splitlines())
    assert row_like_the_first(small, "演示新建学校", name) == [
        (REGISTER, lines + 1, "register-borrowed-name")
    ]
