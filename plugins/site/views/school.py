"""`/schools/<school_id>/`: one school, from official data and, where it has one, its profile."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from plugins import addresses
from plugins.catalogue import Catalogue, Major, Plan, Profile, Programme, School
from plugins.catalogue.schema import FrontMatter, Source
from plugins.catalogue.vocabulary import ENTRIES, SECTIONS, TRAINING_LEVELS, Reason
from plugins.photos import Derivatives
from plugins.search.related import RelatedSchool, related_schools
from plugins.site.formats import is_single_phone
from plugins.site.page import Link, Page
from plugins.site.views.cost import CostView, cost_view
from plugins.site.views.home import HOME_LINK
from plugins.site.views.locator import Locator, locator
from plugins.site.views.photo import PhotoView, photo_view
from plugins.site.views.plan_notice import PlanNotice, notice_of, open_windows
from plugins.site.views.province import PROVINCES_LINK
from plugins.site.views.school_card import SchoolCard, school_card

Render = Callable[[str], str]
"""Markdown of one section → safe HTML."""


@dataclass(frozen=True, slots=True)
class ProgrammeRow:
    """One row of the plan. `tuition` is yuan by study year; empty where none is published."""

    major: str
    major_url: str | None
    direction: str | None
    duration_years: float
    seats: int
    entry_note: str | None
    tuition: tuple[int | None, ...]
    boarding_fee: int | None
    campus: str | None
    partner_employer: str | None
    partner_degree: str | None


@dataclass(frozen=True, slots=True)
class TrainingGroup:
    """`entry_note` is the plan's own wording of who may apply, where all rows share it."""

    training_level: str
    durations: tuple[float, ...]
    seats: int
    entry_note: str | None
    rows: tuple[ProgrammeRow, ...]


@dataclass(frozen=True, slots=True)
class EntryGroup:
    """The programmes open to applicants of one `entry`, by training level."""

    entry: str
    seats: int
    groups: tuple[TrainingGroup, ...]


@dataclass(frozen=True, slots=True)
class PlanView:
    """`windows` are the periods of application, first and last day, that have not ended.

    There are none for a past plan, nor for a school that is not active.
    """

    notice: PlanNotice
    entries: tuple[EntryGroup, ...]
    has_tuition: bool
    has_boarding_fee: bool
    has_campus: bool
    windows: tuple[tuple[dt.date, dt.date], ...]
    older: tuple[PlanNotice, ...]


@dataclass(frozen=True, slots=True)
class Official:
    """The register's word on the school: from which document, and whether it is verified."""

    verified: bool
    authority: str
    source_document: str
    source_number: str | None
    source_date: dt.date | None
    source_address: str | None
    checked_on: dt.date | None
    note: str | None


@dataclass(frozen=True, slots=True)
class Fact:
    """One line of the fact card; `url` makes the value a link."""

    label: str
    value: str
    url: str | None = None


@dataclass(frozen=True, slots=True)
class StorySection:
    """`html` is empty for a section that has declared facts only."""

    heading: str
    anchor: str
    html: str


@dataclass(frozen=True, slots=True)
class SchoolView:
    """`story` has the sections that exist; `missing` the headings that nobody has written yet.

    `nearby` are schools like this one, best first; `why_nearby` gives the reason for each, in
    words, by school id.
    """

    name: str
    school_id: str
    status: str
    merged_into: Link | None
    level: str | None
    level_url: str | None
    province: Link
    city: Link
    county: str | None
    locator: Locator
    official: Official
    facts: tuple[Fact, ...]
    unknown: tuple[str, ...]
    summary: str | None
    profile: FrontMatter | None
    story: tuple[StorySection, ...]
    missing: tuple[str, ...]
    photos: tuple[PhotoView, ...]
    sources: tuple[Source, ...]
    plan: PlanView | None
    cost: CostView | None
    majors: tuple[str, ...]
    nearby: tuple[SchoolCard, ...]
    why_nearby: Mapping[str, str]
    profile_path: str


ANCHORS = {
    "历史沿革": "history",
    "优势特色": "strengths",
    "就业状况": "employment",
    "资助政策": "aid",
    "校园环境": "campus",
    "报名方式": "apply",
}

DECLARED = {
    "优势特色": ("honours", "online_courses", "partner_schools"),
    "就业状况": ("employment", "internships"),
    "资助政策": ("aid",),
    "校园环境": ("campuses", "photos"),
    "报名方式": ("contacts", "term", "priority_enrolment"),
}
"""The declared facts of a profile that each section shows beside its text."""


