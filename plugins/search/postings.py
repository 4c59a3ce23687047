"""Postings: which schools contain a term in a field, and how often. The index itself.

`build_postings` counts every token of every school. `joined_postings` makes one index of those of
several parts of the country, and `update_postings` carries an earlier index over to documents of
which a few have changed; both give the same bytes at a fraction of the cost. Nothing here imports
Whoosh: `index` lets Whoosh read these postings.
"""

from __future__ import annotations

import json
import zlib
from array import array
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import accumulate, groupby
from operator import itemgetter
from typing import Final

from plugins.search.document import SearchDocument
from plugins.search.fingerprint import document_digest
from plugins.search.postings_shards import build_shards, named, patch_shards, scored_schools
from plugins.search.schema import FIELDS, SearchField
from plugins.search.tokens import normalize, pairs, separated, tokens_of_normalized
from plugins.search.weighting import impacts, phrase_weight, rarity, saturation

MOST_MENTIONS = 255
"""Mentions of a term in one field are counted up to here; the hundredth adds nothing to a score."""

# A posting is one 32-bit number: the school's ordinal above, its mentions in the low byte.
_POSTING: Final = "I"
_MENTION_BITS = 8
# A key is a term's UTF-8 and one byte for the field. The byte sorts before every byte of a term
# (the first are digits), so that keys are in term order, and it is never a line feed.
_FIELD_BYTE = 0x10
# From one changed school in so many on, counting afresh is cheaper.
_WORTH_UPDATING = 16

InField = tuple[int, memoryview]
"""A field's number, and the postings of some term in it."""


@dataclass(frozen=True, slots=True)
class Postings:
    """The index of some schools, by ordinal. Equal documents give equal parts.

    `digests` and `sources` say what each school was indexed from; `lengths` holds, field by
    field, the number of tokens of each school; `keys` are the (term, field) pairs in order,
    `sizes` the number of schools of each key, and `data` all postings, key after key. `shards`
    are the term files of the static index. `phrases`, in order, are terms besides the tokens.
    """

    school_ids: tuple[str, ...]
    digests: tuple[str, ...]
    sources: tuple[bytes, ...]
    lengths: tuple[array[int], ...]
    keys: list[bytes]
    sizes: array[int]
    data: memoryview[int]
    shards: tuple[bytes, ...]
    phrases: tuple[str, ...] = ()
    starts: list[int] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "starts", list(accumulate(self.sizes, initial=0)))

    def find(self, term: bytes, number: int) -> memoryview[int]:
        """The postings of `term` in field `number`, by ordinal; empty when there are none."""
        wanted = _key(term, number)
        place = bisect_left(self.keys, wanted)
        if place == len(self.keys) or self.keys[place] != wanted:
            return self.data[:0]
        return self.at(place)

    def at(self, place: int) -> memoryview[int]:
        """The postings of the key at `place` of `keys`."""
        return self.data[self.starts[place] : self.starts[place + 1]]

    def entries(self) -> Iterator[tuple[bytes, InField]]:
        """Term, field number and postings of every key, in order."""
        for place, key in enumerate(self.keys):
            yield key[:-1], (key[-1] - _FIELD_BYTE, self.at(place))


class _Scoring:
    """The impacts of schools whose field lengths are known."""

    def __init__(self, lengths: Sequence[Sequence[int]]) -> None:
        self.schools = len(lengths[0])
        self.saturations = [
            _by_length(searched, of_field)
            for searched, of_field in zip(FIELDS, lengths, strict=True)
        ]
        self._known: dict[tuple[object, ...], bytes] = {}

    def impacts(self, weight: int, number: int, postings: Sequence[int]) -> list[int]:
        half = self.saturations[number]
        return impacts(
            FIELDS[number],
            rarity(self.schools, len(postings)) * weight,
            [posting & MOST_MENTIONS for posting in postings],
            [half[posting >> _MENTION_BITS] for posting in postings],
        )

    def impact(self, key: bytes, schools: int, ordinal: int, mentions: int) -> int:
        """The impact of a term that so many `schools` have, in one school's field."""
        number = key[-1] - _FIELD_BYTE
        worth = rarity(self.schools, schools) * _weight(key[:-1])
        return impacts(FIELDS[number], worth, (mentions,), (self.saturations[number][ordinal],))[0]

    def record(self, term: bytes, in_fields: Sequence[InField]) -> bytes:
        """The term's record in the static index: its impacts summed over the fields.

        Terms that stand at the same places, like the pairs of one rare word, count alike: two
        terms of three in a province.
        """
        weight = _weight(term)
        places = (weight, *[(number, postings.tobytes()) for number, postings in in_fields])
        scored = self._known.get(places)
        if scored is None:
            scored = self._known[places] = scored_schools(*self._summed(weight, in_fields))
        return named(term) + scored

    def _summed(self, weight: int, in_fields: Sequence[InField]) -> tuple[list[int], list[int]]:
        """Ordinals, and the impacts of a term summed over the fields."""
        (first, postings), *others = in_fields
        ordinals = [posting >> _MENTION_BITS for posting in postings]
        summed = self.impacts(weight, first, postings)
        if not others:
            return ordinals, summed
        total = dict(zip(ordinals, summed, strict=True))
        for number, more in others:
            for posting, score in zip(more, self.impacts(weight, number, more), strict=True):
                ordinal = posting >> _MENTION_BITS
                total[ordinal] = total.get(ordinal, 0) + score
        ordinals = sorted(total)
        return ordinals, [total[ordinal] for ordinal in ordinals]

    def records(self, entries: Iterable[tuple[bytes, InField]]) -> Iterator[tuple[bytes, bytes]]:
        """(term, record) of every term of entries that come in order."""
        for term, in_fields in groupby(entries, key=itemgetter(0)):
            yield term, self.record(term, [in_field for _, in_field in in_fields])


