"""When to apply this year: only what this year's plans say, by province. No date is guessed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from msgspec import Struct

from plugins import addresses
from plugins.catalogue import Catalogue, Programme
from plugins.site.page import Link
from plugins.site.views.plan_notice import PlanNotice, notices

SOONEST: Final = 10
"""Schools that are named because their application ends soonest."""


class ProvinceSeason(Struct, frozen=True):
    """The application dates of this year's plans in one province.

    `first` and `last` are the earliest first day and the latest last day; the three counts are
    of schools with dates: open today, yet to open, and over.
    """

    province: Link
    first: dt.date
    last: dt.date
    open: int
    ahead: int
    over: int


class Closing(Struct, frozen=True):
    """A school that takes applications today, and the last day on which it does."""

    school: Link
    last: dt.date


class EnrolmentSeason(Struct, frozen=True):
    """`this_year` are this year's plans, with or without dates; `earlier` are plans of former
    years, shown only to tell when they were published."""

    year: int
    provinces: tuple[ProvinceSeason, ...]
    closing: tuple[Closing, ...]
    this_year: tuple[PlanNotice, ...]
    earlier: tuple[PlanNotice, ...]


@dataclass(slots=True)
class _Dates:
    """The windows of one school, joined."""

    first: dt.date
    last: dt.date
    last_open: dt.date | None
    ahead: bool


def enrolment_season(catalogue: Catalogue, programmes: Iterable[Programme]) -> EnrolmentSeason:
    """The season of the year of `catalogue.today` as these programmes tell it."""
    rows = tuple(programmes)
    today = catalogue.today
    dates: dict[str, _Dates] = {}
    for row in rows:
        if row.year != today.year or not row.open_from or not row.open_to:
            continue
        found = dates.setdefault(
            row.school_id, _Dates(row.open_from, row.open_to, None, ahead=False)
        )
        found.first = min(found.first, row.open_from)
        found.last = max(found.last, row.open_to)
        found.ahead |= today < row.open_from
        if row.open_from <= today <= row.open_to:
            found.last_open = max(found.last_open or row.open_to, row.open_to)
    every = notices(catalogue, rows)
    return EnrolmentSeason(
        year=today.year,
        provinces=_provinces(catalogue, dates),
        closing=_closing(catalogue, dates),
        this_year=tuple(notice for notice in every if notice.year == today.year),
        earlier=tuple(notice for notice in every if notice.is_past),
    )


def _provinces(catalogue: Catalogue, dates: dict[str, _Dates]) -> tuple[ProvinceSeason, ...]:
    groups: dict[str, list[_Dates]] = {}
    for school_id, found in dates.items():
        groups.setdefault(catalogue.school_by_id[school_id].province, []).append(found)
    return tuple(
        ProvinceSeason(
            province=Link(unit.name, addresses.province(unit)),
            first=min(found.first for found in groups[unit.slug]),
            last=max(found.last for found in groups[unit.slug]),
            open=sum(found.last_open is not None for found in groups[unit.slug]),
            ahead=sum(not found.last_open and found.ahead for found in groups[unit.slug]),
            over=sum(not found.last_open and not found.ahead for found in groups[unit.slug]),
        )
        for unit in catalogue.reference.provinces
        if unit.slug in groups
    )


def _closing(catalogue: Catalogue, dates: dict[str, _Dates]) -> tuple[Closing, ...]:
    found = sorted((d.last_open, school_id) for school_id, d in dates.items() if d.last_open)
    return tuple(
        Closing(Link(school.name, addresses.school(school)), last)
        for last, school_id in found[:SOONEST]
        for school in (catalogue.school_by_id[school_id],)
    )
