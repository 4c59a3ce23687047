"""The site's stable addresses, and the file in which each page is kept.

Every address that a page or a download names is made here; nothing contributed is part of an
address except identifiers that the schema has checked.
"""

from __future__ import annotations

from typing import Final

from plugins.catalogue import City, Major, Notice, Province, School
from plugins.catalogue.vocabulary import ENTRY_SLUGS, LEVEL_SLUGS

HOME: Final = "/"
PROVINCES: Final = "/provinces/"
MAJORS: Final = "/majors/"
LEVELS: Final = "/levels/"
ENTRIES: Final = "/entry/"
SEARCH: Final = "/search/"
ABOUT: Final = "/about/"
DATA: Final = "/data/"
DATA_DICTIONARY: Final = "/data/dictionary/"
DATABASE: Final = "/data/jixiao.db"
WORKBOOK: Final = "/data/jixiao.xlsx"
NEWS: Final = "/news/"
ACCESSIBILITY: Final = "/accessibility/"
DESIGN: Final = "/design/"
NOT_FOUND: Final = "/404.html"
COMPARE: Final = "/compare/"
SHORTLIST: Final = "/shortlist/"
AID: Final = "/aid/"
AID_RULES: Final = "/data/aid-rules.json"
COMPARISON: Final = "/data/compare/"
REPORTING: Final = "/reporting/"
PRIORITY: Final = "/priority/"
COUNTIES: Final = "/data/counties.json"
VERIFY: Final = "/verify/"
VERIFY_NAMES: Final = "/data/verify.json"
TERM: Final = "/term/"
ONLINE_LEARNING: Final = "/online-learning/"
EMPLOYMENT: Final = "/employment/"
OFFLINE: Final = "/offline/"
WEB_MANIFEST: Final = "/manifest.webmanifest"
WORKER: Final = "/sw.js"
CALENDAR: Final = "/calendar/"
NATIONAL_CALENDAR: Final = "/calendar/calendar.ics"
NATIONAL_FEED: Final = "/calendar/atom.xml"
STATUS: Final = "/status/"
STATUS_DATA: Final = "/status/index.json"


def province(unit: Province) -> str:
    return f"/provinces/{unit.slug}/"


def province_by_seats(unit: Province) -> str:
    return f"/provinces/{unit.slug}/by-seats/"


def province_level(unit: Province, name: str) -> str:
    return f"/provinces/{unit.slug}/{LEVEL_SLUGS[name]}/"


def province_majors(unit: Province) -> str:
    return f"/provinces/{unit.slug}/majors/"


def reporting_of(unit: Province) -> str:
    return f"/reporting/{unit.slug}/"


def province_leaflet(unit: Province) -> str:
    """The printed list of a province's schools."""
    return f"/provinces/{unit.slug}/leaflet/"


def priority_in(unit: Province) -> str:
    """A province's counties, each with its answer."""
    return f"{PRIORITY}{unit.slug}/"


def priority_county(code: str) -> str:
    """Whether there is priority for a county; `code` is its division code."""
    return f"{PRIORITY}{code}/"


def priority_leaflet(code: str) -> str:
    """The same on one A4 page, for counties that have something to print."""
    return f"{PRIORITY}{code}/leaflet/"


def priority_list(scheme: str) -> str:
    """All counties of one list of areas, and the schools that name it."""
    return f"{PRIORITY}lists/{scheme.replace('_', '-')}/"


def verify_in(unit: Province) -> str:
    """The names of a province's schools, by pinyin."""
    return f"{VERIFY}{unit.slug}/"


def term_in(unit: Province) -> str:
    return f"{TERM}{unit.slug}/"


def employment_in(unit: Province) -> str:
    return f"{EMPLOYMENT}{unit.slug}/"


def employment_of_majors() -> str:
    """What schools report of single majors."""
    return f"{EMPLOYMENT}majors/"


def news_of_kind(slug: str) -> str:
    """`slug` is that of a kind of notice, such as zhaosheng-gonggao."""
    return f"/news/{slug}/"


def city(unit: Province, place: City) -> str:
    return f"/provinces/{unit.slug}/{place.code}/"


def school(record: School) -> str:
    return f"/schools/{record.school_id}/"


def leaflet(record: School) -> str:
    """One A4 page of a school, for printing."""
    return f"/leaflets/{record.school_id}/"


def major(record: Major) -> str:
    return f"/majors/{record.slug}/"


def major_in(record: Major, unit: Province) -> str:
    return f"/majors/{record.slug}/{unit.slug}/"


def entry(name: str) -> str:
    return f"/entry/{ENTRY_SLUGS[name]}/"


def sheet(first: str, number: int) -> str:
    """The `number`th page of a list whose first page stands at `first`."""
    return first if number == 1 else f"{first}page-{number}/"


def level(name: str) -> str:
    return f"/levels/{LEVEL_SLUGS[name]}/"


def news_of_place(place: str) -> str:
    """`place` is a province's slug or `national`."""
    return f"/news/{place}/"


def news_of_year(year: int) -> str:
    return f"/news/{year}/"


def news_feed(place: str = "") -> str:
    """The Atom feed of a place or a kind, or of all news."""
    return f"/news/{place}/atom.xml" if place else "/news/atom.xml"


def notice(record: Notice) -> str:
    return f"/news/{record.place}/{record.slug}/"


def province_data(unit: Province) -> str:
    """The folder of a province's downloads; it has no page of its own."""
    return f"/data/provinces/{unit.slug}/"


def province_workbook(unit: Province) -> str:
    return f"/data/provinces/{unit.slug}/jixiao-{unit.slug}.xlsx"


def form_of(record: School) -> str:
    """The profile of a school in the web form."""
    return f"/admin/#/collections/{record.province}/entries/{record.school_id}/profile"


def province_database(unit: Province) -> str:
    return f"/data/provinces/{unit.slug}/jixiao-{unit.slug}.db"


def calendar_of(unit: Province) -> str:
    """The dates of a province's schools; only where there are some."""
    return f"/calendar/{unit.slug}/"


def province_calendar(unit: Province) -> str:
    return f"/calendar/{unit.slug}.ics"


def province_feed(unit: Province) -> str:
    return f"/provinces/{unit.slug}/atom.xml"


def school_calendar(record: School) -> str:
    return f"/schools/{record.school_id}/calendar.ics"


def school_feed(record: School) -> str:
    return f"/schools/{record.school_id}/atom.xml"


def design_example(name: str) -> str:
    """One component with its states; in the preview only."""
    return f"/design/{name}/"


def offline_of(slug: str) -> str:
    """The page of a province without a network, by the province's slug."""
    return f"/offline/{slug}/"


def offline_pack(slug: str) -> str:
    """A province as a zip that opens from a disk."""
    return f"/offline/{slug}.zip"


def comparison(record: School) -> str:
    """The small record of one school that the comparison page fetches."""
    return f"{COMPARISON}{record.school_id}.json"


def file_of(address: str) -> str:
    """The path inside the output folder that serves `address`."""
    return address.lstrip("/") + ("index.html" if address.endswith("/") else "")


def address_of(file: str) -> str:
    """The address that serves the path of a file inside the output folder."""
    return "/" + file.removesuffix("index.html")
