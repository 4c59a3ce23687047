"""What search engines read: the description of the page, and schema.org's record of the school."""

from __future__ import annotations

from typing import Any

from plugins.catalogue import City, County, Province, School
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


def linked_data_of(school: School, province: Province, city: City) -> dict[str, Any]:
    """schema.org's EducationalOrganization, with what the register says and nothing more."""
    address = {
        "@type": "PostalAddress",
        "addressCountry": "CN",
        "addressRegion": province.name,
        "addressLocality": city.name,
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
