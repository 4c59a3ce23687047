"""The day of the last change comes from git, where there is a whole repository."""

from __future__ import annotations

import datetime as dt
import os
import subprocess
from pathlib import Path

from plugins.site.history import last_changes, past_tables


def git(folder: Path, *words: str, day: str = "2026-03-01T20:00:00+0000") -> None:
    names = ("GIT_AUTHOR_NAME", "GIT_COMMITTER_NAME", "GIT_AUTHOR_EMAIL", "GIT_COMMITTER_EMAIL")
    clean = {key: value for key, value in os.environ.items() if not key.startswith("GIT_")}
    subprocess.run(
        ["git", *words],
        cwd=folder,
        check=True,
        capture_output=True,
        env=clean | dict.fromkeys(names, "demo") | {"GIT_COMMITTER_DATE": day},
    )


def repository(folder: Path) -> Path:
    """Two schools committed together; the second one changed a month later."""
    for name in ("one", "two"):
        (folder / f"content/schools/zhejiang/{name}").mkdir(parents=True)
        (folder / f"content/schools/zhejiang/{name}/profile.md").write_text("1")
    git(folder, "init", "-q")
    git(folder, "add", "-A")
    git(folder, "commit", "-qm", "first")
    (folder / "content/schools/zhejiang/two/profile.md").write_text("2")
    git(folder, "commit", "-qam", "second", day="2026-04-02T02:00:00+0000")
    return folder / "content"


def test_each_file_has_the_day_in_china_of_its_last_commit(tmp_path: Path) -> None:
    assert last_changes(repository(tmp_path)) == {
        "schools/zhejiang/one/profile.md": dt.date(2026, 3, 2),
        "schools/zhejiang/two/profile.md": dt.date(2026, 4, 2),
    }


def test_a_shallow_repository_says_nothing(tmp_path: Path) -> None:
    origin = tmp_path / "origin"
    origin.mkdir()
    repository(origin)
    git(tmp_path, "clone", "-q", "--depth", "1", f"file://{origin}", "copy")
    assert last_changes(tmp_path / "copy/content") == {}


def test_a_folder_outside_any_repository_says_nothing(tmp_path: Path) -> None:
    assert last_changes(tmp_path) == {}


def registers(folder: Path) -> Path:
    """A register that grows twice on one day, then a plan that comes in by a merge."""
    register = folder / "content/registry/zhejiang/schools.csv"
    register.parent.mkdir(parents=True)
    git(folder, "init", "-q", "-b", "main")
    for rows, hour in (("1", "01"), ("2", "02")):
        register.write_text(rows)
        git(folder, "add", "-A")
        git(folder, "commit", "-qm", rows, day=f"2026-03-01T{hour}:00:00+0000")
    git(folder, "checkout", "-qb", "side")
    plan = register.parent / "plans/2026.csv"
    plan.parent.mkdir()
    plan.write_text("plan")
    (plan.parent / "2027.draft.csv").write_text("draft")
    git(folder, "add", "-A")
    git(folder, "commit", "-qm", "plan", day="2026-03-02T02:00:00+0000")
    git(folder, "checkout", "-q", "main")
    git(folder, "merge", "-q", "--no-ff", "side", "-m", "merge", day="2026-03-09T02:00:00+0000")
    return folder / "content"


def test_tables_are_remembered_as_each_day_left_them(tmp_path: Path) -> None:
    first, second = past_tables(registers(tmp_path), dt.date(2026, 4, 1))
    register = "registry/zhejiang/schools.csv"
    assert first == (dt.date(2026, 3, 1), {register: b"2"})
    # The plan counts from the day on which it was taken in; a draft is nobody's word.
    plan = "registry/zhejiang/plans/2026.csv"
    assert second == (dt.date(2026, 3, 9), {plan: b"plan", register: b"2"})


def test_days_after_the_day_of_the_build_are_not_remembered_yet(tmp_path: Path) -> None:
    days = past_tables(registers(tmp_path), dt.date(2026, 3, 5))
    assert [day for day, _ in days] == [dt.date(2026, 3, 1)]


def test_a_table_that_was_removed_is_gone_from_that_day_on(tmp_path: Path) -> None:
    content = registers(tmp_path)
    git(tmp_path, "rm", "-q", "content/registry/zhejiang/schools.csv")
    git(tmp_path, "commit", "-qm", "gone", day="2026-03-20T02:00:00+0000")
    assert list(past_tables(content, dt.date(2026, 4, 1))[-1][1]) == [
        "registry/zhejiang/plans/2026.csv"
    ]


def test_without_a_whole_repository_nothing_is_remembered(tmp_path: Path) -> None:
    assert past_tables(tmp_path, dt.date(2026, 4, 1)) == []
