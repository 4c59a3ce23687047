"""What the words of a query can mean: places, levels, entries, majors, synonyms, readings.

Plain data, made from the catalogue by `documents.search_lexicon` and exported with the index, so
that the command line and the browser read a query alike.
"""

from collections.abc import Iterable, Mapping
from dataclasses import astuple, dataclass, field
from functools import cached_property
from hashlib import sha256
from typing import Any, Final, TypeAlias

from plugins.search.tokens import runs

Value: TypeAlias = tuple[str, str]
"""A filter's choice: (group, value), such as ("ownership", "公办")."""

PLACE_GROUPS: Final = ("province", "city", "county")
MASK_GROUPS: Final = (
    "level",
    "ownership",
    "category",
    "training",
    "entry",
    "enrolling",
    "boarding",
    "verified",
    "priority",
    "free",
)
"""Groups of few values, which are the same for every content: a school's choice is a bit mask."""

GROUPS: Final = (*PLACE_GROUPS, *MASK_GROUPS, "major")
"""Every group of filters, in the order in which conditions and counts are given."""


@dataclass(frozen=True, slots=True)
class Place:
    """A province, a city or a county, in a tree that is listed parents first.

    `name` is official, `short` what people say (equal to `name` where nothing shorter is said).
    A short name is the beginning of the name. `parent` is the position of the place around it,
    -1 for a province. `neighbours` are values of provinces, nearest first.
    """

    group: str
    value: str
    name: str
    short: str
    parent: int
    neighbours: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class Lexicon:
    """The words that search knows besides those of the documents. All indexes of a build share
    one, so what is found of it is kept by which it is.

    `values`: for each group of `MASK_GROUPS` its (value, label) pairs, in display order.
    `majors`: names of the majors on offer, those of most schools first.
    `words`: a word to the filter values that it stands for; places need not be listed here.
    `synonyms`: a word to what schools write instead. `ignored`: words that say nothing here.
    `notes`: a word to the sentence that answers it, where the data cannot.
    `characters`: a Han character to its usual syllable; `exceptions`: a word to its syllables,
    separated by spaces, where they are not those of its characters.
    `names`: majors that the reference tables know, on offer or not.
    """

    places: tuple[Place, ...] = ()
    values: Mapping[str, tuple[tuple[str, str], ...]] = field(default_factory=dict)
    majors: tuple[str, ...] = ()
    words: Mapping[str, tuple[Value, ...]] = field(default_factory=dict)
    synonyms: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    ignored: tuple[str, ...] = ()
    notes: Mapping[str, str] = field(default_factory=dict)
    characters: Mapping[str, str] = field(default_factory=dict)
    exceptions: Mapping[str, str] = field(default_factory=dict)
    names: tuple[str, ...] = ()

    @property
    def plain(self) -> tuple[Any, ...]:
        """All of it as plain values, of which `lexicon_of` makes an equal one."""
        return astuple(self)

    @cached_property
    def digest(self) -> str:
        """Equal exactly when two are equal in every part."""
        return sha256(repr(self).encode()).hexdigest()

    @cached_property
    def phrases(self) -> frozenset[str]:
        """The words that are looked for as wholes: a term each, not its pairs. See `phrases_of`."""
        synonyms = (word for words in self.synonyms.values() for word in words)
        return phrases_of((*self.majors, *self.synonyms, *synonyms))

    @cached_property
    def indexed_phrases(self) -> frozenset[str]:
        """`phrases`, and all that may become one when a school offers another major, so that the
        index of the other schools stays as it is."""
        return self.phrases | phrases_of(self.names)

    @cached_property
    def labels(self) -> Mapping[Value, str]:
        """What a chip says for a value; a value without a label of its own is its own label."""
        found: dict[Value, str] = {}
        for place in self.places:
            found.setdefault((place.group, place.value), place.name)
        for group, values in self.values.items():
            for value, label in values:
                found[group, value] = label
        return found

    def label(self, value: Value) -> str:
        return self.labels.get(value, value[1])

    @cached_property
    def leaves(self) -> Mapping[tuple[str, ...], int]:
        """Values from the province down, to the position of the place."""
        paths: list[tuple[str, ...]] = []
        for place in self.places:
            paths.append((*(paths[place.parent] if place.parent >= 0 else ()), place.value))
        return {path: position for position, path in enumerate(paths)}

    @cached_property
    def province_of(self) -> Mapping[Value, str]:
        """The province of a place; of several places with one value, the first one's."""
        found: dict[Value, str] = {}
        for place in self.places:
            top = place
            while top.parent >= 0:
                top = self.places[top.parent]
            found.setdefault((place.group, place.value), top.value)
        return found


def lexicon_of(plain: tuple[Any, ...]) -> Lexicon:
    places, *others = plain
    return Lexicon(tuple(Place(*place) for place in places), *others)


def phrases_of(words: Iterable[str]) -> frozenset[str]:
    """Those words, normalized, that are one Han run of three or more characters."""
    found = (tuple(runs(word)) for word in words)
    return frozenset(
        one[0].text for one in found if len(one) == 1 and one[0].han and len(one[0].text) > 2
    )


EMPTY: Final = Lexicon()
