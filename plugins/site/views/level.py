"""`/levels/<level-slug>/`: what one kind of school is, and all schools of that kind."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from plugins import addresses
from plugins.catalogue import Catalogue
from plugins.catalogue.vocabulary import LEVELS
from plugins.site.page import Page
from plugins.site.views.home import HOME_LINK, LevelCount, level_counts
from plugins.site.views.school_card import SchoolCard, school_cards


@dataclass(frozen=True, slots=True)
class ProvinceSchools:
    name: str
    url: str
    schools: tuple[SchoolCard, ...]


@dataclass(frozen=True, slots=True)
class LevelView:
    name: str
    schools: int
    provinces: tuple[ProvinceSchools, ...]
    levels: tuple[LevelCount, ...]


def pages(catalogue: Catalogue) -> Iterator[Page]:
    counts = level_counts(catalogue)
    for level in LEVELS:
        groups = []
        for province in catalogue.reference.provinces:
            found = [s for s in catalogue.schools_of_province[province.slug] if s.level == level]
            if found:
                groups.append(
                    ProvinceSchools(
                        province.name,
                        addresses.province(province),
                        school_cards(catalogue, found),
                    )
                )
        total = sum(len(group.schools) for group in groups)
        yield Page(
            url=addresses.level(level),
            template="level.html",
            title=f"{level}：是什么学校，有哪些",
            description=(
                f"什么是{level}，能学到什么等级，毕业后享受什么待遇；收录的 {total} 所{level}名单。"
            ),
            view=LevelView(level, total, tuple(groups), counts),
            trail=(HOME_LINK,),
        )
