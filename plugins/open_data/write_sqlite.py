"""Tables as one SQLite database: typed, with keys, references and an index for questions.

The bytes depend on the tables alone: rows go in by their order into a fresh database of a fixed
page size, and the header's note of the library's version is set to a fixed one.
"""

from __future__ import annotations

import datetime as dt
import json
import sqlite3
from collections.abc import Mapping, Sequence
from contextlib import closing
from typing import Final

from plugins.open_data.table import Column, Table, Value

PAGE_SIZE: Final = 4096
APPLICATION_ID: Final = 0x4A495841  # “JIXA”

_TYPES: Final = {
    "text": "TEXT", "integer": "INTEGER", "number": "REAL", "boolean": "INTEGER",
    "date": "TEXT", "list": "TEXT", "records": "TEXT",
}  # fmt: skip
_INDEXES: Final = (("programmes", "school_id"), ("programmes", "major_slug"))
_VERSION_AT: Final = slice(96, 100)
"""Where the header says which SQLite wrote the file (file format, 1.3.16)."""


def sqlite_bytes(tables: Sequence[Table], about: Mapping[str, str]) -> bytes:
    """The database file. Days are ISO text, truth values 1 and 0, lists and records JSON.

    `about` becomes a table of its own, so that licence and attribution travel with the data.
    """
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as database:
        database.execute(f"PRAGMA page_size = {PAGE_SIZE}")
        database.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        database.execute("BEGIN")
        database.execute("CREATE TABLE about (name TEXT PRIMARY KEY, value TEXT NOT NULL)")
        database.executemany("INSERT INTO about VALUES (?, ?)", sorted(about.items()))
        # Tables that are referred to come first, so that no reference is ever open.
        for table in reversed(tables):
            database.execute(_schema(table, table.references(tables)))
            places = ", ".join("?" * len(table.columns))
            database.executemany(
                f'INSERT INTO "{table.name}" VALUES ({places})',  # noqa: S608 - our own names
                table.converted(lambda column: _OF_KIND.get(column.kind)),
            )
        for name, column in _INDEXES:
            database.execute(f'CREATE INDEX "{name}_{column}" ON "{name}" ("{column}")')
        database.execute("COMMIT")
        data = bytearray(database.serialize())
    data[_VERSION_AT] = (3_040_000).to_bytes(4, "big")
    return bytes(data)


def _schema(table: Table, references: Sequence[Column]) -> str:
    parts = [_column(column, table.key) for column in table.columns]
    parts += [
        f'FOREIGN KEY ("{column.name}") REFERENCES "{column.refers_to[0]}" '
        f'("{column.refers_to[1]}")'
        for column in references
        if column.refers_to
    ]
    return f'CREATE TABLE "{table.name}" (\n  ' + ",\n  ".join(parts) + "\n)"


def _column(column: Column, key: str) -> str:
    words = [f'"{column.name}"', _TYPES[column.kind]]
    if column.name == key:
        words.append("PRIMARY KEY")
    if column.required:
        words.append("NOT NULL")
    return " ".join(words)


def _day(value: Value) -> str | None:
    return value.isoformat() if isinstance(value, dt.date) else None


def _json(value: Value) -> str | None:
    return json.dumps(value, ensure_ascii=False) if value else None


_OF_KIND: Final = {"date": _day, "list": _json, "records": _json}
"""How values are stored that SQLite has no type for."""
