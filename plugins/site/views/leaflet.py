"""`/leaflets/<school_id>/`: one A4 page of a school for a notice board, and a province's list.

Paper outlives the day it was printed: nothing here says 现在 or 今年, every plan has its year.
What may be long is bounded, so that the page stays one page; the rest is behind the QR code.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Final

from msgspec import Struct

from plugins import addresses
from plugins.catalogue import Catalogue, Plan, Profile, Programme, Province, School
from plugins.catalogue.aid import AidWords
from plugins.catalogue.vocabulary import ENTRIES, TRAINING_LEVELS, Reason
from plugins.site.formats import day, number, years
from plugins.site.leaflet_id import leaflet_id
from plugins.site.page import HOME_LINK, PROVINCES_LINK, Link, Page
from plugins.site.qr_code import QrCode, qr_code
from plugins.site.views.entry_way import entry_words
from plugins.site.views.plan_notice import PlanNotice, notice_of, open_windows
from plugins.site.views.school.apply import CLOSED
from plugins.site.views.school.register import Fact, phones_of
from plugins.site.views.school_card import SchoolCard, by_level, school_card

MOST_GROUPS: Final = 6
"""Rows of the table of majors; a school with more ways in says how many are left out."""

NAMES_LENGTH: Final = 270
"""Characters of majors' names on the page, shared out between the rows."""

LINE_LENGTH: Final = 60
"""Characters of an address or a document's title; what is longer is cut and says so by …."""

NOT_WRITTEN: Final = "官方文件没有写"


class MajorGroup(Struct, frozen=True):
    """What one kind of applicant can learn to one level. `left_out` majors are not named."""

    who: str
    training_level: str
    durations: str
    seats: int
    majors: tuple[str, ...]
    left_out: int


class LeafletView(Struct, frozen=True):
    """`date` is that of the newest data on the page; `qr` is None on a site without an origin."""

    name: str
    place: str
    level: str | None
    verified: bool
    authority: str
    hotline: str | None
    source: str
    facts: tuple[Fact, ...]
    plan: PlanNotice | None
    plan_document: str
    groups: tuple[MajorGroup, ...]
    groups_left_out: int
    aid: tuple[AidWords, ...]
    apply: str
    can_apply: bool
    phones: tuple[Fact, ...]
    school_url: str
    verify_url: str
    qr: QrCode | None
    date: dt.date
    leaflet_id: str


class LeafletRow(Struct, frozen=True):
    card: SchoolCard
    phone: str | None


class ProvinceLeafletView(Struct, frozen=True):
    """The schools of a province by city, the best known way to ask beside each."""

    name: str
    authority: str
    schools: int
    verified: int
    rows: tuple[LeafletRow, ...]
    province_url: str
    qr: QrCode | None
    date: dt.date


def pages(catalogue: Catalogue, site_url: str) -> Iterator[Page]:
    """A leaflet for every school, and one for every province with schools.

    `site_url` is the origin that the QR codes lead to.
    """
    for school in catalogue.schools:
        yield leaflet_page(catalogue, school, site_url)
    for province in catalogue.reference.provinces:
        yield from province_leaflet(catalogue, province, site_url)


def province_leaflet(catalogue: Catalogue, province: Province, site_url: str) -> Iterator[Page]:
    """The printed list of a province's schools, where it has any."""
    schools = catalogue.schools_of_province[province.slug]
    if not schools:
        return
    url = addresses.province(province)
    yield Page(
        url=addresses.province_leaflet(province),
        template="province-leaflet.html",
        title=f"{province.name}技工院校名单（打印用）",
        description=f"{province.name}技工院校名单，A4 纸打印，可以贴在村里的公告栏。",
        view=ProvinceLeafletView(
            name=province.name,
            authority=province.authority,
            schools=len(schools),
            verified=sum(school.verified for school in schools),
            rows=tuple(
                _row(catalogue, school)
                for school in sorted(
                    by_level(catalogue, schools), key=lambda school: school.city_code
                )
            ),
            province_url=f"{site_url}{url}",
            qr=qr_code(f"{site_url}{url}") if site_url else None,
            date=max(data_date(catalogue, school) for school in schools),
        ),
        trail=(HOME_LINK, PROVINCES_LINK, Link(province.name, url)),
        canonical=url,
    )


def leaflet_page(catalogue: Catalogue, school: School, site_url: str) -> Page:
    province, city = catalogue.province_of(school), catalogue.city_of(school)
    county = catalogue.county_of(school)
    profile = catalogue.profiles.get(school.school_id)
    plan = catalogue.newest_plan(school)
    groups = major_groups(plan) if plan else ()
    url = addresses.school(school)
    date = data_date(catalogue, school)
    names = (province.name, city.name, county.name if county else "")
    return Page(
        url=addresses.leaflet(school),
        template="leaflet.html",
        title=f"{school.name}（打印一页纸）",
        description=f"{school.name}的招生简介，一页 A4 纸，可以贴在村里的公告栏。",
        view=LeafletView(
            name=school.name,
            place=" ".join(dict.fromkeys(name for name in names if name)),
            level=school.level,
            verified=school.verified,
            authority=province.authority,
            hotline=province.hotline,
            source=_source(school),
            facts=_five_facts(school, plan),
            plan=notice_of(catalogue, school, plan) if plan else None,
            plan_document=_cut(plan.programmes[0].source_document) if plan else "",
            groups=groups[:MOST_GROUPS],
            groups_left_out=len(groups[MOST_GROUPS:]),
            aid=_aid(catalogue, school),
            apply=_apply(school, plan, catalogue.today),
            can_apply=school.status == "active",
            phones=phones_of(school, profile),
            school_url=f"{site_url}{url}",
            verify_url=f"{site_url}{addresses.VERIFY}",
            qr=qr_code(f"{site_url}{url}") if site_url else None,
            date=date,
            leaflet_id=leaflet_id(school, date),
        ),
        trail=(
            HOME_LINK,
            PROVINCES_LINK,
            Link(province.name, addresses.province(province)),
            Link(school.name, url),
        ),
        canonical=url,
    )


