"""What lay below a folder when it was last looked at, so that a look again costs almost nothing.

A row is what the system says of a file without opening it (kind, size, time of change, inode). A
row that is as it was vouches for the content's hash; any other file is read again. A file that was
changed so shortly before the look that a later change might bear the same time is never vouched
for, as in git's index ("racy" entries): its row is kept as one that equals none.

Imports nothing but small parts of the standard library: this runs before anything else does.
"""

from __future__ import annotations

import os
import stat
import sys
import time
from _blake2 import blake2b
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from itertools import chain

Row = tuple[int, int, int, int]
"""Mode, size, time of change in nanoseconds, inode."""

RACY_NS = 50_000_000
"""Clocks of file systems stand still for some milliseconds; this is safely longer."""
_NO_ROW: Row = (0, -1, -1, -1)
_MANY = 10_000
_IGNORED = frozenset({"__pycache__", "node_modules"})


class Snapshot:
    """`rows` are of every file and folder by path below the root, "" for the root itself.

    `hashes` are of the content of regular files only, and only where they were asked for.
    `changed` are the paths that were not as in the snapshot before; None where there is none.
    """

    __slots__ = ("changed", "hashes", "root", "rows")

    def __init__(
        self,
        root: str,
        rows: dict[str, Row],
        hashes: dict[str, str],
        changed: frozenset[str] | None = frozenset(),
    ) -> None:
        self.root, self.rows, self.hashes, self.changed = root, rows, hashes, changed

    @property
    def place(self) -> tuple[str, dict[str, Row]]:
        return self.root, self.rows

    def plain(self) -> tuple[str, dict[str, Row], dict[str, str]]:
        return self.root, self.rows, self.hashes


def row_of(found: os.stat_result) -> Row:
    return found.st_mode, found.st_size, found.st_mtime_ns, found.st_ino


def look(root: str, *, racy: bool = True) -> dict[str, Row]:
    """The rows of everything below `root`; of `root` alone if that is a file, of nothing if it is
    missing. Links are not followed. Without `racy`, rows of files changed a moment ago are taken as
    they are. Raises OSError for a folder that cannot be read."""
    try:
        top = os.lstat(root)
    except FileNotFoundError:
        return {}
    newest = time.time_ns() - RACY_NS if racy else sys.maxsize
    rows = {"": _noted(top, newest)}
    if stat.S_ISDIR(top.st_mode):
        _look_below(root, "", rows, newest)
    return rows


def look_at(root: str, paths: Iterable[str]) -> dict[str, Row]:
    """The rows of these paths below `root` alone, of those that are there."""
    newest = time.time_ns() - RACY_NS
    rows = {}
    for path in paths:
        with suppress(FileNotFoundError, NotADirectoryError):
            rows[path] = _noted(os.lstat(f"{root}/{path}" if path else root), newest)
    return rows


def _noted(found: os.stat_result, newest: int) -> Row:
    return row_of(found) if found.st_mtime_ns < newest else _NO_ROW


def _look_below(root: str, folder: str, rows: dict[str, Row], newest: int) -> None:
    """Add the rows of everything in a folder of which `rows` knows nothing yet."""
    folders = [folder]
    while folders:
        folder = folders.pop()
        with os.scandir(f"{root}/{folder}") as entries:
            for entry in entries:
                path = f"{folder}/{entry.name}" if folder else entry.name
                if entry.name in _IGNORED or path in rows:
                    continue
                rows[path] = _noted(entry.stat(follow_symlinks=False), newest)
                if entry.is_dir(follow_symlinks=False):
                    folders.append(path)


def changes(root: str, rows: Mapping[str, Row]) -> list[str]:
    """The paths whose rows are not as they were. What is new shows in the row of its folder."""
    lstat = os.lstat
    changed = []
    for path, row in rows.items():
        try:
            found = lstat(f"{root}/{path}" if path else root)
        except OSError:
            changed.append(path)
            continue
        if (found.st_mode, found.st_size, found.st_mtime_ns, found.st_ino) != row:
            changed.append(path)
    return changed


def is_still(root: str, rows: Mapping[str, Row]) -> bool:
    """Whether every row is as it was. A new or lost entry shows in the row of its folder."""
    return not changes(root, rows) if rows else not os.path.lexists(root)


def take(root: str, before: Snapshot | None = None) -> Snapshot:
    """Look at everything below `root`; files whose rows are as `before` are not read again.

    `before` itself is the answer where nothing has changed.
    """
    if before is None or before.root != root:
        rows = look(root)
        return Snapshot(root, rows, _contents_of(root, rows), None)
    changed = changes(root, before.rows) if before.rows else [""] * os.path.lexists(root)
    return _look_again(root, before, changed) if changed else before


def take_at(root: str, before: Snapshot, paths: Iterable[str]) -> Snapshot:
    """The same for whoever knows where something may have changed: only these paths below `root`
    are looked at, what lies below them, and the folders that hold them."""
    asked: set[str] = set()
    for path in paths:
        if _IGNORED.isdisjoint(path.split("/")):
            while path and path not in before.rows:
                path = path.rpartition("/")[0]
            if before.hashes.get(path) == "folder":
                below = f"{path}/" if path else ""
                asked.update(name for name in before.rows if name.startswith(below))
            asked |= {path, path.rpartition("/")[0]}
    return _look_again(root, before, sorted(asked)) if asked else before


def _look_again(root: str, before: Snapshot, changed: Sequence[str]) -> Snapshot:
    """Look at the paths that have `changed`, and at what is new below them."""
    newest = time.time_ns() - RACY_NS
    rows, hashes = dict(before.rows), dict(before.hashes)
    for path in changed:
        rows.pop(path, None)
        hashes.pop(path, None)
    for path in changed:
        try:
            found = os.lstat(f"{root}/{path}" if path else root)
        except (FileNotFoundError, NotADirectoryError):
            continue
        rows[path] = _noted(found, newest)
        if stat.S_ISDIR(found.st_mode):
            _look_below(root, path, rows, newest)
    for path, row in rows.items():
        if path not in hashes:
            hashes[path] = _content_of(root, path, row)
    new = rows.keys() - before.rows.keys()
    return Snapshot(root, rows, hashes, frozenset(changed) | new)


def _contents_of(root: str, rows: Mapping[str, Row]) -> dict[str, str]:
    """The hashes of all files. Only for very many are other processes worth what they cost."""
    if len(rows) < _MANY:
        return {path: _content_of(root, path, row) for path, row in rows.items()}
    from plugins.processes import portions, spread

    def some(paths: Sequence[str]) -> list[tuple[str, str]]:
        return [(path, _content_of(root, path, rows[path])) for path in paths]

    found = dict(chain.from_iterable(spread(some, portions(list(rows), _MANY // 10))))
    return {path: found[path] for path in rows}


def _content_of(root: str, path: str, row: Row) -> str:
    """The hash of a file's content, or what else there is at this path."""
    place = f"{root}/{path}" if path else root
    # The row is taken anew: a racy one tells nothing, not even whether this is a file.
    kind = row[0] or os.lstat(place).st_mode
    if stat.S_ISREG(kind):
        return hash_of(place)
    if stat.S_ISLNK(kind):
        return f"link {os.readlink(place)}"
    return "folder" if stat.S_ISDIR(kind) else "special"


def hash_of(path: str) -> str:
    """The content's hash; reading stops at nothing but the end of the file."""
    digest = blake2b(digest_size=16)
    with open(path, "rb", buffering=0) as stream:
        while block := stream.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()


def digest(*parts: object) -> str:
    """One hash of values whose `repr` tells all of them."""
    return blake2b(repr(parts).encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()
