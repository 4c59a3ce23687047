"""Pinyin of Chinese words, from the pinyin library and the table of its mistakes.

Syllables are without tones, ü as v.
"""

from collections.abc import Iterable, Mapping
from functools import cache

from plugins.search.tokens import runs

# Characters of everyday writing: GB 2312, level 1.
_COMMON_ROWS = range(0xB0, 0xD8)
_COMMON_CELLS = range(0xA1, 0xFF)


def reading(text: str, known: Mapping[str, str]) -> tuple[str, ...]:
    """The syllables of the Han characters in `text`; other characters are left out.

    Words in `known` (word to syllables, separated by spaces) are read as it says, the longest
    first from the left; the rest by the library.
    """
    longest = max(map(len, known), default=0)
    found: list[str] = []
    for run in runs(text):
        if not run.han:
            continue
        start = unread = 0
        while start < len(run.text):
            sizes = range(min(longest, len(run.text) - start), 1, -1)
            word = next((w for size in sizes if (w := run.text[start : start + size]) in known), "")
            if word:
                found += _library(run.text[unread:start])
                found += known[word].split()
                start = unread = start + len(word)
            else:
                start += 1
        found += _library(run.text[unread:])
    return tuple(found)


def character_readings(words: Iterable[str]) -> dict[str, str]:
    """The usual syllable of each common character and of each character of `words`."""
    characters = {character for word in words for run in runs(word) for character in run.text}
    for row in _COMMON_ROWS:
        for cell in _COMMON_CELLS:
            characters.update(bytes((row, cell)).decode("gb2312", "ignore"))
    found = {}
    for character in sorted(characters):
        syllables = _library(character)
        if syllables:
            found[character] = syllables[0]
    return found


def exceptions(
    words: Iterable[str], characters: Mapping[str, str], known: Mapping[str, str]
) -> dict[str, str]:
    """The words whose syllables are not simply those of their characters."""
    found = {}
    for word in words:
        syllables = reading(word, known)
        if len(syllables) == len(word) and syllables != tuple(map(characters.get, word)):
            found[word] = " ".join(syllables)
    return found


@cache
def _library(text: str) -> tuple[str, ...]:
    """Only syllables of plain letters: what the library cannot read it would give back.

    A name is asked for several times in a build: for search, to be verified, for its province.
    """
    # Its dictionaries take a fifth of a second to load, and most builds read nothing aloud.
    from pypinyin.seg.simpleseg import seg

    return tuple(syllable for word in seg(text) for syllable in _word(word))


@cache
def _word(word: str) -> tuple[str, ...]:
    """The syllables of one of the words into which the library cuts a text; names share most."""
    from pypinyin import Style, lazy_pinyin

    read = lazy_pinyin(word, style=Style.NORMAL, v_to_u=False)
    return tuple(syllable for syllable in read if syllable.isascii() and syllable.isalpha())
