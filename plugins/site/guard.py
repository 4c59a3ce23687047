"""The last look at a built tree before it may replace the published one.

Runs outside everything that makes pages and trusts nothing that the build says of itself: it counts
the inputs on the disk again, reads every file that was written, and compares. Files that were not
written are those of the tree that passed the last time; each is known by its size and its place.
"""

from __future__ import annotations

import csv
import hashlib
import html
import re
import stat
from collections.abc import Collection, Iterator, Mapping, Set
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from plugins.addresses import DESIGN, file_of
from plugins.catalogue import Catalogue
from plugins.catalogue.last_good import file_of_unit
from plugins.site.compressed import wrong_copies
from plugins.site.snapshot import Row, Snapshot
from plugins.site.workshop import Output

_TAG: Final = re.compile(rb"<[a-zA-Z][^<>]*>")
_LOCAL_ADDRESS: Final = re.compile(rb"""\s(?:href|src|action)="(/[^"#?]*)|\ssrcset="([^"]*)\"""")


@dataclass(frozen=True, slots=True)
class Tree:
    """A tree that waits: the rows of all that lies below `root`, the files that should, which of
    them were `written` now, and which files of the last tree are `gone`."""

    root: Path
    rows: Mapping[str, Row]
    outputs: Mapping[str, Output]
    written: Collection[str]
    gone: Collection[str]


def guard(
    tree: Tree,
    catalogue: Catalogue,
    content: Snapshot,
    expected: Set[str],
    *,
    core: bool = False,
) -> list[str]:
    """Everything that is wrong with the tree, as Chinese sentences; empty if it may go out.

    `expected` are the addresses that must exist. A tree of the `core` pages alone is for
    measurements: its links to other pages lead nowhere.
    """
    written = sorted(set(tree.written) & tree.outputs.keys())
    return [
        *_inputs_lost(catalogue, content),
        *_files_differ(tree, written),
        *(f"压缩的文件和原文件不一致：{name}" for name in wrong_copies(tree.root, written)),
        *_pages_missing(tree, expected),
        *([] if core else _dead_links(tree, written)),
    ]


def _inputs_lost(catalogue: Catalogue, content: Snapshot) -> Iterator[str]:
    """Inputs = pages + quarantined, counted on the disk and not by the loader."""
    registered = written = notices = 0
    places = {"national", *catalogue.reference.province_by_slug}
    for path, kind in content.hashes.items():
        match path.split("/"):
            case ["registry", _, "schools.csv"]:
                with open(f"{content.root}/{path}", encoding="utf-8-sig", newline="") as stream:
                    rows = csv.reader(stream)
                    next(rows, None)
                    registered += sum(any(cell.strip() for cell in row) for row in rows)
            case ["schools", unit, _] if unit in places and kind == "folder":
                written += 1
            case ["news", place, name] if place in places and name.endswith(".md"):
                is_file = kind not in ("folder", "special") and not kind.startswith("link ")
                notices += is_file and name != "README.md"
    known = len(catalogue.province_of_id)
    if registered != known:
        yield f"名册里有 {registered} 行，站点里只有 {known} 所学校"
    shown, set_aside = len(catalogue.profiles), _set_aside(catalogue, "schools/")
    if written != shown + set_aside:
        yield f"学校文件夹有 {written} 个，用上 {shown} 个、隔离 {set_aside} 个，对不上"
    shown_now = {
        *catalogue.profile_paths.values(),
        *(notice.path for notice in catalogue.notices),
    }
    for unit in catalogue.last_good:
        if file_of_unit(unit) not in shown_now or unit not in content.hashes:
            yield f"{unit} 应当用以前的版本，却没有用上，或者它已经不在内容里"
    shown, set_aside = len(catalogue.notices), _set_aside(catalogue, "news/")
    if notices != shown + set_aside:
        yield f"消息有 {notices} 条，用上 {shown} 条、隔离 {set_aside} 条，对不上"


def _set_aside(catalogue: Catalogue, kind: str) -> int:
    return sum(path.startswith(kind) for path in catalogue.quarantined)


def _files_differ(tree: Tree, written: Collection[str]) -> Iterator[str]:
    found = {name for name, row in tree.rows.items() if not stat.S_ISDIR(row[0])}
    for name in sorted(tree.outputs.keys() - found):
        yield f"没有写出文件 {name}"
    for name in sorted(found - tree.outputs.keys()):
        yield f"多出了文件 {name}"
    for name in sorted(found & tree.outputs.keys()):
        size, output = tree.rows[name][1], tree.outputs[name]
        if size != output.size:
            yield f"文件不完整：{name} 有 {size} 字节，应有 {output.size} 字节"
    for name in sorted(found & set(written)):
        data = (tree.root / name).read_bytes()
        if hashlib.sha256(data).hexdigest() != tree.outputs[name].sha256:
            yield f"文件不完整：{name} 的内容和写出时不同"


def _pages_missing(tree: Tree, expected: Set[str]) -> Iterator[str]:
    written = set(tree.written)
    for address in sorted(expected):
        name = file_of(address)
        if name not in tree.outputs:
            yield f"缺少页面 {address}"
        elif name in written:
            data = (tree.root / name).read_bytes()
            if not data.rstrip().endswith(b"</html>") or b"<h1" not in data:
                yield f"页面不完整：{address}"


def _dead_links(tree: Tree, written: Collection[str]) -> Iterator[str]:
    """Links of the pages that were written; of all pages, if something is gone that a page which
    was not written may lead to.

    The design system's examples, which only a preview has, show invented schools without pages.
    """
    present: dict[str, bool] = {}
    for name in sorted(tree.outputs) if tree.gone else written:
        if not name.endswith(".html") or f"/{name}".startswith(DESIGN):
            continue
        for address in _addresses((tree.root / name).read_bytes()):
            if address not in present:
                file = file_of(address)
                present[address] = file in tree.outputs or file.rstrip("/") in tree.rows
            if not present[address]:
                yield f"{name} 里的链接 {address} 没有页面"
                present[address] = True  # one report an address is enough


def _addresses(data: bytes) -> Iterator[str]:
    """Local addresses in the tags of a page; text that looks like an attribute is only text."""
    for tag in _TAG.findall(data):
        for single, several in _LOCAL_ADDRESS.findall(tag):
            if single:
                yield html.unescape(single.decode())
            for candidate in several.split(b","):
                if candidate.strip():
                    yield candidate.split()[0].decode()
