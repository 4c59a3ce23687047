"""`/majors/` and `/majors/<major-slug>/`: what is on offer, where, for whom, how long."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from msgspec import Struct

from plugins import addresses
from plugins.catalogue import Catalogue, Major, Programme
from plugins.site.page import HOME_LINK, Link, Page
from plugins.site.views.major_offer import (
    CategoryOffers,
    MajorOffer,
    by_category,
    major_offers,
    of_newest_year,
)
from plugins.site.views.major_school import MajorSchool, Route, major_schools, routes_of
from plugins.site.views.plan_notice import PlanNotice, notices

SCHOOLS_AT_ONCE: Final = 30
"""A major with more schools than this lists provinces, and each province's page its schools."""


class MajorsView(Struct, frozen=True):
    categories: tuple[CategoryOffers, ...]
    majors: int
    plans: tuple[PlanNotice, ...]


class OfferingProvince(Struct, frozen=True):
    """`seats` are those of the newest `year` in the province. `listed` are all its schools, or
    none when the page `url` lists them."""

    name: str
    url: str
    schools: int
    year: int
    is_past: bool
    seats: int
    listed: tuple[MajorSchool, ...]


class MajorView(Struct, frozen=True):
    """`seats` and `routes` are those of the newest `year`; years are never added up.

    `directions`, `employers` and `degrees` are words of the plans: all that is known of what is
    taught and with whom.
    """

    name: str
    category: Link
    variants: tuple[str, ...]
    directions: tuple[str, ...]
    employers: tuple[str, ...]
    degrees: tuple[str, ...]
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
    groups = by_category(catalogue, offers)
    yield Page(
        url=addresses.MAJORS,
        template="majors.html",
        title="技工院校专业一览",
        description=f"按大类查看 {len(offers)} 个招生专业：哪些学校开设、计划招多少人。",
        view=MajorsView(groups, len(offers), notices(catalogue, programmes)),
        trail=(HOME_LINK,),
    )
    same = {group.name: (*group.several, *group.single)[:9] for group in groups}
    for major in catalogue.reference.majors:
        if major.slug in offered:
            category = catalogue.reference.category_by_code[major.category_code]
            yield _major_page(catalogue, major, offered[major.slug], same[category.name])


def _major_page(
    catalogue: Catalogue,
    major: Major,
    programmes: tuple[Programme, ...],
    same_category: tuple[MajorOffer, ...],
) -> Page:
    category = catalogue.reference.category_by_code[major.category_code]
    newest = of_newest_year(programmes)
    year = newest[0].year
    view = MajorView(
        name=major.name,
        category=Link(category.name, f"{addresses.MAJORS}#{category.slug}"),
        variants=tuple(sorted({row.major for row in programmes} - {major.name})),
        directions=tuple(sorted({row.direction for row in programmes if row.direction})),
        employers=tuple(sorted({r.partner_employer for r in programmes if r.partner_employer})),
        degrees=tuple(sorted({row.partner_degree for row in programmes if row.partner_degree})),
        schools=len({row.school_id for row in programmes}),
        year=year,
        is_past=year < catalogue.today.year,
        seats=sum(row.seats for row in newest),
        routes=routes_of(newest),
        provinces=_provinces(catalogue, major, programmes),
        plans=notices(catalogue, programmes),
        related=tuple(offer for offer in same_category if offer.name != major.name)[:8],
    )
    places = "、".join(province.name for province in view.provinces[:3])
    return Page(
        url=addresses.major(major),
        template="major.html",
        title=f"{major.name}专业：哪些技工院校开设",
        description=(
            f"{places}{'等地' if len(view.provinces) > 1 else ''} {view.schools} 所技工院校开设"
            f"{major.name}（{category.name}），{year} 年计划招生 {view.seats} 人"
            f"{'（往年）' if view.is_past else ''}。"
        ),
        view=view,
        trail=(HOME_LINK, MAJORS_LINK),
        changed_on=max((row.checked_on for row in programmes if row.checked_on), default=None),
    )


def _provinces(
    catalogue: Catalogue, major: Major, programmes: tuple[Programme, ...]
) -> tuple[OfferingProvince, ...]:
    groups: dict[str, list[Programme]] = {}
    for row in programmes:
        groups.setdefault(row.province, []).append(row)
    at_once = len({row.school_id for row in programmes}) <= SCHOOLS_AT_ONCE
    found = []
    for unit in catalogue.reference.provinces:
        if rows := groups.get(unit.slug):
            newest = of_newest_year(rows)
            found.append(
                OfferingProvince(
                    name=unit.name,
                    url=addresses.major_in(major, unit),
                    schools=len({row.school_id for row in rows}),
                    year=newest[0].year,
                    is_past=newest[0].year < catalogue.today.year,
                    seats=sum(row.seats for row in newest),
                    listed=major_schools(catalogue, rows) if at_once else (),
                )
            )
    return tuple(found)
