"""What the search engine knows about one school."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from typing import NamedTuple

from plugins.search.lexicon import GROUPS
from plugins.search.schema import FIELD_NAMES


class Programme(NamedTuple):
    """What a result may show of a plan: `seats` of all rows with this major and direction, in the
    plan of `year`. Whether that year is past is for the reader's own day to say."""

    major: str
    direction: str
    seats: int
    year: int


@dataclass(frozen=True, slots=True)
class SearchDocument:
    """One school as the search engine sees it.

    `name`, `place`, `level` and `verified` are what a result shows; `url` is the school's page.
    `fields` is what is searched: field name (see `schema.FIELDS`) to a tuple of values. A value
    never runs into the next one, so no match straddles two majors. Fields may be left out.
    `facets` is what filters ask for: group (see `lexicon.GROUPS`) to the school's values; a group
    that is left out is unknown. `seats` and `sort_name` (pinyin) are what results may be sorted
    by. `programmes` are those of the newest plan, most seats first.

    Raises ValueError for a field that does not exist, and TypeError when a field is a bare
    string (which would be read as a tuple of characters).
    """

    school_id: str
    name: str
    place: str
    level: str
    verified: bool
    url: str
    fields: Mapping[str, tuple[str, ...]]
    facets: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    seats: int = 0
    sort_name: str = ""
    programmes: tuple[Programme, ...] = ()

    def __post_init__(self) -> None:
        unknown = sorted(set(self.fields) - set(FIELD_NAMES))
        if unknown:
            raise ValueError(f"unknown search field: {', '.join(unknown)}")
        strange = sorted(set(self.facets) - set(GROUPS))
        if strange:
            raise ValueError(f"unknown facet: {', '.join(strange)}")
        for name, values in (*self.fields.items(), *self.facets.items()):
            if isinstance(values, str):
                raise TypeError(f"search field {name!r} must be a tuple of strings, not a string")

    def values(self, field: str) -> tuple[str, ...]:
        """The values of one field; empty when the school has none."""
        return self.fields.get(field, ())


def in_order(documents: Iterable[SearchDocument]) -> tuple[SearchDocument, ...]:
    """The documents by school_id: a document's position here is its ordinal everywhere.

    Raises ValueError when two documents have one school_id.
    """
    ordered = tuple(sorted(documents, key=lambda document: document.school_id))
    for before, after in pairwise(ordered):
        if before.school_id == after.school_id:
            raise ValueError(f"two search documents for one school: {before.school_id}")
    return ordered
