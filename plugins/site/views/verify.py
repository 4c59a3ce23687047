"""`/verify/`: is this school real? By name with a script; by lists of names without one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Final

from msgspec import Struct

from plugins import addresses
from plugins.catalogue import Catalogue, Province
from plugins.site.page import HOME_LINK, Link, Page
from plugins.site.verification import KnownSchool
from plugins.site.views.sheet import Sheet, sheets

VERIFY_LINK: Final = Link("查真伪", addresses.VERIFY)


class UnitNames(Struct, frozen=True):
    name: str
    url: str
    schools: int
    verified: int


class VerifyView(Struct, frozen=True):
    """`data` is the address of the file that the script asks."""

    data: str
    units: tuple[UnitNames, ...]
    schools: int
    verified: int
    empty: int


class NameRow(Struct, frozen=True):
    """`merged_into` is the school that a merged one belongs to now."""

    name: str
    url: str
    city: str
    former_names: tuple[str, ...]
    aliases: tuple[str, ...]
    verified: bool
    status: str
    merged_into: Link | None
    document: str
    leaflet_id: str


class VerifyProvinceView(Struct, frozen=True):
    """One sheet of a province's schools, by the first letter of their reading."""

    name: str
    authority: str
    hotline: str | None
    letters: tuple[tuple[str, tuple[NameRow, ...]], ...]
    sheet: Sheet[KnownSchool]


def first_page(catalogue: Catalogue) -> Page:
    of_unit = catalogue.schools_of_province
    units = tuple(
        UnitNames(
            unit.short_name,
            addresses.verify_in(unit),
            len(of_unit[unit.slug]),
            sum(school.verified for school in of_unit[unit.slug]),
        )
        for unit in catalogue.reference.provinces
    )
    return Page(
        url=addresses.VERIFY,
        template="verify.html",
        title="查真伪：这个学校是真的吗？",
        description="输入校名、学校代码、拼音或纸上的编号，看它在不在各省的名册里、依据哪份文件。",
        view=VerifyView(
            addresses.VERIFY_NAMES,
            units,
            sum(unit.schools for unit in units),
            sum(unit.verified for unit in units),
            sum(not unit.schools for unit in units),
        ),
        trail=(HOME_LINK,),
    )


def province_pages(
    catalogue: Catalogue, unit: Province, schools: Sequence[KnownSchool]
) -> Iterator[Page]:
    """`schools` are the province's, by reading."""
    for sheet in sheets(schools, addresses.verify_in(unit)):
        yield Page(
            url=sheet.url,
            template="verify-province.html",
            title=f"{unit.name}技工院校名单（按拼音）{sheet.suffix}",
            description=f"{unit.name}名册里的 {sheet.total} 所技工院校，按校名的拼音排。",
            view=VerifyProvinceView(
                unit.name,
                unit.authority,
                unit.hotline,
                tuple(
                    (letter, tuple(_row(catalogue, one) for one in group))
                    for letter, group in groupby(sheet.items, key=lambda one: one.letter)
                ),
                sheet,
            ),
            trail=(HOME_LINK, VERIFY_LINK),
        )


def _row(catalogue: Catalogue, one: KnownSchool) -> NameRow:
    school = one.school
    status, _, target = school.status.partition(":")
    into = catalogue.school_by_id.get(target)
    number = f"（{school.source_number}）" if school.source_number else ""
    return NameRow(
        name=school.name,
        url=addresses.school(school),
        city=catalogue.city_of(school).name,
        former_names=school.former_names,
        aliases=school.aliases,
        verified=school.verified,
        status=status,
        merged_into=Link(into.name, addresses.school(into)) if into else None,
        document=f"{school.source_document}{number}",
        leaflet_id=one.leaflet_id,
    )
