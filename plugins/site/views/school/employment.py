"""Where graduates went: every figure with its owner, cohort, definition and source.

The charts are lengths for a picture that is drawn when the site is built; the same numbers stand
in a table beside it.
"""

from __future__ import annotations

import math
from typing import Final

from msgspec import Struct

from plugins.catalogue import Profile
from plugins.catalogue.schema import Employment
from plugins.catalogue.vocabulary import Compiler, Reason
from plugins.site.formats import number

WHY: Final = {
    Reason.NOT_PUBLISHED: "学校没有公布",
    Reason.NOT_APPLICABLE: "对这所学校不适用",
    Reason.SAMPLE_TOO_SMALL: "毕业生太少，算出来的数字不可靠",
}
"""What a reason means, in words for an applicant."""

SALARY_STEP: Final = 2000
"""Yuan: the scale of a salary chart ends at a multiple of this."""


class Figure(Struct, frozen=True):
    """One number of a profile with its unit, or the reason why there is none (`why`)."""

    label: str
    value: str
    why: str = ""


class RateChart(Struct, frozen=True):
    """`length` of the bar, of 100."""

    length: float
    words: str


class SalaryChart(Struct, frozen=True):
    """The middle half of the salaries on a scale from 0 to `top` yuan; places are of 100."""

    begins: float
    middle: float
    ends: float
    top: int
    words: str


class FigureGroup(Struct, frozen=True):
    """Figures that one basis explains. `chart` only where the numbers for it are known."""

    title: str
    figures: tuple[Figure, ...]
    rate: RateChart | None = None
    salary: SalaryChart | None = None


class EmploymentView(Struct, frozen=True):
    """`basis` says of every figure whose it is, of which graduates, how counted, from where."""

    groups: tuple[FigureGroup, ...]
    basis: tuple[str, ...]
    employers: tuple[str, ...]
    directions: tuple[str, ...]
    internships: str


def employment_of(profile: Profile | None) -> EmploymentView | None:
    """What a profile declares of employment; None where it declares nothing."""
    if profile is None or not (profile.facts.employment or profile.facts.internships):
        return None
    declared = profile.facts.employment
    internships = profile.facts.internships
    if isinstance(internships, Reason):
        internships = f"{internships.value}（{WHY[internships]}）"
    groups = (_outcome(declared), _salary(declared), _by_major(declared)) if declared else ()
    return EmploymentView(
        groups=tuple(group for group in groups if group.figures),
        basis=_basis(declared, profile.facts.compiled_by) if declared else (),
        employers=declared.employers if declared else (),
        directions=declared.directions if declared else (),
        internships=internships or "",
    )


def _basis(declared: Employment, compiled_by: str) -> tuple[str, ...]:
    cohort = f"{declared.cohort_year} 届毕业生" if declared.cohort_year else "哪一届没有写"
    return (
        cohort,
        f"口径：{declared.definition or '没有写'}",
        f"来源：{declared.source or '没有写'}",
        "平台整理，学校没有确认" if compiled_by == Compiler.PLATFORM else "由学校公布",
    )


def _outcome(declared: Employment) -> FigureGroup:
    rate = declared.rate
    return FigureGroup(
        "就业率和人数",
        tuple(_figures(("就业率", rate, "%"), ("毕业生人数", declared.graduates, " 人"))),
        rate=None
        if rate is None or isinstance(rate, Reason)
        else RateChart(rate, f"就业率 {rate:g}%，满格是 100%"),
    )


def _by_major(declared: Employment) -> FigureGroup:
    rows = [(f"{row.major}就业率", row.rate, "%") for row in declared.by_major]
    return FigureGroup("各专业的就业率", tuple(_figures(*rows)))


def _salary(declared: Employment) -> FigureGroup:
    quarters = (declared.salary_p25, declared.salary_p50, declared.salary_p75)
    labels = ("四分之一的人不到", "一半的人不到", "四分之三的人不到")
    rows = [(label, value, " 元") for label, value in zip(labels, quarters, strict=True)]
    known = [value for value in quarters if isinstance(value, int)]
    return FigureGroup(
        "毕业后的月薪",
        tuple(_figures(*rows)),
        salary=_salary_chart(*known) if len(known) == len(quarters) else None,
    )


def _salary_chart(low: int, middle: int, high: int) -> SalaryChart | None:
    """None for quarters that are not in order: a picture of them would mislead."""
    if not low <= middle <= high:
        return None
    top = SALARY_STEP * math.ceil(high / SALARY_STEP)
    low_end, centre, high_end = (round(100 * value / top, 1) for value in (low, middle, high))
    words = (
        f"月薪：中间一半的人在 {number(low)} 元到 {number(high)} 元之间，"
        f"正中间是 {number(middle)} 元"
    )
    return SalaryChart(low_end, centre, high_end, top, words)


def _figures(*rows: tuple[str, float | Reason | None, str]) -> list[Figure]:
    found = []
    for label, value, unit in rows:
        if isinstance(value, Reason):
            found.append(Figure(label, value.value, WHY[value]))
        elif value is not None:
            shown = number(value) if isinstance(value, int) else f"{value:g}"
            found.append(Figure(label, shown + unit))
    return found
