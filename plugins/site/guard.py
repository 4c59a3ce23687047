"""The last look at a built tree before it may replace the published one.

Runs outside everything that makes pages and trusts nothing that the build says of itself: it counts
the inputs on the disk again, reads every file that was written, and compares. Files that were not
written are those of the tree that passed the last time; each is known by its size and its place.
"""

from __future__ import annotations

import csv
import hashlib
import html
import os
import re
import stat
from collections.abc import Collection, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final, NamedTuple

from plugins.addresses import DESIGN, file_of
from plugins.catalogue import Catalogue
from plugins.catalogue.last_good import file_of_unit
from plugins.processes import portions, spread
from plugins.site.compressed import gives_back, is_copy
from plugins.site.snapshot import Row, Snapshot
from plugins.site.workshop import Output

_TAG: Final = re.compile(rb"<[a-zA-Z][^<>]*>")
_SRCSET: Final = b"srcset="
_MAYBE_ADDRESS: Final = re.compile(rb'="(/[^"#?<>]*)')
"""Finds every local address outside a `srcset`, and what only looks like one."""
# It begins with what is rare in a page, so that the search is quick.
_LOCAL_ADDRESS: Final = re.compile(
    rb"""="(?:(?:(?<=\shref=")|(?<=\ssrc=")|(?<=\saction="))(/[^"#?<>]*)"""
    rb"""|(?<=\ssrcset=")([^"<>]*))"""
)


@dataclass(frozen=True, slots=True)
class Tree:
    """A tree that waits: the rows of all that lies below `root`, the files that should, which of
    them were `written` now, and which files of the last tree are `gone`."""

    root: Path
    rows: Mapping[str, Row]
    outputs: Mapping[str, Output]
    written: Collection[str]
    gone: Collection[str]

    def read(self, name: str) -> bytes:
        handle = os.open(f"{self.root}/{name}", os.O_RDONLY)
        try:
            # As a rule there is one piece, which is not copied.
            return b"".join(iter(partial(os.read, handle, self.rows[name][1] + 1), b""))
        finally:
            os.close(handle)


def guard(
    tree: Tree,
    catalogue: Catalogue,
    content: Snapshot,
    expected: Set[str],
    *,
    links: bool = True,
    processes: int = 0,
) -> list[str]:
    """Everything that is wrong with the tree, as Chinese sentences; empty if it may go out.

    `expected` are the addresses that must exist. `links` must lead somewhere, but in a tree of some
    pages alone, which is for measurements. `processes` share the reading.
    """
    pages = {file_of(address): address for address in expected}
    return [
        *_inputs_lost(catalogue, content),
        *_files_missing(tree),
        *(f"缺少页面 {pages[name]}" for name in sorted(pages.keys() - tree.outputs.keys())),
        *_contents_wrong(tree, pages, processes, links=links),
    ]


def _inputs_lost(catalogue: Catalogue, content: Snapshot) -> Iterator[str]:
    """Inputs = pages + quarantined, counted on the disk and not by the loader."""
    registered = written = notices = 0
    places = {"national", *catalogue.reference.province_by_slug}
    # Nearly all paths are those of schools, and of these only the folders are of interest.
    interesting = [
        (path, kind)
        for path, kind in content.hashes.items()
        if kind == "folder" or path[:8] != "schools/"
    ]
    for path, kind in interesting:
        match path.split("/"):
            case ["schools", place, _]:
                written += kind == "folder" and place in places
            case ["registry", _, "schools.csv"]:
                registered += _rows_in(f"{content.root}/{path}")
            case ["news", place, name] if place in places and name.endswith(".md"):
                is_file = kind not in ("folder", "special") and not kind.startswith("link ")
                notices += is_file and name != "README.md"
    known = len(catalogue.province_of_id)
    if registered != known:
        yield f"名册里有 {registered} 行，站点里只有 {known} 所学校"
    shown, set_aside = len(catalogue.profiles), _set_aside(catalogue, "schools/")
    if written != shown + set_aside:
        yield f"学校文件夹有 {written} 个，用上 {shown} 个、隔离 {set_aside} 个，对不上"
    if catalogue.last_good:
        news = (notice.path for notice in catalogue.notices)
        shown_now = {*catalogue.profile_paths.values(), *news}
        for unit in catalogue.last_good:
            if file_of_unit(unit) not in shown_now or unit not in content.hashes:
                yield f"{unit} 应当用以前的版本，却没有用上，或者它已经不在内容里"
    shown, set_aside = len(catalogue.notices), _set_aside(catalogue, "news/")
    if notices != shown + set_aside:
        yield f"消息有 {notices} 条，用上 {shown} 条、隔离 {set_aside} 条，对不上"


def _rows_in(register: str) -> int:
    """The rows of a register that hold anything, its head aside."""
    with open(register, encoding="utf-8-sig", newline="") as stream:
        rows = csv.reader(stream)
        next(rows, None)
        return sum(bool("".join(row).strip()) for row in rows)


