"""The files of a build that can only be made when its pages are rendered."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from plugins import addresses
from plugins.addresses import file_of
from plugins.offline.pack import pack, pack_members, pack_scripts
from plugins.offline.part import ProvincePart
from plugins.offline.saved_list import saved_list
from plugins.offline.worker import retired_worker, worker
from plugins.site.assets import served_script

if TYPE_CHECKING:
    from plugins.site.writer import Written

_ALSO_SAVED: Final = tuple(
    file_of(address)
    for address in (addresses.HOME, addresses.PROVINCES, addresses.OFFLINE, addresses.WEB_MANIFEST)
)
"""Pages of the whole country that a saved province holds and a pack has its own for."""


@dataclass(frozen=True, slots=True)
class Offline:
    """What `offline_files` must know beside the tree. `theme` is the theme's folder, `cache` that
    of packs made before; `retired` publishes the worker that takes itself away."""

    parts: tuple[ProvincePart, ...]
    theme: Path
    cache: Path
    origin: str
    assets: str
    today: dt.date
    retired: bool = False


def offline_files(
    tree: Path, ledger: Mapping[str, Written], offline: Offline
) -> Iterator[tuple[str, bytes]]:
    """Path and bytes: for each province its pack and the list for saving it; their sizes; the
    worker. `ledger` lists the files of `tree` so far. Raises NotConvertible, OSError."""
    date = offline.today.isoformat()
    scripts = pack_scripts(tree, ledger, offline.assets)
    runtime = served_script((offline.theme / "pack/pack.js").read_bytes()).decode()
    sizes = {}
    for part in offline.parts:
        members = pack_members(part, ledger, offline.assets)
        data = pack(tree, ledger, members, scripts, runtime, offline.origin, date, offline.cache)
        files = _saved_files(part, ledger, offline.assets)
        sizes[part.slug] = {"pack": len(data), "saved": sum(ledger[file].size for file in files)}
        yield addresses.offline_pack(part.slug).lstrip("/"), data
        yield f"offline/{part.slug}.json", saved_list(part.short_name, date, files, ledger)
    yield "offline/sizes.json", json.dumps(sizes, separators=(",", ":")).encode()
    source = offline.theme / "worker"
    made = retired_worker(source) if offline.retired else worker(source, ledger, offline.assets)
    yield addresses.WORKER.lstrip("/"), made


def _saved_files(part: ProvincePart, ledger: Mapping[str, Written], assets: str) -> list[str]:
    """Pages first: whoever stops half-way gets on with the rest later. No paper for notice boards:
    it is a third of the bytes, and a phone does not print."""
    names = sorted(ledger)
    pages = [name for name in part.pages(names) if not name.startswith("leaflets/")]
    base = assets.lstrip("/") + "/"
    found = [
        *pages,
        *(name for name in _ALSO_SAVED if name in ledger),
        *part.records(names),
        part.search_file,
        *(name for name in names if name.startswith(base) and "/icons/" not in name),
        *(name for name in part.photos if name in ledger),
    ]
    return list(dict.fromkeys(found))
