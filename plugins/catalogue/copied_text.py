"""Profiles that repeat each other: the same story for two schools is true of one at most.

Texts are compared by clauses (what stands between two marks), so that a changed word in each
sentence does not hide a copy. Every clause belongs to the first profile that has it, which makes
the comparison linear in the number of profiles. After an edit only those profiles are judged again
that have a clause in common with what was edited.
"""

from __future__ import annotations

import re
import sys
from _blake2 import blake2b
from array import array
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import compress
from operator import ne
from typing import Final, NamedTuple

from plugins.catalogue.problem import Problem
from plugins.catalogue.read_profile import Profile

CLAUSE_CHARACTERS: Final = 8
"""Shorter clauses are common speech and prove nothing."""
LEAST_CHARACTERS: Final = 120
"""Profiles with less text than this are not compared."""
COPY_SHARE: Final = 0.8
"""From this share of the text on, the profile is a copy: an error."""
LIKENESS_SHARE: Final = 0.4
"""From this share of the text on, somebody should look: a warning."""

_MARKS: Final = r"\s，。；！？、：:,;!?|*#（）()“”\"\[\]"
# `[marks]+|来源[0-9]+`, begun with what it can begin with, so that the search can leap.
_ENDS: Final = re.compile(f"[来{_MARKS}](?:(?<=来)源[0-9]+|(?<!来)[{_MARKS}]*)")


class Text(NamedTuple):
    """What is compared of one profile: the hashes of its clauses (8 bytes each) and how long each
    clause is (2 bytes each).

    `line` is where its first section begins.
    """

    path: str
    line: int
    clauses: bytes
    lengths: bytes


class Compared(NamedTuple):
    """Texts that were compared with each other, by path, and what came of it."""

    texts: Mapping[str, Text]
    problems: Sequence[Problem]


def text_of(profile: Profile) -> Text:
    """The clauses of a profile's story."""
    found = clauses_of(" \n".join(section.markdown for section in profile.sections))
    line = profile.sections[0].line if profile.sections else 1
    clauses, lengths = array("Q", found.keys()), array("H", found.values())
    return Text(profile.path, line, clauses.tobytes(), lengths.tobytes())


def check_copied_text(profiles: Iterable[Text], before: Compared | None = None) -> list[Problem]:
    """Profiles whose text stands in another one, in the order of their paths.

    `before` is what came of the texts as they were; only what may be another answer now is found
    anew.
    """
    texts = {text.path: text for text in sorted(profiles, key=lambda text: text.path)}
    if before is None:
        return _compare(texts, texts.values())
    affected = _affected(texts, before.texts)
    known = [
        problem
        for problem in before.problems
        if problem.path in texts and problem.path not in affected
    ]
    found = _compare(texts, [texts[path] for path in sorted(affected)])
    return sorted([*known, *found], key=lambda problem: problem.path)


def _affected(texts: Mapping[str, Text], before: Mapping[str, Text]) -> set[str]:
    """The texts that are not as they were, and those with a clause that came to one of them or
    went. For all others, every clause belongs to whom it belonged to."""
    paths = list(texts.keys() | before.keys())
    changed = list(compress(paths, map(ne, map(texts.get, paths), map(before.get, paths))))
    moved: set[int] = set()
    for path in changed:
        now, then = (set(_hashes(one.get(path))) for one in (texts, before))
        moved |= now ^ then
    affected = {path for path in changed if path in texts}
    return affected.union(_with_any(moved, texts)) if moved else affected


_FEW: Final = 8
"""So many clauses are sooner looked for one by one in the bytes of all texts."""


def _with_any(clauses: set[int], texts: Mapping[str, Text]) -> Iterator[str]:
    """The texts that have one of the clauses; perhaps some more."""
    if len(clauses) > _FEW:
        yield from (path for path, one in texts.items() if not clauses.isdisjoint(_hashes(one)))
        return
    for clause in clauses:
        part = clause.to_bytes(8, sys.byteorder)
        yield from (path for path, text in texts.items() if part in text.clauses)


def _hashes(text: Text | None) -> memoryview[int]:
    return memoryview(text.clauses if text else b"").cast("Q")


def _compare(texts: dict[str, Text], asked: Collection[Text]) -> list[Problem]:
    """The problems of the texts that are `asked` for, among all `texts`, which are sorted."""
    order = list(texts)
    owner = _owners(texts) if len(asked) == len(texts) else _owners_of(asked, texts)
    place_of = {path: place for place, path in enumerate(order)}
    found = (_problem_of(text, place_of[text.path], owner, order) for text in asked)
    return [problem for problem in found if problem is not None]


def _owners(texts: dict[str, Text]) -> dict[int, int]:
    """The place of the first text with each clause."""
    owner: dict[int, int] = {}
    # From the last to the first, so that the first is the owner in the end.
    for place, text in zip(range(len(texts) - 1, -1, -1), reversed(texts.values()), strict=True):
        owner.update(dict.fromkeys(_hashes(text), place))
    return owner


def _owners_of(asked: Iterable[Text], texts: Mapping[str, Text]) -> dict[int, int]:
    """The same for the clauses of the texts `asked` for alone."""
    wanted = set().union(*(_hashes(text) for text in asked))
    owner: dict[int, int] = {}
    for place, text in enumerate(texts.values()):
        if not wanted:
            break
        if found := wanted.intersection(_hashes(text)):
            owner.update(dict.fromkeys(found, place))
            wanted -= found
    return owner


def _problem_of(
    text: Text, place: int, owner: Mapping[int, int], order: Sequence[str]
) -> Problem | None:
    owners = list(map(owner.__getitem__, _hashes(text)))
    if owners.count(place) == len(owners):
        return None
    lengths = memoryview(text.lengths).cast("H")
    total = sum(lengths)
    if total < LEAST_CHARACTERS:
        return None
    shared: dict[int, int] = {}
    for first, length in zip(owners, lengths, strict=True):
        if first != place:
            shared[first] = shared.get(first, 0) + length
    # The lower place wins a tie, so that the answer does not hang on the order of a dict.
    other, length = min(shared.items(), key=lambda item: (-item[1], item[0]))
    share = length / total
    if share < LIKENESS_SHARE:
        return None
    copied = share >= COPY_SHARE
    return Problem(
        text.path, text.line,
        "copied-from-another-school" if copied else "copied-in-part",
        "error" if copied else "warning",
        f"正文有 {share:.0%} 和 {order[other]} 相同",
        "写自己学校的情况；两处确是同一件事的，只在一处写",
    )  # fmt: skip


def clauses_of(text: str) -> dict[int, int]:
    """The hashed clauses of a text with the number of characters of each.

    The hash is the same in every process: what was found is kept from build to build.
    """
    return {
        int.from_bytes(blake2b(clause.encode(), digest_size=8).digest()): len(clause)
        for clause in _ENDS.split(text)
        if clause and len(clause) >= CLAUSE_CHARACTERS
    }
