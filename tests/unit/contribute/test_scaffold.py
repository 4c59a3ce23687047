"""The scaffold: a clerk gets a file that explains itself, and never loses one that exists."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from plugins.catalogue.read_profile import read_profile
from plugins.contribute.scaffold import ScaffoldRefused, new_school, scaffold

TODAY = dt.date(2026, 11, 23)


def codes(file: Path) -> set[str]:
    return {problem.code for problem in read_profile(file, "profile.md", "x", TODAY)[2]}


@pytest.mark.parametrize("school_id", ["a", "7", "a-b", "3-2-1", "yes", "null", "no", "a" * 60])
def test_only_the_required_blanks_are_missing(tmp_path: Path, school_id: str) -> None:
    file = tmp_path / "profile.md"
    file.write_text(scaffold(school_id, "示例学校: “甲” # 乙"))
    assert codes(file) == {"profile-empty-summary", "profile-empty-confirmed-on"}


def test_every_example_can_be_opened_and_is_valid(tmp_path: Path) -> None:
    lines = scaffold("a", "甲").splitlines()
    opened = [line.removeprefix("# ") if line.startswith("# ") else line for line in lines]
    text = "\n".join(opened).replace("\nsummary:", "\nsummary: 甲校")
    file = tmp_path / "profile.md"
    file.write_text(text.replace("\nconfirmed_on:", "\nconfirmed_on: 2026-01-01") + "\n")
    assert codes(file) == set()


def test_a_school_of_the_register_gets_its_file_in_its_folder(small: Path) -> None:
    file = new_school(small, "yanshi-dier-jigong-xuexiao")
    assert file == small / "schools/zhejiang/yanshi-dier-jigong-xuexiao/profile.md"
    assert "演示第二技工学校" in file.read_text()


def test_an_unknown_id_is_answered_with_the_nearest(small: Path) -> None:
    with pytest.raises(ScaffoldRefused, match="yanshi-dier-jigong-xuexiao  演示第二技工学校"):
        new_school(small, "yanshi-dier-jigong-xueyuan")
    with pytest.raises(ScaffoldRefused, match="yanshi-dier-jigong-xuexiao"):
        new_school(small, "演示第二")


def test_an_existing_file_stays_as_it_is(small: Path) -> None:
    file = small / "schools/zhejiang/yanshi-jishi-xueyuan/profile.md"
    before = file.read_bytes()
    with pytest.raises(ScaffoldRefused, match="没有改动"):
        new_school(small, "yanshi-jishi-xueyuan")
    assert file.read_bytes() == before
