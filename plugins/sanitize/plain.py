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
_PARAGRAPH: Final = re.compile(rf"{_WORDS}(?:\n{_WORDS})*")
_HEADING: Final = re.compile(rf"(#{{3,6}}) ({_WORDS})")
_BULLETS: Final = re.compile(rf"- {_WORDS}(?:\n- {_WORDS})*")
_NUMBERS: Final = re.compile(rf"1\. {_WORDS}(?:\n[0-9]{{1,3}}\. {_WORDS})*")
_ITEM: Final = re.compile(r"^(?:-|[0-9]+\.) (.*)$", re.M)
_CELLS: Final = rf"\|(?: ?{_WORDS} ?\|)+"
_TABLE: Final = re.compile(rf"{_CELLS}\n\|(?: ?:?-{{3,}}:? ?\|)+(?:\n{_CELLS})+")


def plain_html(text: str) -> str | None:
    """HTML of a text without any markup, source marks still as they were written."""
    parts: list[str] = []
    after_list = False
    for block in text.strip("\n").split("\n\n"):
        is_list = False
        if _PARAGRAPH.fullmatch(block):
            parts.append(f"<p>{block}</p>")
        elif _BULLETS.fullmatch(block) or _NUMBERS.fullmatch(block):
            if after_list:
                return None  # Two lists in a row are one, of paragraphs.
            is_list = True
            kind = "ul" if block[0] == "-" else "ol"
            items = "\n".join(f"<li>{item}</li>" for item in _ITEM.findall(block))
            parts.append(f"<{kind}>\n{items}\n</{kind}>")
        elif heading := _HEADING.fullmatch(block):
            level = len(heading[1])
            parts.append(f"<h{level}>{heading[2]}</h{level}>")
        elif _TABLE.fullmatch(block):
            table = _table(block)
            if table is None:
                return None
            parts.append(table)
        else:
            return None
        after_list = is_list
    return "\n".join(parts)


def _table(block: str) -> str | None:
    """A table whose rows all have as many cells as its head."""
    head, rule, *rows = block.split("\n")
    columns = head.count("|")
    if any(line.count("|") != columns for line in (rule, *rows)):
        return None
    body = "\n".join(_row(row, "td") for row in rows)
    return f"<table>\n<thead>\n{_row(head, 'th')}\n</thead>\n<tbody>\n{body}\n</tbody>\n</table>"


def _row(line: str, cell: str) -> str:
    cells = "\n".join(f"<{cell}>{words.strip(' ')}</{cell}>" for words in line[1:-1].split("|"))
    return f"<tr>\n{cells}\n</tr>"
