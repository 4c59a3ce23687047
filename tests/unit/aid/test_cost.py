"""The cost of a programme: what is sure is subtracted, what is open is asked, nothing is guessed.

All programmes here are invented (演示数据); the rules are the real ones.
"""

from __future__ import annotations

import datetime as dt
import json
import random
import subprocess
from pathlib import Path

import pytest
from msgspec.structs import replace
from playwright._impl._driver import compute_driver_executable

from plugins.aid import REASONS, Fees, StudyYear, cost
from plugins.catalogue.aid import SITUATIONS, AidRule
from plugins.catalogue.reference import load_reference
from plugins.open_data.aid_rules import rule_record
from plugins.site.views.cost import money

PROJECT = Path(__file__).resolve().parents[3]
SCRIPT = PROJECT / "themes/jixiao/static/js/cost.js"
PUBLIC = Fees("公办", "初中", False, 2026, (3200, 3200, 2800), 800)


@pytest.fixture(scope="module")
def rules() -> tuple[AidRule, ...]:
    return load_reference(PROJECT / "content", dt.date(2026, 6, 1))[0].aid_rules


def left_to_pay(years: tuple[StudyYear, ...]) -> list[tuple[int | None, int | None]]:
    return [(year.low, year.high) for year in years]


def family(*situations: str) -> frozenset[str]:
    return frozenset(situations)


def test_a_rural_pupil_of_a_public_school_pays_for_boarding_only(
    rules: tuple[AidRule, ...],
) -> None:
    assert left_to_pay(cost(PUBLIC, family("农村"), rules)) == [(800, 800)] * 3


def test_a_town_pupil_without_hardship_pays_everything(rules: tuple[AidRule, ...]) -> None:
    years = cost(PUBLIC, family(), rules)
    assert left_to_pay(years) == [(4000, 4000), (4000, 4000), (3600, 3600)]
    assert all(year.benefits == () for year in years)


def test_a_poor_family_gets_the_waiver_and_2300_a_year_which_may_exceed_the_fees(
    rules: tuple[AidRule, ...],
) -> None:
    years = cost(PUBLIC, family("家庭经济困难"), rules)
    assert left_to_pay(years) == [(-1500, -1500)] * 3


def test_after_the_third_year_nothing_is_waived(rules: tuple[AidRule, ...]) -> None:
    fees = replace(PUBLIC, tuition=(3000,) * 5)
    years = cost(fees, family("农村"), rules)
    assert left_to_pay(years) == [(800, 800)] * 3 + [(3800, 3800)] * 2


def test_a_private_school_may_charge_more_than_the_public_standard(
    rules: tuple[AidRule, ...],
) -> None:
    fees = replace(PUBLIC, ownership="民办")
    years = cost(fees, family("农村"), rules)
    assert left_to_pay(years) == [(800, 4000), (800, 4000), (800, 3600)]
    assert {reason for year in years for b in year.benefits for reason in b.reasons} == {"private"}


def test_a_school_of_unknown_ownership_gives_a_range(rules: tuple[AidRule, ...]) -> None:
    years = cost(replace(PUBLIC, ownership=None), family("农村"), rules)
    assert left_to_pay(years)[0] == (800, 4000)
    assert [b.reasons for b in years[0].benefits] == [("ownership-unknown",)]


@pytest.mark.parametrize(
    "fees",
    [replace(PUBLIC, tuition=(None,) * 3), replace(PUBLIC, boarding=None)],
    ids=["tuition", "boarding"],
)
def test_without_a_published_fee_there_is_no_sum_but_the_benefits_are_told(
    rules: tuple[AidRule, ...], fees: Fees
) -> None:
    years = cost(fees, family("农村"), rules)
    assert left_to_pay(years) == [(None, None)] * 3
    assert [[b.kind for b in year.benefits if b.sure] for year in years] == [["免学费"]] * 3


def test_what_is_to_be_asked_is_never_subtracted(rules: tuple[AidRule, ...]) -> None:
    """雨露计划 after its last day, and whether 脱贫 families count as poor."""
    years = cost(PUBLIC, family("农村", "脱贫家庭", "特困地区"), rules)
    assert left_to_pay(years) == [(800, 800)] * 3
    asked = {b.rule_id for year in years for b in year.benefits if not b.sure}
    assert asked == {"stipend-lifted", "stipend-areas", "yulu"}


def test_yulu_is_to_be_asked_even_while_its_period_ran(rules: tuple[AidRule, ...]) -> None:
    """The document that was seen is a local page; no year of study is reckoned with it."""
    for year in cost(replace(PUBLIC, first_year=2024), family("脱贫家庭"), rules):
        assert all(not b.sure for b in year.benefits if b.rule_id == "yulu")


