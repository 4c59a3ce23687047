"""The records of terms in the static index: which schools a term is in, and its impact there.

Impacts are those of `weighting.impact`, of many postings at once: NumPy adds, multiplies and
divides as Python does, to the last bit, and logarithms are left to Python.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Final

from plugins.search.arrays import Integers, Reals, first_of_each, np, varints_of_all
from plugins.search.postings import MENTION_BITS, MOST_MENTIONS, Postings, field_of, term_of
from plugins.search.postings_shards import named
from plugins.search.schema import FIELDS
from plugins.search.weighting import SCALE, phrase_weight, points, rarity, saturation

_AT_ONCE: Final = 1 << 18
"""About so many postings are scored together: more are no faster and take more memory."""


def term_records(postings: Postings) -> Iterator[tuple[bytes, bytes]]:
    """(term, record) of every term, in order; for the record see `postings_shards.term_record`."""
    terms = list(map(term_of, postings.keys))
    begins = [at for at, term in enumerate(terms) if not at or term != terms[at - 1]]
    starts = np.array([*(postings.starts[at] for at in begins), len(postings.data)])
    begins.append(len(terms))
    halves = _halves(postings.lengths)
    first = 0
    while first < len(begins) - 1:
        last = max(first + 1, int(np.searchsorted(starts, starts[first] + _AT_ONCE, "right")) - 1)
        scored = _scored(postings, begins[first : last + 1], halves)
        yield from (
            (terms[at], named(terms[at]) + schools)
            for at, schools in zip(begins[first:last], scored, strict=True)
        )
        first = last


def _halves(lengths: Sequence[Sequence[int]]) -> Reals:
    """The saturation of each school's fields, a row a field."""
    return np.array(
        [
            saturation(field, np.asarray(of_field, np.float64))
            for field, of_field in zip(FIELDS, lengths, strict=True)
        ]
    )


def _scored(postings: Postings, begins: Sequence[int], halves: Reals) -> list[bytes]:
    """What stands in the record of each term after the term: see `term_record`. The keys of a
    term begin at one of `begins` and end at the next."""
    here = slice(begins[0], begins[-1])
    keys, sizes = postings.keys[here], np.asarray(postings.sizes[here])
    data = np.asarray(postings.data[postings.starts[here.start] : postings.starts[here.stop]])
    schools = len(postings.school_ids)
    distinct, which = np.unique(sizes, return_inverse=True)
    rarities = np.array([rarity(schools, size) for size in distinct.tolist()])[which]
    weights = np.array([term_weight(term_of(postings.keys[begin])) for begin in begins[:-1]])
    terms = np.repeat(np.arange(len(weights)), np.diff(begins))
    fields = np.array(list(map(field_of, keys)))
    scales = np.array([field.boost * SCALE for field in FIELDS])
    of_posting = np.repeat(np.arange(len(keys)), sizes)
    ordinals = data >> MENTION_BITS
    found = points(
        scales[fields][of_posting],
        (rarities * weights[terms])[of_posting],
        data & MOST_MENTIONS,
        halves[fields[of_posting], ordinals],
    )
    return _records(terms[of_posting], ordinals, np.maximum(found.astype(np.int64), 1))


def _records(terms: Integers, ordinals: Integers, impacts: Integers) -> list[bytes]:
    """The impacts of each term and school summed over the fields, as bytes, a term each."""
    places = terms.astype(np.uint64) << 32 | ordinals
    order = np.argsort(places, kind="stable")
    places = places[order]
    each = first_of_each(places)
    impacts = np.add.reduceat(impacts[order], each)
    ordinals = places[each].astype(np.uint32)
    terms = terms[order][each]
    begins = first_of_each(terms)
    sizes = np.diff(begins, append=len(terms))
    distances = np.diff(ordinals.astype(np.int64), prepend=-1)
    distances[begins] = ordinals[begins].astype(np.int64) + 1
    # A term's numbers: of its schools, their distances, their impacts.
    numbers = np.empty(len(sizes) + 2 * len(terms), np.uint32)
    starts = np.arange(len(sizes)) + 2 * begins
    numbers[starts] = sizes
    at = np.arange(len(terms)) + np.repeat(starts + 1 - begins, sizes)
    numbers[at] = distances
    numbers[at + np.repeat(sizes, sizes)] = impacts
    written, ends = varints_of_all(numbers)
    return [written[a:b] for a, b in pairwise((0, *ends[starts + 2 * sizes].tolist()))]


def term_weight(term: bytes) -> int:
    """The `phrase_weight`; three Han characters take nine bytes."""
    return phrase_weight(term.decode()) if len(term) >= 9 else 1
