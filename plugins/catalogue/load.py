"""Load a content folder: read every register, plan, profile and photo once, check all of it.

Reading never stops at the first fault. What is right becomes the catalogue; what is wrong becomes
a list of problems. A faulty profile is left out (its school keeps a page from the official data);
whether a fault stops a publication is for the caller to decide.
"""

from __future__ import annotations

import datetime as dt
import os
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from plugins.catalogue.catalogue import Catalogue
from plugins.catalogue.copied_text import Text, check_copied_text
from plugins.catalogue.draft import Draft
from plugins.catalogue.last_good import LastGood
from plugins.catalogue.load_profiles import SchoolsDraft, read_profiles
from plugins.catalogue.load_registry import load_registry, read_register_names
from plugins.catalogue.part import WHOLE, Part
from plugins.catalogue.photo_rules import check_photos, check_same_photos
from plugins.catalogue.problem import Problem, errors, printable
from plugins.catalogue.read_notice import (
    NATIONAL,
    Notice,
    check_notice_school,
    newest_first,
    read_notice,
)
from plugins.catalogue.read_profile import Profile
from plugins.catalogue.records import Records
from plugins.catalogue.stored import Lazy, StoredCatalogue, Tables
from plugins.limited_later import photo_worker, text_worker
from plugins.photos import PhotoRefused
from plugins.processes import beside

NOTHING_INSTEAD: Final[Mapping[str, LastGood | None]] = MappingProxyType({})


def find_content(path: Path) -> Path | None:
    """The content folder that `path` is or lies in; it holds `reference/provinces.csv`."""
    absolute = Path(os.path.abspath(path))
    for folder in (absolute, *absolute.parents):
        if (folder / "reference" / "provinces.csv").is_file():
            return folder
    return None


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
    registry, tables = load_registry(Draft(content, today, part), records)
    draft = SchoolsDraft(
        content, today, part, list(registry.problems), instead,
        registry=registry, photo_cache=photo_cache, records=records,
    )  # fmt: skip
    _check_top_level(draft)
    with text_worker() as draft.text_worker, photo_worker() as draft.photo_worker:
        read_profiles(draft, tables)
        notices = _read_news(draft)
    for path, facts in draft.photos.items():
        if why := refused.get(facts.sha256):
            draft.error(path, why.code, why.message, why.fix)
    with _compared(draft.texts, records, tables) as texts_compared:
        draft.problems += check_photos(draft.photos)
        draft.problems += check_same_photos(draft.photos)
        copied = texts_compared()
    draft.problems += copied

    bad = {problem.path for problem in draft.problems if problem.severity == "error"}
    if records is not None:
        records.take_stock(draft.texts, copied, whole=not bad and not instead and part == WHOLE)
    kept: dict[str, str] = {}
    quarantined = []
    for path in sorted(draft.profiles):
        school_id = path.split("/")[-2]
        faulty = bool(bad) and any(map(partial(_lies_beside, path), bad))
        if draft.profiles[path] is not None and not faulty and school_id in tables.province_of:
            kept[school_id] = path
        else:
            quarantined.append(path)

    left_out = [path for path, notice in notices.items() if notice is None]
    rest = (
        draft.photos,
        tuple(quarantined + left_out),
        tuple(sorted(filter(None, notices.values()), key=newest_first)),
        Counter(p.path for p in draft.problems if p.severity == "warning"),
        {unit: good for unit, good in sorted(instead.items()) if good is not None},
    )
    profiles = Lazy(kept, lambda school_id: draft.profile(kept[school_id]))
    catalogue: Catalogue
    if records is not None:
        noted = _noted(records, kept, draft.profiles)
        catalogue = StoredCatalogue(today, registry.reference, tables, profiles, kept, noted, *rest)
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


def _lies_beside(path: str, other: str) -> bool:
    return other.startswith(path.removesuffix("profile.md"))


def _noted(
    records: Records, paths: Mapping[str, str], profiles: Mapping[str, Profile | str | None]
) -> dict[str, Any]:
    """What was noted of the profiles that were read just now, by school id."""
    keys = ((school_id, profiles[path]) for school_id, path in paths.items())
    noted = records.noted
    return {name: noted[key] for name, key in keys if isinstance(key, str) and key in noted}


_MANY_TEXTS: Final = 1_000
"""So many take longer to compare than a process takes to start."""


@contextmanager
def _compared(
    texts: list[Text], records: Records | None, tables: Tables
) -> Iterator[Callable[[], list[Problem]]]:
    """Gives what tells the problems of `check_copied_text`. Where very many texts are compared for
    the first time, nothing of the content is known yet, so nearly every page will be made of its
    tables: these are opened meanwhile."""
    before = records.compared() if records else None
    work = partial(check_copied_text, texts, before)
    if records is None or before is not None or len(texts) < _MANY_TEXTS:
        yield work
        return
    with beside(work, records.processes) as found:
        for slug in tables.provinces:
            tables.register(slug)
            tables.plans(slug)
        yield found


def _check_top_level(draft: Draft) -> None:
    """Only what is checked may lie in the content."""
    for entry in draft.entries(""):
        if entry.name not in ("news", "reference", "registry", "schools"):
            draft.unexpected(entry.name, "内容只有 news、reference、registry、schools 四个文件夹")


def _read_news(draft: SchoolsDraft) -> dict[str, Notice | None]:
    """By path, one for every file that is meant as a notice; None where it cannot be used."""
    notices: dict[str, Notice | None] = {}
    units = draft.registry.province_of_id
    if draft.part.kind == "news":  # then no register was read
        units = {school: unit for school, (unit, _) in read_register_names(draft.content).items()}
    for place in draft.province_folders(
        "news", {*draft.registry.reference.province_by_slug, NATIONAL}
    ):
        for entry in draft.entries(f"news/{place}"):
            path = f"news/{place}/{entry.name}"
            if not entry.is_file() or not entry.name.endswith(".md"):
                draft.unexpected(path, "只放消息，文件名写成“年-月-日-英文名.md”")
                continue
            if draft.is_left_out(path):
                notices[path] = None
                continue
            notice, found = read_notice(
                draft.place(path), path, place, draft.today, draft.text_worker
            )
            found += check_notice_school(notice, units) if notice else ()
            notices[path] = None if errors(found) else notice
            draft.problems += found
    return notices
