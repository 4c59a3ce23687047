"""The control: what a naive template makes of the same vectors, each in a frame of its own.

Markdown with raw HTML and the extensions that careless sites add, put into a text, an attribute
and a script without escaping. A frame a vector, so that one that hides what follows it hides
nothing of another.
"""

from __future__ import annotations

import html
from collections.abc import Mapping
from typing import Final

import markdown

from tests.security.vectors import vectors

IN_ONE_FRAME: Final = 8
"""Vectors side by side in one frame; one that could hide the next stands at the end of its own."""
IN_ONE_PAGE: Final = 40
"""Frames on one page."""

EXTENSIONS: Final = ("tables", "attr_list", "footnotes", "fenced_code")


def naive_html(text: str) -> str:
    """What a site without a sanitiser makes of Markdown."""
    return str(markdown.markdown(text, extensions=list(EXTENSIONS)))


def naive_pages() -> Mapping[str, str]:
    """Pages of frames by address."""
    documents = [html.escape(_document(frame)) for frame in _frames()]
    pages = {}
    for number, start in enumerate(range(0, len(documents), IN_ONE_PAGE)):
        frames = "".join(
            f'<iframe srcdoc="{document}"></iframe>'
            for document in documents[start : start + IN_ONE_PAGE]
        )
        pages[f"/{number}"] = f"<!doctype html><title>演示数据</title>{frames}"
    return pages


def _frames() -> list[list[str]]:
    """All vectors; those that may hide what follows come last in a frame, one a frame."""
    quiet = [vector.text for vector in vectors() if not vector.swallows]
    frames = [quiet[start : start + IN_ONE_FRAME] for start in range(0, len(quiet), IN_ONE_FRAME)]
    loud = [vector.text for vector in vectors() if vector.swallows]
    return frames + [[text] for text in loud]


def _document(texts: list[str]) -> str:
    words = "".join(f'{naive_html(text)}<p title="{text}">演示</p>' for text in texts)
    scripts = "".join(f'<script>var found = "{text}";</script>' for text in texts)
    return f"<!doctype html><main>{words}</main>{scripts}"
