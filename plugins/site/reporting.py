"""报送进度: what each unit has reported and what is missing. Pure: a catalogue in, facts out.

The pages of `/reporting/` and the JSON beside them show the same records.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from msgspec import Struct, to_builtins
from msgspec.structs import replace

from plugins import addresses
from plugins.admin_form.backend import Backend
from plugins.catalogue import Catalogue, Province, School
from plugins.open_data.write_json import pretty_json
from plugins.site.views.school.missing import Lack, profile_lacks, register_lacks

RECENT: Final = 10
"""Most changes that a unit's report names."""


class SchoolReport(Struct, frozen=True):
    """What one school that is still there lacks. `plan_year` is that of its newest plan, if any.

    `by_authority` is for the authority of the province to report, `by_school` for the school to
    write: with `command`, or in the web page `form_url`, where the build was told of one.
    """

    school_id: str
    name: str
    url: str
    verified: bool
    plan_year: int | None
    has_profile: bool
    by_authority: tuple[Lack, ...]
    by_school: tuple[Lack, ...]
    command: str
    form_url: str

    @property
    def is_complete(self) -> bool:
        return not self.by_authority and not self.by_school


class ToAdd(Struct, frozen=True):
    """A thing that `schools` schools of a unit lack. `owner` is 主管部门 or 学校."""

    what: str
    owner: str
    where: str
    schools: int


class FileChange(Struct, frozen=True):
    """A file of the unit that changed on `date`, and what it is in words."""

    date: dt.date
    what: str
    path: str


class FileWarnings(Struct, frozen=True):
    """How many warnings the check has for one file of the unit."""

    path: str
    warnings: int


class UnitReport(Struct, frozen=True):
    """One reporting unit. `with_plan` counts schools with a plan of `year`, the current one.

    `oldest_check` is the oldest day on which a row of the register or a profile was confirmed;
    `newest_change` the day of the last change to its files, where the history is known.
    `recent` are the last changes of its files, newest first. `warnings` are those of the check in
    its files, `warned` the files that have some. `gone` schools are closed or merged and lack
    nothing any more. `to_add` sums up what the schools lack; `register_page` is a web page that
    edits the register, where the build was told of one.
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
    to_add: tuple[ToAdd, ...] = ()
    register_page: str = ""

    @property
    def verified_percent(self) -> int:
        """Rounded down, so that 100 means all."""
        return self.verified * 100 // self.schools if self.schools else 0

    @property
    def complete(self) -> int:
        """Schools of which nothing is missing."""
        return self.schools - len(self.lacking)


def unit_reports(
    catalogue: Catalogue, changed: Mapping[str, dt.date], forms: Backend | None = None
) -> tuple[UnitReport, ...]:
    """One report a unit, in the order of the reference table; `changed` as in `pages.all_pages`.

    `forms` is where the web form saves, if there is one.
    """
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
            _unit_report(catalogue, unit, forms, newest.get(unit.slug), warnings.get(unit.slug, 0)),
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
    yield "reporting/index.json", pretty_json({"units": national})
    for report in reports:
        yield f"reporting/{report.province}/index.json", pretty_json(_record(report, lacking=True))


def _unit_of(path: str) -> str:
    """The slug in `registry/<unit>/…`, `schools/<unit>/…` or `news/<unit>/…`; or nothing."""
    parts = path.split("/")
    return parts[1] if len(parts) > 2 and parts[0] in ("registry", "schools", "news") else ""


def _unit_report(
    catalogue: Catalogue,
    unit: Province,
    forms: Backend | None,
    newest_change: dt.date | None,
    warnings: int,
) -> UnitReport:
    every = catalogue.schools_of_province[unit.slug]
    here = [record for record in every if not _is_gone(record)]
    reports = [_school_report(catalogue, record, forms) for record in here]
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
        complete_profiles=sum(not report.by_school for report in reports),
        oldest_check=min(checks, default=None),
        newest_change=newest_change,
        warnings=warnings,
        lacking=tuple(report for report in reports if not report.is_complete),
        to_add=_to_add(reports),
        register_page=_page_of(forms, f"content/registry/{unit.slug}/schools.csv"),
    )


def _to_add(reports: Iterable[SchoolReport]) -> tuple[ToAdd, ...]:
    """What most schools lack comes first, the authority's part before the schools'."""
    counted = Counter(
        (owner, lack)
        for report in reports
        for owner, lacks in (("主管部门", report.by_authority), ("学校", report.by_school))
        for lack in lacks
    )
    found = [ToAdd(lack.what, owner, lack.where, n) for (owner, lack), n in counted.items()]
    return tuple(sorted(found, key=lambda one: (one.owner != "主管部门", -one.schools)))


def _page_of(forms: Backend | None, path: str) -> str:
    """The web page that edits a file of the repository, or nothing."""
    return forms.edit_pages + path if forms and forms.edit_pages else ""


def _is_gone(record: School) -> bool:
    return record.status.partition(":")[0] in ("closed", "merged")


def _school_report(catalogue: Catalogue, record: School, forms: Backend | None) -> SchoolReport:
    profile = catalogue.profiles.get(record.school_id)
    plan = catalogue.newest_plan(record)
    # A school that enrols nobody this year owes no plan.
    lacks_plan = record.status != "suspended" and (plan is None or catalogue.is_past(plan))
    year = catalogue.today.year
    return SchoolReport(
        school_id=record.school_id,
        name=record.name,
        url=addresses.school(record),
        verified=record.verified,
        plan_year=plan.year if plan else None,
        has_profile=profile is not None,
        by_authority=(
            *([] if record.verified else [Lack("核验的文件", "verified")]),
            *([Lack(f"{year} 年招生计划", f"plans/{year}.csv")] if lacks_plan else []),
            *register_lacks(record, profile),
        ),
        by_school=profile_lacks(profile) if profile else (Lack("介绍", "profile.md"),),
        command=f"invoke check content/{profile.path}"
        if profile
        else f"invoke new-school {record.school_id}",
        form_url=_form_of(forms, record, has_profile=profile is not None),
    )


def _form_of(forms: Backend | None, record: School, *, has_profile: bool) -> str:
    """The form of a profile; of a school that has none yet, the questions that ask for one."""
    if forms is None:
        return ""
    if has_profile:
        return addresses.form_of(record)
    return forms.ask_page


def _record(report: UnitReport, *, lacking: bool) -> dict[str, object]:
    record: dict[str, object] = to_builtins(report)
    record["verified_percent"] = report.verified_percent
    if not lacking:
        record["lacking"] = len(report.lacking)
    return record
