"""The synthetic schools as every peer gets them: one record a school, read from the same tree."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from plugins.catalogue import Catalogue, Plan, load
from plugins.site.views.cost import SHOWN_GROUPS
from plugins.site.views.study_years import tuition_words


@dataclass(frozen=True, slots=True)
class SchoolSource:
    """`facts` become front matter in each peer's own form; `body` is the profile's Markdown.

    `facts` holds title, summary, province, city, level, ownership, address, founded, note and the
    lists majors (slugs), employers, honours, sources and programmes (one mapping a row of the
    plan), and of employment: rate, graduates, cohort_year, definition. `fees` has one mapping for
    programmes that cost the same, at most as many as our page shows: title, majors, tuition (a list
    of yuan by study year, 0 for what is unknown) and boarding (yuan a year). Each peer makes of it
    what our page makes: a table of what four kinds of family pay in each year.
    """

    school_id: str
    province: str
    facts: Mapping[str, Any]
    body: str


@dataclass(frozen=True, slots=True)
class Names:
    """What the listing pages are called: display names by slug or code."""

    provinces: Mapping[str, str]
    cities: Mapping[str, str]
    majors: Mapping[str, str]


def read_sources(tree: Path) -> tuple[list[SchoolSource], Names]:
    """All schools of a tree, and the names of provinces, cities and majors."""
    catalogue, _ = load(tree, dt.date(2025, 10, 1))
    reference = catalogue.reference
    names = Names(
        {province.slug: province.name for province in reference.provinces},
        {school.city_code: catalogue.city_of(school).name for school in catalogue.schools},
        {major.slug: major.name for major in reference.majors},
    )
    return [_source(catalogue, tree, number) for number in range(len(catalogue.schools))], names


def _source(catalogue: Catalogue, tree: Path, number: int) -> SchoolSource:
    school = catalogue.schools[number]
    profile = catalogue.profiles[school.school_id]
    plan = catalogue.newest_plan(school)
    majors = catalogue.majors_of_school[school.school_id]
    work = profile.facts.employment
    facts = {
        "title": school.name,
        "summary": profile.facts.summary,
        "provinces": [school.province],
        "cities": [school.city_code],
        "majors": [major.slug for major in majors],
        "level": school.level or "",
        "ownership": school.ownership or "",
        "address": school.address or "",
        "founded": school.founded or 0,
        "note": school.note or "",
        "seats": sum(row.seats for row in plan.programmes) if plan else 0,
        "rate": work.rate if work and isinstance(work.rate, float) else 0,
        "graduates": work.graduates if work and isinstance(work.graduates, int) else 0,
        "cohort_year": (work.cohort_year or 0) if work else 0,
        "definition": (work.definition or "") if work else "",
        "employers": list(work.employers) if work else [],
        "honours": [f"{honour.name}（{honour.year}）" for honour in profile.facts.honours],
        "sources": [source.title for source in profile.facts.sources],
        "document": plan.programmes[0].source_document if plan else "",
        "programmes": [
            {
                "major": row.major,
                "training_level": row.training_level,
                "entry": row.entry,
                "duration_years": row.duration_years,
                "seats": row.seats,
                "tuition": "、".join(tuition_words(row.tuition)),
                "boarding": row.boarding_fee if row.boarding_fee is not None else "",
                "partner": row.partner_employer or "",
            }
            for row in (plan.programmes if plan else ())
        ],
        "fees": _fees(plan),
    }
    text = (tree / profile.path).read_text(encoding="utf-8")
    return SchoolSource(school.school_id, school.province, facts, text.split("\n---\n", 1)[1])


def _fees(plan: Plan | None) -> list[dict[str, Any]]:
    groups: dict[tuple[str, tuple[int, ...], int], list[str]] = {}
    for row in plan.programmes if plan else ():
        title = f"{row.entry}，{row.training_level}，{row.duration_years:g} 年"
        tuition = tuple(fee or 0 for fee in row.tuition)
        groups.setdefault((title, tuition, row.boarding_fee or 0), []).append(row.major)
    return [
        {
            "title": title, "majors": "、".join(majors),
            "tuition": list(tuition), "boarding": boarding,
        }
        for (title, tuition, boarding), majors in list(groups.items())[:SHOWN_GROUPS]
    ]  # fmt: skip


FAMILIES: Final = (
    ("农村或县镇户籍，家里不困难", 2400, 0),
    ("城市户籍，家里不困难", 0, 0),
    ("家庭经济困难", 2400, 1000),
    ("脱贫家庭或监测对象，农村户籍", 2400, 0),
)
"""Label, and invented yuan a year that are waived and granted: a load for templates, no rule."""


def paid(family: tuple[str, int, int], fee: Mapping[str, Any]) -> list[int]:
    """What a family pays in each study year, as the templates of the other peers count it."""
    _, waived, granted = family
    return [max(0, tuition - waived) + fee["boarding"] - granted for tuition in fee["tuition"]]
