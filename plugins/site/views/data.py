"""`/data/` and `/data/dictionary/`: what can be taken away, explained to a journalist."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any, Final

from msgspec import Struct

from plugins import addresses
from plugins.catalogue import Catalogue
from plugins.catalogue.reference import NationalFigure
from plugins.open_data.changes import KIND_TITLES, Change
from plugins.open_data.columns import ADDED
from plugins.open_data.describe import KIND_WORDS, explained
from plugins.open_data.downloads import Size
from plugins.open_data.licence import (
    DIVISIONS,
    DIVISIONS_LICENCE,
    FACTS,
    TEXTS,
    TILES,
    TILES_LICENCE,
    TITLE,
    data_day,
)
from plugins.open_data.table import Table
from plugins.open_data.tables import row_counts, tables_without_schools
from plugins.open_data.versions import TablesHistory
from plugins.site.page import HOME_LINK, Link, Page

SHOWN_CHANGES: Final = 20
"""Groups of changes on the page; the files hold all."""
SHOWN_NAMES: Final = 3


class Download(Struct, frozen=True):
    """A file to take away: its address and how many bytes it has, where they are known."""

    url: str
    bytes: int | None


class TableDownload(Struct, frozen=True):
    name: str
    title: str
    description: str
    owner: str
    rows: int
    csv: Download
    json: Download


class ProvinceDownloads(Struct, frozen=True):
    """The files of one province that has schools; `tables` are (title, CSV, JSON)."""

    name: str
    schools: int
    workbook: Download
    database: Download
    tables: tuple[tuple[str, Download, Download], ...]


class VersionDownload(Struct, frozen=True):
    month: str
    day: dt.date
    is_final: bool
    schools: int
    programmes: int
    file: Download
    sha256: str


class ChangeGroup(Struct, frozen=True):
    """Changes of one kind in one province on one day; `names` are the first of the schools."""

    date: dt.date
    province: str
    title: str
    year: int | None
    schools: int
    names: tuple[str, ...]


class Example(Struct, frozen=True):
    """A question that the database answers, and the SQL that asks it."""

    question: str
    sql: str


EXAMPLES: Final = (
    Example(
        "哪些省还没有一所学校？",
        "SELECT name FROM provinces WHERE schools = 0 ORDER BY code",
    ),
    Example(
        "哪个专业招得最多、多少所学校有？",
        "SELECT name, seats, schools FROM majors ORDER BY seats DESC, name LIMIT 10",
    ),
    Example(
        "初中毕业就能读的计划，各市有多少人？",
        "SELECT programmes.year, schools.city, SUM(programmes.seats) AS seats\n"
        "FROM programmes JOIN schools USING (school_id)\n"
        "WHERE programmes.entry = '初中' GROUP BY programmes.year, schools.city\n"
        "ORDER BY programmes.year DESC, seats DESC",
    ),
    Example(
        "一份文件里有多少所学校、多少人？",
        "SELECT source_document, year, COUNT(DISTINCT school_id) AS schools, SUM(seats) AS seats\n"
        "FROM programmes GROUP BY source_document, year",
    ),
    Example(
        "哪些学校公布了就业率，是哪一届、什么口径？",
        "SELECT school_name, employment_rate, employment_cohort_year, employment_definition,\n"
        "       employment_source\n"
        "FROM profiles WHERE employment_rate IS NOT NULL",
    ),
)


class Gaps(Struct, frozen=True):
    """What is missing, counted. `national` is the count of the whole country, where we have one."""

    schools: int
    unverified: int
    without_plan: int
    with_old_plan: int
    without_profile: int
    units: int
    units_without_schools: tuple[str, ...]
    without_fees: int
    programmes: int
    national: NationalFigure | None


class Attribution(Struct, frozen=True):
    text: str
    url: str


class DataView(Struct, frozen=True):
    """`plan_years` are the years of which there are plans, newest first; `cite` a citation."""

    title: str
    data_day: dt.date
    plan_years: tuple[int, ...]
    tables: tuple[TableDownload, ...]
    database: Download
    workbook: Download
    provinces: tuple[ProvinceDownloads, ...]
    versions: tuple[VersionDownload, ...]
    changes: tuple[ChangeGroup, ...]
    more_changes: int
    gaps: Gaps
    examples: tuple[Example, ...]
    cite: str
    licence: tuple[str, ...]
    attributions: tuple[Attribution, ...]
    added: str


class DictionaryTable(Struct, frozen=True):
    name: str
    title: str
    description: str
    owner: str
    fields: tuple[FieldRow, ...]


class FieldRow(Struct, frozen=True):
    """One column: its name, Chinese title, kind, what belongs there, whether it must be."""

    name: str
    title: str
    kind: str
    description: str
    required: bool


class DictionaryView(Struct, frozen=True):
    tables: tuple[DictionaryTable, ...]


DATA_LINK = Link("下载数据", addresses.DATA)


def pages(
    catalogue: Catalogue, history: TablesHistory, files: Mapping[str, Size], site_url: str
) -> Iterator[Page]:
    """`files` are the downloads by path below the output, for their sizes."""
    tables = tables_without_schools(catalogue)
    view = _view(catalogue, tables, history, files, site_url)
    yield Page(
        url=addresses.DATA,
        template="data.html",
        title="下载数据",
        description=f"{TITLE}：学校、招生计划、学校资料，CSV、JSON、Excel 和 SQLite，"
        "写明来源、许可、缺什么、怎样引用。",
        view=view,
        trail=(HOME_LINK,),
        json_ld=_dataset(view, site_url),
    )
    yield Page(
        url=addresses.DATA_DICTIONARY,
        template="data-dictionary.html",
        title="数据里每一列的意思",
        description="下载的数据里每张表归谁管、每一列是什么意思、可能是哪些值。",
        view=DictionaryView(tuple(map(_dictionary_table, tables))),
        trail=(HOME_LINK, DATA_LINK),
    )


def _view(
    catalogue: Catalogue,
    tables: Sequence[Table],
    history: TablesHistory,
    files: Mapping[str, Size],
    site_url: str,
) -> DataView:
    def download(path: str) -> Download:
        return Download(f"/{path}", files[path].size if path in files else None)

    day = data_day(catalogue)
    groups = _change_groups(catalogue, history.changes)
    rows = row_counts(catalogue, tables)
    return DataView(
        title=TITLE,
        data_day=day,
        plan_years=tuple(
            sorted({p.year for plans in catalogue.plans.values() for p in plans}, reverse=True)
        ),
        tables=tuple(
            TableDownload(
                table.name, table.title, table.description, table.owner, rows[table.name],
                download(f"data/{table.name}.csv"), download(f"data/{table.name}.json"),
            )
            for table in tables
        ),
        database=download(addresses.DATABASE[1:]),
        workbook=download(addresses.WORKBOOK[1:]),
        provinces=tuple(
            ProvinceDownloads(
                unit.name, len(catalogue.schools_of_province[unit.slug]),
                download(addresses.province_workbook(unit)[1:]),
                download(addresses.province_database(unit)[1:]),
                tuple(
                    (
                        table.title,
                        download(f"{addresses.province_data(unit)[1:]}{table.name}.csv"),
                        download(f"{addresses.province_data(unit)[1:]}{table.name}.json"),
                    )
                    for table in tables[:3]
                ),
            )
            for unit in catalogue.reference.provinces
            if catalogue.schools_of_province[unit.slug]
        ),
        versions=tuple(
            VersionDownload(
                version.month, version.day, version.is_final, version.schools,
                version.programmes, download(version.path), version.sha256,
            )
            for version in history.versions
        ),
        changes=groups[:SHOWN_CHANGES],
        more_changes=max(0, len(groups) - SHOWN_CHANGES),
        gaps=_gaps(catalogue),
        examples=EXAMPLES,
        cite=f"全国技工院校招生宣传平台：{TITLE}，数据日期 {day.isoformat()}，"
        f"{site_url}{addresses.DATA}",
        licence=(FACTS, TEXTS),
        attributions=(
            Attribution(DIVISIONS, DIVISIONS_LICENCE), Attribution(TILES, TILES_LICENCE),
        ),
        added=ADDED,
    )  # fmt: skip


def _gaps(catalogue: Catalogue) -> Gaps:
    schools = [school for school in catalogue.schools if school.status == "active"]
    plans = [catalogue.newest_plan(school) for school in schools]
    rows = [row for plan in plans if plan for row in plan.programmes]
    return Gaps(
        schools=len(schools),
        unverified=sum(not school.verified for school in schools),
        without_plan=sum(plan is None for plan in plans),
        with_old_plan=sum(plan is not None and catalogue.is_past(plan) for plan in plans),
        without_profile=sum(s.school_id not in catalogue.profiles for s in schools),
        units=len(catalogue.reference.provinces),
        units_without_schools=tuple(
            unit.short_name
            for unit in catalogue.reference.provinces
            if not catalogue.schools_of_province[unit.slug]
        ),
        without_fees=sum(all(fee is None for fee in row.tuition) for row in rows),
        programmes=len(rows),
        national=next(
            (one for one in catalogue.reference.national_figures if one.title == "技工院校"), None
        ),
    )


def _change_groups(catalogue: Catalogue, changes: Sequence[Change]) -> tuple[ChangeGroup, ...]:
    def key(change: Change) -> tuple[int, str, str, int]:
        return (-change.date.toordinal(), change.province, change.kind, -(change.year or 0))

    found = []
    for _, group in groupby(sorted(changes, key=key), key):
        one, *others = group
        province = catalogue.reference.province_by_slug.get(one.province)
        names = [f"{c.before} → {c.name}" if c.kind == "school-renamed" else c.name
                 for c in (one, *others)]  # fmt: skip
        found.append(
            ChangeGroup(
                one.date, province.name if province else one.province, KIND_TITLES[one.kind],
                one.year, len(names), tuple(names[:SHOWN_NAMES]),
            )
        )  # fmt: skip
    return tuple(found)


def _dictionary_table(table: Table) -> DictionaryTable:
    return DictionaryTable(
        table.name, table.title, table.description, table.owner,
        tuple(
            FieldRow(c.name, c.title, KIND_WORDS[c.kind], explained(c), c.required)
            for c in table.columns
        ),
    )  # fmt: skip


def _dataset(view: DataView, site_url: str) -> dict[str, Any]:
    """schema.org's Dataset, by which search engines for data find it."""
    files = [(view.workbook, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
             (view.database, "application/vnd.sqlite3"),
             *((table.csv, "text/csv") for table in view.tables)]  # fmt: skip
    return {
        "@context": "https://schema.org",
        "@type": "Dataset",
        "name": view.title,
        "description": "全国技工院校的名册、招生计划和学校资料，每一行写明来源文件和核对日期。",
        "url": site_url + addresses.DATA,
        "inLanguage": "zh-CN",
        "isAccessibleForFree": True,
        "dateModified": view.data_day.isoformat(),
        "license": f"{site_url}{addresses.DATA}#licence",
        "creator": {"@type": "Organization", "name": "全国技工院校招生宣传平台"},
        "distribution": [
            {
                "@type": "DataDownload",
                "contentUrl": site_url + file.url,
                "encodingFormat": encoding,
                "contentSize": f"{file.bytes} B",
            }
            for file, encoding in files
        ],
    }
