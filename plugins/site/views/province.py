"""`/provinces/`, `/provinces/<province>/` and the cities below: schools by place."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from plugins import addresses
from plugins.catalogue import Catalogue, City, Province
from plugins.catalogue.vocabulary import LEVELS
from plugins.site.page import Link, Page
from plugins.site.views.home import HOME_LINK, RegionList, regions
from plugins.site.views.locator import Locator, locator
from plugins.site.views.major_offer import MajorOffer, major_offers, newest_programmes
from plugins.site.views.plan_notice import PlanNotice, notices
from plugins.site.views.school_card import SchoolCard, school_cards


@dataclass(frozen=True, slots=True)
class ProvincesView:
    regions: tuple[RegionList, ...]
    units_with_schools: int
    units: int


@dataclass(frozen=True, slots=True)
class CityCount:
    name: str
    short_name: str
    url: str
    schools: int


@dataclass(frozen=True, slots=True)
class Neighbour:
    name: str
    url: str
    schools: int


@dataclass(frozen=True, slots=True)
class LevelSchools:
    """Schools of one level; `level` is None for those whose level is not stated."""

    level: str | None
    schools: tuple[SchoolCard, ...]


@dataclass(frozen=True, slots=True)
class ProvinceView:
    name: str
    short_name: str
    authority: str
    locator: Locator
    schools: int
    verified: int
    profiles: int
    by_level: tuple[LevelSchools, ...]
    cities: tuple[CityCount, ...]
    majors: tuple[MajorOffer, ...]
    plans: tuple[PlanNotice, ...]
    neighbours: tuple[Neighbour, ...]


@dataclass(frozen=True, slots=True)
class CityView:
    name: str
    short_name: str
    province: Link
    locator: Locator
    schools: tuple[SchoolCard, ...]
    majors: tuple[MajorOffer, ...]
    plans: tuple[PlanNotice, ...]
    other_cities: tuple[CityCount, ...]


PROVINCES_LINK = Link("各地学校", addresses.PROVINCES)


def pages(catalogue: Catalogue) -> Iterator[Page]:
    units = regions(catalogue)
    filled = sum(tile.schools > 0 for unit in units for tile in unit.tiles)
    yield Page(
        url=addresses.PROVINCES,
        template="provinces.html",
        title="各地技工院校",
        description="31 个省、自治区、直辖市和新疆生产建设兵团的技工院校，按地区查看。",
        view=ProvincesView(units, filled, len(catalogue.reference.provinces)),
        trail=(HOME_LINK,),
    )
    for province in catalogue.reference.provinces:
        yield _province_page(catalogue, province)
        for city in _cities(catalogue, province):
            yield _city_page(catalogue, province, city)


def _cities(catalogue: Catalogue, province: Province) -> list[City]:
    codes = {school.city_code for school in catalogue.schools_of_province[province.slug]}
    return [catalogue.reference.cities[code] for code in sorted(codes)]


def _city_counts(catalogue: Catalogue, province: Province) -> tuple[CityCount, ...]:
    return tuple(
        CityCount(
            city.name,
            city.short_name,
            addresses.city(province, city),
            len(catalogue.schools_of_city[province.slug, city.code]),
        )
        for city in _cities(catalogue, province)
    )


def _by_level(cards: tuple[SchoolCard, ...]) -> tuple[LevelSchools, ...]:
    levels: list[str | None] = [*reversed(LEVELS), None]
    groups = (LevelSchools(x, tuple(card for card in cards if card.level == x)) for x in levels)
    return tuple(group for group in groups if group.schools)


def _province_page(catalogue: Catalogue, province: Province) -> Page:
    schools = catalogue.schools_of_province[province.slug]
    programmes = newest_programmes(catalogue, (school.school_id for school in schools))
    by_slug = catalogue.reference.province_by_slug
    view = ProvinceView(
        name=province.name,
        short_name=province.short_name,
        authority=province.authority,
        locator=locator(catalogue, province),
        schools=len(schools),
        verified=sum(school.verified for school in schools),
        profiles=sum(school.school_id in catalogue.profiles for school in schools),
        by_level=_by_level(school_cards(catalogue, schools)),
        cities=_city_counts(catalogue, province),
        majors=major_offers(catalogue, programmes),
        plans=notices(catalogue, programmes),
        neighbours=tuple(
            Neighbour(
                by_slug[slug].name,
                addresses.province(by_slug[slug]),
                len(catalogue.schools_of_province[slug]),
            )
            for slug in province.neighbours
        ),
    )
    names = "、".join(city.short_name for city in view.cities[:5])
    return Page(
        url=addresses.province(province),
        template="province.html",
        title=f"{province.name}技工院校",
        description=(
            f"{province.name}收录技工院校 {view.schools} 所，其中 {view.verified} 所已核验"
            + (f"；分布在{names}等地。" if len(view.cities) > 5 else "。")
            if schools
            else f"{province.name}还没有报送技工院校名册。这里说明由谁报送，以及相邻省份的学校。"
        ),
        view=view,
        trail=(HOME_LINK, PROVINCES_LINK),
        changed_on=max((s.checked_on for s in schools if s.checked_on), default=None),
    )


def _city_page(catalogue: Catalogue, province: Province, city: City) -> Page:
    schools = catalogue.schools_of_city[province.slug, city.code]
    programmes = newest_programmes(catalogue, (school.school_id for school in schools))
    here = Link(province.name, addresses.province(province))
    url = addresses.city(province, city)
    view = CityView(
        name=city.name,
        short_name=city.short_name,
        province=here,
        locator=locator(catalogue, province),
        schools=school_cards(catalogue, schools),
        majors=major_offers(catalogue, programmes),
        plans=notices(catalogue, programmes),
        other_cities=tuple(c for c in _city_counts(catalogue, province) if c.url != url),
    )
    names = "、".join(card.name for card in view.schools[:3])
    return Page(
        url=url,
        template="city.html",
        # A municipality is its own city: its two pages must not bear one title.
        title=f"{city.name}技工院校" + ("名单" if city.name == province.name else ""),
        description=(
            f"{city.name}收录技工院校 {len(schools)} 所："
            f"{names}{'等' if len(schools) > 3 else ''}。"
        ),
        view=view,
        trail=(HOME_LINK, PROVINCES_LINK, here),
        changed_on=max((s.checked_on for s in schools if s.checked_on), default=None),
    )
