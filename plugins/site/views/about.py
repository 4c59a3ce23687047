"""`/about/` and `/accessibility/`: whose the data are, how to mend them, who can use the site."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator

from msgspec import Struct

from plugins import addresses
from plugins.catalogue import Catalogue, School
from plugins.site.page import HOME_LINK, Page
from plugins.site.views.major_offer import newest_programmes
from plugins.site.views.plan_notice import PlanDocument, PlanNotice, notices


class OfficialRegister(Struct, frozen=True):
    """A document of a province by which schools are verified, and how many it verifies."""

    province: str
    url: str
    document: PlanDocument
    schools: int


class AboutView(Struct, frozen=True):
    """Counts of what is published; `checked_on` is the newest day on which a row was checked."""

    schools: int
    verified: int
    unverified: int
    profiles: int
    profiles_of_schools: int
    notices: int
    units: int
    units_with_schools: int
    units_verified: int
    registers: tuple[OfficialRegister, ...]
    plans: tuple[PlanNotice, ...]
    checked_on: dt.date | None


class AccessibilityView(Struct, frozen=True):
    """The statement's own text is in the template; photos without a description cannot exist."""

    photos: int


def pages(catalogue: Catalogue) -> Iterator[Page]:
    programmes = newest_programmes(catalogue, (school.school_id for school in catalogue.schools))
    verified = [school for school in catalogue.schools if school.verified]
    profiles = catalogue.profiles.values()
    yield Page(
        url=addresses.ABOUT,
        template="about.html",
        title="关于本站：数据从哪里来",
        description="本站由谁报送、数据来自哪些文件、哪些已经核验、哪些还没有，发现写错了怎么办。",
        view=AboutView(
            schools=len(catalogue.schools),
            verified=len(verified),
            unverified=len(catalogue.schools) - len(verified),
            profiles=len(profiles),
            profiles_of_schools=sum(p.facts.compiled_by == "学校" for p in profiles),
            notices=len(catalogue.notices),
            units=len(catalogue.reference.provinces),
            units_with_schools=sum(map(bool, catalogue.schools_of_province.values())),
            units_verified=len({school.province for school in verified}),
            registers=_registers(catalogue, verified),
            plans=notices(catalogue, programmes),
            checked_on=max((s.checked_on for s in catalogue.schools if s.checked_on), default=None),
        ),
        trail=(HOME_LINK,),
    )
    yield Page(
        url=addresses.ACCESSIBILITY,
        template="accessibility.html",
        title="无障碍说明",
        description="本站怎样让看不清、听不见、用不了鼠标的人也能用，测过什么，还有什么做不到。",
        view=AccessibilityView(sum(len(profile.facts.photos) for profile in profiles)),
        trail=(HOME_LINK,),
    )


def _registers(catalogue: Catalogue, verified: Iterable[School]) -> tuple[OfficialRegister, ...]:
    """Every document that verifies a school, by province in the order of their codes."""
    groups: dict[tuple[str, PlanDocument], int] = {}
    for school in verified:
        document = PlanDocument(
            school.source_document, school.source_number, school.source_date, school.source_address
        )
        groups[school.province, document] = groups.get((school.province, document), 0) + 1
    return tuple(
        OfficialRegister(province.name, addresses.province(province), document, count)
        for province in catalogue.reference.provinces
        for (slug, document), count in groups.items()
        if slug == province.slug
    )
