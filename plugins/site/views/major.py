"""`/majors/` and `/majors/<major-slug>/`: what is on offer, where, for whom, how long."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from plugins import addresses
from plugins.catalogue import Catalogue, Major, Programme, Province
from plugins.catalogue.vocabulary import ENTRIES, TRAINING_LEVELS
from plugins.site.page import Link, Page
from plugins.site.views.home import HOME_LINK
from plugins.site.views.major_offer import MajorOffer, major_offers, of_newest_year
from plugins.site.views.plan_notice import PlanNotice, notices


@dataclass(frozen=True, slots=True)
class CategoryOffers:
    name: str
    slug: str
    majors: tuple[MajorOffer, ...]


@dataclass(frozen=True, slots=True)
class MajorsView:
    categories: tuple[CategoryOffers, ...]
    majors: int
    plans: tuple[PlanNotice, ...]


@dataclass(frozen=True, slots=True)
class OfferedProgramme:
    """One row of a plan, as a major's page shows it."""

    written_as: str
    training_level: str
    entry: str
    entry_note: str | None
    duration_years: float
    seats: int


@dataclass(frozen=True, slots=True)
class OfferingSchool:
    name: str
    url: str
    city: str
    level: str | None
    verified: bool
    seats: int
    plan_year: int
    programmes: tuple[OfferedProgramme, ...]


@dataclass(frozen=True, slots=True)
class OfferingProvince:
    """`seats` are those of the newest `year` in the province; `schools` may have older plans."""

    name: str
    url: str
    year: int
    seats: int
    schools: tuple[OfferingSchool, ...]


@dataclass(frozen=True, slots=True)
class Route:
    """One way in: entry and training level, with the lengths, seats and schools found."""

    entry: str
    training_level: str
    durations: tuple[float, ...]
    seats: int
    schools: int


@dataclass(frozen=True, slots=True)
class MajorView:
    """`seats` and `routes` are those of the newest `year`; years are never added up."""

    name: str
    category: Link
    variants: tuple[str, ...]
    directions: tuple[str, ...]
    schools: int
    year: int
    is_past: bool
    seats: int
    routes: tuple[Route, ...]
    provinces: tuple[OfferingProvince, ...]
    plans: tuple[PlanNotice, ...]
    related: tuple[MajorOffer, ...]


MAJORS_LINK = Link("按专业找", addresses.MAJORS)


def pages(catalogue: Catalogue) -> Iterator[Page]:
    offered = catalogue.programmes_of_major
    programmes = [programme for rows in offered.values() for programme in rows]
    offers = major_offers(catalogue, programmes)
    groups = tuple(
        CategoryOffers(
            category.name,
            category.slug,
            tuple(offer for offer in offers if offer.category == category.name),
        )
        for category in catalogue.reference.categories
    )
    yield Page(
        url=addresses.MAJORS,
        template="majors.html",
        title="技工院校专业一览",
        description=f"按大类查看 {len(offers)} 个招生专业：哪些学校开设、计划招多少人。",
        view=MajorsView(
            tuple(group for group in groups if group.majors),
            len(offers),
            notices(catalogue, programmes),
        ),
        trail=(HOME_LINK,),
    )
    for major in catalogue.reference.majors:
        if major.slug in offered:
            yield _major_page(catalogue, major, offered[major.slug], offers)


def _major_page(
    catalogue: Catalogue,
    major: Major,
    programmes: tuple[Programme, ...],
    offers: tuple[MajorOffer, ...],
) -> Page:
    category = catalogue.reference.category_by_code[major.category_code]
    written = {row.major for row in programmes}
    newest = of_newest_year(programmes)
    year = newest[0].year
    view = MajorView(
        name=major.name,
        category=Link(category.name, f"{addresses.MAJORS}#{category.slug}"),
        variants=tuple(sorted(written - {major.name})),
        directions=tuple(sorted({row.direction for row in programmes if row.direction})),
        schools=len({row.school_id for row in programmes}),
        year=year,
        is_past=year < catalogue.today.year,
        seats=sum(row.seats for row in newest),
        routes=_routes(newest),
        provinces=_provinces(catalogue, programmes),
        plans=notices(catalogue, programmes),
        related=tuple(
            offer
            for offer in offers
            if offer.category == category.name and offer.name != major.name
        )[:8],
    )
    past = "（往年）" if view.is_past else ""
    places = "、".join(province.name for province in view.provinces[:3])
    return Page(
        url=addresses.major(major),
        template="major.html",
        title=f"{major.name}专业：哪些技工院校开设",
        description=(
            f"{places}等地 {view.schools} 所技工院校开设{major.name}"
            f"（{category.name}），{year} 年计划招生 {view.seats} 人{past}。"
            if len(view.provinces) > 1
            else f"{places} {view.schools} 所技工院校开设{major.name}"
            f"（{category.name}），{year} 年计划招生 {view.seats} 人。"
        ),
        view=view,
        trail=(HOME_LINK, MAJORS_LINK),
        changed_on=max((row.checked_on for row in programmes if row.checked_on), default=None),
    )


def _routes(programmes: Sequence[Programme]) -> tuple[Route, ...]:
    routes = []
    for entry in ENTRIES:
        for level in TRAINING_LEVELS:
            rows = [r for r in programmes if r.entry == entry and r.training_level == level]
            if rows:
                routes.append(
                    Route(
                        entry,
                        level,
                        tuple(sorted({row.duration_years for row in rows})),
                        sum(row.seats for row in rows),
                        len({row.school_id for row in rows}),
                    )
                )
    return tuple(routes)


def _provinces(
    catalogue: Catalogue, programmes: tuple[Programme, ...]
) -> tuple[OfferingProvince, ...]:
    by_school: dict[str, list[Programme]] = {}
    for row in programmes:
        by_school.setdefault(row.school_id, []).append(row)
    by_province: dict[str, list[OfferingSchool]] = {}
    for school_id, rows in by_school.items():
        school = catalogue.school_by_id[school_id]
        by_province.setdefault(school.province, []).append(
            OfferingSchool(
                name=school.name,
                url=addresses.school(school),
                city=catalogue.city_of(school).name,
                level=school.level,
                verified=school.verified,
                seats=sum(row.seats for row in rows),
                plan_year=rows[0].year,
                programmes=tuple(
                    OfferedProgramme(
                        written_as=written_as(row),
                        training_level=row.training_level,
                        entry=row.entry,
                        entry_note=row.entry_note,
                        duration_years=row.duration_years,
                        seats=row.seats,
                    )
                    for row in sorted(rows, key=_programme_order)
                ),
            )
        )
    units = [p for p in catalogue.reference.provinces if p.slug in by_province]
    return tuple(_offering_province(unit, by_province[unit.slug]) for unit in units)


def _offering_province(unit: Province, schools: list[OfferingSchool]) -> OfferingProvince:
    newest = max(school.plan_year for school in schools)
    return OfferingProvince(
        name=unit.name,
        url=addresses.province(unit),
        year=newest,
        seats=sum(school.seats for school in schools if school.plan_year == newest),
        schools=tuple(sorted(schools, key=lambda s: (s.city, -s.seats, s.name))),
    )


def _programme_order(row: Programme) -> tuple[int, int, float, str]:
    return (
        ENTRIES.index(row.entry),
        TRAINING_LEVELS.index(row.training_level),
        row.duration_years,
        row.direction or "",
    )


def written_as(row: Programme) -> str:
    """The major as the plan writes it, with its direction in brackets."""
    return f"{row.major}（{row.direction}）" if row.direction else row.major
