"""Questions to put to the school, chosen by what its page does not answer."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Final

from msgspec import Struct

from plugins.catalogue import Profile, School
from plugins.catalogue.vocabulary import Reason
from plugins.site.views.school.apply import ApplyView
from plugins.site.views.school.plan import PlanView

MOST: Final = 6
"""A list that one can hold beside the telephone."""


class Question(Struct, frozen=True):
    """`because` says what this page lacks."""

    ask: str
    because: str


def questions_of(
    school: School, profile: Profile | None, plan: PlanView | None, apply: ApplyView
) -> tuple[Question, ...]:
    """At most MOST, the weightiest first; none for a school that does not enrol."""
    if school.status != "active":
        return ()
    return tuple(islice(_questions(school, profile, plan, apply), MOST))


def _questions(
    school: School, profile: Profile | None, plan: PlanView | None, apply: ApplyView
) -> Iterator[Question]:
    facts = profile.facts if profile else None
    entries = plan.entries if plan else ()
    rows = [row for entry in entries for group in entry.groups for row in group.rows]
    if not apply.possible:
        yield Question("今年还招生吗？招哪些专业、多少人，哪天截止？", "这里没有今年能用的计划")
    if not school.verified:
        yield Question("办学许可证是哪里发的，号码是多少？", "主管部门还没有确认这所学校")
    if not plan or not plan.has_tuition:
        yield Question(
            _tuition_question(school, [row.duration_years for row in rows]), "这里没有写学费"
        )
    boards = facts and any(campus.boarding is not None for campus in facts.campuses)
    if not (plan and plan.has_boarding_fee):
        yield Question(
            "住宿费一学年多少，几个人一间？" if boards else "能不能住校？住宿费一学年多少？",
            "这里没有写住宿费" if boards else "这里没有写能不能住校",
        )
    if not any(row.partner_degree for row in rows):
        yield Question(
            "毕业拿到哪几种证书？如果说有大专或本科，是跟哪所大学合作，什么形式？",
            "这里没有写学历合作；技能等级证书不是学历证书",
        )
    if facts is None or facts.employment is None or not isinstance(facts.employment.rate, float):
        yield Question("上一届毕业生多少人就业，去了哪些单位，谁统计的？", "这里没有就业数字")
    if facts is None or not facts.aid:
        yield Question(
            "我家的情况能免学费、领助学金吗？向谁申请，要带什么？", "学校没有写自己的资助"
        )
    if facts is None or not facts.internships or isinstance(facts.internships, Reason):
        yield Question("哪一年实习，去哪里，工资怎么算，出了事谁负责？", "这里没有写实习安排")


def _tuition_question(school: School, durations: list[float]) -> str:
    """Whose school it is decides how much is waived; so do years beyond the third."""
    ownership = "" if school.ownership else "学校是公办还是民办？"
    fourth = "第 4 学年起还免不免？" if any(years > 3 for years in durations) else ""
    half = "最后半年怎样收？" if any(years % 1 for years in durations) else ""
    return f"{ownership}每学年学费多少？{fourth}{half}课本、工装、实训、考证另外收多少？"
