"""Every kind of page of the site, as pure functions of the catalogue.

To add a page, write `pages(catalogue)` in a module of `views` and name it in `PAGES`.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from plugins import addresses
from plugins.admin_form.backend import parse_backend
from plugins.catalogue import Catalogue
from plugins.catalogue.vocabulary import ENTRY_SLUGS, LEVEL_SLUGS, NOTICE_KINDS
from plugins.open_data import calendars, feeds
from plugins.open_data.downloads import listing_files
from plugins.open_data.licence import data_day
from plugins.site.page import File, Page
from plugins.site.reporting import reporting_files, unit_reports
from plugins.site.sources import Sources
from plugins.site.verification import known_schools, verification_json
from plugins.site.views import (
    about,
    aid,
    calendar,
    city,
    compare,
    data,
    employment,
    entry,
    fixed,
    home,
    leaflet,
    level,
    major,
    major_in_province,
    news,
    offline,
    online_learning,
    priority,
    province,
    province_lists,
    reporting,
    shortlist,
    status,
    term,
    verify,
)
from plugins.site.views.photo import photo_address
from plugins.site.views.school import school_page


@dataclass(frozen=True, slots=True)
class Family:
    """A kind of page or file that is made in units, one for each of its `keys`.

    A unit is made again when something that it read has changed, so a family with many keys costs
    less after an edit than one with a single key; both are right. `core` families are what any
    generator of such a site builds. A `late` one is made after the search index. With `cut`, a
    page of a unit that ran again is only rendered if what it shows has changed; a family whose
    pages nearly always change with what they read saves the comparison. A `slow` one, which reads
    the whole country, may follow a moment later while somebody edits (`serve`).
    """

    name: str
    make: Callable[[Sources, str], Iterable[Page | File]]
    keys: Callable[[Catalogue], Iterable[str]] = lambda _: ("",)
    core: bool = False
    late: bool = False
    cut: bool = True
    slow: bool = False


def _schools(catalogue: Catalogue) -> Iterable[str]:
    return (school.school_id for school in catalogue.schools)


def _provinces(catalogue: Catalogue) -> Iterable[str]:
    return catalogue.reference.province_by_slug


def _cities(catalogue: Catalogue) -> Iterable[str]:
    return (f"{province}/{code}" for province, code in catalogue.schools_of_city)


def _school(sources: Sources, school_id: str) -> Iterator[Page | File]:
    catalogue = sources.catalogue
    school = catalogue.school_by_id[school_id]
    yield school_page(
        catalogue, school, sources.render, sources.photos,
        sources.related(school_id), sources.changed,
    )  # fmt: skip
    if profile := catalogue.profiles.get(school_id):
        folder = profile.path.rpartition("/")[0]
        for photo in profile.facts.photos:
            for copy in sources.photos[f"{folder}/{photo.file}"].files:
                yield File(photo_address(copy.name).lstrip("/"), copy.path)


def _city(sources: Sources, key: str) -> Iterator[Page]:
    slug, code = key.split("/")
    reference = sources.catalogue.reference
    return city.city_pages(
        sources.catalogue, reference.province_by_slug[slug], reference.cities[code]
    )


def _province(sources: Sources, slug: str) -> Iterator[Page]:
    yield province.province_page(
        sources.catalogue, sources.catalogue.reference.province_by_slug[slug], sources.changed
    )


def _province_lists(sources: Sources, slug: str) -> Iterator[Page]:
    return province_lists.lists_of(
        sources.catalogue, sources.catalogue.reference.province_by_slug[slug]
    )


def _leaflet(sources: Sources, school_id: str) -> Iterator[Page]:
    catalogue = sources.catalogue
    yield leaflet.leaflet_page(catalogue, catalogue.school_by_id[school_id], sources.site_url)


def _province_leaflet(sources: Sources, slug: str) -> Iterator[Page]:
    catalogue = sources.catalogue
    unit = catalogue.reference.province_by_slug[slug]
    return leaflet.province_leaflet(catalogue, unit, sources.site_url)


def _priority_pages(sources: Sources, _: str) -> Iterator[Page | File]:
    catalogue = sources.catalogue
    yield from priority.pages(catalogue, sources.declared("priority"), sources.site_url)
    yield File(addresses.COUNTIES.lstrip("/"), priority.counties_json(catalogue))


def _verify(sources: Sources, _: str) -> Iterator[Page | File]:
    yield verify.first_page(sources.catalogue)
    yield File(addresses.VERIFY_NAMES.lstrip("/"), verification_json(sources.catalogue))


def _verify_province(sources: Sources, slug: str) -> Iterator[Page]:
    catalogue = sources.catalogue
    unit = catalogue.reference.province_by_slug[slug]
    return verify.province_pages(catalogue, unit, known_schools(catalogue, unit))


def _term(sources: Sources, _: str) -> Iterator[Page | File]:
    declared = sources.declared("term")
    yield from term.pages(sources.catalogue, declared)
    yield File(
        f"{addresses.TERM.lstrip('/')}index.json", term.term_json(sources.catalogue, declared)
    )


def _online_learning(sources: Sources, _: str) -> Iterator[Page]:
    return online_learning.pages(sources.catalogue, sources.declared("courses"))


def _employment(sources: Sources, _: str) -> Iterator[Page]:
    return employment.pages(sources.catalogue, sources.declared("employment"))


def _reporting(sources: Sources, _: str) -> Iterator[Page | File]:
    setting = os.environ.get("ADMIN_FORM")
    forms = parse_backend(setting) if setting else None
    reports = unit_reports(sources.catalogue, sources.changed, forms)
    yield from reporting.pages(sources.catalogue, reports)
    yield from (File(name, data) for name, data in reporting_files(reports))


def _offline_province(sources: Sources, slug: str) -> Iterator[Page]:
    catalogue = sources.catalogue
    if catalogue.schools_of_province[slug]:
        yield offline.province_page(catalogue, catalogue.reference.province_by_slug[slug])


def _feed(file: tuple[str, bytes] | None) -> Iterator[File]:
    if file is not None:
        yield File(*file)


def _school_feeds(sources: Sources, school_id: str) -> Iterator[File]:
    catalogue, origin = sources.catalogue, sources.site_url
    school = catalogue.school_by_id[school_id]
    yield from _feed(feeds.school_feed(catalogue, school, sources.changed, origin))
    yield from _feed(calendars.school_calendar(catalogue, school, origin))


def _province_dates(sources: Sources, slug: str) -> Iterator[Page | File]:
    catalogue, origin = sources.catalogue, sources.site_url
    unit = catalogue.reference.province_by_slug[slug]
    feed = feeds.province_feed(catalogue, unit, sources.changed, origin)
    yield from _feed(feed)
    yield File(*calendars.province_calendar(catalogue, unit, origin))
    if page := calendar.province_page(catalogue, unit, has_feed=feed is not None):
        yield page


def _dates(sources: Sources, _: str) -> Iterator[Page | File]:
    catalogue, origin = sources.catalogue, sources.site_url
    yield from _feed(feeds.national_feed(catalogue, sources.changed, origin))
    yield File(*calendars.national_calendar(catalogue, origin))
    yield calendar.national_page(catalogue, feeds.feeds_that_exist(catalogue, sources.changed))


def _data(sources: Sources, _: str) -> Iterator[Page | File]:
    catalogue, made = sources.catalogue, sources.downloads
    yield from data.pages(catalogue, sources.past, made, sources.site_url)
    listed = listing_files(made, data_day(catalogue), sources.site_url)
    yield from (File(name, content) for name, content in listed)


def _status(sources: Sources, _: str) -> Iterable[Page | File]:
    code = status.code_id(Path(__file__).parents[1], sources.theme)
    return status.pages(sources.catalogue, sources.downloads, sources.changed, code)


PAGES: Final = (
    Family("home", lambda sources, _: home.pages(sources.catalogue), core=True),
    Family("provinces", lambda sources, _: [province.index_page(sources.catalogue)], core=True),
    Family("province", _province, _provinces, core=True),
    Family("city", _city, _cities, core=True),
    Family("school", _school, _schools, core=True, cut=False),
    Family("major", lambda sources, _: major.pages(sources.catalogue), core=True),
    Family("province-lists", _province_lists, _provinces),
    Family("major-in-province", lambda sources, _: major_in_province.pages(sources.catalogue)),
    Family("entry", lambda sources, _: entry.pages(sources.catalogue)),
    Family("level", lambda sources, _: level.pages(sources.catalogue)),
    Family("aid", lambda sources, _: aid.pages(sources.catalogue)),
    Family("leaflet", _leaflet, _schools, cut=False),
    Family("province-leaflet", _province_leaflet, _provinces),
    Family("priority", _priority_pages),
    Family("verify", _verify),
    Family("verify-province", _verify_province, _provinces),
    Family("term", _term),
    Family("online-learning", _online_learning),
    Family("employment", _employment),
    Family("compare", lambda _sources, _: compare.pages()),
    Family("shortlist", lambda _sources, _: shortlist.pages()),
    Family("news-lists", lambda sources, _: news.pages(sources.catalogue)),
    Family("reporting", _reporting),
    Family("offline", lambda sources, _: [offline.index_page(sources.catalogue)]),
    Family("offline-province", _offline_province, _provinces),
    Family("school-feeds", _school_feeds, _schools),
    Family("province-dates", _province_dates, _provinces),
    Family("dates", _dates),
    Family("data", _data, late=True),
    Family("status", _status, late=True),
    Family("about", lambda sources, _: about.pages(sources.catalogue)),
    Family(
        "fixed", lambda sources, _: fixed.pages(sources.catalogue, sources.search_url), late=True
    ),
)
"""Every kind of page of the site, single notices aside. The order has no meaning."""


def all_pages(sources: Sources, *, core: bool = False) -> list[Page]:
    """Every page at once, for those who look at pages and write none."""
    return [
        made
        for family in PAGES
        if family.core or not core
        for key in family.keys(sources.catalogue)
        for made in family.make(sources, key)
        if isinstance(made, Page)
    ]


def expected_addresses(catalogue: Catalogue) -> frozenset[str]:
    """Addresses that must exist for this catalogue, derived apart from the page builders.

    The guard compares a built tree with this list, so a builder that drops a page is found out.
    """
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
