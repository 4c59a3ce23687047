"""What is wrong with a piece of content, told so that a clerk can mend it.

Every check in the project answers with `Problem` records; nothing is reported by a traceback
or by a logger. A problem names the file and line, a stable readable code, what is wrong with
the value as it stands, and what to write instead.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import KW_ONLY, dataclass, replace
from typing import Literal

Severity = Literal["error", "warning"]


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One fault in one place.

    `path` is relative to the content folder, with forward slashes. `line` counts from 1; a fault
    of a whole file stands at line 1. `code` is stable and may be searched for in the
    documentation. `message` and `fix` are Chinese sentences; `fix` says what to write instead.
    `column` counts characters of the line from 1; 0 where the whole line is meant.
    """

    path: str
    line: int
    code: str
    severity: Severity
    message: str
    fix: str
    _: KW_ONLY
    column: int = 0


def errors(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """Only the problems that must stop a publication."""
    return tuple(problem for problem in problems if problem.severity == "error")


ID_LIKENESS = 0.8
"""How alike two ids must be for a hint: most ids end alike, so less would mislead."""


def closest(value: str, options: Iterable[str], likeness: float = 0.6) -> str | None:
    """The option nearest to `value` in spelling, or None when none is `likeness` (0–1) alike."""
    found = difflib.get_close_matches(
        value.strip().lower(), sorted(set(options)), n=1, cutoff=likeness
    )
    return found[0] if found else None


def did_you_mean(value: str, options: Iterable[str], likeness: float = 0.6) -> str:
    """`是不是想写“…”？` for the nearest option, or an empty string."""
    near = closest(value, options, likeness)
    return f"是不是想写“{near}”？" if near else ""


def shown(value: object, limit: int = 40) -> str:
    """A value as it may stand inside a message: one line, printable, at most `limit` characters."""
    text = " ".join(str(value).split())
    text = "".join(character if character.isprintable() else "□" for character in text)
    return text if len(text) <= limit else text[:limit] + "…"


def printable(problem: Problem) -> Problem:
    """A file name may hold anything; a report must stay text that every terminal can show."""
    if problem.path.isprintable():
        return problem
    return replace(problem, path="".join(c if c.isprintable() else "□" for c in problem.path))
