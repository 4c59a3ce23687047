"""Files that are whole or do not count, also where they were read ahead."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest

from plugins import whole_file
from plugins.whole_file import read_whole, reading_ahead, write_whole

VALUE = {"a": (1, "二", b"3"), "b": [None, {4}]}


def damaged(file: Path) -> None:
    data = file.read_bytes()
    file.write_bytes(data[:-1] + bytes([data[-1] ^ 1]))


def test_what_was_written_is_read(tmp_path: Path) -> None:
    write_whole(tmp_path / "kept", VALUE)
    assert read_whole(tmp_path / "kept") == VALUE
    assert [file.name for file in tmp_path.iterdir()] == ["kept"]


@pytest.mark.parametrize("ahead", [False, True])
def test_what_is_damaged_is_as_good_as_none(tmp_path: Path, *, ahead: bool) -> None:
    file = tmp_path / "kept"
    write_whole(file, VALUE)
    whole = file.read_bytes()
    with patch.object(whole_file, "_LARGE", 0 if ahead else 1 << 30):
        for size in range(0, len(whole), 7):
            file.write_bytes(whole[:size])
            with reading_ahead(file):
                assert read_whole(file) is None, size
        file.write_bytes(whole)
        damaged(file)
        with reading_ahead(file):
            assert read_whole(file) is None
        file.unlink()
        with reading_ahead(file):
            assert read_whole(file) is None


@pytest.fixture
def read_by(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the threads that have read a file."""
    threads: list[str] = []
    found_in = whole_file._found_in

    def noted(file: Any) -> Any:
        threads.append(threading.current_thread().name)
        return found_in(file)

    monkeypatch.setattr(whole_file, "_LARGE", 200)
    monkeypatch.setattr(whole_file, "_found_in", noted)
    return threads


def test_a_large_file_is_read_once_and_by_another_thread(
    tmp_path: Path, read_by: list[str]
) -> None:
    small, large = tmp_path / "small", tmp_path / "large"
    write_whole(small, "x")
    write_whole(large, "y" * 1_000)
    others = threading.active_count()
    with reading_ahead(small, large, tmp_path / "missing"):
        assert read_whole(large) == "y" * 1_000
        assert threading.active_count() == others, "whoever forks now has no thread of ours"
        assert read_whole(small) == "x"
        assert [name == "MainThread" for name in read_by] == [False, True]
        assert read_whole(large) == "y" * 1_000, "it can be read again"
    assert len(read_by) == 3


def test_a_file_that_was_replaced_meanwhile_is_read_anew(
    tmp_path: Path, read_by: list[str]
) -> None:
    file = tmp_path / "kept"
    write_whole(file, "old" * 100)
    with reading_ahead(file):
        while not read_by:
            pass
        write_whole(file, "new" * 100)
        assert read_whole(file) == "new" * 100
        file.unlink()
    with reading_ahead(file):
        assert read_whole(file) is None


def test_nothing_is_left_of_what_nobody_asked_for(tmp_path: Path, read_by: list[str]) -> None:
    file = tmp_path / "kept"
    write_whole(file, "old" * 100)
    others = threading.active_count()
    with pytest.raises(KeyError), reading_ahead(file):
        raise KeyError
    assert threading.active_count() == others
    assert whole_file._ahead == {}
