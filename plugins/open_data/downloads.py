"""Everything below `/data/` that is made to be taken away."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from typing import Final

from plugins import addresses
from plugins.catalogue import Catalogue
from plugins.open_data.changes import changes_table
from plugins.open_data.describe import csvw_metadata, dictionary, dictionary_md, json_schema
from plugins.open_data.licence import about_the_data, data_day, licence_txt
from plugins.open_data.table import Table
from plugins.open_data.tables import national_tables, province_tables
from plugins.open_data.versions import TablesHistory
from plugins.open_data.write_csv import csv_bytes
from plugins.open_data.write_json import json_bytes, pretty_json
from plugins.open_data.write_sqlite import sqlite_bytes
from plugins.open_data.write_workbook import workbook_bytes

CHECKSUMS: Final = "data/SHA256SUMS"


def download_files(catalogue: Catalogue, history: TablesHistory, site_url: str) -> dict[str, bytes]:
    """All downloads by path below the output, with the list of their checksums.

    `index.json` lists them with sizes; it and the checksums are not in themselves.
    """
    files = dict(_national(catalogue, site_url))
    for unit in catalogue.reference.provinces:
        if catalogue.schools_of_province[unit.slug]:
            files |= province_files(catalogue, unit.slug, site_url)
    files |= _remembered(history)
    files["data/index.json"] = _index(catalogue, files, site_url)
    sums = (f"{_sha256(data)}  {name.removeprefix('data/')}\n" for name, data in files.items())
    files[CHECKSUMS] = "".join(sorted(sums, key=lambda line: line.split("  ")[1])).encode()
    return dict(sorted(files.items()))


def _national(catalogue: Catalogue, site_url: str) -> Iterator[tuple[str, bytes]]:
    tables = national_tables(catalogue)
    about = about_the_data(catalogue, site_url)
    yield from _table_files(tables, "data")
    yield addresses.DATABASE[1:], sqlite_bytes(tables, about)
    yield addresses.WORKBOOK[1:], workbook_bytes(tables, about, data_day(catalogue))
    yield "data/csv-metadata.json", pretty_json(csvw_metadata(tables, about))
    yield "data/dictionary.json", pretty_json(dictionary(tables))
    yield "data/dictionary.md", dictionary_md(tables, about)
    yield "data/licence.txt", licence_txt(catalogue, site_url)
    for table in tables:
        yield f"data/schema/{table.name}.json", pretty_json(json_schema(table, site_url))


def province_files(catalogue: Catalogue, province: str, site_url: str) -> dict[str, bytes]:
    """The downloads of one province, given by its slug."""
    unit = catalogue.reference.province_by_slug[province]
    tables = province_tables(catalogue, province)
    about = about_the_data(catalogue, site_url)
    about["title"] = f"{about['title']}：{unit.name}"
    folder = addresses.province_data(unit).strip("/")
    book = workbook_bytes(tables, about, data_day(catalogue))
    return dict(_table_files(tables, folder)) | {addresses.province_workbook(unit)[1:]: book}


def _table_files(tables: tuple[Table, ...], folder: str) -> Iterator[tuple[str, bytes]]:
    for table in tables:
        yield f"{folder}/{table.name}.csv", csv_bytes(table)
        yield f"{folder}/{table.name}.json", json_bytes(table)


def _remembered(history: TablesHistory) -> dict[str, bytes]:
    table = changes_table(history.changes)
    listed = [
        {
            "month": version.month,
            "day": version.day,
            "final": version.is_final,
            "path": "/" + version.path,
            "bytes": len(version.data),
            "sha256": version.sha256,
            "schools": version.schools,
            "programmes": version.programmes,
        }
        for version in history.versions
    ]
    files = {version.path: version.data for version in history.versions}
    files["data/versions/index.json"] = pretty_json(listed)
    return files | {
        "data/changes.csv": csv_bytes(table),
        "data/changes.json": json_bytes(table),
    }


def _index(catalogue: Catalogue, files: Mapping[str, bytes], site_url: str) -> bytes:
    record = about_the_data(catalogue, site_url) | {
        "files": [
            {"path": f"/{name}", "bytes": len(data), "sha256": _sha256(data)}
            for name, data in sorted(files.items())
        ]
    }
    return pretty_json(record)


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
