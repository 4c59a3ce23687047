"""What the tests of the downloads share: the catalogue of the small tree and its files."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from plugins.catalogue import Catalogue, load
from plugins.open_data import downloads
from plugins.open_data.licence import data_day
from plugins.open_data.table import Table
from plugins.open_data.tables import TABLES, national_table
from plugins.open_data.versions import NOTHING_REMEMBERED
from plugins.site.ledger import Written
from tests.conftest import TODAY

SITE = "https://site.example"


@pytest.fixture
def catalogue(small: Path) -> Catalogue:
    return load(small, TODAY)[0]


@pytest.fixture
def files(catalogue: Catalogue) -> dict[str, bytes]:
    return download_files(catalogue)


def national_tables(catalogue: Catalogue) -> tuple[Table, ...]:
    return tuple(national_table(catalogue, name) for name in TABLES)


def download_files(catalogue: Catalogue) -> dict[str, bytes]:
    """Every download of a catalogue whose past nobody remembers, by path below the output."""
    found: dict[str, bytes] = {}
    tables, day = national_tables(catalogue), data_day(catalogue)
    for table in tables:
        found |= downloads.table_files(table, SITE)
    for unit in catalogue.reference.provinces:
        found |= downloads.province_files(catalogue, unit.slug, SITE)
    found |= downloads.database_file(tables, day, SITE)
    found |= downloads.workbook_file(tables, day, SITE)
    found |= downloads.description_files(catalogue, SITE)
    found |= downloads.past_files(NOTHING_REMEMBERED)
    made = {
        name: Written(len(data), hashlib.sha256(data).hexdigest()) for name, data in found.items()
    }
    return found | dict(downloads.listing_files(made, day, SITE))
