"""An earlier version of a contributed unit, read in the place of one that has become bad.

A unit is what one contributor answers for as a whole: the folder of a school, or one notice.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

_UNIT: Final = re.compile(r"schools/[^/]+/[^/]+(?=/)|news/[^/]+/[^/]+\.md$")


@dataclass(frozen=True, slots=True)
class LastGood:
    """`place` is the school's folder or the notice's file; it lies outside the content.

    `good_on` is the day on which it was published or committed. `changed` gives the days on which
    its files had changed then, by their paths inside the content.
    """

    place: Path
    good_on: dt.date
    changed: Mapping[str, dt.date]


def unit_of(path: str) -> str:
    """The unit that a path inside the content belongs to; empty if it belongs to none."""
    found = _UNIT.match(path)
    return found.group() if found else ""


def file_of_unit(unit: str) -> str:
    """The file by which a unit is named in reports."""
    return unit if unit.startswith("news/") else f"{unit}/profile.md"


def placed(content: Path, path: str, instead: Mapping[str, LastGood | None]) -> Path:
    """Where the file or folder `path` of the content is to be read."""
    for unit, good in instead.items():
        if good is not None and (path == unit or path.startswith(f"{unit}/")):
            return good.place / path[len(unit) :].lstrip("/")
    return content / path


def changes_with(
    changed: Mapping[str, dt.date], instead: Mapping[str, LastGood]
) -> Mapping[str, dt.date]:
    """`changed` as it was when the versions `instead` were good."""
    if not instead:
        return changed
    kept = {path: day for path, day in changed.items() if unit_of(path) not in instead}
    for good in instead.values():
        kept |= good.changed
    return dict(sorted(kept.items()))
