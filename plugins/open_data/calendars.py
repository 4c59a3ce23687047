"""Calendars of enrolment dates, of schools, provinces and the country (RFC 5545).

Every event lasts one whole day in China: the first day of application, or the last. A calendar
that has no dates yet is there all the same, so that one can subscribe before they are published.
"""

from __future__ import annotations

import datetime as dt
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final, Literal

from icalendar import Calendar, Event, Timezone, TimezoneStandard, vText

from plugins import addresses
from plugins.catalogue import Catalogue, Province, School
from plugins.open_data.happenings import Window, windows_of

NAMES: Final = 20
"""Most schools that an event of the country names."""
_ZONE: Final = "Asia/Shanghai"

File = tuple[str, bytes]


@dataclass(frozen=True, slots=True)
class Dated:
    """A day that matters for schools of one province: applications begin, or end, on it."""

    day: dt.date
    kind: Literal["begins", "ends"]
    province: str
    windows: tuple[Window, ...]

    @property
    def schools(self) -> tuple[School, ...]:
        """Each once, by id."""
        found = {window.school.school_id: window.school for window in self.windows}
        return tuple(school for _, school in sorted(found.items()))


@dataclass(frozen=True, slots=True)
class _Entry:
    uid: str
    day: dt.date
    told_on: dt.date
    title: str
    text: str
    url: str


def dates_of(catalogue: Catalogue, schools: Iterable[School]) -> tuple[Dated, ...]:
    """The days of these schools in order; those of one province and kind together."""
    windows = [window for school in schools for window in windows_of(catalogue, school)]
    days = [(window.first, "begins", window) for window in windows]
    days += [(window.last, "ends", window) for window in windows]
    days.sort(key=lambda one: (one[0], one[1], one[2].school.province, one[2].school.school_id))
    return tuple(
        Dated(day, "begins" if kind == "begins" else "ends", province, tuple(w for _, _, w in same))
        for (day, kind, province), same in groupby(
            days, lambda one: (one[0], one[1], one[2].school.province)
        )
    )


def school_calendar(catalogue: Catalogue, school: School, site_url: str) -> File | None:
    """None for a school that has no dates: it may never have any."""
    windows = windows_of(catalogue, school)
    if not windows:
        return None
    address = addresses.school_calendar(school)
    return _calendar(f"{school.name}报名日期", address, _entries(windows), site_url)


def province_calendar(catalogue: Catalogue, province: Province, site_url: str) -> File:
    windows = [
        window
        for school in catalogue.schools_of_province[province.slug]
        for window in windows_of(catalogue, school)
    ]
    address = addresses.province_calendar(province)
    return _calendar(f"{province.name}技工院校报名日期", address, _entries(windows), site_url)


def national_calendar(catalogue: Catalogue, site_url: str) -> File:
    """One event for all schools of a province whose application begins, or ends, on a day."""
    entries = []
    for date in dates_of(catalogue, catalogue.schools):
        unit = catalogue.reference.province_by_slug[date.province]
        schools = date.schools
        names = "、".join(school.name for school in schools[:NAMES])
        more = f"等 {len(schools)} 所" if len(schools) > NAMES else ""
        entries.append(
            _Entry(
                f"{date.province}-{date.day.isoformat()}-{date.kind}",
                date.day,
                max(window.told_on for window in date.windows),
                f"{unit.short_name}：{len(schools)} 所学校{_WORDS[date.kind]}",
                f"{names}{more}。同一所学校各专业的日期可以不同，以学校页为准。",
                addresses.calendar_of(unit),
            )
        )
    return _calendar("全国技工院校报名日期", addresses.NATIONAL_CALENDAR, entries, site_url)


_WORDS: Final = {"begins": "开始报名", "ends": "报名截止"}


def _entries(windows: Sequence[Window]) -> list[_Entry]:
    found = []
    for window in windows:
        school = window.school
        for kind, day in (("begins", window.first), ("ends", window.last)):
            found.append(
                _Entry(
                    # Not the day: a day that is corrected must move the event, not add one.
                    f"{school.school_id}-{window.year}-{window.number}-{kind}",
                    day,
                    window.told_on,
                    f"{school.name}{_WORDS[kind]}",
                    f"{window.year} 年招生，报名从 {window.first.isoformat()} 到 "
                    f"{window.last.isoformat()}。依据：{window.document}。",
                    f"{addresses.school(school)}#apply",
                )
            )
    return sorted(found, key=lambda one: (one.day, one.uid))


def _calendar(name: str, address: str, entries: Iterable[_Entry], site_url: str) -> File:
    calendar = Calendar()
    calendar.add("prodid", "-//jixiao//enrolment calendar//ZH")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", _line(name))
    calendar.add("x-wr-timezone", _ZONE)
    # A calendar must have a component, and a whole day is one of some place.
    calendar.add_component(_zone())
    for entry in entries:
        event = Event()
        event.add("uid", f"{entry.uid}@calendar.jixiao")
        event.add("dtstamp", dt.datetime.combine(entry.told_on, dt.time(), dt.UTC))
        event.add("dtstart", entry.day)
        event.add("dtend", entry.day + dt.timedelta(days=1))
        event.add("summary", _line(entry.title))
        event.add("description", _line(entry.text))
        event.add("url", site_url + entry.url)
        event.add("transp", "TRANSPARENT")
        calendar.add_component(event)
    return address.lstrip("/"), calendar.to_ical()


def _line(text: str) -> vText:
    """Escaped text of one line: the library escapes no property whose name begins with X."""
    return vText("".join(" " if unicodedata.category(c) == "Cc" else c for c in text))


def _zone() -> Timezone:
    """China's one zone, without the summer time of 1986 to 1991."""
    zone = Timezone()
    zone.add("tzid", _ZONE)
    standard = TimezoneStandard()
    standard.add("dtstart", dt.datetime(1992, 1, 1))
    standard.add("tzoffsetfrom", dt.timedelta(hours=8))
    standard.add("tzoffsetto", dt.timedelta(hours=8))
    standard.add("tzname", "CST")
    zone.add_component(standard)
    return zone
