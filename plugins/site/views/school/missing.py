"""What a school's page lacks: why, and who can add it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from msgspec import Struct

from plugins.catalogue import Catalogue, Profile, School
from plugins.catalogue.schema import FrontMatter
from plugins.catalogue.vocabulary import Compiler, Reason
from plugins.site.views.school.employment import WHY
from plugins.site.views.school.plan import PlanView
from plugins.site.views.school.register import own_phone
from plugins.site.views.school.story import missing_headings


class Gap(Struct, frozen=True):
    """Things that are missing for one reason; `why` completes “没有，因为……”."""

    why: str
    what: tuple[str, ...]


class MissingView(Struct, frozen=True):
    """`school` are the gaps that the school can fill, in the file `profile_path` of the content.

    `authority` are those that only the authority of the province can fill.
    """

    school: tuple[Gap, ...]
    authority: tuple[Gap, ...]
    profile_path: str


class Lack(Struct, frozen=True):
    """A thing that is missing, and the column, the field or the heading that would say it."""

    what: str
    where: str


def missing_of(
    catalogue: Catalogue, school: School, profile: Profile | None, plan: PlanView | None
) -> MissingView | None:
    """None where nothing is missing, and for a school that is no longer there."""
    if school.status.partition(":")[0] in ("closed", "merged"):
        return None
    from_school = _grouped(_of_profile(profile))
    from_authority = _grouped(
        [
            *((lack.what, "名册里没有写") for lack in register_lacks(school, profile)),
            *_of_plan(catalogue, plan),
        ]
    )
    if not from_school and not from_authority:
        return None
    path = f"content/schools/{school.province}/{school.school_id}/profile.md"
    return MissingView(from_school, from_authority, path)


def profile_lacks(profile: Profile) -> tuple[Lack, ...]:
    """What the school can still add to its profile; a declared reason counts as an answer."""
    absent = missing_headings(profile)
    return (
        *(Lack(heading, f"## {heading}") for heading in absent),
        *(Lack(what, field) for what, field, value in _details(profile.facts, absent) if not value),
    )


def register_lacks(school: School, profile: Profile | None) -> tuple[Lack, ...]:
    """What the register does not say of the school."""
    values = (
        ("办学层次", "level", school.level),
        ("办学性质", "ownership", school.ownership),
        ("地址", "address", school.address),
        ("招生电话", "phone", school.phone or own_phone(profile)),
        ("官方网站", "website", school.website),
    )
    return tuple(Lack(what, column) for what, column, value in values if not value)


def _grouped(gaps: Iterable[tuple[str, str]]) -> tuple[Gap, ...]:
    """One gap for each reason, reasons and things in the order in which they came."""
    found: dict[str, list[str]] = {}
    for what, why in gaps:
        found.setdefault(why, []).append(what)
    return tuple(Gap(why, tuple(what)) for why, what in found.items())


def _of_profile(profile: Profile | None) -> Iterator[tuple[str, str]]:
    """Things missing from the profile, each with the reason."""
    if profile is None:
        why = "学校还没有提交介绍"
    elif profile.facts.compiled_by == Compiler.PLATFORM:
        why = "介绍是平台整理的，公开资料里没有找到"
    else:
        why = "学校交来的资料里没有写"
    absent = missing_headings(profile)
    for heading in absent:
        yield heading, why
    if profile is None:
        yield "照片", why
        return
    for what, _, value in _details(profile.facts, absent):
        if isinstance(value, Reason):
            yield what, f"学校填的是“{value.value}”：{WHY[value]}"
        elif not value:
            yield what, why


def _details(facts: FrontMatter, absent: tuple[str, ...]) -> Iterator[tuple[str, str, object]]:
    """Declared facts that applicants ask for, each with its field and value; not those of a
    section that is absent as a whole."""
    if "就业状况" not in absent:
        declared = facts.employment
        yield "就业率", "employment.rate", declared and declared.rate
        yield "毕业后的月薪", "employment.salary_p50", declared and declared.salary_p50
        yield "实习安排", "internships", facts.internships
    if "资助政策" not in absent:
        yield "学校自己的资助", "aid", facts.aid
    if "校园环境" not in absent:
        addressed = facts.campuses and all(campus.address for campus in facts.campuses)
        yield "校区地址", "campuses.address", addressed
        boarding = any(campus.boarding is not None for campus in facts.campuses)
        yield "能不能住宿", "campuses.boarding", boarding
        yield "照片", "photos", facts.photos


def _of_plan(catalogue: Catalogue, plan: PlanView | None) -> Iterator[tuple[str, str]]:
    year = catalogue.today.year
    if plan is None or plan.notice.is_past:
        yield f"{year} 年招生计划", "本站还没有收到文件"
    if plan is None:
        return
    why = f"{plan.notice.year} 年的计划文件里没有写"
    if not plan.has_tuition:
        yield "学费", why
    if not plan.has_boarding_fee:
        yield "住宿费", why
