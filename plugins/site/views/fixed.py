"""The pages that exist once: search, data, not found."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from plugins import addresses
from plugins.catalogue import Catalogue
from plugins.catalogue.schema import (
    PLAN_COLUMNS,
    REGISTER_COLUMNS,
    FrontMatter,
    Programme,
    Record,
    School,
)
from plugins.site.page import Page
from plugins.site.views.home import HOME_LINK, LevelCount, RegionList, level_counts, regions
from plugins.site.views.major_offer import MajorOffer, major_offers


@dataclass(frozen=True, slots=True)
class SearchView:
    """`index_url` is the folder of the search index; the rest are the plain ways in."""

    index_url: str
    regions: tuple[RegionList, ...]
    levels: tuple[LevelCount, ...]
    majors: tuple[MajorOffer, ...]


@dataclass(frozen=True, slots=True)
class FieldRow:
    """One declared field: column name, Chinese title, what belongs there, whether it must be."""

    name: str
    title: str
    description: str
    required: bool


@dataclass(frozen=True, slots=True)
class DataView:
    schools: int
    school_fields: tuple[FieldRow, ...]
    programme_fields: tuple[FieldRow, ...]
    profile_fields: tuple[FieldRow, ...]


@dataclass(frozen=True, slots=True)
class NotFoundView:
    """Where to go on from an address that leads nowhere."""

    regions: tuple[RegionList, ...]
    majors: tuple[MajorOffer, ...]


def field_rows(model: type[Record], names: tuple[str, ...]) -> tuple[FieldRow, ...]:
    """The data dictionary of one table, read from its declaration."""
    return tuple(
        FieldRow(
            name,
            model.model_fields[name].title or "",
            model.model_fields[name].description or "",
            model.model_fields[name].is_required(),
        )
        for name in names
    )


def pages(catalogue: Catalogue, search_index_url: str) -> Iterator[Page]:
    programmes = [row for rows in catalogue.programmes_of_major.values() for row in rows]
    units = regions(catalogue)
    offers = major_offers(catalogue, programmes)
    yield Page(
        url=addresses.SEARCH,
        template="search.html",
        title="搜索技工院校",
        description="输入校名、地方或专业，查找全国技工院校。",
        view=SearchView(
            search_index_url,
            units,
            level_counts(catalogue),
            offers[:24],
        ),
        trail=(HOME_LINK,),
    )
    yield Page(
        url=addresses.DATA,
        template="data.html",
        title="下载数据",
        description="学校名单的 JSON 和 CSV 下载，每一列的含义、来源和许可。",
        view=DataView(
            len(catalogue.schools),
            field_rows(School, REGISTER_COLUMNS),
            field_rows(Programme, PLAN_COLUMNS),
            field_rows(FrontMatter, tuple(FrontMatter.model_fields)),
        ),
        trail=(HOME_LINK,),
    )
    yield Page(
        url=addresses.NOT_FOUND,
        template="404.html",
        title="没有找到这个页面",
        description="没有找到这个页面。可以搜索学校，或按地区查找。",
        view=NotFoundView(units, offers[:12]),
        trail=(HOME_LINK,),
        indexed=False,
    )
