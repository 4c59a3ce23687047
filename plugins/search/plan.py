"""How a query is understood: known words become filters, the rest what a school must contain.

The browser makes the same plan from the same words (`search-engine.js`).
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise

from plugins.search.lexicon import GROUPS, PLACE_GROUPS, Value
from plugins.search.sounds import initial_terms
from plugins.search.tokens import Run, join_surrogates, pairs, runs
from plugins.search.vocabulary import Meaning, Vocabulary

# Characters of a query that are read; the rest is cut off. The longest name of a school has
# about 30, and each further character is one more thing that a hit must contain.
QUERY_LIMIT = 100

# What one word may stand for, itself included; each costs the browser some shards.
_MOST_ALTERNATIVES = 6
# A run of up to so many characters is looked for by all of its pairs.
_EVERY_PAIR = 8
_LETTERS = re.compile("[a-z]{2,}")
# Beside a known word these single characters say nothing: 学汽修, 数控和电工, 护理班.
LINKING = "学想读找去的在有和与及或班类系科"

Terms = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of the query. `kind` as in `Meaning`; a hit must contain all terms of one of the
    `alternatives` (a filter's alternatives only add to the score). `letters` is true where Latin
    letters were read as pinyin."""

    text: str
    kind: str
    alternatives: tuple[Terms, ...] = ()
    values: tuple[Value, ...] = ()
    note: str = ""
    letters: bool = False


@dataclass(frozen=True, slots=True)
class Chip:
    """A filter that the query's words stand for, as the visitor sees it and may remove it.

    `word` is the part of the query, `label` what it was read as. `without` is the query without
    it. `strict` is false for a major: there the text decides. `active` is false where the
    visitor chose something else of the same kind.
    """

    group: str
    values: tuple[str, ...]
    label: str
    word: str
    without: str
    strict: bool
    active: bool


@dataclass(frozen=True, slots=True)
class Condition:
    """A school must have one of `values`, or be one of `named`. `group` is that of the first."""

    group: str
    values: tuple[Value, ...]
    named: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Plan:
    """A query, understood. `groups`: pieces of which a hit must contain each; `optional`: the
    first term of each filter's word, which adds to the score of a hit that contains it."""

    pieces: tuple[Piece, ...]
    groups: tuple[Piece, ...]
    optional: Terms
    chips: tuple[Chip, ...]
    conditions: tuple[Condition, ...]
    notes: tuple[str, ...]

    @property
    def terms(self) -> Terms:
        """The distinct terms of the query's own words, in their order."""
        found: dict[str, None] = {}
        for piece in self.pieces:
            if piece.kind not in ("ignored", "note") and piece.alternatives:
                found.update(dict.fromkeys(piece.alternatives[0]))
        return tuple(found)


def understand(
    query: str, vocabulary: Vocabulary, filters: Mapping[str, Iterable[str]] | None = None
) -> Plan:
    """The plan of `query`, with the visitor's own choices: group to values, any of which will do.

    A choice replaces what the query's words say of the same group; a chosen place replaces every
    place of the query. Groups that do not exist are left out. Any string is accepted.
    """
    chosen = {
        group: tuple(dict.fromkeys((filters or {}).get(group, ())))
        for group in GROUPS
        if (filters or {}).get(group)
    }
    by_text: dict[str, Piece] = {}
    for piece in _pieces(_shortened(query), vocabulary):
        by_text.setdefault(piece.text, piece)
    found = tuple(by_text.values())
    if all(piece.kind in ("ignored", "note") for piece in found):
        found = tuple(
            Piece(piece.text, "text", piece.alternatives) if piece.kind == "ignored" else piece
            for piece in found
        )
    chips = []
    for piece in found:
        if piece.values:
            rest = " ".join(other.text for other in found if other is not piece)
            chips.append(_chip(piece, rest, vocabulary, chosen))
    return Plan(
        pieces=found,
        groups=tuple(piece for piece in found if piece.kind in ("text", "major")),
        optional=tuple(
            dict.fromkeys(
                term
                for piece in found
                if piece.kind == "filter"
                for terms in piece.alternatives
                for term in terms[:1]
            )
        ),
        chips=tuple(chips),
        conditions=_conditions(found, chips, vocabulary, chosen),
        notes=tuple(dict.fromkeys(piece.note for piece in found if piece.note)),
    )


