"""`site_search` finds every school that has all terms, and ranks them by integer scores."""

from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from plugins.search.document import SearchDocument
from plugins.search.index import SearchIndex, build, open_or_build
from plugins.search.query import QUERY_LIMIT, Hit, query_terms, site_search
from plugins.search.schema import FIELD_NAMES, FIELDS
from plugins.search.tokens import core_tokens, tokens
from plugins.search.vocabulary import Vocabulary
from plugins.search.weighting import impact, rarity


def school(school_id: str, name: str = "", **fields: tuple[str, ...]) -> SearchDocument:
    return SearchDocument(
        school_id=school_id,
        name=name,
        place="",
        level="",
        verified=True,
        url=f"/schools/{school_id}/",
        fields={"name": (name,), **fields},
    )


SCHOOLS = [
    school(
        "hz-jishi",
        "杭州技师学院",
        place=("浙江省", "浙江", "杭州市", "杭州"),
        level=("技师学院",),
        majors=("汽车维修", "电子商务", "数控加工"),
    ),
    school(
        "jn-gongmao",
        "济南工贸技工学校",
        place=("山东省", "山东", "济南市", "济南"),
        level=("技工学校",),
        majors=("数控加工", "烹饪"),
        text=("校内设有杭州籍学生服务点。",),
    ),
    school(
        "wz-jiaotong",
        "温州交通技术学校",
        place=("浙江省", "浙江", "温州市", "温州"),
        level=("高级技工学校",),
        majors=("汽车维修", "CNC 编程"),
        text=("毕业生从事数控工作。",),
    ),
]
VOCABULARY = Vocabulary.of_documents(SCHOOLS)


@pytest.fixture(scope="module")
def index() -> SearchIndex:
    return build(SCHOOLS)


def ids(index: SearchIndex, query: str) -> list[str]:
    return [hit.school_id for hit in site_search(index, query, VOCABULARY).hits]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("济南数控", ["jn-gongmao"]),
        ("济南 数控", ["jn-gongmao"]),
        ("数控济南", ["jn-gongmao"]),
        ("杭州技师学院", ["hz-jishi"]),
        ("温州汽车维修", ["wz-jiaotong"]),
        ("ＣＮＣ", ["wz-jiaotong"]),
        ("cnc", ["wz-jiaotong"]),
        ("高级技工学校", ["wz-jiaotong"]),
        ("烹", ["jn-gongmao"]),
        ("火星", []),
    ],
)
def test_a_query_finds_the_schools_that_have_all_its_terms(
    index: SearchIndex, query: str, expected: list[str]
) -> None:
    """Places and levels are understood without spaces; letters in any width and case."""
    assert ids(index, query) == expected


def test_a_match_in_the_place_ranks_above_a_match_in_text(index: SearchIndex) -> None:
    """杭州 stands in a place and in another school's profile."""
    assert ids(index, "杭州") == ["hz-jishi", "jn-gongmao"]


def test_a_single_character_finds_in_core_fields_only(index: SearchIndex) -> None:
    """业 stands only inside a word of a profile text, 贸 inside a name."""
    assert ids(index, "业") == []
    assert ids(index, "贸") == ["jn-gongmao"]


def test_equal_scores_are_ordered_by_school_id() -> None:
    """Whatever order the documents came in."""
    twins = [school(school_id, "数控学校") for school_id in ("c", "a", "b")]
    result = site_search(build(twins), "数控", Vocabulary.of_documents(twins))
    assert [hit.school_id for hit in result.hits] == ["a", "b", "c"]
    assert len({hit.score for hit in result.hits}) == 1


def test_a_match_does_not_straddle_two_values() -> None:
    """数控加工 and 维修 are two majors; 工维 is neither."""
    index = build([school("a", majors=("数控加工", "维修"))])
    assert site_search(index, "工维", Vocabulary.of_words([])).hits == ()


def test_an_index_of_no_schools_has_no_hits() -> None:
    """The honest empty state of a province."""
    assert site_search(build([]), "数控", Vocabulary.of_documents([])).hits == ()


def test_a_school_without_any_words_keeps_its_place_in_the_order() -> None:
    """An empty document must not shift the ordinals of the ones after it."""
    schools = [school("a"), school("b", "数控学校"), school("c")]
    result = site_search(build(schools), "数控", Vocabulary.of_words([]))
    assert [hit.school_id for hit in result.hits] == ["b"]


def test_two_documents_of_one_school_are_refused() -> None:
    """Else an ordinal would mean two schools."""
    with pytest.raises(ValueError, match="twice"):
        build([school("twice"), school("twice")])


@pytest.mark.parametrize(
    "query",
    [
        "",
        "   ",
        "😀",
        "\x00",
        "\ud800",
        "\udc00\ud800",
        "数\ud800控",
        "AND",
        "AND NOT ( : * ? ",
        "NOT",
        "name:数控",
        'name:"数控" OR *',
        "数控^99",
        "[a TO b]",
        "{数 TO}",
        "~",
        "\\",
        "(((((((((((((((((",
        "数控" * 5_000,
        "a" * 10_000,
        "￿﷐",
        "İ",
        "ﷺ" * 1_000,
        "́" * 10_000,
    ],
)
def test_no_string_makes_a_search_fail(index: SearchIndex, query: str) -> None:
    """Emoji, NUL, half characters, Whoosh's operators, ten thousand characters."""
    result = site_search(index, query, VOCABULARY)
    assert result.query == query
    if not result.terms:
        assert result.hits == ()