def pages(
    catalogue: Catalogue, render: Render, photos: Mapping[str, Derivatives]
) -> Iterator[Page]:
    """A page for every school of the register. `photos` are derivatives by content path."""
    related = related_schools(catalogue)
    for school in catalogue.schools:
        yield school_page(catalogue, school, render, photos, related[school.school_id])


def school_page(
    catalogue: Catalogue,
    school: School,
    render: Render,
    photos: Mapping[str, Derivatives],
    related: tuple[RelatedSchool, ...] = (),
) -> Page:
    province = catalogue.province_of(school)
    city = catalogue.city_of(school)
    county = catalogue.county_of(school)
    profile = catalogue.profiles.get(school.school_id)
    plan = catalogue.newest_plan(school)
    here = Link(province.name, addresses.province(province))
    there = Link(city.name, addresses.city(province, city))
    facts, unknown = _facts(catalogue, school, profile)
    story = _story(profile, render)
    headings = {section.heading for section in story}
    view = SchoolView(
        name=school.name,
        school_id=school.school_id,
        status=school.status.partition(":")[0],
        merged_into=_merged_into(catalogue, school),
        level=school.level,
        level_url=addresses.level(school.level) if school.level else None,
        province=here,
        city=there,
        county=county.name if county else None,
        locator=locator(catalogue, province),
        official=Official(
            verified=school.verified,
            authority=province.authority,
            source_document=school.source_document,
            source_number=school.source_number,
            source_date=school.source_date,
            source_address=school.source_address,
            checked_on=school.checked_on,
            note=school.note,
        ),
        facts=facts,
        unknown=unknown,
        summary=profile.facts.summary if profile else None,
        profile=profile.facts if profile else None,
        story=story,
        missing=tuple(heading for heading in SECTIONS if heading not in headings),
        photos=_photos(profile, photos),
        sources=profile.facts.sources if profile else (),
        plan=_plan_view(catalogue, school, plan) if plan else None,
        cost=cost_view(catalogue, school),
        majors=tuple(major.name for major in catalogue.majors_of_school[school.school_id]),
        nearby=tuple(
            school_card(catalogue, catalogue.school_by_id[other.school_id]) for other in related
        ),
        why_nearby={other.school_id: other.why for other in related},
        profile_path=f"content/schools/{province.slug}/{school.school_id}/profile.md",
    )
    dates = [school.checked_on, profile.facts.confirmed_on if profile else None]
    return Page(
        url=addresses.school(school),
        template="school.html",
        title=school.name,
        description=_description(view),
        view=view,
        trail=(HOME_LINK, PROVINCES_LINK, here, there)
        if there.text != here.text
        else (HOME_LINK, PROVINCES_LINK, here),
        json_ld=_json_ld(school, view),
        changed_on=max((date for date in dates if date), default=None),
    )


def _merged_into(catalogue: Catalogue, school: School) -> Link | None:
    _, _, target = school.status.partition(":")
    found = catalogue.school_by_id.get(target)
    return Link(found.name, addresses.school(found)) if found else None


def _facts(
    catalogue: Catalogue, school: School, profile: Profile | None
) -> tuple[tuple[Fact, ...], tuple[str, ...]]:
    """The lines of the fact card, and the labels for which the register has no value."""
    contacts = profile.facts.contacts if profile else None
    own_phone = contacts.phone if contacts and not isinstance(contacts.phone, Reason) else None
    values: tuple[tuple[str, str | None, str | None], ...] = (
        ("办学性质", school.ownership, None),
        ("主管或举办单位", school.supervising_body, None),
        ("创办年份", f"{school.founded} 年" if school.founded else None, None),
        ("地址", school.address, None),
        ("招生电话", school.phone, _tel(school.phone)),
        ("学校自己写的电话", own_phone, _tel(own_phone)),
        ("官方网站", school.website, school.website),
        ("学校代码", school.school_code, None),
        ("办学许可证号", school.licence_no, None),
        ("曾用名", "、".join(school.former_names) or None, None),
        ("也叫", "、".join(school.aliases) or None, None),
        ("校区", "、".join(school.campuses) or None, None),
    )
    facts = tuple(Fact(label, value, url) for label, value, url in values if value)
    asked = ("办学性质", "地址", "招生电话", "官方网站")
    return facts, tuple(label for label, value, _ in values if not value and label in asked)