def query_terms(query: str, vocabulary: Vocabulary) -> Terms:
    """The distinct terms of the query's own words, in the order of the query."""
    return understand(query, vocabulary).terms


def _chip(
    piece: Piece, rest: str, vocabulary: Vocabulary, chosen: Mapping[str, tuple[str, ...]]
) -> Chip:
    labels = [vocabulary.lexicon.label(value) for value in piece.values]
    return Chip(
        group=piece.values[0][0],
        values=tuple(value for _, value in piece.values),
        label=" / ".join(dict.fromkeys(labels)),
        word=piece.text,
        without=rest,
        strict=piece.kind == "filter",
        active=not any(_replaces(group, piece.values[0][0]) for group in chosen),
    )


def _replaces(chosen: str, recognised: str) -> bool:
    return chosen == recognised or (chosen in PLACE_GROUPS and recognised in PLACE_GROUPS)


def _conditions(
    pieces: tuple[Piece, ...],
    chips: list[Chip],
    vocabulary: Vocabulary,
    chosen: Mapping[str, tuple[str, ...]],
) -> tuple[Condition, ...]:
    """The visitor's choices and the strict, active chips; words of one group are alternatives."""
    active = {chip.word for chip in chips if chip.strict and chip.active}
    found: dict[str, Condition] = {}
    for piece in pieces:
        if piece.kind == "filter" and piece.text in active:
            group = piece.values[0][0]
            before = found.get(group, Condition(group, ()))
            found[group] = Condition(
                group,
                tuple(dict.fromkeys((*before.values, *piece.values))),
                before.named | vocabulary.named.get(piece.text, frozenset()),
            )
    for group, values in chosen.items():
        found[group] = Condition(group, tuple((group, value) for value in values))
    return tuple(found[group] for group in GROUPS if group in found)


def _pieces(query: str, vocabulary: Vocabulary) -> Iterator[Piece]:
    for run in _joined_syllables(runs(query), vocabulary):
        if run.han:
            for word, meaning in _rejoined(vocabulary.split(run.text), vocabulary):
                yield _piece(word, meaning, vocabulary)
        elif run.text in vocabulary.meanings:
            yield _piece(run.text, vocabulary.meanings[run.text], vocabulary)
        elif vocabulary.lexicon.characters and _LETTERS.fullmatch(run.text):
            yield from _letters(run.text, vocabulary)
        else:
            yield Piece(run.text, "text", ((run.text,),))


def _rejoined(words: Iterable[str], vocabulary: Vocabulary) -> Iterator[tuple[str, Meaning]]:
    """The words of one Han run and what they mean. Words that are no filters and stand together
    are one unknown word when a single character would else be left over, for alone it is found
    nearly everywhere: 财会电, of 财会电算化, is not 财会 and 电. Linking characters are ignored."""
    unknown = Meaning("text")
    together: list[str] = []

    def flush() -> Iterator[tuple[str, Meaning]]:
        if len(together) > 1 and any(len(word) == 1 for word in together):
            yield "".join(together), unknown
        else:
            yield from ((word, vocabulary.meanings.get(word, unknown)) for word in together)
        together.clear()

    found = tuple(words)
    for word in found:
        linking = len(found) > 1 and len(word) == 1 and word in LINKING
        meaning = Meaning("ignored") if linking else vocabulary.meanings.get(word, unknown)
        if meaning.kind in ("text", "major"):
            together.append(word)
        else:
            yield from flush()
            yield word, meaning
    yield from flush()


def _joined_syllables(found: Iterable[Run], vocabulary: Vocabulary) -> Iterator[Run]:
    """Syllables that were typed one by one (hang zhou) become one run of letters."""
    joined = ""
    for run in found:
        is_syllable = (
            not run.han
            and run.text not in vocabulary.meanings
            and run.text in vocabulary.sounds.syllables
        )
        if is_syllable:
            joined += run.text
        else:
            if joined:
                yield Run(joined, False)
                joined = ""
            yield run
    if joined:
        yield Run(joined, False)


