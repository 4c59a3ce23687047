"""How to apply: offered only while the plan is of this year or the next and has not ended.

Whoever comes too early or too late reads so in plain words, with whom to ask instead.
"""

from __future__ import annotations

import datetime as dt

from msgspec import Struct

from plugins.catalogue import Catalogue, Plan, Profile, School
from plugins.catalogue.schema import PriorityEnrolment
from plugins.catalogue.vocabulary import Reason
from plugins.site.formats import day
from plugins.site.views.plan_notice import open_windows, stamp_of
from plugins.site.views.school.employment import WHY
from plugins.site.views.school.register import Fact, phones_of
from plugins.site.views.school.story import Render, written_apply


class ApplyView(Struct, frozen=True):
    """`answer` says whether one can apply; `possible` is false where that is over or unknown.

    `windows` are the periods of application, first day and last, that have not ended. `facts`
    are whom to ask, and only where it is possible also the address to apply at. `html` is the
    school's own text, confirmed on `written_on`. A school that does not enrol has the answer only.
    """

    answer: str
    possible: bool
    windows: tuple[tuple[dt.date, dt.date], ...] = ()
    facts: tuple[Fact, ...] = ()
    html: str = ""
    written_on: dt.date | None = None
    priorities: tuple[PriorityEnrolment, ...] = ()
    term: tuple[str, ...] = ()


CLOSED = {
    "suspended": "这所学校停止招生，现在不能报名。",
    "closed": "这所学校已经停办，不能报名。",
    "merged": "这所学校已并入别的学校，不能再用这个校名报名。",
}


def apply_of(
    catalogue: Catalogue, school: School, profile: Profile | None, render: Render
) -> ApplyView:
    status = school.status.partition(":")[0]
    if status != "active":
        return ApplyView(CLOSED[status], possible=False)
    plan = catalogue.newest_plan(school)
    possible = plan is not None and stamp_of(plan, catalogue.today) not in ("往年", "已截止")
    return ApplyView(
        answer=_answer(plan, catalogue.today),
        possible=possible,
        windows=open_windows(plan.programmes, catalogue.today) if plan and possible else (),
        facts=(*phones_of(school, profile), *_contacts(profile, possible)),
        html=written_apply(profile, render),
        written_on=profile.facts.confirmed_on if profile else None,
        priorities=profile.facts.priority_enrolment if profile else (),
        term=_term(profile, catalogue.today),
    )


def _answer(plan: Plan | None, today: dt.date) -> str:
    """One or two sentences for the stamp of the plan."""
    if plan is None:
        return "本站没有这所学校的招生计划，不知道今年招不招生。"
    stamp = stamp_of(plan, today)
    if stamp == "招生中":
        return "现在可以报名。"
    if stamp == "未开始":
        return "报名还没有开始。"
    if stamp == "已截止":
        last = max(row.open_to for row in plan.programmes if row.open_to)
        return f"{plan.year} 年的报名已在 {day(last)}截止。"
    if stamp == "往年":
        return f"{plan.year} 年的报名已经过去。{today.year} 年招不招、怎样报，本站还没有收到文件。"
    return f"{plan.year} 年的招生计划已经公布，文件没有写报名日期。"


def _contacts(profile: Profile | None, possible: bool) -> list[Fact]:
    contacts = profile.facts.contacts if profile else None
    if contacts is None:
        return []
    found = []
    if contacts.wechat:
        found.append(Fact("微信公众号", contacts.wechat))
    if isinstance(contacts.apply_url, Reason):
        found.append(Fact("报名网址", f"{contacts.apply_url.value}（{WHY[contacts.apply_url]}）"))
    elif contacts.apply_url and possible:
        found.append(Fact("报名网址", contacts.apply_url, contacts.apply_url))
    return found


def _term(profile: Profile | None, today: dt.date) -> tuple[str, ...]:
    """When school begins, and for whom; a day that lies behind says so."""
    term = profile.facts.term if profile else None
    if term is None:
        return ()

    def dated(date: dt.date) -> str:
        return f"{day(date)}{'（已经过去）' if date < today else ''}"

    opening = term.opens_on
    first = (
        []
        if opening is None
        else [f"开学：{opening.value}（{WHY[opening]}）"]
        if isinstance(opening, Reason)
        else [f"开学：{dated(opening)}"]
    )
    return (*first, *(f"{group.who}返校：{dated(group.on)}" for group in term.staggered))
