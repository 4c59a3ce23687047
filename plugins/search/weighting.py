"""How much one match counts, as an integer.

Floating-point sums depend on the order of the terms, and Whoosh and a browser would add in
different orders. An integer impact per (field, term, school) adds up to the same score anywhere,
so the command line and the browser rank alike, ties included. Nothing here imports Whoosh.
"""

from collections.abc import Sequence
from functools import lru_cache
from math import log

from plugins.search.schema import SearchField

# BM25's saturation: a term's tenth mention adds little.
_K1 = 1.2
# Impacts keep an eighth of a BM25 point.
_SCALE = 8


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


def saturation(field: SearchField, length: int) -> float:
    """How many mentions are worth half of what endless mentions would be, in a field of
    `length` tokens: more in a long text than in a short one."""
    relative = 1 - field.length_weight + field.length_weight * length / field.average_length
    return _K1 * relative


def impacts(
    field: SearchField, term_rarity: float, mentions: Sequence[int], halves: Sequence[float]
) -> list[int]:
    """The score of one term in one field of each school: 1 or more.

    `mentions`: how often the term stands in the field of each. `halves`: the field's `saturation`.
    """
    scale = field.boost * _SCALE
    gain = _K1 + 1
    # `or 1` is max(1, …) without a call: this line runs once for each posting of the site.
    return [
        int(term_rarity * often * gain / (often + half) * scale + 0.5) or 1
        for often, half in zip(mentions, halves, strict=True)
    ]


def impact(field: SearchField, term_rarity: float, frequency: int, length: int) -> int:
    """`impacts` for one school. `frequency`: how often the term stands in the field; `length`:
    the field's length in tokens."""
    return impacts(field, term_rarity, (frequency,), (saturation(field, length),))[0]
