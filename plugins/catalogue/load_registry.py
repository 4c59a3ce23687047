"""Registers and plans: what the provinces say of all schools.

All registers are checked together, because ids and names are unique in the country. The plans of a
province need only its own register, so each province is read apart from the others, in any process,
and what came of it is kept until its plans or its schools change.
"""

from __future__ import annotations

import pickle
import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Final, NamedTuple

from plugins.catalogue.catalogue import Plan
from plugins.catalogue.check_record import at_line, check_record
from plugins.catalogue.cross_check import Register, Row, check_plans, check_register
from plugins.catalogue.draft import Draft
from plugins.catalogue.problem import Problem
from plugins.catalogue.read_csv import read_csv
from plugins.catalogue.records import Records, digest_of
from plugins.catalogue.reference import Reference, load_reference
from plugins.catalogue.schema import PLAN_COLUMNS, REGISTER_COLUMNS, Programme, School
from plugins.catalogue.stored import Tables
from plugins.processes import spread

REQUIRED_REGISTER_COLUMNS: Final = (
    "school_id", "name", "city_code", "status", "verified", "source_document",
)  # fmt: skip
REQUIRED_PLAN_COLUMNS: Final = (
    "school_id", "major", "training_level", "entry", "duration_years", "seats", "source_document",
)  # fmt: skip


def read_register_names(content: Path) -> dict[str, tuple[str, str]]:
    """(province, name) of every school that has a row in a register, by school id.

    Reads the registers only and judges nothing: for commands that must know a school at once.
    """
    names: dict[str, tuple[str, str]] = {}
    for file in sorted((content / "registry").glob("*/schools.csv")):
        rows, _ = read_csv(file, file.name, REGISTER_COLUMNS, REQUIRED_REGISTER_COLUMNS)
        for row in rows:
            school_id = row.cells.get("school_id", "").strip()
            names.setdefault(school_id, (file.parent.name, row.cells.get("name", "").strip()))
    return names


@dataclass(frozen=True, slots=True)
class Registry:
    """What reference tables, registers and plans say; the rows themselves are in the tables.

    `rows` are digests of the rows of the register, `province_of_id` has all ids that have one, and
    `province_of` those of the schools that are shown. `partner_degrees` are the ids of the schools
    whose plan names a partner for a degree. `plan_keys` name what is kept of each province's plans.
    """

    reference: Reference
    problems: tuple[Problem, ...]
    province_of_id: Mapping[str, str]
    province_of: Mapping[str, str]
    rows: Mapping[str, str]
    partner_degrees: frozenset[str]
    plan_keys: Mapping[str, str]

    def ids_of(self, province: str) -> list[str]:
        return [school_id for school_id, unit in self.province_of_id.items() if unit == province]


def load_registry(draft: Draft, records: Records | None) -> tuple[Registry, Tables]:
    """Reference tables, registers and plans, checked all together or as they were kept. Their
    problems are those of the registry; the draft gets none."""
    key = ""
    if records is not None:
        kinds = ("reference", "registry")
        files = sorted(item for item in records.hashes.items() if item[0].startswith(kinds))
        key = digest_of(files)
        if isinstance(known := records.get(f"registry {key}"), Registry) and all(
            map(records.keep, _keys_of(known, key))
        ):
            return known, _TablesKept(records, key, known)
    reference, problems = load_reference(draft.content, draft.today)
    here = replace(draft, problems=problems)
    found = _read_registers(here, reference)
    register = check_register(found.rows, reference, here.problems)
    schools = _by_province(register.schools.values())
    read = partial(_read_plans, here, reference, register, found.with_plans)
    plan_keys: Mapping[str, str] = {}
    if records is None:
        plans = [read(slug) for slug in found.with_plans]
        said = [one.said for one in plans]
    else:
        slugs = reference.province_by_slug
        plan_keys = {slug: _plans_key(files, register, slug) for slug in slugs}
        said = _keep_plans(read, plan_keys, records)
    registry = Registry(
        reference,
        (*here.problems, *(problem for one in said for problem in one.problems)),
        dict(register.province_of_id),
        {school.school_id: slug for slug, group in schools.items() for school in group},
        {row.cell("school_id"): digest_of(sorted(row.cells.items())) for row in found.rows},
        frozenset(school_id for one in said for school_id in one.partner_degrees),
        plan_keys,
    )
    if records is None:
        return registry, _TablesInMemory(registry, schools, plans)
    records.put(f"registry {key}", registry)
    for slug in reference.province_by_slug:
        records.put(f"register {slug} {key}", schools.get(slug, ()))
    return registry, _TablesKept(records, key, registry)


