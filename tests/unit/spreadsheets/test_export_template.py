"""The workbook that a province gets: its data, its lists, its explanations; the same bytes."""

from __future__ import annotations

from pathlib import Path

import pytest
from openpyxl import load_workbook

from plugins.catalogue.check_record import at_line, check_record
from plugins.catalogue.schema import PLAN_COLUMNS, REGISTER_COLUMNS, Programme, School
from plugins.spreadsheets.__main__ import main
from plugins.spreadsheets.columns import CHOICES, SCHOOL_NAME, plan_columns, register_columns
from tests.unit.spreadsheets.office import TODAY, Office, place, put


def test_the_sheets_have_the_columns_of_the_tables_with_their_words() -> None:
    assert tuple(column.name for column in register_columns()) == REGISTER_COLUMNS
    plan = [column.name for column in plan_columns() if column.name != SCHOOL_NAME]
    assert tuple(plan) == PLAN_COLUMNS
    for column in (*register_columns(), *plan_columns()):
        assert column.title != column.name


@pytest.mark.parametrize("name", sorted(CHOICES))
def test_a_list_offers_just_the_words_that_the_schema_takes(name: str) -> None:
    model = School if name in School.model_fields else Programme
    for word in (*CHOICES[name], "别的"):
        _, problems = check_record(
            model, {name: word}, kind="x", path="", line_of=at_line(1), today=TODAY
        )
        codes = {problem.code for problem in problems}
        assert (f"x-not-in-list-{name.replace('_', '-')}" in codes) is (word == "别的")


def test_the_province_finds_its_data_lists_and_explanations(office: Office) -> None:
    book = load_workbook(office.export("浙江"))
    assert book.sheetnames == ["说明", "名册", "计划2026", "计划2025", "词表"]
    register, plan = book["名册"], book["计划2026"]
    assert [register.cell(3, column).value for column in (1, 2, 5)] == [
        "yanshi-jishi-xueyuan", "演示技师学院", "330100 杭州市",
    ]  # fmt: skip
    assert register.cell(3, place(register, "status")).value == "在办"
    assert plan.cell(3, place(plan, SCHOOL_NAME)).value == "演示技师学院"
    seats = plan.cell(3, place(plan, "seats"))
    assert (seats.value, seats.data_type) == (40, "n")
    assert register.cell(3, place(register, "phone")).number_format == "@"
    for sheet in (register, plan):
        assert sheet.freeze_panes == "C3"
        assert sheet.protection.sheet
        assert sheet["A1"].protection.locked
        assert not sheet["A3"].protection.locked
        assert all(cell.comment for cell in sheet[1])
    level = register.cell(1, place(register, "level")).comment
    assert level is not None
    assert "技工学校、高级技工学校、技师学院" in level.text
    offered = {str(rule.sqref).split("3:")[0] for rule in register.data_validations.dataValidation}
    assert offered == {"C", "D", "E", "F", "Q", "R"}


def test_the_same_tables_make_the_same_bytes(office: Office) -> None:
    first = office.export()
    data = first.read_bytes()
    assert office.export() == first
    assert first.read_bytes() == data


def test_a_workbook_that_somebody_is_filling_in_is_never_overwritten(office: Office) -> None:
    filled = office.edited(lambda book: put(book["名册"], 3, phone="0571-10000002"))
    data = filled.read_bytes()
    assert office.export().name == "浙江省名册和计划-2.xlsx"
    arguments = ["--to", str(filled), "--content", str(office.content)]
    assert main(["export", "zhejiang", *arguments]) == 1
    assert filled.read_bytes() == data


@pytest.mark.parametrize(
    ("wanted", "near"), [("zhejang", "zhejiang"), ("浙江人社厅", "浙江省"), ("北京是", "北京市")]
)
def test_an_unknown_province_is_told_the_nearest(
    office: Office, wanted: str, near: str, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert main(["export", wanted, "--to", str(tmp_path), "--content", str(office.content)]) == 1
    assert f"是不是想写“{near}”" in capsys.readouterr().err


def test_a_province_without_schools_gets_an_empty_workbook(office: Office) -> None:
    book = load_workbook(office.export("xinjiang-bingtuan"))
    assert book["名册"].max_row == 4
    assert book["计划2026"].max_row == 2
