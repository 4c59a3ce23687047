"""The sections that a school has written, or for which its profile declares facts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from msgspec import Struct

from plugins.catalogue import Profile
from plugins.catalogue.vocabulary import SECTIONS
from plugins.site.views.school.timeline import Block, blocks_of

Render = Callable[[str], str]
"""Markdown of one section → safe HTML."""

ANCHORS: Final = {
    "历史沿革": "history",
    "优势特色": "strengths",
    "就业状况": "employment",
    "资助政策": "aid",
    "校园环境": "campus",
    "报名方式": "apply",
}

DECLARED: Final = {
    "优势特色": ("honours", "online_courses", "partner_schools"),
    "就业状况": ("employment", "internships"),
    "资助政策": ("aid",),
    "校园环境": ("campuses", "photos"),
    "报名方式": ("contacts", "term", "priority_enrolment"),
}
"""The declared facts of a profile that each section shows beside its text."""

APPLY: Final = "报名方式"
"""This section stands after the plan, as `apply` says, and not among the story."""


class StorySection(Struct, frozen=True):
    """`blocks` is empty for a section that has declared facts only."""

    heading: str
    anchor: str
    blocks: tuple[Block, ...]


def story_of(profile: Profile | None, render: Render) -> tuple[StorySection, ...]:
    """The sections of the story that exist, in the order of every school's page."""
    if profile is None:
        return ()
    written = {section.heading: section.markdown for section in profile.sections}
    return tuple(
        StorySection(
            heading,
            ANCHORS[heading],
            _blocks(heading, render(written[heading])) if heading in written else (),
        )
        for heading in SECTIONS
        if heading != APPLY and (heading in written or _declares(profile, heading))
    )


def written_apply(profile: Profile | None, render: Render) -> str:
    """Safe HTML of how to apply, in the school's own words; empty where it wrote nothing."""
    found = [s.markdown for s in profile.sections if s.heading == APPLY] if profile else []
    return render(found[0]) if found else ""


def missing_headings(profile: Profile | None) -> tuple[str, ...]:
    """The sections of which the profile says nothing, neither in words nor in declared facts."""
    if profile is None:
        return SECTIONS
    written = {section.heading for section in profile.sections}
    return tuple(h for h in SECTIONS if h not in written and not _declares(profile, h))


def _declares(profile: Profile, heading: str) -> bool:
    return any(getattr(profile.facts, name) for name in DECLARED.get(heading, ()))


def _blocks(heading: str, html: str) -> tuple[Block, ...]:
    return blocks_of(html) if heading == "历史沿革" else (Block(html),)
