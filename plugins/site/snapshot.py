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

Row = tuple[int, int, int, int]
"""Mode, size, time of change in nanoseconds, inode."""

RACY_NS = 50_000_000
"""Clocks of file systems stand still for some milliseconds; this is safely longer."""
_NO_ROW: Row = (0, -1, -1, -1)
_IGNORED = frozenset({"__pycache__", "node_modules"})


class Snapshot:
    """`rows` are of every file and folder by path below the root, "" for the root itself.

    `hashes` are of the content of regular files only, and only where they were asked for.
    """

    __slots__ = ("hashes", "root", "rows")

    def __init__(self, root: str, rows: dict[str, Row], hashes: dict[str, str]) -> None:
        self.root, self.rows, self.hashes = root, rows, hashes

    def plain(self) -> tuple[str, dict[str, Row], dict[str, str]]:
        return self.root, self.rows, self.hashes


def row_of(found: os.stat_result) -> Row:
    return found.st_mode, found.st_size, found.st_mtime_ns, found.st_ino


def look(root: str, *, racy: bool = True) -> dict[str, Row]:
    """The rows of everything below `root`; of `root` alone if that is a file, of nothing if it is
    missing. Links are not followed. Without `racy`, rows of files changed a moment ago are taken as
    they are. Raises OSError for a folder that cannot be read."""
    now = time.time_ns() - RACY_NS if racy else sys.maxsize
    rows: dict[str, Row] = {}

    def note(path: str, found: os.stat_result) -> None:
        rows[path] = row_of(found) if found.st_mtime_ns < now else _NO_ROW

    try:
        top = os.lstat(root)
    except FileNotFoundError:
        return rows
    note("", top)
    folders = [""] if stat.S_ISDIR(top.st_mode) else []
    while folders:
        folder = folders.pop()
        with os.scandir(f"{root}/{folder}") as entries:
            for entry in entries:
                if entry.name in _IGNORED:
                    continue
                path = f"{folder}/{entry.name}" if folder else entry.name
                note(path, entry.stat(follow_symlinks=False))
                if entry.is_dir(follow_symlinks=False):
                    folders.append(path)
    return rows


def take(root: str, before: Snapshot | None = None) -> Snapshot:
    """Look at everything below `root`; files whose rows are as `before` are not read again."""
    rows = look(root)
    known = before.hashes if before is not None and before.root == root else {}
    last = before.rows if before is not None else {}
    hashes: dict[str, str] = {}
    for path in sorted(rows):
        row = rows[path]
        if path in known and row == last.get(path) and row != _NO_ROW:
            hashes[path] = known[path]
            continue
        place = f"{root}/{path}" if path else root
        # The row is taken anew: a racy one tells nothing, not even whether this is a file.
        kind = row[0] or os.lstat(place).st_mode
        if stat.S_ISREG(kind):
            hashes[path] = hash_of(place)
        elif stat.S_ISLNK(kind):
            hashes[path] = f"link {os.readlink(place)}"
        else:
            hashes[path] = "folder" if stat.S_ISDIR(kind) else "special"
    return Snapshot(root, rows, hashes)


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
