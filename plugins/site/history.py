"""When the files of a content folder were last changed, as its git repository remembers it.

This is the one place that asks git. The answer depends on the commit alone, so a build can be
repeated; a folder without a repository, or with a shortened one, simply has no answer.
"""

from __future__ import annotations

import datetime as dt
import os
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

from plugins.clock import CHINA


def last_changes(content: Path, below: str = "schools") -> Mapping[str, dt.date]:
    """The day in China of each file's last commit, by its path inside `content`.

    Only files under the folder `below` are looked at, with one `git log` for all of them. Empty
    where git is missing, where `content` is not in a repository, and where the repository is
    shallow: its oldest commit would seem to have changed everything.
    """
    git = shutil.which("git")
    if git is None or _ask(git, content, "rev-parse", "--is-shallow-repository").strip() != "false":
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


def _ask(git: str, folder: Path, *words: str) -> str:
    """What git says in `folder`; empty if it cannot say."""
    # A build that a hook started would otherwise be led to the repository of the hook.
    environment = {key: value for key, value in os.environ.items() if not key.startswith("GIT_")}
    try:
        answer = subprocess.run(  # noqa: S603 - fixed words, and no shell
            [git, *words], cwd=folder, env=environment, stdin=subprocess.DEVNULL,
            capture_output=True, check=False,
        )  # fmt: skip
    except OSError:
        return ""
    return answer.stdout.decode(errors="replace") if answer.returncode == 0 else ""