def _keys_of(registry: Registry, key: str) -> list[str]:
    """The records that the tables of a registry are read from."""
    registers = [f"register {slug} {key}" for slug in registry.reference.province_by_slug]
    return registers + [f"{kind} {name}" for name in registry.plan_keys.values() for kind in _KINDS]


class _Registers(NamedTuple):
    """The rows of all registers, and the provinces that have a folder of plans to be read."""

    rows: list[Row[School]]
    with_plans: list[str]


def _read_registers(draft: Draft, reference: Reference) -> _Registers:
    found = _Registers([], [])
    for province in draft.province_folders("registry", reference.province_by_slug):
        for entry in draft.entries(f"registry/{province}"):
            path = f"registry/{province}/{entry.name}"
            if entry.name == "schools.csv" and entry.is_file():
                found.rows.extend(_read_register(draft, province, path))
            elif entry.name == "plans" and entry.is_dir():
                if draft.part.reads_plans(province):
                    found.with_plans.append(province)
            else:
                draft.unexpected(path, "只放 schools.csv 和 plans/<年份>.csv")
    return found


def _read_register(draft: Draft, province: str, path: str) -> Iterable[Row[School]]:
    rows, problems = read_csv(
        draft.content / path, path, REGISTER_COLUMNS, REQUIRED_REGISTER_COLUMNS
    )
    draft.problems += problems
    for row in rows:
        school, problems = check_record(
            School, {**row.cells, "province": province}, kind="register", path=path,
            line_of=at_line(row.line), today=draft.today,
        )  # fmt: skip
        draft.problems += problems
        yield Row(school, row.cells, province, path, row.line)


def _by_province(schools: Iterable[School]) -> dict[str, tuple[School, ...]]:
    groups: dict[str, list[School]] = {}
    for school in sorted(schools, key=lambda school: school.school_id):
        groups.setdefault(school.province, []).append(school)
    return {slug: tuple(group) for slug, group in groups.items()}


class _Said(NamedTuple):
    """What else the plans of a province say: their faults, and which schools have a partner."""

    problems: list[Problem]
    partner_degrees: set[str]


@dataclass
class _Plans:
    """What the plans of one province say; rows that nobody has confirmed are checked, not shown."""

    province: str
    said: _Said = field(default_factory=lambda: _Said([], set()))
    confirmed: list[Row[Programme]] = field(default_factory=list)
    unconfirmed: list[Row[Programme]] = field(default_factory=list)
    plans: Mapping[str, tuple[Plan, ...]] = field(default_factory=dict)


def _read_plans(
    draft: Draft,
    reference: Reference,
    register: Register,
    with_plans: Collection[str],
    province: str,
) -> _Plans:
    found = _Plans(province)
    problems = found.said.problems
    here = replace(draft, problems=problems)
    folder = f"registry/{province}/plans"
    for entry in here.entries(folder) if province in with_plans else ():
        _read_plan(here, found, f"{folder}/{entry.name}", entry.name)
    programmes = check_plans(found.confirmed, register, reference, problems)
    doubts: list[Problem] = []
    check_plans(found.unconfirmed, register, reference, doubts)
    problems += _as_warnings(doubts)
    found.plans = _by_school(programmes)
    return found


def _read_plan(draft: Draft, found: _Plans, path: str, name: str) -> None:
    if not re.fullmatch(r"20[0-9]{2}(\.draft)?\.csv", name):
        draft.unexpected(path, "文件名写成年份，例如 2026.csv")
        return
    unconfirmed = name.endswith(".draft.csv")
    year = int(name[:4])
    if year > draft.today.year + 1:
        draft.error(
            path, "plan-year-in-future", f"{year} 年还太早", "计划最多提前到明年；请核对文件名"
        )
        return
    rows, problems = read_csv(draft.content / path, path, PLAN_COLUMNS, REQUIRED_PLAN_COLUMNS)
    draft.problems += problems
    if wanted := draft.part.school_id:
        rows = [row for row in rows if row.cells.get("school_id", "").strip() == wanted]
    # The source of a draft is still to come: its absence is no news.
    assumed = {"source_document": "草稿"} if unconfirmed else {}
    for row in rows:
        values = {**assumed, **row.cells, "province": found.province, "year": year}
        programme, problems = check_record(
            Programme, values, kind="plan", path=path, line_of=at_line(row.line), today=draft.today
        )
        checked = Row(programme, row.cells, found.province, path, row.line)
        if unconfirmed:
            draft.problems += _as_warnings(problems)
            found.unconfirmed.append(checked)
        else:
            draft.problems += problems
            found.confirmed.append(checked)
            if row.cells.get("partner_degree"):
                found.said.partner_degrees.add(row.cells.get("school_id", "").strip())


