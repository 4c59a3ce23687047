"""The ways in: who may apply, and for how long they then study."""

from __future__ import annotations

from msgspec import Struct

from plugins import addresses
from plugins.catalogue import Catalogue, Programme
from plugins.catalogue.vocabulary import ENTRIES, TRAINING_LEVELS
from plugins.site.views.major_offer import of_newest_year


class StudyLength(Struct, frozen=True):
    """One length of study open to an entry. `url` is its place on the entry's page.

    `schools` counts all, `seats` those of the newest `year`.
    """

    years: float
    url: str
    training_levels: tuple[str, ...]
    schools: int
    year: int
    seats: int


class EntryWay(Struct, frozen=True):
    """An entry that at least one programme takes, and the lengths of study after it."""

    entry: str
    url: str
    schools: int
    lengths: tuple[StudyLength, ...]


Rows = dict[str, dict[float, list[Programme]]]


def entry_ways(catalogue: Catalogue) -> tuple[EntryWay, ...]:
    """Every entry on offer, in the order of the word list."""
    return ways_of(rows_by_entry(catalogue))


def rows_by_entry(catalogue: Catalogue) -> Rows:
    """The newest plans' programmes by entry, then by length of study in years."""
    groups: Rows = {}
    for rows in catalogue.programmes_of_major.values():
        for row in rows:
            groups.setdefault(row.entry, {}).setdefault(row.duration_years, []).append(row)
    return {entry: dict(sorted(groups[entry].items())) for entry in ENTRIES if entry in groups}


def ways_of(groups: Rows) -> tuple[EntryWay, ...]:
    """The ways in that `rows_by_entry` has found."""
    return tuple(
        EntryWay(
            entry,
            addresses.entry(entry),
            len({row.school_id for rows in lengths.values() for row in rows}),
            tuple(_length(entry, years, rows) for years, rows in lengths.items()),
        )
        for entry, lengths in groups.items()
    )


def anchor_of(years: float) -> str:
    """Where a length of study stands on the page of its entry."""
    return f"years-{years:g}".replace(".", "-")


def _length(entry: str, years: float, rows: list[Programme]) -> StudyLength:
    newest = of_newest_year(rows)
    levels = {row.training_level for row in rows}
    return StudyLength(
        years=years,
        url=f"{addresses.entry(entry)}#{anchor_of(years)}",
        training_levels=tuple(level for level in TRAINING_LEVELS if level in levels),
        schools=len({row.school_id for row in rows}),
        year=newest[0].year,
        seats=sum(row.seats for row in newest),
    )


def entry_words(entry: str) -> str:
    """Who an entry means, in the words of an applicant."""
    return "其他人员" if entry == "其他" else f"{entry}毕业生"
