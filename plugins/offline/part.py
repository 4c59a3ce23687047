"""Which pages and files of the site belong to a province."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from plugins import addresses
from plugins.addresses import file_of
from plugins.catalogue import Catalogue
from plugins.photos import Derivatives
from plugins.site.views.photo import photo_address

_APART: Final = frozenset(
    {"admin", "assets", "data", "design", "offline", "photos", "reporting", "search-index"}
)
"""First parts of addresses that no page for families has."""

WITH_EVERY_PROVINCE: Final = tuple(
    file_of(address)
    for address in (
        addresses.SEARCH, addresses.COMPARE, addresses.SHORTLIST, addresses.AID, addresses.LEVELS,
        addresses.ACCESSIBILITY, "/verify/", "/priority/", "/employment/",
    )
)  # fmt: skip
"""Pages that stand by every province's own, as far as the site has them."""

FILES_WITH_EVERY_PROVINCE: Final = (file_of(addresses.AID_RULES),)


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
    def search_file(self) -> str:
        """The path of its search index in one file."""
        return f"offline/{self.slug}-search.json"

    def pages(self, names: Iterable[str]) -> Iterator[str]:
        """Of the paths of all pages, those of the province, and those that stand by every one."""
        for name in names:
            parts = name.split("/")
            if parts[0] in _APART or parts[-1] != "index.html":
                continue
            if name in WITH_EVERY_PROVINCE or not self.words.isdisjoint(parts):
                yield name

    def records(self, names: Iterable[str]) -> Iterator[str]:
        """Of the paths of all files, the records that the province's pages fetch."""
        own = {f"{addresses.COMPARISON.lstrip('/')}{school_id}.json" for school_id in self.schools}
        for name in names:
            if name in own or name in FILES_WITH_EVERY_PROVINCE:
                yield name


def province_parts(
    catalogue: Catalogue, photos: Mapping[str, Derivatives]
) -> tuple[ProvincePart, ...]:
    """The provinces that have schools, in the order of the reference table.

    `photos` are the published copies by the path of the original inside the content.
    """
    found = []
    for unit in catalogue.reference.provinces:
        schools = tuple(school.school_id for school in catalogue.schools_of_province[unit.slug])
        if not schools:
            continue
        counties = {
            code
            for code, county in catalogue.reference.counties.items()
            if unit.division_code and county.city_code[:2] == unit.division_code[:2]
        }
        own = [path for path in sorted(photos) if path.startswith(f"schools/{unit.slug}/")]
        small = [photos[path].of_format("webp")[0].name for path in own]
        found.append(
            ProvincePart(
                slug=unit.slug,
                name=unit.name,
                short_name=unit.short_name,
                schools=schools,
                words=frozenset({unit.slug, *schools, *counties}),
                photos=tuple(sorted({photo_address(name).lstrip("/") for name in small})),
            )
        )
    return tuple(found)
