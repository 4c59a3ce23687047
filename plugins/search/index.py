"""The schools' postings as a Whoosh index: what Whoosh matches and scores.

Whoosh's own files hold the same facts, but writing them costs minutes where these postings cost
seconds, and an edit would mean writing all of them again. So Whoosh reads ours, through the
interface that it has for other kinds of index. A school's number in Whoosh is its ordinal.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from whoosh.fields import FieldType, Schema
from whoosh.formats import Existence
from whoosh.matching import ListMatcher
from whoosh.reading import IndexReader, TermInfo, TermNotFound
from whoosh.scoring import BaseScorer, WeightingModel
from whoosh.searching import Searcher

from plugins.search.document import SearchDocument, in_order
from plugins.search.lexicon import EMPTY, Lexicon
from plugins.search.postings import Postings, split_posting
from plugins.search.postings_build import build_postings
from plugins.search.postings_cache import open_postings
from plugins.search.schema import FIELD_NAMES, field_named
from plugins.search.weighting import impact, phrase_weight, rarity


@dataclass(frozen=True, slots=True)
class SearchIndex:
    """An index that can be searched. `names` are by ordinal."""

    postings: Postings
    names: tuple[str, ...]

    @property
    def school_ids(self) -> tuple[str, ...]:
        """The schools, by ordinal."""
        return self.postings.school_ids

    @property
    def shards(self) -> tuple[bytes, ...]:
        """The term files of the static index."""
        return self.postings.shards

    @contextmanager
    def searcher(self) -> Iterator[Any]:
        """A Whoosh searcher that scores by integer impacts."""
        with Searcher(PostingsReader(self.postings), weighting=ImpactWeighting()) as searcher:
            yield searcher


def build(documents: Iterable[SearchDocument], lexicon: Lexicon = EMPTY) -> SearchIndex:
    """Index the documents in memory, and the lexicon's phrases in them. Raises ValueError when
    two have one school_id."""
    ordered = in_order(documents)
    return _search_index(build_postings(ordered, phrases=lexicon.indexed_phrases), ordered)


def open_or_build(
    documents: Iterable[SearchDocument], cache_dir: Path, lexicon: Lexicon = EMPTY
) -> SearchIndex:
    """The index of these documents, kept in `cache_dir`: see `open_postings`."""
    ordered = in_order(documents)
    return _search_index(
        open_postings(ordered, cache_dir, phrases=lexicon.indexed_phrases), ordered
    )


def _search_index(postings: Postings, ordered: tuple[SearchDocument, ...]) -> SearchIndex:
    return SearchIndex(postings, names=tuple(document.name for document in ordered))


class PostingsReader(IndexReader):  # type: ignore[misc]
    """Whoosh's view of postings: one segment, nothing deleted, nothing stored."""

    def __init__(self, postings: Postings) -> None:
        self.postings_of_site = postings
        self.schema = Schema(**{name: _TermField() for name in FIELD_NAMES})

    def __contains__(self, term: tuple[str, bytes]) -> bool:
        return bool(self.doc_frequency(*term))

    def indexed_field_names(self) -> list[str]:
        return list(FIELD_NAMES)

    def all_terms(self) -> Iterator[tuple[str, bytes]]:
        """In Whoosh's order: by field name, then term."""
        terms = [
            (FIELD_NAMES[number], term) for term, (number, _) in self.postings_of_site.entries()
        ]
        return iter(sorted(terms))

    def term_info(self, fieldname: str, text: bytes) -> TermInfo:
        found = self._mentions(fieldname, text)
        if not found:
            raise TermNotFound(f"{fieldname}:{text!r}")
        weights = [mentions for _, mentions in found]
        return TermInfo(
            weight=sum(weights),
            df=len(found),
            maxweight=max(weights),
            minid=found[0][0],
            maxid=found[-1][0],
        )

    def doc_count_all(self) -> int:
        return len(self.postings_of_site.school_ids)

    def doc_count(self) -> int:
        return self.doc_count_all()

    def has_deletions(self) -> bool:
        return False

    def is_deleted(self, docnum: int) -> bool:
        return False

    def all_doc_ids(self) -> Iterator[int]:
        return iter(range(self.doc_count_all()))

    def stored_fields(self, docnum: int) -> dict[str, object]:
        return {}

    def field_length(self, fieldname: str) -> int:
        return sum(self._lengths(fieldname))

    def min_field_length(self, fieldname: str) -> int:
        return min(self._lengths(fieldname), default=0)

    def max_field_length(self, fieldname: str) -> int:
        return max(self._lengths(fieldname), default=0)

    def doc_field_length(self, docnum: int, fieldname: str, default: int = 0) -> int:
        return self._lengths(fieldname)[docnum] or default

    def frequency(self, fieldname: str, text: bytes) -> int:
        return sum(mentions for _, mentions in self._mentions(fieldname, text))

    def doc_frequency(self, fieldname: str, text: bytes) -> int:
        return len(self._find(fieldname, text))

    def postings(self, fieldname: str, text: bytes, scorer: Any = None) -> ListMatcher:
        found = self._mentions(fieldname, text)
        if not found:
            raise TermNotFound(f"{fieldname}:{text!r}")
        ordinals, weights = zip(*found, strict=True)
        return ListMatcher(ordinals, weights, scorer=scorer, term=(fieldname, text))

    def _find(self, fieldname: str, text: bytes) -> memoryview[int]:
        return self.postings_of_site.find(text, FIELD_NAMES.index(fieldname))

    def _mentions(self, fieldname: str, text: bytes) -> list[tuple[int, int]]:
        return [split_posting(posting) for posting in self._find(fieldname, text)]

    def _lengths(self, fieldname: str) -> Any:
        return self.postings_of_site.lengths[FIELD_NAMES.index(fieldname)]


class _TermField(FieldType):  # type: ignore[misc]
    """A field whose terms are looked up as they are."""

    def __init__(self) -> None:
        super().__init__(format=Existence(), analyzer=None, scorable=True, stored=False)


@dataclass(frozen=True, slots=True)
class ImpactWeighting(WeightingModel):  # type: ignore[misc]
    """Whoosh's scoring by integer impacts."""

    def scorer(self, searcher: Any, fieldname: str, text: bytes, qf: int = 1) -> ImpactScorer:
        """The scorer of one term in one field; Whoosh calls it with the term as stored."""
        found = searcher.doc_frequency(fieldname, text)
        worth = rarity(searcher.doc_count_all(), found) * phrase_weight(text.decode())
        return ImpactScorer(searcher, fieldname, worth)


@dataclass(frozen=True, slots=True)
class ImpactScorer(BaseScorer):  # type: ignore[misc]
    """Scores one term's postings. Block quality stays off: `BaseScorer` says so, and with it
    Whoosh may skip matches of an And of Ors."""

    searcher: Any
    fieldname: str
    rarity: float

    def score(self, matcher: Any) -> int:
        """The impact of the matcher's current posting."""
        field = field_named(self.fieldname)
        length = self.searcher.doc_field_length(matcher.id(), self.fieldname)
        return impact(field, self.rarity, matcher.weight(), length)
