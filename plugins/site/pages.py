"""Every page of the site, as a pure function of the catalogue."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from itertools import chain

from plugins.catalogue import Catalogue
from plugins.photos import Derivatives
from plugins.site.page import Page
from plugins.site.views import (
    about,
    aid,
    compare,
    fixed,
    home,
    level,
    major,
    news,
    province,
    school,
    shortlist,
)


def all_pages(
    catalogue: Catalogue,
    render: school.Render,
    photos: Mapping[str, Derivatives],
    search_index_url: str,
    changed: Mapping[str, dt.date] = school.NOTHING_CHANGED,
) -> list[Page]:
    """All pages in a fixed order. `render` makes safe HTML of contributed Markdown.

    `changed` is the day on which a file of the content last changed, by its path.
    """
    return [
        *core_pages(catalogue, render, photos, changed),
        *level.pages(catalogue),
        *aid.pages(catalogue),
        *compare.pages(),
        *shortlist.pages(),
        *news.pages(catalogue),
        *about.pages(catalogue),
        *fixed.pages(catalogue, search_index_url),
    ]


def core_pages(
    catalogue: Catalogue,
    render: school.Render,
    photos: Mapping[str, Derivatives],
    changed: Mapping[str, dt.date] = school.NOTHING_CHANGED,
) -> list[Page]:
    """Home, provinces, cities, majors and schools: what any generator of such a site builds."""
    return list(
        chain(
            home.pages(catalogue),
            province.pages(catalogue),
            school.pages(catalogue, render, photos, changed),
            major.pages(catalogue),
        )
    )


def expected_addresses(catalogue: Catalogue) -> frozenset[str]:
    """Addresses that must exist for this catalogue, derived apart from the page builders.

    The guard compares a built tree with this list, so a builder that drops a page is found out.
    """
    fixed_pages = {"/search/", "/about/", "/data/", "/404.html"}
    levels = {"/levels/jigong-xuexiao/", "/levels/gaoji-jigong-xuexiao/", "/levels/jishi-xueyuan/"}
    notices = {f"/news/{notice.place}/{notice.slug}/" for notice in catalogue.notices}
    news_lists = {f"/news/{notice.place}/" for notice in catalogue.notices}
    news_years = {f"/news/{notice.date.year}/" for notice in catalogue.notices}
    news_pages = {"/news/", "/accessibility/"} | notices | news_lists | news_years
    tools = {"/aid/", "/compare/", "/shortlist/"}
    return core_addresses(catalogue) | fixed_pages | levels | tools | news_pages


def core_addresses(catalogue: Catalogue) -> frozenset[str]:
    """The addresses of the core pages, derived apart from the page builders as well."""
    schools = {f"/schools/{record.school_id}/" for record in catalogue.schools}
    provinces = {f"/provinces/{unit.slug}/" for unit in catalogue.reference.provinces}
    cities = {f"/provinces/{s.province}/{s.city_code}/" for s in catalogue.schools}
    majors = {
        f"/majors/{found.slug}/"
        for record in catalogue.schools
        if record.status == "active"
        for plan in catalogue.plans.get(record.school_id, ())[:1]
        for row in plan.programmes
        if (found := catalogue.reference.canonical_major(row.major))
    }
    return frozenset(schools | provinces | cities | majors | {"/", "/provinces/", "/majors/"})
