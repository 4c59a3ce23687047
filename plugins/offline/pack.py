"""`/offline/<province>.zip`: a province that opens from a USB stick, with no server.

`index.html` beside one folder, `files`. The bytes depend on the members alone; a pack whose members
are those of a pack made before is taken from the cache and not made again.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from plugins import addresses
from plugins.addresses import address_of, file_of
from plugins.offline.classic_script import classic_modules
from plugins.offline.pack_page import FOLDER, START, PackSite, pack_page
from plugins.offline.part import ProvincePart

if TYPE_CHECKING:
    from plugins.site.writer import Written

RECIPE: Final = "1"
"""Raise it when the same members would give another pack."""

_DATE: Final = (1980, 1, 1, 0, 0, 0)
"""Of every file in the zip: the oldest that the format knows. Source: APPNOTE.TXT 4.4.6."""
_STORED: Final = (".webp", ".png")
"""Dense already."""
_LEVEL: Final = 6
_ASSETS: Final = ("css/", "js/first-paint.js", "favicon.svg")
"""Assets that pages name themselves; all other scripts are in one."""


@dataclass(frozen=True, slots=True)
class PackMembers:
    """The files of the site that go into a pack, as paths in the tree."""

    part: ProvincePart
    pages: tuple[str, ...]
    records: tuple[str, ...]
    photos: tuple[str, ...]
    assets: tuple[str, ...]

    @property
    def start(self) -> str:
        return file_of(addresses.offline_of(self.part.slug))


def pack_members(part: ProvincePart, ledger: Mapping[str, Written], assets: str) -> PackMembers:
    """What the pack of a province holds; `assets` is the address of the theme's files."""
    base = assets.lstrip("/") + "/"
    names = sorted(ledger)
    return PackMembers(
        part=part,
        pages=tuple(part.pages(names)),
        records=tuple(part.records(names)),
        photos=tuple(name for name in part.photos if name in ledger),
        assets=tuple(
            name
            for name in names
            if name.startswith(base) and name.removeprefix(base).startswith(_ASSETS)
        ),
    )


def pack(
    tree: Path,
    ledger: Mapping[str, Written],
    members: PackMembers,
    scripts: str,
    runtime: str,
    origin: str,
    date: str,
    cache: Path,
) -> bytes:
    """The zip. `scripts` are the site's as `classic_modules` makes them, `runtime` is
    `themes/jixiao/pack/pack.js`, `cache` a folder of packs that were made before."""
    bundle_file = members.part.search_file
    search_page = file_of(addresses.SEARCH)
    # The search page names the index of the whole site, which any school changes; in the pack it
    # names the province's own.
    digests = [
        (name, ledger[name].sha256)
        for name in (
            members.start, *members.pages, *members.records, *members.photos, *members.assets,
            bundle_file,
        )
        if name != search_page
    ]  # fmt: skip
    bundle = json.loads((tree / bundle_file).read_bytes())
    site = _pack_site(members, origin, date, str(bundle["generation"]))
    pages = dict(_pages(tree, members, site, only=search_page))
    whole = json.dumps([RECIPE, digests, pages, scripts, runtime, origin, date])
    kept = cache / f"{members.part.slug}-{hashlib.sha256(whole.encode()).hexdigest()[:24]}.zip"
    if kept.is_file():
        return kept.read_bytes()
    pages |= _pages(tree, members, site)
    files: dict[str, bytes] = {name: page.encode() for name, page in pages.items()}
    files[f"{FOLDER}/pack/scripts.js"] = _scripts(site, scripts, runtime)
    files[f"{FOLDER}/pack/data.js"] = _data(tree, members, bundle)
    for name in members.photos:
        files[f"{FOLDER}/{name}"] = (tree / name).read_bytes()
    for name in members.assets:
        files[f"{FOLDER}/assets/{name.split('/', 2)[2]}"] = (tree / name).read_bytes()
    data = zip_bytes(files, f"jixiao-{members.part.slug}")
    cache.mkdir(parents=True, exist_ok=True)
    for older in cache.glob(f"{members.part.slug}-*.zip"):
        older.unlink()
    half = kept.with_suffix(f".{os.getpid()}.tmp")
    half.write_bytes(data)
    os.replace(half, kept)
    return data


