"""Run the project's own check over the content as it would be, and find each fault's cell."""

from __future__ import annotations

import datetime as dt
import os
import shutil
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from plugins.catalogue import Problem, load
from plugins.spreadsheets.fault import Fault
from plugins.spreadsheets.read_report import SheetTable

_COLUMN_OF: Final = {
    "register-duplicate-id": "school_id",
    "register-duplicate-name": "name",
    "register-lookalike-name": "name",
    "register-odd-character": "name",
    "register-borrowed-name": "aliases",
    "register-unknown-city": "city_code",
    "register-city-outside-province": "city_code",
    "register-unknown-county": "county_code",
    "register-county-outside-city": "county_code",
    "register-merge-not-final": "status",
    "register-unknown-merge": "status",
    "plan-unknown-school": "school_id",
    "plan-unknown-major": "major",
    "plan-dates-reversed": "open_from",
    "plan-half-dated": "open_from",
    "plan-tuition-after-end": "duration_years",
    "plan-duplicate-row": "major",
}
"""The column of faults whose code does not end with its name."""


@dataclass(frozen=True, slots=True)
class NewTable:
    """A table as it would be: its text, and for each line with a row that row of the sheet.

    `fresh` are the rows of the sheet that change something: warnings are told of those only.
    """

    path: str
    text: str
    sheet: SheetTable
    row_of_line: Mapping[int, int]
    fresh: frozenset[int]


def validate(
    content: Path, tables: Sequence[NewTable], removed: Iterable[str], today: dt.date
) -> list[Fault]:
    """What the check says of the content with `tables` in it and without the paths `removed`.

    Faults elsewhere count too where the present content does not have them: a profile may have
    become wrong by a change of the register.
    """
    with tempfile.TemporaryDirectory(prefix="import-") as place:
        copy = Path(place) / content.name
        shutil.copytree(content, copy, symlinks=True, copy_function=_link)
        for table in tables:
            file = copy / table.path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.unlink(missing_ok=True)
            file.write_bytes(table.text.encode("utf-8"))
        for path in removed:
            (copy / path).unlink(missing_ok=True)
        _, problems = load(copy, today)
    by_path = {table.path: table for table in tables}
    faults = []
    elsewhere = [p for p in problems if p.path not in by_path and p.severity == "error"]
    for problem in problems:
        if ours := by_path.get(problem.path):
            fault = _in_sheet(problem, ours)
            if fault.severity == "error" or fault.row in ours.fresh:
                faults.append(fault)
    if elsewhere:
        _, before = load(content, today)
        known = {(p.path, p.code, p.message) for p in before}
        faults += [
            Fault(p.path, 0, 0, p.code, "error", "", f"第 {p.line} 行：{p.message}", p.fix)
            for p in elsewhere
            if (p.path, p.code, p.message) not in known
        ]
    return faults


def _link(source: str, target: str) -> str:
    """A second name for a file costs nothing; another file system needs a copy."""
    try:
        os.link(source, target, follow_symlinks=False)
    except OSError:
        shutil.copy2(source, target, follow_symlinks=False)
    return target


def _in_sheet(problem: Problem, table: NewTable) -> Fault:
    row = table.row_of_line.get(problem.line, 0)
    name = _column_name(problem.code, table.sheet)
    cells = next((r.cells for r in table.sheet.rows if r.number == row), {})
    return Fault(
        table.sheet.title, row, table.sheet.column(name) if row else 0, problem.code,
        problem.severity, cells.get(name, ""), problem.message, problem.fix,
    )  # fmt: skip


def _column_name(code: str, sheet: SheetTable) -> str:
    if code in _COLUMN_OF:
        return _COLUMN_OF[code]
    ends = [name for name in sheet.columns if code.endswith("-" + name.replace("_", "-"))]
    return max(ends, key=len, default="school_id")
