"""Load a content folder: read every register, plan, profile and photo once, check all of it.

Reading never stops at the first fault. What is right becomes the catalogue; what is wrong becomes
a list of problems. A faulty profile is left out (its school keeps a page from the official data);
whether a fault stops a publication is for the caller to decide.
"""

from __future__ import annotations

import datetime as dt
import os
import pickle
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from types import MappingProxyType
from typing import Final, NamedTuple

from plugins.catalogue.catalogue import Catalogue, Plan
from plugins.catalogue.check_record import at_line, check_record
from plugins.catalogue.copied_text import Text, check_copied_text, text_of
from plugins.catalogue.cross_check import Row, check_plans, check_profile, check_register
from plugins.catalogue.last_good import LastGood, placed
from plugins.catalogue.part import WHOLE, Part
from plugins.catalogue.photo_rules import check_photos, check_same_photos
from plugins.catalogue.problem import (
    ID_LIKENESS,
    Problem,
    did_you_mean,
    errors,
    printable,
    shown,
)
from plugins.catalogue.profile_rules import check_profile_rules
from plugins.catalogue.read_csv import read_csv
from plugins.catalogue.read_notice import (
    NATIONAL,
    Notice,
    check_notice_school,
    newest_first,
    read_notice,
)
from plugins.catalogue.read_profile import Profile, try_profile
from plugins.catalogue.read_text import PROFILE_BYTES, read_text
from plugins.catalogue.read_yaml import Document
from plugins.catalogue.records import Folder, Records, RecordsDamaged, digest_of
from plugins.catalogue.reference import Reference, load_reference
from plugins.catalogue.schema import PLAN_COLUMNS, REGISTER_COLUMNS, Programme, School
from plugins.catalogue.stored import Lazy, StoredCatalogue, Tables
from plugins.limited_later import Worker, photo_worker, text_worker
from plugins.photos import PhotoFacts, PhotoRefused, inspect_photo
from plugins.processes import portions, spread

PHOTO_KINDS: Final = (".jpg", ".jpeg", ".png", ".webp")
REQUIRED_REGISTER_COLUMNS: Final = (
    "school_id", "name", "city_code", "status", "verified", "source_document",
)  # fmt: skip
REQUIRED_PLAN_COLUMNS: Final = (
    "school_id", "major", "training_level", "entry", "duration_years", "seats", "source_document",
)  # fmt: skip
NOTHING_INSTEAD: Final[Mapping[str, LastGood | None]] = MappingProxyType({})


@dataclass
class _Draft:
    """What has been read so far; `load` freezes it."""

    content: Path
    today: dt.date
    reference: Reference
    part: Part
    problems: list[Problem] = field(default_factory=list)
    schools: list[Row[School]] = field(default_factory=list)
    programmes: list[Row[Programme]] = field(default_factory=list)
    # Rows of plans that nobody has confirmed: checked, never shown.
    unconfirmed: list[Row[Programme]] = field(default_factory=list)
    # By path, one for every school folder: the profile, or the key of its record; None where
    # there is none that can be read.
    profiles: dict[str, Profile | str | None] = field(default_factory=dict)
    texts: list[Text] = field(default_factory=list)
    photos: dict[str, PhotoFacts] = field(default_factory=dict)
    # By path, one for every file that is meant as a notice; None where it cannot be used.
    notices: dict[str, Notice | None] = field(default_factory=dict)
    # Ids of the schools whose plan names a partner for a degree.
    partner_degrees: Set[str] = frozenset()
    # Where the looks of photos are kept, if anywhere.
    photo_cache: Path | None = None
    # Processes that try out what may cost too much; none exists before it is needed.
    text_worker: Worker | None = None
    photo_worker: Worker | None = None
    # Units that are read from elsewhere, or not at all where there is nothing in their place.
    instead: Mapping[str, LastGood | None] = field(default_factory=dict)
    records: Records | None = None

    def profile(self, path: str) -> Profile:
        """A profile that was read now or is kept. Raises RecordsDamaged."""
        found = self.profiles[path]
        if isinstance(found, str) and self.records is not None:
            found = self.records.get(found)
        if not isinstance(found, Profile):
            raise RecordsDamaged(path)
        return found

    def place(self, path: str) -> Path:
        return placed(self.content, path, self.instead)

    def is_left_out(self, unit: str) -> bool:
        return unit in self.instead and self.instead[unit] is None

    def error(self, path: str, code: str, message: str, fix: str, line: int = 1) -> None:
        self.problems.append(Problem(path, line, code, "error", message, fix))


