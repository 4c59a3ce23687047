"""Feeds and calendars: what they tell, that real parsers read them, that they are stable."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import icalendar
import pytest

from plugins.catalogue import Catalogue, load
from plugins.open_data.calendars import dates_of, national_calendar, province_calendar
from plugins.open_data.calendars import school_calendar as school_calendar_of
from plugins.open_data.feeds import national_feed, province_feed, school_feed
from plugins.open_data.happenings import happenings_of, windows_of
from tests.conftest import TODAY
from tests.unit.open_data.conftest import SITE

ATOM = "{http://www.w3.org/2005/Atom}"
OPEN = "yanshi-jishi-xueyuan"
"""The school whose plan of 2026 is open from 1 March to 31 August."""


def on(small: Path, day: dt.date) -> Catalogue:
    return load(small, day)[0]


def entries(data: bytes) -> list[dict[str, str]]:
    root = ElementTree.fromstring(data)  # noqa: S314 - our own output
    return [
        {node.tag.removeprefix(ATOM): node.text or node.get("href") or "" for node in entry}
        for entry in root.iter(f"{ATOM}entry")
    ]


def events(data: bytes) -> list[dict[str, Any]]:
    calendar = icalendar.Calendar.from_ical(data)
    assert calendar.errors == []
    return [
        {key: event.decoded(key) for key in ("uid", "dtstart", "dtend", "dtstamp")}
        | {"summary": str(event["summary"])}
        for event in calendar.walk("VEVENT")
    ]


@pytest.mark.parametrize(
    ("day", "kinds"),
    [
        (dt.date(2026, 3, 2), ["open", "plan"]),
        (dt.date(2026, 8, 23), ["open", "plan"]),
        (dt.date(2026, 8, 24), ["closing", "open", "plan"]),
        (dt.date(2027, 3, 1), ["closing", "open", "plan"]),
    ],
)
def test_a_thing_is_told_from_its_day_on(small: Path, day: dt.date, kinds: list[str]) -> None:
    catalogue = on(small, day)
    told = happenings_of(catalogue, catalogue.school_by_id[OPEN], {})
    assert [one.kind for one in told if one.kind != "profile" and one.year == 2026] == kinds
    assert all(one.day <= day for one in told)


def test_a_school_that_does_not_enrol_opens_nothing(small: Path, catalogue: Catalogue) -> None:
    register = small / "registry/zhejiang/schools.csv"
    register.write_text(register.read_text("utf-8").replace("active,yes,", "suspended,yes,"))
    closed = on(small, TODAY)
    assert windows_of(catalogue, catalogue.school_by_id[OPEN])
    assert windows_of(closed, closed.school_by_id[OPEN]) == ()


def test_a_changed_profile_is_told_on_the_day_of_its_change(catalogue: Catalogue) -> None:
    profile = catalogue.profiles[OPEN]
    changed = {profile.path: dt.date(2026, 5, 30)}
    school = catalogue.school_by_id[OPEN]
    days = {one.kind: one.day for one in happenings_of(catalogue, school, changed)}
    assert days["profile"] == dt.date(2026, 5, 30)


def test_a_feed_is_the_same_tomorrow_and_its_entries_bear_days_of_the_data(small: Path) -> None:
    def feed(day: dt.date) -> bytes:
        catalogue = on(small, day)
        found = school_feed(catalogue, catalogue.school_by_id[OPEN], {}, SITE)
        assert found is not None
        return found[1]

    assert feed(TODAY) == feed(TODAY + dt.timedelta(days=1))
    told = entries(feed(TODAY))
    assert len({one["id"] for one in told}) == len(told)
    assert all(one["id"].startswith("tag:site.example,2026:/schools/") for one in told)
    assert all(one["updated"].endswith("T00:00:00+08:00") for one in told)
    assert told[0]["title"].startswith("演示技师学院")
    newest = ElementTree.fromstring(feed(TODAY)).findtext(f"{ATOM}updated")  # noqa: S314
    assert newest == max(one["updated"] for one in told)


def test_schools_of_one_plan_are_one_entry_of_their_province(real_catalogue: Catalogue) -> None:
    unit = real_catalogue.reference.province_by_slug["zhejiang"]
    found = province_feed(real_catalogue, unit, {}, SITE)
    assert found is not None
    plans = [one for one in entries(found[1]) if "招生计划" in one["title"]]
    assert [one["title"] for one in plans] == ["浙江：97 所学校的 2025 年招生计划"]
    assert plans[0]["updated"].startswith("2025-05-07")


def test_a_feed_is_only_there_where_there_is_something_to_say(catalogue: Catalogue) -> None:
    unit = catalogue.reference.province_by_slug["xinjiang"]
    assert province_feed(catalogue, unit, {}, SITE) is None
    assert national_feed(catalogue, {}, SITE) is not None
    assert national_feed(replace(catalogue, schools=()), {}, SITE) is None


def test_hostile_names_stay_text_in_a_feed(catalogue: Catalogue) -> None:
    school = catalogue.school_by_id[OPEN].model_copy(update={"name": "<script>&演示"})
    found = school_feed(catalogue, school, {}, SITE)
    assert found is not None
    assert all("<script>&演示" in one["title"] for one in entries(found[1]))


def test_a_calendar_has_whole_days_with_an_end_that_does_not_count(catalogue: Catalogue) -> None:
    found = school_calendar_of(catalogue, catalogue.school_by_id[OPEN], SITE)
    assert found is not None
    assert [(one["uid"], one["dtstart"], one["dtend"], one["summary"]) for one in events(found[1])
            ] == [
        (f"{OPEN}-2026-1-begins@calendar.jixiao", dt.date(2026, 3, 1), dt.date(2026, 3, 2),
         "演示技师学院开始报名"),
        (f"{OPEN}-2026-1-ends@calendar.jixiao", dt.date(2026, 8, 31), dt.date(2026, 9, 1),
         "演示技师学院报名截止"),
    ]  # fmt: skip
    assert b"DTSTART;VALUE=DATE:20260301\r\n" in found[1]
    assert b"TZID:Asia/Shanghai" in found[1]
    assert all(len(line) <= 75 for line in found[1].split(b"\r\n"))


def test_a_corrected_day_moves_its_event_and_does_not_add_one(small: Path) -> None:
    def uids() -> list[bytes]:
        catalogue = on(small, TODAY)
        found = school_calendar_of(catalogue, catalogue.school_by_id[OPEN], SITE)
        assert found is not None
        return [one["uid"] for one in events(found[1])]

    before = uids()
    plan = small / "registry/zhejiang/plans/2026.csv"
    plan.write_text(plan.read_text("utf-8").replace("2026-08-31", "2026-09-05"), "utf-8")
    assert uids() == before


def test_the_calendars_are_the_same_tomorrow(small: Path) -> None:
    today, tomorrow = on(small, TODAY), on(small, TODAY + dt.timedelta(days=1))
    assert national_calendar(today, SITE) == national_calendar(tomorrow, SITE)


def test_the_national_calendar_joins_the_schools_of_a_province(catalogue: Catalogue) -> None:
    told = events(national_calendar(catalogue, SITE)[1])
    assert [one["summary"] for one in told] == ["浙江：1 所学校开始报名", "浙江：1 所学校报名截止"]
    dates = dates_of(catalogue, catalogue.schools)
    assert [(one.day, one.kind) for one in dates] == [
        (dt.date(2026, 3, 1), "begins"),
        (dt.date(2026, 8, 31), "ends"),
    ]


def test_a_province_without_dates_has_a_calendar_to_wait_with(catalogue: Catalogue) -> None:
    unit = catalogue.reference.province_by_slug["xinjiang"]
    name, data = province_calendar(catalogue, unit, SITE)
    assert name == "calendar/xinjiang.ics"
    assert events(data) == []
    assert icalendar.Calendar.from_ical(data).walk("VTIMEZONE")
