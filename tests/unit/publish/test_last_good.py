"""The last good version of what has become bad: kept, found again, checked again."""

from __future__ import annotations

import datetime as dt
import json
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from plugins.catalogue import Catalogue, load
from plugins.catalogue.last_good import changes_with, placed
from plugins.catalogue.quarantine import LEAST, Quarantine, allowed, load_with_quarantine
from plugins.publish.accepted import Accepted
from plugins.publish.earlier_versions import earlier_versions
from plugins.site.history import last_changes
from tests.conftest import add_other_photo

TODAY = dt.date(2026, 6, 1)
FOLDER = "schools/zhejiang/yanshi-jishi-xueyuan"
PROFILE = f"{FOLDER}/profile.md"
NOTICE = "news/zhejiang/2026-03-02-yanshi-tongzhi.md"
NATIONAL_NOTICE = "news/national/2025-09-01-yanshi-quanguo.md"


def remembered(content: Path, store: Path) -> Catalogue:
    catalogue, _ = load(content, TODAY)
    Accepted(store).remember(content, catalogue, {PROFILE: dt.date(2026, 5, 1)})
    return catalogue


def quarantined(content: Path, store: Path) -> Quarantine:
    with earlier_versions(content, Accepted(store)) as versions:
        found = load_with_quarantine(content, TODAY, versions)
        for path, facts in found.catalogue.photos.items():
            data = placed(content, path, found.catalogue.last_good).read_bytes()
            assert len(data) == facts.bytes
    return found


def break_profile(content: Path) -> None:
    (content / PROFILE).write_text("nonsense")


def break_photo(content: Path) -> None:
    (content / FOLDER / "gate.jpg").write_bytes(b"no photo")


def lose_photo(content: Path) -> None:
    (content / FOLDER / "gate.jpg").unlink()


def lose_profile(content: Path) -> None:
    (content / PROFILE).unlink()


def add_script(content: Path) -> None:
    (content / FOLDER / "run.html").write_text("<script>alert(1)</script>")


def break_notice(content: Path) -> None:
    (content / NOTICE).write_text("nonsense")


@pytest.mark.parametrize(
    "harm", [break_profile, break_photo, lose_photo, lose_profile, add_script, break_notice]
)
def test_what_becomes_bad_is_read_as_it_was(
    small: Path, tmp_path: Path, harm: Callable[[Path], None]
) -> None:
    before = remembered(small, tmp_path / "store")
    harm(small)
    found = quarantined(small, tmp_path / "store")
    assert found.fatal == ""
    assert replace(found.catalogue, last_good={}) == before
    (one,) = found.set_aside
    assert one.path == (NOTICE if harm is break_notice else PROFILE)
    assert one.shown is not None
    assert one.shown.good_on == TODAY
    assert all(fault.line >= 1 and fault.fix for fault in one.problems)


def test_the_days_of_change_are_those_of_the_good_version(small: Path, tmp_path: Path) -> None:
    remembered(small, tmp_path / "store")
    break_profile(small)
    found = quarantined(small, tmp_path / "store")
    other, bad = dt.date(2026, 5, 20), dt.date(2026, 5, 31)
    now = {PROFILE: bad, f"{FOLDER}/new.jpg": bad, NOTICE: other}
    assert changes_with(now, found.catalogue.last_good) == {
        PROFILE: dt.date(2026, 5, 1),
        NOTICE: other,
    }


def test_two_that_are_bad_are_each_replaced(small: Path, tmp_path: Path) -> None:
    before = remembered(small, tmp_path / "store")
    break_profile(small)
    break_notice(small)
    found = quarantined(small, tmp_path / "store")
    assert replace(found.catalogue, last_good={}) == before
    assert [one.path for one in found.set_aside] == [NOTICE, PROFILE]


def test_a_good_version_that_was_damaged_is_not_used(small: Path, tmp_path: Path) -> None:
    remembered(small, tmp_path / "store")
    for file in (tmp_path / "store/files").iterdir():
        file.write_bytes(file.read_bytes() + b"\n")
    break_profile(small)
    found = quarantined(small, tmp_path / "store")
    assert [(one.path, one.shown) for one in found.set_aside] == [(PROFILE, None)]
    assert found.catalogue.quarantined == (PROFILE,)


def test_a_good_version_that_today_s_register_refuses_is_not_used(
    small: Path, tmp_path: Path
) -> None:
    remembered(small, tmp_path / "store")
    break_profile(small)
    for file in (small / "registry/zhejiang/schools.csv", *small.glob("registry/zhejiang/*/*")):
        lines = file.read_text("utf-8").splitlines(keepends=True)
        file.write_text("".join(x for x in lines if "yanshi-jishi-xueyuan" not in x), "utf-8")
    found = quarantined(small, tmp_path / "store")
    assert [(one.path, one.shown) for one in found.set_aside] == [(PROFILE, None)]
    assert found.fatal == ""