def find_content(path: Path) -> Path | None:
    """The content folder that `path` is or lies in; it holds `reference/provinces.csv`."""
    absolute = Path(os.path.abspath(path))
    for folder in (absolute, *absolute.parents):
        if (folder / "reference" / "provinces.csv").is_file():
            return folder
    return None


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


def load(
    content: Path,
    today: dt.date,
    part: Part = WHOLE,
    photo_cache: Path | None = None,
    instead: Mapping[str, LastGood | None] = NOTHING_INSTEAD,
    records: Records | None = None,
    refused: Mapping[str, PhotoRefused] = MappingProxyType({}),
) -> tuple[Catalogue, tuple[Problem, ...]]:
    """The catalogue of the content folder and every problem in it, sorted by path and line.

    `today` decides which dates lie in the future and which plans are past.
    A `part` gives the problems of that part alone, and a catalogue that is not to be published.
    Photos seen before are not decoded again where a `photo_cache` is given. The units `instead`
    are read from another place, or left out and counted as quarantined. With `records` of the same
    content, only files that have changed are read; the answer is the same. Photos that were
    `refused` when their copies were made, by SHA-256, are errors although they look well.
    """
    registry, tables = _registry(content, today, part, records)
    draft = _Draft(
        content, today, registry.reference, part, list(registry.problems),
        partner_degrees=registry.partner_degrees,
        photo_cache=photo_cache, instead=instead, records=records,
    )  # fmt: skip
    _check_top_level(draft)
    with text_worker() as draft.text_worker, photo_worker() as draft.photo_worker:
        _read_profiles(draft, registry, tables)
        _read_news(draft, registry)
    for path, facts in draft.photos.items():
        if why := refused.get(facts.sha256):
            draft.error(path, why.code, why.message, why.fix)
    copied = check_copied_text(draft.texts, records.compared() if records else None)
    draft.problems += copied
    draft.problems += check_photos(draft.photos)
    draft.problems += check_same_photos(draft.photos)

    bad = {problem.path for problem in draft.problems if problem.severity == "error"}
    if records is not None:
        records.take_stock(draft.texts, copied, whole=not bad and not instead and part == WHOLE)
    kept: dict[str, str] = {}
    quarantined = []
    for path, profile in sorted(draft.profiles.items()):
        folder = path.removesuffix("profile.md")
        school_id = path.split("/")[-2]
        faulty = bool(bad) and any(fault.startswith(folder) for fault in bad)
        if profile is not None and not faulty and school_id in tables.province_of:
            kept[school_id] = path
        else:
            quarantined.append(path)

    left_out = [path for path, notice in draft.notices.items() if notice is None]
    rest = (
        draft.photos,
        tuple(quarantined + left_out),
        tuple(sorted(filter(None, draft.notices.values()), key=newest_first)),
        Counter(p.path for p in draft.problems if p.severity == "warning"),
        {unit: good for unit, good in sorted(instead.items()) if good is not None},
    )
    profiles = Lazy(kept, lambda school_id: draft.profile(kept[school_id]))
    catalogue: Catalogue
    if records is not None:
        catalogue = StoredCatalogue(today, registry.reference, tables, profiles, kept, *rest)
    else:
        schools = [school for slug in tables.provinces for school in tables.register(slug)]
        plans = [plans for slug in tables.provinces for plans in tables.plans(slug).items()]
        catalogue = Catalogue(
            today,
            registry.reference,
            tuple(sorted(schools, key=lambda school: school.school_id)),
            dict(sorted(plans)),
            dict(profiles),
            *rest,
        )
    return catalogue, tuple(sorted({printable(problem) for problem in draft.problems}))


@dataclass(frozen=True, slots=True)
class _Registry:
    """What reference tables, registers and plans say; the rows themselves are in the tables.

    `rows` are digests of the rows of the register, `province_of_id` has all ids that have one.
    """

    reference: Reference
    problems: tuple[Problem, ...]
    province_of_id: Mapping[str, str]
    province_of: Mapping[str, str]
    rows: Mapping[str, str]
    partner_degrees: frozenset[str]

    def ids_of(self, province: str) -> list[str]:
        return [school_id for school_id, unit in self.province_of_id.items() if unit == province]


