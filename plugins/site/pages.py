"""Every page of the site, as a pure function of the catalogue."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from itertools import chain

from plugins.catalogue import Catalogue
from plugins.catalogue.vocabulary import ENTRY_SLUGS, LEVEL_SLUGS
from plugins.photos import Derivatives
from plugins.site.page import Page
from plugins.site.views import (
    city,
    entry,
    fixed,
    home,
    level,
    major,
    major_in_province,
    province,
    province_lists,
    school,
)


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
            province_lists.pages(catalogue),
            city.pages(catalogue),
            school.pages(catalogue, render, photos),
            major.pages(catalogue),
            major_in_province.pages(catalogue),
            entry.pages(catalogue),
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
    fixed_pages = {"/", "/provinces/", "/majors/", "/search/", "/about/", "/data/", "/404.html"}
    levels = {"/levels/", *(f"/levels/{slug}/" for slug in LEVEL_SLUGS.values())}
    return frozenset(
        schools | provinces | fixed_pages | levels | _place_lists(catalogue) | _majors(catalogue)
    )


def _place_lists(catalogue: Catalogue) -> set[str]:
    """Cities, levels in a province, provinces by seats: lists of schools, 200 a page."""
    counts: Counter[str] = Counter()
    planned: Counter[str] = Counter()
    for record in catalogue.schools:
        here = f"/provinces/{record.province}/"
        counts[f"{here}{record.city_code}/"] += 1
        counts[f"{here}by-seats/"] += 1
        planned[f"{here}by-seats/"] += record.school_id in catalogue.plans
        if record.level:
            counts[f"{here}{LEVEL_SLUGS[record.level]}/"] += 1
    for ranked, number in planned.items():
        if number <= 10:
            del counts[ranked]
    return {page for first, number in counts.items() for page in _sheets(first, number)}


def _majors(catalogue: Catalogue) -> set[str]:
    """Majors, majors in a province, a province's majors, entries: what active schools offer."""
    found: set[str] = {"/entry/"}
    schools: dict[str, set[str]] = {}
    for record in catalogue.schools:
        for plan in catalogue.plans.get(record.school_id, ())[: record.status == "active"]:
            for row in plan.programmes:
                if major := catalogue.reference.canonical_major(row.major):
                    found.add(f"/majors/{major.slug}/")
                    found.add(f"/provinces/{record.province}/majors/")
                    found.add(f"/entry/{ENTRY_SLUGS[row.entry]}/")
                    here = f"/majors/{major.slug}/{record.province}/"
                    schools.setdefault(here, set()).add(record.school_id)
    return found | {page for first, ids in schools.items() for page in _sheets(first, len(ids))}


def _sheets(first: str, rows: int) -> list[str]:
    return [first, *(f"{first}page-{start // 200 + 1}/" for start in range(200, rows, 200))]
