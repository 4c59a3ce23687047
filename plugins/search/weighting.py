"""How much one match counts, as an integer.

Floating-point sums depend on the order of the terms, and Whoosh and a browser would add in
different orders. An integer impact per (field, term, school) adds up to the same score anywhere,
so the command line and the browser rank alike, ties included. Nothing here imports Whoosh.
"""

from __future__ import annotations

from functools import lru_cache
from math import log
from typing import TYPE_CHECKING, TypeVar

from plugins.search.schema import SearchField

if TYPE_CHECKING:
    from plugins.search.arrays import Reals

Real = TypeVar("Real", float, "Reals")

# BM25's saturation: a term's tenth mention adds little.
_K1 = 1.2
# Impacts keep an eighth of a BM25 point.
SCALE = 8


def population(documents: int) -> int:
    """The number of schools as the scoring sees it: rounded up to a power of two.

    One more school then changes the worth of its own words alone, except when a power of two is
    crossed. 137 schools count as 256, 3,000 as 4,096.
    """
    return 1 << max(0, documents - 1).bit_length()


@lru_cache(10_000)
def rarity(documents: int, matching: int) -> float:
    """BM25's inverse document frequency; always above 0. `matching` schools of `documents`."""
    return log(1 + (population(documents) - matching + 0.5) / (matching + 0.5))


def phrase_weight(term: str) -> int:
    """How many pairs of characters a term stands for: 1, but for a Han phrase of three or more
    characters one less than it has, so that it counts like the pairs that it replaces."""
    return len(term) - 1 if len(term) > 2 and term[0] >= "\u3005" else 1


def saturation(field: SearchField, length: Real) -> Real:
    """How many mentions are worth half of what endless mentions would be, in a field of
    `length` tokens: more in a long text than in a short one."""
    return _K1 * (1 - field.length_weight + field.length_weight * length / field.average_length)


def points(scale: Real, term_rarity: Real, mentions: Real, half: Real) -> Real:
    """The score of one term in one field before it is cut to a whole number. `half`: the field's
    `saturation`. Arrays give what their numbers would give, to the last bit."""
    return term_rarity * mentions * (_K1 + 1) / (mentions + half) * scale + 0.5


def impact(field: SearchField, term_rarity: float, frequency: int, length: int) -> int:
    """The score of one term in one field of a school: 1 or more. `frequency`: how often the term
    stands in the field; `length`: the field's length in tokens."""
    half = saturation(field, float(length))
    return max(1, int(points(field.boost * SCALE, term_rarity, frequency, half)))
