"""What the register says of a school: the fact card, and where its facts come from."""

from __future__ import annotations

import datetime as dt

from msgspec import Struct

from plugins.catalogue import Profile, Province, School
from plugins.catalogue.vocabulary import Reason
from plugins.site.formats import is_single_phone


class Official(Struct, frozen=True):
    """The register's word on the school: from which document, and whether it is verified."""

    verified: bool
    authority: str
    source_document: str
    source_number: str | None
    source_date: dt.date | None
    source_address: str | None
    checked_on: dt.date | None
    note: str | None


class Fact(Struct, frozen=True):
    """One line of the fact card; `url` makes the value a link."""

    label: str
    value: str
    url: str | None = None


def official_of(school: School, province: Province) -> Official:
    return Official(
        verified=school.verified,
        authority=province.authority,
        source_document=school.source_document,
        source_number=school.source_number,
        source_date=school.source_date,
        source_address=school.source_address,
        checked_on=school.checked_on,
        note=school.note,
    )


def facts_of(school: School, profile: Profile | None) -> tuple[Fact, ...]:
    """The lines of the fact card that have a value."""
    lines = (
        Fact("办学性质", school.ownership or ""),
        Fact("主管或举办单位", school.supervising_body or ""),
        Fact("创办年份", f"{school.founded} 年" if school.founded else ""),
        Fact("地址", school.address or ""),
        *phones_of(school, profile),
        Fact("官方网站", school.website or "", school.website),
        Fact("学校代码", school.school_code or ""),
        Fact("办学许可证号", school.licence_no or ""),
        Fact("曾用名", "、".join(school.former_names)),
        Fact("也叫", "、".join(school.aliases)),
        Fact("校区", "、".join(school.campuses)),
    )
    return tuple(fact for fact in lines if fact.value)


def phones_of(school: School, profile: Profile | None) -> tuple[Fact, ...]:
    """The numbers to ask at: the register's, then the school's own where it is another."""
    own = own_phone(profile)
    found = [("招生电话", school.phone)]
    if own and own != school.phone:
        found.append(("学校自己写的电话", own))
    return tuple(
        Fact(label, phone, f"tel:{phone}" if is_single_phone(phone) else None)
        for label, phone in found
        if phone
    )


def own_phone(profile: Profile | None) -> str | None:
    """The number that the profile gives; None where it gives none, or a reason for none."""
    phone = profile.facts.contacts.phone if profile and profile.facts.contacts else None
    return None if isinstance(phone, Reason) else phone
