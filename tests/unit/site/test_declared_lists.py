"""Terms, courses and employment: what schools declare, with what has passed and what is missing."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

from plugins.catalogue import Catalogue, load
from plugins.site.views import employment, online_learning, term
from tests.conftest import TODAY

PROFILE = "schools/zhejiang/yanshi-jishi-xueyuan/profile.md"
BY_MAJOR = """  employers: [演示机械厂]
  by_major:
    - major: 数控加工
      rate: 95.5
    - major: 汽车维修
      rate: 样本过少
"""


def loaded(small: Path, today: dt.date = TODAY) -> Catalogue:
    return load(small, today)[0]


def test_a_day_that_has_passed_is_told_apart_from_one_to_come(small: Path) -> None:
    catalogue = loaded(small)
    (row,) = term.term_rows(catalogue, catalogue.declared_facts("term"))["zhejiang"]
    assert (row.opens_on, row.is_past) == (dt.date(2026, 9, 1), False)
    assert [(day.on.month, day.is_past) for day in row.staggered] == [(5, True), (9, False)]
    later = loaded(small, dt.date(2026, 11, 25))
    (row,) = term.term_rows(later, later.declared_facts("term"))["zhejiang"]
    assert row.is_past
    assert all(day.is_past for day in row.staggered)


def test_the_page_of_terms_has_the_same_as_json_beside_it(small: Path) -> None:
    catalogue = loaded(small)
    record = json.loads(term.term_json(catalogue, catalogue.declared_facts("term")))
    (school,) = record["schools"]
    assert school["opens_on"] == "2026-09-01"
    assert school["staggered"][0] == {"who": "演示补考学生", "on": "2026-05-06", "is_past": True}
    assert record["as_of"] == TODAY.isoformat()


def test_where_nobody_declares_a_term_the_page_says_so(real_catalogue: Catalogue) -> None:
    first, *others = term.pages(real_catalogue, real_catalogue.declared_facts("term"))
    assert first.view.schools == 0
    assert first.view.all_schools == len(real_catalogue.schools)
    assert others == []


def test_courses_stand_under_their_major_and_the_others_last(small: Path) -> None:
    catalogue = loaded(small)
    (page,) = online_learning.pages(catalogue, catalogue.declared_facts("courses"))
    assert [(group.name, group.url) for group in page.view.groups] == [
        ("数控加工", "/majors/shukong-jiagong/"),
        (online_learning.NO_MAJOR, None),
    ]


def test_two_ways_of_counting_are_shown_beside_each_other_and_never_joined(small: Path) -> None:
    profile = small / PROFILE
    profile.write_text(profile.read_text().replace("  employers: [演示机械厂]\n", BY_MAJOR))
    catalogue = loaded(small)
    declared = catalogue.declared_facts("employment")
    whole = employment.outcome_rows(catalogue, declared)["zhejiang"]
    assert [(row.rate, row.definition, row.cohort_year) for row in whole] == [
        ("96.5%", "演示口径", 2025)
    ]
    parts = employment.major_rows(catalogue, declared)
    assert [(row.major, row.rate) for row in parts] == [
        ("数控加工", "95.5%"),
        ("汽车维修", "样本过少（毕业生太少，算出来的数字不可靠）"),
    ]
    assert parts[0].source == "演示公告"


def test_a_rate_of_a_major_needs_the_year_and_the_source_too(small: Path) -> None:
    profile = small / PROFILE
    text = profile.read_text().replace("  employers: [演示机械厂]\n", BY_MAJOR)
    profile.write_text(text.replace("  source: 演示公告\n", "").replace("  rate: 96.5\n", "", 1))
    _, problems = load(small, TODAY)
    (problem,) = [p for p in problems if p.code == "profile-unsourced-employment-by-major"]
    assert "95.5" in problem.message


def test_an_edit_of_the_story_changes_no_declared_fact(small: Path) -> None:
    before = {kind: loaded(small).declared_facts(kind) for kind in ("priority", "term")}
    profile = small / PROFILE
    profile.write_text(profile.read_text().replace("实训车间", "实训中心"))
    assert before == {kind: loaded(small).declared_facts(kind) for kind in ("priority", "term")}