class _TablesInMemory:
    def __init__(self, schools: Iterable[School], plans: Mapping[str, tuple[Plan, ...]]) -> None:
        self._schools: dict[str, list[School]] = {}
        self._plans: dict[str, dict[str, tuple[Plan, ...]]] = {}
        for school in sorted(schools, key=lambda school: school.school_id):
            self._schools.setdefault(school.province, []).append(school)
        self.province_of: Mapping[str, str] = {
            school.school_id: slug for slug, found in self._schools.items() for school in found
        }
        for school_id, found in plans.items():
            self._plans.setdefault(found[0].programmes[0].province, {})[school_id] = found
        self.provinces = tuple(sorted({*self._schools, *self._plans}))

    def register(self, province: str) -> tuple[School, ...]:
        return tuple(self._schools.get(province, ()))

    def plans(self, province: str) -> Mapping[str, tuple[Plan, ...]]:
        return self._plans.get(province, {})


class _TablesKept:
    """Registers and plans out of the records of the registry `key`, each read once."""

    def __init__(self, records: Records, key: str, registry: _Registry) -> None:
        self._records, self._key = records, key
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
            self._plans[province] = self._records.get(f"plans {province} {self._key}") or {}
        return self._plans[province]


def _registry(
    content: Path, today: dt.date, part: Part, records: Records | None
) -> tuple[_Registry, Tables]:
    """Reference tables, registers and plans, checked all together or as they were kept."""
    key = ""
    if records is not None:
        files = sorted(
            item for item in records.hashes.items() if item[0].startswith(("reference", "registry"))
        )
        key = digest_of(files)
        if isinstance(registry := records.get(f"registry {key}"), _Registry) and all(
            records.keep(f"{kind} {slug} {key}")
            for kind in ("register", "plans")
            for slug in registry.reference.province_by_slug
        ):
            return registry, _TablesKept(records, key, registry)
    reference, problems = load_reference(content, today)
    draft = _Draft(content, today, reference, part, problems)
    _read_registry(draft)
    register = check_register(draft.schools, reference, draft.problems)
    programmes = check_plans(draft.programmes, register, reference, draft.problems)
    doubts: list[Problem] = []
    check_plans(draft.unconfirmed, register, reference, doubts)
    draft.problems += _as_warnings(doubts)
    tables = _TablesInMemory(register.schools.values(), _plans(programmes))
    registry = _Registry(
        reference,
        tuple(draft.problems),
        dict(register.province_of_id),
        tables.province_of,
        {row.cell("school_id"): digest_of(sorted(row.cells.items())) for row in draft.schools},
        frozenset(draft.partner_degrees),
    )
    if records is None:
        return registry, tables
    records.put(f"registry {key}", registry)
    for slug in reference.province_by_slug:
        records.put(f"register {slug} {key}", tables.register(slug))
        records.put(f"plans {slug} {key}", tables.plans(slug))
    return registry, tables


def _as_warnings(problems: list[Problem]) -> list[Problem]:
    """A draft is unfinished by nature; nothing in it may stop a publication."""
    return [replace(problem, severity="warning") for problem in problems]


def _plans(programmes: list[Programme]) -> dict[str, tuple[Plan, ...]]:
    groups: dict[str, dict[int, list[Programme]]] = {}
    for programme in programmes:
        groups.setdefault(programme.school_id, {}).setdefault(programme.year, []).append(programme)
    return {
        school_id: tuple(
            Plan(year, tuple(rows)) for year, rows in sorted(years.items(), reverse=True)
        )
        for school_id, years in sorted(groups.items())
    }


def _check_top_level(draft: _Draft) -> None:
    """Only what is checked may lie in the content."""
    for entry in _entries(draft, ""):
        if entry.name not in ("news", "reference", "registry", "schools"):
            _unexpected(draft, entry.name, "内容只有 news、reference、registry、schools 四个文件夹")


