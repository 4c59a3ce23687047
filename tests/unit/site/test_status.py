"""The status page: what it counts, and what its numbers depend on."""

from __future__ import annotations

import datetime as dt
import json
import shutil
from pathlib import Path

from plugins.catalogue import Catalogue, load
from plugins.site.ledger import Written
from plugins.site.page import File
from plugins.site.views.status import StatusView, code_id, pages
from tests.conftest import PROJECT, TODAY

DOWNLOADS = {"data/schools.csv": Written(3, "aa"), "data/majors.csv": Written(3, "bb")}


def status(
    catalogue: Catalogue, downloads: dict[str, Written] = DOWNLOADS, code: str = "c"
) -> StatusView:
    page, file = pages(catalogue, downloads, {"x": dt.date(2026, 5, 1)}, code)
    assert isinstance(file, File)
    assert isinstance(file.data, bytes)
    assert isinstance(page.view, StatusView)
    assert json.loads(file.data)["build"] == page.view.build
    return page.view


def test_the_build_is_known_by_its_day_its_data_and_its_code(small: Path) -> None:
    catalogue = load(small, TODAY)[0]
    first = status(catalogue)
    assert status(load(small, TODAY)[0], dict(reversed(DOWNLOADS.items()))) == first
    others = [
        status(load(small, TODAY + dt.timedelta(days=1))[0]),
        status(catalogue, DOWNLOADS | {"data/majors.csv": Written(3, "cc")}),
        status(catalogue, code="d"),
    ]
    assert len({first.build, *(other.build for other in others)}) == 4


def test_its_days_are_those_of_the_data(small: Path) -> None:
    view = status(load(small, TODAY)[0])
    assert view.day == TODAY
    assert view.data_day == max(
        view.register_checked_on or TODAY, view.profile_confirmed_on or TODAY
    )
    assert (view.plan_year, view.plan_published_on) == (2026, dt.date(2026, 3, 1))
    assert view.changed_on == dt.date(2026, 5, 1)
    assert (view.schools, view.profiles, view.photos) == (6, 1, 1)


def test_what_is_left_out_is_named(small: Path) -> None:
    profile = small / "schools/zhejiang/yanshi-jishi-xueyuan/profile.md"
    profile.write_text("nonsense")
    view = status(load(small, TODAY)[0])
    assert view.left_out == ("schools/zhejiang/yanshi-jishi-xueyuan/profile.md",)
    assert view.profiles == 0


def test_other_code_has_another_number(tmp_path: Path) -> None:
    shutil.copytree(PROJECT / "plugins/cards", tmp_path / "cards")
    theme = tmp_path / "theme"
    theme.mkdir()
    before = code_id(tmp_path / "cards", theme)
    assert code_id(tmp_path / "cards", theme) == before
    (tmp_path / "cards/words.py").write_text("# other\n")
    assert code_id(tmp_path / "cards", theme) != before
