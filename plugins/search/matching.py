"""Which schools a plan finds, and what each scores. Whoosh matches and scores every term."""

from collections.abc import Iterable, Mapping
from typing import Any

from whoosh.query import Or, Term

from plugins.search.lexicon import GROUPS, PLACE_GROUPS
from plugins.search.plan import Condition, Piece, Terms
from plugins.search.schema import FIELD_NAMES
from plugins.search.vocabulary import Vocabulary


class Postings:
    """Term to {ordinal: impact, summed over the fields}, each asked of Whoosh once."""

    def __init__(self, searcher: Any) -> None:
        self._searcher = searcher
        self._found: dict[str, dict[int, int]] = {}

    def of(self, term: str) -> dict[int, int]:
        if term not in self._found:
            wanted = Or([Term(field, term) for field in FIELD_NAMES])
            # Always all hits: with a limit Whoosh may leave out better schools.
            found = self._searcher.search(wanted, limit=None)
            self._found[term] = {ordinal: int(score) for ordinal, score in found.items()}
        return self._found[term]


def matches(piece: Piece, postings: Postings) -> dict[int, Terms]:
    """Schools that contain all terms of an alternative, with the alternative that scores most
    (of equals the first)."""
    best: dict[int, tuple[int, Terms]] = {}
    for terms in piece.alternatives:
        lists = [postings.of(term) for term in terms]
        smallest = min(lists, key=len, default={})
        for ordinal in smallest:
            if all(ordinal in one for one in lists):
                score = sum(one[ordinal] for one in lists)
                if ordinal not in best or score > best[ordinal][0]:
                    best[ordinal] = (score, terms)
    return {ordinal: terms for ordinal, (_, terms) in best.items()}


def scores(
    groups: Iterable[Piece], optional: Terms, schools: int, postings: Postings
) -> dict[int, int]:
    """Schools that match every group, with their scores; all schools where there is no group.

    The score is the sum of the impacts of the distinct terms of the best alternatives, and of
    the optional terms that the school contains.
    """
    found = [matches(piece, postings) for piece in groups]
    smallest: Mapping[int, Terms] = min(found, key=len, default={})
    candidates: Iterable[int] = smallest if found else range(schools)
    extra = [postings.of(term) for term in optional]
    result: dict[int, int] = {}
    for ordinal in candidates:
        if all(ordinal in one for one in found):
            terms = {term for one in found for term in one[ordinal]}
            score = sum(postings.of(term)[ordinal] for term in terms)
            for term, impacts in zip(optional, extra, strict=True):
                if term not in terms:
                    score += impacts.get(ordinal, 0)
            result[ordinal] = score
    return result


def passes(ordinal: int, conditions: Iterable[Condition], vocabulary: Vocabulary) -> bool:
    """Whether the school meets every condition."""
    return all(
        ordinal in condition.named
        or any(value in vocabulary.schools[ordinal].values for value in condition.values)
        for condition in conditions
    )


def without_own_choice(group: str, conditions: Iterable[Condition]) -> tuple[Condition, ...]:
    """The conditions that count for the group's numbers: its own choice does not, nor, for a
    place, the choice of a smaller place within."""
    is_place = group in PLACE_GROUPS
    ignored = PLACE_GROUPS[PLACE_GROUPS.index(group) :] if is_place else (group,)
    return tuple(condition for condition in conditions if condition.group not in ignored)


def facet_counts(
    candidates: Iterable[int], conditions: Iterable[Condition], vocabulary: Vocabulary
) -> Mapping[str, Mapping[str, int]]:
    """Group to value to the number of schools that would be left by choosing that value alone in
    its group. Values of no school are left out; values are in the order of their spelling."""
    schools = tuple(candidates)
    held = tuple(conditions)
    counts: dict[str, dict[str, int]] = {}
    for group in GROUPS:
        others = without_own_choice(group, held)
        found: dict[str, int] = {}
        for ordinal in schools:
            if passes(ordinal, others, vocabulary):
                for value_group, value in vocabulary.schools[ordinal].values:
                    if value_group == group:
                        found[value] = found.get(value, 0) + 1
        counts[group] = dict(sorted(found.items()))
    return counts
