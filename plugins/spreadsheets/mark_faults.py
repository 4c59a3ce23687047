"""Write faults back into a copy of the workbook, as comments where they are."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from openpyxl.cell.cell import MergedCell
from openpyxl.comments import Comment
from openpyxl.styles import PatternFill
from openpyxl.workbook import Workbook

from plugins.spreadsheets.fault import Fault
from plugins.spreadsheets.layout import NAME_ROW, PROBLEM_AUTHOR

SUFFIX = "-有问题"
_REACHES_OUT: Final = re.compile(
    r"[|\[]|\b(?:HYPERLINK|WEBSERVICE|FILTERXML|IMAGE|RTD|CALL|REGISTER|EXEC|IMPORT\w+)\s*\(",
    re.IGNORECASE,
)
"""Formulas of programs (DDE), other files and addresses (OWASP, “CSV Injection”)."""
_MARK = PatternFill("solid", fgColor="F8D7C8")


def mark_faults(book: Workbook, faults: Sequence[Fault], original: Path) -> Path:
    """Save the copy beside `original` and return where; marks of an earlier check go first.

    Nothing is overwritten: somebody may be mending an earlier copy. A formula that reaches out of
    the workbook becomes text, because another person may open the copy.
    """
    for sheet in book.worksheets:
        for cells in sheet.iter_rows():
            for cell in cells:
                if cell.data_type == "f" and _REACHES_OUT.search(str(cell.value)):
                    cell.data_type = "s"
                    cell.quotePrefix = True
                if cell.comment is not None and cell.comment.author == PROBLEM_AUTHOR:
                    cell.comment = None
                    cell.fill = PatternFill()
    by_cell: dict[tuple[str, int, int], list[Fault]] = {}
    for fault in faults:
        if fault.sheet in book.sheetnames:
            place = (fault.sheet, fault.row or NAME_ROW, fault.column or 1)
            by_cell.setdefault(place, []).append(fault)
    for (title, row, column), found in by_cell.items():
        marked = book[title].cell(row, column)
        if isinstance(marked, MergedCell):
            continue
        words = "\n".join(f"{fault.message}。怎样改：{fault.fix}" for fault in found)
        marked.comment = Comment(words, PROBLEM_AUTHOR, height=120, width=320)
        marked.fill = _MARK
    stem = original.stem.partition(SUFFIX)[0] + SUFFIX
    names = [f"{stem}.xlsx", *(f"{stem}{number}.xlsx" for number in range(2, 1000))]
    copy = next(file for file in (original.with_name(name) for name in names) if not file.exists())
    book.save(copy)
    return copy
