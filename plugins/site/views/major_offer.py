"""A major with what is on offer of it, as lists of majors show it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from plugins import addresses
from plugins.catalogue import Catalogue, Programme


@dataclass(frozen=True, slots=True)
class MajorOffer:
    """How many schools and seats the newest plans give a major, within some set of programmes."""

    name: str
    url: str
    category: str
    schools: int
    seats: int


def major_offers(catalogue: Catalogue, programmes: Iterable[Programme]) -> tuple[MajorOffer, ...]:
    """The majors of `programmes`, variants folded, most schools first."""
    schools: dict[str, set[str]] = {}
    seats: dict[str, int] = {}
    for programme in programmes:
        if major := catalogue.reference.canonical_major(programme.major):
            schools.setdefault(major.name, set()).add(programme.school_id)
            seats[major.name] = seats.get(major.name, 0) + programme.seats
    offers = []
    for name in schools:
        major = catalogue.reference.major_by_name[name]
        offers.append(
            MajorOffer(
                name=name,
                url=addresses.major(major),
                category=catalogue.reference.category_by_code[major.category_code].name,
                schools=len(schools[name]),
                seats=seats[name],
            )
        )
    return tuple(sorted(offers, key=lambda offer: (-offer.schools, -offer.seats, offer.name)))


def newest_programmes(catalogue: Catalogue, school_ids: Iterable[str]) -> tuple[Programme, ...]:
    """All programmes of the newest plan of each school."""
    rows: list[Programme] = []
    for school_id in school_ids:
        plan = catalogue.newest_plan(catalogue.school_by_id[school_id])
        rows.extend(plan.programmes if plan else ())
    return tuple(rows)
