"""How the postings of schools are made: counted, joined, or carried over.

`build_postings` counts every token of every school. `joined_postings` makes one index of those of
several parts of the country, and `update_postings` carries an earlier index over to documents of
which a few have changed; both give the same bytes at a fraction of the cost.
"""

from __future__ import annotations

import json
import zlib
from array import array
from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from plugins.search.arrays import Integers, np
from plugins.search.counting import Values, count_terms
from plugins.search.document import SearchDocument
from plugins.search.fingerprint import document_digest
from plugins.search.postings import (
    MENTION_BITS,
    MOST_MENTIONS,
    POSTING,
    Postings,
    field_of,
    key_of,
    split_posting,
    term_of,
)
from plugins.search.postings_shards import build_shards, patch_shards
from plugins.search.schema import FIELDS
from plugins.search.scoring import term_records, term_weight
from plugins.search.weighting import impact, rarity

# From one changed school in so many on, counting afresh is cheaper.
_WORTH_UPDATING = 16


def build_postings(
    ordered: Sequence[SearchDocument],
    digests: tuple[str, ...] | None = None,
    phrases: Iterable[str] = (),
) -> Postings:
    """The index of documents that are in order of their school_id.

    `digests`: what `document_digest` says of each, for callers who asked already. `phrases`:
    normalized Han runs of three or more characters, each a term of its own.
    """
    known = tuple(sorted(phrases))
    counted = count_terms([document.fields for document in ordered], known)
    return _with_all_shards(
        Postings(
            tuple(document.school_id for document in ordered),
            digests or tuple(map(document_digest, ordered)),
            tuple(map(_source, ordered)),
            tuple(map(_array, counted.lengths)),
            counted.keys,
            _array(counted.sizes),
            counted.data.data,
            (),
            known,
        )
    )


def joined_postings(parts: Sequence[Postings]) -> Postings:
    """What `build_postings` gives for the schools of all parts, which have the same phrases.

    Raises ValueError when two parts have one school.
    """
    every = sorted(
        (school_id, number, at)
        for number, part in enumerate(parts)
        for at, school_id in enumerate(part.school_ids)
    )
    school_ids = tuple(school_id for school_id, _, _ in every)
    if len(set(school_ids)) != len(school_ids):
        raise ValueError("two parts of the search index have one school")
    ordinals = [np.empty(len(part.school_ids), np.uint32) for part in parts]
    for ordinal, (_, number, at) in enumerate(every):
        ordinals[number][at] = ordinal
    keys = sorted({key for part in parts for key in part.keys})
    sizes, data = _moved(parts, ordinals, keys)
    return _with_all_shards(
        Postings(
            school_ids,
            tuple(parts[number].digests[at] for _, number, at in every),
            tuple(parts[number].sources[at] for _, number, at in every),
            tuple(
                array(POSTING, [parts[number].lengths[field][at] for _, number, at in every])
                for field in range(len(FIELDS))
            ),
            keys,
            sizes,
            data,
            (),
            parts[0].phrases if parts else (),
        )
    )


def _moved(
    parts: Sequence[Postings], ordinals: Sequence[Integers], keys: Sequence[bytes]
) -> tuple[array[int], memoryview[int]]:
    """Sizes and data of all parts' postings by `keys`. `ordinals`: of each part's schools."""
    places = {key: place for place, key in enumerate(keys)}
    # The place of its key above each posting, so that sorting them brings them together.
    moved: Integers = np.empty(sum(len(part.data) for part in parts), np.uint64)
    start = 0
    for part, here in zip(parts, ordinals, strict=True):
        data = np.asarray(part.data)
        of_keys = np.array([places[key] for key in part.keys], np.uint64)
        end = start + len(data)
        moved[start:end] = np.repeat(of_keys << 32, part.sizes)
        moved[start:end] |= here[data >> MENTION_BITS] << MENTION_BITS | data & MOST_MENTIONS
        start = end
    moved.sort()
    data = moved.astype(np.uint32)
    moved >>= 32
    sizes = np.bincount(moved.astype(np.intp), minlength=len(keys))
    return _array(sizes), data.data


