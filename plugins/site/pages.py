"""Every kind of page of the site, as pure functions of the catalogue.

To add a page, write `pages(catalogue)` in a module of `views` and name it in `PAGES`. A view is
imported when one of its pages is made: after an edit that is one kind of thirty, and importing all
of them would take longer than making the page.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from plugins import addresses
from plugins.site.page import File, Page

if TYPE_CHECKING:
    from plugins.catalogue import Catalogue
    from plugins.site.sources import Sources


@dataclass(frozen=True, slots=True)
class Family:
    """A kind of page or file that is made in units, one for each of its `keys`.

    A unit is made again when something that it read has changed, so a family with many keys costs
    less after an edit than one with a single key; both are right. A `late` one is made after the
    search index. With `cut`, a page of a unit that ran again is only rendered if what it shows has
    changed; a family whose pages nearly always change with what they read saves the comparison. A
    `slow` one, which reads the whole country, follows with the next build while somebody edits
    (`live.py`).
    """

    name: str
    make: Callable[[Sources, str], Iterable[Page | File]]
    keys: Callable[[Catalogue], Iterable[str]] = lambda _: ("",)
    late: bool = False
    cut: bool = True
    slow: bool = False


def school_ids(catalogue: Catalogue) -> Iterable[str]:
    return (school.school_id for school in catalogue.schools)


def province_slugs(catalogue: Catalogue) -> Iterable[str]:
    return catalogue.reference.province_by_slug


def _cities(catalogue: Catalogue) -> Iterable[str]:
    return (f"{province}/{code}" for province, code in catalogue.schools_of_city)


def _home(sources: Sources, _: str) -> Iterable[Page]:
    from plugins.site.views import home

    return home.pages(sources.catalogue)


def _province_index(sources: Sources, _: str) -> Iterator[Page]:
    from plugins.site.views import province

    yield province.index_page(sources.catalogue)


def _school(sources: Sources, school_id: str) -> Iterator[Page | File]:
    from plugins.site.views.photo import photo_address
    from plugins.site.views.school import school_page

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
    from plugins.site.views import city

    slug, code = key.split("/")
    reference = sources.catalogue.reference
    return city.city_pages(
        sources.catalogue, reference.province_by_slug[slug], reference.cities[code]
    )


def _province(sources: Sources, slug: str) -> Iterator[Page]:
    from plugins.site.views import province

    yield province.province_page(
        sources.catalogue, sources.catalogue.reference.province_by_slug[slug], sources.changed
    )


def _province_lists(sources: Sources, slug: str) -> Iterator[Page]:
    from plugins.site.views import province_lists

    return province_lists.lists_of(
        sources.catalogue, sources.catalogue.reference.province_by_slug[slug]
    )


def _major(sources: Sources, _: str) -> Iterable[Page]:
    from plugins.site.views import major

    return major.pages(sources.catalogue)


def _major_in_province(sources: Sources, _: str) -> Iterable[Page]:
    from plugins.site.views import major_in_province

    return major_in_province.pages(sources.catalogue)


def _entry(sources: Sources, _: str) -> Iterable[Page]:
    from plugins.site.views import entry

    return entry.pages(sources.catalogue)


def _level(sources: Sources, _: str) -> Iterable[Page]:
    from plugins.site.views import level

    return level.pages(sources.catalogue)


def _aid(sources: Sources, _: str) -> Iterable[Page]:
    from plugins.site.views import aid

    return aid.pages(sources.catalogue)


def _leaflet(sources: Sources, school_id: str) -> Iterator[Page]:
    from plugins.site.views import leaflet

    catalogue = sources.catalogue
    yield leaflet.leaflet_page(catalogue, catalogue.school_by_id[school_id], sources.site_url)


def _province_leaflet(sources: Sources, slug: str) -> Iterator[Page]:
    from plugins.site.views import leaflet

    catalogue = sources.catalogue
    unit = catalogue.reference.province_by_slug[slug]
    return leaflet.province_leaflet(catalogue, unit, sources.site_url)


def _priority_pages(sources: Sources, _: str) -> Iterator[Page | File]:
    from plugins.site.views import priority

    catalogue = sources.catalogue
    yield from priority.pages(catalogue, sources.declared("priority"), sources.site_url)
    yield File(addresses.COUNTIES.lstrip("/"), priority.counties_json(catalogue))


def _verify(sources: Sources, _: str) -> Iterator[Page | File]:
    from plugins.site.verification import verification_json
    from plugins.site.views import verify

    yield verify.first_page(sources.catalogue)
    yield File(addresses.VERIFY_NAMES.lstrip("/"), verification_json(sources.catalogue))


def _verify_province(sources: Sources, slug: str) -> Iterator[Page]:
    from plugins.site.verification import known_schools
    from plugins.site.views import verify

    catalogue = sources.catalogue
    unit = catalogue.reference.province_by_slug[slug]
    return verify.province_pages(catalogue, unit, known_schools(catalogue, unit))


def _term(sources: Sources, _: str) -> Iterator[Page | File]:
    from plugins.site.views import term

    declared = sources.declared("term")
    yield from term.pages(sources.catalogue, declared)
    yield File(
        f"{addresses.TERM.lstrip('/')}index.json", term.term_json(sources.catalogue, declared)
    )


def _online_learning(sources: Sources, _: str) -> Iterator[Page]:
    from plugins.site.views import online_learning

    return online_learning.pages(sources.catalogue, sources.declared("courses"))


def _employment(sources: Sources, _: str) -> Iterator[Page]:
    from plugins.site.views import employment

    return employment.pages(sources.catalogue, sources.declared("employment"))


def _compare(_sources: Sources, _: str) -> Iterable[Page]:
    from plugins.site.views import compare

    return compare.pages()


def _shortlist(_sources: Sources, _: str) -> Iterable[Page]:
    from plugins.site.views import shortlist

    return shortlist.pages()


def _news_lists(sources: Sources, _: str) -> Iterable[Page]:
    from plugins.site.views import news

    return news.pages(sources.catalogue)


def _reporting(sources: Sources, _: str) -> Iterator[Page | File]:
    from plugins.admin_form.backend import parse_backend
    from plugins.site.reporting import reporting_files, unit_reports
    from plugins.site.views import reporting

    setting = os.environ.get("ADMIN_FORM")
    forms = parse_backend(setting) if setting else None
    reports = unit_reports(sources.catalogue, sources.changed, forms)
    yield from reporting.pages(sources.catalogue, reports)
    yield from (File(name, data) for name, data in reporting_files(reports))


def _offline(sources: Sources, _: str) -> Iterator[Page]:
    from plugins.site.views import offline

    yield offline.index_page(sources.catalogue)


def _offline_province(sources: Sources, slug: str) -> Iterator[Page]:
    from plugins.site.views import offline

    catalogue = sources.catalogue
    if catalogue.schools_of_province[slug]:
        yield offline.province_page(catalogue, catalogue.reference.province_by_slug[slug])


def _feed(file: tuple[str, bytes] | None) -> Iterator[File]:
    if file is not None:
        yield File(*file)


def _school_feeds(sources: Sources, school_id: str) -> Iterator[File]:
    from plugins.open_data import calendars, feeds

    catalogue, origin = sources.catalogue, sources.site_url
    school = catalogue.school_by_id[school_id]
    yield from _feed(feeds.school_feed(catalogue, school, sources.changed, origin))
    yield from _feed(calendars.school_calendar(catalogue, school, origin))


def _province_dates(sources: Sources, slug: str) -> Iterator[Page | File]:
    from plugins.open_data import calendars, feeds
    from plugins.site.views import calendar

    catalogue, origin = sources.catalogue, sources.site_url
    unit = catalogue.reference.province_by_slug[slug]
    feed = feeds.province_feed(catalogue, unit, sources.changed, origin)
    yield from _feed(feed)
    yield File(*calendars.province_calendar(catalogue, unit, origin))
    if page := calendar.province_page(catalogue, unit, has_feed=feed is not None):
        yield page


def _dates(sources: Sources, _: str) -> Iterator[Page | File]:
    from plugins.open_data import calendars, feeds
    from plugins.site.views import calendar

    catalogue, origin = sources.catalogue, sources.site_url
    yield from _feed(feeds.national_feed(catalogue, sources.changed, origin))
    yield File(*calendars.national_calendar(catalogue, origin))
    yield calendar.national_page(catalogue, feeds.feeds_that_exist(catalogue, sources.changed))


def _data(sources: Sources, _: str) -> Iterator[Page | File]:
    from plugins.open_data.downloads import listing_files
    from plugins.open_data.licence import data_day
    from plugins.site.views import data

    catalogue, made = sources.catalogue, sources.downloads
    yield from data.pages(catalogue, sources.past, made, sources.site_url)
    listed = listing_files(made, data_day(catalogue), sources.site_url)
    yield from (File(name, content) for name, content in listed)


def _status(sources: Sources, _: str) -> Iterable[Page | File]:
    from plugins.site.views import status

    code = status.code_id(Path(__file__).parents[1], sources.theme)
    return status.pages(sources.catalogue, sources.downloads, sources.changed, code)


def _about(sources: Sources, _: str) -> Iterable[Page]:
    from plugins.site.views import about

    return about.pages(sources.catalogue)


def _fixed(sources: Sources, _: str) -> Iterable[Page]:
    from plugins.site.views import fixed

    return fixed.pages(sources.catalogue, sources.search_url)


PAGES: Final = (
    Family("home", _home),
    Family("provinces", _province_index),
    Family("province", _province, province_slugs),
    Family("city", _city, _cities),
    Family("school", _school, school_ids, cut=False),
    Family("major", _major),
    Family("province-lists", _province_lists, province_slugs),
    Family("major-in-province", _major_in_province),
    Family("entry", _entry),
    Family("level", _level),
    Family("aid", _aid),
    Family("leaflet", _leaflet, school_ids, cut=False),
    Family("province-leaflet", _province_leaflet, province_slugs),
    Family("priority", _priority_pages),
    Family("verify", _verify),
    Family("verify-province", _verify_province, province_slugs),
    Family("term", _term),
    Family("online-learning", _online_learning),
    Family("employment", _employment),
    Family("compare", _compare),
    Family("shortlist", _shortlist),
    Family("news-lists", _news_lists),
    Family("reporting", _reporting, slow=True),
    Family("offline", _offline),
    Family("offline-province", _offline_province, province_slugs),
    Family("school-feeds", _school_feeds, school_ids),
    Family("province-dates", _province_dates, province_slugs),
    Family("dates", _dates, slow=True),
    Family("data", _data, late=True, slow=True),
    Family("status", _status, late=True, slow=True),
    Family("about", _about, slow=True),
    Family("fixed", _fixed, late=True),
)
"""Every kind of page of the site, single notices aside. The order has no meaning."""


def all_pages(sources: Sources) -> list[Page]:
    """Every page at once, for those who look at pages and write none."""
    return [
        made
        for family in PAGES
        for key in family.keys(sources.catalogue)
        for made in family.make(sources, key)
        if isinstance(made, Page)
    ]
