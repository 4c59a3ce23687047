"""The index as static files that a browser can search: the same hits, scores and order.

Three kinds of file, all named relative to one directory per generation:

- `manifest.json`: everything a browser needs before its first term. Character ranges, query
  limit, known words, counts, and the CRC-32 of every other file, so that a file that is cut
  short, damaged or of another build is refused and never searched.
- `terms-<i>.bin`: the terms whose FNV-1a hash is i modulo the number of shards, with the schools
  that contain them and the impact summed over the fields. Layout: see `_term_record`.
- `schools-<i>.json`: what a result shows, a chunk of schools a file, in ordinal order.

The bytes depend on the documents and the engine alone.
"""

import json
from base64 import b64encode
from collections.abc import Iterable, Iterator, Mapping
from hashlib import sha256
from heapq import merge
from itertools import groupby
from operator import itemgetter
from typing import Any
from zlib import crc32

from plugins.search.characters import HAN, READ, WORD
from plugins.search.document import SearchDocument, in_order
from plugins.search.index import SearchIndex
from plugins.search.query import QUERY_LIMIT
from plugins.search.schema import FIELD_NAMES
from plugins.search.vocabulary import Vocabulary

MANIFEST = "manifest.json"

# Raised when a browser of the old code could misread the new files.
_FORMAT = 1
_TERMS_PER_SHARD = 64
_MOST_SHARDS = 4096
# Up to this many schools all results come in one file; beyond it, in small chunks.
_ONE_CHUNK = 256
_SMALL_CHUNK = 16


def export(
    index: SearchIndex, documents: Iterable[SearchDocument], vocabulary: Vocabulary
) -> dict[str, bytes]:
    """File name to content of the static index, to be served from `/search-index/<generation>/`.

    `index` and `vocabulary` must have been built from these `documents`; raises ValueError when
    the index holds other schools. The generation is in the manifest: see `generation_of`.
    """
    ordered = in_order(documents)
    if tuple(document.school_id for document in ordered) != index.school_ids:
        raise ValueError("the search index was built from other schools than these documents")

    records = list(_term_records(index))
    shard_count = _shard_count(len(records))
    shards: list[list[bytes]] = [[] for _ in range(shard_count)]
    for term, record in records:
        shards[fnv1a(term) % shard_count].append(record)
    files = {
        f"terms-{number}.bin": _varint(len(shard)) + b"".join(shard)
        for number, shard in enumerate(shards)
    }
    chunk = _ONE_CHUNK if len(ordered) <= _ONE_CHUNK else _SMALL_CHUNK
    for start in range(0, len(ordered), chunk):
        rows = [_row(document) for document in ordered[start : start + chunk]]
        files[f"schools-{start // chunk}.json"] = _json(rows)
    manifest = {
        "format": _FORMAT,
        "schools": len(ordered),
        "chunk": chunk,
        "shards": shard_count,
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


def fnv1a(data: bytes) -> int:
    """The 32-bit FNV-1a hash, which picks a term's shard."""
    digest = 0x811C9DC5
    for byte in data:
        digest = (digest ^ byte) * 0x01000193 & 0xFFFFFFFF
    return digest


def _shard_count(terms: int) -> int:
    """A power of two such that a shard holds about `_TERMS_PER_SHARD` terms."""
    wanted = max(1, terms // _TERMS_PER_SHARD)
    return min(_MOST_SHARDS, 1 << (wanted - 1).bit_length())


def _term_records(index: SearchIndex) -> Iterator[tuple[bytes, bytes]]:
    """(term, encoded record) of every term, in term order, its fields summed."""
    with index.searcher() as searcher:
        reader = searcher.reader()
        indexed = set(reader.indexed_field_names())
        lexicons = [_lexicon(reader, field) for field in FIELD_NAMES if field in indexed]
        for term, in_fields in groupby(merge(*lexicons), key=itemgetter(0)):
            impacts: dict[int, int] = {}
            for _, field in in_fields:
                matcher = searcher.postings(field, term)
                while matcher.is_active():
                    ordinal = matcher.id()
                    impacts[ordinal] = impacts.get(ordinal, 0) + matcher.score()
                    matcher.next()
            yield term, _term_record(term, impacts)


def _lexicon(reader: Any, field: str) -> list[tuple[bytes, str]]:
    """(term, field) of every term of one field, in term order."""
    # Read at once: Whoosh's term cursor and its postings share one file position.
    return [(bytes(term), field) for term in reader.lexicon(field)]


def _term_record(term: bytes, impacts: Mapping[int, int]) -> bytes:
    """Varints: length of the term in bytes; the term in UTF-8; number of schools; for each the
    distance of its ordinal from the one before (the first from -1); for each its impact."""
    ordinals = sorted(impacts)
    parts = [_varint(len(term)), term, _varint(len(ordinals))]
    previous = -1
    for ordinal in ordinals:
        parts.append(_varint(ordinal - previous))
        previous = ordinal
    parts.extend(_varint(impacts[ordinal]) for ordinal in ordinals)
    return b"".join(parts)


def _varint(number: int) -> bytes:
    """Seven bits a byte, lowest first; the high bit says that another byte follows."""
    encoded = bytearray()
    while number > 0x7F:
        encoded.append(number & 0x7F | 0x80)
        number >>= 7
    encoded.append(number)
    return bytes(encoded)


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
