"""The tables in all their forms say the same, and are harmless in a spreadsheet."""

from __future__ import annotations

import csv
import datetime as dt
import hashlib
import io
import json
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from plugins.catalogue import Catalogue, load
from plugins.open_data import write_workbook
from plugins.open_data.formula import neutral, original
from plugins.open_data.table import Column, Kind, Table
from plugins.open_data.table_book import Cell, Formatted
from plugins.open_data.tables import province_tables, row_counts, tables_without_schools
from plugins.open_data.write_json import pretty_json
from plugins.open_data.write_workbook import CELL_CHARACTERS, workbook_bytes
from tests.conftest import TODAY
from tests.unit.open_data.conftest import download_files, national_tables

TABLES = ("schools", "programmes", "profiles", "provinces", "majors")


def csv_rows(data: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")))


@pytest.fixture
def database(files: dict[str, bytes]) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(":memory:")) as opened:
        opened.deserialize(files["data/jixiao.db"])
        opened.row_factory = sqlite3.Row
        yield opened


def test_every_school_of_the_register_is_in_the_download(
    catalogue: Catalogue, files: dict[str, bytes]
) -> None:
    rows = json.loads(files["data/schools.json"])
    assert [row["school_id"] for row in rows] == [s.school_id for s in catalogue.schools]
    school = next(row for row in rows if row["school_id"] == "yanshi-jishi-xueyuan")
    assert (school["profile"], school["plan_year"], school["seats_total"]) == (True, 2026, 105)
    assert (school["verified"], school["city"]) == (True, "杭州市")


def test_every_table_has_a_row_for_each_record(
    catalogue: Catalogue, files: dict[str, bytes]
) -> None:
    counted = {name: len(json.loads(files[f"data/{name}.json"])) for name in TABLES}
    assert counted == {
        "schools": len(catalogue.schools),
        "programmes": sum(len(p.programmes) for plans in catalogue.plans.values() for p in plans),
        "profiles": len(catalogue.profiles),
        "provinces": len(catalogue.reference.provinces),
        "majors": len(catalogue.reference.majors),
    }


@pytest.mark.parametrize("name", TABLES)
def test_csv_json_and_database_say_the_same(
    files: dict[str, bytes], database: sqlite3.Connection, name: str
) -> None:
    def told(value: Any) -> str:
        if value is None or value == []:
            return ""
        if isinstance(value, bool):
            return "yes" if value else "no"
        if isinstance(value, list):
            short = all(isinstance(one, str) for one in value)
            return ";".join(value) if short else json.dumps(value, ensure_ascii=False)
        return f"{value:g}" if isinstance(value, float) else str(value)

    listed = json.loads(files[f"data/{name}.json"])
    assert listed
    spread = csv_rows(files[f"data/{name}.csv"])
    assert [{k: told(v) for k, v in row.items()} for row in listed] == [
        {k: original(v) for k, v in row.items()} for row in spread
    ]
    stored = database.execute(f"SELECT * FROM {name} ORDER BY rowid").fetchall()  # noqa: S608
    for row, other in zip(stored, listed, strict=True):
        for column, value in other.items():
            kept = json.dumps(value, ensure_ascii=False) if isinstance(value, list) else value
            assert row[column] == (None if value == [] else kept), column


def test_numbers_of_a_column_are_all_alike(catalogue: Catalogue) -> None:
    """What is equal is converted once, and 3 and 3.0 are equal but not written alike."""
    for table in national_tables(catalogue):
        for column, values in zip(table.columns, zip(*table.rows, strict=True), strict=True):
            if column.kind in ("integer", "number"):
                kinds = {type(value) for value in values} - {type(None)}
                assert len(kinds) <= 1, column.name


_DESCRIPTIONS = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text() | st.dates(),
    lambda inner: st.lists(inner) | st.tuples(inner) | st.dictionaries(st.text(), inner),
)


@given(_DESCRIPTIONS)
def test_a_description_is_written_as_the_standard_library_would(record: Any) -> None:
    text = json.dumps(record, ensure_ascii=False, indent=1, default=dt.date.isoformat)
    assert pretty_json(record) == f"{text}\n".encode()


def test_the_database_knows_what_belongs_together(database: sqlite3.Connection) -> None:
    assert database.execute("PRAGMA foreign_key_check").fetchall() == []
    assert database.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
    keys = {row["table"] for row in database.execute("PRAGMA foreign_key_list(programmes)")}
    assert keys == {"schools", "provinces", "majors"}
    about = dict(database.execute("SELECT name, value FROM about").fetchall())
    assert "CC BY 4.0" in about["attribution_divisions"]


