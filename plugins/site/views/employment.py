"""`/employment/`: what schools report of their graduates, never averaged.

Two schools that count differently give two numbers. Each stands with its cohort, its way of
counting and its source; nothing here sums or compares them.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from msgspec import Struct

from plugins import addresses
from plugins.catalogue import Catalogue, Province, School
from plugins.catalogue.declared_facts import DeclaredFacts
from plugins.catalogue.vocabulary import Compiler, Reason
from plugins.site.formats import number
from plugins.site.page import HOME_LINK, Link, Page
from plugins.site.views.school.employment import WHY
from plugins.site.views.sheet import Sheet, sheets

EMPLOYMENT_LINK: Final = Link("毕业生就业", addresses.EMPLOYMENT)


class OutcomeRow(Struct, frozen=True):
    """What one school reports, of all its graduates or of one `major`. `rate` and `graduates`
    are words; `definition` and `source` say 没有写 where the school gave none."""

    school: Link
    place: str
    major: str | None
    major_url: str | None
    rate: str
    graduates: str
    cohort_year: int | None
    definition: str
    source: str
    whose: str
    employers: tuple[str, ...]
    directions: tuple[str, ...]
    confirmed_on: dt.date


class EmploymentProvince(Struct, frozen=True):
    name: str
    url: str
    schools: int


class EmploymentView(Struct, frozen=True):
    provinces: tuple[EmploymentProvince, ...]
    schools: int
    of_majors: int
    majors_url: str


class OutcomesView(Struct, frozen=True):
    """One sheet of rows, of a province's schools or of single majors."""

    heading: str
    by_major: bool
    above: Link
    sheet: Sheet[OutcomeRow]


def outcome_rows(
    catalogue: Catalogue, declared: Mapping[str, DeclaredFacts]
) -> dict[str, list[OutcomeRow]]:
    """Schools with employment declared, by province, by name."""
    rows: dict[str, list[OutcomeRow]] = {}
    for school in sorted(catalogue.schools, key=lambda school: (school.name, school.school_id)):
        facts = declared.get(school.school_id)
        if facts and (whole := facts.employment):
            row = _row(catalogue, school, facts, None, whole.rate, whole.graduates)
            rows.setdefault(school.province, []).append(row)
    return rows


def major_rows(catalogue: Catalogue, declared: Mapping[str, DeclaredFacts]) -> list[OutcomeRow]:
    """What is declared of single majors, by major, then by province and school."""
    found: list[tuple[tuple[str, str, str], OutcomeRow]] = []
    for school in catalogue.schools:
        facts = declared.get(school.school_id)
        if facts is None or facts.employment is None:
            continue
        for part in facts.employment.by_major:
            row = _row(catalogue, school, facts, part.major, part.rate, part.graduates)
            key = (row.major or "", catalogue.province_of(school).code, school.name)
            found.append((key, row))
    return [row for _, row in sorted(found, key=lambda pair: pair[0])]


def pages(catalogue: Catalogue, declared: Mapping[str, DeclaredFacts]) -> Iterator[Page]:
    """`declared` are the facts of the kind `employment`."""
    rows = outcome_rows(catalogue, declared)
    of_majors = major_rows(catalogue, declared)
    units = [unit for unit in catalogue.reference.provinces if unit.slug in rows]
    yield Page(
        url=addresses.EMPLOYMENT,
        template="employment.html",
        title="毕业生就业：读完去哪里，怎样找工作",
        description="各校自己公布的就业率、用人单位和去向，写明哪一届、怎样算、来源；"
        "毕业生怎样找到帮助；实习要守的规矩。",
        view=EmploymentView(
            tuple(
                EmploymentProvince(
                    unit.short_name, addresses.employment_in(unit), len(rows[unit.slug])
                )
                for unit in units
            ),
            sum(map(len, rows.values())),
            len(of_majors),
            addresses.employment_of_majors(),
        ),
        trail=(HOME_LINK,),
    )
    for unit in units:
        yield from _province_pages(unit, rows[unit.slug])
    for sheet in sheets(of_majors, addresses.employment_of_majors()):
        heading = "各专业的就业情况"
        yield _outcomes_page(sheet, heading, Link("全部专业", addresses.MAJORS), by_major=True)


def _province_pages(unit: Province, rows: Sequence[OutcomeRow]) -> Iterator[Page]:
    above = Link(f"{unit.name}的学校", addresses.province(unit))
    for sheet in sheets(rows, addresses.employment_in(unit)):
        yield _outcomes_page(sheet, f"{unit.name}技工院校毕业生就业", above, by_major=False)


def _outcomes_page(sheet: Sheet[OutcomeRow], heading: str, above: Link, *, by_major: bool) -> Page:
    return Page(
        url=sheet.url,
        template="employment-outcomes.html",
        title=heading + sheet.suffix,
        description=f"{heading}：学校自己公布的数字，写明哪一届、怎样算、来源，不作平均。",
        view=OutcomesView(heading, by_major, above, sheet),
        trail=(HOME_LINK, EMPLOYMENT_LINK),
        changed_on=max((row.confirmed_on for row in sheet.items), default=None),
    )


def _row(
    catalogue: Catalogue,
    school: School,
    facts: DeclaredFacts,
    major: str | None,
    rate: float | Reason | None,
    graduates: int | Reason | None,
) -> OutcomeRow:
    declared = facts.employment
    found = catalogue.reference.canonical_major(major) if major else None
    place = (catalogue.province_of(school).short_name, catalogue.city_of(school).short_name)
    return OutcomeRow(
        school=Link(school.name, addresses.school(school)),
        place=" ".join(dict.fromkeys(place)),
        major=found.name if found else major,
        major_url=addresses.major(found)
        if found and found.slug in catalogue.programmes_of_major
        else None,
        rate=_words(rate, "%"),
        graduates=_words(graduates, " 人"),
        cohort_year=declared.cohort_year if declared else None,
        definition=(declared.definition if declared else None) or "没有写",
        source=(declared.source if declared else None) or "没有写",
        whose="平台整理，学校没有确认" if facts.compiled_by == Compiler.PLATFORM else "由学校公布",
        employers=declared.employers if declared and not major else (),
        directions=declared.directions if declared and not major else (),
        confirmed_on=facts.confirmed_on,
    )


def _words(value: float | Reason | None, unit: str) -> str:
    """A number with its unit, why there is none, or 没有写."""
    if value is None:
        return "没有写"
    if isinstance(value, Reason):
        return f"{value.value}（{WHY[value]}）"
    return (number(value) if isinstance(value, int) else f"{value:g}") + unit