def _story(profile: Profile | None, render: Render) -> tuple[StorySection, ...]:
    """The sections that somebody has written, or for which the profile declares facts."""
    if profile is None:
        return ()
    written = {section.heading: section.markdown for section in profile.sections}
    return tuple(
        StorySection(
            heading,
            ANCHORS[heading],
            render(written[heading]) if heading in written else "",
        )
        for heading in SECTIONS
        if heading in written or any(getattr(profile.facts, x) for x in DECLARED.get(heading, ()))
    )


def _photos(profile: Profile | None, photos: Mapping[str, Derivatives]) -> tuple[PhotoView, ...]:
    if profile is None:
        return ()
    folder = profile.path.rpartition("/")[0]
    return tuple(
        photo_view(photo, photos[f"{folder}/{photo.file}"]) for photo in profile.facts.photos
    )


def _plan_view(catalogue: Catalogue, school: School, plan: Plan) -> PlanView:
    rows = plan.programmes
    open_ = school.status == "active" and not catalogue.is_past(plan)
    return PlanView(
        notice=notice_of(catalogue, school, plan),
        entries=_entry_groups(catalogue, rows),
        has_tuition=any(fee is not None for row in rows for fee in row.tuition),
        has_boarding_fee=any(row.boarding_fee is not None for row in rows),
        has_campus=any(row.campus for row in rows),
        windows=open_windows(rows, catalogue.today) if open_ else (),
        older=tuple(
            notice_of(catalogue, school, older) for older in catalogue.plans[school.school_id][1:]
        ),
    )


def _entry_groups(
    catalogue: Catalogue, programmes: tuple[Programme, ...]
) -> tuple[EntryGroup, ...]:
    entries = []
    for entry in ENTRIES:
        groups = []
        for level in TRAINING_LEVELS:
            found = [p for p in programmes if p.entry == entry and p.training_level == level]
            if found:
                rows = tuple(_programme_row(catalogue, row) for row in found)
                notes = {row.entry_note for row in found}
                groups.append(
                    TrainingGroup(
                        training_level=level,
                        durations=tuple(sorted({row.duration_years for row in found})),
                        seats=sum(row.seats for row in found),
                        entry_note=notes.pop() if len(notes) == 1 else None,
                        rows=rows,
                    )
                )
        if groups:
            entries.append(EntryGroup(entry, sum(g.seats for g in groups), tuple(groups)))
    return tuple(entries)


def _programme_row(catalogue: Catalogue, row: Programme) -> ProgrammeRow:
    major = catalogue.reference.canonical_major(row.major)
    return ProgrammeRow(
        major=row.major,
        major_url=_major_url(catalogue, major),
        direction=row.direction,
        duration_years=row.duration_years,
        seats=row.seats,
        entry_note=row.entry_note,
        tuition=row.tuition,
        boarding_fee=row.boarding_fee,
        campus=row.campus,
        partner_employer=row.partner_employer,
        partner_degree=row.partner_degree,
    )


def _tel(phone: str | None) -> str | None:
    """An address that a phone can dial, for a single number."""
    return f"tel:{phone}" if is_single_phone(phone) else None


def _major_url(catalogue: Catalogue, major: Major | None) -> str | None:
    """A major that no active school offers has no page."""
    offered = major is not None and major.slug in catalogue.programmes_of_major
    return addresses.major(major) if major is not None and offered else None


def _description(view: SchoolView) -> str:
    place = "" if view.province.text == view.city.text else view.province.text
    words = [f"{view.name}，位于{place}{view.city.text}{view.county or ''}"]
    if view.level:
        words.append(view.level)
    words.append("名册已核验" if view.official.verified else "待主管部门核验")
    if view.plan:
        notice = view.plan.notice
        stamp = "（往年）" if notice.is_past else ""
        words.append(f"{notice.year} 年计划招生 {notice.seats} 人{stamp}")
    return "，".join(words) + "。" + (view.summary or "")


def _json_ld(school: School, view: SchoolView) -> dict[str, Any]:
    """schema.org's EducationalOrganization, with what the register says and nothing more."""
    address = {
        "@type": "PostalAddress",
        "addressCountry": "CN",
        "addressRegion": view.province.text,
        "addressLocality": view.city.text,
        "streetAddress": school.address,
    }
    record: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "EducationalOrganization",
        "name": school.name,
        "alternateName": [*school.former_names, *school.aliases] or None,
        "identifier": school.school_id,
        "foundingDate": str(school.founded) if school.founded else None,
        "telephone": school.phone,
        "sameAs": school.website,
        "address": {key: value for key, value in address.items() if value},
    }
    return {key: value for key, value in record.items() if value}
