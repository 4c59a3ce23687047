"""Who offers a major and how it is studied: schools with their rows of the plan, and the routes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from msgspec import Struct

from plugins import addresses
from plugins.catalogue import Catalogue, Programme
from plugins.catalogue.vocabulary import ENTRIES, TRAINING_LEVELS


class OfferedProgramme(Struct, frozen=True):
    """One row of a plan, as a list of schools of a major shows it.

    `aside` is what the plan writes beyond the major's own name: its direction, or another name.
    """

    aside: str | None
    training_level: str
    entry: str
    entry_note: str | None
    duration_years: float
    seats: int


class MajorSchool(Struct, frozen=True):
    """A school with its rows for one major, and the sum of their seats in `plan_year`."""

    name: str
    url: str
    city: str
    level: str | None
    verified: bool
    seats: int
    plan_year: int
    plan_is_past: bool
    programmes: tuple[OfferedProgramme, ...]


class Route(Struct, frozen=True):
    """One way in: entry and training level, with the lengths, seats and schools found."""

    entry: str
    training_level: str
    durations: tuple[float, ...]
    seats: int
    schools: int


def routes_of(programmes: Iterable[Programme]) -> tuple[Route, ...]:
    """The ways in among rows of one year, in the order of the word lists."""
    groups: dict[tuple[int, int], list[Programme]] = {}
    for row in programmes:
        key = ENTRIES.index(row.entry), TRAINING_LEVELS.index(row.training_level)
        groups.setdefault(key, []).append(row)
    return tuple(
        Route(
            ENTRIES[entry],
            TRAINING_LEVELS[level],
            tuple(sorted({row.duration_years for row in rows})),
            sum(row.seats for row in rows),
            len({row.school_id for row in rows}),
        )
        for (entry, level), rows in sorted(groups.items())
    )


def major_schools(catalogue: Catalogue, programmes: Sequence[Programme]) -> tuple[MajorSchool, ...]:
    """The schools of these rows by the cities' codes, the most seats first, then by name."""
    by_school: dict[str, list[Programme]] = {}
    for row in programmes:
        by_school.setdefault(row.school_id, []).append(row)
    found: list[tuple[str, MajorSchool]] = []
    for school_id, rows in by_school.items():
        school = catalogue.school_by_id[school_id]
        city = catalogue.city_of(school)
        shown = MajorSchool(
            name=school.name,
            url=addresses.school(school),
            city=city.name,
            level=school.level,
            verified=school.verified,
            seats=sum(row.seats for row in rows),
            plan_year=rows[0].year,
            plan_is_past=rows[0].year < catalogue.today.year,
            programmes=tuple(
                _offered(catalogue, row) for row in sorted(rows, key=_programme_order)
            ),
        )
        found.append((city.code, shown))
    found.sort(key=lambda placed: (placed[0], -placed[1].seats, placed[1].name))
    return tuple(school for _, school in found)


def _offered(catalogue: Catalogue, row: Programme) -> OfferedProgramme:
    major = catalogue.reference.canonical_major(row.major)
    return OfferedProgramme(
        aside=row.direction if major and major.name == row.major else written_as(row),
        training_level=row.training_level,
        entry=row.entry,
        entry_note=row.entry_note,
        duration_years=row.duration_years,
        seats=row.seats,
    )


def _programme_order(row: Programme) -> tuple[int, int, float, str]:
    return (
        ENTRIES.index(row.entry),
        TRAINING_LEVELS.index(row.training_level),
        row.duration_years,
        row.direction or "",
    )


def written_as(row: Programme) -> str:
    """The major as the plan writes it, with its direction in brackets."""
    return f"{row.major}（{row.direction}）" if row.direction else row.major