def _entries(draft: _Draft, path: str) -> Iterator[os.DirEntry[str]]:
    """The entries of a folder by name; links and special files are reported and left out."""
    folder = draft.place(path)
    if not folder.is_dir():
        return
    with os.scandir(folder) as found:
        entries = sorted(found, key=lambda entry: entry.name)
    for entry in entries:
        inside = f"{path}/{entry.name}".lstrip("/")
        if entry.is_symlink():
            draft.error(shown(inside, 200), "file-is-link", "不能用符号链接", "把文件本身放到这里")
        elif not entry.is_dir(follow_symlinks=False) and not entry.is_file(follow_symlinks=False):
            draft.error(
                shown(inside, 200), "file-not-regular", "这不是普通文件", "换成一个普通文件"
            )
        elif entry.name in (".gitkeep", "README.md"):
            continue
        else:
            yield entry


def _unexpected(draft: _Draft, path: str, expected: str) -> None:
    draft.error(shown(path, 200), "file-unexpected", "这里不应该有这个文件", expected)


def _province_folders(draft: _Draft, kind: str, *also: str) -> Iterator[str]:
    """Names of the folders below `kind`: slugs of reporting units, and those named in `also`."""
    slugs = {*draft.reference.province_by_slug, *also}
    for entry in _entries(draft, kind):
        path = f"{kind}/{entry.name}"
        if not entry.is_dir(follow_symlinks=False):
            _unexpected(draft, path, "先按报送单位分文件夹，例如 zhejiang/")
        elif entry.name not in slugs:
            draft.error(
                shown(path, 200), f"{kind}-unknown-province",
                f"没有叫“{shown(entry.name)}”的报送单位",
                did_you_mean(entry.name, slugs) or "文件夹名见 reference/provinces.csv 的 slug 列",
            )  # fmt: skip
        elif draft.part.reads(kind, entry.name):
            yield entry.name


def _read_registry(draft: _Draft) -> None:
    for province in _province_folders(draft, "registry"):
        for entry in _entries(draft, f"registry/{province}"):
            path = f"registry/{province}/{entry.name}"
            if entry.name == "schools.csv" and entry.is_file():
                _read_register(draft, province, path)
            elif entry.name == "plans" and entry.is_dir():
                if not draft.part.reads_plans(province):
                    continue
                for plan in _entries(draft, path):
                    _read_plan(draft, province, f"{path}/{plan.name}", plan.name)
            else:
                _unexpected(draft, path, "只放 schools.csv 和 plans/<年份>.csv")


def _read_register(draft: _Draft, province: str, path: str) -> None:
    rows, found = read_csv(draft.content / path, path, REGISTER_COLUMNS, REQUIRED_REGISTER_COLUMNS)
    draft.problems += found
    for row in rows:
        school, found = check_record(
            School, {**row.cells, "province": province}, kind="register", path=path,
            line_of=at_line(row.line), today=draft.today,
        )  # fmt: skip
        draft.problems += found
        draft.schools.append(Row(school, row.cells, province, path, row.line))


def _read_plan(draft: _Draft, province: str, path: str, name: str) -> None:
    if not re.fullmatch(r"20[0-9]{2}(\.draft)?\.csv", name):
        _unexpected(draft, path, "文件名写成年份，例如 2026.csv")
        return
    unconfirmed = name.endswith(".draft.csv")
    year = int(name[:4])
    if year > draft.today.year + 1:
        draft.error(
            path, "plan-year-in-future", f"{year} 年还太早", "计划最多提前到明年；请核对文件名"
        )
        return
    rows, found = read_csv(draft.content / path, path, PLAN_COLUMNS, REQUIRED_PLAN_COLUMNS)
    draft.problems += found
    if wanted := draft.part.school_id:
        rows = [row for row in rows if row.cells.get("school_id", "").strip() == wanted]
    # The source of a draft is still to come: its absence is no news.
    assumed = {"source_document": "草稿"} if unconfirmed else {}
    for row in rows:
        values = {**assumed, **row.cells, "province": province, "year": year}
        programme, found = check_record(
            Programme, values, kind="plan", path=path, line_of=at_line(row.line), today=draft.today
        )
        checked = Row(programme, row.cells, province, path, row.line)
        if unconfirmed:
            draft.problems += _as_warnings(found)
            draft.unconfirmed.append(checked)
        else:
            draft.problems += found
            draft.programmes.append(checked)
            if row.cells.get("partner_degree"):
                draft.partner_degrees |= {row.cells.get("school_id", "").strip()}