def test_operators_are_ordinary_text(index: SearchIndex) -> None:
    """`name:数控` asks for the word name as well."""
    assert query_terms("name:数控 AND *", VOCABULARY) == ("name", "数控", "and")


def test_a_query_is_read_up_to_its_limit() -> None:
    """What stands behind the limit is cut off; pairs of surrogates count as one character."""
    filler = " " * (QUERY_LIMIT - 2)
    assert query_terms(filler + "数控加工", VOCABULARY) == ("数控",)
    assert query_terms("\ud842\udfb7" * QUERY_LIMIT + "数控", VOCABULARY) == ("𠮷𠮷",)


ALPHABET = "杭州数控技师学院a"
VALUES = st.lists(st.text(ALPHABET + " ", max_size=8), max_size=3).map(tuple)
DOCUMENTS = st.lists(
    st.builds(
        lambda number, fields: SearchDocument(
            f"s{number:02d}", f"学校{number}", "", "", True, "/", fields
        ),
        st.integers(0, 30),
        st.dictionaries(st.sampled_from(FIELD_NAMES), VALUES, max_size=5),
    ),
    max_size=12,
    unique_by=lambda document: document.school_id,
)
QUERIES = st.lists(st.text(ALPHABET + " ", max_size=6), min_size=1, max_size=5)


def expected_hits(documents: list[SearchDocument], terms: tuple[str, ...]) -> list[tuple[int, str]]:
    """The rule, written out: no index, no Whoosh, every document counted for every term."""
    counted = {
        (document.school_id, field.name): Counter(
            token
            for value in document.values(field.name)
            for token in (core_tokens if field.core else tokens)(value)
        )
        for document in documents
        for field in FIELDS
    }
    hits = []
    for document in documents:
        score = 0
        matched = set()
        for term in terms:
            for field in FIELDS:
                counts = counted[document.school_id, field.name]
                if counts[term]:
                    matching = sum(
                        1 for other in documents if counted[other.school_id, field.name][term]
                    )
                    rare = rarity(len(documents), matching)
                    score += impact(field, rare, counts[term], counts.total())
                    matched.add(term)
        if terms and matched == set(terms):
            hits.append((-score, document.school_id))
    return sorted(hits)


@given(DOCUMENTS, QUERIES)
@settings(deadline=None, max_examples=60)
def test_whoosh_finds_and_scores_exactly_by_the_rule(
    documents: list[SearchDocument], queries: list[str]
) -> None:
    """Against the rule written out plainly: no hit lost, none invented, every score equal."""
    index = build(documents)
    vocabulary = Vocabulary.of_documents(documents)
    for query in queries:
        result = site_search(index, query, vocabulary)
        found = [(-hit.score, hit.school_id) for hit in result.hits]
        expected = expected_hits(documents, result.terms)
        if result.approximate:
            assert expected == []
        else:
            assert found == expected


def test_all_hits_come_back_however_many_schools_there_are() -> None:
    """More than 5,000: Whoosh then joins the fields in another way, and must agree."""
    schools = [
        school(
            f"s{number:05d}",
            "数控学校" if number % 3 else "烹饪学校",
            majors=("烹饪",) if number % 2 else ("数控",),
        )
        for number in range(5_200)
    ]
    index = build(schools)
    both = site_search(index, "数控 烹饪", Vocabulary.of_words([])).hits
    assert len(both) == sum(1 for number in range(5_200) if bool(number % 3) == bool(number % 2))
    assert list(both) == sorted(both, key=lambda hit: (-hit.score, hit.school_id))


@given(st.lists(st.text(ALPHABET, min_size=1, max_size=12), min_size=1, max_size=6, unique=True))
@settings(deadline=None, max_examples=60)
def test_a_school_is_always_found_by_its_own_name(names: list[str]) -> None:
    """However the known words cut it."""
    schools = [
        school(f"s{number}", name, place=("杭州", "州数"), level=("技师学院",))
        for number, name in enumerate(names)
    ]
    index = build(schools)
    vocabulary = Vocabulary.of_documents(schools)
    for one in schools:
        found = {hit.school_id for hit in site_search(index, one.name, vocabulary).hits}
        assert one.school_id in found


def test_an_index_on_disk_answers_like_one_in_memory(tmp_path: Path, index: SearchIndex) -> None:
    """Same hits, names and scores."""
    open_or_build(SCHOOLS, tmp_path)
    on_disk = open_or_build(SCHOOLS, tmp_path)
    for query in ("数控", "杭州", "浙江汽车", "贸"):
        assert site_search(on_disk, query, VOCABULARY) == site_search(index, query, VOCABULARY)
    assert site_search(on_disk, "烹饪", VOCABULARY).hits[0] == Hit(
        "jn-gongmao", "济南工贸技工学校", site_search(index, "烹饪", VOCABULARY).hits[0].score
    )


def test_editing_one_school_leaves_the_scores_of_others_alone() -> None:
    """Its text may grow as it likes, if the others' terms are not touched."""
    before = site_search(build(SCHOOLS), "温州汽车维修", VOCABULARY)
    edited = [school("jn-gongmao", "济南工贸技工学校", text=("食堂宽敞。" * 400,)), *SCHOOLS[::2]]
    after = site_search(build(edited), "温州汽车维修", VOCABULARY)
    assert after.hits == before.hits
