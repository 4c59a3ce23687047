"""A sheet of XlsxWriter that takes the rows of a table whole, much faster than cell by cell.

The file is the same to the byte, which a test shows. XlsxWriter keeps the names that are used here
to itself: see docs/decisions/0028-short-ways.md.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING, Final

from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import Worksheet

from plugins.open_data.table import Converted

if TYPE_CHECKING:
    from xlsxwriter.format import Format

_BLOCK: Final = 16
"""Rows that bear the same note of their first and last column."""


@dataclass(frozen=True, slots=True, eq=False)
class Cell:
    """A text or a number. The same cell may stand in many places."""

    value: str | float
    format: Format | None = None


Row = Sequence[Cell | None]


class TableSheet(Worksheet):  # type: ignore[misc]
    """Its head is written as usual, and has something in every column."""

    def add_rows(self, rows: Iterable[Row]) -> None:
        """Put these below the head; None leaves a place empty, but no row is."""
        self._rows = list(rows)
        number = self.str_table._get_shared_string_index
        self._numbers = {
            cell: number(cell.value)
            for cell in chain.from_iterable(self._rows)
            if cell is not None and isinstance(cell.value, str)
        }
        self._check_dimensions(len(self._rows), 0)

    def _write_rows(self) -> None:
        super()._write_rows()
        columns = [xl_col_to_name(at) for at in range(self.dim_colmax + 1)]
        written = Converted(self._written)
        for number, span, row in _with_spans(self._rows):
            cells = [
                f'<c r="{column}{number}"{written[cell]}'
                for column, cell in zip(columns, row, strict=True)
                if cell is not None
            ]
            self.fh.write(f'<row r="{number}" spans="{span}">{"".join(cells)}</row>')

    def _written(self, cell: Cell) -> str:
        """What stands behind the name of the place."""
        style = f' s="{cell.format._get_xf_index()}"' if cell.format else ""
        if isinstance(cell.value, str):
            return f'{style} t="s"><v>{self._numbers[cell]}</v></c>'
        return f"{style}><v>{cell.value:.16G}</v></c>"


def _with_spans(rows: Sequence[Row]) -> Iterator[tuple[int, str, Row]]:
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
