"""Registers and plans are kept by province: an edit reads again what it may have changed."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from plugins.catalogue import Catalogue, Problem, load
from plugins.catalogue.records import Records
from plugins.site.snapshot import take
from tests.conftest import TODAY

REGISTER = "registry/zhejiang/schools.csv"
PLAN = "registry/zhejiang/plans/2026.csv"

Load = Callable[[], tuple[tuple[Catalogue, tuple[Problem, ...]], list[str]]]


@pytest.fixture
def load_again(small: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Load:
    """Loads the content with the records of the last time; also tells which plans were read."""
    module = sys.modules["plugins.catalogue.load_registry"]
    read_csv = module.read_csv  # type: ignore[attr-defined]
    read: list[str] = []

    def noted(file: Path, path: str, *columns: object) -> object:
        read.append(path)
        return read_csv(file, path, *columns)

    monkeypatch.setattr(module, "read_csv", noted)
    (tmp_path / "kept").mkdir()

    def again() -> tuple[tuple[Catalogue, tuple[Problem, ...]], list[str]]:
        read.clear()
        records = Records(tmp_path / "kept", "one day", take(str(small), None).hashes, 1)
        found = load(small, TODAY, records=records)
        records.save()
        return found, sorted(path for path in read if "/plans/" in path)

    return again


def test_plans_are_read_again_only_where_they_or_their_schools_have_changed(
    small: Path, load_again: Load
) -> None:
    plans = sorted(
        file.relative_to(small).as_posix() for file in small.glob("registry/*/plans/*.csv")
    )
    assert load_again()[1] == plans
    assert load_again()[1] == []

    register = small / REGISTER
    head, row, *rest = register.read_text("utf-8").splitlines(keepends=True)
    register.write_text("".join([head, row.rstrip("\n") + "（演示）\n", *rest]), "utf-8")
    assert load_again()[1] == []

    (small / PLAN).write_text((small / PLAN).read_text("utf-8") + "\n", "utf-8")
    assert load_again()[1] == plans


def test_a_plan_loses_its_school_although_no_plan_was_edited(small: Path, load_again: Load) -> None:
    (_, before), _ = load_again()
    register = small / REGISTER
    head, _, *rest = register.read_text("utf-8").splitlines(keepends=True)
    register.write_text("".join([head, *rest]), "utf-8")
    (kept, after), _ = load_again()
    found, problems = load(small, TODAY)
    assert after == problems != before
    assert "plan-unknown-school" in {problem.code for problem in after}
    assert dict(kept.plans) == dict(found.plans)
