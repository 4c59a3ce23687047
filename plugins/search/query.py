"""Answering a query: the one `site_search` behind the command line and the export's tests.

The browser engine (`search-engine.js`) makes the same plan from the same words, adds up the same
impacts and relaxes in the same steps; its answers are equal, hit for hit and score for score.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from plugins.search.index import SearchIndex
from plugins.search.lexicon import GROUPS, PLACE_GROUPS, Value
from plugins.search.matching import Postings, facet_counts, matches, passes, scores
from plugins.search.plan import (
    QUERY_LIMIT,
    Chip,
    Condition,
    Piece,
    Plan,
    Terms,
    query_terms,
    understand,
)
from plugins.search.tokens import pairs, runs
from plugins.search.vocabulary import Vocabulary

__all__ = [
    "ORDERS", "QUERY_LIMIT", "Chosen", "Hit", "Offer", "SearchResult", "query_terms", "site_search",
]  # fmt: skip

ORDERS = ("relevance", "name", "seats")
_MOST_OFFERS = 6
# Windows of an unknown Han word in which a known word is looked for by its sound.
_LONGEST_WINDOW = 8
# Of up to so many terms of a word, one holds about half of its characters.
_FEW_TERMS = 3


@dataclass(frozen=True, slots=True)
class Hit:
    """One school that matches. `score` is a sum of integer impacts; higher is better."""

    school_id: str
    name: str
    score: int


@dataclass(frozen=True, slots=True)
class Offer:
    """A way on when nothing was found. `kind`: "without" (the query less one chip), "place" or
    "major". `count` is the number of schools that it leads to; None where it is not known."""

    kind: str
    group: str
    value: str
    label: str
    count: int | None
    query: str | None = None


@dataclass(frozen=True, slots=True)
class Chosen:
    """One of the visitor's own filters; `label` is its `value` where the value is unknown."""

    group: str
    value: str
    label: str


@dataclass(frozen=True)
class SearchResult:
    """The answer to `query`: how it was read, and all hits in the order asked for.

    `terms`: what the query's own words were read as. `approximate`: what was relaxed, one
    sentence each; empty for an exact answer. `offers`: where to go when there are no hits.
    `chosen`: the visitor's own filters. `wanted`: the terms of every reading of every word that
    a hit had to contain, after relaxing.
    """

    query: str
    terms: Terms
    hits: tuple[Hit, ...]
    chips: tuple[Chip, ...] = ()
    notes: tuple[str, ...] = ()
    approximate: tuple[str, ...] = ()
    offers: tuple[Offer, ...] = ()
    chosen: tuple[Chosen, ...] = ()
    wanted: tuple[Terms, ...] = ()
    # What the counts are made of.
    candidates: tuple[int, ...] = ()
    conditions: tuple[Condition, ...] = ()

    @property
    def asked_values(self) -> frozenset[Value]:
        """All values that a school might have to pass the filters."""
        return frozenset(value for condition in self.conditions for value in condition.values)

    def counts(self, vocabulary: Vocabulary) -> Mapping[str, Mapping[str, int]]:
        """See `facet_counts`."""
        return facet_counts(self.candidates, self.conditions, vocabulary)


def site_search(
    index: SearchIndex,
    query: str,
    vocabulary: Vocabulary,
    filters: Mapping[str, Iterable[str]] | None = None,
    order: str = "relevance",
    postings: Postings | None = None,
) -> SearchResult:
    """All schools that match every part of `query` and every filter, in the given order.

    Equal scores are ordered by school_id. Nothing asked, no hits, and counts of all schools. When
    nothing matches, the query is relaxed step by step; filters never are. Never raises on any
    string: Whoosh's query language is not used, so its operators are ordinary text. Raises
    ValueError for an order that does not exist. `postings`: of this index, for callers with many
    queries.
    """
    if order not in ORDERS:
        raise ValueError(f"unknown order: {order}")
    plan = understand(query, vocabulary, filters)
    chosen = _chosen(filters or {}, vocabulary)
    if not index.school_ids or not (plan.groups or plan.optional or plan.conditions):
        everywhere = tuple(range(len(index.school_ids)))
        return SearchResult(
            query,
            plan.terms,
            (),
            plan.chips,
            plan.notes,
            chosen=chosen,
            candidates=everywhere,
            conditions=plan.conditions,
        )
    with index.searcher() as searcher:
        asked = _Question(plan, len(index.school_ids), vocabulary, postings or Postings(searcher))
        found, approximate = _answer(asked, filters)
        passing = found.passing()
        offers: tuple[Offer, ...] = ()
        if not passing:
            # What was tried in vain need not be told.
            approximate, offers = (), _offers(found)
        candidates = tuple(sorted(found.scored))
    hits = tuple(
        Hit(index.school_ids[ordinal], index.names[ordinal], passing[ordinal])
        for ordinal in _ordered(passing, order, vocabulary)
    )
    return SearchResult(
        query=query,
        terms=plan.terms,
        hits=hits,
        chips=found.plan.chips,
        notes=plan.notes,
        approximate=approximate,
        offers=offers,
        chosen=chosen,
        wanted=tuple(terms for piece in found.plan.groups for terms in piece.alternatives),
        candidates=candidates,
        conditions=found.plan.conditions,
    )


