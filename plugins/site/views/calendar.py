"""`/calendar/` and `/calendar/<province>/`: when to apply this year, day by day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from itertools import groupby
from typing import Final

from msgspec import Struct

from plugins import addresses
from plugins.catalogue import Catalogue, Province
from plugins.open_data.calendars import Dated, dates_of
from plugins.site.page import HOME_LINK, Alternate, Link, Page, calendar_link, feed_link
from plugins.site.views.enrolment_season import EnrolmentSeason, enrolment_season
from plugins.site.views.major_offer import newest_programmes

NAMES: Final = 3
"""Schools that a row of the national page names; the page of the province names all it can."""
NAMES_OF_PROVINCE: Final = 100

WEEKDAYS: Final = "一二三四五六日"


class DateRow(Struct, frozen=True):
    """A day on which application begins or ends. `more` schools are not named here."""

    day: dt.date
    weekday: str
    begins: bool
    is_over: bool
    province: Link
    schools: int
    named: tuple[Link, ...]
    more: int


class Month(Struct, frozen=True):
    title: str
    rows: tuple[DateRow, ...]


class Subscription(Struct, frozen=True):
    """What to subscribe to for one unit: a calendar always, a feed where there is one."""

    name: str
    page: str | None
    calendar: str
    feed: str | None


class CalendarView(Struct, frozen=True):
    """`unit` is the province of the page, None for the country. `season` tells what to do where
    there is no date."""

    unit: Link | None
    year: int
    months: tuple[Month, ...]
    season: EnrolmentSeason
    calendar: str
    feed: str | None
    subscriptions: tuple[Subscription, ...]


CALENDAR_LINK = Link("招生日历", addresses.CALENDAR)


def national_page(catalogue: Catalogue, feeds: frozenset[str]) -> Page:
    """`feeds` are the addresses of the feeds that exist."""
    dates = _of_this_year(catalogue, dates_of(catalogue, catalogue.schools))
    dated = {date.province for date in dates}
    feed = addresses.NATIONAL_FEED if addresses.NATIONAL_FEED in feeds else None
    programmes = newest_programmes(catalogue, (s.school_id for s in catalogue.schools))
    view = CalendarView(
        unit=None,
        year=catalogue.today.year,
        months=_months(catalogue, dates, NAMES),
        season=enrolment_season(catalogue, programmes),
        calendar=addresses.NATIONAL_CALENDAR,
        feed=feed,
        subscriptions=tuple(
            Subscription(
                unit.short_name,
                addresses.calendar_of(unit) if unit.slug in dated else None,
                addresses.province_calendar(unit),
                address if (address := addresses.province_feed(unit)) in feeds else None,
            )
            for unit in catalogue.reference.provinces
        ),
    )
    return Page(
        url=addresses.CALENDAR,
        template="calendar.html",
        title=f"{view.year} 年招生日历",
        description="各地技工院校今年哪天开始报名、哪天截止，只写招生计划里写明的日期；"
        "可以订阅到手机日历。",
        view=view,
        trail=(HOME_LINK,),
        alternates=_alternates("全国技工院校报名日期", view),
    )


def province_page(catalogue: Catalogue, province: Province, *, has_feed: bool) -> Page | None:
    """None for a province whose plans name no date of this year."""
    schools = catalogue.schools_of_province[province.slug]
    dates = _of_this_year(catalogue, dates_of(catalogue, schools))
    if not dates:
        return None
    programmes = newest_programmes(catalogue, (school.school_id for school in schools))
    view = CalendarView(
        unit=Link(province.name, addresses.province(province)),
        year=catalogue.today.year,
        months=_months(catalogue, dates, NAMES_OF_PROVINCE),
        season=enrolment_season(catalogue, programmes),
        calendar=addresses.province_calendar(province),
        feed=addresses.province_feed(province) if has_feed else None,
        subscriptions=(),
    )
    return Page(
        url=addresses.calendar_of(province),
        template="calendar.html",
        title=f"{province.name} {view.year} 年招生日历",
        description=f"{province.name}技工院校今年哪天开始报名、哪天截止；可以订阅到手机日历。",
        view=view,
        trail=(HOME_LINK, CALENDAR_LINK),
        alternates=_alternates(f"{province.name}技工院校报名日期", view),
    )


def _alternates(title: str, view: CalendarView) -> tuple[Alternate, ...]:
    feed = (feed_link("招生动态", view.feed),) if view.feed else ()
    return (calendar_link(title, view.calendar), *feed)


def _of_this_year(catalogue: Catalogue, dates: Iterable[Dated]) -> list[Dated]:
    """The dates of plans of this year and later; those of last year are no news."""
    return [date for date in dates if any(w.year >= catalogue.today.year for w in date.windows)]


def _months(catalogue: Catalogue, dates: list[Dated], names: int) -> tuple[Month, ...]:
    return tuple(
        Month(f"{year} 年 {month} 月", tuple(_row(catalogue, date, names) for date in group))
        for (year, month), group in groupby(dates, lambda date: (date.day.year, date.day.month))
    )


def _row(catalogue: Catalogue, date: Dated, names: int) -> DateRow:
    unit = catalogue.reference.province_by_slug[date.province]
    schools = date.schools
    return DateRow(
        day=date.day,
        weekday=WEEKDAYS[date.day.weekday()],
        begins=date.kind == "begins",
        is_over=date.day < catalogue.today,
        province=Link(unit.short_name, addresses.calendar_of(unit)),
        schools=len(schools),
        named=tuple(Link(school.name, addresses.school(school)) for school in schools[:names]),
        more=max(0, len(schools) - names),
    )
