"""Templates compiled the short way write what Jinja's own compiler writes."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from types import SimpleNamespace

import pytest
from jinja2 import DictLoader, Environment, FileSystemLoader, UndefinedError
from markupsafe import Markup

import pelicanconf
from plugins.catalogue import load
from plugins.site import template_code
from plugins.site.assemble import derive_photos, share
from plugins.site.context import SiteContext
from plugins.site.expected import expected_addresses
from plugins.site.formats import FILTERS, TESTS
from plugins.site.navigation import navigation
from plugins.site.page import Page
from plugins.site.pages import all_pages
from plugins.site.sources import Sources
from plugins.site.template_code import compile_quickly

THEME = Path(pelicanconf.THEME)

HOSTILE = {
    "page.html": (
        '{% from "part.html" import cell, framed, row %}'
        "{% set shown = row(value) %}{{ shown }}|{{ row(value, 2) }}|{{ row(second=value) }}"
        "{% for item in [value, 3, none] %}{{ cell(item) }}{{ loop.index }}{% endfor %}"
        '{% call framed("<i>") %}{{ value }}{% endcall %}{{ safe }}{{ value ~ safe }}'
        "{{ value|upper }}{% macro outer() %}<u>{{ value }}</u>{% endmacro %}{{ outer() }}"
    ),
    "part.html": (
        "{% macro cell(x) %}<td>{{ x }}</td>{% endmacro %}"
        '{% macro row(first="<none>", second=1) %}<tr>{{ cell(first) }}{{ cell(second) }}</tr>'
        "{% endmacro %}"
        "{% macro framed(title) %}<div>{{ title }}{{ caller() }}</div>{% endmacro %}"
    ),
}


def environments(loader: FileSystemLoader | DictLoader) -> tuple[Environment, Environment]:
    """Jinja as it comes, and Jinja as the site uses it."""
    found = []
    for _ in range(2):
        environment = Environment(loader=loader, **pelicanconf.JINJA_ENVIRONMENT)  # noqa: S701
        environment.filters.update(FILTERS)
        environment.tests.update(TESTS)
        found.append(environment)
    found[0].globals["once"] = lambda macro, *values: macro(*values)
    compile_quickly(found[1])
    return found[0], found[1]


def test_every_page_of_the_small_site_is_the_same(
    small: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # No page of ours may need the long way, which would go unnoticed but for the time it takes.
    monkeypatch.setattr(template_code, "_stock_of", None)
    catalogue, _ = load(small, dt.date(2026, 6, 1))
    shared = share(catalogue, small, THEME, tmp_path, "https://a.example")
    shared.photos = derive_photos(catalogue, small, tmp_path / "photos", catalogue.profiles)
    pages = all_pages(Sources(shared, set()))
    where = navigation(expected_addresses(catalogue))
    site = SiteContext(pelicanconf.SITENAME, "https://a.example", "/as", catalogue.today, where)
    stock, quick = environments(FileSystemLoader([THEME / "templates", THEME]))
    assert len(pages) > 40
    for page in pages:
        shown = [
            environment.get_template(page.template).render(site=site, page=page, view=page.view)
            for environment in (stock, quick)
        ]
        assert shown[0] == shown[1], page.url


@pytest.mark.parametrize(
    "value", ["<script>", "a&b\"'", "", 3, None, Markup("<b>"), ("<", ">"), {"a": "<"}, 1.5]
)
def test_hostile_values_are_escaped_alike(value: object) -> None:
    stock, quick = (
        environment.get_template("page.html").render(value=value, safe=Markup("<em>"))
        for environment in environments(DictLoader(HOSTILE))
    )
    assert stock == quick


def test_a_value_that_brings_its_own_html_keeps_it() -> None:
    _, quick = environments(DictLoader({"page.html": "{{ value }}"}))
    value = SimpleNamespace(__html__=lambda: "<b>")
    assert quick.get_template("page.html").render(value=value) == "<b>"


def test_what_only_the_long_way_finds_is_found() -> None:
    text = (
        "{{ value.a }}{% if value.b is defined %}{{ value.b }}{% endif %}{{ value.c|default(3) }}"
    )
    for environment in environments(DictLoader({"page.html": text})):
        assert environment.get_template("page.html").render(value={"a": "<"}) == "&lt;3"


def test_macros_take_arguments_by_name_and_refuse_others() -> None:
    texts = {
        "page.html": '{% from "part.html" import row %}{{ row(second="<", first=2) }}{{ row(1) }}',
        "bad.html": '{% from "part.html" import row %}{{ row(third=1) }}',
        "part.html": "{% macro row(first, second=3) %}{{ first }}{{ second }};{% endmacro %}",
    }
    for environment in environments(DictLoader(texts)):
        assert environment.get_template("page.html").render() == "2&lt;;13;"
        with pytest.raises(TypeError, match="third"):
            environment.get_template("bad.html").render()


@pytest.mark.parametrize("text", ["{{ nothing }}", "{{ view.nothing }}", "{{ view.nothing() }}"])
def test_what_is_not_there_is_an_error(text: str) -> None:
    _, quick = environments(DictLoader({"page.html": text}))
    with pytest.raises(UndefinedError, match="nothing"):
        quick.get_template("page.html").render(view=SimpleNamespace(other=1))


def test_a_component_without_the_macro_is_an_error() -> None:
    templates = {"page.html": '{% from "part.html" import x %}{{ x(1) }}', "part.html": ""}
    _, quick = environments(DictLoader(templates))
    with pytest.raises(UndefinedError, match="does not export"):
        quick.get_template("page.html").render()


def test_what_pages_share_is_written_once_for_equal_text() -> None:
    _, quick = environments(
        DictLoader({"part.html": "{% macro part(text) %}{{ text }}{{ count() }}{% endmacro %}"})
    )
    called = []
    quick.globals["count"] = lambda: called.append(1) or len(called)
    part = quick.get_template("part.html").module.part
    once = quick.globals["once"]
    found = [once(part, "".join(letters)) for letters in ("ab", "ba", "ab")]
    assert found == ["ab1", "ba2", "ab1"]


def test_the_header_marks_the_section_of_a_page() -> None:
    urls = ("/", "/majors/", "/majors/a/b/", "/404.html")
    found = [Page(url, "", "", "", None).section for url in urls]
    assert found == ["/", "/majors/", "/majors/", "/404.html/"]
