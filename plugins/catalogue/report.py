"""Show problems to people and to programs: as text, as JSON, as annotations of a pull request."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Final, Literal

from plugins.catalogue.explained import explained
from plugins.catalogue.problem import Problem, errors

Format = Literal["text", "json", "github"]
FORMATS: Final[tuple[Format, ...]] = ("text", "json", "github")

JSON_FIELDS: Final = ("path", "line", "code", "severity", "message", "fix")
"""What a program reads of each problem; part of the command's contract."""


def report(problems: Sequence[Problem], style: Format) -> str:
    """All problems in one of the `FORMATS`."""
    if style == "json":
        facts = [{key: getattr(problem, key) for key in JSON_FIELDS} for problem in problems]
        return json.dumps(facts, ensure_ascii=False, indent=1)
    if style == "github":
        return "\n".join(_annotation(problem) for problem in problems)
    return "\n".join(_lines(problems))


def _lines(problems: Sequence[Problem]) -> Iterable[str]:
    for problem in problems:
        mark = "错误" if problem.severity == "error" else "提醒"
        place = f"{problem.line}:{problem.column}" if problem.column else str(problem.line)
        yield f"{problem.path}:{place}: {mark} {problem.message}"
        yield f"    怎样改：{problem.fix}  [{problem.code}]"
        yield f"    说明：{explained(problem.code)}"
    yield summary(problems)


def summary(problems: Sequence[Problem]) -> str:
    """One sentence: how many errors and warnings, in how many files."""
    if not problems:
        return "检查通过，没有发现问题。"
    wrong = len(errors(problems))
    files = len({problem.path for problem in problems})
    return f"{files} 个文件里有 {wrong} 个错误、{len(problems) - wrong} 个提醒。"


def _annotation(problem: Problem) -> str:
    """A workflow command; see GitHub's documentation of workflow commands for the escapes."""

    def data(value: str) -> str:
        return value.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")

    def attribute(value: str) -> str:
        return data(value).replace(":", "%3A").replace(",", "%2C")

    column = f"col={problem.column}," if problem.column else ""
    return (
        f"::{problem.severity} file={attribute(problem.path)},line={problem.line},{column}"
        f"title={attribute(problem.code)}::{data(problem.message)} 怎样改：{data(problem.fix)}"
        f" 说明：{explained(problem.code)}"
    )