def _read_news(draft: _Draft, register: _Registry) -> None:
    units = register.province_of_id
    if draft.part.kind == "news":  # then no register was read
        units = {school: unit for school, (unit, _) in read_register_names(draft.content).items()}
    for place in _province_folders(draft, "news", NATIONAL):
        for entry in _entries(draft, f"news/{place}"):
            path = f"news/{place}/{entry.name}"
            if not entry.is_file() or not entry.name.endswith(".md"):
                _unexpected(draft, path, "只放消息，文件名写成“年-月-日-英文名.md”")
                continue
            if draft.is_left_out(path):
                draft.notices[path] = None
                continue
            notice, found = read_notice(
                draft.place(path), path, place, draft.today, draft.text_worker
            )
            found += check_notice_school(notice, units) if notice else ()
            draft.notices[path] = None if errors(found) else notice
            draft.problems += found


class _Job(NamedTuple):
    """A school's folder that must be read, the school's row, and the key to keep the answer by."""

    folder: str
    school_id: str
    school: School | None
    key: str


class _Read(NamedTuple):
    """What came of a folder. `profile` is pickled where it is to be kept."""

    folder: str
    key: str
    problems: list[Problem]
    photos: dict[str, PhotoFacts]
    profile: Profile | bytes | None
    text: Text | None


_AT_ONCE: Final = 50
"""Folders that a process reads before it tells."""


def _read_profiles(draft: _Draft, register: _Registry, tables: Tables) -> None:
    jobs = list(_folders_to_read(draft, register, tables))
    several_jobs = portions(jobs, _AT_ONCE)
    if draft.records is None or len(several_jobs) < 2:
        found: Iterable[list[_Read]] = map(partial(_read_folders, draft), several_jobs)
    else:
        # The trial workers belong to this process, so each child starts its own.
        alone = replace(draft, text_worker=None, photo_worker=None)
        found = spread(partial(_read_folders, alone), several_jobs, draft.records.processes)
    for several in found:
        for one in several:
            _take_read(draft, one)


def _read_folders(draft: _Draft, jobs: Sequence[_Job]) -> list[_Read]:
    if draft.text_worker is None:
        with text_worker() as draft.text_worker, photo_worker() as draft.photo_worker:
            found = [_read_folder(draft, job) for job in jobs]
        draft.text_worker = draft.photo_worker = None
        return found
    return [_read_folder(draft, job) for job in jobs]


def _read_folder(draft: _Draft, job: _Job) -> _Read:
    """Read one folder apart from all others."""
    here = replace(draft, problems=[], profiles={}, photos={}, texts=[])
    _read_school_folder(here, job.folder, job.school_id, job.school)
    profile = here.profiles[f"{job.folder}/profile.md"]
    keep = bool(job.key) and isinstance(profile, Profile) and not errors(here.problems)
    return _Read(
        job.folder,
        job.key,
        here.problems,
        here.photos,
        pickle.dumps(profile, protocol=5) if keep else profile,  # type: ignore[arg-type]
        here.texts[0] if here.texts else None,
    )


def _take_read(draft: _Draft, one: _Read) -> None:
    """Add what came of a folder to the rest. An error is not kept: it is always looked at again."""
    path = f"{one.folder}/profile.md"
    draft.problems += one.problems
    draft.photos |= one.photos
    if one.text is not None:
        draft.texts.append(one.text)
    if not isinstance(one.profile, bytes):
        draft.profiles[path] = one.profile
    elif draft.records is not None and one.text is not None:
        text, key = one.text, one.key
        draft.records.put_pickled(key, one.profile)
        draft.profiles[path] = key
        draft.records.put_folder(
            one.folder,
            Folder(
                key, True, tuple(one.problems), one.photos, text.line, text.clauses, text.lengths
            ),
        )