def _set_aside(catalogue: Catalogue, kind: str) -> int:
    return sum(path.startswith(kind) for path in catalogue.quarantined)


def _files_missing(tree: Tree) -> Iterator[str]:
    outputs, rows = tree.outputs, tree.rows
    found = {name for name, row in rows.items() if not stat.S_ISDIR(row[0])}
    for name in sorted(outputs.keys() - found):
        yield f"没有写出文件 {name}"
    for name in sorted(found - outputs.keys()):
        yield f"多出了文件 {name}"
    there = outputs.keys() & found
    for name in sorted([name for name in there if rows[name][1] != outputs[name].size]):
        size, output = rows[name][1], outputs[name]
        yield f"文件不完整：{name} 有 {size} 字节，应有 {output.size} 字节"


_AT_ONCE: Final = 400
"""Files that a process reads before it tells."""


class _Fault(NamedTuple):
    """What is wrong with a file. `dead` is the address where a link of it leads to nothing."""

    sentence: str
    dead: str = ""


def _contents_wrong(
    tree: Tree, pages: Mapping[str, str], processes: int, *, links: bool
) -> Iterator[str]:
    """What is wrong in the files that were written; each address without a file is told once.
    `pages` are the addresses of the files that must be whole pages."""
    written = tree.outputs.keys() & set(tree.written)
    # A page that was not written may lead to something that is gone.
    suspects = tree.outputs.keys() if links and tree.gone else ()
    names = {*written, *(name for name in suspects if name.endswith(".html"))}
    dead = _DeadLinks(tree) if links else None

    def look(some: Sequence[str]) -> tuple[str, list[_Fault]]:
        return some[0], list(_faults(tree, written, pages, dead, some))

    told: set[str] = set()
    there = sorted(names & tree.rows.keys())  # the others were told before
    for _, faults in sorted(spread(look, portions(there, _AT_ONCE), processes)):
        for fault in faults:
            if fault.dead not in told:
                yield fault.sentence
            if fault.dead:
                told.add(fault.dead)


def _faults(
    tree: Tree,
    written: Set[str],
    pages: Mapping[str, str],
    dead: _DeadLinks | None,
    names: Sequence[str],
) -> Iterator[_Fault]:
    """What is wrong in these files, each read once: in all of them links to nothing, and anything
    else in those that were `written`."""
    source, its_data = "", b""
    for name in names:
        data = tree.read(name)
        if name in written:
            if hashlib.sha256(data).hexdigest() != tree.outputs[name].sha256:
                yield _Fault(f"文件不完整：{name} 的内容和写出时不同")
            if is_copy(name):
                # Copies stand right behind their file where both were written.
                if source != name[:-3]:
                    source = name[:-3]
                    its_data = tree.read(source) if source in tree.rows else b""
                if not gives_back(name, data, its_data):
                    yield _Fault(f"压缩的文件和原文件不一致：{name}")
                continue
            if name in pages and (not data.rstrip().endswith(b"</html>") or b"<h1" not in data):
                yield _Fault(f"页面不完整：{pages[name]}")
        source, its_data = name, data
        if dead is not None:
            yield from dead.of(name, data)


class _DeadLinks:
    """Links of pages to nothing.

    The design system's examples, which only a preview has, show invented schools without pages.
    """

    def __init__(self, tree: Tree) -> None:
        self._tree = tree
        self._present: set[bytes] = set()

    def of(self, name: str, data: bytes) -> Iterator[_Fault]:
        if not name.endswith(".html") or f"/{name}".startswith(DESIGN):
            return
        # Text that looks like an attribute is found as well, so what is missing is looked at again.
        if not all(map(self._is_present, self._unknown(data))):
            for address in (one for tag in _TAG.findall(data) for one in _addresses(tag)):
                if not self._is_present(address):
                    shown = html.unescape(address.decode())
                    yield _Fault(f"{name} 里的链接 {shown} 没有页面", shown)

    def _unknown(self, data: bytes) -> set[bytes]:
        """What may be addresses of a page, but for those that are known to be present."""
        found = set(_MAYBE_ADDRESS.findall(data)) if _SRCSET not in data else _addresses(data)
        return found - self._present

    def _is_present(self, address: bytes) -> bool:
        if address in self._present:
            return True
        file = file_of(html.unescape(address.decode()))
        if file not in self._tree.outputs and file.rstrip("/") not in self._tree.rows:
            return False
        self._present.add(address)
        return True


def _addresses(data: bytes) -> set[bytes]:
    """Local addresses in attributes, as they are written."""
    found = set()
    for single, several in set(_LOCAL_ADDRESS.findall(data)):
        if single:
            found.add(single)
        if several:
            found |= {one.split()[0] for one in several.split(b",") if one.strip()}
    return found
