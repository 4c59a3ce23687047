"""Terms counted and scored for all schools at once: what counting and scoring one by one gives."""

from collections import Counter

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from plugins.search import scoring
from plugins.search.arrays import np, varints_of_all
from plugins.search.characters import HAN, READ, WORD
from plugins.search.counting import Values, count_terms
from plugins.search.document import SearchDocument
from plugins.search.postings import MOST_MENTIONS, field_of, split_posting, term_of
from plugins.search.postings_build import build_postings
from plugins.search.postings_shards import term_record, varints
from plugins.search.schema import FIELD_NAMES, FIELDS, SearchField
from plugins.search.tokens import core_tokens, normalize, tokens
from plugins.search.weighting import SCALE, impact, phrase_weight, points, rarity, saturation

PHRASES = ("哈哈哈", "数控加", "数控加工", "新能源汽车")
PIECES = st.one_of(
    st.sampled_from(
        ("数控加工", "哈哈哈哈哈", "新能源汽车", "无人機", "cnc", "3D", " ", "\n", "。")
    ),
    st.text(st.characters(), max_size=4),
    st.sampled_from([chr(at) for ranges in (HAN, READ, WORD) for pair in ranges for at in pair]),
)
TEXTS = st.lists(PIECES, max_size=12).map("".join)
SCHOOLS = st.lists(
    st.dictionaries(st.sampled_from(FIELD_NAMES), st.lists(TEXTS, max_size=3), max_size=4),
    max_size=6,
)
Found = dict[tuple[bytes, int], dict[int, int]]


def one_by_one(schools: list[Values], phrases: tuple[str, ...]) -> tuple[Found, list[list[int]]]:
    """Term and field to school to mentions; then the lengths."""
    found: Found = {}
    lengths = [[0] * len(schools) for _ in FIELDS]
    for number, field in enumerate(FIELDS):
        for ordinal, school in enumerate(schools):
            text = "\n".join(school.get(field.name, ()))
            every = (core_tokens if field.core else tokens)(text)
            lengths[number][ordinal] = len(every)
            counts = Counter(every)
            counts.update({phrase: normalize(text).count(phrase) for phrase in phrases})
            for term, often in counts.items():
                if often:
                    in_field = found.setdefault((term.encode(), number), {})
                    in_field[ordinal] = min(often, MOST_MENTIONS)
    return found, lengths


@given(SCHOOLS)
@example([])
@example([{}, {"text": ["哈哈哈哈哈哈", "车"]}, {"name": ["车 数控加工"]}])
@example([{"text": ["数控 " * 300]}])
@settings(deadline=None, max_examples=300)
def test_all_at_once_is_one_by_one(schools: list[Values]) -> None:
    counted = count_terms(schools, PHRASES)
    found, lengths = one_by_one(schools, PHRASES)
    assert counted.keys == sorted(counted.keys)
    assert [(term_of(key), field_of(key)) for key in counted.keys] == sorted(found)
    assert counted.sizes.tolist() == [len(found[key]) for key in sorted(found)]
    assert [split_posting(posting) for posting in counted.data.tolist()] == [
        mentioned for key in sorted(found) for mentioned in found[key].items()
    ]
    assert counted.lengths.tolist() == lengths


@pytest.mark.parametrize("at_once", [1, 7, 1 << 18])
@given(schools=SCHOOLS)
@example(schools=[{"name": ["数控加工"], "text": ["数控加工 cnc"]}, {}, {"text": ["cnc"]}])
@settings(deadline=None, max_examples=60)
def test_a_record_holds_the_impacts_summed_over_the_fields(
    at_once: int, schools: list[Values]
) -> None:
    """However many postings are scored at a time."""
    postings = build_postings(
        [
            SearchDocument(f"s{number}", "", "", "", True, "/", {k: tuple(v) for k, v in s.items()})
            for number, s in enumerate(schools)
        ],
        phrases=PHRASES,
    )
    summed: dict[bytes, Counter[int]] = {}
    for term, (number, found) in postings.entries():
        worth = rarity(len(schools), len(found)) * phrase_weight(term.decode())
        for ordinal, often in map(split_posting, found):
            length = postings.lengths[number][ordinal]
            score = impact(FIELDS[number], worth, often, length)
            summed.setdefault(term, Counter())[ordinal] += score
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(scoring, "_AT_ONCE", at_once)
        records = list(scoring.term_records(postings))
    assert records == [
        (term, term_record(term, *zip(*sorted(scores.items()), strict=True)))
        for term, scores in summed.items()
    ]


@given(
    st.sampled_from(FIELDS), st.integers(1, 40_000), st.integers(1, 255), st.integers(0, 100_000),
    st.data(),
)  # fmt: skip
@settings(max_examples=300)
def test_arrays_round_as_numbers_do(
    field: SearchField, documents: int, mentions: int, length: int, data: st.DataObject
) -> None:
    """To the last bit, or else two machines would score a school differently."""
    worth = rarity(documents, data.draw(st.integers(1, documents)))
    half = saturation(field, float(length))
    assert saturation(field, np.array([float(length)] * 9)).tolist() == [half] * 9
    many = points(np.full(9, field.boost * SCALE), np.full(9, worth), np.full(9, mentions), half)
    assert many.tolist() == [points(field.boost * SCALE, worth, mentions, half)] * 9


@given(st.lists(st.integers(0, 2**32 - 1) | st.integers(0, 300)))
@example([0, 0x7F, 0x80, 0x3FFF, 0x4000, 2**21, 2**28, 2**32 - 1])
def test_all_varints_are_those_of_each(numbers: list[int]) -> None:
    written, ends = varints_of_all(np.array(numbers, np.uint32))
    assert written == varints(numbers)
    assert ends.tolist() == [len(varints(numbers[:end])) for end in range(1, len(numbers) + 1)]


def test_every_han_character_has_room_in_a_code() -> None:
    assert max(last for _, last in HAN) < 1 << 18
