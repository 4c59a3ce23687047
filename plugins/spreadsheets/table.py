"""A CSV table that keeps the very bytes of the rows that nobody changes."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from plugins.catalogue.read_text import TABLE_BYTES, read_text
from plugins.spreadsheets.fault import WorkbookRefused


@dataclass(frozen=True, slots=True)
class TableRow:
    """`cells` holds the filled cells, stripped; `raw` is the row's text with its line end."""

    cells: Mapping[str, str]
    raw: str


@dataclass(frozen=True, slots=True)
class Table:
    """A table as it stands on disk. `start` is the text up to the end of the header's line."""

    header: tuple[str, ...]
    start: str
    rows: tuple[TableRow, ...]
    line_end: str


def read_table(file: Path, columns: Sequence[str]) -> Table:
    """The table of `file`, or an empty one with `columns` where there is no such file.

    Raises WorkbookRefused for a table that the check would refuse: mend that one first.
    """
    if not file.exists():
        return Table(tuple(columns), "", (), "\n")
    if read_text(file, file.name, TABLE_BYTES)[0] is None:
        raise WorkbookRefused(f"{file} 现在就读不了。先用 invoke check {file} 看看错在哪里。")
    text = file.read_bytes().decode("utf-8")
    lines = list(io.StringIO(text, newline=""))
    reader = csv.reader(lines, strict=True)
    records: list[tuple[list[str], str]] = []
    begins = 0
    try:
        for cells in reader:
            records.append((cells, "".join(lines[begins : reader.line_num])))
            begins = reader.line_num
    except csv.Error as failure:
        raise WorkbookRefused(
            f"{file} 现在就读不了（{failure}）。先用 invoke check {file} 看看错在哪里。"
        ) from None
    if not records:
        return Table(tuple(columns), "", (), "\n")
    (names, start), *others = records
    header = tuple(name.strip().removeprefix("\ufeff") for name in names)
    line_end = "\r\n" if start.endswith("\r\n") else "\n"
    rows = tuple(TableRow(_filled(header, cells), raw) for cells, raw in others)
    return Table(header, start, rows, line_end)


def _filled(header: Sequence[str], cells: Sequence[str]) -> dict[str, str]:
    pairs = zip(header, cells, strict=False)
    return {name: cell.strip() for name, cell in pairs if cell.strip()}


@dataclass(frozen=True, slots=True)
class NewRow:
    """A row to write: `kept` is the row on disk that it equals, if it does.

    `origin` is the row of the sheet that it comes from; None for one that no sheet names.
    """

    cells: Mapping[str, str]
    kept: TableRow | None
    origin: int | None


def compose(table: Table, rows: Sequence[NewRow], columns: Sequence[str]) -> tuple[str, list[int]]:
    """The text of the table with `rows`, and the line on which each of them begins.

    Kept rows keep their bytes, unless a column joins the table; blank rows between them go.
    """
    used = {name for row in rows for name in row.cells}
    header = (*table.header, *(name for name in columns if name in used - set(table.header)))
    same = header == table.header and table.start
    parts = [table.start if same else _record(header, table.line_end)]
    if not parts[0].endswith(("\n", "\r")):
        parts[0] += table.line_end
    lines = []
    line = _line_count(parts[0]) + 1
    for row in rows:
        if row.kept is not None and same:
            text = row.kept.raw
            text += "" if text.endswith(("\n", "\r")) else table.line_end
        else:
            text = _record([row.cells.get(name, "") for name in header], table.line_end)
        lines.append(line)
        line += _line_count(text)
        parts.append(text)
    return "".join(parts), lines


def _line_count(text: str) -> int:
    return text.replace("\r\n", "\n").replace("\r", "\n").count("\n")


def _record(cells: Sequence[str], line_end: str) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator=line_end).writerow(cells)
    return out.getvalue()
