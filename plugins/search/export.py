"""The index as static files that a browser can search: the same hits, scores and order.

All files are named relative to one directory per generation:

- `manifest.json`: everything a browser needs before its first term. Character ranges, query
  limit, known words and what they mean, and a check of every other file, so that a file that
  is cut short, damaged or of another build is refused and never searched.
- `counties.json`: the names of counties, fetched when the query may hold one: see
  `_county_filter`.
- `terms-<i>.bin`: the terms whose FNV-1a hash is i modulo the number of shards, with the schools
  that contain them and the impact summed over the fields; then, after the known words that begin
  with one of them, the schools that they let through by name. Layout: see `postings_shards`.
- `term-<hash>.bin`: a term of very many schools; its shard says so and holds the check.
- `schools-<i>.json`: what a result shows, a chunk of schools a file, in ordinal order.
- `column-<group>.bin`: what the filters of one group look at, fetched with the first of them.
  Layout: see `_columns`.
- `column-province.bin`, `places-<i>.bin`: where the schools stand, and where in the province of
  that number; fetched for the provinces that are asked for. `column-place.bin`: all of that, for
  counts. Layout: see `_places`.
- `order-name.bin`, `order-seats.bin`: a varint a school, its rank by name, its seats.
- `sounds.json`: pinyin of the known words, fetched for Latin letters; `sounds-rest.json`: of
  other characters, fetched when nothing is found.
- `simplified.json`: traditional characters, fetched when a word is nowhere.

The bytes depend on the documents and the engine alone.
"""

import json
import re
from base64 import b64encode
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache, lru_cache
from hashlib import sha256
from typing import Protocol
from zlib import crc32

from plugins.search.characters import HAN, READ, WORD
from plugins.search.document import SearchDocument, in_order
from plugins.search.lexicon import MASK_GROUPS, PLACE_GROUPS, Lexicon, Place
from plugins.search.plan import LINKING, QUERY_LIMIT, word_terms
from plugins.search.postings_shards import fnv1a, heavy_apart, term_record, varint, varints
from plugins.search.simplified import SIMPLIFIED
from plugins.search.tokens import normalize
from plugins.search.vocabulary import Vocabulary, spoken_words

MANIFEST = "manifest.json"
_CODE = re.compile("[0-9]{6}")

# Raised when a browser of the old code could misread the new files.
_FORMAT = 4
# Up to this many schools all results come in one file; beyond it, in small chunks.
_ONE_CHUNK = 256
_SMALL_CHUNK = 8
# Bits of the filter of counties for each of them, and bits that each sets: about one other pair of
# characters in fifty seems to be the beginning of a county.
_FILTER_BITS = 8
_FILTER_HASHES = 5


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

    named = _named(vocabulary, len(index.shards))
    light, heavy = heavy_apart(index.shards)
    files = {
        f"terms-{number}.bin": shard + named.get(number, b"") for number, shard in enumerate(light)
    }
    majors = {major: position for position, major in enumerate(vocabulary.lexicon.majors)}
    chunk = _ONE_CHUNK if len(ordered) <= _ONE_CHUNK else _SMALL_CHUNK
    for start in range(0, len(ordered), chunk):
        rows = [_row(document, majors) for document in ordered[start : start + chunk]]
        files[f"schools-{start // chunk}.json"] = _json(rows)
    lexicon = vocabulary.lexicon
    extra = {
        "counties.json": _county_names(lexicon),
        **_places(ordered, lexicon),
        **_columns(ordered, lexicon),
        "column-major.bin": _majors(ordered, lexicon),
        "order-name.bin": varints([vocabulary.by_name.get(at, at) for at in range(len(ordered))]),
        "order-seats.bin": varints([document.seats for document in ordered]),
        **_sounds(lexicon),
        "simplified.json": _simplified(),
    }
    files |= extra
    manifest = {
        "format": _FORMAT,
        "schools": len(ordered),
        "chunk": chunk,
        "shards": len(index.shards),
        "characters": {"read": READ, "han": HAN, "word": WORD},
        "queryLimit": QUERY_LIMIT,
        "linking": LINKING,
        "counties": _county_filter(lexicon),
        "words": " ".join(_split_off(vocabulary)),
        **_words(lexicon),
        "extra": list(extra),
        "checksums": _checksums(files.values()),
    }
    # All that stands after the generation, which the browser finds in its address too.
    rest = _json(manifest)[1:]
    generation = f"{sha256(rest).hexdigest()[:8]}{crc32(rest):08x}"
    return {MANIFEST: _json({"generation": generation, **manifest}), **files, **heavy}


