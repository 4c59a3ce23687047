"""The guides: the field list is the schema, and every link from a problem leads somewhere."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from plugins.catalogue.explained import FIELDS, MODELS, explained
from plugins.contribute.field_guide import field_guide

PROJECT = Path(__file__).resolve().parents[3]


def test_the_field_guide_is_what_the_schema_says() -> None:
    assert (PROJECT / FIELDS).read_text("utf-8") == field_guide()


def codes() -> list[str]:
    """Every problem code that is spelt out in the code or told of the wrong tree."""
    found = set()
    for file in sorted((PROJECT / "plugins").rglob("*.py")):
        found |= set(
            re.findall(
                r'"((?:[a-z]+)(?:-[a-z0-9]+)+)", ?(?:"(?:error|warning)"|\n)',
                file.read_text("utf-8"),
            )
        )
    told = (PROJECT / "tests/fixtures/wrong-problems.txt").read_text("utf-8")
    return sorted(found | set(re.findall(r" (?:error|warning) ([a-z0-9-]+) ", told)))


@pytest.mark.parametrize("code", codes())
def test_every_problem_leads_to_its_explanation(code: str) -> None:
    file, _, anchor = explained(code).partition("#")
    text = (PROJECT / file).read_text("utf-8")
    assert not anchor or f'<a id="{anchor}"></a>' in text


def test_every_kind_of_record_is_in_the_guide() -> None:
    text = field_guide()
    for kind, model in MODELS.items():
        for name in model.model_fields:
            assert f'<a id="{kind}-{name.replace("_", "-")}"></a>' in text
