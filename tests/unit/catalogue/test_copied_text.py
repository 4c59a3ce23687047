"""Comparing profiles with each other again after an edit gives what comparing all of them gives."""

from __future__ import annotations

import re
from array import array

from hypothesis import given, settings
from hypothesis import strategies as st

from plugins.catalogue.copied_text import Compared, Text, check_copied_text, clauses_of

CLAUSES = st.lists(st.integers(1, 24), max_size=12, unique=True)
TEXTS = st.dictionaries(st.sampled_from("abcdefgh"), CLAUSES, max_size=8)


def texts_of(clauses: dict[str, list[int]]) -> dict[str, Text]:
    return {
        path: Text(
            path,
            1,
            array("Q", numbers).tobytes(),
            array("H", [40 + number for number in numbers]).tobytes(),
        )
        for path, numbers in clauses.items()
    }


@given(st.text(st.sampled_from("来源01，。 \n|[]学校")))
def test_a_text_is_cut_at_marks_and_at_the_names_of_sources(text: str) -> None:
    ends = r"[\s，。；！？、：:,;!?|*#（）()“”\"\[\]]+|来源[0-9]+"
    cut = [clause for clause in re.split(ends, text) if len(clause) >= 8]
    assert list(clauses_of(text)) == list(clauses_of("，".join(cut)))
    assert sum(clauses_of(text).values()) == sum(map(len, dict.fromkeys(cut)))


@settings(max_examples=300, deadline=None, database=None)
@given(TEXTS, TEXTS, st.sets(st.sampled_from("abcdefgh"), max_size=3))
def test_comparing_again_after_an_edit_gives_what_comparing_all_gives(
    first: dict[str, list[int]], second: dict[str, list[int]], edited: set[str]
) -> None:
    later = {path: numbers for path, numbers in first.items() if path not in edited}
    later |= {path: second[path] for path in edited if path in second}
    before, now = texts_of(first), texts_of(later)
    compared = Compared(before, check_copied_text(before.values()))
    assert check_copied_text(now.values(), compared) == check_copied_text(now.values())
