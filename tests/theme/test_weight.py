"""What a first view weighs: bytes that CI counts, so that no page grows unnoticed.

The budget of the design is 40 KB of brotli. Brotli is not among the project's packages, so gzip
stands in for it; gzip makes these files 10 to 15 % larger, so 45 KB of it ask no less.
"""

from __future__ import annotations

import gzip
import re
from pathlib import Path

import pytest

FIRST_VIEW = 45_000
"""Bytes of gzip: HTML, stylesheet and scripts of one page, without photos."""
SCRIPTS = 10_000
"""Bytes of gzip of all scripts that one page loads, with those that they import."""
SEARCH_SCRIPTS = 30_000
"""The same for the search page, which holds the whole search engine."""

KINDS = {
    "home": "",
    "provinces": "provinces/",
    "empty province": "provinces/guizhou/",
    "city": "provinces/zhejiang/330100/",
    "school": "schools/hangzhou-jishi-xueyuan/",
    "school with most": "schools/hangzhou-xiaoshan-jishi-xueyuan/",
    "majors": "majors/",
    "major": "majors/shukong-jiagong/",
    "search": "search/",
    "news": "news/",
    "article": "news/zhejiang/2025-05-07-zhaosheng-jihua/",
    "about": "about/",
    "accessibility": "accessibility/",
    "data": "data/",
}
IMPORT = re.compile(r"""(?:from\s*|import\s*\(?\s*)["\'](\.{1,2}/[^"\']+)["\']""")


def weight(files: set[Path]) -> int:
    return sum(len(gzip.compress(file.read_bytes(), 9, mtime=0)) for file in files)


def with_imports(script: Path) -> set[Path]:
    """A script and every module that it imports, now or later."""
    found: set[Path] = set()
    waiting = [script.resolve()]
    while waiting:
        file = waiting.pop()
        if file not in found:
            found.add(file)
            names = IMPORT.findall(file.read_text("utf-8"))
            waiting += [(file.parent / name).resolve() for name in names]
    return found


def parts(site: Path, kind: str) -> tuple[Path, set[Path], set[Path]]:
    """The page of a kind, its stylesheets, and its scripts."""
    page = site / KINDS[kind] / "index.html"
    text = page.read_text("utf-8")
    styles = re.findall(r'<link rel="stylesheet" href="/([^"]+)"', text)
    scripts = re.findall(r'<script [^>]*\bsrc="/([^"]+)"', text)
    return (
        page,
        {site / name for name in styles},
        {file for name in scripts for file in with_imports(site / name)},
    )


@pytest.mark.parametrize("kind", KINDS)
def test_a_first_view_stays_within_its_budget(real_site: Path, kind: str) -> None:
    page, styles, scripts = parts(real_site, kind)
    assert styles
    own = set() if kind == "search" else scripts
    assert weight({page} | styles | own) <= FIRST_VIEW


@pytest.mark.parametrize("kind", KINDS)
def test_scripts_stay_within_their_budget(real_site: Path, kind: str) -> None:
    _, _, scripts = parts(real_site, kind)
    assert weight(scripts) <= (SEARCH_SCRIPTS if kind == "search" else SCRIPTS)


def test_the_scripts_of_the_search_page_are_found_with_what_they_import(real_site: Path) -> None:
    _, _, scripts = parts(real_site, "search")
    assert len(scripts) >= 2


@pytest.mark.parametrize("kind", KINDS)
def test_no_page_asks_another_host_for_anything(real_site: Path, kind: str) -> None:
    page = parts(real_site, kind)[0].read_text("utf-8")
    loaded = re.findall(r"<(?:script|img|source|iframe|video|audio|embed|object)\b[^>]*>", page)
    loaded += re.findall(r"<link\b(?![^>]*canonical)[^>]*>", page)
    assert loaded
    assert not [tag for tag in loaded if re.search(r'="(?:[a-z]+:)?//', tag)]
