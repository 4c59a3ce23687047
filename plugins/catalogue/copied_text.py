"""Profiles that repeat each other: the same story for two schools is true of one at most.

Texts are compared by clauses (what stands between two marks), so that a changed word in each
sentence does not hide a copy. Every clause belongs to the first profile that has it, which makes
the comparison linear in the number of profiles.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
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


def check_copied_text(profiles: Iterable[Profile]) -> Iterator[Problem]:
    """Profiles whose text stands in another one, in the order of their paths."""
    owner: dict[int, int] = {}
    paths: list[str] = []
    for place, profile in enumerate(sorted(profiles, key=lambda profile: profile.path)):
        paths.append(profile.path)
        clauses = clauses_of(" \n".join(section.markdown for section in profile.sections))
        total = sum(clauses.values())
        shared: Counter[int] = Counter()
        for clause, length in clauses.items():
            first = owner.setdefault(clause, place)
            if first != place:
                shared[first] += length
        if total < LEAST_CHARACTERS or not shared:
            continue
        # The lower place wins a tie, so that the answer does not hang on the order of a dict.
        other, length = min(shared.items(), key=lambda item: (-item[1], item[0]))
        share = length / total
        if share >= LIKENESS_SHARE:
            copied = share >= COPY_SHARE
            line = profile.sections[0].line
            yield Problem(
                profile.path, line, "copied-from-another-school" if copied else "copied-in-part",
                "error" if copied else "warning",
                f"正文有 {share:.0%} 和 {paths[other]} 相同",
                "写自己学校的情况；两处确是同一件事的，只在一处写",
            )  # fmt: skip


def clauses_of(text: str) -> dict[int, int]:
    """The hashed clauses of a text with the number of characters of each."""
    return {
        hash(clause): len(clause)
        for clause in _ENDS.split(text)
        if clause and len(clause) >= CLAUSE_CHARACTERS
    }
