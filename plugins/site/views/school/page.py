"""The page of a school: its parts put together."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Final

from msgspec import Struct

from plugins import addresses
from plugins.cards.font import font_key
from plugins.cards.words import card_name, words_of
from plugins.catalogue import Catalogue, Profile, School
from plugins.catalogue.schema import FrontMatter, Source
from plugins.open_data.happenings import happenings_of, windows_of
from plugins.photos import Derivatives
from plugins.search.related import RelatedSchool, related_schools
from plugins.site.page import (
    HOME_LINK,
    PROVINCES_LINK,
    Alternate,
    Link,
    Page,
    calendar_link,
    feed_link,
)
from plugins.site.views.cost import CostView, cost_view
from plugins.site.views.locator import Locator, locator
from plugins.site.views.photo import PhotoView, photo_view
from plugins.site.views.school.apply import ApplyView, apply_of
from plugins.site.views.school.changes import Change, changes_of
from plugins.site.views.school.employment import EmploymentView, employment_of
from plugins.site.views.school.linked_data import description_of, linked_data_of
from plugins.site.views.school.missing import MissingView, missing_of
from plugins.site.views.school.plan import PlanView, plan_of
from plugins.site.views.school.questions import Question, questions_of
from plugins.site.views.school.register import Fact, Official, facts_of, official_of
from plugins.site.views.school.story import Render, StorySection, story_of
from plugins.site.views.school_card import SchoolCard, school_card

NOTHING_CHANGED: Final[Mapping[str, dt.date]] = MappingProxyType({})


class SchoolView(Struct, frozen=True):
    """`story` has the sections that exist; the first of `photos` stands at the top of the page.

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
    summary: str | None
    profile: FrontMatter | None
    story: tuple[StorySection, ...]
    employment: EmploymentView | None
    photos: tuple[PhotoView, ...]
    plan: PlanView | None
    cost: CostView | None
    majors: tuple[str, ...]
    aid_url: str
    leaflet_url: str
    apply: ApplyView
    questions: tuple[Question, ...]
    missing: MissingView | None
    sources: tuple[Source, ...]
    changes: tuple[Change, ...]
    nearby: tuple[SchoolCard, ...]
    why_nearby: Mapping[str, str]
    feed_url: str | None
    calendar_url: str | None


def pages(
    catalogue: Catalogue,
    render: Render,
    photos: Mapping[str, Derivatives],
    changed: Mapping[str, dt.date] = NOTHING_CHANGED,
) -> Iterator[Page]:
    """A page for every school of the register.

    `photos` are derivatives, `changed` the days of the last change, both by content path.
    """
    related = related_schools(catalogue)
    for school in catalogue.schools:
        yield school_page(catalogue, school, render, photos, related[school.school_id], changed)


def school_page(
    catalogue: Catalogue,
    school: School,
    render: Render,
    photos: Mapping[str, Derivatives],
    related: tuple[RelatedSchool, ...] = (),
    changed: Mapping[str, dt.date] = NOTHING_CHANGED,
) -> Page:
    province, city = catalogue.province_of(school), catalogue.city_of(school)
    county = catalogue.county_of(school)
    profile = catalogue.profiles.get(school.school_id)
    plan = plan_of(catalogue, school)
    apply = apply_of(catalogue, school, profile, render)
    changes = changes_of(catalogue, school, profile, changed)
    here = Link(province.name, addresses.province(province))
    there = Link(city.name, addresses.city(province, city))
    summary = profile.facts.summary if profile else None
    card = _card_of(catalogue, school)
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
        official=official_of(school, province),
        facts=facts_of(school, profile),
        summary=summary,
        profile=profile.facts if profile else None,
        story=story_of(profile, render),
        employment=employment_of(profile),
        photos=_photos(profile, photos),
        plan=plan,
        cost=cost_view(catalogue, school),
        majors=tuple(major.name for major in catalogue.majors_of_school[school.school_id]),
        aid_url=addresses.AID,
        leaflet_url=addresses.leaflet(school),
        apply=apply,
        questions=questions_of(school, profile, plan, apply),
        missing=missing_of(catalogue, school, profile, plan),
        sources=profile.facts.sources if profile else (),
        changes=changes,
        nearby=tuple(
            school_card(catalogue, catalogue.school_by_id[other.school_id]) for other in related
        ),
        why_nearby={other.school_id: other.why for other in related},
        feed_url=(
            addresses.school_feed(school) if happenings_of(catalogue, school, changed) else None
        ),
        calendar_url=addresses.school_calendar(school) if windows_of(catalogue, school) else None,
    )
    return Page(
        url=addresses.school(school),
        template="school.html",
        title=school.name,
        description=description_of(
            school, province, city, county, plan.notice if plan else None, summary
        ),
        view=view,
        trail=(HOME_LINK, PROVINCES_LINK, here, there)
        if there.text != here.text
        else (HOME_LINK, PROVINCES_LINK, here),
        json_ld=linked_data_of(catalogue, school, card),
        changed_on=max((change.date for change in changes), default=None),
        alternates=_alternates(view),
        image=card,
    )


def _card_of(catalogue: Catalogue, school: School) -> str | None:
    """The address of the school's card, whose name tells all that it says; None without a font."""
    font = font_key()
    return f"/{card_name(words_of(catalogue, school), font)}" if font else None


def _alternates(view: SchoolView) -> tuple[Alternate, ...]:
    feed = (feed_link(f"{view.name}的招生动态", view.feed_url),) if view.feed_url else ()
    dates = view.calendar_url
    return (*feed, *((calendar_link(f"{view.name}报名日期", dates),) if dates else ()))


def _merged_into(catalogue: Catalogue, school: School) -> Link | None:
    _, _, target = school.status.partition(":")
    found = catalogue.school_by_id.get(target) if target else None
    return Link(found.name, addresses.school(found)) if found else None


def _photos(profile: Profile | None, photos: Mapping[str, Derivatives]) -> tuple[PhotoView, ...]:
    if profile is None:
        return ()
    folder = profile.path.rpartition("/")[0]
    return tuple(
        photo_view(photo, photos[f"{folder}/{photo.file}"]) for photo in profile.facts.photos
    )
