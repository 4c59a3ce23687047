"""What templates may hold: no inline code, no foreign request, no unescaped text."""

from __future__ import annotations

import re
from pathlib import Path

import pytest


@pytest.mark.parametrize(
    "forbidden",
    [
        r"\sstyle\s*=",
        r"<style\b",
        r"\son[a-z]+\s*=",
        r"javascript:",
        r"<script\b(?![^>]*\bsrc=)(?![^>]*application/ld\+json)",
        r"<(?:script|img|iframe|source)\b[^>]*\bsrc(?:set)?=\"(?:https?:)?//",
        r"<link\b(?![^>]*canonical)[^>]*href=\"(?:https?:)?//",
    ],
)
def test_no_template_holds_inline_code_or_a_foreign_request(
    markup: dict[str, str], forbidden: str
) -> None:
    """The site's policy will allow scripts, styles and images from its own origin only."""
    for path, text in markup.items():
        found = re.search(forbidden, text)
        assert not found, f"{path}: {found and found.group(0)!r}"


def test_only_the_sanitised_story_is_printed_unescaped(markup: dict[str, str]) -> None:
    unescaped = [
        (path, expression.strip())
        for path, text in markup.items()
        for expression in re.findall(r"[\w.]+\s*\|\s*safe\b", text)
    ]
    assert unescaped == [
        ("components/timeline.html", "event.html|safe"),
        ("templates/article.html", "view.html|safe"),
        ("templates/school.html", "block.html|safe"),
        ("templates/school.html", "view.apply.html|safe"),
    ]
    for path, text in markup.items():
        assert "autoescape" not in text, f"{path} switches escaping"


def test_every_template_of_a_page_extends_the_base(markup: dict[str, str]) -> None:
    for path, text in markup.items():
        if path.startswith("templates/") and path != "templates/base.html":
            assert text.startswith('{% extends "base.html" %}'), path


def test_the_search_page_has_every_hook_that_its_script_looks_for(
    theme: Path, markup: dict[str, str]
) -> None:
    scripts = sorted(theme.glob("static/js/search-*.js"))
    script = "\n".join(file.read_text("utf-8") for file in scripts)
    used = ("components/search-", "components/save-button")
    parts = [text for path, text in markup.items() if path.startswith(used)]
    page = "\n".join([markup["templates/search.html"], *parts])
    hooks = set(re.findall(r"\[(data-[a-z-]+)(?:=|\])", script))
    assert len(hooks) >= 8
    for hook in hooks:
        assert hook in page, f"search.html lacks {hook}"
    for field in re.findall(r'(?:data-field="|field\(")([a-z]+)"', script):
        assert f'data-field="{field}"' in page, f"search.html lacks data-field={field}"


def test_waiting_for_verification_is_always_said_in_the_same_words(
    theme: Path, markup: dict[str, str]
) -> None:
    assert "待主管部门核验" in markup["components/verified-mark.html"]
    script = (theme / "static/js/search-results.js").read_text("utf-8")
    assert "待主管部门核验" in script


def test_no_page_calls_a_benefit_a_degree(markup: dict[str, str]) -> None:
    """毕业生享受的是“学历的有关待遇”; a level may never be written as a degree itself."""
    levels = markup["templates/levels.html"]
    assert "{{ row.like }}学历的有关待遇" in levels
    assert "待遇不等于学历证书" in levels
    assert "view.treatment.number" in levels
    assert "view.treatment.document" in levels
