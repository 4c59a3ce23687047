"""`/online-learning/`: courses that schools offer on the net, by major where the school says so."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from itertools import groupby

from msgspec import Struct

from plugins import addresses
from plugins.catalogue import Catalogue
from plugins.catalogue.declared_facts import DeclaredFacts
from plugins.site.page import HOME_LINK, Link, Page
from plugins.site.views.sheet import Sheet, sheets

NO_MAJOR = "没有写是哪个专业的"


class CourseRow(Struct, frozen=True):
    """`major` links to its page where the major is on offer; None where the school named none."""

    major: str | None
    major_url: str | None
    title: str
    address: str
    school: Link
    province: str
    confirmed_on: dt.date


class CourseGroup(Struct, frozen=True):
    name: str
    url: str | None
    rows: tuple[CourseRow, ...]


class OnlineLearningView(Struct, frozen=True):
    groups: tuple[CourseGroup, ...]
    schools: int
    sheet: Sheet[CourseRow]


def course_rows(catalogue: Catalogue, declared: Mapping[str, DeclaredFacts]) -> list[CourseRow]:
    """All courses: by major, the unnamed last, then by province, school and title."""
    found: list[tuple[tuple[bool, str, str, str, str], CourseRow]] = []
    for school in catalogue.schools:
        facts = declared.get(school.school_id)
        if facts is None or school.status != "active":
            continue
        province = catalogue.province_of(school)
        for course in facts.online_courses:
            major = catalogue.reference.canonical_major(course.major) if course.major else None
            name = major.name if major else course.major
            row = CourseRow(
                major=name,
                major_url=addresses.major(major)
                if major and major.slug in catalogue.programmes_of_major
                else None,
                title=course.title,
                address=course.address,
                school=Link(school.name, addresses.school(school)),
                province=province.short_name,
                confirmed_on=facts.confirmed_on,
            )
            key = (name is None, name or "", province.code, school.name, course.title)
            found.append((key, row))
    return [row for _, row in sorted(found, key=lambda pair: pair[0])]


def pages(catalogue: Catalogue, declared: Mapping[str, DeclaredFacts]) -> Iterator[Page]:
    """`declared` are the facts of the kind `courses`."""
    rows = course_rows(catalogue, declared)
    for sheet in sheets(rows, addresses.ONLINE_LEARNING):
        groups = groupby(sheet.items, key=lambda row: (row.major, row.major_url))
        yield Page(
            url=sheet.url,
            template="online-learning.html",
            title=f"线上课程：在家先学起来{sheet.suffix}",
            description="技工院校放在网上的课程，按专业排；课程在学校自己的网站上。",
            view=OnlineLearningView(
                tuple(
                    CourseGroup(name or NO_MAJOR, url, tuple(of_major))
                    for (name, url), of_major in groups
                ),
                len({row.school.url for row in rows}),
                sheet,
            ),
            trail=(HOME_LINK,),
        )
