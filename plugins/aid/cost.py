"""The cost of one programme for one family, study year by study year.

`static/js/cost.js` reckons the same for the form on a school's page; a test compares the two.
Only what the documents say for certain is subtracted. What they leave open is named, with the
reason, as something to ask.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Final

from msgspec import Struct

from plugins.catalogue.aid import AidRule

JUNIOR_ENTRY: Final = "初中"
"""The policies speak of years one to three after junior secondary school."""

ENTRY: Final = "entry"
ARTS: Final = "arts"
PRIVATE: Final = "private"
OWNERSHIP_UNKNOWN: Final = "ownership-unknown"

REASONS: Final = {
    ENTRY: "文件说的是中职的一、二、三年级。不是初中起点的班算不算，文件摘录没有写，要问学校。",
    ARTS: "艺术类表演专业的困难学生不在免学费范围里。这个专业算不算，要问学校。",
    PRIVATE: "民办学校只免到当地同类公办学校的标准，多出的部分可以照收。要交多少，问学校。",
    OWNERSHIP_UNKNOWN: "名册没有写公办还是民办。公办全免；民办只免到公办的标准，多出的可以照收。",
}
"""Why a rule gives no sure amount, in the words that a visitor reads."""


class Fees(Struct, frozen=True):
    """What the plan says of one programme. Amounts are yuan a study year; None is not published.

    `tuition` has one entry for each study year; `first_year` is the calendar year in which the
    first one begins. `arts` is true when the major may be one of performing arts.
    """

    ownership: str | None
    entry: str
    arts: bool
    first_year: int
    tuition: tuple[int | None, ...]
    boarding: int | None
    other: int | None = None


class Benefit(Struct, frozen=True):
    """One rule in one study year.

    `sure` benefits take between `low` and `high` yuan off the costs (both None while the tuition
    to be waived is not published); others take nothing. `reasons` are keys of `REASONS`.
    """

    rule_id: str
    kind: str
    sure: bool
    low: int | None
    high: int | None
    reasons: tuple[str, ...]


class StudyYear(Struct, frozen=True):
    """`low` and `high` are what is left to pay, yuan, below 0 where aid exceeds the fees; None
    while tuition or boarding is not published. Other fees that nobody published are left out."""

    number: int
    tuition: int | None
    boarding: int | None
    other: int | None
    benefits: tuple[Benefit, ...]
    low: int | None
    high: int | None


def cost(fees: Fees, family: frozenset[str], rules: Iterable[AidRule]) -> tuple[StudyYear, ...]:
    """Each study year of the programme for a family of which `family` (`SITUATIONS`) is true."""
    asked = tuple(rule for rule in rules if any(choice <= family for choice in rule.who))
    return tuple(_study_year(fees, asked, number) for number in range(1, len(fees.tuition) + 1))


def _study_year(fees: Fees, rules: tuple[AidRule, ...], number: int) -> StudyYear:
    """`rules` are those for the family."""
    tuition = fees.tuition[number - 1]
    begins = dt.date(fees.first_year + number - 1, 9, 1)
    benefits = _chosen(
        [
            benefit
            for rule in rules
            if (benefit := _benefit(rule, fees, number, begins, tuition)) is not None
        ],
        {rule.rule_id: rule.policy_id for rule in rules},
    )
    low = high = None
    if tuition is not None and fees.boarding is not None:
        due = tuition + fees.boarding + (fees.other or 0)
        sure = [benefit for benefit in benefits if benefit.sure]
        low = due - sum(benefit.high or 0 for benefit in sure)
        high = due - sum(benefit.low or 0 for benefit in sure)
    return StudyYear(number, tuition, fees.boarding, fees.other, benefits, low, high)


def _benefit(
    rule: AidRule, fees: Fees, number: int, begins: dt.date, tuition: int | None
) -> Benefit | None:
    """What the rule means here; None where it does not apply at all."""
    if rule.study_years and number not in rule.study_years:
        return None
    if rule.ownership and rule.ownership != (fees.ownership or "公办"):
        return None
    sure = rule.certainty == "写明"
    if sure and not _in_force(rule, begins):
        return None
    reasons: list[str] = []
    if sure and fees.entry != JUNIOR_ENTRY:
        reasons.append(ENTRY)
    if sure and rule.except_arts and fees.arts:
        reasons.append(ARTS)
    sure = sure and not reasons
    low = high = rule.yuan
    if rule.kind == "免学费":
        open_ended = fees.ownership is None or rule.limit != "全免"
        if open_ended:
            reasons.append(OWNERSHIP_UNKNOWN if fees.ownership is None else PRIVATE)
        high = tuition
        low = 0 if open_ended and tuition is not None else tuition
    return Benefit(rule.rule_id, rule.kind, sure, low, high, tuple(reasons))


def _in_force(rule: AidRule, day: dt.date) -> bool:
    begun = rule.effective_from is None or rule.effective_from <= day
    return begun and (rule.effective_to is None or day <= rule.effective_to)


def _chosen(benefits: list[Benefit], policy_of: dict[str, str]) -> tuple[Benefit, ...]:
    """At most one benefit of a policy, a sure one before one to ask: nobody gets it twice."""
    best: dict[str, Benefit] = {}
    for benefit in benefits:
        policy = policy_of[benefit.rule_id]
        if policy not in best or (benefit.sure and not best[policy].sure):
            best[policy] = benefit
    return tuple(best.values())
