"""The plan of a school: its programmes by who may apply and by what they train for."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from msgspec import Struct

from plugins import addresses
from plugins.catalogue import Catalogue, Major, Plan, Programme, School
from plugins.catalogue.vocabulary import ENTRIES, TRAINING_LEVELS
from plugins.site.views.plan_notice import PlanNotice, notice_of
from plugins.site.views.study_years import tuition_words

FEW_PROGRAMMES: Final = 12
"""As many programmes as a phone shows in one screen; more are folded."""


class ProgrammeRow(Struct, frozen=True):
    """One row of the plan. `tuition` is in yuan by study year, `tuition_words` the same to read.

    Both are empty where the plan gives no tuition at all.
    """

    major: str
    major_url: str | None
    direction: str | None
    duration_years: float
    seats: int
    entry_note: str | None
    tuition: tuple[int | None, ...]
    tuition_words: tuple[str, ...]
    boarding_fee: int | None
    campus: str | None
    partner_employer: str | None
    partner_degree: str | None


class TrainingGroup(Struct, frozen=True):
    """`entry_note` is the plan's own wording of who may apply, where all rows share it."""

    training_level: str
    anchor: str
    durations: tuple[float, ...]
    seats: int
    entry_note: str | None
    rows: tuple[ProgrammeRow, ...]


class EntryGroup(Struct, frozen=True):
    """The programmes open to applicants of one `entry`, by training level."""

    entry: str
    anchor: str
    seats: int
    rows: int
    groups: tuple[TrainingGroup, ...]


class PlanView(Struct, frozen=True):
    """The newest plan; `older` are the notices of earlier ones."""

    notice: PlanNotice
    entries: tuple[EntryGroup, ...]
    has_tuition: bool
    has_boarding_fee: bool
    has_campus: bool
    older: tuple[PlanNotice, ...]

    @property
    def is_long(self) -> bool:
        """Whether the programmes are folded by what they train for."""
        return sum(entry.rows for entry in self.entries) > FEW_PROGRAMMES


def plan_of(catalogue: Catalogue, school: School) -> PlanView | None:
    """The school's newest plan; None where it has none."""
    plan = catalogue.newest_plan(school)
    if plan is None:
        return None
    rows = plan.programmes
    return PlanView(
        notice=notice_of(catalogue, school, plan),
        entries=tuple(_entry_groups(catalogue, plan)),
        has_tuition=any(fee is not None for row in rows for fee in row.tuition),
        has_boarding_fee=any(row.boarding_fee is not None for row in rows),
        has_campus=any(row.campus for row in rows),
        older=tuple(
            notice_of(catalogue, school, older) for older in catalogue.plans[school.school_id][1:]
        ),
    )


def _entry_groups(catalogue: Catalogue, plan: Plan) -> Iterator[EntryGroup]:
    """In the order of ENTRIES, then of TRAINING_LEVELS, then of the official document."""
    found: dict[tuple[str, str], list[Programme]] = {}
    for row in plan.programmes:
        found.setdefault((row.entry, row.training_level), []).append(row)
    present = [entry for entry in ENTRIES if any(key[0] == entry for key in found)]
    for position, entry in enumerate(present, 1):
        levels = [level for level in TRAINING_LEVELS if (entry, level) in found]
        groups = tuple(
            _training_group(catalogue, level, f"entry-{position}-{at}", found[entry, level])
            for at, level in enumerate(levels, 1)
        )
        yield EntryGroup(
            entry,
            f"entry-{position}",
            seats=sum(group.seats for group in groups),
            rows=sum(len(group.rows) for group in groups),
            groups=groups,
        )


def _training_group(
    catalogue: Catalogue, level: str, anchor: str, found: list[Programme]
) -> TrainingGroup:
    notes = {row.entry_note for row in found}
    return TrainingGroup(
        training_level=level,
        anchor=anchor,
        durations=tuple(sorted({row.duration_years for row in found})),
        seats=sum(row.seats for row in found),
        entry_note=notes.pop() if len(notes) == 1 else None,
        rows=tuple(_programme_row(catalogue, row) for row in found),
    )


def _programme_row(catalogue: Catalogue, row: Programme) -> ProgrammeRow:
    tuition = row.tuition
    return ProgrammeRow(
        major=row.major,
        major_url=_major_url(catalogue, catalogue.reference.canonical_major(row.major)),
        direction=row.direction,
        duration_years=row.duration_years,
        seats=row.seats,
        entry_note=row.entry_note,
        tuition=tuition,
        tuition_words=tuition_words(tuition),
        boarding_fee=row.boarding_fee,
        campus=row.campus,
        partner_employer=row.partner_employer,
        partner_degree=row.partner_degree,
    )


def _major_url(catalogue: Catalogue, major: Major | None) -> str | None:
    """A major that no active school offers has no page."""
    offered = major is not None and major.slug in catalogue.programmes_of_major
    return addresses.major(major) if major is not None and offered else None