def test_what_is_sure_takes_the_place_of_the_same_question(rules: tuple[AidRule, ...]) -> None:
    years = cost(PUBLIC, family("家庭经济困难", "脱贫家庭"), rules)
    assert {b.rule_id for b in years[0].benefits} == {"waiver-poor", "stipend-now", "yulu"}


def test_the_stipend_follows_the_study_year(rules: tuple[AidRule, ...]) -> None:
    """2,000 yuan in two years before the spring of 2025, 2,300 in three years since."""
    old = cost(replace(PUBLIC, first_year=2023), family("家庭经济困难"), rules)
    sums = [[b.high for b in year.benefits if b.kind == "助学金"] for year in old]
    assert sums == [[2000], [2000], [2300]]


def test_for_those_who_come_from_elsewhere_everything_is_to_be_asked(
    rules: tuple[AidRule, ...],
) -> None:
    years = cost(replace(PUBLIC, entry="高中"), family("农村", "家庭经济困难"), rules)
    assert left_to_pay(years)[0] == (4000, 4000)
    assert all(not b.sure and "entry" in b.reasons for y in years for b in y.benefits)


def test_performing_arts_are_to_be_asked_for_poor_families_of_the_city_only(
    rules: tuple[AidRule, ...],
) -> None:
    arts = replace(PUBLIC, arts=True)
    assert left_to_pay(cost(arts, family("农村"), rules))[0] == (800, 800)
    poor = cost(arts, family("家庭经济困难"), rules)[0]
    assert (poor.low, poor.high) == (1700, 1700)
    assert [b.reasons for b in poor.benefits if not b.sure] == [("arts",)]


def test_every_reason_has_its_sentence(rules: tuple[AidRule, ...]) -> None:
    found = set()
    for fees in drawn_cases(1, 400):
        for year in cost(fees[0], fees[1], rules):
            found |= {reason for b in year.benefits for reason in b.reasons}
    assert found == set(REASONS)


def drawn_cases(seed: int, count: int) -> list[tuple[Fees, frozenset[str]]]:
    draw = random.Random(seed)  # noqa: S311 - drawn test cases keep no secret

    def fee(most: int) -> int | None:
        return draw.choice([None, 0, draw.randrange(most)])

    return [
        (
            Fees(
                ownership=draw.choice(["公办", "民办", None]),
                entry=draw.choice(["初中", "初中", "高中", "中职"]),
                arts=draw.random() < 0.3,
                first_year=draw.randrange(2009, 2029),
                tuition=tuple(fee(12000) for _ in range(draw.randrange(1, 7))),
                boarding=fee(2000),
                other=fee(9000),
            ),
            frozenset(tag for tag in SITUATIONS if draw.random() < 0.4),
        )
        for _ in range(count)
    ]


def test_the_browser_reckons_exactly_the_same(rules: tuple[AidRule, ...], tmp_path: Path) -> None:
    """2,000 drawn programmes and families, numbers and words, in the browser driver's Node."""
    cases = drawn_cases(20261123, 2000)
    told = {
        "rules": [rule_record(rule) for rule in rules],
        "cases": [[as_json(fees), sorted(chosen)] for fees, chosen in cases],
    }
    program = f"""
        import {{ cost, money }} from {json.dumps(SCRIPT.as_uri())};
        import {{ readFileSync }} from "node:fs";
        const {{ rules, cases }} = JSON.parse(readFileSync(0, "utf-8"));
        const answers = cases.map(([fees, family]) =>
          cost(fees, new Set(family), rules).map((y) => ({{ ...y, words: money(y.low, y.high) }})));
        process.stdout.write(JSON.stringify(answers));
    """
    module = tmp_path / "parity.mjs"
    module.write_text(program, "utf-8")
    node, _ = compute_driver_executable()
    answered = subprocess.run(
        [node, str(module)], input=json.dumps(told), capture_output=True, text=True, check=True
    )
    expected = [[year_record(year) for year in cost(fees, chosen, rules)] for fees, chosen in cases]
    assert json.loads(answered.stdout) == expected


def as_json(fees: Fees) -> dict[str, object]:
    return {
        "ownership": fees.ownership,
        "entry": fees.entry,
        "arts": fees.arts,
        "first_year": fees.first_year,
        "tuition": list(fees.tuition),
        "boarding": fees.boarding,
        "other": fees.other,
    }


def year_record(year: StudyYear) -> dict[str, object]:
    return {
        "number": year.number,
        "tuition": year.tuition,
        "boarding": year.boarding,
        "other": year.other,
        "benefits": [
            {
                "rule_id": b.rule_id,
                "kind": b.kind,
                "sure": b.sure,
                "low": b.low,
                "high": b.high,
                "reasons": list(b.reasons),
            }
            for b in year.benefits
        ],
        "low": year.low,
        "high": year.high,
        "words": money(year.low, year.high),
    }
