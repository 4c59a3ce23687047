"""What profiles declare of one kind, for the lists of the whole country.

A list that read whole profiles would be made again after every edit of any of them. It is given
the facts of its kind alone, and is made again only when one of those has changed.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, NamedTuple

from plugins.catalogue.read_profile import Profile
from plugins.catalogue.schema import Employment, OnlineCourse, PriorityEnrolment, Term
from plugins.catalogue.vocabulary import Reason

DECLARED_KINDS: Final = {
    "priority": ("priority_enrolment", "partner_schools"),
    "term": ("term",),
    "courses": ("online_courses",),
    "employment": ("employment",),
}
"""The fields of a profile that make up a kind."""


@dataclass(frozen=True, slots=True)
class DeclaredFacts:
    """The facts of one kind; those of other kinds are empty here, whatever the profile says.

    `phone` is the number that the profile gives, None where it gives a reason for none.
    """

    confirmed_on: dt.date
    compiled_by: str
    phone: str | None
    priority_enrolment: tuple[PriorityEnrolment, ...] = ()
    partner_schools: tuple[str, ...] = ()
    term: Term | None = None
    online_courses: tuple[OnlineCourse, ...] = ()
    employment: Employment | None = None


class Declared(NamedTuple):
    """How much one profile declares, as plain values that are kept between builds.

    `digests` are of its `DeclaredFacts` by kind, for the kinds that it declares anything of.
    `offers` are the areas of each entry of `priority_enrolment`, as the school wrote them.
    """

    digests: Mapping[str, str]
    offers: tuple[tuple[str, ...], ...]
    has_term: bool
    courses: int
    has_employment: bool
    majors: int


class Outline(NamedTuple):
    """What lists of schools show of a profile, which is little of it and seldom changes."""

    path: str
    summary: str
    confirmed_on: dt.date
    has_photos: bool


def outline_of(profile: Profile) -> Outline:
    facts = profile.facts
    return Outline(profile.path, facts.summary, facts.confirmed_on, bool(facts.photos))


def facts_of(profile: Profile, kind: str) -> DeclaredFacts | None:
    """None where the profile declares nothing of `kind`."""
    values = {name: getattr(profile.facts, name) for name in DECLARED_KINDS[kind]}
    if not any(values.values()):
        return None
    phone = profile.facts.contacts.phone if profile.facts.contacts else None
    return DeclaredFacts(
        profile.facts.confirmed_on,
        profile.facts.compiled_by,
        None if isinstance(phone, Reason) else phone,
        **values,
    )


def declared_of(profile: Profile) -> Declared:
    found = {kind: facts for kind in DECLARED_KINDS if (facts := facts_of(profile, kind))}
    term, employment = profile.facts.term, profile.facts.employment
    return Declared(
        {
            kind: hashlib.blake2b(repr(facts).encode(), digest_size=16).hexdigest()
            for kind, facts in found.items()
        },
        tuple(entry.areas for entry in profile.facts.priority_enrolment),
        bool(term and (term.opens_on or term.staggered)),
        len(profile.facts.online_courses),
        employment is not None,
        len(employment.by_major) if employment else 0,
    )
