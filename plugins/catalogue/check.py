"""`check`: say everything that is wrong with a content folder, or with one part of it."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from plugins.catalogue.load import find_content, load
from plugins.catalogue.part import part_of
from plugins.catalogue.problem import Problem, errors

if TYPE_CHECKING:
    from plugins.catalogue.report import Format


@dataclass(frozen=True, slots=True)
class Checked:
    """What a check found: `output` to print, and whether anything must be mended."""

    output: str
    problems: tuple[Problem, ...]

    @property
    def failed(self) -> bool:
        return bool(errors(self.problems))


def check(
    content: Path,
    paths: Sequence[Path],
    style: Format,
    today: dt.date,
    photo_cache: Path | None = None,
) -> Checked:
    """Check the content folder `content`, or only `paths`, each a file or folder in one.

    A path decides by itself to which content folder it belongs. Of that folder only what the path
    needs is read, so that the answer comes at once; the text says what was not compared.
    Photos whose looks are in `photo_cache` are not decoded again.
    """
    from plugins.catalogue.report import report

    found: list[Problem] = []
    left_out: list[str] = []
    for path in paths or [content]:
        folder = find_content(path)
        if folder is None or not os.path.lexists(path):
            found.append(
                Problem(
                    str(path),
                    1,
                    "path-not-found",
                    "error",
                    "没有这个文件或文件夹" if folder else "它不在内容文件夹里",
                    "写 content 里的一个文件或文件夹，例如 content/schools/zhejiang/；"
                    "内容文件夹里要有 reference/provinces.csv",
                )
            )
            continue
        inside = _inside(path, folder)
        part = part_of(inside)
        _, problems = load(folder, today, part, photo_cache)
        left_out += [part.not_compared] if part.not_compared else []
        found += located((p for p in problems if _covers(inside, p.path)), folder)
    notes = list(dict.fromkeys(left_out)) if style == "text" else []
    return Checked("\n".join([report(found, style), *notes]), tuple(found))


def _inside(path: Path, folder: Path) -> str:
    inside = os.path.relpath(os.path.abspath(path), folder)
    return "" if inside == "." else inside


def _covers(inside: str, path: str) -> bool:
    return not inside or path == inside or path.startswith(inside + "/")


def located(problems: Iterable[Problem], folder: Path) -> list[Problem]:
    """The problems of the content `folder` with paths that can be opened from here.

    Paths start at the current folder where it holds the content, else at the root.
    """
    relative = os.path.relpath(folder)
    shown = str(folder) if relative.startswith("..") else relative
    prefix = "" if shown == "." else shown + "/"
    return [replace(problem, path=prefix + problem.path) for problem in problems]
