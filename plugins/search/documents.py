"""What the search engine is told about each school: the adapter from the catalogue."""

from __future__ import annotations

import re

from plugins import addresses
from plugins.catalogue import Catalogue, Profile, School
from plugins.search.document import SearchDocument

_MARKUP = re.compile(r"\]\([^)]*\)|\[来源[0-9]+\]|[#*_`>|\[\]]")


def search_documents(catalogue: Catalogue) -> tuple[SearchDocument, ...]:
    """One document a school, by school_id, from the register, the newest plan and the profile."""
    return tuple(_document(catalogue, school) for school in catalogue.schools)


def _document(catalogue: Catalogue, school: School) -> SearchDocument:
    province = catalogue.province_of(school)
    city = catalogue.city_of(school)
    county = catalogue.county_of(school)
    profile = catalogue.profiles.get(school.school_id)
    plan = catalogue.newest_plan(school)
    majors: dict[str, None] = {}
    for row in plan.programmes if plan else ():
        canonical = catalogue.reference.canonical_major(row.major)
        for word in (canonical.name if canonical else None, row.major, row.direction):
            if word:
                majors.setdefault(word)
    employment = profile.facts.employment if profile else None
    places = [province.name, province.short_name, city.name, city.short_name]
    if county:
        places.append(county.name)
    fields = {
        "name": (school.name,),
        "aliases": (*school.former_names, *school.aliases),
        "place": tuple(dict.fromkeys(places)),
        "level": (school.level,) if school.level else (),
        "ownership": (school.ownership,) if school.ownership else (),
        "majors": tuple(majors),
        "employers": employment.employers if employment else (),
        "honours": tuple(honour.name for honour in profile.facts.honours) if profile else (),
        "text": _story(profile) if profile else (),
    }
    shown = dict.fromkeys([province.short_name, city.name, *([county.name] if county else [])])
    return SearchDocument(
        school_id=school.school_id,
        name=school.name,
        place=" ".join(shown),
        level=school.level or "",
        verified=school.verified,
        url=addresses.school(school),
        fields={name: values for name, values in fields.items() if values},
    )


def _story(profile: Profile) -> tuple[str, ...]:
    """The profile's text as a reader sees it: marks of Markdown are not words."""
    sections = (_MARKUP.sub(" ", section.markdown) for section in profile.sections)
    return (profile.facts.summary, *sections)
