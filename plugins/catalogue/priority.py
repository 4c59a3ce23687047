"""Areas to which enrolment has given priority: lists of counties, and what each list gives.

Two tables of `reference/`: `priority_schemes.csv` says what a list is, which document names it and
whether it still holds; `priority_areas.csv` names its counties. A scheme that means whole
provinces names them itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated, Final

from plugins.catalogue.fields import DivisionCode, Slug, names, one_of, text
from plugins.catalogue.problem import Problem, did_you_mean, shown
from plugins.catalogue.schema import Record, declare

PRIORITY_STATES: Final = ("现行", "以前的", "要问当地")
"""How a scheme stands today."""

_SCHEMES: Final = "reference/priority_schemes.csv"
_AREAS: Final = "reference/priority_areas.csv"


class PriorityScheme(Record):
    """One declared list of areas, and plainly what it gives to those who come from there."""

    scheme: Annotated[str, text(30)] = declare("名单编号", required=True)
    title: Annotated[str, text(20)] = declare("名单的名称", "学校资料里就写这个名称", required=True)
    what: Annotated[str, text(120)] = declare("是哪些地方", required=True)
    state: Annotated[str, one_of(PRIORITY_STATES)] = declare("现在怎样", required=True)
    gives: Annotated[str, text(200)] = declare("给什么", required=True)
    document: Annotated[str, text(200)] = declare("文件", required=True)
    doc_number: Annotated[str, text(80)] | None = declare("文号")
    doc_date: Annotated[str, text(60)] | None = declare("日期", "照来源的写法")
    uncertain: Annotated[str, text(300)] = declare("哪里拿不准", required=True)
    source: Annotated[str, text(300)] | None = declare("本站看到的来源")
    provinces: Annotated[tuple[str, ...], names(6)] = declare(
        "整个省都在内的", "省的行政区划代码，用“;”隔开", default=()
    )


class PriorityArea(Record):
    """One county of a scheme, as the collected list gives it."""

    scheme: Annotated[str, text(30)] = declare("名单编号", required=True)
    subgroup: Annotated[str, text(60)] = declare("名单里的哪一部分", required=True)
    province_code: DivisionCode = declare("省代码", required=True)
    province: Annotated[str, text(20)] = declare("省", required=True)
    city_code: DivisionCode | None = declare("市代码")
    prefecture: Annotated[str, text(30)] | None = declare("市、州、地区")
    county_code: DivisionCode = declare("县区代码", required=True)
    county: Annotated[str, text(30)] = declare("县区", required=True)
    also_in: Annotated[str, text(30)] | None = declare("也在哪份名单")
    existed_2021_01: Annotated[str, text(60)] | None = declare("2021 年 1 月时有没有这个县")
    basis: Annotated[str, text(200)] | None = declare("依据")
    source: Annotated[str, text(300)] | None = declare("来源")


def check_priority(
    schemes: Sequence[PriorityScheme],
    areas: Sequence[PriorityArea],
    places: Mapping[str, str],
    slugs: Mapping[str, Slug],
) -> Iterator[Problem]:
    """Schemes told once; counties that exist, under a scheme that is told.

    `places` gives the name of every county, and of every city without counties, by its code;
    `slugs` those of the provinces by division code.
    """
    known: set[str] = set()
    for line, scheme in enumerate(schemes, start=2):
        if scheme.scheme in known:
            yield Problem(
                _SCHEMES, line, "priority-duplicate-scheme", "error",
                f"名单“{shown(scheme.scheme)}”写了两行", "只留一行",
            )  # fmt: skip
        known.add(scheme.scheme)
        for code in scheme.provinces:
            if code not in slugs:
                yield Problem(
                    _SCHEMES, line, "priority-unknown-province", "error",
                    f"没有代码是“{shown(code)}”的省",
                    "写 provinces.csv 里的 division_code，例如 420000",
                )  # fmt: skip
    seen: set[tuple[str, str]] = set()
    for line, area in enumerate(areas, start=2):
        if area.scheme not in known:
            yield Problem(
                _AREAS, line, "priority-unknown-scheme", "error",
                f"没有叫“{shown(area.scheme)}”的名单",
                did_you_mean(area.scheme, known) or "先在 priority_schemes.csv 里加一行",
            )  # fmt: skip
        if places.get(area.county_code) != area.county:
            there = places.get(area.county_code)
            yield Problem(
                _AREAS, line, "priority-unknown-county", "error",
                f"{shown(area.county)}（{area.county_code}）和区划表对不上",
                f"区划表里 {area.county_code} 是{there}" if there else "对照 divisions.csv",
            )  # fmt: skip
        if (area.scheme, area.county_code) in seen:
            yield Problem(
                _AREAS, line, "priority-duplicate-county", "error",
                f"{shown(area.county)}在名单“{shown(area.scheme)}”里写了两行", "只留一行",
            )  # fmt: skip
        seen.add((area.scheme, area.county_code))


def area_key(
    wording: str, schemes: Sequence[PriorityScheme], names_of_places: Mapping[str, Sequence[str]]
) -> str | None:
    """What a school's `areas` entry means: a scheme's id, or a division code; None if unclear.

    `names_of_places` gives the codes that bear a full name; a name that several places bear, such
    as 鼓楼区, must be given as a code.
    """
    for scheme in schemes:
        if wording in (scheme.title, scheme.scheme):
            return scheme.scheme
    if re.fullmatch("[0-9]{6}", wording):
        return wording if any(wording in codes for codes in names_of_places.values()) else None
    codes = names_of_places.get(wording, ())
    return codes[0] if len(codes) == 1 else None


def check_areas(
    path: str,
    line: int,
    wording: str,
    schemes: Sequence[PriorityScheme],
    names_of_places: Mapping[str, Sequence[str]],
) -> Iterator[Problem]:
    """Whether one entry of a profile's `areas` names a scheme or one place."""
    if area_key(wording, schemes, names_of_places) is not None:
        return
    codes = names_of_places.get(wording, ())
    titles = [scheme.title for scheme in schemes]
    fix = (
        f"叫这个名字的有 {len(codes)} 处，写代码：{'、'.join(codes[:6])}"
        if codes
        else did_you_mean(wording, [*titles, *names_of_places])
        or f"写名单的名称（{'、'.join(titles)}），或者省、市、县的全称或六位代码"
    )
    yield Problem(
        path, line, "profile-unknown-priority-area", "error",
        f"“{shown(wording)}”不是一份名单，也不是一个地方", fix,
    )  # fmt: skip
