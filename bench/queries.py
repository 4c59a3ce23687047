"""Queries as students type them, each with the schools that truly contain it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from plugins.search.document import SearchDocument
from plugins.search.tokens import normalize

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
    """One query. `parts`: what a school must contain; `truth`: the schools that do, each part
    as a substring of some value."""

    kind: str
    text: str
    parts: tuple[str, ...]
    truth: frozenset[str]


def ask(documents: Sequence[SearchDocument], count: int, seed: str) -> list[Asked]:
    """`count` different queries about these schools, the same for the same seed."""
    chance = Random(f"queries/{seed}")  # noqa: S311 - measurements keep no secrets
    kinds, weights = zip(*KINDS, strict=True)
    searched = {
        document.school_id: "\n".join(
            normalize(value) for values in document.fields.values() for value in values
        )
        for document in documents
    }
    found: dict[str, Asked] = {}
    while len(found) < count:
        kind = chance.choices(kinds, weights)[0]
        text, parts = _one(chance, kind, chance.choice(documents))
        if text not in found:
            wanted = [normalize(part) for part in parts]
            truth = frozenset(
                school_id
                for school_id, text_of_school in searched.items()
                if all(part in text_of_school for part in wanted)
            )
            found[text] = Asked(kind, text, parts, truth)
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
