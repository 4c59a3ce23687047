"""Profiles that repeat each other: the same story for two schools is true of one at most.

Texts are compared by clauses (what stands between two marks), so that a changed word in each
sentence does not hide a copy. Every clause belongs to the first profile that has it, which makes
the comparison linear in the number of profiles.
"""

from __future__ import annotations

import re
from _blake2 import blake2b
from array import array
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

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

_ENDS: Final = re.compile(r"[\s，。；！？、：:,;!?|*#（）()“”\"\[\]]+|来源[0-9]+")


@dataclass(frozen=True, slots=True)
class Text:
    """What is compared of one profile: the hashes of its clauses and how long each is.

    `line` is where its first section begins.
    """

    path: str
    line: int
    clauses: array[int]
    lengths: array[int]


def text_of(profile: Profile) -> Text:
    """The clauses of a profile's story."""
    found = clauses_of(" \n".join(section.markdown for section in profile.sections))
    line = profile.sections[0].line if profile.sections else 1
    return Text(profile.path, line, array("Q", found.keys()), array("H", found.values()))


def check_copied_text(profiles: Iterable[Text]) -> Iterator[Problem]:
    """Profiles whose text stands in another one, in the order of their paths."""
    texts = sorted(profiles, key=lambda text: text.path)
    owner: dict[int, int] = {}
    # From the last to the first, so that the first profile with a clause is its owner in the end.
    for place in range(len(texts) - 1, -1, -1):
        owner.update(dict.fromkeys(texts[place].clauses, place))
    owner_of = owner.__getitem__
    for place, text in enumerate(texts):
        owners = list(map(owner_of, text.clauses))
        if owners.count(place) == len(owners):
            continue
        total = sum(text.lengths)
        shared: Counter[int] = Counter()
        for first, length in zip(owners, text.lengths, strict=True):
            if first != place:
                shared[first] += length
        if total < LEAST_CHARACTERS:
            continue
        # The lower place wins a tie, so that the answer does not hang on the order of a dict.
        other, length = min(shared.items(), key=lambda item: (-item[1], item[0]))
        share = length / total
        if share >= LIKENESS_SHARE:
            copied = share >= COPY_SHARE
            yield Problem(
                text.path, text.line,
                "copied-from-another-school" if copied else "copied-in-part",
                "error" if copied else "warning",
                f"正文有 {share:.0%} 和 {texts[other].path} 相同",
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
