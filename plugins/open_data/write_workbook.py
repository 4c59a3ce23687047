"""All tables as one workbook (.xlsx): a sheet that explains, a sheet a table, and the dictionary.

XlsxWriter writes the same bytes for the same cells when the day of creation is given. A cell is
text, a number or a day; no text can become a formula or a link.
"""

from __future__ import annotations

import datetime as dt
import io
import json
from collections.abc import Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Final

from plugins.open_data.formula import is_formula
from plugins.open_data.table import Column, Table, Value
from plugins.open_data.table_book import Cell, Formatted, TableBook, TableSheet

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

CELL_CHARACTERS: Final = 32_767
"""Most units of UTF-16 that a cell can hold (Excel specifications and limits)."""
_FIRST_DAY: Final = dt.date(1899, 12, 30)
"""From here on Excel counts days, if it is of March 1900 or later that one asks."""
_CUT: Final = "……（太长，全文见 JSON 和 CSV）"
_WIDTHS: Final = {"integer": 10, "number": 10, "boolean": 8, "date": 12}


def workbook_bytes(tables: Sequence[Table], about: Mapping[str, str], day: dt.date) -> bytes:
    """The workbook's file. `day` is the day of the data, which the properties give as its date."""
    stream = io.BytesIO()
    options = {
        "in_memory": True, "strings_to_formulas": False, "strings_to_urls": False,
        "strings_to_numbers": False, "default_date_format": "yyyy-mm-dd",
    }  # fmt: skip
    with TableBook(stream, options) as book:
        book.set_properties(
            {
                "title": about["title"],
                "comments": about["licence"],
                "created": dt.datetime.combine(day, dt.time()),
            }
        )
        # Marked as text, a cell stays text when somebody edits it or saves the sheet as CSV.
        as_text = book.add_format({"quote_prefix": True})
        head = book.add_format({"bold": True, "bg_color": "#e8efe9", "text_wrap": True})
        date = book.add_format({"num_format": "yyyy-mm-dd"})
        cell_of = partial(cell, as_text=as_text, date=date)
        _about(book.add_worksheet("说明"), about, head, as_text)
        for table in tables:
            sheet = book.add_worksheet(table.title, TableSheet)
            _head(sheet, table.columns, head)
            sheet.add_rows(table.converted(lambda _: cell_of))
            if table.rows:
                sheet.autofilter(0, 0, len(table.rows), len(table.columns) - 1)
        _dictionary(book.add_worksheet("列的意思", TableSheet), tables, head)
    return stream.getvalue()


def _about(sheet: Worksheet, about: Mapping[str, str], head: Format, as_text: Format) -> None:
    sheet.set_column(0, 0, 14)
    sheet.set_column(1, 1, 100)
    for number, (name, value) in enumerate(about.items()):
        sheet.write_string(number, 0, name, head)
        sheet.write_string(number, 1, value, as_text if is_formula(value) else None)


def _head(sheet: Worksheet, columns: Sequence[Column], head: Format) -> None:
    sheet.freeze_panes(1, 0)
    for at, column in enumerate(columns):
        sheet.write_string(0, at, column.title, head)
        sheet.set_column(at, at, _WIDTHS.get(column.kind, 18))


def _dictionary(sheet: TableSheet, tables: Sequence[Table], head: Format) -> None:
    for at, (title, width) in enumerate((("表", 10), ("列", 24), ("列名", 28), ("说明", 70))):
        sheet.set_column(at, at, width)
        sheet.write_string(0, at, title, head)
    sheet.add_rows(
        (
            table.title, column.title, column.name,
            "；".join(part for part in (column.description, column.says) if part),
        )
        for table in tables
        for column in table.columns
    )  # fmt: skip


def cell(value: Value, as_text: Format, date: Format) -> Cell:
    """What stands in the sheet for a value; nothing for one that is unknown or empty."""
    if value is None or value == ():
        return None
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, int | float):
        return value
    if isinstance(value, dt.date):
        return Formatted((value - _FIRST_DAY).days, date)
    text = _fitting(value if isinstance(value, str) else _listed(value))
    return Formatted(text, as_text) if is_formula(text) else text


def _fitting(text: str) -> str:
    """The text, cut with a word where no cell can hold it."""
    if len(text) <= CELL_CHARACTERS // 2:
        return text
    units = text.encode("utf-16-le")
    if len(units) <= 2 * CELL_CHARACTERS:
        return text
    return units[: 2 * (CELL_CHARACTERS - len(_CUT))].decode("utf-16-le", "ignore") + _CUT


def _listed(value: Sequence[object]) -> str:
    """A list as people write it; records, which a cell cannot hold, as JSON."""
    if all(isinstance(one, str) for one in value):
        return "；".join(map(str, value))
    return json.dumps(list(value), ensure_ascii=False)