def data_date(catalogue: Catalogue, school: School) -> dt.date:
    """The newest day on which something on the leaflet was checked; today where none is given."""
    profile = catalogue.profiles.get(school.school_id)
    plan = catalogue.newest_plan(school)
    found = [school.checked_on, school.source_date]
    found += [profile.facts.confirmed_on] if profile else []
    found += [row.checked_on for row in plan.programmes] if plan else []
    return max((date for date in found if date), default=catalogue.today)


def major_groups(plan: Plan) -> tuple[MajorGroup, ...]:
    """The plan's majors by who may apply and by training level, with room shared between them."""
    found: dict[tuple[str, str], list[Programme]] = {}
    for row in plan.programmes:
        found.setdefault((row.entry, row.training_level), []).append(row)
    room = NAMES_LENGTH // max(1, min(len(found), MOST_GROUPS))
    return tuple(
        _group(entry, level, found[entry, level], room)
        for entry in ENTRIES
        for level in TRAINING_LEVELS
        if (entry, level) in found
    )


def _group(entry: str, level: str, rows: list[Programme], room: int) -> MajorGroup:
    names = list(dict.fromkeys(row.major for row in rows))
    shown: list[str] = []
    for name in names:
        room -= len(name) + 1
        if room < 0:
            break
        shown.append(name)
    return MajorGroup(
        who=entry_words(entry),
        training_level=level,
        durations=_range([row.duration_years for row in rows]),
        seats=sum(row.seats for row in rows),
        majors=tuple(shown),
        left_out=len(names) - len(shown),
    )


def _range(lengths: list[float]) -> str:
    low, high = min(lengths), max(lengths)
    return years(low) if low == high else f"{low:g}–{high:g} 年"


def _cut(text: str) -> str:
    return text if len(text) <= LINE_LENGTH else f"{text[: LINE_LENGTH - 1]}…"


def _source(school: School) -> str:
    number = f"（{school.source_number}）" if school.source_number else ""
    whole = f"{school.source_document}{number}"
    return whole if len(whole) <= LINE_LENGTH else _cut(school.source_document)


def _five_facts(school: School, plan: Plan | None) -> tuple[Fact, ...]:
    """Always the same five; what is not known says so."""
    seats = f"{plan.year} 年 {number(plan.seats)} 人" if plan else "本站没有收到"
    return (
        Fact("办学性质", school.ownership or NOT_WRITTEN),
        Fact("主管或举办单位", school.supervising_body or NOT_WRITTEN),
        Fact("地址", _cut(school.address or NOT_WRITTEN)),
        Fact("计划招生", seats),
        Fact("每学年学费", _tuition(plan)),
    )


def _tuition(plan: Plan | None) -> str:
    fees = (
        [fee for row in plan.programmes for fee in row.tuition if fee is not None] if plan else ()
    )
    if plan is None or not fees:
        return f"{NOT_WRITTEN}，要问学校" if plan else "本站没有收到"
    low, high = min(fees), max(fees)
    words = number(low) if low == high else f"{number(low)}–{number(high)}"
    return f"{words} 元（{plan.year} 年计划，减免以前）"


def _aid(catalogue: Catalogue, school: School) -> tuple[AidWords, ...]:
    """National aid in force that can be reckoned with, without what is for other schools only."""
    owners: dict[str, set[str | None]] = {}
    for rule in catalogue.reference.aid_rules:
        if rule.certainty == "写明":
            owners.setdefault(rule.policy_id, set()).add(rule.ownership)
    return tuple(
        words
        for words in catalogue.reference.aid_words
        if words.state == "现行"
        and (of := owners.get(words.policy_id))
        and (school.ownership is None or None in of or school.ownership in of)
    )


def _apply(school: School, plan: Plan | None, today: dt.date) -> str:
    """Whether and when one can apply, in words that stay true on paper."""
    status = school.status.partition(":")[0]
    if status != "active":
        return CLOSED[status].replace("现在", "")
    if plan is None:
        return "本站没有收到这所学校的招生计划，招不招生、怎样报，要问学校。"
    if plan.year < today.year:
        return f"{plan.year} 年的报名已经过去。以后招不招、怎样报，要问学校。"
    if windows := open_windows(plan.programmes, today):
        begins, ends = min(first for first, _ in windows), max(last for _, last in windows)
        return f"{plan.year} 年报名：{day(begins)}至{day(ends)}，各专业可能不同。过了日子先问学校。"
    if ended := [row.open_to for row in plan.programmes if row.open_to]:
        return f"{plan.year} 年的报名已在 {day(max(ended))}截止。以后招不招、怎样报，要问学校。"
    return f"{plan.year} 年的计划已经公布，文件没有写报名日期，要问学校。"


def _row(catalogue: Catalogue, school: School) -> LeafletRow:
    profile: Profile | None = catalogue.profiles.get(school.school_id)
    contacts = profile.facts.contacts if profile else None
    own = contacts.phone if contacts and not isinstance(contacts.phone, Reason) else None
    return LeafletRow(school_card(catalogue, school), school.phone or own)
