"""`/`: the map of reporting units, what the site holds, and where to start."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from plugins import addresses
from plugins.catalogue import Catalogue, Province
from plugins.catalogue.reference import NationalFigure
from plugins.catalogue.vocabulary import LEVELS
from plugins.site.page import Page
from plugins.site.views.enrolment_season import EnrolmentSeason, enrolment_season
from plugins.site.views.entry_way import EntryWay, entry_ways
from plugins.site.views.major_offer import MajorOffer, by_category, major_offers, newest_programmes
from plugins.site.views.news import NewsItem, latest
from plugins.site.views.plan_notice import PlanNotice, notices

SITE_NAME = "全国技工院校招生宣传平台"


class Tile(Struct, frozen=True):
    """One square of the map, `row` and `column` counted from 1; grey tiles have no `url`.

    `reporting` is what the site has of the unit: 官方名册, 待核验, or 没有; on the map of 报送进度
    also 今年计划.
    """

    name: str
    short_name: str
    url: str | None
    row: int
    column: int
    schools: int
    reporting: str = "没有"


class CategoryCount(Struct, frozen=True):
    name: str
    url: str
    majors: int


class RegionList(Struct, frozen=True):
    """The reporting units of one part of the country, with their counts."""

    name: str
    tiles: tuple[Tile, ...]


class LevelCount(Struct, frozen=True):
    name: str
    url: str
    schools: int


class HomeView(Struct, frozen=True):
    tiles: tuple[Tile, ...]
    grey_tiles: tuple[Tile, ...]
    rows: int
    columns: int
    regions: tuple[RegionList, ...]
    schools: int
    verified: int
    profiles: int
    units: int
    units_with_schools: int
    units_verified: int
    majors: int
    plans: tuple[PlanNotice, ...]
    levels: tuple[LevelCount, ...]
    top_majors: tuple[MajorOffer, ...]
    entries: tuple[EntryWay, ...]
    categories: tuple[CategoryCount, ...]
    season: EnrolmentSeason
    national: tuple[NationalFigure, ...]
    news: tuple[NewsItem, ...]


def _tile(catalogue: Catalogue, province: Province) -> Tile:
    return Tile(
        name=province.name,
        short_name=province.short_name,
        url=addresses.province(province),
        row=province.tile_row,
        column=province.tile_col,
        schools=len(catalogue.schools_of_province[province.slug]),
        reporting=reporting(catalogue, province),
    )


def reporting(catalogue: Catalogue, province: Province) -> str:
    """官方名册 if a document confirms at least one school, 待核验 if there are others only."""
    schools = catalogue.schools_of_province[province.slug]
    if any(school.verified for school in schools):
        return "官方名册"
    return "待核验" if schools else "没有"


class MapTiles(Struct, frozen=True):
    """The country as tiles: reporting units, grey ones beside them, and how many rows, columns."""

    tiles: tuple[Tile, ...]
    grey_tiles: tuple[Tile, ...]
    rows: int
    columns: int


def map_tiles(catalogue: Catalogue) -> MapTiles:
    tiles = tuple(tile for unit in regions(catalogue) for tile in unit.tiles)
    grey = tuple(
        Tile(tile.name, tile.short_name, None, tile.tile_row, tile.tile_col, 0)
        for tile in catalogue.reference.grey_tiles
    )
    return MapTiles(
        tiles,
        grey,
        max((tile.row for tile in tiles + grey), default=0),
        max((tile.column for tile in tiles + grey), default=0),
    )


def regions(catalogue: Catalogue) -> tuple[RegionList, ...]:
    """Reporting units by part of the country, in the order of their codes."""
    groups: dict[str, list[Tile]] = {}
    for province in catalogue.reference.provinces:
        groups.setdefault(province.region, []).append(_tile(catalogue, province))
    return tuple(RegionList(name, tuple(tiles)) for name, tiles in groups.items())


def level_counts(catalogue: Catalogue) -> tuple[LevelCount, ...]:
    return tuple(
        LevelCount(
            level,
            addresses.level(level),
            sum(school.level == level for school in catalogue.schools),
        )
        for level in LEVELS
    )


def pages(catalogue: Catalogue) -> Iterator[Page]:
    units = regions(catalogue)
    drawn = map_tiles(catalogue)
    tiles = drawn.tiles
    programmes = newest_programmes(catalogue, (school.school_id for school in catalogue.schools))
    offers = major_offers(catalogue, programmes)
    view = HomeView(
        tiles=tiles,
        grey_tiles=drawn.grey_tiles,
        rows=drawn.rows,
        columns=drawn.columns,
        regions=units,
        schools=len(catalogue.schools),
        verified=sum(school.verified for school in catalogue.schools),
        profiles=len(catalogue.profiles),
        units=len(tiles),
        units_with_schools=sum(tile.schools > 0 for tile in tiles),
        units_verified=len({s.province for s in catalogue.schools if s.verified}),
        majors=len(offers),
        plans=notices(catalogue, programmes),
        levels=level_counts(catalogue),
        top_majors=offers[:12],
        entries=entry_ways(catalogue),
        categories=tuple(
            CategoryCount(group.name, f"{addresses.MAJORS}#{group.slug}", group.majors)
            for group in by_category(catalogue, offers)
        ),
        season=enrolment_season(catalogue, programmes),
        national=catalogue.reference.national_figures,
        news=latest(catalogue),
    )
    yield Page(
        url=addresses.HOME,
        template="home.html",
        title=f"{SITE_NAME}：找一所靠得住的技工学校",
        description=(
            f"按地区、专业和层次查找全国技工院校。收录 {view.schools} 所，每所学校都写明由谁核验、"
            "数据来自哪份文件。"
        ),
        view=view,
        json_ld={
            "@context": "https://schema.org",
            "@type": "WebSite",
            "name": SITE_NAME,
            "inLanguage": "zh-CN",
        },
    )
