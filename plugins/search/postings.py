"""Postings: which schools contain a term in a field, and how often. The index itself.

`postings_build` makes it. Nothing here imports Whoosh: `index` lets Whoosh read these postings.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import accumulate
from typing import Final

MOST_MENTIONS = 255
"""Mentions of a term in one field are counted up to here; the hundredth adds nothing to a score."""

# A posting is one 32-bit number: the school's ordinal above, its mentions in the low byte.
POSTING: Final = "I"
MENTION_BITS: Final = 8
# A key is a term's UTF-8 and one byte for the field. The byte sorts before every byte of a term
# (the first are digits), so that keys are in term order, and it is never a line feed.
_FIELD_BYTE = 0x10

InField = tuple[int, memoryview]
"""A field's number, and the postings of some term in it."""


@dataclass(frozen=True, slots=True)
class Postings:
    """The index of some schools, by ordinal. Equal documents give equal parts.

    `digests` and `sources` say what each school was indexed from; `lengths` holds, field by
    field, the number of tokens of each school; `keys` are the (term, field) pairs in order,
    `sizes` the number of schools of each key, and `data` all postings, key after key. `shards`
    are the term files of the static index. `phrases`, in order, are terms besides the tokens.
    """

    school_ids: tuple[str, ...]
    digests: tuple[str, ...]
    sources: tuple[bytes, ...]
    lengths: tuple[array[int], ...]
    keys: list[bytes]
    sizes: array[int]
    data: memoryview[int]
    shards: tuple[bytes, ...]
    phrases: tuple[str, ...] = ()
    starts: list[int] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "starts", list(accumulate(self.sizes, initial=0)))

    def find(self, term: bytes, number: int) -> memoryview[int]:
        """The postings of `term` in field `number`, by ordinal; empty when there are none."""
        wanted = key_of(term, number)
        place = bisect_left(self.keys, wanted)
        if place == len(self.keys) or self.keys[place] != wanted:
            return self.data[:0]
        return self.at(place)

    def at(self, place: int) -> memoryview[int]:
        """The postings of the key at `place` of `keys`."""
        return self.data[self.starts[place] : self.starts[place + 1]]

    def entries(self) -> Iterator[tuple[bytes, InField]]:
        """Term, field number and postings of every key, in order."""
        for place, key in enumerate(self.keys):
            yield term_of(key), (field_of(key), self.at(place))


def split_posting(posting: int) -> tuple[int, int]:
    """(ordinal of the school, mentions of the term) of one posting."""
    return posting >> MENTION_BITS, posting & MOST_MENTIONS


def key_of(term: bytes, number: int) -> bytes:
    """The key of a term in field `number`."""
    return term + bytes((_FIELD_BYTE + number,))


def term_of(key: bytes) -> bytes:
    return key[:-1]


def field_of(key: bytes) -> int:
    return key[-1] - _FIELD_BYTE