def word_terms(word: str, vocabulary: Vocabulary) -> Terms:
    """The terms of one word or phrase, each once. A phrase of the lexicon is a term by itself.

    A long run of Han characters needs only every other pair: together they hold all of its
    characters, and each pair less is a file less for the browser.
    """
    return tuple(
        dict.fromkeys(
            term
            for run in runs(word)
            for term in (
                _spread(run.text)
                if run.han and run.text not in vocabulary.lexicon.phrases
                else (run.text,)
            )
        )
    )


def _spread(run: str) -> Terms:
    every = pairs(run)
    if len(run) <= _EVERY_PAIR:
        return every
    return (*every[::2], *every[-1:])


def _piece(word: str, meaning: Meaning, vocabulary: Vocabulary) -> Piece:
    phrases = (word, *meaning.synonyms)[:_MOST_ALTERNATIVES]
    alternatives = tuple(dict.fromkeys(word_terms(phrase, vocabulary) for phrase in phrases))
    return Piece(word, meaning.kind, alternatives, meaning.values, meaning.note)


def _letters(letters: str, vocabulary: Vocabulary) -> Iterator[Piece]:
    """Latin letters as a word, as pinyin of names, places and majors, or as initials.

    Places are split off first, where they fill whole syllables: hangzhoushukong is 杭州 and
    shukong.
    """
    sounds = vocabulary.sounds
    readings = sounds.readings_of_letters(letters)
    if not readings:
        words = sounds.initials.get(letters, ())
        initials = (initial_terms(letters),) if len(letters) >= 3 else ()
        alternatives = _alternatives(letters, initials, words, vocabulary)
        yield Piece(letters, "text", alternatives, letters=True)
        return
    for reading in readings:
        parts = _split_syllables(reading, vocabulary)
        if any(words for _, words in parts):
            for syllables, words in parts:
                if words:
                    yield _letter_filter("".join(syllables), words, vocabulary)
                else:
                    yield _letter_text((syllables,), vocabulary)
            return
    yield _letter_text(readings, vocabulary)


def _letter_filter(letters: str, words: Terms, vocabulary: Vocabulary) -> Piece:
    values = [value for word in words for value in vocabulary.meanings[word].values]
    ordered = sorted(dict.fromkeys(values), key=lambda value: GROUPS.index(value[0]))
    alternatives = tuple(dict.fromkeys(word_terms(word, vocabulary) for word in words))
    return Piece(letters, "filter", alternatives, tuple(ordered), letters=True)


def _letter_text(readings: tuple[Terms, ...], vocabulary: Vocabulary) -> Piece:
    letters = "".join(readings[0])
    in_names = tuple(
        tuple(dict.fromkeys(before + after for before, after in pairwise(reading)))
        for reading in readings
        if len(reading) > 1
    )
    words = tuple(
        word for reading in readings for word in vocabulary.sounds.words.get(" ".join(reading), ())
    )
    alternatives = _alternatives(letters, in_names, words, vocabulary)
    return Piece(letters, "text", alternatives, letters=True)


def _alternatives(
    letters: str, terms: tuple[Terms, ...], words: Terms, vocabulary: Vocabulary
) -> tuple[Terms, ...]:
    phrases = tuple(word_terms(word, vocabulary) for word in words)
    return tuple(dict.fromkeys(((letters,), *terms, *phrases)))[:_MOST_ALTERNATIVES]


def _split_syllables(
    reading: Terms, vocabulary: Vocabulary
) -> tuple[tuple[Terms, tuple[str, ...]], ...]:
    """(syllables, filter words that are read so) in order, as `Vocabulary.split` cuts a run."""
    for length in range(len(reading), 1, -1):
        for start in range(len(reading) - length + 1):
            part = reading[start : start + length]
            words = tuple(
                word
                for word in vocabulary.sounds.words.get(" ".join(part), ())
                if word in vocabulary.meanings and vocabulary.meanings[word].kind == "filter"
            )
            if words:
                return (
                    *_split_syllables(reading[:start], vocabulary),
                    (part, words),
                    *_split_syllables(reading[start + length :], vocabulary),
                )
    return ((reading, ()),) if reading else ()


def _shortened(query: str) -> str:
    # Cut by code points, as the browser does; a code point is at most two surrogates.
    return join_surrogates(query[: 2 * QUERY_LIMIT])[:QUERY_LIMIT]
