"""The short form of a school, as lists show it."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct

from plugins import addresses
from plugins.catalogue import Catalogue, School
from plugins.catalogue.vocabulary import LEVELS


class SchoolCard(Struct, frozen=True):
    """`seats` and `plan_year` are of the newest plan; both are None where there is no plan."""

    school_id: str
    name: str
    url: str
    province: str
    city: str
    county: str | None
    level: str | None
    ownership: str | None
    verified: bool
    status: str
    summary: str | None
    majors: tuple[str, ...]
    majors_count: int
    plan_year: int | None
    plan_is_past: bool
    seats: int | None


def school_card(catalogue: Catalogue, school: School) -> SchoolCard:
    plan = catalogue.newest_plan(school)
    outline = catalogue.outlines.get(school.school_id)
    majors = catalogue.majors_of_school[school.school_id]
    county = catalogue.county_of(school)
    return SchoolCard(
        school_id=school.school_id,
        name=school.name,
        url=addresses.school(school),
        province=catalogue.province_of(school).short_name,
        city=catalogue.city_of(school).name,
        county=county.name if county else None,
        level=school.level,
        ownership=school.ownership,
        verified=school.verified,
        status=school.status.partition(":")[0],
        summary=outline.summary if outline else None,
        majors=tuple(major.name for major in majors[:4]),
        majors_count=len(majors),
        plan_year=plan.year if plan else None,
        plan_is_past=catalogue.is_past(plan) if plan else False,
        seats=plan.seats if plan else None,
    )


def school_cards(
    catalogue: Catalogue, schools: Iterable[School], most: int | None = None
) -> tuple[SchoolCard, ...]:
    """Cards with the highest level first, then the most seats, then by name; at `most` so many."""
    return tuple(school_card(catalogue, school) for school in by_level(catalogue, schools)[:most])


def by_level(catalogue: Catalogue, schools: Iterable[School]) -> list[School]:
    """The highest level first, then the most seats, then by name; who enrols no more is last."""
    rank = {level: position for position, level in enumerate(LEVELS)}

    def order(school: School) -> tuple[bool, int, int, str]:
        level = rank.get(school.level or "", -1)
        return school.status != "active", -level, -_seats(catalogue, school), school.name

    return sorted(schools, key=order)


def by_seats(catalogue: Catalogue, schools: Iterable[School]) -> list[School]:
    """The most seats in the newest plan first, then by name; without a plan last."""

    def order(school: School) -> tuple[bool, int, str]:
        return school.status != "active", -_seats(catalogue, school), school.name

    return sorted(schools, key=order)


def _seats(catalogue: Catalogue, school: School) -> int:
    plan = catalogue.newest_plan(school)
    return plan.seats if plan else 0
