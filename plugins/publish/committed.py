"""Earlier versions of a profile or a notice out of the content's own git history.

The second source of a last good version: it needs no earlier publish on this machine, but a
repository with its history. Only git objects are read; nothing contributed is run.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from plugins.catalogue.last_good import LastGood
from plugins.clock import CHINA
from plugins.contribute.git_tree import LARGEST, GitFailed, git

MOST_VERSIONS: Final = 5
"""Versions of one unit that are tried, the latest first."""
MOST_FILES: Final = 200
"""A school's folder with more files than this is no good version of anything."""


def committed_versions(content: Path, unit: str, scratch: Path) -> Iterator[LastGood]:
    """The versions of `unit` that were committed, written out below `scratch` one by one.

    Nothing where there is no repository, no git, or no such file in its history.
    """
    try:
        log = git(
            content, "log", f"-{MOST_VERSIONS}", "--format=%H %ct", "--no-show-signature",
            "--", f"./{unit}",
        )  # fmt: skip
    except (GitFailed, OSError):
        return
    for number, line in enumerate(log.decode().splitlines()):
        commit, _, seconds = line.partition(" ")
        good_on = dt.datetime.fromtimestamp(int(seconds), CHINA).date()
        place = scratch / f"{number}" / unit
        try:
            paths = _write_out(content, commit, unit, place)
            changed = dict(_changes(content, commit, paths))
        except (GitFailed, OSError, ValueError):
            continue
        if paths:
            yield LastGood(place, good_on, changed)


def _write_out(content: Path, commit: str, unit: str, place: Path) -> list[str]:
    """Write the regular files of `unit` in a commit to `place`; their paths in the content."""
    listed = git(content, "ls-tree", "-r", "-z", "-l", commit, "--", f"./{unit}")
    entries = [entry for entry in listed.decode("utf-8", "surrogateescape").split("\0") if entry]
    if len(entries) > MOST_FILES:
        return []
    paths = []
    for entry in entries:
        facts, _, path = entry.partition("\t")
        mode, _, blob, size = facts.split()
        if mode not in ("100644", "100755") or int(size) > LARGEST:
            continue
        inside = path[len(unit) :].lstrip("/")
        if not path.startswith(unit) or ".." in inside.split("/"):
            continue
        file = place / inside if inside else place
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(git(content, "cat-file", "blob", blob))
        paths.append(path)
    return paths


def _changes(content: Path, commit: str, paths: list[str]) -> Iterator[tuple[str, dt.date]]:
    """The day on which each file had last changed when the version was made."""
    for path in paths:
        seconds = git(content, "log", "-1", "--format=%ct", commit, "--", f"./{path}").decode()
        if seconds.strip():
            yield path, dt.datetime.fromtimestamp(int(seconds), CHINA).date()
