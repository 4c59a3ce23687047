"""A component is a template and a stylesheet of one name, and something uses it."""

from __future__ import annotations

import re
from pathlib import Path


def names(paths: dict[str, str], folder: str, ending: str) -> set[str]:
    return {
        path.removeprefix(folder).removesuffix(ending)
        for path in paths
        if path.startswith(folder) and path.endswith(ending)
    }


def test_every_component_has_a_stylesheet_of_its_name(
    markup: dict[str, str], styles: dict[str, str]
) -> None:
    assert names(markup, "components/", ".html") == names(styles, "components/", ".css")


def test_every_component_is_used_by_a_page_or_another_component(markup: dict[str, str]) -> None:
    for name in names(markup, "components/", ".html"):
        users = [
            path
            for path, text in markup.items()
            if f'from "components/{name}.html" import' in text and path != f"components/{name}.html"
        ]
        assert users, f"nothing imports components/{name}.html"


def test_every_imported_macro_is_used(markup: dict[str, str]) -> None:
    for path, text in markup.items():
        for line in re.findall(r'{% from "components/[^"]+" import ([^%]+) %}', text):
            for macro in line.split(", "):
                called = re.search(rf"\b{macro}\(|\bonce\({macro}\b", text)
                assert called, f"{path} never calls {macro}"


def test_every_class_of_a_stylesheet_is_written_somewhere(
    theme: Path, markup: dict[str, str], styles: dict[str, str]
) -> None:
    scripts = [file.read_text("utf-8") for file in sorted(theme.glob("static/js/*.js"))]
    written = "\n".join([*markup.values(), *scripts])
    written += 'class="source-mark"'  # written by plugins.sanitize
    for path, text in styles.items():
        for name in set(re.findall(r"\.([a-z][a-z0-9_-]*)(?=[\s,:.{>+)])", without_comments(text))):
            stem = re.sub(r"--[0-9]$", "--", name)  # tile--{{ step }} is put together
            assert re.search(rf"(?<![\w-]){stem}", written), f"{path}: .{name} styles nothing"


def without_comments(text: str) -> str:
    return re.sub(r"/\*.*?\*/", "", text, flags=re.S)
