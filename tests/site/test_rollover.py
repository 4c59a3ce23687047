"""A new year: drafts that nobody sees until they are confirmed, and schools that change."""

from __future__ import annotations

import csv
import datetime as dt
from pathlib import Path

import pytest
from openpyxl import load_workbook
from rich.console import Console

from plugins.catalogue import errors, load
from plugins.rollover import main
from plugins.site.build import build
from plugins.spreadsheets.__main__ import main as spreadsheets

TODAY = dt.date(2026, 6, 1)
DRAFT = "registry/zhejiang/plans/2027.draft.csv"
REGISTER = "registry/zhejiang/schools.csv"


@pytest.fixture(autouse=True)
def _summer_of_2026(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1780272000")


def roll(content: Path, year: int = 2027, *options: str) -> int:
    return main([str(year), "--content", str(content), *options])


def site_of(content: Path, output: Path) -> dict[str, bytes]:
    build(content, output, TODAY, Console(quiet=True))
    return {
        file.relative_to(output).as_posix(): file.read_bytes()
        for file in sorted(output.rglob("*"))
        if file.is_file()
    }


def change_register(content: Path, before: str, after: str) -> None:
    file = content / REGISTER
    text = file.read_text("utf-8")
    assert before in text
    file.write_text(text.replace(before, after), "utf-8")


def test_a_draft_is_checked_and_changes_no_byte_of_the_site(small: Path, tmp_path: Path) -> None:
    before = site_of(small, tmp_path / "site")
    assert roll(small) == 0
    assert load(small, TODAY)[1] == ()
    assert site_of(small, tmp_path / "site") == before


def test_a_draft_keeps_what_is_offered_and_leaves_out_whose_word_it_was(small: Path) -> None:
    roll(small)
    with (small / "registry/zhejiang/plans/2026.csv").open(newline="") as this_year:
        olds = list(csv.DictReader(this_year))
    with (small / DRAFT).open(newline="") as next_year:
        news = list(csv.DictReader(next_year))
    kept = ("school_id", "major", "direction", "training_level", "entry", "seats", "boarding_fee")
    assert [[new[name] for name in kept] for new in news] == [
        [old[name] for name in kept] for old in olds
    ]
    blank = ("source_document", "source_number", "source_date", "open_from", "open_to")
    assert {new[name] for new in news for name in blank} == {""}


def test_a_fault_in_a_draft_warns_and_stops_nothing(small: Path) -> None:
    roll(small)
    draft = small / DRAFT
    draft.write_text(draft.read_text("utf-8").replace(",40,", ",四十,"), "utf-8")
    problems = load(small, TODAY)[1]
    assert [(p.path, p.code) for p in problems] == [(DRAFT, "plan-not-a-number-seats")]
    assert errors(problems) == ()


@pytest.mark.parametrize("there", ["2027.csv", "2027.draft.csv"])
def test_what_is_there_is_never_overwritten(
    small: Path, there: str, capsys: pytest.CaptureFixture[str]
) -> None:
    plans = small / "registry/zhejiang/plans"
    (plans / there).write_bytes((plans / "2026.csv").read_bytes())
    before = {file.name: file.read_bytes() for file in plans.iterdir()}
    assert roll(small) == 0
    assert f"浙江省：已经有 {there}，没有动它。" in capsys.readouterr().out
    assert {file.name: file.read_bytes() for file in plans.iterdir()} == before


@pytest.mark.parametrize("year", [2020, 2025, 2028])
def test_only_this_year_and_the_next_can_be_prepared(small: Path, year: int) -> None:
    assert roll(small, year) == 1


def test_schools_that_enrol_no_more_are_left_out_and_named(
    small: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    change_register(small, ",active,no,", ",merged:yanshi-jishi-xueyuan,no,")
    plans = small / "registry/zhejiang/plans"
    row = (plans / "2026.csv").read_text("utf-8").splitlines()[1]
    with (plans / "2026.csv").open("a") as plan:
        plan.write(row.replace("yanshi-jishi-xueyuan", "yanshi-dier-jigong-xuexiao") + "\n")
    assert roll(small) == 0
    assert "没有带上 演示第二技工学校：已并入演示技师学院" in capsys.readouterr().out
    assert "yanshi-dier-jigong-xuexiao" not in (small / DRAFT).read_text("utf-8")


def test_a_workbook_with_the_new_source_makes_the_draft_a_plan(small: Path, tmp_path: Path) -> None:
    roll(small)
    file = tmp_path / "zhejiang.xlsx"
    place = ["--content", str(small)]
    assert spreadsheets(["export", "zhejiang", "--to", str(file), *place]) == 0
    assert spreadsheets(["import", str(file), *place]) == 0
    assert (small / DRAFT).exists()
    book = load_workbook(file)
    sheet = book["计划2027（草稿）"]
    (column,) = [cell.column for cell in sheet[2] if cell.value == "source_document"]
    for row in (3, 4, 5):
        sheet.cell(row, column).value = "演示 2027 年计划（演示数据）"
    book.save(file)
    assert spreadsheets(["import", str(file), *place]) == 0
    assert not (small / DRAFT).exists()
    catalogue, problems = load(small, TODAY)
    assert problems == ()
    assert [plan.year for plan in catalogue.plans["yanshi-jishi-xueyuan"]] == [2027, 2026, 2025]


def test_renamed_merged_and_closed_schools_keep_their_address(small: Path, tmp_path: Path) -> None:
    file = tmp_path / "zhejiang.xlsx"
    place = ["--content", str(small)]
    assert spreadsheets(["export", "zhejiang", "--to", str(file), *place]) == 0
    book = load_workbook(file)
    sheet = book["名册"]
    at = {cell.value: cell.column for cell in sheet[2]}
    sheet.cell(3, at["name"]).value = "演示新技师学院"
    sheet.cell(4, at["status"]).value = "已并入:演示新技师学院"
    sheet.cell(5, at["status"]).value = "停办"
    book.save(file)
    assert spreadsheets(["import", str(file), "--yes", *place]) == 0
    site = site_of(small, tmp_path / "site")

    def page(school_id: str) -> str:
        return site[f"schools/{school_id}/index.html"].decode()

    renamed = page("yanshi-jishi-xueyuan")
    assert "演示新技师学院" in renamed
    assert "曾用名" in renamed
    assert "演示技师学院" in renamed
    merged = page("yanshi-dier-jigong-xuexiao")
    assert "已并入别的学校" in merged
    assert '<a href="/schools/yanshi-jishi-xueyuan/">演示新技师学院</a>' in merged
    assert "演示第二技工学校" in merged
    closed = page("yanshi-ningbo-gaoji-jigong-xuexiao")
    assert "这所学校已停办" in closed
    assert "招生中" not in closed
