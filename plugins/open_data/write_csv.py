"""A table as CSV: UTF-8 with a byte-order mark (spreadsheets need it), `;` in lists."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
from collections.abc import Callable
from functools import partial
from typing import Final

from plugins.open_data.formula import neutral
from plugins.open_data.table import Column, Kind, Table, Value

SEPARATOR: Final = ";"


def csv_bytes(table: Table) -> bytes:
    """One line a row below the names of the columns; an unknown value is an empty cell."""
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(table.column_names)
    writer.writerows(table.converted(_cell_of))
    return stream.getvalue().encode("utf-8-sig")


def _cell_of(column: Column) -> Callable[[Value], str] | None:
    """The writer itself writes whole numbers, and nothing as an empty cell."""
    return None if column.kind == "integer" else partial(cell, kind=column.kind)


def cell(value: Value, kind: Kind) -> str:
    """One cell as text. A `;` inside an item of a list becomes full-width, for it ends items."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, str):
        return neutral(value)
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, int | float):
        return f"{value:g}" if isinstance(value, float) else str(value)
    if kind == "list":
        return neutral(SEPARATOR.join(str(one).replace(SEPARATOR, "；") for one in value))
    return json.dumps(value, ensure_ascii=False) if value else ""