def _folders_to_read(draft: _Draft, register: _Registry, tables: Tables) -> Iterator[_Job]:
    """The folders of which nothing is kept; of the others, what is kept is taken."""
    rows = Lazy(
        draft.reference.province_by_slug,
        lambda slug: {school.school_id: school for school in tables.register(slug)},
    )
    for province in _province_folders(draft, "schools"):
        same = draft.records.all_as_they_were(province) if draft.records else None
        if same is not None and not draft.instead:
            for folder, was in same:
                _take_folder(draft, folder, was)
            continue
        for entry in _entries(draft, f"schools/{province}"):
            folder = f"schools/{province}/{entry.name}"
            if draft.part.school_id not in ("", entry.name):
                continue
            if not entry.is_dir(follow_symlinks=False):
                _unexpected(draft, folder, "每所学校一个文件夹，文件夹名是学校编号")
                continue
            if draft.is_left_out(folder):
                draft.profiles[f"{folder}/profile.md"] = None
                continue
            registered_in = register.province_of_id.get(entry.name)
            if registered_in is None and draft.part.school_id:
                registered_in, _ = read_register_names(draft.content).get(entry.name, (None, ""))
            if registered_in != province:
                here = register.ids_of(province)
                where = f"它在 {registered_in} 的名册里，把文件夹移过去" if registered_in else ""
                draft.error(
                    f"{folder}/profile.md", "profile-not-in-register",
                    f"{province} 的名册里没有编号是“{shown(entry.name)}”的学校",
                    where
                    or did_you_mean(entry.name, here, ID_LIKENESS)
                    or "先请省级部门把学校列入名册",
                )  # fmt: skip
            if draft.records and not draft.instead and (known := draft.records.as_it_was(folder)):
                _take_folder(draft, folder, known)
                continue
            key = _folder_key(draft, folder, entry.name, register)
            if key and draft.records and (known := draft.records.folder(folder, key)):
                _take_folder(draft, folder, known)
                continue
            school = rows[registered_in].get(entry.name) if registered_in else None
            yield _Job(folder, entry.name, school, key)


def _folder_key(draft: _Draft, folder: str, school_id: str, register: _Registry) -> str:
    """What the answer to a school's folder depends on, but for the rules and the day; nothing
    where it is not kept."""
    if draft.records is None or folder in draft.instead:
        return ""
    return digest_of(
        folder,
        draft.records.files_of(folder),
        register.rows.get(school_id),
        register.province_of.get(school_id),
        school_id in draft.partner_degrees,
        draft.records.reference_digest,
    )


def _take_folder(draft: _Draft, folder: str, known: Folder) -> None:
    """What was kept of a folder, as if it had been read."""
    path = f"{folder}/profile.md"
    draft.profiles[path] = known.key if known.has_profile else None
    draft.problems += known.problems
    draft.photos |= known.photos
    if known.has_profile:
        draft.texts.append(Text(path, known.line, known.clauses, known.lengths))


def _said(text: str) -> list[tuple[int, str]]:
    """The numbered lines of a profile, without the comments of its front matter."""
    lines = list(enumerate(text.split("\n"), start=1))
    end = next((number for number, line in lines[1:] if line.rstrip() == "---"), 0)
    return [(number, line) for number, line in lines if number > end or line.lstrip()[:1] != "#"]


def _read_school_folder(draft: _Draft, folder: str, school_id: str, school: School | None) -> None:
    text: str | None = None
    document: Document | None = None
    photos: set[str] = set()
    profile_path = f"{folder}/profile.md"
    found_profile = False
    draft.profiles[profile_path] = None
    for entry in _entries(draft, folder):
        path = f"{folder}/{entry.name}"
        if entry.name == "profile.md" and entry.is_file():
            found_profile = True
            text, found = read_text(draft.place(path), path, PROFILE_BYTES)
            draft.problems += found
            if text is None:
                continue
            profile, document, found = try_profile(
                text, path, school_id, draft.today, draft.text_worker
            )
            draft.profiles[path] = profile
            draft.problems += found
            if profile is not None:
                draft.texts.append(text_of(profile))
        elif entry.is_file() and entry.name.lower().endswith(PHOTO_KINDS):
            try:
                draft.photos[path] = inspect_photo(
                    draft.place(path), draft.photo_cache, draft.photo_worker
                )
                photos.add(entry.name)
            except PhotoRefused as refused:
                draft.error(path, refused.code, refused.message, refused.fix)
        else:
            _unexpected(draft, path, "只放 profile.md 和照片（.jpg .jpeg .png .webp）")
    if document is not None:
        draft.problems += check_profile(profile_path, document, photos)
        draft.problems += check_profile_rules(
            profile_path,
            _said(text or ""),
            document,
            school,
            school_id in draft.partner_degrees,
            draft.reference,
            draft.today,
        )
    if not found_profile:
        draft.error(
            profile_path, "profile-missing", "文件夹里没有 profile.md",
            "写一个 profile.md，或删掉这个文件夹",
        )  # fmt: skip
