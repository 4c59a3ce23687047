"""A major with what is on offer of it, as lists of majors show it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from plugins import addresses
from plugins.catalogue import Catalogue, Programme


@dataclass(frozen=True, slots=True)
class MajorOffer:
    """How many schools offer a major, and the seats of the newest `year` that has any.

    Seats of different years are never added up.
    """

    name: str
    url: str
    category: str
    schools: int
    year: int
    seats: int


def major_offers(catalogue: Catalogue, programmes: Iterable[Programme]) -> tuple[MajorOffer, ...]:
    """The majors of `programmes`, variants folded, most schools first."""
    groups: dict[str, list[Programme]] = {}
    for programme in programmes:
        if major := catalogue.reference.canonical_major(programme.major):
            groups.setdefault(major.name, []).append(programme)
    offers = []
    for name, rows in groups.items():
        newest = of_newest_year(rows)
        major = catalogue.reference.major_by_name[name]
        offers.append(
            MajorOffer(
                name=name,
                url=addresses.major(major),
                category=catalogue.reference.category_by_code[major.category_code].name,
                schools=len({row.school_id for row in rows}),
                year=newest[0].year,
                seats=sum(row.seats for row in newest),
            )
        )
    return tuple(sorted(offers, key=lambda offer: (-offer.schools, -offer.seats, offer.name)))


def newest_programmes(catalogue: Catalogue, school_ids: Iterable[str]) -> tuple[Programme, ...]:
    """All programmes of the newest plan of each school that is active."""
    rows: list[Programme] = []
    for school_id in school_ids:
        school = catalogue.school_by_id[school_id]
        plan = catalogue.newest_plan(school) if school.status == "active" else None
        rows.extend(plan.programmes if plan else ())
    return tuple(rows)


def of_newest_year(rows: Sequence[Programme]) -> list[Programme]:
    """The rows of the latest year among them: only these may be added up."""
    newest = max(row.year for row in rows)
    return [row for row in rows if row.year == newest]
