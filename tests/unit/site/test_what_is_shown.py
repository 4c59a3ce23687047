"""When a page need not be rendered again: what it shows is the same, by the same templates."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from jinja2 import Environment, meta

import pelicanconf
from plugins.site.page import Link, Page
from plugins.site.templates import named_in
from plugins.site.workshop import shown_digest

TEMPLATES = sorted(Path(pelicanconf.THEME).rglob("*.html"))


@dataclass(frozen=True, slots=True)
class Shown:
    text: str
    value: Any = None


@dataclass(frozen=True)
class Other:
    text: str
    value: Any = None


def page(view: object) -> Page:
    return Page(url="/a/", template="a.html", title="题", description="说明", view=view)


def test_equal_values_show_the_same_whatever_objects_they_are() -> None:
    text = "甲" * 3
    one = Shown(text, (text, Link(text, "/")))
    two = Shown("甲甲甲", ("甲甲甲", Link("甲甲甲", "/")))
    assert shown_digest(page(one)) == shown_digest(page(two))


@pytest.mark.parametrize(
    "other",
    [
        Shown("乙", 1),
        Shown("甲", 2),
        Shown("甲", "1"),
        Shown("甲", (1,)),
        Shown("甲", Shown("1")),
        Other("甲", 1),
        replace(Shown("甲"), value=True),
    ],
)
def test_other_values_show_something_else(other: object) -> None:
    assert shown_digest(page(Shown("甲", 1))) != shown_digest(page(other))


@pytest.mark.parametrize("file", TEMPLATES, ids=lambda file: file.stem)
def test_a_template_names_what_jinja_finds_in_it(file: Path) -> None:
    environment = Environment(autoescape=True)
    source = file.read_text("utf-8")
    found = meta.find_referenced_templates(environment.parse(source))
    assert set(named_in(source, environment)) == set(found)


@pytest.mark.parametrize(
    "source",
    [
        "{% include name %}",
        '{% include ["a.html", "b.html"] %}',
        '{% extends "a.html" if x else "b.html" %}',
        '{# {% include "a.html" %} #}{%- import "b.html" as b -%}',
        "{% from 'a.html' import x %}{% include \"b.html\" ignore missing %}",
        '{% include "a.html" ~ name %}',
        '{% include "a\\x62.html" %}',
    ],
)
def test_names_that_are_worked_out_are_left_to_jinja(source: str) -> None:
    environment = Environment(autoescape=True)
    found = meta.find_referenced_templates(environment.parse(source))
    assert list(named_in(source, environment)) == list(found)
