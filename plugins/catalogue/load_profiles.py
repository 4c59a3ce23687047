"""The schools' folders: each profile with its photos, read apart from all others.

A folder is read again only if a file in it, its school's row or a reference table has changed; what
is to be read is spread over processes. What compares folders with each other is in `load`.
"""

from __future__ import annotations

import pickle
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any, Final, NamedTuple

from plugins.catalogue.copied_text import Text, text_of
from plugins.catalogue.cross_check import check_profile
from plugins.catalogue.draft import Draft
from plugins.catalogue.load_registry import Registry, read_register_names
from plugins.catalogue.problem import ID_LIKENESS, Problem, did_you_mean, errors, shown
from plugins.catalogue.profile_rules import check_profile_rules
from plugins.catalogue.read_profile import Profile, try_profile
from plugins.catalogue.read_text import PROFILE_BYTES, read_text
from plugins.catalogue.read_yaml import Document
from plugins.catalogue.records import Folder, Records, RecordsDamaged, digest_of
from plugins.catalogue.schema import School
from plugins.catalogue.stored import Lazy, Tables
from plugins.limited_later import Worker, photo_worker, text_worker
from plugins.photos import PhotoFacts, PhotoRefused, inspect_photo
from plugins.processes import portions, spread

PHOTO_KINDS: Final = (".jpg", ".jpeg", ".png", ".webp")


@dataclass(kw_only=True)
class SchoolsDraft(Draft):
    """What has been read of the schools' folders."""

    registry: Registry
    # By path, one for every school folder: the profile, or the key of its record; None where
    # there is none that can be read.
    profiles: dict[str, Profile | str | None] = field(default_factory=dict)
    texts: list[Text] = field(default_factory=list)
    photos: dict[str, PhotoFacts] = field(default_factory=dict)
    # Where the looks of photos are kept, if anywhere.
    photo_cache: Path | None = None
    # Processes that try out what may cost too much; none exists before it is needed.
    text_worker: Worker | None = None
    photo_worker: Worker | None = None
    records: Records | None = None

    def profile(self, path: str) -> Profile:
        """A profile that was read now or is kept. Raises RecordsDamaged."""
        found = self.profiles[path]
        if isinstance(found, str) and self.records is not None:
            found = self.records.get(found)
        if not isinstance(found, Profile):
            raise RecordsDamaged(path)
        return found


class _Job(NamedTuple):
    """A school's folder that must be read, the school's row, and the key to keep the answer by."""

    folder: str
    school_id: str
    school: School | None
    key: str


class _Read(NamedTuple):
    """What came of a folder. `profile` is pickled where it is to be kept; then `noted` is what the
    records note of it."""

    folder: str
    key: str
    problems: list[Problem]
    photos: dict[str, PhotoFacts]
    profile: Profile | bytes | None
    text: Text | None
    noted: Any


_AT_ONCE: Final = 50
"""Folders that a process reads before it tells."""


def read_profiles(draft: SchoolsDraft, tables: Tables) -> None:
    jobs = list(_folders_to_read(draft, tables))
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


def _read_folders(draft: SchoolsDraft, jobs: Sequence[_Job]) -> list[_Read]:
    if draft.text_worker is None:
        with text_worker() as draft.text_worker, photo_worker() as draft.photo_worker:
            found = [_read_folder(draft, job) for job in jobs]
        draft.text_worker = draft.photo_worker = None
        return found
    return [_read_folder(draft, job) for job in jobs]


def _read_folder(draft: SchoolsDraft, job: _Job) -> _Read:
    """Read one folder apart from all others."""
    here = replace(draft, problems=[], profiles={}, photos={}, texts=[])
    _read_school_folder(here, job.folder, job.school_id, job.school)
    profile = here.profiles[f"{job.folder}/profile.md"]
    keep = bool(job.key) and isinstance(profile, Profile) and not errors(here.problems)
    note = draft.records.note if draft.records and keep else None
    return _Read(
        job.folder,
        job.key,
        here.problems,
        here.photos,
        pickle.dumps(profile, protocol=5) if keep else profile,  # type: ignore[arg-type]
        here.texts[0] if here.texts else None,
        note(profile) if note else None,  # type: ignore[arg-type]
    )


