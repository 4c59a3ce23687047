"""What pages say to search engines, against schema.org's own vocabulary."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import FIXTURES

VOCABULARY = json.loads((FIXTURES / "schemaorg.json").read_bytes())["types"]
PLAIN = {"Text", "URL", "Date", "DateTime", "Boolean", "Number", "Integer"}
SCRIPT = re.compile(r'<script type="application/ld\+json">(.+?)</script>')


def ancestors(name: str) -> Iterator[str]:
    yield name
    for parent in VOCABULARY[name]["parents"]:
        yield from ancestors(parent)


def ranges(name: str, key: str) -> set[str] | None:
    """What a property of a type may be; None where the vocabulary has no such property."""
    found = [
        set(VOCABULARY[one]["properties"][key])
        for one in ancestors(name)
        if key in VOCABULARY[one]["properties"]
    ]
    return set.union(*found) if found else None


def faults(record: Mapping[str, Any], where: str = "") -> Iterator[str]:
    name = record.get("@type")
    if name not in VOCABULARY:
        yield f"{where}: unknown type {name}"
        return
    for key, value in record.items():
        if key in ("@type", "@context", "@id"):
            continue
        allowed = ranges(name, key)
        if allowed is None:
            yield f"{where}{name}: no property {key}"
            continue
        for one in value if isinstance(value, list) else [value]:
            yield from _fault_of_value(one, allowed, f"{where}{name}.{key}")


def _fault_of_value(value: Any, allowed: set[str], where: str) -> Iterator[str]:
    if isinstance(value, dict):
        if set(value) == {"@id"}:
            return
        if not allowed & set(ancestors(str(value.get("@type")))):
            yield f"{where}: {value.get('@type')} is none of {sorted(allowed)}"
        yield from faults(value, f"{where} ")
    elif isinstance(value, bool):
        if "Boolean" not in allowed:
            yield f"{where}: no truth value"
    elif not allowed & PLAIN and not {"ImageObject", "Place", "Country"} & allowed:
        yield f"{where}: no plain value"
    elif allowed <= {"Date", "DateTime"} and not re.match(r"\d{4}(-\d\d-\d\d)?$", str(value)):
        yield f"{where}: {value} is no day"


def records(site: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    for file in sorted(site.rglob("*.html")):
        for text in SCRIPT.findall(file.read_text("utf-8")):
            record = json.loads(text)
            assert record["@context"] == "https://schema.org"
            for one in record.get("@graph", [record]):
                yield file.relative_to(site).as_posix(), one


@pytest.mark.parametrize("site", ["small_site", "real_site"])
def test_every_type_and_property_is_one_of_schema_org(
    site: str, request: pytest.FixtureRequest
) -> None:
    found = list(records(request.getfixturevalue(site)))
    kinds = {record["@type"] for _, record in found}
    assert {"EducationalOrganization", "Course", "WebSite", "NewsArticle", "Dataset"} <= kinds
    assert [f"{page}: {fault}" for page, one in found for fault in faults(one)] == []


def test_the_check_finds_what_is_wrong() -> None:
    wrong = {
        "@type": "Event",
        "startDate": "soon",
        "colour": "green",
        "organizer": {"@type": "PostalAddress"},
        "location": {"@type": "Castle"},
    }
    with pytest.raises(KeyError):
        list(faults(wrong))
    del wrong["location"]
    assert len(list(faults(wrong))) == 3


def test_a_school_that_is_open_has_courses_and_days(small_site: Path) -> None:
    here = [
        one
        for page, one in records(small_site)
        if page == "schools/yanshi-jishi-xueyuan/index.html"
    ]
    kinds = [one["@type"] for one in here]
    assert kinds == ["EducationalOrganization", "Course", "Course", "Event"]
    assert (here[-1]["startDate"], here[-1]["endDate"]) == ("2026-03-01", "2026-08-31")
    assert "往年" not in here[1]["description"]


def test_a_school_that_does_not_enrol_offers_nothing(small_site: Path) -> None:
    kinds = [
        one["@type"]
        for page, one in records(small_site)
        if page == "schools/yanshi-ningbo-gaoji-jigong-xuexiao/index.html"
    ]
    assert kinds == ["EducationalOrganization"]


def test_a_past_plan_is_told_as_past(real_site: Path) -> None:
    courses = [one for _, one in records(real_site) if one["@type"] == "Course"]
    assert courses
    assert all("（往年）" in one["description"] for one in courses)
