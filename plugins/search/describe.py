"""What a result shows of a school, and why the school was found.

The browser describes its hits in the same way (`describe` in `search-engine.js`).
"""

from dataclasses import dataclass

from plugins.search.document import Programme, SearchDocument
from plugins.search.query import Hit, SearchResult
from plugins.search.tokens import plain

_MOST_PROGRAMMES = 3


@dataclass(frozen=True, slots=True)
class Description:
    """One result. `programmes`: those that were asked for, most seats first, at most three."""

    school_id: str
    name: str
    place: str
    level: str
    verified: bool
    score: int
    programmes: tuple[Programme, ...]


def describe(document: SearchDocument, hit: Hit, result: SearchResult) -> Description:
    """`document` is that of the school of `hit`, which is one of the hits of `result`."""
    asked_for = (programme for programme in document.programmes if _is_asked(programme, result))
    return Description(
        school_id=document.school_id,
        name=document.name,
        place=document.place,
        level=document.level,
        verified=document.verified,
        score=hit.score,
        programmes=tuple(asked_for)[:_MOST_PROGRAMMES],
    )


def _is_asked(programme: Programme, result: SearchResult) -> bool:
    """Whether its major was chosen, or major and direction hold all terms of one of the readings
    of a word (the word itself, a synonym, what its pinyin stands for)."""
    if ("major", programme.major) in result.asked_values:
        return True
    text = plain(f"{programme.major} {programme.direction}")
    return any(all(term in text for term in terms) for terms in result.wanted)
