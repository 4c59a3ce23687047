"""The living pages show every component; a published site has none of them."""

from __future__ import annotations

import datetime as dt
import shutil
from pathlib import Path

import pytest
from rich.console import Console

from plugins.site.build import build
from plugins.site.views.design import tokens


@pytest.fixture(scope="module")
def preview(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A preview of a site that has no profile and no photo, so that the build is short."""
    folder = tmp_path_factory.mktemp("preview")
    shutil.copytree(Path(__file__).parents[1] / "fixtures/small", folder / "content")
    shutil.rmtree(folder / "content/schools")
    console = Console(quiet=True)
    build(folder / "content", folder / "output", dt.date(2026, 6, 1), console, preview=True)
    return folder / "output"


def test_every_component_has_an_example_and_every_example_a_component(
    theme: Path, markup: dict[str, str]
) -> None:
    components = {path.stem for path in (theme / "components").glob("*.html")}
    examples = {path.stem for path in (theme / "design/examples").glob("*.html")}
    assert examples == components


def test_every_example_calls_every_macro_of_its_component_that_it_imports(theme: Path) -> None:
    for example in (theme / "design/examples").glob("*.html"):
        first, _, rest = example.read_text("utf-8").partition("\n")
        assert first.startswith(f'{{% from "components/{example.stem}.html" import ')
        for macro in first.removesuffix(" %}").partition(" import ")[2].split(", "):
            assert f"{macro}(" in rest, f"{example.name} never calls {macro}"


def test_the_preview_shows_each_component_with_its_states(preview: Path, theme: Path) -> None:
    for example in (theme / "design/examples").glob("*.html"):
        page = (preview / "design" / example.stem / "index.html").read_text("utf-8")
        assert page.count('class="design-state"') >= 1, example.stem
        assert '<meta name="robots" content="noindex">' in page


def test_the_page_of_tokens_lists_all_of_them(preview: Path, styles: dict[str, str]) -> None:
    page = (preview / "design/index.html").read_text("utf-8")
    found = tokens(styles["tokens.css"])
    assert len(found) > 30
    for token in found:
        assert f"<code>{token.name}</code>" in page


def test_nothing_of_it_is_published(small_site: Path, real_site: Path, preview: Path) -> None:
    for site in (small_site, real_site):
        assert not (site / "design").exists()
    assert "/design/" not in (preview / "sitemap.xml").read_text("utf-8")
