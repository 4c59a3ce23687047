"""Which pages and files of the site belong to a province."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from plugins import addresses
from plugins.addresses import file_of
from plugins.catalogue import Catalogue

_APART: Final = frozenset(
    {
        "admin",
        "assets",
        "data",
        "design",
        "offline",
        "photos",
        "reporting",
        "search-index",
        "status",
    }
)
"""First parts of addresses that no page for families has."""

WITH_EVERY_PROVINCE: Final = tuple(
    file_of(address)
    for address in (
        addresses.SEARCH, addresses.COMPARE, addresses.SHORTLIST, addresses.AID, addresses.LEVELS,
        addresses.ACCESSIBILITY, addresses.VERIFY, addresses.PRIORITY, "/employment/",
    )
)  # fmt: skip
"""Pages that stand by every province's own, as far as the site has them."""

_RECORDS: Final = tuple(
    map(file_of, (addresses.AID_RULES, addresses.VERIFY_NAMES, addresses.COUNTIES))
)
"""What scripts of those pages fetch. Names are checked against those of the whole country: a call
may come from anywhere."""
_COPY: Final = re.compile(r"photos/([0-9a-f]+)-([0-9]+)\.webp")


@dataclass(frozen=True, slots=True)
class ProvincePart:
    """A province with schools. `words` are the parts of addresses that mean it: its slug, its
    schools' ids, its counties' codes. `photos` are the smallest copies, as paths in the site."""

    slug: str
    name: str
    short_name: str
    schools: tuple[str, ...]
    words: frozenset[str]
    photos: tuple[str, ...]

    @property
    def records(self) -> tuple[str, ...]:
        """Paths of the records that the province's pages may fetch."""
        folder = addresses.COMPARISON.lstrip("/")
        return (*(f"{folder}{school_id}.json" for school_id in self.schools), *_RECORDS)


def search_file_of(slug: str) -> str:
    """The path of the search index of a province in one file."""
    return f"offline/{slug}-search.json"


def pages_of(parts: Iterable[ProvincePart], names: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """Of the paths of all files, the pages of each province by its slug, in the order given: its
    own, and those that stand by every one."""
    parts = tuple(parts)
    slug_of = {word: part.slug for part in parts for word in part.words}
    found: dict[str, list[str]] = {part.slug: [] for part in parts}
    for name in names:
        words = name.split("/")
        if words[-1] != "index.html" or words[0] in _APART:
            continue
        if name in WITH_EVERY_PROVINCE:
            slugs = list(found)
        else:
            slugs = sorted({slug_of[word] for word in words if word in slug_of})
        for slug in slugs:
            found[slug].append(name)
    return {slug: tuple(pages) for slug, pages in found.items()}


def province_parts(
    catalogue: Catalogue, photos: Mapping[str, Sequence[str]]
) -> tuple[ProvincePart, ...]:
    """The provinces that have schools, in the order of the reference table.

    `photos` are the paths of all copies of a school's photos, by its id.
    """
    counties: dict[str, set[str]] = {}
    for code in catalogue.reference.counties:
        counties.setdefault(code[:2], set()).add(code)
    found = []
    for unit in catalogue.reference.provinces:
        schools = tuple(school.school_id for school in catalogue.schools_of_province[unit.slug])
        if not schools:
            continue
        # 兵团 has no counties of its own: those that it names are 新疆's.
        own = counties.get(unit.division_code[:2], set()) if unit.division_code else set()
        small = {name for school in schools for name in _smallest(photos.get(school, ()))}
        found.append(
            ProvincePart(
                slug=unit.slug,
                name=unit.name,
                short_name=unit.short_name,
                schools=schools,
                words=frozenset({unit.slug, *schools, *own}),
                photos=tuple(sorted(small)),
            )
        )
    return tuple(found)


def _smallest(names: Iterable[str]) -> list[str]:
    """The smallest WebP copy of each photo among the paths of all copies."""
    widths: dict[str, tuple[int, str]] = {}
    for name in names:
        if copy := _COPY.fullmatch(name):
            found = (int(copy[2]), name)
            widths[copy[1]] = min(widths.get(copy[1], found), found)
    return [name for _, name in widths.values()]
