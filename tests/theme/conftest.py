"""The theme's files, as every test of the theme looks at them."""

from __future__ import annotations

from pathlib import Path

import pytest

from plugins.site.assets import load_assets

THEME = Path(__file__).resolve().parents[2] / "themes/jixiao"


@pytest.fixture(scope="session")
def theme() -> Path:
    return THEME


@pytest.fixture(scope="session")
def markup() -> dict[str, str]:
    """The text of every template and component by its path inside the theme."""
    files = [*THEME.glob("templates/*.html"), *THEME.glob("components/*.html")]
    return {file.relative_to(THEME).as_posix(): file.read_text("utf-8") for file in sorted(files)}


@pytest.fixture(scope="session")
def styles() -> dict[str, str]:
    """The text of every stylesheet by its path inside `static/css`."""
    folder = THEME / "static/css"
    files = sorted(folder.rglob("*.css"))
    return {file.relative_to(folder).as_posix(): file.read_text("utf-8") for file in files}


@pytest.fixture(scope="session")
def site_css() -> str:
    """The one stylesheet that pages load, joined as the build joins it."""
    assets = load_assets(THEME / "static")
    return assets.files[f"{assets.base[1:]}/css/site.css"].decode()
