"""Read commits of a git repository without checking them out: nothing contributed is ever run."""

from __future__ import annotations

import argparse
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Final

from plugins.catalogue.problem import shown

LARGEST: Final = 20_000_000
"""Largest file that is ever written out of a commit, in bytes."""


class GitFailed(Exception):
    """Git could not answer; `str()` is its own message."""


@dataclass(frozen=True, slots=True)
class Change:
    """One changed path. `mode` is git's mode in the head (`000000`: deleted), `size` in bytes."""

    path: str
    mode: str
    size: int


def git(repository: Path, *arguments: str, stdin: bytes = b"") -> bytes:
    command = ["git", "-C", str(repository), *arguments]
    done = subprocess.run(command, input=stdin, capture_output=True, check=False)  # noqa: S603
    if done.returncode:
        raise GitFailed(done.stderr.decode("utf-8", "replace").strip())
    return done.stdout


def commit_of(repository: Path, revision: str) -> str:
    """The full id of a commit; a name that begins with `-` can be no option of git's.

    Raises GitFailed, in words for people, where there is no such version.
    """
    argument = f"{revision}^{{commit}}"
    try:
        found = git(repository, "rev-parse", "--verify", "--end-of-options", argument)
    except GitFailed as failure:
        raise GitFailed(f"没有“{shown(revision)}”这个版本；主分支一般叫 main") from failure
    return found.decode().strip()


def changes(repository: Path, base: str, head: str, most: int) -> list[Change]:
    """What `head` changed since it left `base`, by path. Both are full commit ids.

    Raises GitFailed, also where more than `most` files changed.
    """
    try:
        start = git(repository, "merge-base", base, head).decode().strip()
    except GitFailed as failure:
        raise GitFailed(str(failure) or "两个版本没有共同的历史") from failure
    raw = git(repository, "diff", "--raw", "-z", "--no-renames", "--no-abbrev", start, head)
    fields = raw.decode("utf-8", "surrogateescape").split("\0")
    if len(fields) // 2 > most:
        raise GitFailed(f"改了 {len(fields) // 2} 个文件，超过 {most} 个；分成几次提交")
    found = []
    for facts, path in zip(fields[0::2], fields[1::2], strict=False):
        _, mode, _, blob, _ = facts.split(" ")
        regular = mode in ("100644", "100755", "120000")
        size = int(git(repository, "cat-file", "-s", blob)) if regular else 0
        found.append(Change(path, mode, size))
    return sorted(found, key=lambda change: change.path)


def write_content(repository: Path, commit: str, to: Path, largest: int) -> None:
    """Write the regular files below `content/` of a commit into `to`.

    Links, submodules and files of more than `largest` bytes are left out: they are reported from
    the tree itself. No file is made executable, and no path leaves `to`.
    """
    raw = git(repository, "ls-tree", "-r", "-l", "-z", "--full-tree", commit, "--", "content/")
    for entry in raw.split(b"\0"):
        if not entry:
            continue
        facts, _, name = entry.partition(b"\t")
        mode, _, blob, size = facts.decode().split()
        path = PurePosixPath(name.decode("utf-8", "replace"))
        if mode not in ("100644", "100755") or ".." in path.parts or int(size) > largest:
            continue
        target = to.joinpath(*path.parts)
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(git(repository, "cat-file", "blob", blob))
        except OSError as failure:
            # A name that no file can have, or one that is a file and a folder at once.
            raise GitFailed(f"“{shown(path, 80)}”不能写成文件") from failure


def paths_of(repository: Path, commit: str) -> list[str]:
    """Every path of a commit's tree."""
    raw = git(repository, "ls-tree", "-r", "-z", "--name-only", "--full-tree", commit)
    return [path for path in raw.decode("utf-8", "surrogateescape").split("\0") if path]


def file_of(repository: Path, commit: str, path: str) -> str | None:
    """The text of one file of a commit; None where there is none."""
    try:
        return git(repository, "cat-file", "blob", f"{commit}:{path}").decode("utf-8", "replace")
    except GitFailed:
        return None


def main(arguments: Sequence[str] | None = None) -> int:
    """`python -m plugins.contribute.git_tree REV DIR`: write a commit's content for a preview."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("revision")
    parser.add_argument("to", type=Path)
    given = parser.parse_args(arguments)
    write_content(Path(), commit_of(Path(), given.revision), given.to, LARGEST)
    return 0


if __name__ == "__main__":
    sys.exit(main())
