"""Every page of the site, as a pure function of the catalogue."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from itertools import chain

from plugins.catalogue import Catalogue
from plugins.photos import Derivatives
from plugins.site.page import Page
from plugins.site.views import fixed, home, level, major, province, school


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
    return list(
        chain(
            home.pages(catalogue),
            province.pages(catalogue),
            school.pages(catalogue, render, photos, changed),
            major.pages(catalogue),
            level.pages(catalogue),
            fixed.pages(catalogue, search_index_url),
        )
    )


def expected_addresses(catalogue: Catalogue) -> frozenset[str]:
    """Addresses that must exist for this catalogue, derived apart from the page builders.

    The guard compares a built tree with this list, so a builder that drops a page is found out.
    """
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
    fixed_pages = {"/", "/provinces/", "/majors/", "/search/", "/about/", "/data/", "/404.html"}
    levels = {"/levels/jigong-xuexiao/", "/levels/gaoji-jigong-xuexiao/", "/levels/jishi-xueyuan/"}
    return frozenset(schools | provinces | cities | majors | fixed_pages | levels)
