"""A table as JSON: a list of records, one a line; lists and truth values stay so."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pydantic_core import to_json

from plugins.open_data.table import Column, Table, Value


def json_bytes(table: Table) -> bytes:
    """Every record has every column; an unknown value is null, a day is ISO 8601 text."""
    if not table.rows:
        return b"[]\n"
    records = "},\n{".join(map(", ".join, table.converted(_named)))
    return f"[\n{{{records}}}\n]\n".encode()


def _named(column: Column) -> Callable[[Value], str]:
    """Writes a value with its name before it."""
    name = _encode(column.name)
    return lambda value: f"{name}: {_encode(value)}"


def pretty_json(record: Any) -> bytes:
    """A description, for people to read as well."""
    return to_json(record, indent=1) + b"\n"


def _encode(value: Value) -> str:
    return to_json(value).decode()
