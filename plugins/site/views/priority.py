"""`/priority/`: is there priority for those who come from my county?

Three steps of plain links: province, prefecture, county. Every county of the division table has an
address of its own that answers in words, also when the answer is no. There are about 2,850 of
them, so what they share is made once.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from msgspec import Struct

from plugins import addresses
from plugins.catalogue import Catalogue, City, County, Province, School
from plugins.catalogue.declared_facts import DeclaredFacts
from plugins.catalogue.priority import PriorityArea, PriorityScheme
from plugins.catalogue.schema import PriorityEnrolment
from plugins.site.page import HOME_LINK, Link, Page
from plugins.site.qr_code import QrCode, qr_code
from plugins.site.views.sheet import Sheet, sheets

PRIORITY_LINK: Final = Link("优先招生", addresses.PRIORITY)

MOST_OFFERS: Final = 20
"""Schools that name a whole list, as one county's page shows them; the list's page has all."""


class PriorityOffer(Struct, frozen=True):
    """What one school says it gives to whom, in its own words, as of `confirmed_on`."""

    school_id: str
    name: str
    url: str
    place: str
    phone: str | None
    verified: bool
    who: str
    gets: str
    confirmed_on: dt.date


class PairedSchool(Struct, frozen=True):
    """A school and those with which it says it is paired (对口帮扶)."""

    school: Link
    partners: tuple[str, ...]


class InList(Struct, frozen=True):
    """That a county is in a list: which part of it, and by which source."""

    scheme: PriorityScheme
    url: str
    part: str
    source: str | None
    note: str


class CountyView(Struct, frozen=True):
    """`offers` are those meant for this county; `of_lists` more that name a whole list, of which
    `of_lists_more` are not shown; `in_province` counts schools of the province that declare any
    priority. `leaflet` is where the same can be printed, if there is something to print."""

    name: str
    above: str
    code: str
    lists: tuple[InList, ...]
    not_in: str
    offers: tuple[PriorityOffer, ...]
    of_lists: tuple[PriorityOffer, ...]
    of_lists_more: int
    pairs: tuple[PairedSchool, ...]
    province: Link
    province_schools: Link
    in_province: int
    authority: str
    hotline: str | None
    leaflet: str | None


class CountyLeafletView(Struct, frozen=True):
    """The same for a notice board. `qr` is None on a site without an origin."""

    county: CountyView
    address: str
    qr: QrCode | None
    date: dt.date


class CountyLink(Struct, frozen=True):
    """`lists` are the titles of the lists that the county is in."""

    name: str
    url: str
    lists: tuple[str, ...]


class CityGroup(Struct, frozen=True):
    code: str
    name: str
    counties: tuple[CountyLink, ...]

    @property
    def listed(self) -> int:
        return sum(bool(county.lists) for county in self.counties)


class PriorityProvinceView(Struct, frozen=True):
    """The counties stand on the first sheet only; `elsewhere` is where a unit without divisions
    of its own sends its visitors."""

    name: str
    authority: str
    hotline: str | None
    cities: tuple[CityGroup, ...]
    counties: int
    listed: int
    offers: Sheet[PriorityOffer]
    pairs: tuple[PairedSchool, ...]
    elsewhere: Link | None


class SchemeLink(Struct, frozen=True):
    scheme: PriorityScheme
    url: str
    counties: int
    schools: int


class ProvinceLink(Struct, frozen=True):
    name: str
    url: str
    counties: int
    listed: int


class PriorityView(Struct, frozen=True):
    provinces: tuple[ProvinceLink, ...]
    schemes: tuple[SchemeLink, ...]
    schools: int
    counties_data: str


class PriorityListView(Struct, frozen=True):
    """One list of areas: its counties by province, and a sheet of the schools that name it."""

    scheme: PriorityScheme
    provinces: tuple[CityGroup, ...]
    whole_provinces: tuple[Link, ...]
    counties: int
    offers: Sheet[PriorityOffer]


class PriorityIndex(Struct, frozen=True):
    """What all pages look up: offers by area (a scheme's id or a division code), lists by county,
    offers and pairs by province, pairs by city."""

    offers: dict[str, list[PriorityOffer]]
    of_province: dict[str, list[PriorityOffer]]
    lists: dict[str, tuple[InList, ...]]
    pairs_of_province: dict[str, list[PairedSchool]]
    pairs_of_city: dict[str, list[PairedSchool]]


def priority_index(catalogue: Catalogue, declared: Mapping[str, DeclaredFacts]) -> PriorityIndex:
    index = PriorityIndex({}, {}, _lists(catalogue), {}, {})
    by_name = {school.name: school for school in catalogue.schools}
    for school in catalogue.schools:
        facts = declared.get(school.school_id)
        if facts is None or school.status != "active":
            continue
        for entry in facts.priority_enrolment:
            offer = _offer(catalogue, school, entry, facts)
            index.of_province.setdefault(school.province, []).append(offer)
            keys = {catalogue.reference.area_key(area) for area in entry.areas}
            for key in sorted(filter(None, keys)):
                index.offers.setdefault(key, []).append(offer)
        if partners := facts.partner_schools:
            pair = PairedSchool(Link(school.name, addresses.school(school)), partners)
            index.pairs_of_province.setdefault(school.province, []).append(pair)
            cities = {school.city_code}
            cities |= {by_name[name].city_code for name in partners if name in by_name}
            for code in sorted(cities):
                index.pairs_of_city.setdefault(code, []).append(pair)
    return index


def listed_counties(catalogue: Catalogue) -> dict[str, tuple[PriorityArea | PriorityScheme, ...]]:
    """Why each county is in a list: its rows, and schemes that hold its whole province."""
    reference = catalogue.reference
    found: dict[str, list[PriorityArea | PriorityScheme]] = {}
    for area in reference.priority_areas:
        found.setdefault(area.county_code, []).append(area)
    for scheme in reference.priority_schemes:
        for group in reference.counties_of_city.values() if scheme.provinces else ():
            for county in group:
                if f"{county.code[:2]}0000" in scheme.provinces:
                    found.setdefault(county.code, []).append(scheme)
    return {code: tuple(reasons) for code, reasons in found.items()}


def pages(
    catalogue: Catalogue, declared: Mapping[str, DeclaredFacts], site_url: str
) -> Iterator[Page]:
    """`declared` are the facts of the kind `priority`; `site_url` is the origin that printed QR
    codes lead to."""
    index = priority_index(catalogue, declared)
    units = [unit for unit in catalogue.reference.provinces if unit.division_code]
    groups = {unit.slug: _cities(catalogue, index, unit) for unit in units}
    yield _first_page(catalogue, index, groups)
    for scheme in catalogue.reference.priority_schemes:
        yield from _list_pages(catalogue, index, scheme, groups)
    for unit in catalogue.reference.provinces:
        yield from _province_pages(catalogue, index, unit, groups.get(unit.slug, ()))
    for unit in units:
        yield from _county_pages(catalogue, index, unit, site_url)


def counties_json(catalogue: Catalogue) -> bytes:
    """Every county as [code, name, place above], for the search box of `/priority/`."""
    reference = catalogue.reference
    rows = [
        [county.code, county.name, _above(unit, reference.cities[code], county)]
        for unit in reference.provinces
        if unit.division_code
        for code, group in reference.counties_of_city.items()
        if code[:2] == unit.code
        for county in group
    ]
    return json.dumps(rows, ensure_ascii=False, separators=(",", ":")).encode()


def _lists(catalogue: Catalogue) -> dict[str, tuple[InList, ...]]:
    schemes = {scheme.scheme: scheme for scheme in catalogue.reference.priority_schemes}
    return {
        code: tuple(_in_list(reason, schemes) for reason in reasons)
        for code, reasons in listed_counties(catalogue).items()
    }


def _in_list(reason: PriorityArea | PriorityScheme, schemes: dict[str, PriorityScheme]) -> InList:
    if isinstance(reason, PriorityScheme):
        return InList(reason, addresses.priority_list(reason.scheme), "全省", reason.source, "")
    scheme = schemes[reason.scheme]
    existed = reason.existed_2021_01 or "yes"
    note = (
        "" if existed == "yes"
        else "名单公布时还没有这个县（区、市），是后来设的。" if existed == "no"
        else f"名单公布后改过名：{existed.removeprefix('yes').strip('（）')}。"
    )  # fmt: skip
    url = addresses.priority_list(scheme.scheme)
    return InList(scheme, url, reason.subgroup, reason.source, note)


def _offer(
    catalogue: Catalogue, school: School, entry: PriorityEnrolment, facts: DeclaredFacts
) -> PriorityOffer:
    city = catalogue.city_of(school)
    return PriorityOffer(
        school_id=school.school_id,
        name=school.name,
        url=addresses.school(school),
        place=" ".join(dict.fromkeys((catalogue.province_of(school).short_name, city.short_name))),
        phone=school.phone or facts.phone,
        verified=school.verified,
        who=entry.who,
        gets=entry.gets,
        confirmed_on=facts.confirmed_on,
    )


def _above(unit: Province, city: City, county: County) -> str:
    names = (unit.name, city.name if city.code != county.code else "")
    return " ".join(dict.fromkeys(name for name in names if name))


def _cities(catalogue: Catalogue, index: PriorityIndex, unit: Province) -> tuple[CityGroup, ...]:
    """A province's counties by city. Counties right below the province stand together, last."""
    direct: list[CountyLink] = []
    groups: list[CityGroup] = []
    for city in catalogue.reference.cities_of(unit):
        links = [
            CountyLink(
                county.name,
                addresses.priority_county(county.code),
                tuple(reason.scheme.title for reason in index.lists.get(county.code, ())),
            )
            for county in catalogue.reference.counties_of_city[city.code]
        ]
        if len(links) == 1 and links[0].name == city.name:
            direct += links
        else:
            groups.append(CityGroup(city.code, city.name, tuple(links)))
    if direct:
        groups.append(CityGroup("direct", "不分区县的市，和省直辖的县市", tuple(direct)))
    return tuple(groups)


def _first_page(
    catalogue: Catalogue, index: PriorityIndex, groups: dict[str, tuple[CityGroup, ...]]
) -> Page:
    schools = {o.school_id for offers in index.of_province.values() for o in offers}
    view = PriorityView(
        provinces=tuple(
            ProvinceLink(
                unit.short_name,
                addresses.priority_in(unit),
                sum(len(city.counties) for city in groups.get(unit.slug, ())),
                sum(city.listed for city in groups.get(unit.slug, ())),
            )
            for unit in catalogue.reference.provinces
        ),
        schemes=tuple(
            SchemeLink(
                scheme,
                addresses.priority_list(scheme.scheme),
                sum(
                    any(reason.scheme is scheme for reason in reasons)
                    for reasons in index.lists.values()
                ),
                len({offer.school_id for offer in index.offers.get(scheme.scheme, ())}),
            )
            for scheme in catalogue.reference.priority_schemes
        ),
        schools=len(schools),
        counties_data=addresses.COUNTIES,
    )
    return Page(
        url=addresses.PRIORITY,
        template="priority.html",
        title="优先招生：我的家乡有没有优先？",
        description="选省、市、县，看你的家乡在不在三区三州、52 个挂牌督战县这些名单里，"
        "哪些技工院校写明优先招收那里的学生。",
        view=view,
        trail=(HOME_LINK,),
    )


def _list_pages(
    catalogue: Catalogue,
    index: PriorityIndex,
    scheme: PriorityScheme,
    groups: dict[str, tuple[CityGroup, ...]],
) -> Iterator[Page]:
    whole = tuple(
        Link(unit.name, addresses.priority_in(unit))
        for unit in catalogue.reference.provinces
        if unit.division_code in scheme.provinces
    )
    provinces = []
    for unit in catalogue.reference.provinces:
        found = tuple(
            county
            for city in groups.get(unit.slug, ())
            for county in city.counties
            if scheme.title in county.lists
        )
        if found:
            provinces.append(CityGroup(unit.slug, unit.name, found))
    for sheet in sheets(
        index.offers.get(scheme.scheme, ()), addresses.priority_list(scheme.scheme)
    ):
        yield Page(
            url=sheet.url,
            template="priority-list.html",
            title=f"{scheme.title}：有哪些县，哪些学校优先{sheet.suffix}",
            description=f"{scheme.what}。{scheme.gives}",
            view=PriorityListView(
                scheme,
                tuple(provinces) if sheet.number == 1 else (),
                whole,
                sum(len(group.counties) for group in provinces),
                sheet,
            ),
            trail=(HOME_LINK, PRIORITY_LINK),
        )


def _province_pages(
    catalogue: Catalogue, index: PriorityIndex, unit: Province, cities: tuple[CityGroup, ...]
) -> Iterator[Page]:
    around = next(
        (
            other
            for other in catalogue.reference.provinces
            if other.division_code and other.code == unit.division_prefix
        ),
        None,
    )
    elsewhere = around if around and not unit.division_code else None
    for sheet in sheets(index.of_province.get(unit.slug, ()), addresses.priority_in(unit)):
        yield Page(
            url=sheet.url,
            template="priority-province.html",
            title=f"{unit.name}：哪些县有优先招生{sheet.suffix}",
            description=f"{unit.name}各县在不在优先招生的名单里，哪些技工院校写明优先招收谁。",
            view=PriorityProvinceView(
                name=unit.name,
                authority=unit.authority,
                hotline=unit.hotline,
                cities=cities if sheet.number == 1 else (),
                counties=sum(len(city.counties) for city in cities),
                listed=sum(city.listed for city in cities),
                offers=sheet,
                pairs=tuple(index.pairs_of_province.get(unit.slug, ())),
                elsewhere=Link(elsewhere.name, addresses.priority_in(elsewhere))
                if elsewhere
                else None,
            ),
            trail=(HOME_LINK, PRIORITY_LINK),
        )


def _county_pages(
    catalogue: Catalogue, index: PriorityIndex, unit: Province, site_url: str
) -> Iterator[Page]:
    reference = catalogue.reference
    titles = tuple(scheme.title for scheme in reference.priority_schemes)
    province = Link(unit.name, addresses.priority_in(unit))
    schools = Link(f"{unit.name}的学校", addresses.province(unit))
    trail = (HOME_LINK, PRIORITY_LINK, province)
    in_province = len({offer.school_id for offer in index.of_province.get(unit.slug, ())})
    of_schemes: dict[tuple[str, ...], tuple[PriorityOffer, ...]] = {}
    for city in reference.cities_of(unit):
        pairs = tuple(index.pairs_of_city.get(city.code, ()))
        for county in reference.counties_of_city[city.code]:
            lists = index.lists.get(county.code, ())
            keys = dict.fromkeys((county.code, city.code, unit.division_code or ""))
            offers = _once(offer for key in keys for offer in index.offers.get(key, ()))
            schemes = tuple(reason.scheme.scheme for reason in lists)
            if schemes not in of_schemes:
                named = _once(offer for key in schemes for offer in index.offers.get(key, ()))
                of_schemes[schemes] = _nearest_first(named, unit)
            by_list = of_schemes[schemes]
            if offers and by_list:
                by_list = tuple(offer for offer in by_list if offer not in offers)
            inside = [reason.scheme.title for reason in lists]
            has_paper = bool(lists or offers)
            view = CountyView(
                name=county.name,
                above=_above(unit, city, county),
                code=county.code,
                lists=lists,
                not_in="、".join(title for title in titles if title not in inside),
                offers=offers,
                of_lists=by_list[:MOST_OFFERS],
                of_lists_more=len(by_list[MOST_OFFERS:]),
                pairs=pairs,
                province=province,
                province_schools=schools,
                in_province=in_province,
                authority=unit.authority,
                hotline=unit.hotline,
                leaflet=addresses.priority_leaflet(county.code) if has_paper else None,
            )
            answer = f"在{'、'.join(inside)}里" if inside else "不在优先名单里"
            page = Page(
                url=addresses.priority_county(county.code),
                template="priority-county.html",
                title=f"{view.above.replace(' ', '')}{county.name}：有没有优先招生？",
                description=f"{view.above}{county.name}{answer}；哪些技工院校优先招那里的学生。",
                view=view,
                trail=trail,
            )
            yield page
            if has_paper:
                yield _leaflet(catalogue, page, site_url)


def _leaflet(catalogue: Catalogue, page: Page, site_url: str) -> Page:
    view: CountyView = page.view
    dates = [offer.confirmed_on for offer in (*view.offers, *view.of_lists)]
    return Page(
        url=addresses.priority_leaflet(view.code),
        template="priority-leaflet.html",
        title=f"{view.above.replace(' ', '')}{view.name}优先招生（打印一页纸）",
        description=f"{view.above}{view.name}的优先招生，一页 A4 纸，可以贴在村里的公告栏。",
        view=CountyLeafletView(
            county=view,
            address=f"{site_url}{page.url}",
            qr=qr_code(f"{site_url}{page.url}") if site_url else None,
            date=max(dates, default=catalogue.today),
        ),
        trail=(*page.trail, Link(view.name, page.url)),
        canonical=page.url,
    )


def _once(offers: Iterable[PriorityOffer]) -> tuple[PriorityOffer, ...]:
    return tuple(dict.fromkeys(offers))


def _nearest_first(offers: Sequence[PriorityOffer], unit: Province) -> tuple[PriorityOffer, ...]:
    """Schools of the county's own province first."""
    here = unit.short_name
    return tuple(sorted(offers, key=lambda offer: not offer.place.startswith(here)))
