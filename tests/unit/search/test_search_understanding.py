"""What students type is understood: on the real content, as the site answers it."""

from functools import lru_cache

import pytest

from plugins.search.document import SearchDocument
from plugins.search.index import SearchIndex, build
from plugins.search.lexicon import Lexicon
from plugins.search.matching import facet_counts
from plugins.search.query import SearchResult, query_terms, site_search
from plugins.search.suggest import suggestions
from plugins.search.vocabulary import Vocabulary
from tests.unit.search.national import national_tree, real_catalogue, real_tree


@lru_cache(maxsize=1)
def real() -> tuple[SearchIndex, Vocabulary]:
    documents, lexicon = real_tree()
    return build(documents, lexicon), Vocabulary.of_documents(documents, lexicon)


@lru_cache(maxsize=1)
def national() -> tuple[SearchIndex, Vocabulary]:
    documents, lexicon = national_tree(1_000)
    return build(documents, lexicon), Vocabulary.of_documents(documents, lexicon)


def asked(query: str, **filters: list[str]) -> SearchResult:
    index, vocabulary = real()
    return site_search(index, query, vocabulary, filters)


def ids(result: SearchResult) -> list[str]:
    return [hit.school_id for hit in result.hits]


@pytest.mark.parametrize(
    ("query", "chips"),
    [
        ("杭州数控", [("city", "杭州市")]),
        ("数控杭州公办", [("city", "杭州市"), ("ownership", "公办")]),
        ("浙江私立", [("province", "浙江省"), ("ownership", "民办")]),
        ("萧山技师学院", [("level", "技师学院")]),
        ("初中毕业生学汽车维修", [("entry", "招收初中毕业生"), ("major", "汽车维修")]),
        ("預備技師", [("training", "培养预备技师")]),
        ("hangzhou gongban", [("city", "杭州市"), ("ownership", "公办")]),
        ("吉林", [("province", "吉林省 / 吉林市")]),
    ],
)
def test_known_words_anywhere_in_a_query_become_chips(
    query: str, chips: list[tuple[str, str]]
) -> None:
    """Places, ownership, level, entry, training and majors, in Han characters or pinyin."""
    assert [(chip.group, chip.label) for chip in asked(query).chips] == chips


def test_removing_a_chip_leaves_the_rest_of_the_query() -> None:
    """`without` is what the remove button asks."""
    place, ownership = asked("杭州數控 公办").chips
    assert (place.without, ownership.without) == ("数控 公办", "杭州 数控")
    assert asked(place.without).chips == (asked("数控公办").chips[0],)


def test_a_visitors_choice_replaces_what_the_words_say() -> None:
    """A city chosen in the form, and another in the query: the form counts."""
    chosen = asked("杭州数控", city=["330200"])
    [chip] = chosen.chips
    assert not chip.active
    assert ids(chosen)
    assert set(ids(chosen)) == set(ids(asked("宁波数控")))


def test_a_schools_own_name_finds_it_wherever_it_stands() -> None:
    """浙江省机电技师学院 and all others: a place or level in a name never hides the school."""
    index, _ = real()
    for school_id, name in zip(index.school_ids, index.names, strict=True):
        result = asked(name)
        assert school_id in ids(result), name
        assert not result.approximate


@pytest.mark.parametrize("query", ["hzjsxy", "hangzhou jishi xueyuan", "hangzhoujishixueyuan"])
def test_pinyin_and_initials_find_a_school(query: str) -> None:
    """杭州技师学院 first."""
    assert ids(asked(query))[0] == "hangzhou-jishi-xueyuan"


def test_pinyin_finds_majors() -> None:
    """shukong finds the schools that 数控 finds."""
    assert set(ids(asked("数控"))) <= set(ids(asked("shukong")))
    assert ids(asked("hangzhoushukong"))


def test_traditional_characters_are_simplified_ones() -> None:
    """無人機 as 无人机, hit for hit."""
    assert asked("無人機").hits == asked("无人机").hits
    assert asked("無人機").hits


def test_what_the_data_cannot_say_is_answered_and_not_filtered() -> None:
    """免学费 brings a note; the schools are those of the rest of the query."""
    result = asked("免学费 数控")
    assert result.hits == asked("数控").hits
    assert len(result.notes) == 1
    assert "资助政策" in result.notes[0]
    assert not result.approximate


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("数孔", "按读音相近的“数控”来找"),
        ("shukon", "按读音相近的“数控”来找"),
        ("杭州火星", "没有“火星”，不看这个词"),
        ("数控火星", "按其中的一部分来找"),
        ("数控 烹饪 无人机 茶艺 护理", "没有同时符合的学校"),
    ],
)
def test_what_nothing_matches_is_relaxed_and_says_so(query: str, said: str) -> None:
    """Sound first, then parts, then the word that says least."""
    result = asked(query)
    assert result.hits
    assert said in "；".join(result.approximate)


@pytest.mark.parametrize(
    "query", ["兰州数控", "火星", "西藏烹饪", "xyzxyz", "济南数控", "公办初中"]
)
def test_no_answer_is_empty(query: str) -> None:
    """Nothing found: places and majors are offered, and what to leave out."""
    result = asked(query)
    if not result.hits:
        kinds = {offer.kind for offer in result.offers}
        assert {"place", "major"} <= kinds


