"""The stamp that every shown plan carries: whose, of which year, from which document."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Iterable
from operator import attrgetter

from msgspec import Struct

from plugins.catalogue import Catalogue, Plan, Programme, School


class PlanDocument(Struct, frozen=True):
    """The official document a plan row was taken from."""

    title: str
    number: str | None
    date: dt.date | None
    address: str | None


class PlanNotice(Struct, frozen=True):
    """`stamp` is 往年 for an earlier year, else 招生中, 未开始, 已截止, 今年, 明年 or 停招.

    `stamp` is 招生中 only while the rows' own dates say so; without dates it stays 今年. A school
    that is suspended, closed or merged never enrols, whatever its plan says: 停招.
    """

    year: int
    stamp: str
    is_past: bool
    seats: int
    rows: int
    schools: int
    owner: str
    documents: tuple[PlanDocument, ...]
    last_day: dt.date | None = None
    """The last day on which anybody can apply by this plan, where all its rows name one."""


def documents_of(programmes: Iterable[Programme]) -> tuple[PlanDocument, ...]:
    """The different documents that the rows are from, in an order that hangs on these alone."""
    found = dict.fromkeys(map(_document, programmes))
    in_order = sorted(found, key=lambda values: [str(value or "") for value in values])
    return tuple(itertools.starmap(PlanDocument, in_order))


_document = attrgetter("source_document", "source_number", "source_date", "source_address")
"""What `PlanDocument` is made of, in its order."""


def stamp_of(plan: Plan, today: dt.date) -> str:
    if plan.year < today.year:
        return "往年"
    if plan.year > today.year:
        return "明年"
    if not any(row.open_from and row.open_to for row in plan.programmes):
        return "今年"
    ahead = open_windows(plan.programmes, today)
    if any(begins <= today for begins, _ in ahead):
        return "招生中"
    return "未开始" if ahead else "已截止"


def open_windows(
    programmes: Iterable[Programme], today: dt.date
) -> tuple[tuple[dt.date, dt.date], ...]:
    """The distinct periods of application that have not ended, first day and last, in order."""
    found = {(row.open_from, row.open_to) for row in programmes if row.open_from and row.open_to}
    return tuple(sorted(window for window in found if today <= window[1]))


def _last_day(programmes: Iterable[Programme]) -> dt.date | None:
    days = [row.open_to for row in programmes]
    known = [day for day in days if day]
    return max(known) if known and len(known) == len(days) else None


def notice_of(catalogue: Catalogue, school: School, plan: Plan) -> PlanNotice:
    """The stamp of one school's plan."""
    stamp = stamp_of(plan, catalogue.today)
    return PlanNotice(
        year=plan.year,
        stamp=stamp if school.status == "active" or stamp == "往年" else "停招",
        is_past=catalogue.is_past(plan),
        seats=plan.seats,
        rows=len(plan.programmes),
        schools=1,
        owner=catalogue.province_of(school).authority,
        documents=documents_of(plan.programmes),
        last_day=_last_day(plan.programmes),
    )


def notices(catalogue: Catalogue, programmes: Iterable[Programme]) -> tuple[PlanNotice, ...]:
    """One stamp for each (year, province) among `programmes`, newest first."""
    groups: dict[tuple[int, str], list[Programme]] = {}
    for programme in programmes:
        groups.setdefault((programme.year, programme.province), []).append(programme)
    found = []
    for (year, province), rows in sorted(
        groups.items(), key=lambda item: (-item[0][0], item[0][1])
    ):
        plan = Plan(year, tuple(rows))
        found.append(
            PlanNotice(
                year=year,
                stamp=stamp_of(plan, catalogue.today),
                is_past=catalogue.is_past(plan),
                seats=plan.seats,
                rows=len(rows),
                schools=len({row.school_id for row in rows}),
                owner=catalogue.reference.province_by_slug[province].authority,
                documents=documents_of(rows),
                last_day=_last_day(rows),
            )
        )
    return tuple(found)
