"""The day of the last change comes from git, where there is a whole repository."""

from __future__ import annotations

import datetime as dt
import os
import subprocess
from pathlib import Path

from plugins.site.history import last_changes


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
