"""`/offline/` and `/offline/<province>/`: how to read the site without a network.

The page of a province is also the first page of its pack, so nothing on it may depend on the pack.
"""

from __future__ import annotations

from msgspec import Struct

from plugins import addresses
from plugins.catalogue import Catalogue, Province
from plugins.site.page import HOME_LINK, Link, Page


class OfflineProvince(Struct, frozen=True):
    """A province that can be saved. `photos` is whether any of its schools shows one."""

    slug: str
    name: str
    short_name: str
    schools: int
    photos: bool
    url: str
    province_url: str
    pack_url: str


class OfflineView(Struct, frozen=True):
    """`empty` are the units without schools, which have nothing to save."""

    provinces: tuple[OfflineProvince, ...]
    empty: tuple[str, ...]


class OfflineProvinceView(Struct, frozen=True):
    province: OfflineProvince
    majors_url: str | None
    leaflet_url: str
    schools: tuple[Link, ...]


OFFLINE_LINK = Link("没有网络也能看", addresses.OFFLINE)


def offline_province(catalogue: Catalogue, unit: Province) -> OfflineProvince:
    schools = catalogue.schools_of_province[unit.slug]
    outlines = (catalogue.outlines.get(school.school_id) for school in schools)
    return OfflineProvince(
        slug=unit.slug,
        name=unit.name,
        short_name=unit.short_name,
        schools=len(schools),
        photos=any(outline and outline.has_photos for outline in outlines),
        url=addresses.offline_of(unit.slug),
        province_url=addresses.province(unit),
        pack_url=addresses.offline_pack(unit.slug),
    )


def index_page(catalogue: Catalogue) -> Page:
    units = catalogue.reference.provinces
    having = [unit for unit in units if catalogue.schools_of_province[unit.slug]]
    return Page(
        url=addresses.OFFLINE,
        template="offline.html",
        title="没有网络也能看",
        description="把一个省的技工院校存在手机里，或者拷到 U 盘，没有网络也能查找、比较、打印。",
        view=OfflineView(
            tuple(offline_province(catalogue, unit) for unit in having),
            tuple(unit.short_name for unit in units if unit not in having),
        ),
        trail=(HOME_LINK,),
    )


def province_page(catalogue: Catalogue, unit: Province) -> Page:
    schools = catalogue.schools_of_province[unit.slug]
    offers = any(
        catalogue.majors_of_school[school.school_id]
        for school in schools
        if school.status == "active"
    )
    return Page(
        url=addresses.offline_of(unit.slug),
        template="offline-province.html",
        title=f"{unit.name}技工院校，没有网络也能看",
        description=f"{unit.name}的技工院校：存在手机里，或者拷到 U 盘，没有网络也能看。",
        view=OfflineProvinceView(
            offline_province(catalogue, unit),
            addresses.province_majors(unit) if offers else None,
            addresses.province_leaflet(unit),
            tuple(Link(school.name, addresses.school(school)) for school in schools),
        ),
        trail=(HOME_LINK, OFFLINE_LINK),
    )