def _chosen(filters: Mapping[str, Iterable[str]], vocabulary: Vocabulary) -> tuple[Chosen, ...]:
    return tuple(
        Chosen(group, value, vocabulary.lexicon.label((group, value)))
        for group in GROUPS
        for value in dict.fromkeys(filters.get(group, ()))
    )


@dataclass(frozen=True)
class _Question:
    """A plan, asked of the index."""

    plan: Plan
    schools: int
    vocabulary: Vocabulary
    postings: Postings

    @cached_property
    def scored(self) -> Mapping[int, int]:
        """Schools that match the text, whatever the conditions."""
        return scores(self.plan.groups, self.plan.optional, self.schools, self.postings)

    def passing(self, conditions: tuple[Condition, ...] | None = None) -> dict[int, int]:
        held = self.plan.conditions if conditions is None else conditions
        return {
            ordinal: score
            for ordinal, score in self.scored.items()
            if passes(ordinal, held, self.vocabulary)
        }

    def known(self, piece: Piece) -> int:
        """How many schools match the piece, whatever else is asked."""
        return len(matches(piece, self.postings))

    def with_plan(self, plan: Plan) -> "_Question":
        return replace(self, plan=plan)

    def with_groups(self, groups: Iterable[Piece]) -> "_Question":
        return self.with_plan(replace(self.plan, groups=tuple(groups)))


def _answer(
    asked: _Question, filters: Mapping[str, Iterable[str]] | None
) -> tuple[_Question, tuple[str, ...]]:
    """The question that has hits, and what was relaxed to get there; the last one tried when
    none has."""
    if asked.passing():
        return asked, ()
    said: list[str] = []
    unknown = [piece for piece in asked.plan.groups if not asked.known(piece)]
    if unknown:
        asked = _by_sound(asked, unknown, filters, said)
        if asked.passing():
            return asked, tuple(said)
        asked = _any_of(asked, said)
        if asked.passing():
            return asked, tuple(said)
    while len(asked.plan.groups) > 1:
        # The word of most schools says least; of equals the first goes.
        least = max(asked.plan.groups, key=asked.known)
        asked = asked.with_groups(piece for piece in asked.plan.groups if piece is not least)
        said.append(f"没有同时符合的学校，不看“{least.text}”")
        if asked.passing():
            return asked, tuple(said)
    return asked, tuple(said)


def _by_sound(
    asked: _Question,
    unknown: list[Piece],
    filters: Mapping[str, Iterable[str]] | None,
    said: list[str],
) -> _Question:
    """Words that no school has, each read as the known word that sounds like it."""
    mended = {}
    for piece in unknown:
        if like := _alike(piece, asked.vocabulary):
            mended[piece.text] = like
            said.append(f"没有“{piece.text}”，按读音相近的“{like}”来找")
    if not mended:
        return asked
    words = " ".join(mended.get(piece.text, piece.text) for piece in asked.plan.pieces)
    return asked.with_plan(understand(words, asked.vocabulary, filters))


def _alike(piece: Piece, vocabulary: Vocabulary) -> str | None:
    """The piece with one part replaced by the known word of that sound, longest parts first."""
    sounds = vocabulary.sounds
    if piece.letters:
        return sounds.like(piece.text)
    text = piece.text
    for length in range(min(_LONGEST_WINDOW, len(text)), 1, -1):
        for start in range(len(text) - length + 1):
            part = text[start : start + length]
            like = sounds.like("".join(sounds.reading(part)))
            if like and like != part:
                pieces = (text[:start], like, text[start + length :])
                return " ".join(word for word in pieces if len(word) > 1)
    return None


