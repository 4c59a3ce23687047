"""The files of a build that are made of all its other files."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Final

from plugins import addresses
from plugins.addresses import file_of
from plugins.offline.classic_script import classic_modules
from plugins.offline.pack import Packing, PackMembers, pack, pack_key
from plugins.offline.part import ProvincePart, pages_of, search_file_of
from plugins.offline.saved_list import saved_list
from plugins.offline.worker import retired_worker, worker
from plugins.offline.written import Files
from plugins.site.assets import served_script

_ALSO_SAVED: Final = tuple(
    file_of(address)
    for address in (addresses.HOME, addresses.PROVINCES, addresses.OFFLINE, addresses.WEB_MANIFEST)
)
"""Pages of the whole country that a saved province holds and a pack has its own for."""

_PACK_ASSETS: Final = ("css/", "js/first-paint.js", "favicon.svg")
"""Assets that pages name themselves; all other scripts are one in a pack."""
_COPIES: Final = (".br", ".gz")


@dataclass
class OfflineFiles:
    """`files` are those of the site so far, `read` gives the bytes of one; `theme` is the theme's
    folder and `assets` the address of its files. `origin` is the site's, "" where it has none.
    `retired` publishes the worker that takes itself away."""

    parts: tuple[ProvincePart, ...]
    files: Files
    read: Callable[[str], bytes]
    theme: Path
    assets: str
    origin: str
    today: dt.date
    retired: bool = False

    @property
    def slugs(self) -> tuple[str, ...]:
        """The provinces that get a pack; those of most work come first."""
        most = sorted(self._members.items(), key=lambda one: -len(one[1].pages))
        return tuple(slug for slug, _ in most)

    def pack_key(self, slug: str) -> str:
        """A digest of all that the pack of a province is made of."""
        return pack_key(self._members[slug], self._packing)

    def pack(self, slug: str) -> tuple[str, bytes]:
        """The path and the bytes of a province's pack."""
        return addresses.offline_pack(slug).lstrip("/"), pack(self._members[slug], self._packing)

    def files_about(self, pack_sizes: Mapping[str, int]) -> dict[str, bytes]:
        """What browsers ask for: lists of what to save, the sizes of all, and the worker."""
        found, sizes = {}, {}
        for part in self.parts:
            names = self._saved_files(part)
            saved = sum(self.files[name].size for name in names)
            sizes[part.slug] = {"pack": pack_sizes[part.slug], "saved": saved}
            found[f"offline/{part.slug}.json"] = saved_list(
                part.short_name, self.today.isoformat(), names, self.files
            )
        found["offline/sizes.json"] = json.dumps(sizes, separators=(",", ":")).encode()
        source = self.theme / "worker"
        found[addresses.WORKER.lstrip("/")] = (
            retired_worker(source) if self.retired else worker(source, self.files, self.assets)
        )
        return found

    @cached_property
    def _names(self) -> list[str]:
        return sorted(name for name in self.files if not name.endswith(_COPIES))

    @cached_property
    def _pages(self) -> dict[str, tuple[str, ...]]:
        return pages_of(self.parts, self._names)

    @cached_property
    def _asset_names(self) -> list[str]:
        base = self.assets.lstrip("/") + "/"
        return [name for name in self._names if name.startswith(base)]

    @cached_property
    def _members(self) -> dict[str, PackMembers]:
        inside = len(self.assets)
        assets = [name for name in self._asset_names if name[inside:].startswith(_PACK_ASSETS)]
        return {
            part.slug: PackMembers(
                part=part,
                pages=self._pages[part.slug],
                records=tuple(name for name in part.records if name in self.files),
                assets=tuple(assets),
            )
            for part in self.parts
        }

    @cached_property
    def _packing(self) -> Packing:
        folder = f"{self.assets.lstrip('/')}/js/"
        scripts = {
            name.removeprefix(folder): self.read(name).decode()
            for name in self._asset_names
            if name.startswith(folder) and not name.endswith("/first-paint.js")
        }
        runtime = served_script((self.theme / "pack/pack.js").read_bytes()).decode()
        return Packing(
            files=self.files,
            read=self.read,
            scripts=classic_modules(scripts),
            runtime=runtime,
            search_page=self.read(file_of(addresses.SEARCH)).decode(),
            origin=self.origin,
            date=self.today.isoformat(),
        )

    def _saved_files(self, part: ProvincePart) -> list[str]:
        """Pages first: whoever stops half-way gets on with the rest later. No paper for notice
        boards: it is a third of the bytes, and a phone does not print."""
        found = [
            *(name for name in self._pages[part.slug] if not name.startswith("leaflets/")),
            *(name for name in _ALSO_SAVED if name in self.files),
            *(name for name in part.records if name in self.files),
            search_file_of(part.slug),
            *(name for name in self._asset_names if "/icons/" not in name),
            *part.photos,
        ]
        return list(dict.fromkeys(found))
