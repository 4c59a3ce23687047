"""What the measurement of search counts, and against which truth."""

from bench.queries import KINDS, Asked, ask
from bench.search import Answer, p95, quality, served
from bench.search_build import edited
from plugins.search.document import SearchDocument


def school(number: int, text: str) -> SearchDocument:
    return SearchDocument(
        school_id=f"s{number}",
        name=f"济南第{number}示例技师学院",
        place="山东 济南市",
        level="技师学院",
        verified=True,
        url=f"/schools/s{number}/",
        fields={
            "name": (f"济南第{number}示例技师学院",),
            "place": ("山东省", "山东", "济南市", "济南"),
            "majors": ("数控加工", "烹饪"),
            "text": ("演示数据", text),
        },
    )


SCHOOLS = [school(1, "学校有一个很大的图书馆"), school(2, "食堂每天供应三餐和夜宵")]


def test_queries_are_the_same_for_the_same_seed() -> None:
    """As many as were asked for, all different, of every kind, none without a true answer."""
    queries = ask(SCHOOLS, 30, "1")
    assert queries == ask(SCHOOLS, 30, "1")
    assert queries != ask(SCHOOLS, 30, "2")
    assert len({query.text for query in queries}) == 30
    assert {query.kind for query in queries} == {kind for kind, _ in KINDS}
    assert all(query.truth for query in queries)


def test_the_truth_is_every_school_that_contains_every_part() -> None:
    """A name's number tells the schools apart; what both say, both answer."""
    truths = {query.text: query.truth for query in ask(SCHOOLS, 30, "1")}
    assert truths["济南第1示例技师学院"] == {"s1"}
    assert truths["济南"] == {"s1", "s2"}


def test_recall_and_precision_are_means_over_the_queries() -> None:
    """One query answered half, with one wrong school among two; one answered with nothing."""
    queries = [Asked("专业", text, (text,), frozenset({"a", "b"})) for text in ("甲", "乙")]
    answers = [Answer(frozenset({"a", "x"}), 1, 1.0), Answer(frozenset(), 1, 1.0)]
    assert quality(answers, queries) == (0.25, 0.75)


def test_bytes_are_counted_as_served() -> None:
    """Compressed where that makes a file smaller."""
    assert served(b"a" * 1000) < 50
    assert served(b"ab") == 2


def test_p95_is_a_value_that_was_measured() -> None:
    """The smallest that at least 95 of 100 do not exceed."""
    assert p95(list(range(1, 101))) == 95
    assert p95([7.0]) == 7.0


def test_one_profile_is_edited() -> None:
    """The school in the middle, and only its text."""
    after = edited(SCHOOLS)
    assert after[0] == SCHOOLS[0]
    assert after[1] != SCHOOLS[1]
    assert {**after[1].fields, "text": ()} == {**SCHOOLS[1].fields, "text": ()}
