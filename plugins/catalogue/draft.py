"""What is being read of a content folder: where it lies, and every fault that was found in it."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from plugins.catalogue.last_good import LastGood, placed
from plugins.catalogue.part import Part
from plugins.catalogue.problem import Problem, did_you_mean, shown


@dataclass
class Draft:
    """Reading adds to `problems`; paths are those below `content`, with slashes."""

    content: Path
    today: dt.date
    part: Part
    problems: list[Problem] = field(default_factory=list)
    # Units that are read from elsewhere, or not at all where there is nothing in their place.
    instead: Mapping[str, LastGood | None] = field(default_factory=dict)

    def place(self, path: str) -> Path:
        return placed(self.content, path, self.instead)

    def is_left_out(self, unit: str) -> bool:
        return unit in self.instead and self.instead[unit] is None

    def error(self, path: str, code: str, message: str, fix: str, line: int = 1) -> None:
        self.problems.append(Problem(path, line, code, "error", message, fix))

    def unexpected(self, path: str, expected: str) -> None:
        self.error(shown(path, 200), "file-unexpected", "这里不应该有这个文件", expected)

    def entries(self, path: str) -> Iterator[os.DirEntry[str]]:
        """The entries of a folder by name; links and special files are reported and left out."""
        folder = self.place(path)
        if not folder.is_dir():
            return
        with os.scandir(folder) as found:
            entries = sorted(found, key=lambda entry: entry.name)
        for entry in entries:
            inside = shown(f"{path}/{entry.name}".lstrip("/"), 200)
            if entry.is_symlink():
                self.error(inside, "file-is-link", "不能用符号链接", "把文件本身放到这里")
            elif not entry.is_dir(follow_symlinks=False) and not entry.is_file(
                follow_symlinks=False
            ):
                self.error(inside, "file-not-regular", "这不是普通文件", "换成一个普通文件")
            elif entry.name in (".gitkeep", "README.md"):
                continue
            else:
                yield entry

    def province_folders(self, kind: str, slugs: Collection[str]) -> Iterator[str]:
        """Names of the folders below `kind` that the part needs; only `slugs` may stand there."""
        for entry in self.entries(kind):
            path = f"{kind}/{entry.name}"
            if not entry.is_dir(follow_symlinks=False):
                self.unexpected(path, "先按报送单位分文件夹，例如 zhejiang/")
            elif entry.name not in slugs:
                self.error(
                    shown(path, 200), f"{kind}-unknown-province",
                    f"没有叫“{shown(entry.name)}”的报送单位",
                    did_you_mean(entry.name, slugs)
                    or "文件夹名见 reference/provinces.csv 的 slug 列",
                )  # fmt: skip
            elif self.part.reads(kind, entry.name):
                yield entry.name
