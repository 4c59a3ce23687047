"""How often each term stands in each field of each school, counted for all schools at once.

The text of one field of all schools is one array of characters, and a token is a number there: its
two characters side by side, or the number of its word. Sorting the tokens counts them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from typing import Final

from plugins.search.arrays import Flags, Integers, first_of_each, np
from plugins.search.characters import HAN, WORD
from plugins.search.postings import MENTION_BITS, MOST_MENTIONS, key_of
from plugins.search.schema import FIELDS, SearchField
from plugins.search.tokens import normalize, separated

# A term's code: of one or two Han characters, 18 bits each, the second 0 where there is none; of a
# word or a phrase its number, which is less than the code of any Han character.
_CHARACTER_BITS: Final = 18
_ONE_CHARACTER: Final = (1 << _CHARACTER_BITS) - 1
_FIRST_HAN: Final = HAN[0][0] << _CHARACTER_BITS
_ORDINAL_BITS: Final = 32 - MENTION_BITS
_FIELD_BITS: Final = 4
_CODE_POINTS: Final = 0x110000
_HAN, _WORD = 1, 2

Values = Mapping[str, Sequence[str]]
"""Field to what stands in it."""


@dataclass(frozen=True, slots=True)
class Counted:
    """`keys`, `sizes` and `data` as in `Postings`; `lengths` is a row of numbers a field."""

    keys: list[bytes]
    sizes: Integers
    data: Integers
    lengths: Integers


def count_terms(schools: Sequence[Values], phrases: Sequence[str]) -> Counted:
    """The terms of schools, by ordinal. A value never runs into the next one. Phrases are terms
    and make a field no longer."""
    finder = _Phrases(phrases)
    numbers: defaultdict[str, int] = defaultdict(count().__next__)
    counted = [_counted(field, schools, finder, numbers) for field in FIELDS]
    codes = np.concatenate([found >> _ORDINAL_BITS for found, _, _ in counted])
    distinct = np.unique(codes)
    terms = _terms(distinct, list(numbers))
    ranks = np.empty(len(terms), np.uint64)
    ranks[sorted(range(len(terms)), key=terms.__getitem__)] = np.arange(len(terms))
    in_fields = np.repeat(np.arange(len(FIELDS), dtype=np.uint64), [len(one[0]) for one in counted])
    keys = ranks[np.searchsorted(distinct, codes)] << _FIELD_BITS | in_fields
    order = np.argsort(keys, kind="stable")
    keys = keys[order]
    ordinals = np.concatenate([found for found, _, _ in counted])[order] & (1 << _ORDINAL_BITS) - 1
    mentions = np.concatenate([often for _, often, _ in counted])[order].astype(np.uint64)
    starts = first_of_each(keys)
    ordered = sorted(terms)
    return Counted(
        [key_of(ordered[key >> _FIELD_BITS].encode(), key & 15) for key in keys[starts].tolist()],
        np.diff(starts, append=len(keys)).astype(np.uint32),
        (ordinals << MENTION_BITS | np.minimum(mentions, MOST_MENTIONS)).astype(np.uint32),
        np.array([lengths for _, _, lengths in counted], np.uint32),
    )


def _counted(
    field: SearchField, schools: Sequence[Values], finder: _Phrases, numbers: Mapping[str, int]
) -> tuple[Integers, Integers, Integers]:
    """Codes with ordinals below them, in order; the mentions of each; each school's tokens."""
    texts = [normalize(separated("\n".join(one.get(field.name, ())))) for one in schools]
    characters = _Characters(texts)
    codes, ordinals = characters.tokens(numbers, core=field.core)
    lengths = np.bincount(ordinals.astype(np.intp), minlength=len(schools))
    more = [
        numbers[phrase] << _ORDINAL_BITS | ordinal
        for ordinal, phrase, often in finder.find(characters)
        for _ in range(often)
    ]
    tokens = np.concatenate((codes << _ORDINAL_BITS | ordinals, np.array(more, np.uint64)))
    return *np.unique(tokens, return_counts=True), lengths