def test_the_database_of_a_province_holds_its_rows_of_the_national_one(
    files: dict[str, bytes], database: sqlite3.Connection
) -> None:
    with closing(sqlite3.connect(":memory:")) as own:
        own.deserialize(files["data/provinces/zhejiang/jixiao-zhejiang.db"])
        assert own.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
        assert own.execute("PRAGMA foreign_key_check").fetchall() == []
        keys = {row[2] for row in own.execute("PRAGMA foreign_key_list(programmes)")}
        assert keys == {"schools"}, "what it does not hold it cannot refer to"
        for name in TABLES[:3]:
            schools = "SELECT school_id FROM schools WHERE province = 'zhejiang'"
            expected = database.execute(
                f"SELECT * FROM {name} WHERE school_id IN ({schools}) ORDER BY rowid"  # noqa: S608
            ).fetchall()
            assert expected
            found = own.execute(f"SELECT * FROM {name} ORDER BY rowid").fetchall()  # noqa: S608
            assert found == [tuple(row) for row in expected]
        about = dict(own.execute("SELECT name, value FROM about").fetchall())
        assert about["title"].endswith("浙江省")


def test_a_value_that_is_missing_for_a_reason_gives_the_reason(small: Path) -> None:
    profile = small / "schools/zhejiang/yanshi-jishi-xueyuan/profile.md"
    text = profile.read_text("utf-8")
    assert "  rate: " in text
    lines = ["  rate: 样本过少" if line.startswith("  rate: ") else line
             for line in text.split("\n")]  # fmt: skip
    profile.write_text("\n".join(lines), "utf-8")
    [row] = next(
        table.records()
        for table in national_tables(load(small, TODAY)[0])
        if table.name == "profiles"
    )
    assert row["employment_rate"] is None
    assert row["employment_rate_reason"] == "样本过少"


def test_a_province_has_its_own_schools_and_no_others(
    catalogue: Catalogue, files: dict[str, bytes]
) -> None:
    schools = json.loads(files["data/provinces/zhejiang/schools.json"])
    assert {row["province"] for row in schools} == {"zhejiang"}
    national = json.loads(files["data/schools.json"])
    assert schools == [row for row in national if row["province"] == "zhejiang"]
    assert not any(name.startswith("data/provinces/xinjiang/") for name in files)
    assert [t.name for t in province_tables(catalogue, "beijing")] == list(TABLES[:3])


@pytest.mark.parametrize(
    "cell", ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx", "\n=1", "'=1", "＝1", "－1"]
)
def test_no_cell_is_taken_for_a_formula(cell: str) -> None:
    assert neutral(cell) == "'" + cell
    assert original(neutral(cell)) == cell


@given(st.text(alphabet="'=+-@＝a校\n\t"))
def test_what_was_made_harmless_can_be_read_back(text: str) -> None:
    assert original(neutral(text)) == text
    assert neutral(text)[:1] not in ("=", "+", "-", "@", "＝", "\t", "\n")
    assert neutral("演示学校") == "演示学校"


def with_hostile_school(catalogue: Catalogue) -> Catalogue:
    first, *others = catalogue.schools
    hostile = first.model_copy(update={"name": '=HYPERLINK("https://evil.example")', "note": "-2"})
    return replace(catalogue, schools=(hostile, *others))


def test_a_hostile_cell_is_text_in_csv_and_workbook(catalogue: Catalogue) -> None:
    files = download_files(with_hostile_school(catalogue))
    row = csv_rows(files["data/schools.csv"])[0]
    assert row["name"].startswith("'=HYPERLINK")
    assert row["note"] == "'-2"
    sheet = openpyxl.load_workbook(io.BytesIO(files["data/jixiao.xlsx"]))["学校"]
    columns = [cell.value for cell in sheet[1]]
    cell = sheet.cell(2, columns.index("校名") + 1)
    assert (cell.data_type, cell.quotePrefix) == ("s", True)
    assert cell.value == '=HYPERLINK("https://evil.example")'
    assert cell.hyperlink is None


def test_the_workbook_opens_and_says_what_the_tables_say(
    catalogue: Catalogue, files: dict[str, bytes]
) -> None:
    book = openpyxl.load_workbook(io.BytesIO(files["data/jixiao.xlsx"]))
    tables = national_tables(catalogue)
    assert book.sheetnames == ["说明", *(table.title for table in tables), "列的意思"]
    for table in tables:
        sheet = book[table.title]
        assert [cell.value for cell in sheet[1]] == [column.title for column in table.columns]
        assert sheet.max_row == 1 + len(table.rows)
        assert not any(cell.data_type == "f" for row in sheet.iter_rows() for cell in row)
    seats = [column.name for column in tables[1].columns].index("seats")
    typed = [row[seats].value for row in book["招生计划"].iter_rows(min_row=2)]
    assert typed == [row[seats] for row in tables[1].rows]
    opened = [column.name for column in tables[1].columns].index("open_from")
    dated = [row[opened].is_date for row in book["招生计划"].iter_rows(min_row=2)]
    assert dated == [row[opened] is not None for row in tables[1].rows]


