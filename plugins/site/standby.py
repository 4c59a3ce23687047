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
from collections.abc import Iterable
from pathlib import Path

from plugins.whole_file import read_whole, write_whole


class Standby:
    """The standby tree of `output`. `mark` is a file that is there while both trees are alike."""

    def __init__(self, output: Path, mark: Path) -> None:
        self.output, self.mark = output, mark
        self.root = output.with_name(f".{output.name}.standby")
        self._folders: set[str] = set()

    def open(self, names: Iterable[str]) -> None:
        """Make the tree hold what the output holds of the files `names`, and nothing else."""
        alike = read_whole(self.mark) == "alike" and self.root.is_dir()
        self.mark.unlink(missing_ok=True)
        if alike:
            return
        shutil.rmtree(self.root, ignore_errors=True)
        self._folders.clear()
        self.root.mkdir(mode=0o755)
        self.share(names)

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
        with open(handle, "wb", buffering=0) as stream:
            view = memoryview(data)
            while view:
                view = view[stream.write(view) :]

    def remove(self, names: Iterable[str]) -> None:
        _remove(self.root, names)

    def share(self, names: Iterable[str]) -> None:
        """Take these files from the output, which has them whole."""
        for name in names:
            self._share(self.output, self.root, name)

    def close(self, put: Iterable[str], removed: Iterable[str]) -> None:
        """After both trees have changed names: bring the one that is now beside up to date."""
        if not self.root.is_dir():
            self.root.mkdir(mode=0o755)
        self._folders.clear()
        _remove(self.root, [*put, *removed])
        self.share(put)
        write_whole(self.mark, "alike")

    def _share(self, source: Path, target: Path, name: str) -> None:
        self._folder_of(name)
        try:
            os.link(f"{source}/{name}", f"{target}/{name}", follow_symlinks=False)
        except FileNotFoundError:
            return  # it was lost; the build makes it anew
        except OSError:
            shutil.copy2(source / name, target / name, follow_symlinks=False)

    def _folder_of(self, name: str) -> None:
        folder = name.rpartition("/")[0]
        if folder and folder not in self._folders:
            os.makedirs(f"{self.root}/{folder}", mode=0o755, exist_ok=True)
            self._folders.add(folder)


def _remove(root: Path, names: Iterable[str]) -> None:
    """Remove files, and the folders that are empty then."""
    for name in names:
        with contextlib.suppress(FileNotFoundError, NotADirectoryError):
            os.unlink(root / name)
        folder = name
        with contextlib.suppress(OSError):
            while folder := folder.rpartition("/")[0]:
                os.rmdir(root / folder)