def _weight(term: bytes) -> int:
    """The `phrase_weight`; three Han characters take nine bytes."""
    return phrase_weight(term.decode()) if len(term) >= 9 else 1


def split_posting(posting: int) -> tuple[int, int]:
    """(ordinal of the school, mentions of the term) of one posting."""
    return posting >> _MENTION_BITS, posting & MOST_MENTIONS


class _Phrases:
    """Finds phrases, by the pair of characters with which each begins."""

    def __init__(self, phrases: Iterable[str]) -> None:
        self._by_pair: dict[str, list[tuple[str, frozenset[str]]]] = {}
        for phrase in phrases:
            first, *others = pairs(phrase)
            self._by_pair.setdefault(first, []).append((phrase, frozenset(others)))

    def count(self, text: str, tokens: Mapping[str, int]) -> Iterator[tuple[str, int]]:
        """Each phrase that stands in the normalized text, and how often. `tokens`: its tokens."""
        there = tokens.keys()
        for pair in self._by_pair.keys() & there:
            for phrase, others in self._by_pair[pair]:
                if others <= there and (often := text.count(phrase)):
                    yield phrase, often


def term_counts(
    searched: SearchField, values: Sequence[str], phrases: _Phrases
) -> tuple[Counter[str], int]:
    """How often each term stands in one field, and the number of its tokens. A value never runs
    into the next one. Phrases are terms and make the field no longer."""
    text = normalize(separated("\n".join(values)))
    found = tokens_of_normalized(text, core=searched.core)
    counts = Counter(found)
    counts.update(dict(phrases.count(text, counts)))
    return counts, len(found)


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
    finder = _Phrases(known)
    lengths = tuple(array("I", bytes(4 * len(ordered))) for _ in FIELDS)
    found: dict[bytes, array[int]] = {}
    for number, searched in enumerate(FIELDS):
        in_field: dict[str, list[int]] = {}
        for ordinal, document in enumerate(ordered):
            counts, lengths[number][ordinal] = term_counts(
                searched, document.values(searched.name), finder
            )
            above = ordinal << _MENTION_BITS
            for term, count in counts.items():
                posting = above | (count if count < MOST_MENTIONS else MOST_MENTIONS)
                if term in in_field:
                    in_field[term].append(posting)
                else:
                    in_field[term] = [posting]
        for term, postings in in_field.items():
            found[_key(term.encode(), number)] = array(_POSTING, postings)
    return _indexed(
        tuple(document.school_id for document in ordered),
        digests or tuple(map(document_digest, ordered)),
        tuple(map(_source, ordered)),
        lengths,
        found,
        known,
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
    above = [[0] * len(part.school_ids) for part in parts]
    for ordinal, (_, number, at) in enumerate(every):
        above[number][at] = ordinal << _MENTION_BITS
    found: dict[bytes, array[int]] = {}
    for part, here in zip(parts, above, strict=True):
        moved = array(
            _POSTING, [here[one >> _MENTION_BITS] | one & MOST_MENTIONS for one in part.data]
        )
        for key, start, end in zip(part.keys, part.starts, part.starts[1:], strict=False):
            if key in found:
                found[key] += moved[start:end]
            else:
                found[key] = moved[start:end]
    for key, postings in found.items():
        found[key] = array(_POSTING, sorted(postings))
    return _indexed(
        school_ids,
        tuple(parts[number].digests[at] for _, number, at in every),
        tuple(parts[number].sources[at] for _, number, at in every),
        tuple(
            array(_POSTING, [parts[number].lengths[field][at] for _, number, at in every])
            for field in range(len(FIELDS))
        ),
        found,
        parts[0].phrases if parts else (),
    )


def _indexed(
    school_ids: tuple[str, ...],
    digests: tuple[str, ...],
    sources: tuple[bytes, ...],
    lengths: tuple[array[int], ...],
    found: dict[bytes, array[int]],
    phrases: tuple[str, ...],
) -> Postings:
    """The index of postings by key, which are taken out of `found` to save memory."""
    keys = sorted(found)
    lists = [found.pop(key) for key in keys]
    data = memoryview(b"".join(lists)).cast(_POSTING)
    sizes = array(_POSTING, map(len, lists))
    return _with_all_shards(
        Postings(school_ids, digests, sources, lengths, keys, sizes, data, (), phrases)
    )


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
    finder = _Phrases(known)
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

    sources = list(earlier.sources)
    lengths = tuple(array("I", of_field) for of_field in earlier.lengths)
    edits: dict[bytes, dict[int, int]] = {}
    same: dict[bytes, dict[int, int]] = {}
    for ordinal in changed:
        before = _values_of(earlier.sources[ordinal])
        sources[ordinal] = _source(ordered[ordinal])
        for number, searched in enumerate(FIELDS):
            old, _ = term_counts(searched, before.get(searched.name, ()), finder)
            new, lengths[number][ordinal] = term_counts(
                searched, ordered[ordinal].values(searched.name), finder
            )
            for term in {**old, **new}:
                mentions = min(new[term], MOST_MENTIONS)
                group = edits if mentions != min(old[term], MOST_MENTIONS) else same
                group.setdefault(_key(term.encode(), number), {})[ordinal] = mentions
    keys, sizes, data = _spliced(earlier, edits)
    updated = Postings(
        school_ids, digests, tuple(sources), lengths, keys, sizes, data, earlier.shards, known
    )
    before_edit, now = _Scoring(earlier.lengths), _Scoring(lengths)
    touched = {key[:-1] for key in edits} | {
        key[:-1]
        for key, mentions in same.items()
        if _score_differs(updated, key, mentions, before_edit, now)
    }
    records = {term: _record_of(updated, term, now) for term in touched}
    shards = patch_shards(earlier.shards, records)
    if shards is None:
        return _with_all_shards(updated)
    return replace(updated, shards=shards)


def _score_differs(
    postings: Postings, key: bytes, mentions: Mapping[int, int], before: _Scoring, now: _Scoring
) -> bool:
    """Whether a new length of the field gave one of these schools another impact for `key`."""
    schools = len(postings.find(key[:-1], key[-1] - _FIELD_BYTE))
    return any(
        before.impact(key, schools, ordinal, often) != now.impact(key, schools, ordinal, often)
        for ordinal, often in mentions.items()
    )


def _record_of(postings: Postings, term: bytes, scoring: _Scoring) -> bytes | None:
    found = [(number, postings.find(term, number)) for number in range(len(FIELDS))]
    in_fields = [(number, postings) for number, postings in found if len(postings)]
    return scoring.record(term, in_fields) if in_fields else None


def _with_all_shards(postings: Postings) -> Postings:
    records = _Scoring(postings.lengths).records(postings.entries())
    return replace(postings, shards=build_shards(records))


def _spliced(
    earlier: Postings, edits: Mapping[bytes, Mapping[int, int]]
) -> tuple[list[bytes], array[int], memoryview[int]]:
    """Keys, sizes and data of `earlier` with edits: key to ordinal to mentions, 0 for none."""
    keys: list[bytes] = []
    sizes = array(_POSTING)
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
    return keys, sizes, memoryview(b"".join(data)).cast(_POSTING)


def _edited(postings: Sequence[int], edit: Mapping[int, int]) -> array[int]:
    """Postings of one key in which some schools' mentions are other; 0 takes a school out."""
    result = array(_POSTING, postings)
    for ordinal, mentions in edit.items():
        place = bisect_left(result, ordinal << _MENTION_BITS)
        if place < len(result) and result[place] >> _MENTION_BITS == ordinal:
            del result[place]
        if mentions:
            result.insert(place, ordinal << _MENTION_BITS | mentions)
    return result


def _key(term: bytes, number: int) -> bytes:
    return term + bytes((_FIELD_BYTE + number,))


def _by_length(searched: SearchField, lengths: Sequence[int]) -> list[float]:
    """The saturation of one field of each school."""
    known = {length: saturation(searched, length) for length in sorted(set(lengths))}
    return [known[length] for length in lengths]


def _source(document: SearchDocument) -> bytes:
    values = json.dumps(sorted(document.fields.items()), ensure_ascii=False)
    return zlib.compress(values.encode("utf-8", "surrogatepass"), 1)


def _values_of(source: bytes) -> dict[str, list[str]]:
    return dict(json.loads(zlib.decompress(source).decode("utf-8", "surrogatepass")))
