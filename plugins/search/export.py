"""The index as static files that a browser can search: the same hits, scores and order.

All files are named relative to one directory per generation:

- `manifest.json`: everything a browser needs before its first term. Character ranges, query
  limit, known words and what they mean, and the CRC-32 of every other file, so that a file that
  is cut short, damaged or of another build is refused and never searched.
- `terms-<i>.bin`: the terms whose FNV-1a hash is i modulo the number of shards, with the schools
  that contain them and the impact summed over the fields. Layout: see `postings_shards`.
- `schools-<i>.json`: what a result shows, a chunk of schools a file, in ordinal order.
- `column-<group>.bin`: what the filters of one group look at, fetched with the first of them;
  `column-place.bin` is for province, city and county. Layout: see `_columns`.
- `order-name.bin`, `order-seats.bin`: a varint a school, its rank by name, its seats.
- `sounds.json`: pinyin of the known words, fetched for Latin letters; `sounds-rest.json`: of
  other characters, fetched when nothing is found.
- `simplified.json`: traditional characters, fetched when a word is nowhere.

The bytes depend on the documents and the engine alone.
"""

import json
from base64 import b64encode
from collections.abc import Iterable, Iterator, Mapping, Sequence
from hashlib import sha256
from typing import Protocol
from zlib import crc32

from plugins.search.characters import HAN, READ, WORD
from plugins.search.document import SearchDocument, in_order
from plugins.search.lexicon import MASK_GROUPS, PLACE_GROUPS, Lexicon, Place
from plugins.search.plan import QUERY_LIMIT
from plugins.search.postings_shards import varint, varints
from plugins.search.simplified import SIMPLIFIED
from plugins.search.tokens import normalize
from plugins.search.vocabulary import Vocabulary, spoken_words

MANIFEST = "manifest.json"

# Raised when a browser of the old code could misread the new files.
_FORMAT = 2
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
    lexicon = vocabulary.lexicon
    extra = {
        **_columns(ordered, lexicon),
        "column-major.bin": _majors(ordered, lexicon),
        "order-name.bin": varints([vocabulary.by_name.get(at, at) for at in range(len(ordered))]),
        "order-seats.bin": varints([document.seats for document in ordered]),
        **_sounds(lexicon),
        "simplified.json": _json("".join(a + b for a, b in SIMPLIFIED.items())),
    }
    files |= extra
    manifest = {
        "format": _FORMAT,
        "schools": len(ordered),
        "chunk": chunk,
        "shards": len(index.shards),
        "characters": {"read": READ, "han": HAN, "word": WORD},
        "queryLimit": QUERY_LIMIT,
        **_words(vocabulary),
        "extra": list(extra),
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


def _words(vocabulary: Vocabulary) -> dict[str, object]:
    """The known words and what they mean. Words of the lexicon are in its order, which decides
    between words that sound alike."""
    lexicon = vocabulary.lexicon
    plain = (
        word
        for word, meaning in vocabulary.meanings.items()
        if meaning.kind == "text" and not meaning.synonyms
    )
    return {
        "words": " ".join(sorted(plain)),
        "places": "\n".join(_place_lines(lexicon.places)),
        "values": {group: lexicon.values.get(group, ()) for group in MASK_GROUPS},
        "majors": "\n".join(lexicon.majors),
        "meanings": [
            [normalize(word), *(part for value in values for part in value)]
            for word, values in lexicon.words.items()
        ],
        "synonyms": [[normalize(word), *synonyms] for word, synonyms in lexicon.synonyms.items()],
        "ignored": " ".join(map(normalize, lexicon.ignored)),
        "notes": [[normalize(word), note] for word, note in lexicon.notes.items()],
        "sounds": bool(lexicon.characters),
        "named": [[word, *sorted(ordinals)] for word, ordinals in sorted(vocabulary.named.items())],
    }


def _place_lines(places: Sequence[Place]) -> Iterator[str]:
    """A province a line: value, name, neighbours; then, indented, its cities: value, name, and
    the names of its counties, whose values are their names. A bar ends the short name."""
    line = ""
    for place in places:
        bar = "|" if place.short != place.name else ""
        name = f"{place.short}{bar}{place.name.removeprefix(place.short)}"
        if place.group == "county":
            line += f" {name}"
            continue
        if line:
            yield line
        indent = " " if place.group == "city" else ""
        line = f"{indent}{place.value} {name}"
        if place.neighbours:
            line += f" {','.join(place.neighbours)}"
    if line:
        yield line


def _columns(ordered: Sequence[SearchDocument], lexicon: Lexicon) -> dict[str, bytes]:
    """Varints, a school each. Places: the position of its place in the manifest's list plus 1,
    or 0. The groups of `MASK_GROUPS`: the bits of its values.

    Raises ValueError for a place or value that the lexicon does not have.
    """
    leaves = lexicon.leaves
    places = []
    for document in ordered:
        path = tuple(value for group in PLACE_GROUPS for value in document.facets.get(group, ()))
        if path and path not in leaves:
            raise ValueError(f"{document.school_id}: the lexicon does not have {path}")
        places.append(leaves[path] + 1 if path else 0)
    columns = {"column-place.bin": varints(places)}
    for group in MASK_GROUPS:
        bits = {value: 1 << at for at, (value, _) in enumerate(lexicon.values.get(group, ()))}
        masks = [
            sum(_known(bits, value) for value in document.facets.get(group, ()))
            for document in ordered
        ]
        columns[f"column-{group}.bin"] = varints(masks)
    return columns


def _majors(ordered: Sequence[SearchDocument], lexicon: Lexicon) -> bytes:
    """Varints, a school after the other: the number of its majors, then for each the distance of
    its position in the manifest's list from the one before (the first from -1)."""
    positions = {major: position for position, major in enumerate(lexicon.majors)}
    parts = []
    for document in ordered:
        held = sorted(_known(positions, major) for major in document.facets.get("major", ()))
        parts.append(varint(len(held)))
        parts.extend(varint(b - a) for a, b in zip([-1, *held], held, strict=False))
    return b"".join(parts)


def _known(known: Mapping[str, int], value: str) -> int:
    if value not in known:
        raise ValueError(f"the lexicon does not have {value}")
    return known[value]


def _sounds(lexicon: Lexicon) -> dict[str, bytes]:
    """Each syllable with its characters, those of known words apart from the rest, and the words
    whose reading is an exception."""
    known = {character for word in spoken_words(lexicon) for character in word}
    parts: list[dict[str, str]] = [{}, {}]
    for character, syllable in sorted(lexicon.characters.items()):
        part, other = parts if character in known else reversed(parts)
        part[syllable] = part.get(syllable, "") + character
        other.setdefault(syllable, "")
    first, rest = (sorted(part.items()) for part in parts)
    return {
        "sounds.json": _json([first, sorted(lexicon.exceptions.items())]),
        "sounds-rest.json": _json([pair for pair in rest if pair[1]]),
    }


def _checksums(contents: Iterable[bytes]) -> str:
    """CRC-32 of each file, four bytes each, high byte first, all in one base64 string."""
    return b64encode(b"".join(crc32(content).to_bytes(4, "big") for content in contents)).decode()


def _json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
