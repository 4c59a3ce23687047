"""What a contributed Markdown file may cost: 2 seconds of CPU and 256 MB, like any one profile.

Two steps, so that an ordinary file costs next to nothing. A *plain* text is short and uses each
mark sparingly; whatever Markdown or YAML makes of it costs a fraction of the limit (measured, see
docs/decisions/0029). Any other text is read and rendered once in a worker that is killed when it
goes too far; only what comes back alive is read in this process.
"""

from __future__ import annotations

import datetime as dt
from contextlib import nullcontext
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from plugins.catalogue.problem import Problem
from plugins.cost_limits import LIMITS, BeyondLimits
from plugins.limited_later import Worker, text_worker

Kind: TypeAlias = Literal["profile", "news"]

PLAIN_CHARACTERS: Final = 20_000
"""A profile of the whole country's writing has 1,000 to 6,000 characters."""
PLAIN_LINES: Final = 600
PLAIN_MARKS: Final = 400
"""Most of each of the marks below in a plain text."""
PLAIN_INDENT: Final = 20
"""Deepest indentation of a plain text, in spaces."""
PLAIN_CELLS: Final = 10_000
"""Columns of the widest table row times lines: every line below a head becomes a row of its own,
filled up to the columns of the head."""

_WIDE: Final = 12
"""Columns from which a table is worth naming as the cause."""
_MARKS: Final = "[]()*_`<>&\\|!#~-+.\"'={}"
_MARKED: Final = (
    ("[", "方括号“[”"), ("(", "括号“(”"), ("*", "星号“*”"), ("_", "下划线“_”"), ("`", "反引号“`”"),
    ("<", "尖括号“<”"), (">", "引用符号“>”"), ("&", "“&”"), ("\\", "反斜杠“\\”"), ("|", "竖线“|”"),
    ("-", "横线“-”"), ("#", "井号“#”"),
)  # fmt: skip
_FIXES: Final = {
    "time": "删去重复的符号和很深的层次，或者分成几处写；普通的文字、列表和小表格都没有问题",
    "memory": "把大表格拆小或删掉；普通的文字、列表和小表格都没有问题",
    "crash": "删去重复的符号和很深的层次；普通的文字、列表和小表格都没有问题",
}


def check_cost(
    text: str, path: str, kind: Kind, today: dt.date, worker: Worker | None = None
) -> Problem | None:
    """Why the file `path` with this text must not be read here, or None where it may be.

    `worker` limits its calls; without one, a text that is not plain gets its own.
    """
    if is_plain(text):
        return None
    # Imported here: most texts are plain, and this loads Markdown.
    from plugins.catalogue.rehearse import rehearse

    with nullcontext(worker) if worker else text_worker() as rehearsing:
        try:
            rehearsing.submit(rehearse, kind, text, today).result()
        except RecursionError:
            reason = "crash"
        except BeyondLimits as beyond:
            reason = beyond.reason
        else:
            return None
    place = _costliest(text)
    what = {
        "time": f"生成这一页超过 {LIMITS.cpu_s:g} 秒，已停止",
        "memory": f"生成这一页要用的内存超过 {LIMITS.memory_mb} MB，已停止",
        "crash": "层次太深，无法生成",
    }[reason]
    return Problem(
        path, place.line, f"{kind}-too-costly", "error", f"{what}；{place.what}", _FIXES[reason]
    )


def is_plain(text: str) -> bool:
    """Whether nothing in a text can cost much, by counts alone: some 30 µs for a usual profile."""
    if len(text) > PLAIN_CHARACTERS:
        return False
    lines = text.count("\n") + 1
    return (
        lines <= PLAIN_LINES
        and all(text.count(mark) <= PLAIN_MARKS for mark in _MARKS)
        and " " * (PLAIN_INDENT + 1) not in text
        and "\t\t\t" not in text
        and ("|" not in text or _columns(text) * lines <= PLAIN_CELLS)
    )


def _columns(text: str) -> int:
    return max(line.count("|") for line in text.split("\n")) + 1


@dataclass(frozen=True, slots=True)
class _Place:
    line: int
    what: str


def _costliest(text: str) -> _Place:
    """The line that is the most unlike plain writing, and what is remarkable about it."""
    lines = text.split("\n")
    columns = _columns(text)
    if columns >= _WIDE and columns * len(lines) > PLAIN_CELLS:
        number = next(n for n, line in enumerate(lines, 1) if line.count("|") + 1 == columns)
        return _Place(number, f"这一行的表格约有 {columns} 列，下面还有 {len(lines) - number} 行")
    depths = [len(line) - len(line.lstrip(" \t")) for line in lines]
    if max(depths) > PLAIN_INDENT:
        return _Place(depths.index(max(depths)) + 1, f"这一行缩进了 {max(depths)} 格")
    amount, name, mark = max((text.count(mark), name, mark) for mark, name in _MARKED)
    if amount > PLAIN_MARKS:
        counts = [line.count(mark) for line in lines]
        return _Place(counts.index(max(counts)) + 1, f"全文有 {amount:,} 个{name}，这一行最多")
    return _Place(1, f"全文有 {len(text):,} 个字、{len(lines):,} 行")