def _take_read(draft: SchoolsDraft, one: _Read) -> None:
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
        if one.noted is not None:
            draft.records.noted[key] = one.noted
        draft.profiles[path] = key
        draft.records.put_folder(
            one.folder,
            Folder(
                key, True, tuple(one.problems), one.photos, text.line, text.clauses, text.lengths
            ),
        )


def _folders_to_read(draft: SchoolsDraft, tables: Tables) -> Iterator[_Job]:
    """The folders of which nothing is kept; of the others, what is kept is taken."""
    rows = Lazy(
        draft.registry.reference.province_by_slug,
        lambda slug: {school.school_id: school for school in tables.register(slug)},
    )
    for province in draft.province_folders("schools", draft.registry.reference.province_by_slug):
        same = draft.records.all_as_they_were(province) if draft.records else None
        if draft.records and same is not None and not draft.instead:
            for folder, was in same:
                _take_folder(draft, folder, was)
                if was.has_profile:
                    draft.records.texts_before[folder] = draft.texts[-1]
            continue
        for entry in draft.entries(f"schools/{province}"):
            folder = f"schools/{province}/{entry.name}"
            if draft.part.school_id not in ("", entry.name):
                continue
            if not entry.is_dir(follow_symlinks=False):
                draft.unexpected(folder, "每所学校一个文件夹，文件夹名是学校编号")
                continue
            if draft.is_left_out(folder):
                draft.profiles[f"{folder}/profile.md"] = None
                continue
            registered_in = draft.registry.province_of_id.get(entry.name)
            if registered_in is None and draft.part.school_id:
                registered_in, _ = read_register_names(draft.content).get(entry.name, (None, ""))
            if registered_in != province:
                here = draft.registry.ids_of(province)
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
            key = _folder_key(draft, folder, entry.name)
            if key and draft.records and (known := draft.records.folder(folder, key)):
                _take_folder(draft, folder, known)
                continue
            school = rows[registered_in].get(entry.name) if registered_in else None
            yield _Job(folder, entry.name, school, key)


def _folder_key(draft: SchoolsDraft, folder: str, school_id: str) -> str:
    """What the answer to a school's folder depends on, but for the rules and the day; nothing
    where it is not kept."""
    if draft.records is None or folder in draft.instead:
        return ""
    return digest_of(
        folder,
        draft.records.files_of(folder),
        draft.registry.rows.get(school_id),
        draft.registry.province_of.get(school_id),
        school_id in draft.registry.partner_degrees,
        draft.records.reference_digest,
    )


def _take_folder(draft: SchoolsDraft, folder: str, known: Folder) -> None:
    """What was kept of a folder, as if it had been read."""
    path = f"{folder}/profile.md"
    draft.profiles[path] = known.key if known.has_profile else None
    if known.problems or known.photos:
        draft.problems += known.problems
        draft.photos |= known.photos
    if known.has_profile:
        draft.texts.append(Text(path, known.line, known.clauses, known.lengths))


def _said(text: str) -> list[tuple[int, str]]:
    """The numbered lines of a profile, without the comments of its front matter."""
    lines = list(enumerate(text.split("\n"), start=1))
    end = next((number for number, line in lines[1:] if line.rstrip() == "---"), 0)
    return [(number, line) for number, line in lines if number > end or line.lstrip()[:1] != "#"]


def _read_school_folder(
    draft: SchoolsDraft, folder: str, school_id: str, school: School | None
) -> None:
    text: str | None = None
    document: Document | None = None
    photos: set[str] = set()
    profile_path = f"{folder}/profile.md"
    found_profile = False
    draft.profiles[profile_path] = None
    for entry in draft.entries(folder):
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
            draft.unexpected(path, "只放 profile.md 和照片（.jpg .jpeg .png .webp）")
    if document is not None:
        draft.problems += check_profile(profile_path, document, photos)
        draft.problems += check_profile_rules(
            profile_path,
            _said(text or ""),
            document,
            school,
            school_id in draft.registry.partner_degrees,
            draft.registry.reference,
            draft.today,
        )
    if not found_profile:
        draft.error(
            profile_path, "profile-missing", "文件夹里没有 profile.md",
            "写一个 profile.md，或删掉这个文件夹",
        )  # fmt: skip