def test_a_copy_costs_the_copied_school_nothing(small: Path, tmp_path: Path) -> None:
    """Alike photos are reported at the later path; that one is innocent if the other is bad."""
    before = remembered(small, tmp_path / "store")
    thief = small / "schools/beijing/beijing-yanshi-jigong-xuexiao"
    thief.mkdir(parents=True)
    shutil.copy(small / FOLDER / "gate.jpg", thief / "mine.jpg")
    (thief / "profile.md").write_text("nonsense")
    found = quarantined(small, tmp_path / "store")
    assert found.catalogue.profiles == before.profiles
    assert [one.path for one in found.set_aside] == [
        "schools/beijing/beijing-yanshi-jigong-xuexiao/profile.md"
    ]


def test_the_store_forgets_what_was_taken_out(small: Path, tmp_path: Path) -> None:
    remembered(small, tmp_path / "store")
    shutil.rmtree(small / FOLDER)
    remembered(small, tmp_path / "store")
    record = json.loads((tmp_path / "store/record.json").read_text("utf-8"))
    assert list(record["units"]) == [NATIONAL_NOTICE, NOTICE]
    assert len(list((tmp_path / "store/files").iterdir())) == 2


def test_the_store_keeps_what_stands_in_for_something_bad(small: Path, tmp_path: Path) -> None:
    before = remembered(small, tmp_path / "store")
    break_profile(small)
    for _ in range(2):
        found = quarantined(small, tmp_path / "store")
        Accepted(tmp_path / "store").remember(small, found.catalogue, {})
        assert replace(found.catalogue, last_good={}) == before


def test_only_the_publisher_may_look_into_the_store(small: Path, tmp_path: Path) -> None:
    """It holds photos with the places where they were taken."""
    remembered(small, tmp_path / "store")
    assert (tmp_path / "store").stat().st_mode & 0o077 == 0


def test_the_store_survives_being_cut_short(small: Path, tmp_path: Path) -> None:
    remembered(small, tmp_path / "store")
    (tmp_path / "store/files/.half.new").write_bytes(b"half")
    (tmp_path / "store/.record.json.new").write_bytes(b"{")
    remembered(small, tmp_path / "store")
    assert not (tmp_path / "store/files/.half.new").exists()
    break_profile(small)
    assert quarantined(small, tmp_path / "store").set_aside[0].shown is not None


@pytest.mark.parametrize("name", ["a\tb", "名" * 80, "a\u202eb"])
def test_a_folder_with_an_odd_name_is_only_reported(small: Path, tmp_path: Path, name: str) -> None:
    before = remembered(small, tmp_path / "store")
    (small / f"schools/zhejiang/{name}").mkdir()
    found = quarantined(small, tmp_path / "store")
    assert found.fatal == ""
    assert found.catalogue.profiles == before.profiles
    assert len(found.catalogue.quarantined) == 1


def commit(folder: Path, day: str) -> None:
    environment = {"GIT_AUTHOR_DATE": day, "GIT_COMMITTER_DATE": day, "PATH": "/usr/bin:/bin"}
    for words in (
        ("init", "-q"),
        ("add", "-A"),
        ("-c", "user.name=demo", "-c", "user.email=demo@example.org", "commit", "-q", "-m", "demo"),
    ):
        subprocess.run(
            ["git", "-C", str(folder), *words],
            check=True, capture_output=True, env=environment,
        )  # fmt: skip


def test_history_gives_a_good_version_where_none_was_kept(small: Path, tmp_path: Path) -> None:
    before, _ = load(small, TODAY)
    commit(tmp_path, "2026-05-01T12:00:00+08:00")
    changed = last_changes(small, ".")
    text = (small / PROFILE).read_text("utf-8")
    (small / PROFILE).write_text(text.replace("confirmed_on:", "confirmed:"), "utf-8")
    commit(tmp_path, "2026-05-02T12:00:00+08:00")
    break_profile(small)
    add_other_photo(small / FOLDER / "new.jpg")
    commit(tmp_path, "2026-05-03T12:00:00+08:00")
    found = quarantined(small, tmp_path / "store")
    assert replace(found.catalogue, last_good={}) == before
    (one,) = found.set_aside
    assert one.shown is not None
    assert one.shown.good_on == dt.date(2026, 5, 1)
    assert changes_with(last_changes(small, "."), found.catalogue.last_good) == changed


@pytest.mark.parametrize(("units", "most"), [(6, LEAST), (299, 3), (400, 4), (3000, 30)])
def test_one_in_a_hundred_may_be_bad(units: int, most: int) -> None:
    assert allowed(units) == most


def test_faults_by_the_dozen_are_fatal(small: Path, tmp_path: Path) -> None:
    remembered(small, tmp_path / "store")
    for day in range(5, 9):
        (small / f"news/zhejiang/2026-03-0{day}-demo.md").write_text("nonsense")
    assert "6 条消息里有 4 份有错误，超过 3 份" in quarantined(small, tmp_path / "store").fatal
    (small / "news/zhejiang/2026-03-05-demo.md").unlink()
    assert quarantined(small, tmp_path / "store").fatal == ""


def test_a_broken_register_is_fatal(small: Path, tmp_path: Path) -> None:
    remembered(small, tmp_path / "store")
    register = small / "registry/zhejiang/schools.csv"
    register.write_text(register.read_text("utf-8").replace("330200", "999999"), "utf-8")
    assert "不能隔离" in quarantined(small, tmp_path / "store").fatal
