"""`/offline/<province>.zip`: a province that opens from a USB stick, with no server.

`index.html` beside one folder, `files`. The bytes depend on the members alone; the build makes a
pack again only when one of them has changed.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic_core import to_json

from plugins import addresses
from plugins.addresses import address_of, file_of
from plugins.offline.pack_page import FOLDER, START, PackSite, pack_page, without_index
from plugins.offline.part import ProvincePart, search_file_of
from plugins.offline.written import Files
from plugins.offline.zip_file import zip_bytes


@dataclass(frozen=True, slots=True)
class PackMembers:
    """The files of the site that go into a pack, as paths; `part` names the photos."""

    part: ProvincePart
    pages: tuple[str, ...]
    records: tuple[str, ...]
    assets: tuple[str, ...]

    @property
    def start(self) -> str:
        return file_of(addresses.offline_of(self.part.slug))

    @property
    def all(self) -> tuple[str, ...]:
        return (
            self.start, *self.pages, *self.records, *self.part.photos, *self.assets,
            search_file_of(self.part.slug),
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Packing:
    """What all packs of a build share. `read` gives the bytes of one of the `files`; `scripts` are
    the site's as `classic_modules` makes them, `runtime` is `themes/jixiao/pack/pack.js`,
    `search_page` the HTML of the search page, `date` the ISO day of the data."""

    files: Files
    read: Callable[[str], bytes]
    scripts: str
    runtime: str
    search_page: str
    origin: str
    date: str


def pack_key(members: PackMembers, packing: Packing) -> str:
    """A digest of all that a pack is made of; two packs of one key have the same bytes.

    The search page names the index of the whole site, which any school changes; in the pack it
    names the province's own, so that name does not count.
    """
    search = file_of(addresses.SEARCH)
    digests = [(name, packing.files[name].sha256) for name in members.all if name != search]
    page = without_index(packing.search_page) if search in members.pages else ""
    whole = [digests, page, packing.scripts, packing.runtime, packing.origin, packing.date]
    return hashlib.sha256(json.dumps(whole).encode()).hexdigest()


def pack(members: PackMembers, packing: Packing) -> bytes:
    """The zip. Raises UnicodeEncodeError for a name that is not ASCII."""
    bundle = json.loads(packing.read(search_file_of(members.part.slug)))
    site = _pack_site(members, packing, str(bundle["generation"]))
    files: dict[str, bytes] = {}
    for name in (members.start, *members.pages):
        file = START if name == members.start else f"{FOLDER}/{name}"
        files[file] = pack_page(packing.read(name).decode(), file, site).encode()
    files[f"{FOLDER}/pack/scripts.js"] = _scripts(site, packing)
    files[f"{FOLDER}/pack/data.js"] = _data(members, packing, bundle)
    for name in members.part.photos:
        files[f"{FOLDER}/{name}"] = packing.read(name)
    for name in members.assets:
        files[f"{FOLDER}/assets/{name.split('/', 2)[2]}"] = packing.read(name)
    return zip_bytes(files, f"jixiao-{members.part.slug}")


def _pack_site(members: PackMembers, packing: Packing, generation: str) -> PackSite:
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
    photos = {name.removeprefix("photos/").partition("-")[0]: name for name in members.part.photos}
    newer = addresses.offline_of(slug)
    return PackSite(where, photos, packing.origin, packing.date, newer, generation)


def _scripts(site: PackSite, packing: Packing) -> bytes:
    head = (
        f"const SITE = {json.dumps(site.origin)};\n"
        f"const WHERE = {json.dumps(dict(sorted(site.where.items())), separators=(',', ':'))};\n"
        f"const MODULES = {packing.scripts};\n"
    )
    return f'(() => {{\n"use strict";\n{head}{packing.runtime}}})();\n'.encode()


def _data(members: PackMembers, packing: Packing, bundle: Mapping[str, Any]) -> bytes:
    """A classic script that holds what pages fetch: text, or base64 in a list."""
    found: dict[str, object] = {
        f"/search-index/{bundle['generation']}/{name}": [text] if name.endswith(".bin") else text
        for name, text in bundle["files"].items()
    }
    found |= {f"/{name}": packing.read(name).decode() for name in members.records}
    text = to_json(dict(sorted(found.items()))).decode()
    for character in "\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return f"globalThis.jixiaoPackData = {text};\n".encode()
