"""Schools like this one: the same majors near by first, each with the reason in words.

Every school is compared with the others of its city, and only where those are too few with those
of its province, so the work grows with the schools of a city and not with the square of all.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from plugins.catalogue import Catalogue, School
from plugins.catalogue.vocabulary import LEVELS

MOST_RELATED: Final = 6
# Of a province's other schools so many are looked at: enough for a good choice, and cheap in a
# province of thousands.
_MOST_COMPARED: Final = 400


@dataclass(frozen=True, slots=True)
class RelatedSchool:
    """`shared`: how many majors of the newest plans both schools have; `why` says it in words."""

    school_id: str
    shared: int
    why: str


def related_schools(
    catalogue: Catalogue, most: int = MOST_RELATED
) -> Mapping[str, tuple[RelatedSchool, ...]]:
    """School id to at most `most` other schools, best first."""
    return {
        school.school_id: relations.of(school)
        for slug, schools in catalogue.schools_of_province.items()
        for relations in (Relations(catalogue, slug, most),)
        for school in schools
    }


class Relations:
    """The schools like each school of one province.

    Schools of the city come before schools of the province, then those with more majors in
    common, then those of the same level, then by name. From the province only schools with a
    major in common are taken, except where the city has none at all. Only active schools are
    named. Nothing but the province's register and plans is looked at, and of these only what is
    compared.
    """

    def __init__(self, catalogue: Catalogue, province_slug: str, most: int = MOST_RELATED) -> None:
        self._catalogue, self._most = catalogue, most
        self._everywhere = catalogue.schools_of_province[province_slug]
        self._bit_of = {
            major.slug: 1 << position for position, major in enumerate(catalogue.reference.majors)
        }
        self._majors: dict[str, int] = {}

    def of(self, school: School) -> tuple[RelatedSchool, ...]:
        """At most `most` other schools, best first."""
        catalogue, most = self._catalogue, self._most
        city, province = catalogue.city_of(school), catalogue.province_of(school)
        here = self._ranked(school, catalogue.schools_of_city[school.province, school.city_code])
        related = [_related(other, shared, city.short_name) for shared, other in here]
        if len(here) < most and city.name != province.name:
            elsewhere = (
                other
                for other in self._everywhere[:_MOST_COMPARED]
                if other.city_code != school.city_code
            )
            related += [
                _related(other, shared, province.short_name)
                for shared, other in self._ranked(school, elsewhere)
                if shared or not here
            ]
        return tuple(related[:most])

    def _ranked(self, school: School, others: Iterable[School]) -> list[tuple[int, School]]:
        mine = self._majors_of(school.school_id)
        level = _rank(school)
        compared = (
            ((mine & self._majors_of(other.school_id)).bit_count(), other)
            for other in others
            if other is not school and other.status == "active"
        )
        return sorted(
            compared,
            key=lambda both: (-both[0], abs(_rank(both[1]) - level), both[1].name),
        )[: self._most]

    def _majors_of(self, school_id: str) -> int:
        """A bit for each major of the newest plan."""
        if school_id not in self._majors:
            self._majors[school_id] = sum(
                self._bit_of[major.slug] for major in self._catalogue.majors_of_school[school_id]
            )
        return self._majors[school_id]


def _related(school: School, shared: int, place: str) -> RelatedSchool:
    majors = f"，{shared} 个相同专业" if shared else ""
    return RelatedSchool(school.school_id, shared, f"同在{place}{majors}")


def _rank(school: School) -> int:
    return LEVELS.index(school.level) if school.level else 0
