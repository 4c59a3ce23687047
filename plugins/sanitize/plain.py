"""The short way for text that holds nothing but sentences, simple lists and simple tables.

Most of what schools write is that, and for it Python-Markdown and nh3 find nothing to decide: the
answer is known from the shape of the lines. `plain_html` gives that very answer, byte for byte,
or None; then the long way is taken. A test compares both on thousands of texts.

Safe by construction: a character that could mean anything in Markdown or HTML is not in
`_PLAIN`, so the text goes out as it came in.
"""

from __future__ import annotations

import re
from typing import Final

_PLAIN: Final = (
    # No characters of HTML or Markdown, no ideographic space, which counts as white space.
    r"[0-9A-Za-z \u3001-\u3029\u3030-\u303d\u4e00-\u9fff\uff01-\uff5e"
    r"“”‘’—…·–℃²㎡①-⑩%,.:;()/+=?@'\"-]"
)
_MARK: Final = r"\[来源[0-9]{1,3}\](?!\s?[\[(:])"
_FIRST: Final = r"[A-Za-z\u3001-\u3029\u3030-\u303d\u4e00-\u9fff\uff01-\uff5e“‘①-⑩]"
_WORDS: Final = rf"(?:{_FIRST}|[0-9]+(?![0-9.)]))(?:{_PLAIN}|{_MARK})*(?<! )"
_LINE: Final = re.compile(_WORDS)
_HEADING: Final = re.compile(r"(#{3,6}) ")
_NUMBER: Final = re.compile(r"[0-9]{1,3}\. ")
_CELLS: Final = re.compile(rf"\|(?: ?{_WORDS} ?\|)+")
_RULE: Final = re.compile(r"\|(?: ?:?-{3,}:? ?\|)+")
# Few patterns, each for one line: compiling one of these characters takes longer than a page.


def plain_html(text: str) -> str | None:
    """HTML of a text without any markup, source marks still as they were written."""
    parts: list[str] = []
    after_list = False
    for block in text.strip("\n").split("\n\n"):
        lines = block.split("\n")
        is_list = block.startswith(("- ", "1. "))
        if is_list:
            # Two lists in a row are one, of paragraphs.
            part = None if after_list else _list(lines)
        elif block.startswith("|"):
            part = _table(lines)
        elif block.startswith("#"):
            part = _heading(block)
        else:
            part = f"<p>{block}</p>" if all(map(_LINE.fullmatch, lines)) else None
        if part is None:
            return None
        parts.append(part)
        after_list = is_list
    return "\n".join(parts)


def _heading(block: str) -> str | None:
    marks = _HEADING.match(block)
    if marks is None or not _LINE.fullmatch(block, marks.end()):
        return None
    level = len(marks[1])
    return f"<h{level}>{block[marks.end() :]}</h{level}>"


def _list(lines: list[str]) -> str | None:
    items = []
    for line in lines:
        if lines[0][0] == "-":
            start = 2 if line.startswith("- ") else 0
        else:
            number = _NUMBER.match(line)
            start = number.end() if number else 0
        if not start or not _LINE.fullmatch(line, start):
            return None
        items.append(f"<li>{line[start:]}</li>")
    kind = "ul" if lines[0][0] == "-" else "ol"
    return "\n".join((f"<{kind}>", *items, f"</{kind}>"))


def _table(lines: list[str]) -> str | None:
    """A table whose rows all have as many cells as its head."""
    if len(lines) < 3 or not _RULE.fullmatch(lines[1]):
        return None
    head, rule, *rows = lines
    if not all(map(_CELLS.fullmatch, (head, *rows))):
        return None
    columns = head.count("|")
    if any(line.count("|") != columns for line in (rule, *rows)):
        return None
    body = "\n".join(_row(row, "td") for row in rows)
    return f"<table>\n<thead>\n{_row(head, 'th')}\n</thead>\n<tbody>\n{body}\n</tbody>\n</table>"


def _row(line: str, cell: str) -> str:
    cells = "\n".join(f"<{cell}>{words.strip(' ')}</{cell}>" for words in line[1:-1].split("|"))
    return f"<tr>\n{cells}\n</tr>"
