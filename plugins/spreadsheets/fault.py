"""What is wrong in a workbook, told by sheet and cell, so that a clerk finds it with the eyes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from plugins.catalogue.problem import Severity, shown


class WorkbookRefused(Exception):
    """The file cannot be read at all; `str()` says why and what to do, in Chinese."""


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """One fault. `row` and `column` count from 1, as spreadsheets do; both are 0 for a whole sheet.

    `code` is that of the check where the check found it; `value` is the cell as it was read.
    """

    sheet: str
    row: int
    column: int
    code: str
    severity: Severity
    value: str
    message: str
    fix: str

    @property
    def place(self) -> str:
        """`名册!C5`, or the sheet's name alone."""
        return f"{self.sheet}!{letters(self.column)}{self.row}" if self.row else self.sheet


def letters(column: int) -> str:
    """The letters of a column: 1 is A, 27 is AA."""
    text = ""
    while column:
        column, rest = divmod(column - 1, 26)
        text = chr(65 + rest) + text
    return text


def errors(faults: Iterable[Fault]) -> tuple[Fault, ...]:
    return tuple(fault for fault in faults if fault.severity == "error")


def report(faults: Sequence[Fault]) -> str:
    """All faults as text: place, what is wrong, the value, what to write instead, the code."""
    lines = []
    for fault in faults:
        mark = "错误" if fault.severity == "error" else "提醒"
        lines.append(f"{fault.place}: {mark} {fault.message}")
        value = f"格子里是“{shown(fault.value)}”。" if fault.value else ""
        lines.append(f"    {value}怎样改：{fault.fix}  [{fault.code}]")
    wrong = len(errors(faults))
    lines.append(f"表里有 {wrong} 个错误、{len(faults) - wrong} 个提醒。")
    return "\n".join(lines)