class CellByCell(Worksheet):  # type: ignore[misc]
    """The long way to what `TableSheet` does: XlsxWriter is given every cell."""

    def add_rows(self, rows: Iterable[Sequence[Cell]]) -> None:
        for number, row in enumerate(rows, start=1):
            for at, cell in enumerate(row):
                look = (cell.value, cell.format) if isinstance(cell, Formatted) else (cell,)
                if isinstance(look[0], str):
                    self.write_string(number, at, *look)
                elif look[0] is not None:
                    self.write_number(number, at, *look)


KINDS: tuple[Kind, ...] = (
    "text", "integer", "number", "boolean", "date", "list", "records", "text", "number",
)  # fmt: skip


def with_gaps(rows: int) -> Table:
    """A table whose rows begin and end in other columns, with every kind of value."""
    full = ("=1", 12, 0.1, True, dt.date(2026, 2, 28), ["甲", "<乙>"], [{"年": 1}], " 空 ", 3.0)
    columns = tuple(Column(f"c{at}", f"第 {at} 列", kind) for at, kind in enumerate(KINDS))
    found = tuple(
        tuple(
            value if at == row % len(full) or at * row % 7 in (1, 2, 4) else None
            for at, value in enumerate(full)
        )
        for row in range(rows)
    )
    return Table("gaps", "空格", "", "", "", columns, found)


@pytest.fixture
def cell_by_cell(monkeypatch: pytest.MonkeyPatch) -> Callable[[Sequence[Table]], bytes]:
    """The workbook of tables as XlsxWriter writes it when it is given every cell."""

    def book(tables: Sequence[Table]) -> bytes:
        with monkeypatch.context() as patch:
            patch.setattr(write_workbook, "TableSheet", CellByCell)
            patch.setattr(write_workbook, "TableBook", Workbook)
            return workbook_of(*tables)

    return book


@pytest.mark.parametrize("rows", [0, 1, 15, 16, 17, 100])
def test_rows_written_whole_are_those_written_cell_by_cell(
    catalogue: Catalogue, rows: int, cell_by_cell: Callable[[Sequence[Table]], bytes]
) -> None:
    tables = (*national_tables(with_hostile_school(catalogue)), with_gaps(rows))
    assert workbook_of(*tables) == cell_by_cell(tables)


TEXTS = (
    "", " ", " a", "a ", "\u3000a", "a\n", "a\nb", "a\r\nb", "\x01", "&", "<b>", "<r>a</r>", "a_b",
    "_x0041_", "a\ufffe", "\uffff", '"', "\x7f\x85", "𠮷",
)  # fmt: skip


def test_any_text_is_written_as_the_library_writes_it(
    cell_by_cell: Callable[[Sequence[Table]], bytes],
) -> None:
    table = Table("texts", "文字", "", "", "", (Column("c", "列"),), tuple((t,) for t in TEXTS))
    assert workbook_of(table) == cell_by_cell([table])


def test_column_titles_tell_the_columns_of_a_sheet_apart(catalogue: Catalogue) -> None:
    for table in national_tables(catalogue):
        titles = [column.title for column in table.columns]
        assert len(set(titles)) == len(titles), table.name


@pytest.mark.parametrize(("sign", "length"), [("长", CELL_CHARACTERS), ("𠮷", 16_394)])
def test_a_text_that_no_cell_can_hold_is_cut_with_a_word(
    catalogue: Catalogue, sign: str, length: int
) -> None:
    profiles = next(t for t in national_tables(catalogue) if t.name == "profiles")
    *first, _ = profiles.rows[0]
    longer = replace(profiles, rows=((*first, sign * (CELL_CHARACTERS + 1)),))
    book = openpyxl.load_workbook(io.BytesIO(workbook_of(longer)))
    value = book["学校资料"].cell(2, len(longer.columns)).value
    assert len(value) == length
    assert value.endswith("全文见 JSON 和 CSV）")


def workbook_of(*tables: Table) -> bytes:
    return workbook_bytes(tables, {"title": "演示", "licence": "演示"}, TODAY)


def test_the_same_catalogue_gives_the_same_bytes(
    catalogue: Catalogue, files: dict[str, bytes], small: Path
) -> None:
    again = download_files(load(small, TODAY)[0])
    assert {name: data for name, data in again.items() if files[name] != data} == {}
    assert again.keys() == files.keys()


def test_the_checksums_are_those_of_every_other_file(files: dict[str, bytes]) -> None:
    lines = files["data/SHA256SUMS"].decode().splitlines()
    listed = {line[66:]: line[:64] for line in lines}
    assert listed == {
        name.removeprefix("data/"): hashlib.sha256(data).hexdigest()
        for name, data in files.items()
        if name not in ("data/SHA256SUMS", "data/index.json")
    }
    index = {one["path"]: one for one in json.loads(files["data/index.json"])["files"]}
    assert index["/data/jixiao.db"]["bytes"] == len(files["data/jixiao.db"])


def test_rows_are_counted_as_they_are_made(catalogue: Catalogue) -> None:
    made = {table.name: len(table.rows) for table in national_tables(catalogue)}
    assert row_counts(catalogue, tables_without_schools(catalogue)) == made
    assert all(made.values())
