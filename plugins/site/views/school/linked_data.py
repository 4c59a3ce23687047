"""What search engines read: the description of the page, and schema.org's record of the school."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from plugins.catalogue import Catalogue, City, County, Province, School
from plugins.open_data.happenings import windows_of
from plugins.site.views.plan_notice import PlanNotice


def description_of(
    school: School,
    province: Province,
    city: City,
    county: County | None,
    notice: PlanNotice | None,
    summary: str | None,
) -> str:
    """One sentence of facts, then the school's own."""
    place = "" if province.name == city.name else province.name
    words = [f"{school.name}，位于{place}{city.name}{county.name if county else ''}"]
    if school.level:
        words.append(school.level)
    words.append("名册已核验" if school.verified else "待主管部门核验")
    if notice:
        stamp = "（往年）" if notice.is_past else ""
        words.append(f"{notice.year} 年计划招生 {notice.seats} 人{stamp}")
    return "，".join(words) + "。" + (summary or "")


COURSES: Final = 30
"""Most courses of the record: a page must stay light; the page itself lists all."""

_HERE: Final = "#school"
"""The school within the record: relative to the page's own address."""


def linked_data_of(catalogue: Catalogue, school: School, image: str | None) -> dict[str, Any]:
    """schema.org's EducationalOrganization with its courses and the days of application.

    It says what register and plan say and nothing more; a past plan is told as past.
    """
    if school.status.partition(":")[0] in ("closed", "merged"):
        return {"@context": "https://schema.org", **_organization(catalogue, school, image)}
    return {
        "@context": "https://schema.org",
        "@graph": [
            _organization(catalogue, school, image),
            *_courses(catalogue, school),
            *_events(catalogue, school),
        ],
    }


def _organization(catalogue: Catalogue, school: School, image: str | None) -> dict[str, Any]:
    return _filled(
        {
            "@type": "EducationalOrganization",
            "@id": _HERE,
            "name": school.name,
            "alternateName": [*school.former_names, *school.aliases] or None,
            "identifier": school.school_id,
            "foundingDate": str(school.founded) if school.founded else None,
            "telephone": school.phone,
            "sameAs": school.website,
            "image": image,
            "address": _address(catalogue, school),
        }
    )


def _address(catalogue: Catalogue, school: School) -> dict[str, Any]:
    return _filled(
        {
            "@type": "PostalAddress",
            "addressCountry": "CN",
            "addressRegion": catalogue.province_of(school).name,
            "addressLocality": catalogue.city_of(school).name,
            "streetAddress": school.address,
        }
    )


def _courses(catalogue: Catalogue, school: School) -> Iterator[dict[str, Any]]:
    plan = catalogue.newest_plan(school)
    if plan is None or school.status != "active":
        return
    past = "（往年）" if catalogue.is_past(plan) else ""
    canonical_major = catalogue.reference.canonical_major
    ways: dict[str, dict[str, None]] = {}
    for row in plan.programmes:
        if (major := canonical_major(row.major)) is not None:
            way = f"{row.training_level} {row.duration_years:g} 年，{row.entry}"
            ways.setdefault(major.name, {})[way] = None
    for major in catalogue.majors_of_school[school.school_id][:COURSES]:
        yield {
            "@type": "Course",
            "name": major.name,
            "description": f"{plan.year} 年招生计划{past}：{'；'.join(ways[major.name])}。",
            "provider": {"@id": _HERE},
        }


def _events(catalogue: Catalogue, school: School) -> Iterator[dict[str, Any]]:
    for window in windows_of(catalogue, school):
        if window.last < catalogue.today:
            continue
        yield {
            "@type": "Event",
            "name": f"{school.name} {window.year} 年招生报名",
            "startDate": window.first.isoformat(),
            "endDate": window.last.isoformat(),
            "location": {
                "@type": "Place",
                "name": school.name,
                "address": _address(catalogue, school),
            },
            "organizer": {"@id": _HERE},
        }


def _filled(record: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in record.items() if value}
