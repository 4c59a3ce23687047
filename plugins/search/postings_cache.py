"""Postings kept between builds: reopened when nothing changed, updated when a little did.

Nothing here imports Whoosh.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
import time
from array import array
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from plugins.search.document import SearchDocument
from plugins.search.fingerprint import document_digest, engine_version, fingerprint_of
from plugins.search.pack import UNFINISHED, read_pack, write_pack
from plugins.search.postings import Postings
from plugins.search.schema import FIELDS

_INDEX = "index-"
_KEPT = 2
_ABANDONED_SECONDS = 24 * 3600


def open_postings(
    ordered: Sequence[SearchDocument],
    cache_dir: Path,
    digests: tuple[str, ...] | None = None,
    phrases: Iterable[str] = (),
    afresh: Callable[[], Postings] | None = None,
) -> Postings:
    """The postings of documents in order of their school_id, from `cache_dir` if they are there.

    Else those used last are updated, or all is counted `afresh`; the result is the same. A new
    index appears only when it is complete, so a build that dies leaves nothing that looks like
    one, and two builds at once do not disturb each other. The two used last are kept. A damaged
    one is built anew. `digests` and `phrases` as for `build_postings`.
    """
    cache_dir.mkdir(parents=True, exist_ok=True)
    known = digests or tuple(map(document_digest, ordered))
    words = tuple(sorted(phrases))
    target = cache_dir / f"{_INDEX}{fingerprint_of((*known, *words))}"
    postings = _load(target)
    if postings is None:
        # This takes a tenth of a second to import, and in most builds no index changes.
        from plugins.search.postings_build import build_postings, update_postings

        earlier = _latest(cache_dir)
        postings = update_postings(earlier, ordered, known, words) if earlier else None
        if postings is None:
            postings = afresh() if afresh else build_postings(ordered, known, words)
        _save(postings, target)
    else:
        os.utime(target)
    prune(cache_dir, _INDEX)
    return postings


def prune(cache_dir: Path, prefix: str) -> None:
    """Drop all but the two files used last whose names begin with `prefix`, and what a killed
    build left behind a day ago."""
    abandoned = [
        path
        for path in sorted(cache_dir.glob(f"{UNFINISHED}*"))
        if _last_use(path) < time.time() - _ABANDONED_SECONDS
    ]
    for path in [*by_use(cache_dir, prefix)[_KEPT:], *abandoned]:
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)


def by_use(cache_dir: Path, prefix: str) -> list[Path]:
    """The files whose names begin with `prefix`, the one used last first."""
    return sorted(sorted(cache_dir.glob(f"{prefix}*")), key=_last_use, reverse=True)


def _latest(cache_dir: Path) -> Postings | None:
    """The whole postings used last, if this engine made them."""
    for path in by_use(cache_dir, _INDEX):
        postings = _load(path)
        if postings is not None:
            return postings
    return None


def _save(postings: Postings, target: Path) -> None:
    facts = {
        "made_by": _made_by(),
        "school_ids": postings.school_ids,
        "digests": postings.digests,
        "phrases": postings.phrases,
        "sources": [len(source) for source in postings.sources],
        "shards": [len(shard) for shard in postings.shards],
    }
    write_pack(
        target,
        {
            "facts": [json.dumps(facts).encode()],
            "lengths": [of_field.tobytes() for of_field in postings.lengths],
            "keys": [b"\n".join(postings.keys)],
            "sizes": [postings.sizes.tobytes()],
            "data": [postings.data.cast("B")],
            "sources": postings.sources,
            "shards": postings.shards,
        },
    )


def _load(path: Path) -> Postings | None:
    parts = read_pack(path) if path.is_file() else None
    if parts is None:
        return None
    facts = json.loads(bytes(parts["facts"]))
    if facts["made_by"] != _made_by():
        return None
    schools = len(facts["school_ids"])
    every_length = _numbers(parts["lengths"])
    keys = bytes(parts["keys"])
    return Postings(
        school_ids=tuple(facts["school_ids"]),
        digests=tuple(facts["digests"]),
        sources=_cut(parts["sources"], facts["sources"]),
        lengths=tuple(
            every_length[number * schools : (number + 1) * schools] for number in range(len(FIELDS))
        ),
        keys=keys.split(b"\n") if keys else [],
        sizes=_numbers(parts["sizes"]),
        data=parts["data"].cast("I"),
        shards=_cut(parts["shards"], facts["shards"]),
        phrases=tuple(facts["phrases"]),
    )


def _made_by() -> list[str]:
    """Numbers are written as this machine has them; a cache from another kind is not read."""
    return [engine_version(), sys.byteorder]


def _numbers(part: memoryview) -> array[int]:
    numbers = array("I")
    numbers.frombytes(part)
    return numbers


def _cut(part: memoryview, sizes: Sequence[int]) -> tuple[bytes, ...]:
    pieces = []
    start = 0
    for size in sizes:
        pieces.append(bytes(part[start : start + size]))
        start += size
    return tuple(pieces)


def _last_use(path: Path) -> float:
    """Seconds since the epoch; 0 when another build has just removed it."""
    try:
        return path.stat().st_mtime
    except FileNotFoundError:
        return 0.0
