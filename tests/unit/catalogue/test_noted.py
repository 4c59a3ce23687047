"""What is noted of profiles while they are read is what would be found of them afterwards."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from plugins.catalogue import Catalogue, load
from plugins.catalogue.last_good import LastGood
from plugins.catalogue.records import Records
from plugins.site.snapshot import take
from plugins.site.trace import of_profile
from tests.conftest import TODAY

SCHOOL = "yanshi-jishi-xueyuan"
UNIT = f"schools/zhejiang/{SCHOOL}"


def load_noted(content: Path, kept: Path, processes: int = 1) -> Catalogue:
    kept.mkdir(exist_ok=True)
    hashes = take(str(content), None).hashes
    records = Records(kept, "one day", hashes, processes, note=of_profile)
    catalogue, _ = load(content, TODAY, records=records)
    records.save()
    return catalogue


@pytest.mark.parametrize("processes", [1, 2])
def test_the_note_of_a_profile_is_what_is_found_of_it_when_it_was_kept(
    small: Path, tmp_path: Path, processes: int
) -> None:
    first = load_noted(small, tmp_path / "kept", processes)
    assert first.noted.keys() == first.profiles.keys() != set()
    again = load_noted(small, tmp_path / "kept")
    assert not again.noted
    assert first.noted == {name: of_profile(one) for name, one in again.profiles.items()}


def test_the_note_of_a_version_that_is_not_shown_is_not_taken(small: Path, tmp_path: Path) -> None:
    earlier = tmp_path / "earlier"
    shutil.copytree(small / UNIT, earlier)
    (tmp_path / "kept").mkdir()
    records = Records(
        tmp_path / "kept", "one day", take(str(small), None).hashes, 1, note=of_profile
    )
    assert SCHOOL in load(small, TODAY, records=records)[0].noted
    # As when a fault between two units was found: the same records, another version.
    good = LastGood(earlier, TODAY, {})
    for instead in (good, None):
        catalogue, _ = load(small, TODAY, instead={UNIT: instead}, records=records)
        assert (SCHOOL in catalogue.profiles) == (instead is good)
        assert SCHOOL not in catalogue.noted
