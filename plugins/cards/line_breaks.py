"""Where Chinese lines may be broken (GB/T 15834 and W3C's “Requirements for Chinese Text Layout”).

No line begins with a closing mark, none ends with an opening one; Latin words and numbers are not
torn, if they fit a line at all.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

_NEVER_FIRST: Final = "，。、；：？！）》」』】〉”’…—·,.;:?!)]}%"
_NEVER_LAST: Final = "（《「『【〈“‘([{"
_PIECES: Final = re.compile(r"[A-Za-z0-9]+(?:[.'-][A-Za-z0-9]+)*|\s+|.", re.S)


def break_lines(text: str, width: float, measure: Callable[[str], float]) -> list[str]:
    """`text` in lines that `measure` finds no wider than `width`; a single sign may be wider."""
    lines = _balanced(_greedy(text, width, measure), width, measure)
    name, bracket, aside = text.partition("（")
    if len(lines) > 1 and name and bracket:
        # What stands in brackets reads best from the beginning of a line.
        parts = [_greedy(part, width, measure) for part in (name, bracket + aside)]
        if sum(map(len, parts)) <= len(lines):
            return [*parts[0], *parts[1]]
    return lines


def _unbreakable(text: str) -> list[str]:
    """The smallest parts between which a line may be broken."""
    parts: list[str] = []
    for piece in _PIECES.findall(text):
        glued = parts and (piece[0] in _NEVER_FIRST or parts[-1][-1] in _NEVER_LAST)
        if glued:
            parts[-1] += piece
        else:
            parts.append(piece)
    return parts


def _balanced(lines: list[str], width: float, measure: Callable[[str], float]) -> list[str]:
    """The same number of lines of more even length: a last line of one sign looks like a fault."""
    if len(lines) < 2 or measure(lines[-1]) > width / 3:
        return lines
    text = "".join(lines)
    even = max(width * 0.4, sum(map(measure, lines)) / len(lines))
    for step in range(12):
        limit = min(width, even * (1 + step / 12))
        tried = _greedy(text, limit, measure)
        if len(tried) <= len(lines):
            return tried
    return lines


def _greedy(text: str, width: float, measure: Callable[[str], float]) -> list[str]:
    lines = [""]
    for piece in _unbreakable(text):
        if not lines[-1] or measure((lines[-1] + piece).rstrip()) <= width:
            lines[-1] += piece
        else:
            lines.append(piece.lstrip())
    return [line.rstrip() for line in lines if line.strip()]
