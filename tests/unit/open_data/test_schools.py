"""The downloads: complete, readable by spreadsheets, and harmless there."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
from pathlib import Path
from xml.etree import ElementTree

import pytest

from plugins.catalogue import Catalogue, load
from plugins.catalogue.schema import REGISTER_COLUMNS
from plugins.open_data import schools_csv, schools_json, sitemap_xml
from plugins.open_data.schools import neutral


@pytest.fixture
def catalogue(small: Path) -> Catalogue:
    return load(small, dt.date(2026, 6, 1))[0]


def test_json_lists_every_school_with_all_fields(catalogue: Catalogue) -> None:
    rows = json.loads(schools_json(catalogue))
    assert [row["school_id"] for row in rows] == [s.school_id for s in catalogue.schools]
    for row in rows:
        assert set(row) == {*REGISTER_COLUMNS, "province", "profile", "plan_year", "seats_total"}
    school = next(row for row in rows if row["school_id"] == "yanshi-jishi-xueyuan")
    assert (school["profile"], school["plan_year"], school["seats_total"]) == (True, 2026, 105)
    assert school["verified"] is True


def test_csv_says_the_same_as_json(catalogue: Catalogue) -> None:
    text = schools_csv(catalogue).decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    for row, other in zip(rows, json.loads(schools_json(catalogue)), strict=True):
        assert row["name"] == other["name"]
        assert row["verified"] == ("yes" if other["verified"] else "no")
        assert row["seats_total"] == (
            "" if other["seats_total"] is None else str(other["seats_total"])
        )


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx"])
def test_no_cell_is_taken_for_a_formula(cell: str) -> None:
    assert neutral(cell) == "'" + cell
    assert neutral("学校") == "学校"


def test_the_sitemap_is_xml_with_dates() -> None:
    data = sitemap_xml("https://a.example", [("/a/?b&c", dt.date(2026, 6, 1)), ("/d/", None)])
    space = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
    root = ElementTree.fromstring(data)  # noqa: S314 - our own output
    assert [node.text for node in root.iter(f"{space}loc")] == [
        "https://a.example/a/?b&c",
        "https://a.example/d/",
    ]
    assert [node.text for node in root.iter(f"{space}lastmod")] == ["2026-06-01"]
