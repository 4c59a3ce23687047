"""`/data/schools.json` and `/data/schools.csv`: every school with all its register fields."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from typing import Any, Final

from plugins.catalogue import Catalogue
from plugins.catalogue.schema import REGISTER_COLUMNS

DERIVED_COLUMNS: Final = ("profile", "plan_year", "seats_total")
"""What is added to the register: has the school a profile; year and seats of its newest plan."""

COLUMNS: Final = (*REGISTER_COLUMNS[:1], "province", *REGISTER_COLUMNS[1:], *DERIVED_COLUMNS)


def school_rows(catalogue: Catalogue) -> Iterator[dict[str, Any]]:
    """One row a school, by school_id; dates as ISO text, unknown values as None."""
    for school in catalogue.schools:
        plan = catalogue.newest_plan(school)
        row = school.model_dump(mode="json")
        row |= {
            "profile": school.school_id in catalogue.profiles,
            "plan_year": plan.year if plan else None,
            "seats_total": plan.seats if plan else None,
        }
        yield {column: row[column] for column in COLUMNS}


def schools_json(catalogue: Catalogue) -> bytes:
    """A JSON list; lists stay lists, truth values stay truth values."""
    rows = list(school_rows(catalogue))
    return (json.dumps(rows, ensure_ascii=False, indent=1) + "\n").encode()


def schools_csv(catalogue: Catalogue) -> bytes:
    """The same rows as CSV: UTF-8 with a byte-order mark (spreadsheets need it), `;` in lists."""
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(COLUMNS)
    for row in school_rows(catalogue):
        writer.writerow([_cell(row[column]) for column in COLUMNS])
    return stream.getvalue().encode("utf-8-sig")


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return neutral(";".join(value))
    return neutral(value) if isinstance(value, str) else str(value)


def neutral(text: str) -> str:
    """A cell that no spreadsheet takes for a formula (OWASP, CSV injection)."""
    return "'" + text if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text
