"""`/sw.js`: the service worker's source from the theme, with what it must know of this build."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from plugins import addresses
from plugins.addresses import address_of
from plugins.offline.written import Files
from plugins.site.assets import served_script

FORMAT: Final = 1
"""Raise it when the worker or `saved-sets.js` keeps its caches in another way. A worker of a
new format waits until no page of the old one is open, then throws the old caches away."""

SHORT_DIGEST: Final = 16
"""Hexadecimal digits of a SHA-256 by which a fetched file is known to be of this build."""

_SHELL_PARTS: Final = (
    "css/site.css", "css/offline.css", "favicon.svg", "js/offline.js", "js/saved-notice.js",
    "js/offline-page.js", "js/saved-provinces.js", "js/saved-sets.js", "js/save-province.js",
    "js/offline-sizes.js", "js/save-button.js", "js/saved-schools.js",
)  # fmt: skip
"""Assets of the page that stands in for one that was never saved."""

_NAMES_PARTS: Final = (
    "css/site.css", "css/answers.css", "favicon.svg", "js/offline.js", "js/saved-notice.js",
    "js/first-paint.js", "js/name-check.js", "js/verify.js",
)  # fmt: skip
"""Assets of the page that says whether a school is in the registers."""


def worker(source: Path, written: Files, assets: str) -> bytes:
    """The worker of this build. `source` is the theme's `worker` folder."""

    def files(*names: str, parts: Iterable[str]) -> list[list[str]]:
        every = [*(f"{assets.lstrip('/')}/{part}" for part in parts), *names]
        return [[address_of(name), written[name].sha256[:SHORT_DIGEST]] for name in every]

    shell = files("offline/index.html", parts=_SHELL_PARTS)
    checked = (addresses.VERIFY_NAMES, addresses.VERIFY)
    names = files(*map(addresses.file_of, checked), parts=_NAMES_PARTS)
    build = hashlib.sha256(json.dumps([shell, names]).encode()).hexdigest()[:12]
    given = {"FORMAT": FORMAT, "BUILD": build, "SHELL": shell, "NAMES": names}
    head = "".join(f"const {name} = {json.dumps(value)};\n" for name, value in given.items())
    return head.encode() + served_script((source / "sw.js").read_bytes())


def retired_worker(source: Path) -> bytes:
    """The worker that takes itself away: the kill switch."""
    return served_script((source / "retired.js").read_bytes())
