"""Known words are split off a query that has no spaces."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plugins.search.document import SearchDocument
from plugins.search.query import query_terms
from plugins.search.vocabulary import Vocabulary

PLACES = Vocabulary.of_words(
    [
        "济南市",
        "济南",
        "杭州市",
        "杭州",
        "温州",
        "上海",
        "海南",
        "技师学院",
        "技工学校",
        "高级技工学校",
    ]
)


@pytest.mark.parametrize(
    ("run", "pieces"),
    [
        ("济南数控", ("济南", "数控")),
        ("济南市数控", ("济南市", "数控")),
        ("数控济南", ("数控", "济南")),
        ("温州汽车维修", ("温州", "汽车维修")),
        ("杭州技师学院", ("杭州", "技师学院")),
        ("杭州高级技工学校", ("杭州", "高级技工学校")),
        ("上海南汇", ("上海", "南汇")),
        ("数控加工", ("数控加工",)),
        ("", ()),
    ],
)
def test_the_longest_known_word_is_split_off_first(run: str, pieces: tuple[str, ...]) -> None:
    """济南市 before 济南, 高级技工学校 before 技工学校, the leftmost of equals."""
    assert PLACES.split(run) == pieces


def test_a_split_query_does_not_demand_the_pair_across_the_seam() -> None:
    """南数 stands in no school; 济南 and 数控 do."""
    assert query_terms("济南数控", PLACES) == ("济南", "数控")
    assert query_terms("杭州技师学院", PLACES) == ("杭州", "技师", "师学", "学院")


def test_words_come_from_the_places_and_levels_of_the_schools() -> None:
    """Names and majors are not known words; one character or a mixed word is none either."""
    school = SearchDocument(
        school_id="a",
        name="某校",
        place="浙江 杭州市",
        level="技师学院",
        verified=True,
        url="/schools/a/",
        fields={
            "name": ("杭州某某技师学院",),
            "place": ("浙江省", "浙江", "京", "A区"),
            "level": ("技师学院",),
            "majors": ("数控加工",),
        },
    )
    assert Vocabulary.of_documents([school]).words == {"浙江省", "浙江", "技师学院"}


def test_no_schools_make_an_empty_vocabulary() -> None:
    """Without known words a run stays whole."""
    assert Vocabulary.of_documents([]).split("济南数控") == ("济南数控",)


HAN_TEXT = st.text("济南杭州海上数控技师学院", max_size=30)


@given(st.lists(HAN_TEXT, max_size=8), HAN_TEXT)
def test_splitting_loses_nothing(words: list[str], run: str) -> None:
    """The pieces, put together, are the run; every piece is a known word or holds none."""
    vocabulary = Vocabulary.of_words(words)
    pieces = vocabulary.split(run)
    assert "".join(pieces) == run
    for piece in pieces:
        assert piece in vocabulary.words or not any(word in piece for word in vocabulary.words)