def _as_warnings(problems: list[Problem]) -> list[Problem]:
    """A draft is unfinished by nature; nothing in it may stop a publication."""
    return [replace(problem, severity="warning") for problem in problems]


def _by_school(programmes: list[Programme]) -> dict[str, tuple[Plan, ...]]:
    groups: dict[str, dict[int, list[Programme]]] = {}
    for programme in programmes:
        groups.setdefault(programme.school_id, {}).setdefault(programme.year, []).append(programme)
    return {
        school_id: tuple(
            Plan(year, tuple(rows)) for year, rows in sorted(years.items(), reverse=True)
        )
        for school_id, years in sorted(groups.items())
    }


_KINDS: Final = ("plans", "plans-said")
"""The records of a province's plans: the plans, and what else came of reading them."""


def _plans_key(files: Sequence[tuple[str, str]], register: Register, province: str) -> str:
    """What the plans of a province depend on, but for the rules and the day. `files` are the paths
    and hashes of all reference tables and of the whole registry."""
    folder = f"registry/{province}/plans"
    read = [item for item in files if f"{item[0]}/".startswith(("reference", f"{folder}/"))]
    ids = sorted(register.ids_of(province))
    shown = [school_id for school_id in ids if school_id in register.schools]
    return f"{province} {digest_of(read, ids, shown)}"


def _keep_plans(
    read: Callable[[str], _Plans], keys: Mapping[str, str], records: Records
) -> list[_Said]:
    """What the plans of all provinces say: those of which nothing is kept are read, and kept."""
    said = {slug: _kept(key, records) for slug, key in keys.items()}
    unknown = [slug for slug, kept in said.items() if kept is None]
    for slug, plans, found in spread(partial(_pickled, read), unknown, records.processes):
        records.put_pickled(f"plans {keys[slug]}", plans)
        records.put(f"plans-said {keys[slug]}", found)
        said[slug] = found
    return [one for one in said.values() if one is not None]


def _kept(key: str, records: Records) -> _Said | None:
    said: _Said | None = records.get(f"plans-said {key}")
    return said if records.keep(f"plans {key}") else None


def _pickled(read: Callable[[str], _Plans], province: str) -> tuple[str, bytes, _Said]:
    """The plans as they are kept: whoever needs them reads them from there."""
    found = read(province)
    return province, pickle.dumps(found.plans, protocol=5), found.said


class _TablesInMemory:
    def __init__(
        self,
        registry: Registry,
        schools: Mapping[str, tuple[School, ...]],
        plans: Iterable[_Plans],
    ) -> None:
        self._schools = schools
        self._plans = {one.province: one.plans for one in plans}
        self.province_of = registry.province_of
        self.provinces = tuple(sorted({*self._schools, *self._plans}))

    def register(self, province: str) -> tuple[School, ...]:
        return self._schools.get(province, ())

    def plans(self, province: str) -> Mapping[str, tuple[Plan, ...]]:
        return self._plans.get(province, {})


class _TablesKept:
    """Registers and plans out of the records of the registry `key`, each read once."""

    def __init__(self, records: Records, key: str, registry: Registry) -> None:
        self._records, self._key, self._plan_keys = records, key, registry.plan_keys
        self.province_of = registry.province_of
        self.provinces = tuple(sorted(registry.reference.province_by_slug))
        self._schools: dict[str, tuple[School, ...]] = {}
        self._plans: dict[str, Mapping[str, tuple[Plan, ...]]] = {}

    def register(self, province: str) -> tuple[School, ...]:
        if province not in self._schools:
            self._schools[province] = self._records.get(f"register {province} {self._key}") or ()
        return self._schools[province]

    def plans(self, province: str) -> Mapping[str, tuple[Plan, ...]]:
        if province not in self._plans:
            found = self._records.get(f"plans {self._plan_keys[province]}")
            self._plans[province] = found or {}
        return self._plans[province]
