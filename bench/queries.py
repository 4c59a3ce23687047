"""Queries as students type them, each with the schools that truly contain it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from random import Random

from plugins.search.document import SearchDocument
from plugins.search.lexicon import EMPTY, Lexicon
from plugins.search.tokens import normalize
from plugins.search.vocabulary import meanings_of

KINDS = (
    ("专业", 20),
    ("专业的一部分", 15),
    ("地名", 10),
    ("地名＋专业，不空格", 15),
    ("地名 专业，空格", 10),
    ("校名", 8),
    ("校名的一部分", 7),
    ("正文里的词", 15),
)
"""Kind of query, and how many of a hundred are of that kind."""


@dataclass(frozen=True)
class Asked:
    """One query. `parts`: what a school must contain; `truth`: the schools that do, see `Truth`."""

    kind: str
    text: str
    parts: tuple[str, ...]
    truth: frozenset[str]


class Truth:
    """Which schools answer a part of a query, found by reading every school's text.

    A word of a place, level, entry or the like is answered by the schools that have that value or
    whose name begins with it (山东 is not in 舟山东方技校); any other by those that contain it
    as a substring of some value, or one of the words that the lexicon calls its synonyms. Words
    that the lexicon ignores (专业) are no part of a word.
    """

    def __init__(self, documents: Sequence[SearchDocument], lexicon: Lexicon = EMPTY) -> None:
        self.synonyms = {normalize(word): words for word, words in lexicon.synonyms.items()}
        self.ignored = tuple(map(normalize, lexicon.ignored))
        self.values = {
            normalize(word): meaning.values
            for word, meaning in meanings_of(lexicon).items()
            if meaning.kind == "filter"
        }
        self.facets = [
            (
                document.school_id,
                {(group, one) for group, several in document.facets.items() for one in several},
                tuple(
                    normalize(name)
                    for names in ("name", "aliases")
                    for name in document.values(names)
                ),
            )
            for document in documents
        ]
        self.texts = [
            (document.school_id, _text(document, document.fields)) for document in documents
        ]

    def of(self, part: str) -> frozenset[str]:
        """The schools, by school_id, that answer this part."""
        word = normalize(part)
        if values := self.values.get(word):
            return frozenset(
                school_id
                for school_id, held, names in self.facets
                if any(name.startswith(word) for name in names) or not held.isdisjoint(values)
            )
        for ignored in self.ignored:
            word = word.replace(ignored, " ")
        words = [word.split(), *([normalize(one)] for one in self.synonyms.get(word, ()))]
        return frozenset(
            school_id
            for school_id, text in self.texts
            if any(all(one in text for one in together) for together in words)
        )


def _text(document: SearchDocument, fields: Iterable[str]) -> str:
    return "\n".join(normalize(value) for name in fields for value in document.values(name))


def ask(
    documents: Sequence[SearchDocument], count: int, seed: str, lexicon: Lexicon = EMPTY
) -> list[Asked]:
    """`count` different queries about these schools, the same for the same seed."""
    chance = Random(f"queries/{seed}")  # noqa: S311 - measurements keep no secrets
    kinds, weights = zip(*KINDS, strict=True)
    truth = Truth(documents, lexicon)
    found: dict[str, Asked] = {}
    while len(found) < count:
        kind = chance.choices(kinds, weights)[0]
        text, parts = _one(chance, kind, chance.choice(documents))
        if text not in found:
            answers = frozenset.intersection(*map(truth.of, parts))
            found[text] = Asked(kind, text, parts, answers)
    return list(found.values())


def _one(chance: Random, kind: str, document: SearchDocument) -> tuple[str, tuple[str, ...]]:
    """The text of a query about one school, and its parts."""
    majors = [major for major in document.values("majors") if major.isalpha()]
    major = chance.choice(majors)
    short = major[: chance.randint(2, 4)]
    # Province and city, in full and short; a county stands alone at the end.
    place = chance.choice(document.values("place")[1:4:2])
    if kind == "专业":
        return major, (major,)
    if kind == "专业的一部分":
        return short, (short,)
    if kind == "地名":
        return place, (place,)
    if kind == "地名＋专业，不空格":
        return place + short, (place, short)
    if kind == "地名 专业，空格":
        return f"{place} {short}", (place, short)
    if kind == "校名":
        return document.name, (document.name,)
    if kind == "校名的一部分":
        start = document.name[: chance.randint(4, 6)]
        return start, (start,)
    return _word_of(chance, document)


def _word_of(chance: Random, document: SearchDocument) -> tuple[str, tuple[str, ...]]:
    """Two to four Han characters that stand together in the profile's text."""
    text = chance.choice(document.values("text")[1:])
    while True:
        start = chance.randrange(len(text) - 4)
        word = text[start : start + chance.randint(2, 4)]
        if all("\u4e00" <= character <= "\u9fff" for character in word):
            return word, (word,)
