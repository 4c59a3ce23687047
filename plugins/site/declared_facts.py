"""What profiles declare of one kind, for the lists of the whole country.

A list that read whole profiles would be made again after every edit of any of them. It is given
the facts of its kind alone, and is made again only when one of those has changed.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from plugins.catalogue import Catalogue, Profile
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


def declared_facts(catalogue: Catalogue, kind: str) -> Mapping[str, DeclaredFacts]:
    """By school id, for the profiles that declare anything of `kind`, in the order of the ids."""
    found = {}
    for school_id, profile in sorted(catalogue.profiles.items()):
        values = {name: getattr(profile.facts, name) for name in DECLARED_KINDS[kind]}
        if any(values.values()):
            found[school_id] = DeclaredFacts(
                profile.facts.confirmed_on, profile.facts.compiled_by, _phone(profile), **values
            )
    return found


def _phone(profile: Profile) -> str | None:
    phone = profile.facts.contacts.phone if profile.facts.contacts else None
    return None if isinstance(phone, Reason) else phone
