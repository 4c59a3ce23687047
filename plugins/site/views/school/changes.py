"""The record of updates: when each part of the page was last changed or checked."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from msgspec import Struct

from plugins.catalogue import Catalogue, Profile, School
from plugins.catalogue.vocabulary import Compiler


class Change(Struct, frozen=True):
    """What happened on `date`."""

    what: str
    date: dt.date


def changes_of(
    catalogue: Catalogue, school: School, profile: Profile | None, changed: Mapping[str, dt.date]
) -> tuple[Change, ...]:
    """Newest first. `changed` is the day on which a file of the content changed, by its path.

    A day later than the one the site is built for is left out.
    """
    plan = catalogue.newest_plan(school)
    checked = [row.checked_on for row in plan.programmes if row.checked_on] if plan else []
    dated: list[tuple[str, dt.date | None]] = [
        ("核对名册", school.checked_on),
        (f"核对 {plan.year} 年招生计划" if plan else "", max(checked, default=None)),
    ]
    if profile:
        folder = profile.path.rpartition("/")[0]
        files = [profile.path, *(f"{folder}/{photo.file}" for photo in profile.facts.photos)]
        edits = [changed[file] for file in files if file in changed]
        by_platform = profile.facts.compiled_by == Compiler.PLATFORM
        dated += [
            ("平台核对介绍" if by_platform else "学校确认介绍", profile.facts.confirmed_on),
            ("修改学校介绍", max(edits, default=None)),
        ]
    found = [Change(what, date) for what, date in dated if date and date <= catalogue.today]
    return tuple(sorted(found, key=lambda change: (-change.date.toordinal(), change.what)))
