"""What a school costs, as its page tells it: no sum without published fees, no fee twice."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path

import pytest

from plugins.aid import Fees, cost
from plugins.catalogue import Catalogue, load
from plugins.site.views.cost import (
    EVERY_FAMILY,
    USUAL_FAMILIES,
    CostView,
    _yearly_costs,
    cost_view,
    money,
)


def view(catalogue: Catalogue, school_id: str) -> CostView:
    found = cost_view(catalogue, catalogue.school_by_id[school_id])
    assert found is not None
    return found


@pytest.fixture
def catalogue(small: Path) -> Catalogue:
    return load(small, dt.date(2026, 6, 1))[0]


@pytest.mark.parametrize(
    ("low", "high", "words"),
    [
        (1600, 1600, "1,600 元"),
        (0, 3200, "0 到 3,200 元"),
        (-1500, -1500, "0 元，还余 1,500 元"),
        (-1500, 800, "0 元（还余 1,500 元） 到 800 元"),
        (-1500, -200, "0 元，还余 200 到 1,500 元"),
        (None, None, "算不出"),
    ],
)
def test_money_is_said_in_words(low: int | None, high: int | None, words: str) -> None:
    assert money(low, high) == words


def test_published_fees_give_a_table_for_the_usual_families(catalogue: Catalogue) -> None:
    """3,200, 3,200, 2,800 yuan and 800 a year for boarding, at a public school."""
    (table,) = view(catalogue, "yanshi-jishi-xueyuan").tables
    assert table.fees_words == "第 1—2 学年 3,200 元，第 3 学年 2,800 元；住宿费：每学年 800 元"
    assert table.costs is not None
    assert table.costs.spans == ("第 1—2 学年", "第 3 学年")
    told = {row.label: (row.years, row.total) for row in table.costs.situations}
    assert told["农村或县镇户籍，家里不困难"] == (("每年 800 元", "800 元"), "2,400 元")
    assert told["城市户籍，家里不困难"] == (("每年 4,000 元", "3,600 元"), "11,600 元")
    assert told["家庭经济困难"][1] == "0 元，还余 4,500 元"


@pytest.mark.parametrize("entry", ["初中", "高中"])
@pytest.mark.parametrize("tuition", [(3200,) * 5, (0, 0, 0), (3000, None, 3000), (1, 2, 3, 3)])
@pytest.mark.parametrize("ownership", ["公办", "民办", None])
def test_the_table_says_every_year_of_every_family(
    real_catalogue: Catalogue, entry: str, tuition: tuple[int | None, ...], ownership: str | None
) -> None:
    """Years and families that are alike stand in one place, and none is lost."""
    rules = real_catalogue.reference.aid_rules
    fees = Fees(ownership, entry, False, 2026, tuition, 800)
    found = _yearly_costs(fees, rules)
    lengths = [_length(span) for span in found.spans]
    assert sum(lengths) == len(tuition)
    for at, (label, family) in enumerate(USUAL_FAMILIES):
        line = found.situations[at if len(found.situations) > 1 else 0]
        assert line.label == (label if len(found.situations) > 1 else EVERY_FAMILY)
        pairs = list(zip(line.years, lengths, strict=True))
        told = [paid.removeprefix("每年 ") for paid, length in pairs for _ in range(length)]
        assert all(paid[:2] == "每年" or paid == "算不出" or length == 1 for paid, length in pairs)
        assert told == [money(year.low, year.high) for year in cost(fees, family, rules)]


def _length(span: str) -> int:
    """How many study years the words are about."""
    found = re.fullmatch(r"第 (\d)(?:—(\d))? 学年", span)
    assert found is not None
    return int(found[2] or found[1]) - int(found[1]) + 1


def test_programmes_that_cost_the_same_are_one_choice(real_catalogue: Catalogue) -> None:
    """The real plans publish no fees: schools with dozens of rows keep a handful of choices."""
    for school in real_catalogue.schools:
        found = cost_view(real_catalogue, school)
        assert found is not None
        assert found.tables == ()
        assert 1 <= len(found.groups) <= 20
        keys = [(g.entry, g.training_level, g.duration_years, g.arts) for g in found.groups]
        assert len(keys) == len(set(keys))


def test_without_a_plan_the_page_still_tells_the_aid(
    catalogue: Catalogue,
) -> None:
    found = view(catalogue, "yanshi-beijing-jishi-xueyuan")
    assert found.plan_year is None
    assert found.tables == ()
    assert found.situations[0].waiver == "第 1—3 学年，公办全免，民办免到公办的标准"


def test_a_past_plan_is_marked_past(catalogue: Catalogue) -> None:
    assert view(catalogue, "yanshi-dier-jigong-xuexiao").is_past


@pytest.mark.parametrize("school_id", ["yanshi-ningbo-gaoji-jigong-xuexiao"])
def test_a_school_that_does_not_enrol_has_no_costs(catalogue: Catalogue, school_id: str) -> None:
    assert cost_view(catalogue, catalogue.school_by_id[school_id]) is None


def test_others_than_junior_leavers_are_told_to_ask(catalogue: Catalogue) -> None:
    assert view(catalogue, "yanshi-jishi-xueyuan").unclear_entries == ("中职",)


def test_what_hangs_on_the_ownership_is_told_once(catalogue: Catalogue) -> None:
    found = view(catalogue, "yanshi-beijing-jishi-xueyuan")
    assert found.ownership_note
    assert all(found.ownership_note not in row.asks for row in found.situations)
    assert view(catalogue, "yanshi-jishi-xueyuan").ownership_note is None


def test_junior_leavers_stand_first_in_the_form(real_catalogue: Catalogue) -> None:
    school = real_catalogue.school_by_id["hangzhou-jishi-xueyuan"]
    found = cost_view(real_catalogue, school)
    assert found is not None
    assert found.groups[0].entry == "初中"
