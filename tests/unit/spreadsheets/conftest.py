"""The desk on which workbooks are edited in these tests."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.spreadsheets.office import Office


@pytest.fixture
def office(
    small: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> Office:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1780272000")  # 2026-06-01
    desk = tmp_path / "desk"
    desk.mkdir()
    return Office(small, desk, capsys)
