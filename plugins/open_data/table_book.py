"""A workbook of XlsxWriter whose sheets take the rows of a table whole: faster than cell by cell.

The file is the same to the byte, which a test shows. XlsxWriter keeps the names that are used here
to itself: see docs/decisions/0028-short-ways.md.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import chain
from typing import TYPE_CHECKING, Final

from xlsxwriter.packager import Packager
from xlsxwriter.sharedstrings import SharedStrings
from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from plugins.open_data.table import Converted

if TYPE_CHECKING:
    from xlsxwriter.format import Format

_BLOCK: Final = 16
"""Rows that bear the same note of their first and last column."""
_ROW: Final = "\0"
"""Stands for the number of its row in what is written of a cell."""
_ESCAPED: Final = re.compile("[\x00-\x08\x0b-\x1f&<>_\ufffe\uffff]")
"""What cannot stand in a text as it is; `_` in few places."""


@dataclass(frozen=True, slots=True, eq=False)
class Formatted:
    """A text or a number that does not look as usual. The same one may stand in many places."""

    value: str | float
    format: Format


Cell = str | float | Formatted | None
"""What stands in one place; None leaves it empty."""


class TableSheet(Worksheet):  # type: ignore[misc]
    """Its head is written as usual, and has something in every column."""

    dim_rowmax: int | None

    def add_rows(self, rows: Iterable[Sequence[Cell]]) -> None:
        """Put these below the head. None of them is empty."""
        self._rows = list(rows)
        self._numbers: dict[Cell, int] = {}
        # In the order in which cells are first met, row by row.
        for cell, times in Counter(chain.from_iterable(self._rows)).items():
            text = _plain(cell)
            if isinstance(text, str):
                self._numbers[cell] = self.str_table._get_shared_string_index(text)
                self.str_table.count += times - 1
        self._check_dimensions(len(self._rows), 0)

    def _write_rows(self) -> None:
        last, self.dim_rowmax = self.dim_rowmax, 0
        super()._write_rows()
        self.dim_rowmax = last
        columns = [
            map(Converted(partial(self._written, xl_col_to_name(at))).__getitem__, column)
            for at, column in enumerate(zip(*self._rows, strict=True))
        ]
        for number, span, row in _with_spans(list(zip(*columns, strict=True))):
            cells = "".join(row).replace(_ROW, str(number))
            self.fh.write(f'<row r="{number}" spans="{span}">{cells}</row>')

    def _written(self, column: str, cell: Cell) -> str:
        if cell is None:
            return ""
        value = _plain(cell)
        style = f' s="{cell.format._get_xf_index()}"' if isinstance(cell, Formatted) else ""
        said = f' t="s"><v>{self._numbers[cell]}' if isinstance(value, str) else f"><v>{value:.16G}"
        return f'<c r="{column}{_ROW}"{style}{said}</v></c>'


def _plain(cell: Cell) -> str | float | None:
    return cell.value if isinstance(cell, Formatted) else cell


def _with_spans(rows: Sequence[Sequence[str]]) -> Iterator[tuple[int, str, Sequence[str]]]:
    """Each row below the head with its number, and the first and the last column of its block."""
    for head in range(-1, len(rows), _BLOCK):
        start = max(head, 0)
        block = rows[start : head + _BLOCK]
        used = [
            at
            for at, column in enumerate(zip(*block, strict=True), start=1)
            if head < 0 or any(column)
        ]
        for number, row in enumerate(block, start + 2):
            yield number, f"{used[0]}:{used[-1]}", row


class TableBook(Workbook):  # type: ignore[misc]
    """Writes texts that are as they are meant without looking at them five times."""

    def _get_packager(self) -> Packager:
        return _Packager()


class _Packager(Packager):  # type: ignore[misc]
    def _write_shared_strings_file(self) -> None:
        strings = _Strings()
        strings.string_table = self.workbook.str_table
        strings._set_xml_writer(self._filename("xl/sharedStrings.xml"))
        strings._assemble_xml_file()


class _Strings(SharedStrings):  # type: ignore[misc]
    def _write_si(self, string: str) -> None:
        if string == string.strip() and not _ESCAPED.search(string):
            self.fh.write(f"<si><t>{string}</t></si>")
        else:
            super()._write_si(string)
