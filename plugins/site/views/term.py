"""`/term/`: when schools open and who comes back on which day; what has passed says so."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from msgspec import Struct

from plugins import addresses
from plugins.catalogue import Catalogue, Province
from plugins.catalogue.declared_facts import DeclaredFacts
from plugins.catalogue.vocabulary import Reason
from plugins.site.page import HOME_LINK, Link, Page
from plugins.site.views.school.employment import WHY
from plugins.site.views.sheet import Sheet, sheets

TERM_LINK: Final = Link("开学安排", addresses.TERM)


class Return(Struct, frozen=True):
    """Who comes back on a day. A day before today `is_past`."""

    who: str
    on: dt.date
    is_past: bool


class TermRow(Struct, frozen=True):
    """One school's own word. `opens_on` is None where it gave none, or `why` not."""

    school_id: str
    province: str
    name: str
    url: str
    city: str
    opens_on: dt.date | None
    why: str
    is_past: bool
    staggered: tuple[Return, ...]
    confirmed_on: dt.date

    @property
    def newest(self) -> dt.date:
        return max((day.on for day in self.staggered), default=self.opens_on or dt.date.min)


class TermProvince(Struct, frozen=True):
    name: str
    url: str
    schools: int
    coming: int


class TermView(Struct, frozen=True):
    """`provinces` are those with at least one school that says when it opens."""

    provinces: tuple[TermProvince, ...]
    schools: int
    coming: int
    all_schools: int
    data: str


class TermProvinceView(Struct, frozen=True):
    province: Link
    sheet: Sheet[TermRow]


def term_rows(
    catalogue: Catalogue, declared: Mapping[str, DeclaredFacts]
) -> dict[str, list[TermRow]]:
    """Schools with something declared by province, days still to come first, newest first."""
    rows: dict[str, list[TermRow]] = {}
    for school in catalogue.schools:
        facts = declared.get(school.school_id)
        term = facts.term if facts else None
        if facts is None or term is None or not (term.opens_on or term.staggered):
            continue
        opens = term.opens_on
        row = TermRow(
            school_id=school.school_id,
            province=school.province,
            name=school.name,
            url=addresses.school(school),
            city=catalogue.city_of(school).name,
            opens_on=None if isinstance(opens, Reason) else opens,
            why=f"{opens.value}（{WHY[opens]}）" if isinstance(opens, Reason) else "",
            is_past=isinstance(opens, dt.date) and opens < catalogue.today,
            staggered=tuple(
                Return(day.who, day.on, day.on < catalogue.today)
                for day in sorted(term.staggered, key=lambda day: day.on)
            ),
            confirmed_on=facts.confirmed_on,
        )
        rows.setdefault(school.province, []).append(row)
    for of_unit in rows.values():
        of_unit.sort(key=lambda row: (_is_over(row), -row.newest.toordinal(), row.name))
    return rows


def term_json(catalogue: Catalogue, declared: Mapping[str, DeclaredFacts]) -> bytes:
    """`/term/index.json`: the same rows; days as ISO text."""
    rows = term_rows(catalogue, declared)
    record = {
        "as_of": catalogue.today.isoformat(),
        "schools": [
            {
                "school_id": row.school_id,
                "name": row.name,
                "province": row.province,
                "opens_on": row.opens_on.isoformat() if row.opens_on else None,
                "why": row.why or None,
                "is_past": row.is_past,
                "staggered": [
                    {"who": day.who, "on": day.on.isoformat(), "is_past": day.is_past}
                    for day in row.staggered
                ],
                "confirmed_on": row.confirmed_on.isoformat(),
            }
            for unit in catalogue.reference.provinces
            for row in rows.get(unit.slug, ())
        ],
    }
    return (json.dumps(record, ensure_ascii=False, indent=1) + "\n").encode()


def pages(catalogue: Catalogue, declared: Mapping[str, DeclaredFacts]) -> Iterator[Page]:
    """`declared` are the facts of the kind `term`."""
    rows = term_rows(catalogue, declared)
    units = [unit for unit in catalogue.reference.provinces if unit.slug in rows]
    provinces = tuple(
        TermProvince(
            unit.short_name,
            addresses.term_in(unit),
            len(rows[unit.slug]),
            sum(not _is_over(row) for row in rows[unit.slug]),
        )
        for unit in units
    )
    yield Page(
        url=addresses.TERM,
        template="term.html",
        title="开学安排：哪天开学，哪天返校",
        description="各省技工院校自己写明的开学日期和错峰返校安排；已经过去的标着“已过”。",
        view=TermView(
            provinces,
            sum(unit.schools for unit in provinces),
            sum(unit.coming for unit in provinces),
            len(catalogue.schools),
            f"{addresses.TERM}index.json",
        ),
        trail=(HOME_LINK,),
    )
    for unit in units:
        yield from _province_pages(unit, rows[unit.slug])


def _province_pages(unit: Province, rows: Sequence[TermRow]) -> Iterator[Page]:
    for sheet in sheets(rows, addresses.term_in(unit)):
        yield Page(
            url=sheet.url,
            template="term-province.html",
            title=f"{unit.name}技工院校开学安排{sheet.suffix}",
            description=f"{unit.name} {sheet.total} 所技工院校的开学日期和错峰返校安排。",
            view=TermProvinceView(Link(unit.name, addresses.province(unit)), sheet),
            trail=(HOME_LINK, TERM_LINK),
            changed_on=max(row.confirmed_on for row in sheet.items),
        )


def _is_over(row: TermRow) -> bool:
    """Every day that the school named has passed; one that named none is not over."""
    days = [day.is_past for day in row.staggered]
    days += [row.is_past] if row.opens_on else []
    return bool(days) and all(days)
