"""Text to tokens, the same for documents and queries.

Han text has no spaces, so a run of Han characters becomes its overlapping pairs: 数控加工 gives
数控, 控加, 加工. No dictionary is needed, in Python or in the browser, and no part of a word is
lost. Latin letters and digits stay whole words.
"""

import re
import unicodedata
from collections.abc import Iterator
from operator import add
from typing import NamedTuple

from plugins.search.characters import HAN, READ, WORD, character_class
from plugins.search.simplified import SIMPLIFIED

_SURROGATE = re.compile("[\ud800-\udfff]")
_NOT_READ = re.compile(f"[^{character_class(READ)}]")
_TRADITIONAL = re.compile(f"[{''.join(SIMPLIFIED)}]")
_TO_SIMPLIFIED = str.maketrans(SIMPLIFIED)
_RUN = re.compile(f"([{character_class(HAN)}]+)|([{character_class(WORD)}]+)")
# Marks of Chinese text that NFKC would change, and with them the time that it takes.
_WIDE_MARKS = "，：；？！（）"


class Run(NamedTuple):
    """A stretch of Han characters (`han` is true) or one Latin or digit word."""

    text: str
    han: bool


def join_surrogates(text: str) -> str:
    """Surrogate pairs joined and lone surrogates replaced, as a browser reads such a string."""
    if _SURROGATE.search(text) is None:
        return text
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def plain(text: str) -> str:
    """Characters that search does not read become spaces; then NFKC, lower case.

    Total: any string is accepted. ＣＮＣ gives cnc, ㈱ gives (株).
    """
    readable = _NOT_READ.sub(" ", join_surrogates(text))
    return unicodedata.normalize("NFKC", readable).lower()


def normalize(text: str) -> str:
    """`plain` text in simplified characters: 無人機 gives 无人机."""
    read = plain(text)
    return read.translate(_TO_SIMPLIFIED) if _TRADITIONAL.search(read) else read


def separated(text: str) -> str:
    """Text with the same runs as `text` when it is normalized, which takes a tenth of the time."""
    for mark in _WIDE_MARKS:
        text = text.replace(mark, " ")
    return text


def runs(text: str) -> Iterator[Run]:
    """The runs of `text` in order, after `normalize`. All else separates them."""
    for han, word in _RUN.findall(normalize(text)):
        yield Run(han or word, bool(han))


def pairs(run: str) -> tuple[str, ...]:
    """A Han run's overlapping pairs; a run of one character is its own token."""
    if len(run) < 2:
        return (run,) if run else ()
    return tuple(run[start : start + 2] for start in range(len(run) - 1))


def tokens(text: str) -> tuple[str, ...]:
    """The tokens of `text` in order, repeats kept."""
    return tuple(tokens_of_normalized(normalize(text)))


def core_tokens(text: str) -> tuple[str, ...]:
    """`tokens`, and each Han character alone: for fields where one character must find."""
    return tuple(tokens_of_normalized(normalize(text), core=True))


def tokens_of_normalized(text: str, *, core: bool = False) -> list[str]:
    """`tokens`, or `core_tokens`, of text that `normalize` has seen."""
    found: list[str] = []
    for han, word in _RUN.findall(text):
        if len(han) > 1:
            found += map(add, han, han[1:])
            if core:
                found += han
        else:
            found.append(han or word)
    return found
