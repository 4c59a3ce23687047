"""A catalogue of which only those parts are in memory that somebody has asked for."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from functools import cached_property
from typing import Any, Protocol, TypeVar

from plugins.catalogue.catalogue import Catalogue, Plan
from plugins.catalogue.last_good import LastGood
from plugins.catalogue.read_notice import Notice
from plugins.catalogue.read_profile import Profile
from plugins.catalogue.reference import Major, Reference
from plugins.catalogue.schema import School
from plugins.photos import PhotoFacts

Value = TypeVar("Value")
Place = TypeVar("Place")


class Tables(Protocol):
    """Registers and plans by province. `province_of` is that of every school that is shown."""

    province_of: Mapping[str, str]
    provinces: tuple[str, ...]

    def register(self, province: str) -> tuple[School, ...]:
        """The province's schools, by school_id."""

    def plans(self, province: str) -> Mapping[str, tuple[Plan, ...]]:
        """Plans, newest first, by school_id, of the schools that have any."""


class Lazy(Mapping[Place, Value]):
    """A mapping whose keys are known and whose values are made when they are asked for."""

    def __init__(self, keys: Mapping[Place, object], make: Callable[[Place], Value]) -> None:
        self._keys, self._make = keys, make
        self._made: dict[Place, Value] = {}

    def __getitem__(self, key: Place) -> Value:
        if key not in self._made:
            if key not in self._keys:
                raise KeyError(key)
            self._made[key] = self._make(key)
        return self._made[key]

    def __contains__(self, key: object) -> bool:
        return key in self._keys

    def __iter__(self) -> Iterator[Place]:
        return iter(self._keys)

    def __len__(self) -> int:
        return len(self._keys)


class _Plans(Mapping[str, tuple[Plan, ...]]):
    """Plans by school, read a province at a time."""

    def __init__(self, tables: Tables) -> None:
        self._tables, self._provinces = tables, tables.provinces

    def __getitem__(self, school_id: str) -> tuple[Plan, ...]:
        return self._tables.plans(self._tables.province_of[school_id])[school_id]

    def __iter__(self) -> Iterator[str]:
        return iter(sorted(name for slug in self._provinces for name in self._tables.plans(slug)))

    def __len__(self) -> int:
        return sum(len(self._tables.plans(slug)) for slug in self._provinces)


class _SchoolsOfCity(Mapping[tuple[str, str], tuple[School, ...]]):
    """Schools by (province slug, city code), read a province at a time."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables
        self._groups: dict[str, dict[str, tuple[School, ...]]] = {}

    def _of(self, province: str) -> dict[str, tuple[School, ...]]:
        if province not in self._groups:
            groups: dict[str, list[School]] = {}
            for school in self._tables.register(province):
                groups.setdefault(school.city_code, []).append(school)
            self._groups[province] = {code: tuple(found) for code, found in groups.items()}
        return self._groups[province]

    def __getitem__(self, place: tuple[str, str]) -> tuple[School, ...]:
        province, code = place
        if province not in self._tables.provinces:
            raise KeyError(place)
        return self._of(province)[code]

    def __iter__(self) -> Iterator[tuple[str, str]]:
        return iter(
            sorted((slug, code) for slug in self._tables.provinces for code in self._of(slug))
        )

    def __len__(self) -> int:
        return sum(len(self._of(slug)) for slug in self._tables.provinces)


class StoredCatalogue(Catalogue):
    """The same answers as a `Catalogue` with everything in memory, province by province."""

    def __init__(
        self,
        today: dt.date,
        reference: Reference,
        tables: Tables,
        profiles: Mapping[str, Profile],
        profile_paths: Mapping[str, str],
        noted: Mapping[str, Any],
        photos: Mapping[str, PhotoFacts],
        quarantined: tuple[str, ...],
        notices: tuple[Notice, ...],
        warnings: Mapping[str, int],
        last_good: Mapping[str, LastGood],
    ) -> None:
        self.__dict__.update(
            today=today,
            reference=reference,
            plans=_Plans(tables),
            profiles=profiles,
            photos=photos,
            quarantined=quarantined,
            notices=notices,
            warnings=warnings,
            last_good=last_good,
            profile_paths=profile_paths,
            noted=noted,
            _tables=tables,
        )

    _tables: Tables

    @cached_property
    def schools(self) -> tuple[School, ...]:
        found = [
            school
            for slug in self.reference.province_by_slug
            for school in self._tables.register(slug)
        ]
        return tuple(sorted(found, key=lambda school: school.school_id))

    @cached_property
    def schools_of_province(self) -> Mapping[str, tuple[School, ...]]:
        return Lazy(self.reference.province_by_slug, self._tables.register)

    @cached_property
    def schools_of_city(self) -> Mapping[tuple[str, str], tuple[School, ...]]:
        return _SchoolsOfCity(self._tables)

    @cached_property
    def school_by_id(self) -> Mapping[str, School]:
        return Lazy(self._tables.province_of, self._school)

    def _school(self, school_id: str) -> School:
        return self._registers[self._tables.province_of[school_id]][school_id]

    @cached_property
    def _registers(self) -> Mapping[str, Mapping[str, School]]:
        return Lazy(
            self.reference.province_by_slug,
            lambda slug: {school.school_id: school for school in self._tables.register(slug)},
        )

    @cached_property
    def majors_of_school(self) -> Mapping[str, tuple[Major, ...]]:
        return Lazy(self._tables.province_of, lambda name: self._majors_of(self.school_by_id[name]))

    @property
    def province_of_id(self) -> Mapping[str, str]:
        return self._tables.province_of
