"""Every page of the site, as a pure function of the catalogue."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import chain

from plugins.catalogue import Catalogue
from plugins.photos import Derivatives
from plugins.site.page import Page
from plugins.site.views import aid, compare, fixed, home, level, major, province, school, shortlist


def all_pages(
    catalogue: Catalogue,
    render: school.Render,
    photos: Mapping[str, Derivatives],
    search_index_url: str,
) -> list[Page]:
    """All pages in a fixed order. `render` makes safe HTML of contributed Markdown."""
    return list(
        chain(
            home.pages(catalogue),
            province.pages(catalogue),
            school.pages(catalogue, render, photos),
            major.pages(catalogue),
            level.pages(catalogue),
            aid.pages(catalogue),
            compare.pages(),
            shortlist.pages(),
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
    tools = {"/aid/", "/compare/", "/shortlist/"}
    levels = {"/levels/jigong-xuexiao/", "/levels/gaoji-jigong-xuexiao/", "/levels/jishi-xueyuan/"}
    return frozenset(schools | provinces | cities | majors | fixed_pages | tools | levels)