def generation_of(files: Mapping[str, bytes]) -> str:
    """The generation id of exported files: 16 hexadecimal digits, a hash of all their content. The
    last 8 are the CRC-32 of the manifest after its generation, by which a browser checks it."""
    return str(json.loads(files[MANIFEST])["generation"])


def _row(document: SearchDocument, majors: Mapping[str, int]) -> list[object]:
    """Id, name, place, level, verified; then, for a school with a plan, its year and programmes:
    the major (by its position in the manifest's list, where it is there), seats, direction."""
    row: list[object] = [
        document.school_id,
        document.name,
        document.place,
        document.level,
        int(document.verified),
    ]
    if document.programmes:
        row.append(document.programmes[0].year)
        row.extend(
            [majors.get(major, major), seats, *([direction] if direction else [])]
            for major, direction, seats, _ in document.programmes
        )
    return row


def _split_off(vocabulary: Vocabulary) -> list[str]:
    """The known words that are split off and mean nothing more."""
    return sorted(
        word
        for word, meaning in vocabulary.meanings.items()
        if meaning.kind == "text" and not meaning.synonyms
    )


@lru_cache(1)
def _words(lexicon: Lexicon) -> dict[str, object]:
    """What the known words mean. They are in the lexicon's order, which decides between words
    that sound alike."""
    return {
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
    }


def _named(vocabulary: Vocabulary, shards: int) -> dict[int, bytes]:
    """Shard to what stands at its end: `term_record` without impacts of each word of
    `Vocabulary.named` whose first term is in the shard."""
    found: dict[int, bytes] = {}
    for word, ordinals in sorted(vocabulary.named.items()):
        record = term_record(word.encode(), sorted(ordinals), ())
        shard = fnv1a(word_terms(word, vocabulary)[0].encode()) % shards
        found[shard] = found.get(shard, b"") + record
    return found


def _place_lines(places: Sequence[Place]) -> Iterator[str]:
    """A province a line: value, name, neighbours; then, indented, its cities: name and value. A
    value that is 100 more than the one before is left out. A bar ends the short name."""
    before = ""
    for place in places:
        if place.group == "province":
            line = f"{place.value} {_barred(place)}"
            yield f"{line} {','.join(place.neighbours)}" if place.neighbours else line
        elif place.group == "city":
            follows = _CODE.fullmatch(before) and place.value == f"{int(before) + 100:06}"
            yield f" {_barred(place)}" if follows else f" {_barred(place)} {place.value}"
            before = place.value


@lru_cache(1)
def _county_names(lexicon: Lexicon) -> bytes:
    return _json("\n".join(_county_lines(lexicon.places)))


def _county_lines(places: Sequence[Place]) -> Iterator[str]:
    """A line for each city, in order: its counties, whose values are their names."""
    counties: dict[int, list[str]] = {}
    for at, place in enumerate(places):
        if place.group == "city":
            counties[at] = []
        elif place.group == "county":
            counties[place.parent].append(_barred(place))
    return map(" ".join, counties.values())


def _barred(place: Place) -> str:
    bar = "|" if place.short != place.name else ""
    return f"{place.short}{bar}{place.name.removeprefix(place.short)}"


