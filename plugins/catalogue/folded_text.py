"""Text folded for finding words: full-width forms, gaps and decoration inside a word do not count.

`包 就 业`, `包**就**业` and `包·就業` all fold to `包就业`; every character keeps its column.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Final

_KEPT: Final = frozenset('，。；！？、：,;!?:%[]（）()“”"%.')
"""Marks that end a clause or mean something; any other mark, and every space, is dropped."""
_SIMPLER: Final = str.maketrans(
    "業內標證學歷國級專隨無賺薪諾過對", "业内标证学历国级专随无赚薪诺过对"
)
"""Traditional characters of the words that the rules look for."""

_TRADITIONAL: Final = re.compile("[" + "".join(map(chr, _SIMPLER)) + "]")
_ORDINARY: Final = re.compile("[\n -~\u4e00-\u9fff、。《》“”‘’—·，：；！？（）％]*")
"""Characters of which only the wide ones mean another; none joins with its neighbour."""
_WIDE: Final = tuple((wide, chr(ord(wide) - 0xFEE0)) for wide in "，：；！？（）％")

_DROPPED: Final = re.compile("[^\\w\n" + re.escape("".join(sorted(_KEPT))) + "]+|_+")
_SIGNS: Final = [*map(chr, range(32, 127)), *"《》‘’—·"]
_DROPPED_ORDINARY: Final = re.compile(
    "[" + re.escape("".join(filter(_DROPPED.match, _SIGNS))) + "]+"
)
"""The same in ordinary text, where a short list is sooner looked for than all that is no word."""


def normalized(text: str) -> str:
    """`unicodedata.normalize("NFKC", text)`, at once for what nearly every text is made of."""
    if not _ORDINARY.fullmatch(text):
        return unicodedata.normalize("NFKC", text)
    return _narrowed(text)


def _narrowed(text: str) -> str:
    for wide, plain in _WIDE:
        text = text.replace(wide, plain)
    return text


@dataclass(frozen=True, slots=True)
class Folded:
    """`text` with one original column, from 1, in `columns` for each of its characters."""

    text: str
    columns: tuple[int, ...]


def fold(line: str) -> Folded:
    """One line, folded."""
    kept: list[str] = []
    columns: list[int] = []
    for column, character in enumerate(line, start=1):
        for plain in unicodedata.normalize("NFKC", character).lower():
            if plain.isalnum() or plain in _KEPT:
                kept.append(plain)
                columns.append(column)
    return Folded("".join(kept).translate(_SIMPLER), tuple(columns))


def fold_text(text: str) -> str:
    """Text of any length folded in the same way, quickly, without columns; lines stay lines."""
    if _ORDINARY.fullmatch(text):
        plain = _DROPPED_ORDINARY.sub("", _narrowed(text).lower())
    else:
        plain = _DROPPED.sub("", unicodedata.normalize("NFKC", text).lower())
    return plain.translate(_SIMPLER) if _TRADITIONAL.search(plain) else plain
