"""Parts that are kept by what has changed of them are read back as if they had been kept whole."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plugins import kept_parts
from plugins.kept_parts import changes_beside, read_parts, write_parts

Parts = dict[str, Any]

_values = st.integers(0, 3)
_parts = st.fixed_dictionaries(
    {
        "rows": st.dictionaries(st.sampled_from("abcdefghijklmnop"), _values),
        "units": st.dictionaries(st.sampled_from("abcd"), st.tuples(_values, _values)),
        "said": st.text(max_size=3),
    }
)


@pytest.fixture(autouse=True, scope="module")
def few_are_many() -> Iterator[None]:
    with patch.object(kept_parts, "_MANY", 0), patch.object(kept_parts, "_PORTION", 1):
        yield


@given(st.lists(_parts, min_size=1, max_size=8))
def test_whatever_was_kept_last_is_read(history: list[Parts]) -> None:
    with tempfile.TemporaryDirectory() as place:
        file = Path(place, "kept")
        for parts in history:
            write_parts(file, parts, read_parts(file))
            kept = read_parts(file)
            assert kept is not None
            assert kept.parts == parts


def parts_of(changed: int = 0) -> Parts:
    return {"rows": {f"row {n}": (n, changed if n == 7 else 0) for n in range(1_000)}, "said": "x"}


def test_one_changed_entry_is_written_alone(tmp_path: Path) -> None:
    file = tmp_path / "kept"
    write_parts(file, parts_of(), None)
    before = file.read_bytes()
    for changed in (1, 2):
        write_parts(file, parts_of(changed), read_parts(file))
        assert file.read_bytes() == before
        assert changes_beside(file).stat().st_size < 500
    kept = read_parts(file)
    assert kept is not None
    assert kept.parts == parts_of(2)


def test_values_that_are_not_plain_become_so(tmp_path: Path) -> None:
    file = tmp_path / "kept"
    plain = {"paths": os.fspath}
    several = {f"{n}": Path(f"{n}") for n in range(100)}
    write_parts(file, {"paths": several}, None, plain)
    last = read_parts(file)
    assert last is not None
    last.parts["paths"] = dict(several)  # as whoever read them keeps them
    write_parts(file, {"paths": several | {"7": Path("other")}}, last, plain)
    kept = read_parts(file)
    assert kept is not None
    assert kept.parts["paths"] == {f"{n}": f"{n}" for n in range(100)} | {"7": "other"}
    assert last.parts["paths"] == several


@pytest.mark.parametrize("which", ["whole", "changes"])
@pytest.mark.parametrize("how", ["missing", "cut", "older"])
def test_one_file_without_the_other_is_as_good_as_none(
    tmp_path: Path, which: str, how: str
) -> None:
    file = tmp_path / "kept"
    write_parts(file, parts_of(), None)
    place = file if which == "whole" else changes_beside(file)
    older = place.read_bytes()
    write_parts(file, parts_of(1), None)
    if how == "missing":
        place.unlink()
    else:
        place.write_bytes(older if how == "older" else place.read_bytes()[:-1])
    assert read_parts(file) is None


def test_much_that_has_changed_is_written_whole(tmp_path: Path) -> None:
    file = tmp_path / "kept"
    write_parts(file, parts_of(), None)
    before = file.read_bytes()
    other = {"rows": {f"other {n}": n for n in range(1_000)}, "said": "x"}
    write_parts(file, other, read_parts(file))
    assert file.read_bytes() != before
    kept = read_parts(file)
    assert kept is not None
    assert kept.parts == other
    assert kept.changes == {}