def zip_bytes(files: Mapping[str, bytes], folder: str) -> bytes:
    """A zip of `files` below one `folder`, the same bytes for the same files. Names are ASCII."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, data in sorted(files.items()):
            name.encode("ascii")
            entry = zipfile.ZipInfo(f"{folder}/{name}", _DATE)
            entry.create_system = 3
            entry.external_attr = 0o100644 << 16
            stored = name.endswith(_STORED)
            entry.compress_type = zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED
            archive.writestr(entry, data, compresslevel=None if stored else _LEVEL)
    return buffer.getvalue()


def _pages(
    tree: Path, members: PackMembers, site: PackSite, only: str | None = None
) -> Iterator[tuple[str, str]]:
    """Path in the pack and HTML of its pages, or of one of them."""
    for name in (members.start, *members.pages):
        if only in (None, name):
            file = START if name == members.start else f"{FOLDER}/{name}"
            yield file, pack_page((tree / name).read_text("utf-8"), file, site)


def _pack_site(members: PackMembers, origin: str, date: str, generation: str) -> PackSite:
    slug = members.part.slug
    where = {address_of(name): name for name in members.pages}
    start = f"../{START}"
    # What the pack does not have, but has the like of for the province.
    instead = {
        addresses.PROVINCES: f"/provinces/{slug}/",
        addresses.MAJORS: f"/provinces/{slug}/majors/",
        addresses.NEWS: f"/news/{slug}/",
    }
    for address in list(where):
        parts = address.strip("/").split("/")
        if len(parts) == 3 and parts[0] == "majors" and parts[2] == slug:
            instead[f"/majors/{parts[1]}/"] = address
        if len(parts) == 3 and parts[:2] == ["provinces", slug]:
            instead.setdefault(f"/levels/{parts[2]}/", address)
    where |= {
        address: where[there]
        for address, there in sorted(instead.items())
        if there in where and address not in where
    }
    where |= dict.fromkeys((addresses.HOME, addresses.OFFLINE, addresses.offline_of(slug)), start)
    photos = {name.removeprefix("photos/").partition("-")[0]: name for name in members.photos}
    return PackSite(where, photos, origin, date, addresses.offline_of(slug), generation)


def _scripts(site: PackSite, scripts: str, runtime: str) -> bytes:
    head = (
        f"const SITE = {json.dumps(site.origin)};\n"
        f"const WHERE = {json.dumps(dict(sorted(site.where.items())), separators=(',', ':'))};\n"
        f"const MODULES = {scripts};\n"
    )
    return f'(() => {{\n"use strict";\n{head}{runtime}}})();\n'.encode()


def _data(tree: Path, members: PackMembers, bundle: Mapping[str, Any]) -> bytes:
    """A classic script that holds what pages fetch: text, or base64 in a list."""
    found: dict[str, object] = {
        f"/search-index/{bundle['generation']}/{name}": [text] if name.endswith(".bin") else text
        for name, text in bundle["files"].items()
    }
    found |= {f"/{name}": (tree / name).read_text("utf-8") for name in members.records}
    text = json.dumps(dict(sorted(found.items())), ensure_ascii=False, separators=(",", ":"))
    for character in "\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return f"globalThis.jixiaoPackData = {text};\n".encode()


def pack_scripts(tree: Path, ledger: Mapping[str, Written], assets: str) -> str:
    """The site's scripts for all packs of a build. Raises NotConvertible."""
    folder = f"{assets.lstrip('/')}/js/"
    return classic_modules(
        {
            name.removeprefix(folder): (tree / name).read_text("utf-8")
            for name in sorted(ledger)
            if name.startswith(folder) and not name.endswith("/first-paint.js")
        }
    )