def _terms(codes: Integers, numbered: Sequence[str]) -> list[str]:
    """The terms of codes that are in order."""
    words = int(np.searchsorted(codes, _FIRST_HAN))
    han = codes[words:].tolist()
    return [
        *(numbered[code] for code in codes[:words].tolist()),
        *(chr(code >> _CHARACTER_BITS) + _second(code & _ONE_CHARACTER) for code in han),
    ]


def _second(character: int) -> str:
    return chr(character) if character else ""


class _Characters:
    """The normalized texts of schools as one array of characters."""

    def __init__(self, texts: Sequence[str]) -> None:
        self.texts = texts
        self.joined = "\n".join(texts)
        self.all = np.frombuffer(self.joined.encode("utf-32-le"), "<u4").astype(np.uint64)
        owners = np.repeat(np.arange(len(texts), dtype=np.uint64), [len(one) + 1 for one in texts])
        self.ordinals = owners[: len(self.all)]
        kinds = _KINDS[self.all]
        self._han, self._word = kinds == _HAN, kinds == _WORD
        self.pair_begins = self._han[:-1] & self._han[1:]

    def tokens(self, numbers: Mapping[str, int], *, core: bool) -> tuple[Integers, Integers]:
        """The code and the school of each of the `tokens`, or `core_tokens`, in any order.
        `numbers` has one for every word."""
        pairs = np.flatnonzero(self.pair_begins)
        single = np.flatnonzero(self._han if core else self._alone())
        edges = np.diff(self._word.astype(np.int8), prepend=0, append=0)
        begins, ends = np.flatnonzero(edges == 1), np.flatnonzero(edges == -1)
        words = [
            numbers[self.joined[begin:end]]
            for begin, end in zip(begins.tolist(), ends.tolist(), strict=True)
        ]
        codes = (
            self.all[pairs] << _CHARACTER_BITS | self.all[pairs + 1],
            self.all[single] << _CHARACTER_BITS,
            np.array(words, np.uint64),
        )
        return np.concatenate(codes), self.ordinals[np.concatenate((pairs, single, begins))]

    def _alone(self) -> Flags:
        """Where a Han character has none beside it."""
        alone: Flags = self._han.copy()
        alone[:-1] &= ~self.pair_begins
        alone[1:] &= ~self.pair_begins
        return alone


class _Phrases:
    """Finds phrases, by the three characters with which each begins."""

    def __init__(self, phrases: Iterable[str]) -> None:
        self._by_beginning: dict[int, list[str]] = {}
        for phrase in phrases:
            first, second, third = map(ord, phrase[:3])
            beginning = (first << _CHARACTER_BITS | second) << _CHARACTER_BITS | third
            self._by_beginning.setdefault(beginning, []).append(phrase)
        self._beginnings = np.array(sorted(self._by_beginning), np.uint64)

    def find(self, characters: _Characters) -> Iterator[tuple[int, str, int]]:
        """The school, the phrase, and how often it stands there."""
        at = np.flatnonzero(characters.pair_begins[:-1] & characters.pair_begins[1:])
        pairs = characters.all[at] << _CHARACTER_BITS | characters.all[at + 1]
        here = pairs << _CHARACTER_BITS | characters.all[at + 2]
        known = np.isin(here, self._beginnings)
        schools, beginnings = characters.ordinals[at[known]].tolist(), here[known].tolist()
        for ordinal, beginning in dict.fromkeys(zip(schools, beginnings, strict=True)):
            for phrase in self._by_beginning[beginning]:
                if often := characters.texts[ordinal].count(phrase):
                    yield ordinal, phrase, often


def _kinds() -> Integers:
    kinds = np.zeros(_CODE_POINTS, np.uint8)
    for kind, ranges in ((_HAN, HAN), (_WORD, WORD)):
        for first, last in ranges:
            kinds[first : last + 1] = kind
    return kinds


_KINDS: Final = _kinds()
"""Of every code point, whether it is a Han character or stands in words."""
