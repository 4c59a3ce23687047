"""Every example of the design system goes through axe, in both schemes."""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page
from rich.console import Console

from plugins.site.build import build
from tests.conftest import serve

pytestmark = pytest.mark.browser

ROOT = Path(__file__).resolve().parents[2]
OPTIONS = {"rules": {"landmark-unique": {"enabled": False}}}
"""Two states of one landmark stand on one page here; on a real page the component stands once."""
EXAMPLES = sorted(file.stem for file in (ROOT / "themes/jixiao/design/examples").glob("*.html"))


@pytest.fixture(scope="module")
def preview_origin(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("preview")
    shutil.copytree(ROOT / "tests/fixtures/small", folder / "content")
    console = Console(quiet=True)
    build(folder / "content", folder / "output", dt.date(2026, 6, 1), console, preview=True)
    server, origin = serve(folder / "output")
    yield origin
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="module")
def page(chromium: Browser) -> Iterator[Page]:
    context = chromium.new_context(viewport={"width": 360, "height": 800}, locale="zh-CN")
    yield context.new_page()
    context.close()


@pytest.mark.parametrize("example", ["", *EXAMPLES])
def test_axe_finds_nothing_in_an_example(page: Page, preview_origin: str, example: str) -> None:
    page.goto(f"{preview_origin}/design/{example}{'/' if example else ''}")
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        found = [
            f"{scheme} {violation['id']}: {node['html'][:100]}"
            for violation in Axe().run(page, options=OPTIONS).response["violations"]
            for node in violation["nodes"]
        ]
        assert found == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
