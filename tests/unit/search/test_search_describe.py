"""What a result shows: the programmes that the question named, with the year of their plan."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import pytest

from plugins.catalogue import load
from plugins.search.describe import describe
from plugins.search.document import Programme, SearchDocument
from plugins.search.documents import search_documents
from plugins.search.export import export
from plugins.search.index import build
from plugins.search.lexicon import Lexicon, Place
from plugins.search.query import Chosen, site_search
from plugins.search.vocabulary import Vocabulary

LEXICON = Lexicon(
    places=(Place("province", "zhejiang", "浙江省", "浙江", -1),),
    values={"level": (("技师学院", "技师学院"),)},
    majors=("数控加工", "汽车维修", "烹饪", "护理"),
    synonyms={"汽修": ("汽车维修",)},
    characters={"烹": "peng", "饪": "ren"},
)
PROGRAMMES = (
    Programme("数控加工", "", 90, 2025),
    Programme("汽车维修", "新能源", 60, 2025),
    Programme("汽车维修", "钣金", 50, 2025),
    Programme("汽车维修", "喷漆", 40, 2025),
    Programme("汽车维修", "", 30, 2025),
    Programme("烹饪", "", 20, 2025),
)
SCHOOL = SearchDocument(
    "a", "甲校", "浙江", "技师学院", True, "/schools/a/",
    {"name": ("甲校",), "majors": ("数控加工", "汽车维修", "新能源", "烹饪")},
    {"province": ("zhejiang",), "major": ("数控加工", "汽车维修", "烹饪")},
    programmes=PROGRAMMES,
)  # fmt: skip
OTHER = SearchDocument("b", "乙校", "", "", True, "/schools/b/", {"name": ("乙校",)})


def shown(query: str, **filters: list[str]) -> list[tuple[str, str, int]]:
    """Major, direction and seats that the first result shows."""
    result = site_search(
        build([SCHOOL], LEXICON), query, Vocabulary.of_documents([SCHOOL], LEXICON), filters
    )
    programmes = describe(SCHOOL, result.hits[0], result).programmes
    return [(programme.major, programme.direction, programme.seats) for programme in programmes]


@pytest.mark.parametrize(
    ("query", "majors"),
    [
        ("数控", [("数控加工", "", 90)]),
        ("新能源", [("汽车维修", "新能源", 60)]),
        ("pengren", [("烹饪", "", 20)]),
        ("甲校", []),
        ("浙江烹饪", [("烹饪", "", 20)]),
    ],
)
def test_a_result_shows_the_programmes_that_the_words_name(
    query: str, majors: list[tuple[str, str, int]]
) -> None:
    """By a part of the major, by its direction, by pinyin; a school's name names none."""
    assert shown(query) == majors


def test_a_synonym_names_its_major_and_three_are_enough() -> None:
    """汽修 is 汽车维修; those of most seats."""
    assert shown("汽修") == [
        ("汽车维修", "新能源", 60), ("汽车维修", "钣金", 50), ("汽车维修", "喷漆", 40)
    ]  # fmt: skip


def test_a_chosen_major_is_shown_without_words() -> None:
    assert shown("", major=["烹饪"]) == [("烹饪", "", 20)]


def test_programmes_travel_by_the_number_of_their_major_with_the_plans_year() -> None:
    """Whether the year is past is not written into the index."""
    foreign = Programme("新专业", "数控", 5, 2025)
    document = SearchDocument(
        "a", "甲校", "", "", True, "/", {"name": ("甲校",)}, programmes=(*PROGRAMMES[:2], foreign)
    )
    vocabulary = Vocabulary.of_documents([document, OTHER], LEXICON)
    files = export(build([document, OTHER], LEXICON), [document, OTHER], vocabulary)
    assert json.loads(files["schools-0.json"]) == [
        ["a", "甲校", "", "", 1, 2025, [0, 90], [1, 60, "新能源"], ["新专业", 5, "数控"]],
        ["b", "乙校", "", "", 1],
    ]


def test_seats_of_one_major_and_direction_are_added_up(small: Path) -> None:
    """Whatever entry and campus the plan has them for; the sum is that of the newest plan."""
    catalogue, _ = load(small, dt.date(2026, 6, 1))
    for document, school in zip(search_documents(catalogue), catalogue.schools, strict=True):
        plan = catalogue.newest_plan(school)
        assert sum(programme.seats for programme in document.programmes) == document.seats
        names = [programme[:2] for programme in document.programmes]
        assert len(set(names)) == len(names)
        years = {programme.year for programme in document.programmes}
        assert years == ({plan.year} if plan else set())


def test_a_chosen_filter_has_its_label_though_nothing_is_found() -> None:
    """And an unknown value is its own."""
    index, vocabulary = build([OTHER], LEXICON), Vocabulary.of_documents([OTHER], LEXICON)
    filters = {"level": ["技师学院"], "province": ["zhejiang", "mars"]}
    result = site_search(index, "乙校", vocabulary, filters)
    assert result.hits == ()
    assert result.chosen == (
        Chosen("province", "zhejiang", "浙江省"),
        Chosen("province", "mars", "mars"),
        Chosen("level", "技师学院", "技师学院"),
    )


def test_when_nothing_is_asked_all_schools_are_counted() -> None:
    """And none is found."""
    schools = [SCHOOL, OTHER]
    vocabulary = Vocabulary.of_documents(schools, LEXICON)
    result = site_search(build(schools, LEXICON), "", vocabulary)
    assert result.hits == ()
    assert result.counts(vocabulary)["major"] == {"数控加工": 1, "汽车维修": 1, "烹饪": 1}
