"""Every rule beyond the shape, word for word: `rule-messages.txt` holds input and answer.

A line is `where`, the text that is replaced, the text in its stead, and all that is said of it,
with tabs between. `where` is `text` for a line of a story, or `profile` for the small tree's.
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from plugins.catalogue import Problem, load
from plugins.catalogue.claims import Proof, check_claims

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures"
PROFILE = "schools/zhejiang/yanshi-jishi-xueyuan/profile.md"
TODAY = dt.date(2026, 6, 1)
CASES = [
    tuple(line.split("\t"))
    for line in (FIXTURES / "rule-messages.txt").read_text("utf-8").splitlines()
]


def words(problems: list[Problem]) -> str:
    return " || ".join(
        f"{p.column} {p.severity} {p.code} | {p.message} | {p.fix}" for p in sorted(problems)
    )


@pytest.mark.parametrize(("new", "said"), [(c[2], c[3]) for c in CASES if c[0] == "text"])
def test_a_claim_is_answered_in_exactly_these_words(new: str, said: str) -> None:
    assert words(list(check_claims("p.md", [(7, new)], Proof(False, (), False)))) == said


@pytest.mark.parametrize(("old", "new", "said"), [c[1:] for c in CASES if c[0] == "profile"])
def test_a_profile_is_answered_in_exactly_these_words(
    small: Path, old: str, new: str, said: str
) -> None:
    file = small / PROFILE
    text = file.read_text()
    assert old in text
    file.write_text(text.replace(old, new, 1))
    assert words(list(load(small, TODAY)[1])) == said


def test_there_are_more_than_forty_of_them_and_each_says_something() -> None:
    assert len(CASES) >= 45
    assert all(" | " in said for *_, said in CASES)