def update_postings(
    earlier: Postings,
    ordered: Sequence[SearchDocument],
    digests: tuple[str, ...] | None = None,
    phrases: Iterable[str] = (),
) -> Postings | None:
    """What `build_postings` gives for these documents, byte for byte, using an `earlier` index.

    None when schools or phrases came or went, or many changed: then all must be counted.
    """
    known = tuple(sorted(phrases))
    digests = digests or tuple(map(document_digest, ordered))
    school_ids = tuple(document.school_id for document in ordered)
    if school_ids != earlier.school_ids or known != earlier.phrases:
        return None
    changed = [
        ordinal
        for ordinal, (now, before) in enumerate(zip(digests, earlier.digests, strict=True))
        if now != before
    ]
    if len(changed) * _WORTH_UPDATING > max(len(ordered), _WORTH_UPDATING):
        return None

    old, _ = _mentions([_values_of(earlier.sources[ordinal]) for ordinal in changed], known)
    new, new_lengths = _mentions([ordered[ordinal].fields for ordinal in changed], known)
    sources = list(earlier.sources)
    lengths = tuple(array(POSTING, of_field) for of_field in earlier.lengths)
    for at, ordinal in enumerate(changed):
        sources[ordinal] = _source(ordered[ordinal])
        for number, of_field in enumerate(lengths):
            of_field[ordinal] = new_lengths[number][at]
    edits: dict[bytes, dict[int, int]] = {}
    same: dict[bytes, dict[int, int]] = {}
    for key, at in {**old, **new}:
        mentions = new.get((key, at), 0)
        group = edits if mentions != old.get((key, at), 0) else same
        group.setdefault(key, {})[changed[at]] = mentions
    keys, sizes, data = _spliced(earlier, edits)
    updated = Postings(
        school_ids, digests, tuple(sources), lengths, keys, sizes, data, earlier.shards, known
    )
    touched = {term_of(key) for key in edits} | {
        term_of(key)
        for key, mentions in same.items()
        if _score_differs(earlier, updated, key, mentions)
    }
    records = dict(term_records(_only(updated, touched)))
    shards = patch_shards(earlier.shards, {term: records.get(term) for term in touched})
    if shards is None:
        return _with_all_shards(updated)
    return replace(updated, shards=shards)


def _mentions(
    schools: Sequence[Values], phrases: Sequence[str]
) -> tuple[dict[tuple[bytes, int], int], Integers]:
    """(key, school) to the mentions; and the lengths of the schools' fields, a row a field."""
    counted = count_terms(schools, phrases)
    every = zip(np.repeat(np.arange(len(counted.keys)), counted.sizes), counted.data, strict=True)
    found = {}
    for place, posting in every:
        at, mentions = split_posting(int(posting))
        found[counted.keys[place], at] = mentions
    return found, counted.lengths


def _score_differs(
    earlier: Postings, updated: Postings, key: bytes, mentions: Mapping[int, int]
) -> bool:
    """Whether a new length of the field gave one of these schools another impact for `key`."""
    term, number = term_of(key), field_of(key)
    schools = len(updated.find(term, number))
    worth = rarity(len(updated.school_ids), schools) * term_weight(term)
    before, now = earlier.lengths[number], updated.lengths[number]
    return any(
        impact(FIELDS[number], worth, often, before[ordinal])
        != impact(FIELDS[number], worth, often, now[ordinal])
        for ordinal, often in mentions.items()
    )


def _only(postings: Postings, terms: Iterable[bytes]) -> Postings:
    """The postings of some terms."""
    wanted = (key_of(term, number) for term in sorted(terms) for number in range(len(FIELDS)))
    found = [(key, postings.find(term_of(key), field_of(key))) for key in wanted]
    held = [(key, of_key) for key, of_key in found if len(of_key)]
    return replace(
        postings,
        keys=[key for key, _ in held],
        sizes=array(POSTING, [len(of_key) for _, of_key in held]),
        data=memoryview(b"".join(of_key for _, of_key in held)).cast(POSTING),
    )


def _with_all_shards(postings: Postings) -> Postings:
    return replace(postings, shards=build_shards(term_records(postings)))


def _spliced(
    earlier: Postings, edits: Mapping[bytes, Mapping[int, int]]
) -> tuple[list[bytes], array[int], memoryview[int]]:
    """Keys, sizes and data of `earlier` with edits: key to ordinal to mentions, 0 for none."""
    keys: list[bytes] = []
    sizes = array(POSTING)
    data: list[memoryview[int] | array[int]] = []
    done = 0
    for key, edit in sorted(edits.items()):
        place = bisect_left(earlier.keys, key, lo=done)
        known = place < len(earlier.keys) and earlier.keys[place] == key
        keys += earlier.keys[done:place]
        sizes += earlier.sizes[done:place]
        data.append(earlier.data[earlier.starts[done] : earlier.starts[place]])
        done = place + known
        edited = _edited(earlier.at(place) if known else (), edit)
        if edited:
            keys.append(key)
            sizes.append(len(edited))
            data.append(edited)
    keys += earlier.keys[done:]
    sizes += earlier.sizes[done:]
    data.append(earlier.data[earlier.starts[done] :])
    return keys, sizes, memoryview(b"".join(data)).cast(POSTING)


def _edited(postings: Sequence[int], edit: Mapping[int, int]) -> array[int]:
    """Postings of one key in which some schools' mentions are other; 0 takes a school out."""
    result = array(POSTING, postings)
    for ordinal, mentions in edit.items():
        place = bisect_left(result, ordinal << MENTION_BITS)
        if place < len(result) and result[place] >> MENTION_BITS == ordinal:
            del result[place]
        if mentions:
            result.insert(place, ordinal << MENTION_BITS | mentions)
    return result


def _array(numbers: Integers) -> array[int]:
    return array(POSTING, numbers.astype(np.uint32).tobytes())


def _source(document: SearchDocument) -> bytes:
    values = json.dumps(sorted(document.fields.items()), ensure_ascii=False)
    return zlib.compress(values.encode("utf-8", "surrogatepass"), 1)


def _values_of(source: bytes) -> dict[str, list[str]]:
    return dict(json.loads(zlib.decompress(source).decode("utf-8", "surrogatepass")))
