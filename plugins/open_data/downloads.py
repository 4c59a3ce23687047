"""Everything below `/data/` that is made to be taken away, in groups that change together."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from typing import Final, Protocol

from plugins import addresses
from plugins.catalogue import Catalogue
from plugins.open_data.changes import changes_table
from plugins.open_data.describe import csvw_metadata, dictionary, dictionary_md, json_schema
from plugins.open_data.licence import TITLE, about_the_data, data_day, licence_txt
from plugins.open_data.table import Table
from plugins.open_data.tables import province_tables, tables_without_schools
from plugins.open_data.versions import TablesHistory
from plugins.open_data.write_csv import csv_bytes
from plugins.open_data.write_json import json_bytes, pretty_json
from plugins.open_data.write_sqlite import sqlite_bytes

Files = Iterator[tuple[str, bytes]]
"""Paths below the output, and bytes."""

CHECKSUMS: Final = "data/SHA256SUMS"
INDEX: Final = "data/index.json"


class Size(Protocol):
    """Size in bytes and SHA-256 in hex of a file that was made."""

    @property
    def size(self) -> int: ...
    @property
    def sha256(self) -> str: ...


def is_download(name: str) -> bool:
    """Whether a path of the output is a file to take away, and not one that pages fetch."""
    return name.startswith("data/") and not name.startswith(
        ("data/compare/", "data/aid-rules.json", CHECKSUMS, INDEX)
    ) and not name.endswith((".html", ".br", ".gz"))  # fmt: skip


def table_files(table: Table, site_url: str) -> Files:
    """One national table, and the schema of its JSON."""
    yield from _csv_and_json(table, "data/")
    yield f"data/schema/{table.name}.json", pretty_json(json_schema(table, site_url))


def province_files(catalogue: Catalogue, province: str, site_url: str) -> Files:
    """The downloads of one province, given by its slug; none where it has no school."""
    from plugins.open_data.write_workbook import workbook_bytes

    schools = catalogue.schools_of_province[province]
    if not schools:
        return
    unit = catalogue.reference.province_by_slug[province]
    tables = province_tables(catalogue, province)
    folder = addresses.province_data(unit).lstrip("/")
    for table in tables:
        yield from _csv_and_json(table, folder)
    day = data_day(catalogue, schools)
    about = about_the_data(day, site_url) | {"title": f"{TITLE}：{unit.name}"}
    yield f"{folder}csv-metadata.json", pretty_json(csvw_metadata(tables, about))
    yield addresses.province_database(unit).lstrip("/"), sqlite_bytes(tables, about)
    yield addresses.province_workbook(unit).lstrip("/"), workbook_bytes(tables, about, day)


def database_file(tables: Sequence[Table], day: dt.date, site_url: str) -> Files:
    """The national tables in one file; `day` is that of the data."""
    yield addresses.DATABASE.lstrip("/"), sqlite_bytes(tables, about_the_data(day, site_url))


def workbook_file(tables: Sequence[Table], day: dt.date, site_url: str) -> Files:
    """The same for spreadsheets."""
    from plugins.open_data.write_workbook import workbook_bytes

    about = about_the_data(day, site_url)
    yield addresses.WORKBOOK.lstrip("/"), workbook_bytes(tables, about, day)


def description_files(catalogue: Catalogue, site_url: str) -> Files:
    """What explains the tables: to people, to programs that read CSV, to lawyers."""
    tables = tables_without_schools(catalogue)
    about = about_the_data(data_day(catalogue), site_url)
    yield "data/csv-metadata.json", pretty_json(csvw_metadata(tables, about))
    yield "data/dictionary.json", pretty_json(dictionary(tables))
    yield "data/dictionary.md", dictionary_md(tables, about)
    yield "data/licence.txt", licence_txt(about)


def past_files(history: TablesHistory) -> Files:
    """The versions of past months, their list, and the list of changes."""
    for version in history.versions:
        yield version.path, version.data
    listed = [
        {
            "month": version.month,
            "day": version.day,
            "final": version.is_final,
            "path": f"/{version.path}",
            "bytes": len(version.data),
            "sha256": version.sha256,
            "schools": version.schools,
            "programmes": version.programmes,
        }
        for version in history.versions
    ]
    yield "data/versions/index.json", pretty_json(listed)
    yield from _csv_and_json(changes_table(history.changes), "data/")


def listing_files(made: Mapping[str, Size], day: dt.date, site_url: str) -> Files:
    """The list of all downloads and their checksums; both are not in themselves."""
    files = [
        {"path": f"/{name}", "bytes": file.size, "sha256": file.sha256}
        for name, file in sorted(made.items())
    ]
    yield INDEX, pretty_json({**about_the_data(day, site_url), "files": files})
    lines = (
        f"{file.sha256}  {name.removeprefix('data/')}\n" for name, file in sorted(made.items())
    )
    yield CHECKSUMS, "".join(lines).encode()


def _csv_and_json(table: Table, folder: str) -> Files:
    yield f"{folder}{table.name}.csv", csv_bytes(table)
    yield f"{folder}{table.name}.json", json_bytes(table)
