"""What a match is worth."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plugins.search.document import SearchDocument
from plugins.search.schema import FIELDS, SearchField, field_named
from plugins.search.weighting import impact, population, rarity


@pytest.mark.parametrize(
    ("documents", "counted"),
    [(0, 1), (1, 1), (2, 2), (3, 4), (137, 256), (138, 256), (256, 256), (257, 512), (3000, 4096)],
)
def test_schools_are_counted_in_powers_of_two(documents: int, counted: int) -> None:
    """So that one more school leaves all scores as they are."""
    assert population(documents) == counted


def test_an_impact_is_bm25_times_boost_in_eighths_rounded() -> None:
    """Worked by hand: an average length makes the length count as 1."""
    field = SearchField("example", boost=5, average_length=10, length_weight=0.75)
    # 2 × 1 × 2.2 / (1 + 1.2) = 2; 2 × 5 × 8 = 80.
    assert impact(field, 2.0, 1, 10) == 80
    # 2 × 3 × 2.2 / (3 + 1.2) = 3.142857; × 40 = 125.7.
    assert impact(field, 2.0, 3, 10) == 126


@given(
    st.sampled_from(FIELDS),
    st.integers(1, 40_000),
    st.integers(1, 200),
    st.integers(1, 100_000),
    st.data(),
)
def test_every_match_counts_and_rarer_longer_or_fewer_never_reverse(
    field: SearchField, documents: int, frequency: int, length: int, data: st.DataObject
) -> None:
    """At least 1; no less for one more mention or a rarer term, no more for a longer field."""
    matching = data.draw(st.integers(1, documents))
    here = impact(field, rarity(documents, matching), frequency, length)
    assert here >= 1
    assert impact(field, rarity(documents, matching), frequency + 1, length) >= here
    assert impact(field, rarity(documents, matching), frequency, length + 1) <= here
    if matching > 1:
        assert impact(field, rarity(documents, matching - 1), frequency, length) >= here


def test_a_name_counts_more_than_a_major_and_a_major_more_than_text() -> None:
    """At typical lengths and equal rarity."""
    name, majors, text = (
        impact(field_named(field), 3.0, 1, field_named(field).average_length)
        for field in ("name", "majors", "text")
    )
    assert name > majors > text


def test_a_field_that_does_not_exist_is_refused() -> None:
    """In the schema and in a document."""
    with pytest.raises(KeyError):
        field_named("nickname")
    with pytest.raises(ValueError, match="nickname"):
        SearchDocument("a", "某校", "", "", True, "/schools/a/", {"nickname": ("x",)})


def test_a_bare_string_is_not_taken_for_a_list_of_values() -> None:
    """Else every character would be a value of its own, and nothing would be found."""
    with pytest.raises(TypeError, match="name"):
        SearchDocument("a", "某校", "", "", True, "/schools/a/", {"name": "某校"})  # type: ignore[dict-item]
