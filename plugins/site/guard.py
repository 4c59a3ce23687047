"""The last look at a built tree before it may replace the published one.

Runs outside Pelican and trusts nothing that the build says of itself: it counts the inputs on the
disk again, walks the output, and compares. Pelican ends with success after a page has failed; the
guard does not.
"""

from __future__ import annotations

import csv
import hashlib
import html
import os
import re
from collections.abc import Iterator, Mapping, Set
from pathlib import Path
from typing import Final

from plugins.addresses import file_of
from plugins.catalogue import Catalogue
from plugins.catalogue.last_good import file_of_unit
from plugins.site.compressed import wrong_copies
from plugins.site.pages import core_addresses, expected_addresses
from plugins.site.writer import Written, files_below

_TAG: Final = re.compile(rb"<[a-zA-Z][^<>]*>")
_LOCAL_ADDRESS: Final = re.compile(rb"""\s(?:href|src|action)="(/[^"#?]*)|\ssrcset="([^"]*)\"""")


def guard(
    output: Path,
    ledger: Mapping[str, Written],
    catalogue: Catalogue,
    content: Path,
    *,
    core: bool = False,
) -> list[str]:
    """Everything that is wrong with the tree, as Chinese sentences; empty if it may go out.

    A tree of the `core` pages alone is for measurements: its links to other pages lead nowhere.
    """
    return [
        *_inputs_lost(catalogue, content),
        *_files_differ(output, ledger),
        *(f"压缩的文件和原文件不一致：{name}" for name in wrong_copies(output, ledger)),
        *_pages_missing(
            output, core_addresses(catalogue) if core else expected_addresses(catalogue)
        ),
        *([] if core else _dead_links(output)),
    ]


def _inputs_lost(catalogue: Catalogue, content: Path) -> Iterator[str]:
    """Inputs = pages + quarantined, counted on the disk and not by the loader."""
    registered = 0
    for register in sorted((content / "registry").glob("*/schools.csv")):
        with register.open(encoding="utf-8-sig", newline="") as stream:
            rows = csv.reader(stream)
            next(rows, None)
            registered += sum(any(cell.strip() for cell in row) for row in rows)
    if registered != len(catalogue.schools):
        yield f"名册里有 {registered} 行，站点里只有 {len(catalogue.schools)} 所学校"
    written = sum(
        folder.is_dir() and not folder.is_symlink()
        for slug in catalogue.reference.province_by_slug
        for folder in (content / "schools" / slug).glob("*")
    )
    shown, set_aside = len(catalogue.profiles), _set_aside(catalogue, "schools/")
    if written != shown + set_aside:
        yield f"学校文件夹有 {written} 个，用上 {shown} 个、隔离 {set_aside} 个，对不上"
    for unit in catalogue.last_good:
        used = file_of_unit(unit) in {
            *(profile.path for profile in catalogue.profiles.values()),
            *(notice.path for notice in catalogue.notices),
        }
        if not used or not (content / unit).exists():
            yield f"{unit} 应当用以前的版本，却没有用上，或者它已经不在内容里"
    notices = sum(
        file.is_file() and not file.is_symlink() and file.name != "README.md"
        for place in ("national", *catalogue.reference.province_by_slug)
        for file in (content / "news" / place).glob("*.md")
    )
    shown, set_aside = len(catalogue.notices), _set_aside(catalogue, "news/")
    if notices != shown + set_aside:
        yield f"消息有 {notices} 条，用上 {shown} 条、隔离 {set_aside} 条，对不上"


def _set_aside(catalogue: Catalogue, kind: str) -> int:
    return sum(path.startswith(kind) for path in catalogue.quarantined)


def _files_differ(output: Path, ledger: Mapping[str, Written]) -> Iterator[str]:
    found = set(files_below(output))
    for name in sorted(set(ledger) - found):
        yield f"没有写出文件 {name}"
    for name in sorted(found - set(ledger)):
        yield f"多出了文件 {name}"
    for name in sorted(found & set(ledger)):
        data = (output / name).read_bytes()
        entry = ledger[name]
        if len(data) != entry.size or hashlib.sha256(data).hexdigest() != entry.sha256:
            yield f"文件不完整：{name} 有 {len(data)} 字节，应有 {entry.size} 字节"


def _pages_missing(output: Path, expected: Set[str]) -> Iterator[str]:
    for address in sorted(expected):
        file = output / file_of(address)
        data = file.read_bytes() if file.is_file() else b""
        if not data:
            yield f"缺少页面 {address}"
        elif not data.rstrip().endswith(b"</html>") or b"<h1" not in data:
            yield f"页面不完整：{address}"


def _dead_links(output: Path) -> Iterator[str]:
    present: dict[str, bool] = {}
    for folder, _, names in sorted(os.walk(output)):
        for name in sorted(names):
            if not name.endswith(".html"):
                continue
            page = Path(folder) / name
            for address in _addresses(page.read_bytes()):
                if address not in present:
                    present[address] = (output / file_of(address)).exists()
                if not present[address]:
                    yield f"{page.relative_to(output)} 里的链接 {address} 没有页面"
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
