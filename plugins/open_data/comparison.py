"""`/data/compare/<school_id>.json`: what the comparison page needs of one school, ready to show.

The words are made here, from the catalogue alone, so that the page only sets them side by side.
Every record has the same rows in the same order.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from pydantic_core import to_json

from plugins import addresses
from plugins.catalogue import Catalogue, Plan, Profile, School
from plugins.catalogue.vocabulary import ENTRIES, TRAINING_LEVELS, Reason

NOT_PUBLISHED = Reason.NOT_PUBLISHED.value


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the comparison.

    `value` is None where nothing is known, and `missing` says so in words. `year` is the year
    that the value is of, where it has one: values of different years are not compared.
    """

    key: str
    title: str
    value: str | None
    note: str | None = None
    year: int | None = None
    missing: str = NOT_PUBLISHED


def comparison_files(catalogue: Catalogue) -> Iterator[tuple[str, bytes]]:
    """Path below the output and bytes, for every school of the register."""
    for school in catalogue.schools:
        yield comparison_file(catalogue, school)


def comparison_file(catalogue: Catalogue, school: School) -> tuple[str, bytes]:
    """Path below the output and bytes of one school's file."""
    record = comparison_record(catalogue, school)
    return addresses.comparison(school).lstrip("/"), to_json(record)


def comparison_record(catalogue: Catalogue, school: School) -> dict[str, Any]:
    """The school's name, rows and majors of its newest plan; majors with the most seats first."""
    plan = catalogue.newest_plan(school)
    offered = catalogue.programmes_of_major
    return {
        "school_id": school.school_id,
        "name": school.name,
        "url": addresses.school(school),
        "place": _place(catalogue, school),
        "plan_year": plan.year if plan else None,
        "rows": [_json(row) for row in _rows(catalogue, school, plan)],
        "majors": [
            {
                "name": major.name,
                "url": addresses.major(major) if major.slug in offered else None,
            }
            for major in catalogue.majors_of_school[school.school_id]
        ],
    }


def _json(row: Row) -> dict[str, Any]:
    return {
        "key": row.key,
        "title": row.title,
        "value": row.value,
        "note": row.note,
        "year": row.year,
        "missing": row.missing,
    }


def _rows(catalogue: Catalogue, school: School, plan: Plan | None) -> Iterator[Row]:
    profile = catalogue.profiles.get(school.school_id)
    yield Row("verified", "核验", "已核验" if school.verified else "待主管部门核验")
    yield Row("status", "在办吗", _status(school))
    yield Row("place", "在哪里", _place(catalogue, school))
    yield Row("level", "办学层次", school.level, missing="名册没有写")
    yield Row("ownership", "公办民办", school.ownership, missing="名册没有写")
    yield from _plan_rows(catalogue, plan)
    yield _boarding(profile)
    yield _employment(profile)
    yield _aid(profile)
    yield Row("phone", "招生电话", school.phone, missing="名册没有写")


def _status(school: School) -> str:
    words = {"active": "在办", "suspended": "停止招生", "closed": "已停办"}
    return words.get(school.status, "已并入别的学校")


def _place(catalogue: Catalogue, school: School) -> str:
    province = catalogue.province_of(school).name
    city = catalogue.city_of(school).name
    county = catalogue.county_of(school)
    parts = [province] if province != city else []
    return " ".join([*parts, city + (county.name if county else "")])


def _plan_rows(catalogue: Catalogue, plan: Plan | None) -> Iterator[Row]:
    if plan is None:
        for key, title in (
            ("seats", "计划招生"),
            ("years", "读几年"),
            ("tuition", "学费"),
            ("boarding-fee", "住宿费"),
        ):
            yield Row(key, title, None, missing="本站没有它的计划")
        return
    of_year = f"{plan.year} 年计划" + ("（往年）" if catalogue.is_past(plan) else "")
    tuition = [fee for row in plan.programmes for fee in row.tuition if fee is not None]
    boarding = [row.boarding_fee for row in plan.programmes if row.boarding_fee is not None]
    yield Row("seats", "计划招生", f"{plan.seats:,} 人", of_year, plan.year)
    yield Row("years", "读几年", _durations(plan), of_year, plan.year)
    yield Row("tuition", "学费", _yearly(tuition), of_year, plan.year)
    yield Row("boarding-fee", "住宿费", _yearly(boarding), of_year, plan.year)


def _durations(plan: Plan) -> str:
    """初中毕业生：中级工 3 年、高级工 5 年；…, in the order of the vocabularies."""
    found: dict[tuple[str, str], set[float]] = {}
    for row in plan.programmes:
        found.setdefault((row.entry, row.training_level), set()).add(row.duration_years)
    sentences = []
    for entry in ENTRIES:
        parts = [
            f"{level} {'、'.join(f'{years:g}' for years in sorted(found[entry, level]))} 年"
            for level in TRAINING_LEVELS
            if (entry, level) in found
        ]
        if parts:
            who = "其他人员" if entry == "其他" else f"{entry}毕业生"
            sentences.append(f"{who}：{'，'.join(parts)}")
    return "；".join(sentences)


def _yearly(fees: list[int]) -> str | None:
    if not fees:
        return None
    low, high = min(fees), max(fees)
    return f"每学年 {low:,} 元" if low == high else f"每学年 {low:,} 到 {high:,} 元，看专业"


def _boarding(profile: Profile | None) -> Row:
    told = [c for c in profile.facts.campuses if c.boarding is not None] if profile else []
    words = [f"{campus.name}{'可以' if campus.boarding else '不能'}住宿" for campus in told]
    return Row("boarding", "能住宿吗", "；".join(words) or None)


def _employment(profile: Profile | None) -> Row:
    found = profile.facts.employment if profile else None
    if profile is None or found is None or found.rate is None:
        return Row("employment", "就业率", None)
    if isinstance(found.rate, Reason):
        return Row("employment", "就业率", None, missing=found.rate.value)
    basis = [
        f"{found.cohort_year} 届" if found.cohort_year else "届别没有写",
        f"口径：{found.definition}" if found.definition else "",
        f"来源：{found.source}" if found.source else "",
        "平台整理" if profile.facts.compiled_by == "平台整理" else "由学校公布",
    ]
    note = "；".join(part for part in basis if part)
    return Row("employment", "就业率", f"{found.rate:g}%", note, found.cohort_year)


def _aid(profile: Profile | None) -> Row:
    found = profile.facts.aid if profile else ()
    words = [f"{aid.name}{f'：{aid.amount}' if aid.amount else ''}" for aid in found]
    return Row("aid", "学校自己的资助", "；".join(words) or None)
