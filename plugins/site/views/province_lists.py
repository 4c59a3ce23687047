"""The further lists of a province: by seats, of one level, and of all majors on offer there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec import Struct

from plugins import addresses
from plugins.catalogue import Catalogue, Province, School
from plugins.site.page import HOME_LINK, PROVINCES_LINK, Link, Page
from plugins.site.views.major_offer import (
    CategoryOffers,
    by_category,
    major_offers,
    newest_programmes,
)
from plugins.site.views.plan_notice import PlanNotice, notices
from plugins.site.views.province import (
    LevelLink,
    is_worth_ranking,
    level_links,
)
from plugins.site.views.school_card import SchoolCard, by_level, by_seats, school_card
from plugins.site.views.sheet import Sheet, sheets


class SchoolListView(Struct, frozen=True):
    """One sheet of a province's schools. `level` is None on the list by seats of all levels."""

    heading: str
    order: str
    level: str | None
    province: Link
    sheet: Sheet[School]
    schools: tuple[SchoolCard, ...]
    levels: tuple[LevelLink, ...]
    by_seats_url: str | None
    plans: tuple[PlanNotice, ...]


class ProvinceMajorsView(Struct, frozen=True):
    name: str
    province: Link
    majors: int
    categories: tuple[CategoryOffers, ...]
    plans: tuple[PlanNotice, ...]


def pages(catalogue: Catalogue) -> Iterator[Page]:
    for province in catalogue.reference.provinces:
        yield from lists_of(catalogue, province)


def lists_of(catalogue: Catalogue, province: Province) -> Iterator[Page]:
    """The further lists of one province."""
    schools = catalogue.schools_of_province[province.slug]
    if is_worth_ranking(catalogue, province):
        yield from _by_seats_pages(catalogue, province)
    for found in level_links(catalogue, province):
        same = [school for school in schools if school.level == found.level]
        yield from _level_pages(catalogue, province, found.level, same)
    yield from _majors_page(catalogue, province)


def _by_seats_pages(catalogue: Catalogue, province: Province) -> Iterator[Page]:
    """The list by seats holds the same schools as the province's page, so that page is the one
    that search engines are told of."""
    ranked = by_seats(catalogue, catalogue.schools_of_province[province.slug])
    for sheet in sheets(ranked, addresses.province_by_seats(province)):
        yield _list_page(
            catalogue,
            province,
            sheet,
            heading=f"{province.name}技工院校：按计划人数排",
            order="计划人数多的在前；没有计划的在最后。人数多不等于学校好。",
            level=None,
            canonical=addresses.province(province),
        )


def _level_pages(
    catalogue: Catalogue, province: Province, level: str, schools: Sequence[School]
) -> Iterator[Page]:
    first = addresses.province_level(province, level)
    for sheet in sheets(by_level(catalogue, schools), first):
        yield _list_page(
            catalogue,
            province,
            sheet,
            heading=f"{province.name}的{level}",
            order="计划人数多的在前；没有计划的在最后。",
            level=level,
            canonical=None,
        )


def _list_page(
    catalogue: Catalogue,
    province: Province,
    sheet: Sheet[School],
    *,
    heading: str,
    order: str,
    level: str | None,
    canonical: str | None,
) -> Page:
    here = Link(province.name, addresses.province(province))
    programmes = newest_programmes(catalogue, (school.school_id for school in sheet.items))
    return Page(
        url=sheet.url,
        template="province-schools.html",
        title=heading + sheet.suffix,
        description=f"{heading}，收录 {sheet.total} 所{sheet.suffix}。{order}",
        view=SchoolListView(
            heading=heading,
            order=order,
            level=level,
            province=here,
            sheet=sheet,
            schools=tuple(school_card(catalogue, school) for school in sheet.items),
            levels=level_links(catalogue, province),
            by_seats_url=addresses.province_by_seats(province)
            if is_worth_ranking(catalogue, province)
            else None,
            plans=notices(catalogue, programmes),
        ),
        trail=(HOME_LINK, PROVINCES_LINK, here),
        canonical=canonical,
        changed_on=max((s.checked_on for s in sheet.items if s.checked_on), default=None),
    )


def _majors_page(catalogue: Catalogue, province: Province) -> Iterator[Page]:
    schools = catalogue.schools_of_province[province.slug]
    programmes = newest_programmes(catalogue, (school.school_id for school in schools))
    offers = major_offers(catalogue, programmes, province)
    if not offers:
        return
    here = Link(province.name, addresses.province(province))
    yield Page(
        url=addresses.province_majors(province),
        template="province-majors.html",
        title=f"{province.name}技工院校开设的专业",
        description=f"{province.name}技工院校招生计划里的 {len(offers)} 个专业，按大类查看。",
        view=ProvinceMajorsView(
            province.name,
            here,
            len(offers),
            by_category(catalogue, offers),
            notices(catalogue, programmes),
        ),
        trail=(HOME_LINK, PROVINCES_LINK, here),
    )
