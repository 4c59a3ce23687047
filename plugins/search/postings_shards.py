"""Term files of the static index: which schools contain a term, and the impact there.

A term's shard is its FNV-1a hash modulo the number of shards. A shard is the number of its
records as a varint, then the records in order of their terms; see `term_record`.
"""

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import Final
from zlib import crc32

_TERMS_PER_SHARD = 64
_MOST_SHARDS = 4096
# A record of more bytes has a file of its own when the index is exported: terms that happen to
# share its shard should not cost what it costs.
_HEAVY = 1024
_MOST_HASHES: Final = 1 << 16
"""Hashes that are kept: the provinces' terms are those of the country."""
# The bytes after which a varint goes on.
_CONTINUED = bytes(range(0x80, 0x100))


@lru_cache(_MOST_HASHES)
def fnv1a(data: bytes) -> int:
    """The 32-bit FNV-1a hash, which picks a term's shard."""
    digest = 0x811C9DC5
    for byte in data:
        digest = (digest ^ byte) * 0x01000193 & 0xFFFFFFFF
    return digest


def varint(number: int) -> bytes:
    """Seven bits a byte, lowest first; the high bit says that another byte follows."""
    if number < len(_SHORT):
        return _SHORT[number]
    return bytes((number & 0x7F | 0x80,)) + varint(number >> 7)


def varints(numbers: Sequence[int]) -> bytes:
    """One `varint` after another."""
    most = max(numbers, default=0)
    if most <= 0x7F:
        return bytes(numbers)
    return b"".join(map(_SHORT.__getitem__ if most < len(_SHORT) else varint, numbers))


_SHORT: Final = [
    *(bytes((number,)) for number in range(0x80)),
    *(bytes((number & 0x7F | 0x80, number >> 7)) for number in range(0x80, 0x4000)),
]
"""The varints of one and of two bytes, by their numbers."""


def term_record(term: bytes, ordinals: Sequence[int], impacts: Sequence[int]) -> bytes:
    """Varints: length of the term in bytes; the term in UTF-8; number of schools; for each the
    distance of its ordinal from the one before (the first from -1); for each its impact, where
    there are `impacts`."""
    distances = [after - before for before, after in pairwise((-1, *ordinals))]
    return named(term) + varint(len(ordinals)) + varints(distances) + varints(impacts)


def named(term: bytes) -> bytes:
    """What a record begins with."""
    return varint(len(term)) + term


def build_shards(records: Iterable[tuple[bytes, bytes]]) -> tuple[bytes, ...]:
    """The shards of (term, record) pairs that come in order of their terms."""
    every = list(records)
    count = shard_count(len(every))
    shards: list[list[bytes]] = [[] for _ in range(count)]
    for term, record in every:
        shards[fnv1a(term) % count].append(record)
    return tuple(varint(len(shard)) + b"".join(shard) for shard in shards)


def heavy_apart(shards: Sequence[bytes]) -> tuple[list[bytes], dict[str, bytes]]:
    """The shards without the records of terms that very many schools contain, and the files, by
    name, that hold those: each again a shard, of the terms of one 32-bit hash.

    In its place the shard keeps a stub: the term as in `term_record`, 0 for the number of
    schools, and the CRC-32 of the file, high byte first.
    """
    heavy: dict[str, list[bytes]] = {}
    light: list[dict[bytes, bytes | None]] = []
    for shard in shards:
        records = _records(shard) if len(shard) > _HEAVY else {}
        for term, record in records.items():
            if record is not None and len(record) > _HEAVY:
                heavy.setdefault(heavy_file(term), []).append(record)
        light.append(records)
    files = {
        name: varint(len(records)) + b"".join(records) for name, records in sorted(heavy.items())
    }
    left = []
    for shard, records in zip(shards, light, strict=True):
        if any(record is not None and len(record) > _HEAVY for record in records.values()):
            kept = [
                _stub(term, files[heavy_file(term)]) if len(record) > _HEAVY else record
                for term, record in records.items()
                if record is not None
            ]
            left.append(varint(len(kept)) + b"".join(kept))
        else:
            left.append(shard)
    return left, files


def heavy_file(term: bytes) -> str:
    """The name of the file of a term that has one of its own."""
    return f"term-{fnv1a(term):08x}.bin"


def _stub(term: bytes, content: bytes) -> bytes:
    return varint(len(term)) + term + varint(0) + crc32(content).to_bytes(4, "big")


def patch_shards(
    shards: Sequence[bytes], changes: Mapping[bytes, bytes | None]
) -> tuple[bytes, ...] | None:
    """The shards with these terms' records replaced, added or, where None, taken out.

    None when the site now has so many or so few terms that all must be dealt out anew.
    """
    by_shard: dict[int, dict[bytes, bytes | None]] = {}
    for term, record in sorted(changes.items()):
        by_shard.setdefault(fnv1a(term) % len(shards), {})[term] = record
    patched = list(shards)
    for number, changed in by_shard.items():
        records = {**_records(shards[number]), **changed}
        left = [record for _, record in sorted(records.items()) if record is not None]
        patched[number] = varint(len(left)) + b"".join(left)
    if shard_count(sum(_read_varint(shard, 0)[0] for shard in patched)) != len(shards):
        return None
    return tuple(patched)


def shard_count(terms: int) -> int:
    """A power of two such that a shard holds about 64 terms."""
    wanted = max(1, terms // _TERMS_PER_SHARD)
    return min(_MOST_SHARDS, 1 << (wanted - 1).bit_length())


def _records(shard: bytes) -> dict[bytes, bytes | None]:
    """The records of a shard by their terms."""
    count, place = _read_varint(shard, 0)
    records: dict[bytes, bytes | None] = {}
    for _ in range(count):
        start = place
        length, place = _read_varint(shard, place)
        term = shard[place : place + length]
        schools, place = _read_varint(shard, place + length)
        place = _after_varints(shard, place, 2 * schools)
        records[term] = shard[start:place]
    return records


def _after_varints(data: bytes, place: int, count: int) -> int:
    """The place after `count` varints."""
    # Most are one byte long, so the rest is found by looking at few bytes more than once.
    while count:
        piece = data[place : place + count]
        place += len(piece)
        count -= len(piece.translate(None, _CONTINUED))
    return place


def _read_varint(data: bytes, place: int) -> tuple[int, int]:
    """(the varint that begins at `place`, the place after it)."""
    number = shift = 0
    while data[place] > 0x7F:
        number |= (data[place] & 0x7F) << shift
        shift += 7
        place += 1
    return number | data[place] << shift, place + 1
