"""Cells that a spreadsheet would take for a formula, made harmless and back again.

OWASP, “CSV Injection”: a cell that begins with one of these signs may be run when the file is
opened. The full-width forms count, because programs in East Asian settings read them alike.
"""

from __future__ import annotations

import re
from typing import Final

_FORMULA: Final = re.compile("'*[=+\\-@\t\r\n＝＋－＠]")


def is_formula(text: str) -> bool:
    return _FORMULA.match(text) is not None


def neutral(text: str) -> str:
    """The text with an apostrophe before it where it could be a formula; `original` undoes it."""
    return "'" + text if is_formula(text) else text


def original(cell: str) -> str:
    """The text of which `neutral` made `cell`."""
    return cell[1:] if cell[:1] == "'" and is_formula(cell) else cell
