"""`/offline/<province>.json`: what a browser fetches to save a province."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence

from plugins.addresses import address_of
from plugins.offline.worker import FORMAT, SHORT_DIGEST
from plugins.offline.written import Files


def saved_list(name: str, date: str, files: Sequence[str], written: Files) -> bytes:
    """The list of a province's `files`, in their order; pages come first.

    `set` names exactly these files with these bytes. `files` are [address, bytes, digest]; sizes
    and digests are those of what was written. `date` is the day of the build.
    """
    rows = [
        [address_of(file), written[file].size, written[file].sha256[:SHORT_DIGEST]]
        for file in files
    ]
    whole = {
        "format": FORMAT,
        "name": name,
        "date": date,
        "set": hashlib.sha256(json.dumps(rows).encode()).hexdigest()[:12],
        "bytes": sum(written[file].size for file in files),
        "files": rows,
    }
    return json.dumps(whole, ensure_ascii=False, separators=(",", ":")).encode()
