"""Answering a query: the one `site_search` behind the command line and the export's tests.

The browser engine (`search-engine.js`) makes the same plan from the same ranges and words and
adds up the same impacts; its answers are equal, hit for hit and score for score.
"""

from dataclasses import dataclass

from whoosh.query import And, Or, Term

from plugins.search.index import SearchIndex
from plugins.search.schema import FIELD_NAMES
from plugins.search.tokens import join_surrogates, pairs, runs
from plugins.search.vocabulary import Vocabulary

# Characters of a query that are read; the rest is cut off. The longest name of a school has
# about 30, and each further character is one more thing that a hit must contain.
QUERY_LIMIT = 100


@dataclass(frozen=True, slots=True)
class Hit:
    """One school that matches. `score` is a sum of integer impacts; higher is better."""

    school_id: str
    name: str
    score: int


@dataclass(frozen=True, slots=True)
class SearchResult:
    """The answer to `query`: the terms that it was read as, and all hits, best first."""

    query: str
    terms: tuple[str, ...]
    hits: tuple[Hit, ...]


def query_terms(query: str, vocabulary: Vocabulary) -> tuple[str, ...]:
    """The distinct terms that a hit must contain, in the order of the query.

    Only the first `QUERY_LIMIT` characters are read. Known words are split off first, then each
    piece becomes its tokens. Any string is accepted; one with nothing to search for gives no term.
    """
    found: dict[str, None] = {}
    for run in runs(_shortened(query)):
        if run.han:
            for piece in vocabulary.split(run.text):
                found.update(dict.fromkeys(pairs(piece)))
        else:
            found[run.text] = None
    return tuple(found)


def site_search(index: SearchIndex, query: str, vocabulary: Vocabulary) -> SearchResult:
    """All schools that contain every term of `query`, each in any field, best first.

    Equal scores are ordered by school_id. No term, no hits. Never raises on any string: Whoosh's
    query language is not used, so its operators are ordinary text.
    """
    terms = query_terms(query, vocabulary)
    if not terms or not index.school_ids:
        return SearchResult(query, terms, ())
    wanted = And([Or([Term(field, term) for field in FIELD_NAMES]) for term in terms])
    with index.searcher() as searcher:
        # Always all hits: Whoosh's own top ten of an And of Ors leaves out better schools.
        found = sorted(
            (-int(score), ordinal) for ordinal, score in searcher.search(wanted, limit=None).items()
        )
    hits = tuple(
        Hit(index.school_ids[ordinal], index.names[ordinal], -negated) for negated, ordinal in found
    )
    return SearchResult(query, terms, hits)


def _shortened(query: str) -> str:
    # Cut by code points, as the browser does; a code point is at most two surrogates.
    return join_surrogates(query[: 2 * QUERY_LIMIT])[:QUERY_LIMIT]
