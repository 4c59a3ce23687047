"""What happens at schools: for feeds and calendars. Pure: every day comes from the data.

Nothing is guessed: a plan without dates opens nothing, and what is past is told as past.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import Final, Literal

from msgspec import Struct

from plugins.catalogue import Catalogue, Plan, School

Kind = Literal["plan", "open", "closing", "profile"]

SOON: Final = dt.timedelta(days=7)
"""How long before the last day a feed reminds of it."""

Changed = Mapping[str, dt.date]
"""The day on which a file of the content last changed, by its path."""


class Window(Struct, frozen=True):
    """A period in which a school takes applications, by its plan of `year`; both days count.

    `number` counts the school's windows of that year from 1, by their days. `told_on` is the day
    on which the plan was published or, where that is unknown, checked.
    """

    school: School
    year: int
    number: int
    first: dt.date
    last: dt.date
    told_on: dt.date
    document: str


class Happening(Struct, frozen=True):
    """Something that happened to one school on `day`. `last` is the last day of application."""

    kind: Kind
    day: dt.date
    school: School
    year: int
    number: int = 0
    last: dt.date | None = None
    seats: int = 0
    document: str = ""


def windows_of(catalogue: Catalogue, school: School) -> tuple[Window, ...]:
    """The windows of the plans of last year and later, whether over or not, by their days.

    Last year's stay, so that a calendar's address does not vanish on New Year's Day. A school
    that does not enrol has none, whatever its plan says.
    """
    if school.status != "active":
        return ()
    found = []
    for plan in catalogue.plans.get(school.school_id, ()):
        if plan.year < catalogue.today.year - 1:
            continue
        documents = {
            (row.open_from, row.open_to): row.source_document
            for row in reversed(plan.programmes)
            if row.open_from and row.open_to
        }
        for number, (first, last) in enumerate(sorted(documents), start=1):
            found.append(
                Window(
                    school, plan.year, number, first, last, _told_on(plan) or first,
                    documents[first, last],
                )
            )  # fmt: skip
    return tuple(sorted(found, key=lambda one: (one.first, one.last, one.year, one.number)))


def _told_on(plan: Plan) -> dt.date | None:
    published = [row.source_date for row in plan.programmes if row.source_date]
    checked = [row.checked_on for row in plan.programmes if row.checked_on]
    return max(published, default=None) or max(checked, default=None)


def happenings_of(catalogue: Catalogue, school: School, changed: Changed) -> tuple[Happening, ...]:
    """What has happened to a school until today, newest first."""
    found = list(_plans(catalogue, school))
    for window in windows_of(catalogue, school):
        closing = max(window.last - SOON, window.first)
        known = {"last": window.last, "document": window.document}
        found.append(
            Happening("open", window.first, school, window.year, window.number, **known)  # type: ignore[arg-type]
        )
        found.append(
            Happening("closing", closing, school, window.year, window.number, **known)  # type: ignore[arg-type]
        )
    if outline := catalogue.outlines.get(school.school_id):
        day = changed.get(outline.path, outline.confirmed_on)
        found.append(Happening("profile", day, school, day.year))
    until = [one for one in found if one.day <= catalogue.today]
    return tuple(sorted(until, key=_newest_first))


def _plans(catalogue: Catalogue, school: School) -> Iterator[Happening]:
    for plan in catalogue.plans.get(school.school_id, ()):
        if day := _told_on(plan):
            document = plan.programmes[0].source_document
            yield Happening("plan", day, school, plan.year, seats=plan.seats, document=document)


def _newest_first(one: Happening) -> tuple[int, str, str, int, int]:
    return (-one.day.toordinal(), one.kind, one.school.school_id, -one.year, one.number)


class Group(Struct, frozen=True):
    """The same thing that happened to several schools of a province on one day."""

    kind: Kind
    day: dt.date
    province: str
    year: int
    schools: tuple[School, ...]
    last: dt.date | None
    seats: int
    document: str


def grouped(happenings: Iterable[Happening]) -> tuple[Group, ...]:
    """Groups by day, newest first, then by kind and province."""

    def key(one: Happening) -> tuple[int, str, str, int, dt.date]:
        return (
            -one.day.toordinal(), one.kind, one.school.province, -one.year,
            one.last or dt.date.min,
        )  # fmt: skip

    found = []
    for _, same in groupby(sorted(happenings, key=key), key):
        first, *others = every = list(same)
        schools = {one.school.school_id: one.school for one in every}
        documents = {one.document for one in every}
        found.append(
            Group(
                first.kind, first.day, first.school.province, first.year,
                tuple(school for _, school in sorted(schools.items())),
                first.last, sum(one.seats for one in (first, *others)),
                first.document if len(documents) == 1 else "",
            )
        )  # fmt: skip
    return tuple(found)


def happenings(
    catalogue: Catalogue, schools: Sequence[School], changed: Changed
) -> Iterator[Happening]:
    for school in schools:
        yield from happenings_of(catalogue, school, changed)