@lru_cache(1)
def _county_filter(lexicon: Lexicon) -> str:
    """A Bloom filter, in base64, of the pairs of characters with which counties begin. Each pair
    sets the bits (h + i * k) % size, i from 0 to 4: h is its FNV-1a hash, k that of the pair and
    "+"; the lowest bit of a byte comes first."""
    counties = [place for place in lexicon.places if place.group == "county"]
    begins = {normalize(name)[:2] for place in counties for name in (place.short, place.name)}
    bits = bytearray(-(-_FILTER_BITS * len(begins) // 8))
    for pair in begins:
        first, step = fnv1a(pair.encode()), fnv1a(f"{pair}+".encode())
        for number in range(_FILTER_HASHES):
            bit = (first + number * step) % (8 * len(bits))
            bits[bit >> 3] |= 1 << (bit & 7)
    return b64encode(bits).decode()


def _columns(ordered: Sequence[SearchDocument], lexicon: Lexicon) -> dict[str, bytes]:
    """Varints, a school each: for each group of `MASK_GROUPS` the bits of its values.

    Raises ValueError for a value that the lexicon does not have.
    """
    columns = {}
    for group in MASK_GROUPS:
        bits = {value: 1 << at for at, (value, _) in enumerate(lexicon.values.get(group, ()))}
        masks = [
            sum(_known(bits, value) for value in document.facets.get(group, ()))
            for document in ordered
        ]
        columns[f"column-{group}.bin"] = varints(masks)
    return columns


def _places(ordered: Sequence[SearchDocument], lexicon: Lexicon) -> dict[str, bytes]:
    """Varints. Places are numbered: provinces and cities in their order, then counties in theirs.

    `column-province.bin`: again and again, so many schools and the number of their province
    plus 1, or 0. `places-<i>.bin`, for the i-th province: the number plus 1, or 0, of the city of
    each of its schools, counted from the province; then that of the county of each, counted from
    the first county of the city. `column-place.bin`: the number plus 1, or 0, of each school's
    smallest place.

    Raises ValueError for a place that the lexicon does not have.
    """
    places, leaves = lexicon.places, lexicon.leaves
    large = [at for at, place in enumerate(places) if place.group != "county"]
    small = [at for at, place in enumerate(places) if place.group == "county"]
    number_of = {at: number for number, at in enumerate((*large, *small))}
    first_county: dict[int, int] = {}
    for at in small:
        first_county.setdefault(places[at].parent, number_of[at])
    provinces = [at for at, place in enumerate(places) if place.group == "province"]
    cities_of: dict[int, list[int]] = {at: [] for at in provinces}
    counties_of: dict[int, list[int]] = {at: [] for at in provinces}
    smallest = []
    stretches: list[list[int]] = []
    for document in ordered:
        path = tuple(value for group in PLACE_GROUPS for value in document.facets.get(group, ()))
        if path and path not in leaves:
            raise ValueError(f"{document.school_id}: the lexicon does not have {path}")
        way = [leaves[path[: length + 1]] for length in range(len(path))]
        smallest.append(number_of[way[-1]] + 1 if way else 0)
        province = number_of[way[0]] + 1 if way else 0
        if stretches and stretches[-1][1] == province:
            stretches[-1][0] += 1
        else:
            stretches.append([1, province])
        if way:
            city = number_of[way[1]] - number_of[way[0]] if len(way) > 1 else 0
            county = number_of[way[2]] - first_county[way[1]] + 1 if len(way) > 2 else 0
            cities_of[way[0]].append(city)
            counties_of[way[0]].append(county)
    return {
        "column-place.bin": varints(smallest),
        "column-province.bin": b"".join(map(varints, stretches)),
        **{
            f"places-{number}.bin": varints(cities_of[at]) + varints(counties_of[at])
            for number, at in enumerate(provinces)
        },
    }


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


@lru_cache(1)
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


@cache
def _simplified() -> bytes:
    return _json("".join(a + b for a, b in SIMPLIFIED.items()))


def _checksums(contents: Iterable[bytes]) -> str:
    """The low half of each file's CRC-32, high byte first, all in one base64 string. They are a
    large part of the manifest; what they let through once in 65,536 times, a reader still refuses
    that finds too few or too many bytes."""
    low = (crc32(content) & 0xFFFF for content in contents)
    return b64encode(b"".join(half.to_bytes(2, "big") for half in low)).decode()


def _json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
