"""The index as static files that a browser can search: the same hits, scores and order.

Three kinds of file, all named relative to one directory per generation:

- `manifest.json`: everything a browser needs before its first term. Character ranges, query
  limit, known words, counts, and the CRC-32 of every other file, so that a file that is cut
  short, damaged or of another build is refused and never searched.
- `terms-<i>.bin`: the terms whose FNV-1a hash is i modulo the number of shards, with the schools
  that contain them and the impact summed over the fields. Layout: see `postings_shards`.
- `schools-<i>.json`: what a result shows, a chunk of schools a file, in ordinal order.

The bytes depend on the documents and the engine alone.
"""

import json
from base64 import b64encode
from collections.abc import Iterable, Mapping
from hashlib import sha256
from typing import Protocol
from zlib import crc32

from plugins.search.characters import HAN, READ, WORD
from plugins.search.document import SearchDocument, in_order
from plugins.search.query import QUERY_LIMIT
from plugins.search.vocabulary import Vocabulary

MANIFEST = "manifest.json"

# Raised when a browser of the old code could misread the new files.
_FORMAT = 1
# Up to this many schools all results come in one file; beyond it, in small chunks.
_ONE_CHUNK = 256
_SMALL_CHUNK = 16


class Indexed(Protocol):
    """What the export needs of an index: its schools by ordinal, and its term files."""

    @property
    def school_ids(self) -> tuple[str, ...]: ...

    @property
    def shards(self) -> tuple[bytes, ...]: ...


def export(
    index: Indexed, documents: Iterable[SearchDocument], vocabulary: Vocabulary
) -> dict[str, bytes]:
    """File name to content of the static index, to be served from `/search-index/<generation>/`.

    `index` and `vocabulary` must have been built from these `documents`; raises ValueError when
    the index holds other schools. The generation is in the manifest: see `generation_of`.
    """
    ordered = in_order(documents)
    if tuple(document.school_id for document in ordered) != index.school_ids:
        raise ValueError("the search index was built from other schools than these documents")

    files = {f"terms-{number}.bin": shard for number, shard in enumerate(index.shards)}
    chunk = _ONE_CHUNK if len(ordered) <= _ONE_CHUNK else _SMALL_CHUNK
    for start in range(0, len(ordered), chunk):
        rows = [_row(document) for document in ordered[start : start + chunk]]
        files[f"schools-{start // chunk}.json"] = _json(rows)
    manifest = {
        "format": _FORMAT,
        "schools": len(ordered),
        "chunk": chunk,
        "shards": len(index.shards),
        "characters": {"read": READ, "han": HAN, "word": WORD},
        "queryLimit": QUERY_LIMIT,
        "words": " ".join(sorted(vocabulary.words)),
        "checksums": _checksums(files.values()),
    }
    generation = sha256(_json(manifest)).hexdigest()[:16]
    return {MANIFEST: _json({"generation": generation, **manifest}), **files}


def generation_of(files: Mapping[str, bytes]) -> str:
    """The generation id of exported files: 16 hexadecimal digits, a hash of all their content."""
    return str(json.loads(files[MANIFEST])["generation"])


def _row(document: SearchDocument) -> list[object]:
    return [
        document.school_id,
        document.name,
        document.place,
        document.level,
        int(document.verified),
    ]


def _checksums(contents: Iterable[bytes]) -> str:
    """CRC-32 of each file, four bytes each, high byte first, all in one base64 string."""
    return b64encode(b"".join(crc32(content).to_bytes(4, "big") for content in contents)).decode()


def _json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
