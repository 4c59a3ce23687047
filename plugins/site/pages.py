"""Every page of the site, as a pure function of the catalogue."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping
from itertools import chain

from plugins.catalogue import Catalogue
from plugins.catalogue.vocabulary import ENTRY_SLUGS, LEVEL_SLUGS, NOTICE_KINDS
from plugins.photos import Derivatives
from plugins.site.page import Page
from plugins.site.reporting import unit_reports
from plugins.site.verification import known_schools
from plugins.site.views import (
    about,
    aid,
    city,
    compare,
    employment,
    entry,
    fixed,
    home,
    leaflet,
    level,
    major,
    major_in_province,
    news,
    online_learning,
    priority,
    province,
    province_lists,
    reporting,
    school,
    shortlist,
    term,
    verify,
)


def all_pages(
    catalogue: Catalogue,
    render: school.Render,
    photos: Mapping[str, Derivatives],
    search_index_url: str,
    changed: Mapping[str, dt.date] = school.NOTHING_CHANGED,
    site_url: str = "",
) -> list[Page]:
    """All pages in a fixed order. `render` makes safe HTML of contributed Markdown.

    `changed` is the day on which a file of the content last changed, by its path. `site_url` is
    the origin that printed QR codes lead to; without it leaflets have none.
    """
    return [
        *core_pages(catalogue, render, photos, changed),
        *province_lists.pages(catalogue),
        *major_in_province.pages(catalogue),
        *entry.pages(catalogue),
        *level.pages(catalogue),
        *aid.pages(catalogue),
        *leaflet.pages(catalogue, site_url),
        *priority.pages(catalogue, site_url),
        *verify.pages(catalogue, known_schools(catalogue)),
        *term.pages(catalogue),
        *online_learning.pages(catalogue),
        *employment.pages(catalogue),
        *compare.pages(),
        *shortlist.pages(),
        *news.pages(catalogue),
        *reporting.pages(catalogue, unit_reports(catalogue, changed)),
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
            city.pages(catalogue),
            school.pages(catalogue, render, photos, changed),
            major.pages(catalogue),
        )
    )


def expected_addresses(catalogue: Catalogue) -> frozenset[str]:
    """Addresses that must exist for this catalogue, derived apart from the page builders.

    The guard compares a built tree with this list, so a builder that drops a page is found out.
    """
    fixed_pages = {"/search/", "/about/", "/data/", "/404.html"}
    levels = {"/levels/", *(f"/levels/{slug}/" for slug in LEVEL_SLUGS.values())}
    notices = {f"/news/{notice.place}/{notice.slug}/" for notice in catalogue.notices}
    news_lists = {f"/news/{notice.place}/" for notice in catalogue.notices}
    news_years = {f"/news/{notice.date.year}/" for notice in catalogue.notices}
    kinds = {NOTICE_KINDS[kind].slug for n in catalogue.notices if (kind := n.facts.kind)}
    news_lists |= {f"/news/{slug}/" for slug in kinds}
    news_pages = {"/news/", "/accessibility/"} | notices | news_lists | news_years
    tools = {"/aid/", "/compare/", "/shortlist/", "/reporting/"}
    tools |= {f"/reporting/{unit.slug}/" for unit in catalogue.reference.provinces}
    lists = _place_lists(catalogue) | _offers(catalogue)
    paper = {f"/leaflets/{record.school_id}/" for record in catalogue.schools}
    paper |= {f"/provinces/{record.province}/leaflet/" for record in catalogue.schools}
    lists |= _priority(catalogue) | _names(catalogue) | _declared_lists(catalogue)
    return core_addresses(catalogue) | fixed_pages | levels | lists | tools | news_pages | paper


def _declared_lists(catalogue: Catalogue) -> set[str]:
    """Terms, courses and employment: lists of what profiles declare, 200 rows a page."""
    rows: Counter[str] = Counter()
    for record in catalogue.schools:
        if (profile := catalogue.profiles.get(record.school_id)) is None:
            continue
        facts = profile.facts
        if facts.term and (facts.term.opens_on or facts.term.staggered):
            rows[f"/term/{record.province}/"] += 1
        if record.status == "active":
            rows["/online-learning/"] += len(facts.online_courses)
        if facts.employment:
            rows[f"/employment/{record.province}/"] += 1
            rows["/employment/majors/"] += len(facts.employment.by_major)
    always = {"/term/", "/online-learning/", "/employment/", "/employment/majors/"}
    return always | {page for first, number in rows.items() for page in _sheets(first, number)}


def _names(catalogue: Catalogue) -> set[str]:
    found = {"/verify/"}
    for slug, schools in catalogue.schools_of_province.items():
        found.update(_sheets(f"/verify/{slug}/", len(schools)))
    return found


def _priority(catalogue: Catalogue) -> set[str]:
    """Every county, and every city without counties; lists and provinces, 200 offers a page."""
    reference = catalogue.reference
    codes = set(reference.counties)
    codes |= set(reference.cities) - {county.city_code for county in reference.counties.values()}
    found = {"/priority/"} | {f"/priority/{code}/" for code in codes}
    offers: Counter[str] = Counter()
    areas: set[str] = set()
    for record in catalogue.schools:
        profile = catalogue.profiles.get(record.school_id)
        for offer in profile.facts.priority_enrolment if profile else ():
            if record.status == "active":
                offers[f"/priority/{record.province}/"] += 1
                keys = {key for area in offer.areas if (key := reference.area_key(area))}
                for key in keys:
                    offers[f"/priority/lists/{key.replace('_', '-')}/"] += 1
                areas |= keys
    for scheme in reference.priority_schemes:
        first = f"/priority/lists/{scheme.scheme.replace('_', '-')}/"
        found.update(_sheets(first, offers[first]))
    for unit in reference.provinces:
        found.update(_sheets(f"/priority/{unit.slug}/", offers[f"/priority/{unit.slug}/"]))
    listed = {area.county_code for area in reference.priority_areas}
    whole = {code for scheme in reference.priority_schemes for code in scheme.provinces}
    for code in codes:
        county = reference.counties.get(code)
        around = {code, f"{code[:2]}0000", county.city_code if county else code}
        if code in listed or f"{code[:2]}0000" in whole or around & areas:
            found.add(f"/priority/{code}/leaflet/")
    return found


def core_addresses(catalogue: Catalogue) -> frozenset[str]:
    """The addresses of the core pages, derived apart from the page builders as well."""
    schools = {f"/schools/{record.school_id}/" for record in catalogue.schools}
    provinces = {f"/provinces/{unit.slug}/" for unit in catalogue.reference.provinces}
    cities = {f"/provinces/{s.province}/{s.city_code}/" for s in catalogue.schools}
    majors = {f"/majors/{slug}/" for slug in _majors_on_offer(catalogue)}
    return frozenset(schools | provinces | cities | majors | {"/", "/provinces/", "/majors/"})


def _majors_on_offer(catalogue: Catalogue) -> set[str]:
    return {
        found.slug
        for record in catalogue.schools
        if record.status == "active"
        for plan in catalogue.plans.get(record.school_id, ())[:1]
        for row in plan.programmes
        if (found := catalogue.reference.canonical_major(row.major))
    }


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


def _offers(catalogue: Catalogue) -> set[str]:
    """Majors in a province, a province's majors, entries: what active schools offer."""
    found: set[str] = {"/entry/"}
    schools: dict[str, set[str]] = {}
    for record in catalogue.schools:
        for plan in catalogue.plans.get(record.school_id, ())[: record.status == "active"]:
            for row in plan.programmes:
                if major := catalogue.reference.canonical_major(row.major):
                    found.add(f"/provinces/{record.province}/majors/")
                    found.add(f"/entry/{ENTRY_SLUGS[row.entry]}/")
                    here = f"/majors/{major.slug}/{record.province}/"
                    schools.setdefault(here, set()).add(record.school_id)
    return found | {page for first, ids in schools.items() for page in _sheets(first, len(ids))}


def _sheets(first: str, rows: int) -> list[str]:
    return [first, *(f"{first}page-{start // 200 + 1}/" for start in range(200, rows, 200))]
