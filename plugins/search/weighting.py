"""How much one match counts, as an integer.

Floating-point sums depend on the order of the terms, and Whoosh and a browser would add in
different orders. An integer impact per (field, term, school) adds up to the same score anywhere,
so the command line and the browser rank alike, ties included.
"""

from dataclasses import dataclass
from math import log
from typing import Any

from whoosh.scoring import BaseScorer, WeightingModel

from plugins.search.schema import SearchField, field_named

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


def rarity(documents: int, matching: int) -> float:
    """BM25's inverse document frequency; always above 0. `matching` schools of `documents`."""
    return log(1 + (population(documents) - matching + 0.5) / (matching + 0.5))


def impact(field: SearchField, term_rarity: float, frequency: float, length: int) -> int:
    """The score of one term in one field of one school: 1 or more.

    `frequency`: how often the term stands in the field; `length`: the field's length in tokens.
    """
    relative = 1 - field.length_weight + field.length_weight * length / field.average_length
    bm25 = term_rarity * frequency * (_K1 + 1) / (frequency + _K1 * relative)
    return max(1, int(bm25 * field.boost * _SCALE + 0.5))


@dataclass(frozen=True, slots=True)
class ImpactWeighting(WeightingModel):  # type: ignore[misc]
    """Whoosh's scoring by integer impacts."""

    def scorer(self, searcher: Any, fieldname: str, text: bytes, qf: int = 1) -> "ImpactScorer":
        """The scorer of one term in one field; Whoosh calls it with the term as stored."""
        whole = searcher.get_parent()
        return ImpactScorer(
            searcher=searcher,
            field=field_named(fieldname),
            rarity=rarity(whole.doc_count_all(), whole.doc_frequency(fieldname, text)),
        )


@dataclass(frozen=True, slots=True)
class ImpactScorer(BaseScorer):  # type: ignore[misc]
    """Scores one term's postings. Block quality stays off: `BaseScorer` says so, and with it
    Whoosh may skip matches of an And of Ors."""

    searcher: Any
    field: SearchField
    rarity: float

    def score(self, matcher: Any) -> int:
        """The impact of the matcher's current posting."""
        length = self.searcher.doc_field_length(matcher.id(), self.field.name, 1)
        return impact(self.field, self.rarity, matcher.weight(), length)