def _any_of(asked: _Question, said: list[str]) -> _Question:
    """Words that no school has: half of one will do; a word of which no school has half goes."""
    groups = []
    for piece in asked.plan.groups:
        if asked.known(piece):
            groups.append(piece)
            continue
        halved = replace(piece, alternatives=_halves(piece))
        if asked.known(halved):
            groups.append(halved)
            said.append(f"没有“{piece.text}”，按其中的一部分来找")
        else:
            said.append(f"没有“{piece.text}”，不看这个词")
    relaxed = asked.with_groups(groups)
    if groups or asked.plan.conditions:
        return relaxed
    # Nothing is left that was asked for: all schools would be no answer.
    return asked


def _halves(piece: Piece) -> tuple[Terms, ...]:
    """Every stretch of an alternative, or of the word's pairs, that holds half of its characters:
    one term of up to three, which overlap; half of the terms of more."""
    parts = tuple(part for run in runs(piece.text) if run.han for part in pairs(run.text))
    found: dict[Terms, None] = {}
    for terms in (parts, *piece.alternatives):
        size = 1 if len(terms) <= _FEW_TERMS else (len(terms) + 1) // 2
        for start in range(len(terms) - size + 1):
            found.setdefault(terms[start : start + size])
    return tuple(found)


def _ordered(passing: Mapping[int, int], order: str, vocabulary: Vocabulary) -> list[int]:
    if order == "name":
        return sorted(passing, key=lambda ordinal: vocabulary.by_name[ordinal])
    if order == "seats":
        return sorted(passing, key=lambda ordinal: (-vocabulary.schools[ordinal].seats, ordinal))
    return sorted(passing, key=lambda ordinal: (-passing[ordinal], ordinal))


def _offers(found: _Question) -> tuple[Offer, ...]:
    return (*_without_chips(found), *_near_places(found), *_near_majors(found))


def _without_chips(found: _Question) -> list[Offer]:
    offers = []
    for chip in found.plan.chips:
        if chip.strict and chip.active and chip.without:
            others = tuple(c for c in found.plan.conditions if c.group != chip.group)
            if count := len(found.passing(others)):
                offers.append(
                    Offer("without", chip.group, chip.values[0], chip.label, count, chip.without)
                )
    return offers


def _near_places(found: _Question) -> list[Offer]:
    """Cities with schools that match all but the place: of the asked province, then of its
    neighbours, then those of most schools. Where nothing matches, cities of any schools."""
    vocabulary = found.vocabulary
    lexicon = vocabulary.lexicon
    others = tuple(c for c in found.plan.conditions if c.group not in PLACE_GROUPS)
    schools: Iterable[int] = found.passing(others) or range(len(vocabulary.schools))
    counts: dict[str, int] = {}
    for ordinal in schools:
        for group, value in vocabulary.schools[ordinal].values:
            if group == "city":
                counts[value] = counts.get(value, 0) + 1
    asked: list[Value] = [
        value
        for condition in found.plan.conditions
        if condition.group in PLACE_GROUPS
        for value in condition.values
    ]
    nearness: dict[str, int] = {}
    for place_asked in asked:
        home = lexicon.province_of.get(place_asked, "")
        around = next((p.neighbours for p in lexicon.places if p.value == home), ())
        for far, province in enumerate((home, *around)):
            nearness.setdefault(province, far)
    cities = [place for place in lexicon.places if place.group == "city" and place.value in counts]
    distinct = {place.value: place for place in reversed(cities)}
    ordered = sorted(
        distinct.values(),
        key=lambda place: (
            nearness.get(lexicon.province_of["city", place.value], len(lexicon.places)),
            -counts[place.value],
            place.value,
        ),
    )
    return [
        Offer("place", "city", place.value, place.name, counts[place.value])
        for place in ordered[:_MOST_OFFERS]
    ]


def _near_majors(found: _Question) -> list[Offer]:
    """Majors that share most characters with the words asked for; of equals those of most
    schools."""
    characters = {character for piece in found.plan.groups for character in piece.text}
    majors = found.vocabulary.lexicon.majors
    shared = {major: len(characters.intersection(major)) for major in majors}
    ordered = sorted(majors, key=lambda major: -shared[major])
    return [Offer("major", "major", major, major, None) for major in ordered[:_MOST_OFFERS]]
