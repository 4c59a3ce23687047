"""报送进度: what each unit has reported and what is missing. Pure: a catalogue in, facts out.

The pages of `/reporting/` and the JSON beside them show the same records.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from typing import Final

from plugins import addresses
from plugins.catalogue import Catalogue, Province, School
from plugins.site.views.school.missing import profile_lacks, register_lacks

RECENT: Final = 10
"""Most changes that a unit's report names."""


@dataclass(frozen=True, slots=True)
class SchoolReport:
    """What one school that is still there lacks. `plan_year` is that of its newest plan, if any.

    `register_lacks` and `profile_lacks` are names of missing items; the latter is empty where
    `has_profile` is false, for then everything is missing.
    """

    school_id: str
    name: str
    url: str
    verified: bool
    lacks_plan: bool
    plan_year: int | None
    has_profile: bool
    register_lacks: tuple[str, ...]
    profile_lacks: tuple[str, ...]

    @property
    def is_complete(self) -> bool:
        return (
            self.verified
            and not self.lacks_plan
            and self.has_profile
            and not self.register_lacks
            and not self.profile_lacks
        )


@dataclass(frozen=True, slots=True)
class FileChange:
    """A file of the unit that changed on `date`, and what it is in words."""

    date: dt.date
    what: str
    path: str


@dataclass(frozen=True, slots=True)
class FileWarnings:
    """How many warnings the check has for one file of the unit."""

    path: str
    warnings: int


@dataclass(frozen=True, slots=True)
class UnitReport:
    """One reporting unit. `with_plan` counts schools with a plan of `year`, the current one.

    `oldest_check` is the oldest day on which a row of the register or a profile was confirmed;
    `newest_change` the day of the last change to its files, where the history is known.
    `recent` are the last changes of its files, newest first. `warnings` are those of the check in
    its files, `warned` the files that have some. `gone` schools are closed or merged and lack
    nothing any more.
    """

    province: str
    name: str
    short_name: str
    authority: str
    url: str
    year: int
    schools: int
    gone: int
    verified: int
    with_plan: int
    newest_plan: int | None
    profiles: int
    complete_profiles: int
    oldest_check: dt.date | None
    newest_change: dt.date | None
    warnings: int
    lacking: tuple[SchoolReport, ...]
    recent: tuple[FileChange, ...] = ()
    warned: tuple[FileWarnings, ...] = ()

    @property
    def verified_percent(self) -> int:
        """Rounded down, so that 100 means all."""
        return self.verified * 100 // self.schools if self.schools else 0

    @property
    def complete(self) -> int:
        """Schools of which nothing is missing."""
        return self.schools - len(self.lacking)


def unit_reports(catalogue: Catalogue, changed: Mapping[str, dt.date]) -> tuple[UnitReport, ...]:
    """One report a unit, in the order of the reference table; `changed` as in `pages.all_pages`."""
    newest: dict[str, dt.date] = {}
    for path, day in changed.items():
        unit = _unit_of(path)
        newest[unit] = max(day, newest.get(unit, day))
    warnings: dict[str, int] = {}
    for path, count in catalogue.warnings.items():
        warnings[_unit_of(path)] = warnings.get(_unit_of(path), 0) + count
    files: dict[str, list[FileChange]] = {}
    for path, day in changed.items():
        if day <= catalogue.today and (what := _in_words(catalogue, path)):
            files.setdefault(_unit_of(path), []).append(FileChange(day, what, path))
    return tuple(
        replace(
            _unit_report(catalogue, unit, newest.get(unit.slug), warnings.get(unit.slug, 0)),
            recent=tuple(
                sorted(
                    files.get(unit.slug, ()),
                    key=lambda one: (-one.date.toordinal(), one.path),
                )[:RECENT]
            ),
            warned=tuple(
                FileWarnings(path, count)
                for path, count in sorted(catalogue.warnings.items())
                if _unit_of(path) == unit.slug
            ),
        )
        for unit in catalogue.reference.provinces
    )


def _in_words(catalogue: Catalogue, path: str) -> str:
    """What a file of the content is; nothing for photos, which change with their profile."""
    match path.split("/"):
        case ["registry", _, "schools.csv"]:
            return "学校名册"
        case ["registry", _, "plans", name] if not name.endswith(".draft.csv"):
            return f"{name.removesuffix('.csv')} 年招生计划"
        case ["schools", _, school_id, "profile.md"] if school_id in catalogue.school_by_id:
            return f"{catalogue.school_by_id[school_id].name}的介绍"
        case ["news", _, _]:
            return "一条消息"
    return ""


def reporting_files(reports: tuple[UnitReport, ...]) -> Iterator[tuple[str, bytes]]:
    """Path below the output and content: `reporting/index.json` and one file a unit."""
    national = [_record(report, lacking=False) for report in reports]
    yield "reporting/index.json", _json({"units": national})
    for report in reports:
        yield f"reporting/{report.province}/index.json", _json(_record(report, lacking=True))


def _unit_of(path: str) -> str:
    """The slug in `registry/<unit>/…`, `schools/<unit>/…` or `news/<unit>/…`; or nothing."""
    parts = path.split("/")
    return parts[1] if len(parts) > 2 and parts[0] in ("registry", "schools", "news") else ""


def _unit_report(
    catalogue: Catalogue, unit: Province, newest_change: dt.date | None, warnings: int
) -> UnitReport:
    every = catalogue.schools_of_province[unit.slug]
    here = [record for record in every if not _is_gone(record)]
    reports = [_school_report(catalogue, record) for record in here]
    profiles = [profile for record in here if (profile := catalogue.profiles.get(record.school_id))]
    checks = [record.checked_on for record in here if record.checked_on]
    checks += [profile.facts.confirmed_on for profile in profiles]
    return UnitReport(
        province=unit.slug,
        name=unit.name,
        short_name=unit.short_name,
        authority=unit.authority,
        url=addresses.reporting_of(unit),
        year=catalogue.today.year,
        schools=len(here),
        gone=len(every) - len(here),
        verified=sum(record.verified for record in here),
        with_plan=sum(report.plan_year == catalogue.today.year for report in reports),
        newest_plan=max((report.plan_year for report in reports if report.plan_year), default=None),
        profiles=len(profiles),
        complete_profiles=sum(
            report.has_profile and not report.profile_lacks for report in reports
        ),
        oldest_check=min(checks, default=None),
        newest_change=newest_change,
        warnings=warnings,
        lacking=tuple(report for report in reports if not report.is_complete),
    )


def _is_gone(record: School) -> bool:
    return record.status.partition(":")[0] in ("closed", "merged")


def _school_report(catalogue: Catalogue, record: School) -> SchoolReport:
    profile = catalogue.profiles.get(record.school_id)
    plan = catalogue.newest_plan(record)
    return SchoolReport(
        school_id=record.school_id,
        name=record.name,
        url=addresses.school(record),
        verified=record.verified,
        # A school that enrols nobody this year owes no plan.
        lacks_plan=record.status != "suspended" and (plan is None or catalogue.is_past(plan)),
        plan_year=plan.year if plan else None,
        has_profile=profile is not None,
        register_lacks=register_lacks(record, profile),
        profile_lacks=profile_lacks(profile) if profile else (),
    )


def _record(report: UnitReport, *, lacking: bool) -> dict[str, object]:
    record = asdict(report) | {"verified_percent": report.verified_percent}
    if not lacking:
        record["lacking"] = len(report.lacking)
    return record


def _json(record: object) -> bytes:
    text = json.dumps(record, ensure_ascii=False, indent=1, default=dt.date.isoformat)
    return (text + "\n").encode()
