"""The catalogue: everything the site knows, checked, frozen and sorted.

The same catalogue serves the check, the pages, the search index and the downloads.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from plugins.catalogue.declared_facts import (
    Declared,
    DeclaredFacts,
    Outline,
    declared_of,
    facts_of,
    outline_of,
)
from plugins.catalogue.last_good import LastGood
from plugins.catalogue.read_notice import Notice
from plugins.catalogue.read_profile import Profile
from plugins.catalogue.reference import City, County, Major, Province, Reference
from plugins.catalogue.schema import Programme, School
from plugins.photos import PhotoFacts


@dataclass(frozen=True)
class Plan:
    """What one school may enrol in one year; programmes in the order of the official document."""

    year: int
    programmes: tuple[Programme, ...]

    @property
    def seats(self) -> int:
        return sum(programme.seats for programme in self.programmes)


@dataclass(frozen=True)
class Catalogue:
    """Schools by `school_id`, plans newest year first, profiles that passed the check.

    `photos` gives the facts of every usable photo by its path inside the content folder;
    `quarantined` names what was left out because of errors: the profile of a school folder, or a
    notice. `notices` are the news, newest first. `warnings` counts the check's warnings by file.
    `last_good` says which school folders and notices were read from an earlier version.
    """

    today: dt.date
    reference: Reference
    schools: tuple[School, ...]
    plans: Mapping[str, tuple[Plan, ...]]
    profiles: Mapping[str, Profile]
    photos: Mapping[str, PhotoFacts]
    quarantined: tuple[str, ...]
    notices: tuple[Notice, ...] = ()
    warnings: Mapping[str, int] = field(default_factory=dict)
    last_good: Mapping[str, LastGood] = field(default_factory=dict)

    @cached_property
    def notices_of_place(self) -> Mapping[str, tuple[Notice, ...]]:
        """Notices by the place they speak for, newest first, for places that have one."""
        groups: dict[str, list[Notice]] = {}
        for notice in self.notices:
            groups.setdefault(notice.place, []).append(notice)
        return {place: tuple(group) for place, group in sorted(groups.items())}

    @cached_property
    def profile_paths(self) -> Mapping[str, str]:
        """The file of each profile, by school id."""
        return {school_id: profile.path for school_id, profile in self.profiles.items()}

    @cached_property
    def noted(self) -> Mapping[str, Any]:
        """What was noted of profiles when they were read just now, by school id."""
        return {}

    @cached_property
    def province_of_id(self) -> Mapping[str, str]:
        """The slug of each school's province, by school id."""
        return {school.school_id: school.province for school in self.schools}

    @cached_property
    def declared(self) -> Mapping[str, Declared]:
        """What each profile declares for the lists of the whole country, by school id."""
        return {
            school_id: declared_of(self.profiles[school_id]) for school_id in sorted(self.profiles)
        }

    @cached_property
    def outlines(self) -> Mapping[str, Outline]:
        """What lists show of each profile, by school id."""
        return {
            school_id: outline_of(self.profiles[school_id]) for school_id in sorted(self.profiles)
        }

    def declared_facts(self, kind: str) -> Mapping[str, DeclaredFacts]:
        """The facts of a kind by school id, for the profiles that declare any."""
        found = {
            school_id: facts_of(self.profiles[school_id], kind)
            for school_id, declared in self.declared.items()
            if kind in declared.digests
        }
        return {school_id: facts for school_id, facts in found.items() if facts is not None}

    @cached_property
    def school_by_id(self) -> Mapping[str, School]:
        return {school.school_id: school for school in self.schools}

    @cached_property
    def schools_of_province(self) -> Mapping[str, tuple[School, ...]]:
        """Schools by province slug; a unit with no school is present with an empty tuple."""
        groups: dict[str, list[School]] = {p.slug: [] for p in self.reference.provinces}
        for school in self.schools:
            groups[school.province].append(school)
        return {slug: tuple(group) for slug, group in groups.items()}

    @cached_property
    def schools_of_city(self) -> Mapping[tuple[str, str], tuple[School, ...]]:
        """Schools by (province slug, city code), for cities that have one."""
        groups: dict[tuple[str, str], list[School]] = {}
        for school in self.schools:
            groups.setdefault((school.province, school.city_code), []).append(school)
        return {key: tuple(group) for key, group in sorted(groups.items())}

    @cached_property
    def programmes_of_major(self) -> Mapping[str, tuple[Programme, ...]]:
        """The newest plans' programmes by slug of the canonical major, for majors on offer.

        A school that is suspended, closed or merged offers nothing.
        """
        groups: dict[str, list[Programme]] = {}
        for school in self.schools:
            plan = self.newest_plan(school) if school.status == "active" else None
            for programme in plan.programmes if plan else ():
                if major := self.reference.canonical_major(programme.major):
                    groups.setdefault(major.slug, []).append(programme)
        return {slug: tuple(group) for slug, group in sorted(groups.items())}

    @cached_property
    def majors_on_offer(self) -> frozenset[str]:
        """The slugs of `programmes_of_major`."""
        return frozenset(self.programmes_of_major)

    def newest_plan(self, school: School) -> Plan | None:
        """The plan of the latest year that the school has one for."""
        plans = self.plans.get(school.school_id, ())
        return plans[0] if plans else None

    def is_past(self, plan: Plan) -> bool:
        """A plan of an earlier calendar year is 往年 and is never offered as 招生中."""
        return plan.year < self.today.year

    def province_of(self, school: School) -> Province:
        return self.reference.province_by_slug[school.province]

    def city_of(self, school: School) -> City:
        return self.reference.cities[school.city_code]

    def county_of(self, school: School) -> County | None:
        return self.reference.counties.get(school.county_code or "")

    @cached_property
    def majors_of_school(self) -> Mapping[str, tuple[Major, ...]]:
        """The canonical majors of each school's newest plan, most seats first, by school id."""
        return {school.school_id: self._majors_of(school) for school in self.schools}

    def _majors_of(self, school: School) -> tuple[Major, ...]:
        plan = self.newest_plan(school)
        seats: dict[str, int] = {}
        for programme in plan.programmes if plan else ():
            if major := self.reference.canonical_major(programme.major):
                seats[major.name] = seats.get(major.name, 0) + programme.seats
        order = sorted(seats, key=lambda name: (-seats[name], name))
        return tuple(self.reference.major_by_name[name] for name in order)
