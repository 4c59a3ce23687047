"""The five tables that are given away: schools, programmes, profiles, provinces, majors."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from operator import itemgetter
from typing import Any, Final, NamedTuple

from pydantic import BaseModel

from plugins.catalogue import Catalogue, Profile, School
from plugins.catalogue.schema import FrontMatter
from plugins.catalogue.vocabulary import Reason
from plugins.open_data.columns import (
    GROUPS,
    SECTION_COLUMNS,
    major_columns,
    profile_columns,
    programme_columns,
    province_columns,
    school_columns,
    takes_reason,
)
from plugins.open_data.table import Column, Table, Value

_PROVINCE: Final = "各省主管部门；现有的行由平台从官方文件和公开资料转录，每行写明出处"
_SCHOOL: Final = "学校；compiled_by 是“平台整理”的由平台根据公开资料写成，学校没有确认"
_SITE: Final = "平台，依据见资料来源说明"


def tables_without_schools(catalogue: Catalogue) -> tuple[Table, ...]:
    """The five tables as they are described: what the rows of schools say has no part in it."""
    of_schools = tuple(make(catalogue, ()) for make in PROVINCE_TABLES.values())
    return (*of_schools, _provinces(catalogue), _majors(catalogue))


def row_counts(catalogue: Catalogue, tables: Sequence[Table]) -> dict[str, int]:
    """How many rows each of the national tables has; `tables` are those without schools, whose own
    rows need not be made to be counted."""
    plans = (catalogue.plans.get(school.school_id, ()) for school in catalogue.schools)
    return {table.name: len(table.rows) for table in tables} | {
        "schools": len(catalogue.schools),
        "programmes": sum(len(plan.programmes) for several in plans for plan in several),
        "profiles": len(catalogue.profiles),
    }


def national_table(catalogue: Catalogue, name: str) -> Table:
    """One of `TABLES` for the whole country."""
    if name in PROVINCE_TABLES:
        return PROVINCE_TABLES[name](catalogue, catalogue.schools)
    return _provinces(catalogue) if name == "provinces" else _majors(catalogue)


def province_tables(catalogue: Catalogue, province: str) -> tuple[Table, ...]:
    """Schools, programmes and profiles of one province, given by its slug."""
    schools = catalogue.schools_of_province[province]
    return tuple(make(catalogue, schools) for make in PROVINCE_TABLES.values())


def _schools(catalogue: Catalogue, schools: Sequence[School]) -> Table:
    columns = school_columns()
    return Table(
        "schools", "学校", "名册：有哪些学校，一行一所。", _PROVINCE, "school_id", columns,
        _rows(columns, [_school(catalogue, school) for school in schools]),
    )  # fmt: skip


def _programmes(catalogue: Catalogue, schools: Sequence[School]) -> Table:
    columns = programme_columns()
    return Table(
        "programmes", "招生计划",
        "一行是一所学校一年里的一个专业、一种培养层次、一种招生对象。各年的计划都在，"
        "早于今年的是往年计划。",
        _PROVINCE, "", columns,
        _rows(columns, [one for school in schools for one in _plans(catalogue, school)]),
    )  # fmt: skip


def _profiles(catalogue: Catalogue, schools: Sequence[School]) -> Table:
    columns = profile_columns()
    return Table(
        "profiles", "学校资料", "学校自己的介绍：申报的数据和正文。", _SCHOOL, "school_id",
        columns,
        _rows(
            columns,
            [
                _profile(school, profile)
                for school in schools
                if (profile := catalogue.profiles.get(school.school_id))
            ],
        ),
    )  # fmt: skip


PROVINCE_TABLES: Final[Mapping[str, Callable[[Catalogue, Sequence[School]], Table]]] = {
    "schools": _schools,
    "programmes": _programmes,
    "profiles": _profiles,
}
"""The tables that a province has of its own."""

TABLES: Final = (*PROVINCE_TABLES, "provinces", "majors")
"""Those that are referred to by others stand last."""


def _rows(
    columns: Sequence[Column], records: Sequence[dict[str, Value]]
) -> tuple[tuple[Value, ...], ...]:
    return tuple(map(itemgetter(*(column.name for column in columns)), records))


def _school(catalogue: Catalogue, school: School) -> dict[str, Value]:
    plan = catalogue.newest_plan(school)
    county = catalogue.county_of(school)
    return school.__dict__ | {
        "province_name": catalogue.province_of(school).name,
        "city": catalogue.city_of(school).name,
        "county": county.name if county else None,
        "profile": school.school_id in catalogue.profiles,
        "plan_year": plan.year if plan else None,
        "seats_total": plan.seats if plan else None,
    }


def _plans(catalogue: Catalogue, school: School) -> list[dict[str, Value]]:
    """Newest year first; within a year in the order of the official document."""
    canonical = catalogue.reference.canonical_major
    return [
        row.__dict__
        | {
            "school_name": school.name,
            "major_slug": major.slug if (major := canonical(row.major)) else None,
        }
        for plan in catalogue.plans.get(school.school_id, ())
        for row in plan.programmes
    ]


def _profile(school: School, profile: Profile) -> dict[str, Value]:
    record: dict[str, Value] = {
        "school_id": school.school_id,
        "province": school.province,
        "school_name": school.name,
    }
    facts = profile.facts
    for cell in _CELLS:
        group = getattr(facts, cell.group) if cell.group else facts
        value = getattr(group, cell.field, None)
        reason = value.value if isinstance(value, Reason) else None
        record[cell.name] = None if reason else _plain(value)
        if cell.takes_reason:
            record[f"{cell.name}_reason"] = reason
    written = {section.heading: section.markdown for section in profile.sections}
    return record | {
        f"section_{name}": written.get(heading) for heading, name in SECTION_COLUMNS.items()
    }


class _Cell(NamedTuple):
    """A column of the profiles' table: a `field` of the front matter or of a `group` in it. Where
    a reason may stand for the value, that has another column."""

    name: str
    group: str
    field: str
    takes_reason: bool


def _cells() -> Iterator[_Cell]:
    for name, declared in FrontMatter.model_fields.items():
        if model := GROUPS.get(name):
            for inner, field in model.model_fields.items():
                yield _Cell(f"{name}_{inner}", name, inner, takes_reason(field.annotation))
        else:
            yield _Cell(name, "", name, takes_reason(declared.annotation))


_CELLS: Final = tuple(_cells())


def _plain(value: Any) -> Any:
    """Groups as records of what is known, lists as lists; an empty one is nothing."""
    if isinstance(value, BaseModel):
        return value.model_dump(mode="json", exclude_none=True)
    if isinstance(value, tuple):
        return [_plain(one) for one in value] or None
    return value


def _provinces(catalogue: Catalogue) -> Table:
    records: list[dict[str, Value]] = []
    for unit in catalogue.reference.provinces:
        schools = catalogue.schools_of_province[unit.slug]
        years = [plan.year for s in schools if (plan := catalogue.newest_plan(s))]
        records.append(
            unit.__dict__
            | {
                "schools": len(schools),
                "schools_verified": sum(school.verified for school in schools),
                "profiles": sum(school.school_id in catalogue.profiles for school in schools),
                "newest_plan_year": max(years, default=None),
            }
        )
    columns = province_columns()
    return Table(
        "provinces", "报送单位", "31 个省、自治区、直辖市，加新疆生产建设兵团；地图格位也在这里。",
        _SITE, "slug", columns, _rows(columns, records),
    )  # fmt: skip


def _majors(catalogue: Catalogue) -> Table:
    reference = catalogue.reference
    records: list[dict[str, Value]] = []
    for major in reference.majors:
        offers = () if major.variant_of else catalogue.programmes_of_major.get(major.slug, ())
        records.append(
            major.__dict__
            | {
                "category": reference.category_by_code[major.category_code].name,
                "schools": len({row.school_id for row in offers}),
                "seats": sum(row.seats for row in offers),
            }
        )
    columns = major_columns()
    return Table(
        "majors", "专业", "招生计划里出现过的专业名和它们的大类。这不是全国专业目录。",
        _SITE, "slug", columns, _rows(columns, records),
    )  # fmt: skip
