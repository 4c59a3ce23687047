"""`check --base REV`: is this change set allowed, and is the content right after it?

Everything is read from git's objects. Only this program runs; the head's files are data.
"""

from __future__ import annotations

import datetime as dt
import tempfile
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from plugins.catalogue import Problem, load
from plugins.catalogue.problem import printable
from plugins.contribute.change_set import MOST_CHANGES, TABLE_BYTES, check_change_set
from plugins.contribute.git_tree import changes, commit_of, file_of, paths_of, write_content
from plugins.contribute.owners import FILE, read_owners


def check_pull_request(
    repository: Path, base: str, head: str, account: str | None, today: dt.date
) -> list[Problem]:
    """All problems of the change set from `base` to `head`, paths inside the repository.

    Told are the problems of the changed files, and those elsewhere that the base did not have
    (a row taken out of a register leaves a profile without its school). Raises GitFailed.
    """
    before, after = commit_of(repository, base), commit_of(repository, head)
    changed = changes(repository, before, after, MOST_CHANGES)
    owners = read_owners(file_of(repository, before, FILE) or "scope,accounts\n")
    problems = list(check_change_set(changed, owners, account, paths_of(repository, after)))
    paths = {change.path for change in changed}
    if not any(path.startswith("content/") for path in paths):
        return sorted(map(printable, problems))
    old = {_identity(problem) for problem in _problems(repository, before, today)}
    problems += [
        problem
        for problem in _problems(repository, after, today)
        if problem.path in paths or _identity(problem) not in old
    ]
    return sorted({printable(problem) for problem in problems})


def _problems(repository: Path, commit: str, today: dt.date) -> Iterable[Problem]:
    with tempfile.TemporaryDirectory() as folder:
        write_content(repository, commit, Path(folder), TABLE_BYTES)
        _, problems = load(Path(folder) / "content", today)
    return [replace(problem, path=f"content/{problem.path}") for problem in problems]


def _identity(problem: Problem) -> tuple[str, str, str]:
    """A problem apart from its line: lines move when something above them changes."""
    return problem.path, problem.code, problem.message
