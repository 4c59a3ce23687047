"""Dictionary, CSVW metadata and JSON Schemas, by parsers that others wrote."""

from __future__ import annotations

import asyncio
import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import csvw
import jsonschema
import pytest
from datasette.app import Datasette

from plugins.catalogue import Catalogue
from plugins.open_data.licence import DIVISIONS, TILES
from plugins.site.views.data import EXAMPLES
from tests.conftest import PROJECT
from tests.unit.open_data.conftest import download_files, national_tables

TABLES = ("schools", "programmes", "profiles", "provinces", "majors")


@pytest.fixture(scope="module")
def real_downloads(real_catalogue: Catalogue, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("downloads")
    for name, data in download_files(real_catalogue).items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)
    return folder / "data"


@pytest.mark.parametrize("name", TABLES)
def test_every_record_has_the_shape_that_its_schema_declares(
    real_downloads: Path, name: str
) -> None:
    schema = json.loads((real_downloads / f"schema/{name}.json").read_bytes())
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(
        schema, format_checker=jsonschema.Draft202012Validator.FORMAT_CHECKER
    )
    records = json.loads((real_downloads / f"{name}.json").read_bytes())
    assert records
    assert [fault.message for fault in validator.iter_errors(records)] == []
    wrong = [{**records[0], "unheard_of": 1}]
    assert list(validator.iter_errors(wrong))


def test_a_reader_of_csv_on_the_web_reads_every_table_with_types_and_references(
    real_downloads: Path, real_catalogue: Catalogue
) -> None:
    group = csvw.TableGroup.from_file(real_downloads / "csv-metadata.json")
    read: dict[str, list[Any]] = {
        str(table.url): list(table.iterdicts(strict=True)) for table in group.tables
    }
    for table in national_tables(real_catalogue):
        rows = read[f"{table.name}.csv"]
        assert len(rows) == len(table.rows)
        assert list(rows[0]) == list(table.column_names)
    assert {type(row["verified"]) for row in read["schools.csv"]} == {bool}
    assert group.check_referential_integrity(strict=True)


def test_the_tables_of_a_province_are_described_beside_them(real_downloads: Path) -> None:
    folder = real_downloads / "provinces/zhejiang"
    group = csvw.TableGroup.from_file(folder / "csv-metadata.json")
    read = {str(table.url): list(table.iterdicts(strict=True)) for table in group.tables}
    assert list(read) == ["schools.csv", "programmes.csv", "profiles.csv"]
    assert {row["province"] for row in read["schools.csv"]} == {"zhejiang"}
    assert {type(row["verified"]) for row in read["schools.csv"]} == {bool}
    assert group.check_referential_integrity(strict=True)


def test_the_dictionary_explains_every_column(
    real_downloads: Path, real_catalogue: Catalogue
) -> None:
    told = json.loads((real_downloads / "dictionary.json").read_bytes())
    markdown = (real_downloads / "dictionary.md").read_text("utf-8")
    for table, words in zip(national_tables(real_catalogue), told, strict=True):
        assert [one["name"] for one in words["columns"]] == list(table.column_names)
        assert all(one["title"] != one["name"] for one in words["columns"])
        assert all(f"| `{name}` |" in markdown for name in table.column_names)


def test_the_attribution_is_the_one_of_the_sources(real_downloads: Path) -> None:
    def plain(text: str) -> str:
        for mark in (
            "[知识共享 署名 4.0（CC BY 4.0）](https://creativecommons.org/licenses/by/4.0/deed.zh-hans)",
        ):
            text = text.replace(mark, "知识共享 署名 4.0（CC BY 4.0）")
        return text.replace("[hafen/geofacet](https://github.com/hafen/geofacet)", "hafen/geofacet")

    sources = plain((PROJECT / "docs/data-sources.md").read_text("utf-8"))
    licence = (real_downloads / "licence.txt").read_text("utf-8")
    for sentence in (DIVISIONS, TILES):
        assert sentence in sources
        assert sentence in licence


def test_datasette_serves_every_table_and_answers_the_questions_of_the_page(
    real_downloads: Path, real_catalogue: Catalogue
) -> None:
    async def ask() -> None:
        datasette = Datasette([str(real_downloads / "jixiao.db")], immutables=())
        await datasette.invoke_startup()
        for table in national_tables(real_catalogue):
            answer = await datasette.client.get(f"/jixiao/{table.name}.json?_size=5&_shape=objects")
            assert answer.status_code == 200
            told = answer.json()
            assert told["filtered_table_rows_count"] == len(table.rows)
            assert list(told["rows"][0])[-len(table.columns) :] == list(table.column_names)
            page = await datasette.client.get(f"/jixiao/{table.name}")
            assert page.status_code == 200
        for example in EXAMPLES:
            answer = await datasette.client.get(
                "/jixiao.json", params={"sql": example.sql, "_shape": "array"}
            )
            assert answer.status_code == 200, answer.text
            assert answer.json() or "就业率" in example.question
        datasette.remove_database("jixiao")
        own = real_downloads / "provinces/zhejiang/jixiao-zhejiang.db"
        datasette = Datasette([str(own)], immutables=())
        await datasette.invoke_startup()
        answer = await datasette.client.get("/jixiao-zhejiang/schools.json?_shape=objects")
        assert answer.json()["filtered_table_rows_count"] == len(
            real_catalogue.schools_of_province["zhejiang"]
        )
        datasette.remove_database("jixiao-zhejiang")

    # In a thread of its own: the browser tests keep a loop of events running in this one.
    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, ask()).result()
