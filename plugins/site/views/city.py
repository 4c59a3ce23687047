"""`/provinces/<province>/<city_code>/`: the schools of one city and the majors they offer."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from plugins import addresses
from plugins.catalogue import Catalogue, City, Province, School
from plugins.site.page import HOME_LINK, PROVINCES_LINK, Link, Page
from plugins.site.views.locator import Locator, locator
from plugins.site.views.major_offer import FEW, MajorOffer, major_offers, newest_programmes
from plugins.site.views.plan_notice import PlanNotice, notices
from plugins.site.views.province import (
    CityCount,
    cities_with_schools,
    city_counts,
)
from plugins.site.views.school_card import SchoolCard, by_level, school_card
from plugins.site.views.sheet import Sheet, sheets


class CityView(Struct, frozen=True):
    """One sheet of the city's schools. `more_majors` follow `majors` and stand by name only."""

    name: str
    short_name: str
    province: Link
    locator: Locator
    sheet: Sheet[School]
    schools: tuple[SchoolCard, ...]
    majors: tuple[MajorOffer, ...]
    more_majors: tuple[MajorOffer, ...]
    plans: tuple[PlanNotice, ...]
    other_cities: tuple[CityCount, ...]


def pages(catalogue: Catalogue) -> Iterator[Page]:
    for province in catalogue.reference.provinces:
        for city in cities_with_schools(catalogue, province):
            yield from city_pages(catalogue, province, city)


def city_pages(catalogue: Catalogue, province: Province, city: City) -> Iterator[Page]:
    """The sheets of one city."""
    counts = city_counts(catalogue, province)
    schools = catalogue.schools_of_city[province.slug, city.code]
    programmes = newest_programmes(catalogue, (school.school_id for school in schools))
    here = Link(province.name, addresses.province(province))
    url = addresses.city(province, city)
    offers = major_offers(catalogue, programmes, province)
    names = "、".join(school.name for school in by_level(catalogue, schools)[:3])
    for sheet in sheets(by_level(catalogue, schools), url):
        yield Page(
            url=sheet.url,
            template="city.html",
            # A municipality is its own city: its two pages must not bear one title.
            title=f"{city.name}技工院校"
            + ("名单" if city.name == province.name else "")
            + sheet.suffix,
            description=(
                f"{city.name}收录技工院校 {len(schools)} 所{sheet.suffix}："
                f"{names}{'等' if len(schools) > 3 else ''}。"
            ),
            view=CityView(
                name=city.name,
                short_name=city.short_name,
                province=here,
                locator=locator(catalogue, province),
                sheet=sheet,
                schools=tuple(school_card(catalogue, school) for school in sheet.items),
                majors=offers[:FEW],
                more_majors=offers[FEW:],
                plans=notices(catalogue, programmes),
                other_cities=tuple(count for count in counts if count.url != url),
            ),
            trail=(HOME_LINK, PROVINCES_LINK, here),
            changed_on=max((s.checked_on for s in schools if s.checked_on), default=None),
        )