def test_the_nearest_places_are_offered_first() -> None:
    """No school of 舟山 teaches it: other cities of 浙江 come first."""
    result = asked("舟山核电")
    assert not result.hits
    assert result.offers[0].query == "核电"
    _, vocabulary = real()
    places = [offer.value for offer in result.offers if offer.kind == "place"]
    assert places
    assert vocabulary.lexicon.province_of["city", places[0]] == "zhejiang"


def test_counts_leave_out_each_groups_own_choice() -> None:
    """Choosing 技师学院 leaves the numbers of the other levels as they were, not of the cities."""
    index, vocabulary = national()
    plain = site_search(index, "数控", vocabulary)
    chosen = site_search(index, "数控", vocabulary, {"level": ["技师学院"], "city": ["330100"]})
    both = facet_counts(chosen.candidates, chosen.conditions, vocabulary)
    only_city = site_search(index, "数控", vocabulary, {"city": ["330100"]})
    assert both["level"] == only_city.counts(vocabulary)["level"]
    assert both["level"] != plain.counts(vocabulary)["level"]
    only_level = site_search(index, "数控", vocabulary, {"level": ["技师学院"]})
    assert both["city"] == only_level.counts(vocabulary)["city"]
    assert both["level"].get("技师学院", 0) == len(chosen.hits)


def test_each_count_is_what_choosing_the_value_gives() -> None:
    """For every value of every group."""
    index, vocabulary = national()
    result = site_search(index, "数控公办", vocabulary, {"entry": ["初中"]})
    for group, values in result.counts(vocabulary).items():
        for value, count in list(values.items())[:5]:
            chosen = site_search(index, "数控公办", vocabulary, {"entry": ["初中"], group: [value]})
            assert len(chosen.hits) == count, (group, value)


def test_results_may_be_sorted_by_name_and_by_seats() -> None:
    """The same schools in another order."""
    index, vocabulary = real()
    by_name = site_search(index, "数控", vocabulary, order="name")
    by_seats = site_search(index, "数控", vocabulary, order="seats")
    assert set(ids(by_name)) == set(ids(by_seats)) == set(ids(asked("数控")))
    place = {school_id: ordinal for ordinal, school_id in enumerate(index.school_ids)}
    names = [vocabulary.schools[place[school_id]].sort_name for school_id in ids(by_name)]
    seats = [vocabulary.schools[place[school_id]].seats for school_id in ids(by_seats)]
    assert names == sorted(names)
    assert seats == sorted(seats, reverse=True)
    with pytest.raises(ValueError, match="price"):
        site_search(index, "数控", vocabulary, order="price")


@pytest.mark.parametrize(
    ("typed", "kind", "text"),
    [
        ("杭", "place", "杭州市"),
        ("hangz", "place", "杭州市"),
        ("数控", "major", "数控加工"),
        ("skjg", "major", "数控加工"),
        ("杭州技师", "school", "杭州技师学院"),
    ],
)
def test_suggestions_begin_as_what_is_typed(typed: str, kind: str, text: str) -> None:
    """Places, majors and schools, in Han characters, pinyin or initials."""
    index, vocabulary = real()
    found = [(one.kind, one.text) for one in suggestions(index, typed, vocabulary)]
    assert (kind, text) in found
    assert len(found) <= 8


def test_every_synonym_finds_a_school() -> None:
    """Of the real content: a pair that leads nowhere is no help."""
    rows = [row for row in real_catalogue().reference.search_words if row.kind == "同义"]
    assert len(rows) >= 60
    for row in rows:
        result = asked(row.word)
        assert result.hits, row.word
        assert not result.approximate, row.word


def test_every_synonym_adds_something() -> None:
    """A phrase that holds the word, or another phrase, is found without being listed."""
    for row in real_catalogue().reference.search_words:
        if row.kind == "同义":
            phrases = [row.word, *(row.means or "").split(";")]
            for phrase in phrases[1:]:
                others = [other for other in phrases if other is not phrase]
                assert not any(other in phrase for other in others), row.word


def test_letters_that_no_school_resembles_find_nothing() -> None:
    """Three letters of eight that happen to be initials somewhere are no answer; there are
    offers."""
    documents, lexicon = real_tree()
    index, vocabulary = build(documents, lexicon), Vocabulary.of_documents(documents, lexicon)
    result = site_search(index, "zzzzqqqq", vocabulary)
    assert result.hits == ()
    assert result.approximate == ()
    assert result.offers


def test_a_character_that_links_words_is_not_looked_for() -> None:
    """学 and 班 beside a known word; a character that is left over belongs to its word."""
    documents, lexicon = real_tree()
    vocabulary = Vocabulary.of_documents(documents, lexicon)
    major = next(one for one in lexicon.majors if len(one) == 4)
    assert query_terms(f"学{major}班", vocabulary) == (major,)
    assert len(query_terms(f"{major}匠", vocabulary)) == 4


def test_a_major_is_looked_for_as_a_whole() -> None:
    """A school that merely has all of its pairs, apart, is no hit."""
    whole = SearchDocument("a", "甲", "", "", True, "/", {"text": ("设有数控加工专业",)})
    apart = SearchDocument("b", "乙", "", "", True, "/", {"text": ("数控，控加，加工",)})
    lexicon = Lexicon(majors=("数控加工",))
    index = build([whole, apart], lexicon)
    vocabulary = Vocabulary.of_documents([whole, apart], lexicon)
    found = site_search(index, "数控加工", vocabulary)
    assert [hit.school_id for hit in found.hits] == ["a"]
