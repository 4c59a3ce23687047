"""`/majors/<major-slug>/<province>/`: the schools of one province that offer a major."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec import Struct

from plugins import addresses
from plugins.catalogue import Catalogue, Major, Programme, Province
from plugins.site.page import HOME_LINK, Link, Page
from plugins.site.views.major import MAJORS_LINK
from plugins.site.views.major_offer import of_newest_year
from plugins.site.views.major_school import MajorSchool, Route, major_schools, routes_of
from plugins.site.views.plan_notice import PlanNotice, notices
from plugins.site.views.sheet import Sheet, sheets


class MajorInProvinceView(Struct, frozen=True):
    """`seats` and `routes` are those of the newest `year` in the province."""

    name: str
    major: Link
    province: Link
    majors_url: str
    schools: int
    year: int
    is_past: bool
    seats: int
    routes: tuple[Route, ...]
    sheet: Sheet[MajorSchool]
    plans: tuple[PlanNotice, ...]


def pages(catalogue: Catalogue) -> Iterator[Page]:
    for major in catalogue.reference.majors:
        groups: dict[str, list[Programme]] = {}
        for row in catalogue.programmes_of_major.get(major.slug, ()):
            groups.setdefault(row.province, []).append(row)
        for unit in catalogue.reference.provinces:
            if rows := groups.get(unit.slug):
                yield from _pages(catalogue, major, unit, rows)


def _pages(
    catalogue: Catalogue, major: Major, unit: Province, rows: Sequence[Programme]
) -> Iterator[Page]:
    newest = of_newest_year(rows)
    year = newest[0].year
    is_past = year < catalogue.today.year
    schools = major_schools(catalogue, rows)
    seats = sum(row.seats for row in newest)
    link = Link(major.name, addresses.major(major))
    for sheet in sheets(schools, addresses.major_in(major, unit)):
        yield Page(
            url=sheet.url,
            template="major-in-province.html",
            title=f"{unit.name}开设{major.name}的技工院校{sheet.suffix}",
            description=(
                f"{unit.name} {len(schools)} 所技工院校开设{major.name}，{year} 年计划招生"
                f" {seats} 人{'（往年）' if is_past else ''}{sheet.suffix}。"
            ),
            view=MajorInProvinceView(
                name=major.name,
                major=link,
                province=Link(unit.name, addresses.province(unit)),
                majors_url=addresses.province_majors(unit),
                schools=len(schools),
                year=year,
                is_past=is_past,
                seats=seats,
                routes=routes_of(newest),
                sheet=sheet,
                plans=notices(catalogue, rows),
            ),
            trail=(HOME_LINK, MAJORS_LINK, link),
            changed_on=max((row.checked_on for row in rows if row.checked_on), default=None),
        )
