"""A major with what is on offer of it, as lists of majors show it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from msgspec import Struct

from plugins import addresses
from plugins.catalogue import Catalogue, Programme, Province

FEW: Final = 20
"""Majors of a place that are listed with their counts; the rest stand by name only."""


class MajorOffer(Struct, frozen=True):
    """How many schools offer a major, and the seats of the newest `year` that has any.

    Seats of different years are never added up.
    """

    name: str
    url: str
    category: str
    schools: int
    year: int
    seats: int


def major_offers(
    catalogue: Catalogue, programmes: Iterable[Programme], place: Province | None = None
) -> tuple[MajorOffer, ...]:
    """The majors of `programmes`, variants folded, most schools first.

    Each leads to the major's page, or to its page in `place`.
    """
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
                url=addresses.major_in(major, place) if place else addresses.major(major),
                category=catalogue.reference.category_by_code[major.category_code].name,
                schools=len({row.school_id for row in rows}),
                year=newest[0].year,
                seats=sum(row.seats for row in newest),
            )
        )
    return tuple(sorted(offers, key=lambda offer: (-offer.schools, -offer.seats, offer.name)))


class CategoryOffers(Struct, frozen=True):
    """The majors of one category, most schools first.

    `several` are those of more than one school, `single` the rest: half of a long index.
    """

    name: str
    slug: str
    majors: int
    several: tuple[MajorOffer, ...]
    single: tuple[MajorOffer, ...]

    @property
    def examples(self) -> tuple[str, ...]:
        """The first names, which say what kind of majors these are."""
        return tuple(offer.name for offer in (*self.several, *self.single)[:3])


def by_category(catalogue: Catalogue, offers: Iterable[MajorOffer]) -> tuple[CategoryOffers, ...]:
    """`offers` by category in the order of the categories' codes; empty ones are left out."""
    groups: dict[str, list[MajorOffer]] = {}
    for offer in offers:
        groups.setdefault(offer.category, []).append(offer)
    return tuple(
        CategoryOffers(
            category.name,
            category.slug,
            len(groups[category.name]),
            tuple(offer for offer in groups[category.name] if offer.schools > 1),
            tuple(offer for offer in groups[category.name] if offer.schools == 1),
        )
        for category in catalogue.reference.categories
        if category.name in groups
    )


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
