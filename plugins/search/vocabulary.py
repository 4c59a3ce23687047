"""The words that search knows, and what is known of the schools besides their text.

A student writes 济南数控 without a space. Read blindly, that demands the pair 南数, which no
school has. The known word 济南 is therefore split off first.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from typing import Final

from plugins.search.document import SearchDocument, in_order
from plugins.search.lexicon import EMPTY, GROUPS, Lexicon, Value
from plugins.search.sounds import Sounds
from plugins.search.tokens import runs

_FIELDS = ("place", "level")
_NAME_FIELDS = ("name", "aliases")
_MOST_KNOWN: Final = 50_000
"""Words whose kind is kept; the lexicon has some thousands."""


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a known word stands for. `kind` is one of:

    "filter" (a school must have one of `values`), "major" (a filter that is offered; the text
    decides), "text" (a word that is only split off), "ignored", "note" (answered by `note`).
    `synonyms` are searched for besides the word itself.
    """

    kind: str
    values: tuple[Value, ...] = ()
    synonyms: tuple[str, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class SchoolFacts:
    """What filters and orders look at, by ordinal."""

    values: frozenset[Value]
    seats: int
    sort_name: str


@dataclass(frozen=True)
class Vocabulary:
    """Known words, normalized; each is one run: two or more Han characters, or a Latin word.

    `longest` is the length of the longest Han word in characters; 0 when there is none. `named`:
    for a word that is a filter, the ordinals of the schools that bear the word in their name and
    yet have another value, so that a school's own name always finds it.
    """

    words: frozenset[str]
    longest: int
    lexicon: Lexicon = EMPTY
    meanings: Mapping[str, Meaning] = field(default_factory=dict)
    named: Mapping[str, frozenset[int]] = field(default_factory=dict)
    schools: tuple[SchoolFacts, ...] = ()

    @classmethod
    def of_words(cls, words: Iterable[str]) -> "Vocabulary":
        """The words that are one Han run of two or more characters; others are left out."""
        return cls._of_meanings(_plain_words(words), EMPTY)

    @classmethod
    def of_documents(
        cls, documents: Iterable[SearchDocument], lexicon: Lexicon = EMPTY
    ) -> "Vocabulary":
        """The lexicon's words, and the places and levels of these schools, as indexed."""
        ordered = in_order(documents)
        distinct = dict.fromkeys(
            value for document in ordered for name in _FIELDS for value in document.values(name)
        )
        meanings = _plain_words(distinct) | _normalized_meanings(lexicon)
        schools = tuple(_facts(document) for document in ordered)
        known = cls._of_meanings(meanings, lexicon, schools)
        named: dict[str, set[int]] = {}
        for ordinal, document in enumerate(ordered):
            for word in known.filters_in_names(document):
                if not schools[ordinal].values.intersection(meanings[word].values):
                    named.setdefault(word, set()).add(ordinal)
        return replace(known, named={word: frozenset(named[word]) for word in sorted(named)})

    @classmethod
    def _of_meanings(
        cls,
        meanings: Mapping[str, Meaning],
        lexicon: Lexicon,
        schools: tuple[SchoolFacts, ...] = (),
    ) -> "Vocabulary":
        han = frozenset(word for word in meanings if _han_word(word))
        return cls(han, max(map(len, han), default=0), lexicon, meanings, schools=schools)

    def filters_in_names(self, document: SearchDocument) -> frozenset[str]:
        """The filter words that a query equal to one of the school's names would be cut into."""
        return frozenset(
            piece
            for name in _NAME_FIELDS
            for value in document.values(name)
            for run in runs(value)
            if run.han
            for piece in self.split(run.text)
            if piece in self.meanings and self.meanings[piece].kind == "filter"
        )

    def split(self, run: str) -> tuple[str, ...]:
        """A Han run cut around the known words in it, in order, nothing lost.

        The longest known word goes first, the leftmost of equals; then what is left on each side
        is cut in the same way.
        """
        for length in range(min(self.longest, len(run)), 1, -1):
            for start in range(len(run) - length + 1):
                word = run[start : start + length]
                if word in self.words:
                    before, after = run[:start], run[start + length :]
                    return (*self.split(before), word, *self.split(after))
        return (run,) if run else ()

    @cached_property
    def sounds(self) -> Sounds:
        """The readings of the places (as wholes) and of all other known words (also in parts)."""
        places, others = spoken_places(self.lexicon), spoken_others(self.lexicon)
        return Sounds(
            self.lexicon.characters,
            self.lexicon.exceptions,
            tuple(dict.fromkeys(word for word in places if word in self.words)),
            tuple(dict.fromkeys(word for word in others if word in self.words)),
        )

    @cached_property
    def by_name(self) -> Mapping[int, int]:
        """Ordinal to rank in the order of pinyin names."""
        order = sorted(range(len(self.schools)), key=lambda one: (self.schools[one].sort_name, one))
        return {ordinal: rank for rank, ordinal in enumerate(order)}


def spoken_places(lexicon: Lexicon) -> tuple[str, ...]:
    """The words that sound as wholes only."""
    return tuple(name for place in lexicon.places for name in (place.name, place.short))


def spoken_others(lexicon: Lexicon) -> tuple[str, ...]:
    """The words of which parts sound too."""
    return (*lexicon.words, *lexicon.majors, *lexicon.synonyms)


def spoken_words(lexicon: Lexicon) -> tuple[str, ...]:
    """Every word whose reading is known."""
    return (*spoken_places(lexicon), *spoken_others(lexicon))


def meanings_of(lexicon: Lexicon) -> dict[str, Meaning]:
    """Every word of the lexicon; where one word stands in several lists, the last of: major,
    synonym, ignored, note, filter. Words of several places stand for any of them."""
    found: dict[str, Meaning] = {}
    for major in lexicon.majors:
        found[major] = Meaning("major", (("major", major),))
    for word, synonyms in lexicon.synonyms.items():
        before = found.get(word, Meaning("text"))
        found[word] = Meaning(before.kind, before.values, synonyms)
    for word in lexicon.ignored:
        found[word] = Meaning("ignored")
    for word, note in lexicon.notes.items():
        found[word] = Meaning("note", note=note)
    values: dict[str, list[Value]] = {}
    for place in lexicon.places:
        for word in dict.fromkeys((place.name, place.short)):
            values.setdefault(word, []).append((place.group, place.value))
    for word, several in lexicon.words.items():
        values.setdefault(word, []).extend(several)
    for word, every in values.items():
        ordered = sorted(dict.fromkeys(every), key=lambda value: GROUPS.index(value[0]))
        found[word] = Meaning("filter", tuple(ordered))
    return {word: meaning for word, meaning in found.items() if _is_word(word)}


@lru_cache(1)
def _normalized_meanings(lexicon: Lexicon) -> dict[str, Meaning]:
    return {_normalized(word): meaning for word, meaning in meanings_of(lexicon).items()}


def _plain_words(words: Iterable[str]) -> dict[str, Meaning]:
    """Those of the words that are one Han run of two or more characters, only split off."""
    return {_normalized(word): Meaning("text") for word in words if _han_word(word)}


def _facts(document: SearchDocument) -> SchoolFacts:
    values = frozenset(
        (group, value) for group, several in document.facets.items() for value in several
    )
    return SchoolFacts(values, document.seats, document.sort_name)


# The words of the lexicon are asked about again for each province's own index.
@lru_cache(_MOST_KNOWN)
def _normalized(word: str) -> str:
    return next(runs(word)).text


@lru_cache(_MOST_KNOWN)
def _is_word(word: str) -> bool:
    """One run that is the whole word; a Han run has two or more characters."""
    found = tuple(runs(word))
    return len(found) == 1 and (not found[0].han or len(found[0].text) > 1)


@lru_cache(_MOST_KNOWN)
def _han_word(word: str) -> bool:
    found = tuple(runs(word))
    return len(found) == 1 and found[0].han and len(found[0].text) > 1
