"""`/entry/` and `/entry/<entry-slug>/`: what one can study after 初中, 高中 and so on, how long."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from plugins import addresses
from plugins.catalogue import Catalogue, Programme
from plugins.site.page import HOME_LINK, Link, Page
from plugins.site.views.entry_way import (
    EntryWay,
    StudyLength,
    anchor_of,
    entry_words,
    rows_by_entry,
    ways_of,
)
from plugins.site.views.major_offer import FEW, MajorOffer, major_offers
from plugins.site.views.plan_notice import PlanNotice, notices


class LengthOffers(Struct, frozen=True):
    length: StudyLength
    anchor: str
    majors: tuple[MajorOffer, ...]
    more: tuple[MajorOffer, ...]


class EntryPlace(Struct, frozen=True):
    name: str
    url: str
    schools: int


class EntryView(Struct, frozen=True):
    entry: str
    schools: int
    sections: tuple[LengthOffers, ...]
    places: tuple[EntryPlace, ...]
    plans: tuple[PlanNotice, ...]
    ways: tuple[EntryWay, ...]


class EntriesView(Struct, frozen=True):
    ways: tuple[EntryWay, ...]
    plans: tuple[PlanNotice, ...]


ENTRIES_LINK = Link("从哪里毕业", addresses.ENTRIES)


def pages(catalogue: Catalogue) -> Iterator[Page]:
    groups = rows_by_entry(catalogue)
    ways = ways_of(groups)
    every = [row for lengths in groups.values() for rows in lengths.values() for row in rows]
    yield Page(
        url=addresses.ENTRIES,
        template="entries.html",
        title="初中、高中、中职毕业能读什么",
        description="从哪里毕业，能读几年、学到哪一级：按招生对象和学制查看技工院校的招生计划。",
        view=EntriesView(ways, notices(catalogue, every)),
        trail=(HOME_LINK,),
    )
    for way in ways:
        rows = [row for found in groups[way.entry].values() for row in found]
        yield Page(
            url=way.url,
            template="entry.html",
            title=f"{entry_words(way.entry)}能读的技工院校专业",
            description=(
                f"{entry_words(way.entry)}读技工院校：{way.schools} 所学校招收，学制"
                + "、".join(f"{length.years:g} 年" for length in way.lengths)
                + "，各有哪些专业。"
            ),
            view=EntryView(
                entry=way.entry,
                schools=way.schools,
                sections=tuple(
                    _section(catalogue, length, groups[way.entry][length.years])
                    for length in way.lengths
                ),
                places=_places(catalogue, rows),
                plans=notices(catalogue, rows),
                ways=ways,
            ),
            trail=(HOME_LINK, ENTRIES_LINK),
        )


def _section(catalogue: Catalogue, length: StudyLength, rows: list[Programme]) -> LengthOffers:
    offers = major_offers(catalogue, rows)
    return LengthOffers(length, anchor_of(length.years), offers[:FEW], offers[FEW:])


def _places(catalogue: Catalogue, rows: list[Programme]) -> tuple[EntryPlace, ...]:
    schools: dict[str, set[str]] = {}
    for row in rows:
        schools.setdefault(row.province, set()).add(row.school_id)
    return tuple(
        EntryPlace(unit.name, addresses.province(unit), len(schools[unit.slug]))
        for unit in catalogue.reference.provinces
        if unit.slug in schools
    )
