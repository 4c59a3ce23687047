"""Load a content folder although some of its profiles or notices are bad.

Each bad unit is replaced by its last good version, or left out where there is none: the result is
the same, byte for byte, as if the bad version had never arrived. Registers, plans and reference
tables are never excused, and neither are faults by the dozen: those have a common cause.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Final

from plugins.catalogue.catalogue import Catalogue
from plugins.catalogue.last_good import LastGood, file_of_unit, unit_of
from plugins.catalogue.load import load
from plugins.catalogue.problem import Problem, errors
from plugins.catalogue.records import Records
from plugins.photos import PhotoRefused

LEAST: Final = 3
"""So many bad units never stop a publication, however small the site."""
SHARE: Final = 100
"""Beyond `LEAST`, one bad unit in so many is borne."""

# One unit's fault may be another's: a copy is reported at the later of two alike profiles.
_BETWEEN_UNITS: Final = frozenset({"copied-from-another-school", "photo-of-another-school"})

Candidates = Callable[[str], Iterator[LastGood]]
"""Gives the earlier versions of a unit, the latest first."""


@dataclass(frozen=True, slots=True)
class SetAside:
    """A bad unit: the file that stands for it, its errors, and the version shown instead.

    Without `shown` a school keeps the page made from official data, and a notice is left out.
    """

    path: str
    problems: tuple[Problem, ...]
    shown: LastGood | None


@dataclass(frozen=True, slots=True)
class Quarantine:
    """`problems` are all that were found, those of the units set aside among them.

    `fatal` says in Chinese why nothing may be published; it is empty where all is well.
    """

    catalogue: Catalogue
    problems: tuple[Problem, ...]
    set_aside: tuple[SetAside, ...]
    fatal: str


def no_earlier_version(_: str) -> Iterator[LastGood]:
    """The candidates where nothing is kept."""
    return iter(())


def load_with_quarantine(
    content: Path,
    today: dt.date,
    candidates: Candidates = no_earlier_version,
    photo_cache: Path | None = None,
    records: Records | None = None,
    refused: Mapping[str, PhotoRefused] = MappingProxyType({}),
) -> Quarantine:
    """The catalogue of the units that are good, and an account of the others.

    Every replacement is checked like any other content, together with all the rest; a version that
    today's rules refuse gives way to an older one. Photos that are `refused` are bad, as in `load`.
    Raises nothing of its own.
    """
    instead: dict[str, LastGood | None] = {}
    versions: dict[str, Iterator[LastGood]] = {}
    faults: dict[str, tuple[Problem, ...]] = {}
    while True:
        catalogue, problems = load(
            content, today, photo_cache=photo_cache, instead=instead, records=records,
            refused=refused,
        )  # fmt: skip
        wrong = errors(problems)
        # What is left out already has no more to give: its name is one that no path can show.
        done = {unit for unit, good in instead.items() if good is None}
        bad = _units_to_set_aside(wrong) - done
        for unit in bad - set(faults):
            faults[unit] = tuple(p for p in wrong if unit_of(p.path) == unit)
        told = sorted({*problems, *(p for found in faults.values() for p in found)})
        fatal = _fatal(wrong, catalogue, faults)
        if fatal or not bad:
            set_aside = tuple(
                SetAside(file_of_unit(unit), found, instead.get(unit))
                for unit, found in sorted(faults.items())
            )
            return Quarantine(catalogue, tuple(told), set_aside, fatal)
        for unit in sorted(bad):
            versions.setdefault(unit, candidates(unit))
            instead[unit] = next(versions[unit], None)


def allowed(units: int) -> int:
    """How many of so many units may be bad before a publication stops."""
    return max(LEAST, units // SHARE)


def _units_to_set_aside(wrong: tuple[Problem, ...]) -> set[str]:
    """Units with faults of their own first: a fault between two may go away with one of them."""
    own = {unit_of(p.path) for p in wrong if p.code not in _BETWEEN_UNITS} - {""}
    return own or {unit_of(p.path) for p in wrong} - {""}


def _fatal(
    wrong: tuple[Problem, ...], catalogue: Catalogue, faults: dict[str, tuple[Problem, ...]]
) -> str:
    if any(not problem.path.startswith(("schools/", "news/")) for problem in wrong):
        return "名册、计划或参照表有错误，不能隔离。"
    kinds = (
        ("schools/", "份学校资料", len(catalogue.profiles)),
        ("news/", "条消息", len(catalogue.notices)),
    )
    for kind, counted, good in kinds:
        bad = sum(unit.startswith(kind) for unit in faults)
        left_out = sum(path.startswith(kind) for path in catalogue.quarantined)
        most = allowed(good + left_out)
        if bad > most:
            return (
                f"{good + left_out} {counted}里有 {bad} 份有错误，超过 {most} 份，不能隔离："
                "这么多一起出错，多半有同一个原因，先找到它。"
            )
    return ""
