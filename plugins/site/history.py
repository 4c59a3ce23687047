"""When the files of a content folder were last changed, as its git repository remembers it.

This is the one place that asks git. The answer depends on the commit alone, so a build can be
repeated; a folder without a repository, or with a shortened one, simply has no answer.
"""

from __future__ import annotations

import datetime as dt
import os
import shutil
import subprocess
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from plugins.clock import CHINA


def last_changes(content: Path, below: str = "schools") -> Mapping[str, dt.date]:
    """The day in China of each file's last commit, by its path inside `content`.

    Only files under the folder `below` are looked at, with one `git log` for all of them. Empty
    where git is missing, where `content` is not in a repository, and where the repository is
    shallow: its oldest commit would seem to have changed everything.
    """
    git = _git_with_history(content)
    if git is None:
        return {}
    log = _ask(
        git, content, "log", "--format=%x00%x00%ct", "--name-only", "-z", "--relative",
        "--no-renames", "--no-show-signature", "--", below,
    )  # fmt: skip
    newest: dict[str, int] = {}
    for commit in log.split("\0\0"):
        seconds, *paths = commit.strip("\0\n").split("\0")
        if not seconds:
            continue
        for path in paths:
            name = path.lstrip("\n")
            newest[name] = max(int(seconds), newest.get(name, 0))
    return {
        path: dt.datetime.fromtimestamp(seconds, CHINA).date()
        for path, seconds in sorted(newest.items())
    }


@dataclass(frozen=True, slots=True)
class TablesOfDay:
    """Registers and plans as they stood at the end of a day: the git blob of each file, by path."""

    date: dt.date
    files: Mapping[str, str]


def days_of_tables(content: Path, today: dt.date) -> tuple[TablesOfDay, ...]:
    """The days on which registers or plans changed, oldest first, none later than `today`.

    The first-parent history counts: a change belongs to the day on which it was taken in, not to
    the day on which somebody wrote it. Drafts of plans are nobody's word yet and are left out.
    Empty where there is no whole repository, as in `last_changes`.
    """
    git = _git_with_history(content)
    if git is None:
        return ()
    log = _ask(
        git, content, "log", "--first-parent", "-m", "--reverse", "--format=%x00%x00%ct", "--raw",
        "--no-abbrev", "-z", "--relative", "--no-renames", "--no-show-signature", "--", "registry",
    )  # fmt: skip
    files: dict[str, str] = {}
    days: dict[dt.date, dict[str, str]] = {}
    latest = dt.date.min
    for commit in log.split("\0\0"):
        seconds, *changes = commit.strip("\0\n").split("\0")
        if not seconds:
            continue
        # A clock that was wrong once must not turn the order of history round.
        latest = max(latest, dt.datetime.fromtimestamp(int(seconds), CHINA).date())
        for meta, path in zip(changes[::2], changes[1::2], strict=False):
            _, mode, _, blob, status = meta.strip("\n").split(" ")
            if status == "D" or not mode.startswith("100"):
                files.pop(path, None)
            elif path.endswith(".csv") and not path.endswith(".draft.csv"):
                files[path] = blob
        if latest <= today:
            days[latest] = dict(sorted(files.items()))
    return tuple(TablesOfDay(day, found) for day, found in days.items())


def read_blobs(content: Path, blobs: Iterable[str]) -> Mapping[str, bytes]:
    """What these git blobs hold, with one question to git for all of them."""
    wanted = sorted(set(blobs))
    git = shutil.which("git")
    if git is None or not wanted:
        return {}
    answer = _run(git, content, "cat-file", "--batch", given="\n".join(wanted).encode())
    found: dict[str, bytes] = {}
    at = 0
    while at < len(answer):
        head, _, _ = answer[at:].partition(b"\n")
        name, _, size = head.decode().partition(" blob ")
        at += len(head) + 1
        if size:
            found[name] = answer[at : at + int(size)]
            at += int(size) + 1
    return found


def past_tables(content: Path, today: dt.date) -> list[tuple[dt.date, Mapping[str, bytes]]]:
    """The days of `days_of_tables`, each with the bytes of its registers and plans by path."""
    days = days_of_tables(content, today)
    held = read_blobs(content, (blob for day in days for blob in day.files.values()))
    return [
        (day.date, {path: held[blob] for path, blob in day.files.items() if blob in held})
        for day in days
    ]


def _git_with_history(content: Path) -> str | None:
    """The git program, where `content` lies in a repository that has its whole history."""
    git = shutil.which("git")
    if git is None or _ask(git, content, "rev-parse", "--is-shallow-repository").strip() != "false":
        return None
    return git


def _ask(git: str, folder: Path, *words: str) -> str:
    """What git says in `folder`; empty if it cannot say."""
    return _run(git, folder, *words).decode(errors="replace")


def _run(git: str, folder: Path, *words: str, given: bytes = b"") -> bytes:
    # A build that a hook started would otherwise be led to the repository of the hook.
    environment = {key: value for key, value in os.environ.items() if not key.startswith("GIT_")}
    try:
        answer = subprocess.run(  # noqa: S603 - fixed words, and no shell
            [git, *words], cwd=folder, env=environment, input=given, capture_output=True,
            check=False,
        )  # fmt: skip
    except OSError:
        return b""
    return answer.stdout if answer.returncode == 0 else b""
