"""The tree beside the output that is changed in its place and then takes its name.

The standby tree has the same files as the output, as hard links where the file system has them, so
it costs no space. A build changes only what differs; a file is never changed in place, because the
output shows the same bytes. Whatever interrupts a build, the output is whole, and the next build
finds the standby tree without its mark and compares every file of it.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import stat
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from pathlib import Path

from plugins.processes import portions, spread
from plugins.site.remembered import Memory
from plugins.site.snapshot import Row, changes, look, look_at, row_of
from plugins.whole_file import read_whole, write_whole

_WITH_COPIES = "with copies"
_AT_ONCE = 2_000
"""Files that a process shares before it tells."""


class Standby:
    """The standby tree of `output`.

    `mark` is a file that is there while both trees are alike. It holds the rows of the standby
    tree's folders: a folder whose row is as it was has the entries that it had, and these are the
    output's own files, so they need no second look. Where files had to be copied it holds no rows.
    """

    def __init__(self, memory: Memory) -> None:
        self.output, self.mark, self.root = memory.output, memory.mark, memory.standby
        self._folders: set[str] = set()
        self._known: dict[str, Row] | None = None
        self._has_copies = False
        self._touched: set[str] = set()

    def open(
        self,
        names: Iterable[str],
        still: Mapping[str, Row] | None = None,
        changes_of: Callable[[Mapping[str, Row]], Iterable[str]] | None = None,
    ) -> None:
        """Make the tree hold what the output holds of the files `names`, and nothing else.

        `still` are the rows of the output, if all of it is as the last build left it; `changes_of`
        tells which of the tree's folders are not as their rows.
        """
        mark = read_whole(self.mark)
        self.mark.unlink(missing_ok=True)
        self._known = None
        if mark == _WITH_COPIES and self.root.is_dir():
            self._has_copies = True
            return
        if isinstance(mark, dict) and still is not None:
            changed = (changes_of or partial(changes, str(self.root)))(mark)
            self._known = self._rows_if_alike(mark, changed, still)
            if self._known is not None:
                return
        elif isinstance(mark, dict) and self.root.is_dir():
            return
        shutil.rmtree(self.root, ignore_errors=True)
        self._folders.clear()
        self._has_copies = False
        self.root.mkdir(mode=0o755)
        self.share(names)

    def _rows_if_alike(
        self, folders: Mapping[str, Row], changed: Iterable[str], still: Mapping[str, Row]
    ) -> dict[str, Row] | None:
        """The rows of the standby tree, if its files are the very files of the output; of its
        `folders`, those that have `changed` are looked into."""
        doubtful = {name for name, row in still.items() if stat.S_ISDIR(row[0])} - folders.keys()
        doubtful.update(changed)
        rows = {**still, **folders}
        if len(rows) != len(still):
            return None
        try:
            for name in doubtful:
                if _entries(self.root / name) != _entries(self.output / name):
                    return None
                rows[name] = row_of(os.lstat(self.root / name))
        except OSError:
            return None
        return rows

    @property
    def is_known(self) -> bool:
        """Whether the tree was found to be as it was left, so that nothing in it can be wrong."""
        return self._known is not None

    def rows(self, put: Iterable[str], removed: Iterable[str]) -> dict[str, Row]:
        """The rows of the tree as it is after these files were put and those removed."""
        if self._known is None:
            return look(str(self.root), racy=False)
        rows = dict(self._known)
        changed = {*put, *removed}
        for name in changed | _folders_of(changed):
            rows.pop(name, None)
            with contextlib.suppress(FileNotFoundError, NotADirectoryError):
                rows[name] = row_of(os.lstat(self.root / name))
        return rows

    def put(self, name: str, data: bytes) -> None:
        """Write one file anew. Raises ValueError for a name that would leave the tree."""
        if os.path.normpath(name) != name or name == "." or name.startswith(("/", "..")):
            raise ValueError(f"output path is not contained: {name!r}")
        target = f"{self.root}/{name}"
        self._folder_of(name)
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW
        try:
            handle = os.open(target, flags, 0o644)
        except FileExistsError:
            os.unlink(target)
            handle = os.open(target, flags, 0o644)
        try:
            view = memoryview(data)
            while view:
                view = view[os.write(handle, view) :]
        finally:
            os.close(handle)

    def remove(self, names: Iterable[str]) -> None:
        _remove(self.root, names)

    def share(self, names: Iterable[str]) -> None:
        """Take these files from the output, which has them whole."""
        for had_to_copy in spread(self._share_some, portions(list(names), _AT_ONCE)):
            self._has_copies |= had_to_copy

    def _share_some(self, names: Sequence[str]) -> bool:
        """Whether one of the files had to be copied."""
        copied = sum(map(self._share, names))
        return copied > 0

    def follow(self, put: Iterable[str], removed: Iterable[str]) -> None:
        """After both trees have changed names: bring the one that is now beside up to date."""
        self._folders.clear()
        changed = {*put, *removed}
        if self.root.is_dir():
            _remove(self.root, changed)
        else:
            self.root.mkdir(mode=0o755)
        self.share(put)
        self._touched = _folders_of(changed)

    def close(self, before: Mapping[str, Row] | None = None) -> None:
        """Note that both trees are alike. `before` are the rows that this one had as the output.

        To be called late: the rows of folders that were changed a moment ago are not to be trusted.
        """
        if self._has_copies:
            write_whole(self.mark, _WITH_COPIES)
            return
        # A row that is missing here, or was taken too early, only costs a look at the folder.
        folders = {name: row for name, row in (before or {}).items() if stat.S_ISDIR(row[0])}
        for name in self._touched:
            folders.pop(name, None)
        write_whole(self.mark, folders | look_at(str(self.root), self._touched))

    def _share(self, name: str) -> bool:
        """Whether the file had to be copied."""
        self._folder_of(name)
        try:
            os.link(f"{self.output}/{name}", f"{self.root}/{name}", follow_symlinks=False)
        except FileNotFoundError:
            return False  # it was lost; the build makes it anew
        except OSError:
            shutil.copy2(self.output / name, self.root / name, follow_symlinks=False)
            return True
        return False

    def _folder_of(self, name: str) -> None:
        folder = name.rpartition("/")[0]
        if folder and folder not in self._folders:
            self._folder_of(folder)
            with contextlib.suppress(FileExistsError):
                os.mkdir(f"{self.root}/{folder}", 0o755)
            self._folders.add(folder)


def _entries(folder: Path) -> dict[str, int]:
    """The inode of each file in a folder, 0 for a folder."""
    with os.scandir(folder) as entries:
        return {
            entry.name: 0 if entry.is_dir(follow_symlinks=False) else entry.inode()
            for entry in entries
        }


def _folders_of(names: Iterable[str]) -> set[str]:
    """Every folder on the way to these files, the root among them."""
    found = {""}
    for name in names:
        while (name := name.rpartition("/")[0]) and name not in found:
            found.add(name)
    return found


def _remove(root: Path, names: Iterable[str]) -> None:
    """Remove files, and the folders that are empty then."""
    for name in names:
        with contextlib.suppress(FileNotFoundError, NotADirectoryError):
            os.unlink(f"{root}/{name}")
        folder = name
        with contextlib.suppress(OSError):
            while folder := folder.rpartition("/")[0]:
                os.rmdir(f"{root}/{folder}")
