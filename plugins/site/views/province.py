"""`/provinces/` and `/provinces/<province>/`: what is known of a unit, and its schools."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Final

from msgspec import Struct

from plugins import addresses
from plugins.catalogue import Catalogue, City, Province
from plugins.catalogue.vocabulary import LEVELS
from plugins.open_data.happenings import happenings_of
from plugins.site.page import (
    HOME_LINK,
    PROVINCES_LINK,
    Page,
    calendar_link,
    feed_link,
)
from plugins.site.views.enrolment_season import EnrolmentSeason, enrolment_season
from plugins.site.views.home import RegionList, regions, reporting
from plugins.site.views.locator import Locator, locator
from plugins.site.views.major_offer import FEW, MajorOffer, major_offers, newest_programmes
from plugins.site.views.news import NewsItem, news_of
from plugins.site.views.plan_notice import PlanNotice, notices
from plugins.site.views.school_card import SchoolCard, school_cards
from plugins.site.views.sheet import ROWS_A_SHEET


class ProvincesView(Struct, frozen=True):
    regions: tuple[RegionList, ...]
    units_with_schools: int
    units: int
    units_verified: int


class CityCount(Struct, frozen=True):
    name: str
    short_name: str
    url: str
    code: str
    schools: int


class Neighbour(Struct, frozen=True):
    name: str
    url: str
    schools: int


class LevelLink(Struct, frozen=True):
    """Schools of one level in the province; `url` is the page that lists them."""

    level: str
    url: str
    schools: int


class CitySchools(Struct, frozen=True):
    city: CityCount
    schools: tuple[SchoolCard, ...]


class ProvinceView(Struct, frozen=True):
    """`by_city` lists all schools, or none when they are too many for one page: then the pages of
    the cities list them. `more_majors` follow `majors` in order and stand by name only."""

    slug: str
    offline_url: str
    name: str
    short_name: str
    authority: str
    reporting: str
    locator: Locator
    schools: int
    verified: int
    profiles: int
    no_level: int
    by_city: tuple[CitySchools, ...]
    by_seats_url: str | None
    levels: tuple[LevelLink, ...]
    cities: tuple[CityCount, ...]
    majors: tuple[MajorOffer, ...]
    majors_count: int
    majors_url: str
    leaflet_url: str
    plans: tuple[PlanNotice, ...]
    season: EnrolmentSeason
    neighbours: tuple[Neighbour, ...]
    news: tuple[NewsItem, ...]
    calendar_url: str
    feed_url: str | None

    @property
    def is_long(self) -> bool:
        """Whether the schools are folded by city."""
        return self.schools > FEW_SCHOOLS


FEW_SCHOOLS: Final = 24
"""As many schools as a phone shows in three screens or four; more are folded by city."""

FEW_PLANS: Final = 10
"""A list by seats is made only of more schools with plans than this."""


def pages(catalogue: Catalogue) -> Iterator[Page]:
    yield index_page(catalogue)
    for province in catalogue.reference.provinces:
        yield province_page(catalogue, province)


def index_page(catalogue: Catalogue) -> Page:
    """All reporting units on one page."""
    units = regions(catalogue)
    tiles = [tile for unit in units for tile in unit.tiles]
    return Page(
        url=addresses.PROVINCES,
        template="provinces.html",
        title="各地技工院校",
        description="31 个省、自治区、直辖市和新疆生产建设兵团的技工院校，按地区查看。",
        view=ProvincesView(
            units,
            sum(tile.schools > 0 for tile in tiles),
            len(tiles),
            sum(tile.reporting == "官方名册" for tile in tiles),
        ),
        trail=(HOME_LINK,),
    )


def cities_with_schools(catalogue: Catalogue, province: Province) -> list[City]:
    codes = {school.city_code for school in catalogue.schools_of_province[province.slug]}
    return [catalogue.reference.cities[code] for code in sorted(codes)]


def city_counts(catalogue: Catalogue, province: Province) -> tuple[CityCount, ...]:
    return tuple(
        CityCount(
            city.name,
            city.short_name,
            addresses.city(province, city),
            city.code,
            len(catalogue.schools_of_city[province.slug, city.code]),
        )
        for city in cities_with_schools(catalogue, province)
    )


def is_worth_ranking(catalogue: Catalogue, province: Province) -> bool:
    """Whether a list by seats tells more than the list by city: with plans of over ten schools."""
    schools = catalogue.schools_of_province[province.slug]
    return sum(school.school_id in catalogue.plans for school in schools) > FEW_PLANS


def level_links(catalogue: Catalogue, province: Province) -> tuple[LevelLink, ...]:
    """The levels that have schools here, the highest first."""
    found = Counter(school.level for school in catalogue.schools_of_province[province.slug])
    return tuple(
        LevelLink(level, addresses.province_level(province, level), found[level])
        for level in reversed(LEVELS)
        if found[level]
    )


def province_page(
    catalogue: Catalogue, province: Province, changed: Mapping[str, dt.date] = MappingProxyType({})
) -> Page:
    """`changed` are the days of the last change by content path."""
    schools = catalogue.schools_of_province[province.slug]
    programmes = newest_programmes(catalogue, (school.school_id for school in schools))
    by_slug = catalogue.reference.province_by_slug
    cities = city_counts(catalogue, province)
    offers = major_offers(catalogue, programmes, province)
    view = ProvinceView(
        slug=province.slug,
        offline_url=addresses.offline_of(province.slug),
        name=province.name,
        short_name=province.short_name,
        authority=province.authority,
        reporting=reporting(catalogue, province),
        locator=locator(catalogue, province),
        schools=len(schools),
        verified=sum(school.verified for school in schools),
        profiles=sum(school.school_id in catalogue.profiles for school in schools),
        no_level=sum(school.level is None for school in schools),
        by_city=_by_city(catalogue, province, cities) if len(schools) <= ROWS_A_SHEET else (),
        by_seats_url=addresses.province_by_seats(province)
        if is_worth_ranking(catalogue, province)
        else None,
        levels=level_links(catalogue, province),
        cities=cities,
        majors=offers[:FEW],
        majors_count=len(offers),
        majors_url=addresses.province_majors(province),
        leaflet_url=addresses.province_leaflet(province),
        plans=notices(catalogue, programmes),
        season=enrolment_season(catalogue, programmes),
        news=news_of(catalogue, province.slug),
        calendar_url=addresses.province_calendar(province),
        feed_url=(
            addresses.province_feed(province)
            if any(happenings_of(catalogue, school, changed) for school in schools)
            else None
        ),
        neighbours=tuple(
            Neighbour(
                by_slug[slug].short_name,
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
        alternates=(
            calendar_link(f"{province.name}技工院校报名日期", view.calendar_url),
            *((feed_link(f"{province.name}招生动态", view.feed_url),) if view.feed_url else ()),
        ),
    )


def _by_city(
    catalogue: Catalogue, province: Province, cities: tuple[CityCount, ...]
) -> tuple[CitySchools, ...]:
    return tuple(
        CitySchools(
            city, school_cards(catalogue, catalogue.schools_of_city[province.slug, city.code])
        )
        for city in cities
    )
