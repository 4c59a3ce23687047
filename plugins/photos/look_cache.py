"""The looks of photos seen before, by content: what was measured once is not decoded again.

::

    <cache_dir>/look-<RECIPE>/<first 2 of sha256>/<sha256>.json

Shared between builds and between CI runs like the published copies beside it. An entry proves
itself with a hash over the photo's hash, the recipe and the numbers; one that does not is as good
as none. A photo that was refused has no entry: it is judged each time.
"""

import hashlib
import json
from pathlib import Path
from typing import Final

from plugins.photos.look import PhotoLook
from plugins.photos.write_whole import write_whole

RECIPE: Final = "1"
"""Names how a photo is looked at. Raise it whenever the same photo would give another look."""


def find_look(sha256: str, cache_dir: Path) -> PhotoLook | None:
    """The look of the photo with this hash, if the cache has an entry that is whole."""
    try:
        entry = json.loads(_entry(sha256, cache_dir).read_bytes())
        numbers, proof = entry["look"], entry["proof"]
        if len(numbers) != 3 or not all(type(number) is int for number in numbers):
            return None
        look = PhotoLook(*numbers)
    except (OSError, ValueError, TypeError, KeyError, RecursionError):
        return None
    return look if proof == _proof(sha256, look) else None


def store_look(sha256: str, look: PhotoLook, cache_dir: Path) -> None:
    """Keep a look; the entry appears whole or not at all.

    A cache that cannot be written costs time and nothing else: checking needs no disk.
    """
    numbers = [look.fingerprint, look.sharpness, look.writing]
    entry = json.dumps({"look": numbers, "proof": _proof(sha256, look)})
    path = _entry(sha256, cache_dir)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, entry.encode())
    except OSError:
        return


def _entry(sha256: str, cache_dir: Path) -> Path:
    return cache_dir / f"look-{RECIPE}" / sha256[:2] / f"{sha256}.json"


def _proof(sha256: str, look: PhotoLook) -> str:
    text = f"{sha256} {RECIPE} {look.fingerprint} {look.sharpness} {look.writing}"
    return hashlib.sha256(text.encode()).hexdigest()
