"""JavaScript answers as Python does, in Node, over the exported files.

These are the quick runs; `python -m bench.search_parity` asks thousands on 3,000 schools, and
tests/browser/test_search_parity.py asks in Chromium.
"""

import pytest

from bench.search_parity import differences, student_questions
from tests.unit.search.national import national_tree, real_tree

pytestmark = pytest.mark.browser


def test_node_answers_as_python_on_a_national_tree(node: str) -> None:
    """400 questions on so many schools that common terms have files of their own."""
    documents, lexicon = national_tree(2_500)
    found, results = differences(documents, lexicon, student_questions(400, lexicon, 7), node)
    assert found == []
    assert sum(bool(result.hits) and not result.approximate for result in results) > 80
    assert sum(bool(result.approximate) for result in results) > 20
    assert sum(bool(result.offers) for result in results) > 20


def test_node_answers_as_python_on_the_real_content(node: str) -> None:
    """300 questions."""
    documents, lexicon = real_tree()
    found, _ = differences(documents, lexicon, student_questions(300, lexicon, 8), node)
    assert found == []
