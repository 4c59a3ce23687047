"""Addresses that must exist, derived apart from the page builders: the guard compares a built tree
with this list, so a builder that drops a page is found out."""

from __future__ import annotations

from collections import Counter

from plugins.catalogue import Catalogue
from plugins.catalogue.vocabulary import ENTRY_SLUGS, LEVEL_SLUGS, NOTICE_KINDS


def expected_addresses(catalogue: Catalogue) -> frozenset[str]:
    """The addresses of all pages that must exist for this catalogue."""
    fixed_pages = {"/search/", "/about/", "/data/", "/data/dictionary/", "/404.html"}
    levels = {"/levels/", *(f"/levels/{slug}/" for slug in LEVEL_SLUGS.values())}
    notices = {f"/news/{notice.place}/{notice.slug}/" for notice in catalogue.notices}
    news_lists = {f"/news/{notice.place}/" for notice in catalogue.notices}
    news_years = {f"/news/{notice.date.year}/" for notice in catalogue.notices}
    kinds = {NOTICE_KINDS[kind].slug for n in catalogue.notices if (kind := n.facts.kind)}
    news_lists |= {f"/news/{slug}/" for slug in kinds}
    news_pages = {"/news/", "/accessibility/"} | notices | news_lists | news_years
    tools = {"/aid/", "/compare/", "/shortlist/", "/reporting/", "/calendar/", "/status/"}
    tools |= _dated_provinces(catalogue)
    tools |= {f"/reporting/{unit.slug}/" for unit in catalogue.reference.provinces}
    tools |= {"/offline/", *(f"/offline/{record.province}/" for record in catalogue.schools)}
    lists = _place_lists(catalogue) | _offers(catalogue)
    paper = {f"/leaflets/{record.school_id}/" for record in catalogue.schools}
    paper |= {f"/provinces/{record.province}/leaflet/" for record in catalogue.schools}
    lists |= _priority(catalogue) | _names(catalogue) | _declared_lists(catalogue)
    return core_addresses(catalogue) | fixed_pages | levels | lists | tools | news_pages | paper


def _declared_lists(catalogue: Catalogue) -> set[str]:
    """Terms, courses and employment: lists of what profiles declare, 200 rows a page."""
    rows: Counter[str] = Counter()
    for record in catalogue.schools:
        if (declared := catalogue.declared.get(record.school_id)) is None:
            continue
        if declared.has_term:
            rows[f"/term/{record.province}/"] += 1
        if record.status == "active":
            rows["/online-learning/"] += declared.courses
        if declared.has_employment:
            rows[f"/employment/{record.province}/"] += 1
            rows["/employment/majors/"] += declared.majors
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
        declared = catalogue.declared.get(record.school_id)
        for offered in declared.offers if declared else ():
            if record.status == "active":
                offers[f"/priority/{record.province}/"] += 1
                keys = {key for area in offered if (key := reference.area_key(area))}
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


def _dated_provinces(catalogue: Catalogue) -> set[str]:
    """The calendars of provinces in which a school enrols by a plan that names its days."""
    return {
        f"/calendar/{record.province}/"
        for record in catalogue.schools
        for plan in catalogue.plans.get(record.school_id, ())
        for row in plan.programmes
        if record.status == "active" and plan.year >= catalogue.today.year
        if row.open_from and row.open_to
    }


def core_addresses(catalogue: Catalogue) -> frozenset[str]:
    """The addresses of the core pages alone."""
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
