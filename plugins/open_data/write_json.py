"""A table as JSON: a list of records, one a line; lists and truth values stay so."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

from plugins.open_data.table import Table


def json_bytes(table: Table) -> bytes:
    """Every record has every column; an unknown value is null, a day is ISO 8601 text."""
    names = ", ".join(f"{json.dumps(name)}: %s" for name in table.column_names)
    encode = json.JSONEncoder(ensure_ascii=False, default=_day).encode
    lines = ",\n".join(f"{{{names}}}" % row for row in table.converted(lambda _: encode))
    return f"[\n{lines}\n]\n".encode() if lines else b"[]\n"


def pretty_json(record: Any) -> bytes:
    """A description, for people to read as well."""
    return (json.dumps(record, ensure_ascii=False, indent=1, default=_day) + "\n").encode()


def _day(value: Any) -> str:
    if isinstance(value, dt.date):
        return value.isoformat()
    raise TypeError(f"no JSON for {type(value).__name__}")
