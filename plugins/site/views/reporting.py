"""`/reporting/` and `/reporting/<province>/`: 报送进度, for anybody to follow at a glance."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from msgspec import Struct
from msgspec.structs import replace

from plugins import addresses
from plugins.catalogue import Catalogue
from plugins.site.page import HOME_LINK, Link, Page
from plugins.site.reporting import SchoolReport, UnitReport
from plugins.site.views.home import Tile, map_tiles
from plugins.site.views.school.missing import Lack


class ReportingView(Struct, frozen=True):
    """`units` in the order of the reference table; the sums are over all of them."""

    year: int
    units: tuple[UnitReport, ...]
    tiles: tuple[Tile, ...]
    grey_tiles: tuple[Tile, ...]
    rows: int
    columns: int
    units_with_schools: int
    units_verified: int
    units_with_plan: int
    schools: int
    verified: int
    with_plan: int
    profiles: int
    warnings: int


class LackingGroup(Struct, frozen=True):
    """Schools that lack the very same things."""

    by_authority: tuple[Lack, ...]
    by_school: tuple[Lack, ...]
    schools: tuple[SchoolReport, ...]


class UnitReportView(Struct, frozen=True):
    """`groups` are those that are not complete, the largest first; `rows` says in which row of the
    table of things to add a thing stands."""

    report: UnitReport
    province_url: str
    groups: tuple[LackingGroup, ...]
    rows: Mapping[str, int]


REPORTING_LINK = Link("报送进度", addresses.REPORTING)


def pages(catalogue: Catalogue, reports: tuple[UnitReport, ...]) -> Iterator[Page]:
    by_name = {report.name: report for report in reports}
    drawn = map_tiles(catalogue)
    yield Page(
        url=addresses.REPORTING,
        template="reporting.html",
        title="报送进度",
        description="各省、自治区、直辖市和新疆生产建设兵团向本平台报送了什么，还缺什么。",
        view=ReportingView(
            year=catalogue.today.year,
            units=reports,
            tiles=tuple(
                replace(
                    tile,
                    url=by_name[tile.name].url,
                    reporting="今年计划" if by_name[tile.name].with_plan else tile.reporting,
                )
                for tile in drawn.tiles
            ),
            grey_tiles=drawn.grey_tiles,
            rows=drawn.rows,
            columns=drawn.columns,
            units_with_schools=sum(report.schools > 0 for report in reports),
            units_verified=sum(report.verified > 0 for report in reports),
            units_with_plan=sum(report.with_plan > 0 for report in reports),
            schools=sum(report.schools for report in reports),
            verified=sum(report.verified for report in reports),
            with_plan=sum(report.with_plan for report in reports),
            profiles=sum(report.profiles for report in reports),
            warnings=sum(report.warnings for report in reports),
        ),
        trail=(HOME_LINK,),
    )
    for report in reports:
        unit = catalogue.reference.province_by_slug[report.province]
        yield Page(
            url=report.url,
            template="reporting-unit.html",
            title=f"{report.name}报送进度",
            description=f"{report.name}的技工院校资料报送到哪一步，哪些学校还缺什么、怎样补。",
            view=UnitReportView(
                report,
                addresses.province(unit),
                _groups(report),
                {thing.what: number for number, thing in enumerate(report.to_add, 1)},
            ),
            trail=(HOME_LINK, REPORTING_LINK),
            changed_on=report.newest_change,
        )


def _groups(report: UnitReport) -> tuple[LackingGroup, ...]:
    found: dict[tuple[tuple[Lack, ...], tuple[Lack, ...]], list[SchoolReport]] = {}
    for school in report.lacking:
        found.setdefault((school.by_authority, school.by_school), []).append(school)
    groups = (LackingGroup(*lacks, tuple(schools)) for lacks, schools in found.items())
    return tuple(sorted(groups, key=lambda group: -len(group.schools)))
