"""What the tests of the downloads share: the catalogue of the small tree and its files."""

from __future__ import annotations

from pathlib import Path

import pytest

from plugins.catalogue import Catalogue, load
from plugins.open_data import download_files
from plugins.open_data.versions import NOTHING_REMEMBERED
from tests.conftest import TODAY

SITE = "https://site.example"


@pytest.fixture
def catalogue(small: Path) -> Catalogue:
    return load(small, TODAY)[0]


@pytest.fixture
def files(catalogue: Catalogue) -> dict[str, bytes]:
    return download_files(catalogue, NOTHING_REMEMBERED, SITE)
