"""A table to give away: declared columns and rows of plain values. Every file is made of these."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

Kind = Literal["text", "integer", "number", "boolean", "date", "list", "records"]
"""What a column holds. A `list` is of short texts, `records` are groups of named values."""

_OFTEN_AGAIN: Final = ("text", "integer", "number", "boolean", "date")
"""Kinds whose values stand in many rows of a column, and are alike where they are equal."""

Value = str | int | float | bool | dt.date | Sequence[Any] | None
"""One cell; None where nothing is known."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column: the same declaration makes CSV, JSON, SQLite, the workbook and the dictionary.

    `says` is the rule for its values in Chinese words, `words` the closed list that it chooses
    from, `refers_to` the (table, column) in which its value must be found.
    """

    name: str
    title: str
    kind: Kind = "text"
    description: str = ""
    says: str = ""
    required: bool = False
    words: tuple[str, ...] = ()
    refers_to: tuple[str, str] | None = None


@dataclass(frozen=True)
class Table:
    """`rows` are in the order of their keys; each has exactly the `columns`, in that order.

    `key` names the column that tells rows apart; empty for programmes, which have no number.
    """

    name: str
    title: str
    description: str
    owner: str
    key: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Value, ...], ...]

    @property
    def column_names(self) -> tuple[str, ...]:
        return tuple(column.name for column in self.columns)

    def references(self, tables: Sequence[Table]) -> tuple[Column, ...]:
        """The columns whose values must be found in another one of these `tables`."""
        others = {table.name for table in tables} - {self.name}
        return tuple(c for c in self.columns if c.refers_to and c.refers_to[0] in others)

    def records(self) -> list[dict[str, Value]]:
        names = self.column_names
        return [dict(zip(names, row, strict=True)) for row in self.rows]

    def converted(
        self, of_column: Callable[[Column], Callable[[Value], Any] | None]
    ) -> Iterable[tuple[Any, ...]]:
        """The rows, every value converted by what there is for its column; as it is where there is
        nothing. What stands in many rows is converted once."""
        columns: list[Iterable[Any]] = []
        for column, values in zip(self.columns, zip(*self.rows, strict=True), strict=False):
            convert = of_column(column)
            if convert is not None and column.kind in _OFTEN_AGAIN:
                convert = Converted(convert).__getitem__
            columns.append(map(convert, values) if convert else values)
        return zip(*columns, strict=True)


class Converted(dict[Any, Any]):
    """What became of values, each converted once."""

    def __init__(self, convert: Callable[[Any], Any]) -> None:
        self._convert = convert

    def __missing__(self, value: Any) -> Any:
        self[value] = found = self._convert(value)
        return found
