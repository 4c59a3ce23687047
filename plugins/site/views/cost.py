"""What a school costs, as its page shows it: usual families, study year by study year.

Without published fees nothing is guessed: the page then tells which deductions a family gets; what
to ask the school stands in the one list of questions (`school/questions.py`).
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any, Final

from msgspec import Struct
from msgspec.structs import replace

from plugins.aid import OWNERSHIP_UNKNOWN, PRIVATE, REASONS, Benefit, Fees, StudyYear, cost
from plugins.catalogue import Catalogue, Plan, School
from plugins.catalogue.aid import AidRule
from plugins.catalogue.vocabulary import ENTRIES, TRAINING_LEVELS
from plugins.site.formats import number
from plugins.site.views.study_years import alike, span_words, tuition_words

USUAL_FAMILIES: Final = (
    ("农村或县镇户籍，家里不困难", frozenset({"农村"})),
    ("城市户籍，家里不困难", frozenset[str]()),
    ("家庭经济困难", frozenset({"家庭经济困难"})),
    ("脱贫家庭或监测对象，农村户籍", frozenset({"农村", "脱贫家庭"})),
)
"""The situations that the table without scripts answers; the form answers every other."""

EVERY_FAMILY: Final = "农村、城市、困难家庭都一样"
"""Stands for all usual families where none gets anything that the others do not get."""

SHOWN_GROUPS: Final = 6
"""So many fee tables at most; a page with 200 programmes must stay readable."""

ARTS_CATEGORY: Final = "14"
"""文化艺术类, of which the performing arts are a part."""

OWNERSHIP_REASONS: Final = (PRIVATE, OWNERSHIP_UNKNOWN)
"""These hold for the school as a whole and are told once, beside the table."""

NUMERALS: Final = "零一二三四五六七八"


class SituationBenefits(Struct, frozen=True):
    """What a family gets, in words; `asks` are the sentences on what the documents leave open."""

    label: str
    waiver: str
    stipend: str
    asks: tuple[str, ...]


class SituationCost(Struct, frozen=True):
    """What a family pays in each of the table's spans, and in all, in words."""

    label: str
    years: tuple[str, ...]
    total: str


class YearlyCosts(Struct, frozen=True):
    """What the usual families pay. `spans` are study years in a row in which no family's costs
    change. One line stands for all families where all pay the same."""

    spans: tuple[str, ...]
    situations: tuple[SituationCost, ...]


class CostGroup(Struct, frozen=True):
    """Programmes that cost the same. `costs` are there where a table shows the group."""

    entry: str
    training_level: str | None
    duration_years: float
    study_years: int
    majors: tuple[str, ...]
    arts: bool
    tuition: tuple[int | None, ...]
    boarding: int | None
    costs: YearlyCosts | None = None

    @property
    def fees_words(self) -> str:
        """第 1—2 学年 3,500 元，第 3 学年 没有写；住宿费：每学年 800 元."""
        return _fees_words(self.tuition, self.boarding)

    @property
    def tuition_data(self) -> str:
        """The tuition as `cost-form.js` reads it: 3500,3500, with nothing for what is unknown."""
        return _tuition_data(self.tuition)

    @property
    def is_priced(self) -> bool:
        """Whether any fee is published."""
        return self.boarding is not None or any(fee is not None for fee in self.tuition)


@lru_cache(maxsize=10_000)
def _fees_words(tuition: tuple[int | None, ...], boarding: int | None) -> str:
    years = "，".join(tuition_words(tuition)) or "没有写"
    room = "没有写" if boarding is None else f"每学年 {number(boarding)} 元"
    return f"{years}；住宿费：{room}"


@lru_cache(maxsize=10_000)
def _tuition_data(tuition: tuple[int | None, ...]) -> str:
    return ",".join("" if fee is None else str(fee) for fee in tuition)


class CostView(Struct, frozen=True):
    """`groups` are all kinds of programme, for the form; `tables` those with published fees.

    `plan_year` is None where the site has no plan; the aid is then that of `first_year`.
    `ownership_note` says why a waiver may not be whole; `unclear_entries` are the applicants of
    whom the policies do not speak.
    """

    title: str
    plan_year: int | None
    is_past: bool
    first_year: int
    ownership: str | None
    groups: tuple[CostGroup, ...]
    tables: tuple[CostGroup, ...]
    tables_left_out: int
    situations: tuple[SituationBenefits, ...]
    ownership_note: str | None
    unclear_entries: tuple[str, ...]


def cost_view(catalogue: Catalogue, school: School) -> CostView | None:
    """The costs at one school; None for a school that does not enrol."""
    if school.status != "active":
        return None
    words = _words_under(catalogue.reference.aid_rules)
    plan = catalogue.newest_plan(school)
    first_year = plan.year if plan else catalogue.today.year
    groups = _groups(catalogue, plan) if plan else (_NO_PLAN,)
    priced = [group for group in groups if group.is_priced]
    tables = tuple(
        replace(group, costs=words.costs(_fees(group, school, first_year)))
        for group in priced[:SHOWN_GROUPS]
    )
    entries = tuple(dict.fromkeys(group.entry for group in groups))
    junior = [group.study_years for group in groups if group.entry == "初中"]
    return CostView(
        title=_title({group.duration_years for group in groups}),
        plan_year=plan.year if plan else None,
        is_past=catalogue.is_past(plan) if plan else False,
        first_year=first_year,
        ownership=school.ownership,
        groups=groups,
        tables=tables,
        tables_left_out=len(priced[SHOWN_GROUPS:]),
        situations=words.benefits(first_year, school.ownership, max(junior)) if junior else (),
        ownership_note=_ownership_note(school),
        unclear_entries=tuple(entry for entry in entries if entry != "初中"),
    )


_NO_PLAN: Final = CostGroup("初中", None, 3.0, 3, (), False, (None, None, None), None)
"""Stands in the form for a school whose plan is not known: three years after junior secondary."""


class _Words:
    """What has been reckoned under one set of rules, so that equal fees are reckoned once.

    A country has 40,000 programmes and a few hundred kinds of fees.
    """

    def __init__(self, rules: tuple[AidRule, ...]) -> None:
        self.rules = rules
        self._costs: dict[Fees, YearlyCosts] = {}
        self._benefits: dict[tuple[int, str | None, int], tuple[SituationBenefits, ...]] = {}

    def costs(self, fees: Fees) -> YearlyCosts:
        found = self._costs.get(fees)
        if found is None:
            found = self._costs[fees] = _yearly_costs(fees, self.rules)
        return found

    def benefits(
        self, first_year: int, ownership: str | None, study_years: int
    ) -> tuple[SituationBenefits, ...]:
        key = (first_year, ownership, study_years)
        found = self._benefits.get(key)
        if found is None:
            found = self._benefits[key] = usual_benefits(self.rules, *key)
        return found


_last_words = _Words(())


def _words_under(rules: tuple[AidRule, ...]) -> _Words:
    """The words under `rules`, which are frozen: the same object means the same amounts."""
    global _last_words
    if _last_words.rules is not rules:
        _last_words = _Words(rules)
    return _last_words


def usual_benefits(
    rules: tuple[AidRule, ...],
    first_year: int,
    ownership: str | None = "公办",
    study_years: int = 3,
) -> tuple[SituationBenefits, ...]:
    """What the usual families get after junior secondary school, whatever the fees are."""
    why = {rule.rule_id: rule.why for rule in rules}
    fees = Fees(ownership, "初中", False, first_year, (None,) * study_years, None)
    found = []
    for label, family in USUAL_FAMILIES:
        years = cost(fees, family, rules)
        found.append(
            SituationBenefits(
                label,
                _benefit_words(years, "免学费"),
                _benefit_words(years, "助学金"),
                _asks(years, why),
            )
        )
    return tuple(found)


def _benefit_words(years: tuple[StudyYear, ...], kind: str) -> str:
    """第 1—3 学年，平均每年 2,300 元: the sure benefits of one kind, over all study years."""
    found = [
        (year.number, benefit)
        for year in years
        for benefit in year.benefits
        if benefit.kind == kind and benefit.sure
    ]
    if found:
        amounts = tuple(dict.fromkeys(_amount_words(benefit) for _, benefit in found))
        return f"{_span([number for number, _ in found])}，{'、'.join(amounts)}"
    unsure = any(b.kind == kind for year in years for b in year.benefits)
    return "要问学校" if unsure else "没有"


def _amount_words(benefit: Benefit) -> str:
    if benefit.kind != "免学费":
        return f"平均每年 {benefit.high:,} 元"
    if PRIVATE in benefit.reasons:
        return "免到当地公办学校的标准"
    return "公办全免，民办免到公办的标准" if OWNERSHIP_UNKNOWN in benefit.reasons else "全免"


def _span(numbers: list[int]) -> str:
    """第 1—3 学年, or 第 2 学年; the study years of one rule follow each other."""
    first, last = min(numbers), max(numbers)
    return span_words(first, last)


def _asks(years: tuple[StudyYear, ...], why: dict[str, str | None]) -> tuple[str, ...]:
    """One sentence for each thing that the documents leave open, none twice."""
    sentences: list[str] = []
    for year in years:
        for benefit in year.benefits:
            sentences += [REASONS[r] for r in benefit.reasons if r not in OWNERSHIP_REASONS]
            own = why[benefit.rule_id]
            if not benefit.sure and own:
                sentences.append(own)
    return tuple(dict.fromkeys(sentences))


def _groups(catalogue: Catalogue, plan: Plan) -> tuple[CostGroup, ...]:
    """Programmes that cost the same together, by entry and training level."""
    canonical_major = catalogue.reference.canonical_major
    majors_of: dict[tuple[Any, ...], dict[str, None]] = {}
    for row in plan.programmes:
        major = canonical_major(row.major)
        arts = major is not None and major.category_code == ARTS_CATEGORY
        fees = row.tuition, row.boarding_fee
        key = row.entry, row.training_level, row.duration_years, arts, *fees
        majors_of.setdefault(key, {})[row.major] = None
    groups = [
        CostGroup(entry, level, duration, len(tuition), tuple(majors), arts, tuition, boarding)
        for (entry, level, duration, arts, tuition, boarding), majors in majors_of.items()
    ]
    return tuple(sorted(groups, key=_rank))


def _rank(group: CostGroup) -> tuple[int, int, float]:
    """Junior leavers first; the sort is stable, so the plan decides among equals."""
    level = TRAINING_LEVELS.index(group.training_level) if group.training_level else 0
    return ENTRIES.index(group.entry), level, group.duration_years


def _fees(group: CostGroup, school: School, first_year: int) -> Fees:
    return Fees(
        school.ownership, group.entry, group.arts, first_year, group.tuition, group.boarding
    )


def _yearly_costs(fees: Fees, rules: tuple[AidRule, ...]) -> YearlyCosts:
    by_family = [cost(fees, family, rules) for _, family in USUAL_FAMILIES]
    amounts = [[money(year.low, year.high) for year in years] for years in by_family]
    spans = alike(zip(*amounts, strict=True))
    lines = [
        SituationCost(label, tuple(_yearly(paid, span) for span in spans), _total(years))
        for (label, _), years, paid in zip(USUAL_FAMILIES, by_family, amounts, strict=True)
    ]
    if len({(line.years, line.total) for line in lines}) == 1:
        lines = [replace(lines[0], label=EVERY_FAMILY)]
    return YearlyCosts(tuple(span_words(*span) for span in spans), tuple(lines))


def _yearly(paid: list[str], span: tuple[int, int]) -> str:
    """每年 800 元: what is paid in each of the study years from the first to the last."""
    first, last = span
    amount = paid[first - 1]
    return f"每年 {amount}" if last > first and amount != money(None, None) else amount


def _total(years: tuple[StudyYear, ...]) -> str:
    if any(year.low is None for year in years):
        return money(None, None)
    return money(sum(year.low or 0 for year in years), sum(year.high or 0 for year in years))


def money(low: int | None, high: int | None) -> str:
    """1,600 元; 0 到 3,200 元; 0 元，还余 1,500 元 where aid exceeds the fees. As in `cost.js`."""
    if low is None or high is None:
        return "算不出"
    if low == high:
        return f"0 元，还余 {-low:,} 元" if low < 0 else f"{low:,} 元"
    if high < 0:
        return f"0 元，还余 {-high:,} 到 {-low:,} 元"
    least = f"0 元（还余 {-low:,} 元）" if low < 0 else f"{low:,}"
    return f"{least} 到 {high:,} 元"


def _ownership_note(school: School) -> str | None:
    if school.ownership is None:
        return REASONS[OWNERSHIP_UNKNOWN]
    return REASONS[PRIVATE] if school.ownership == "民办" else None


def _title(durations: set[float]) -> str:
    years = durations.pop() if len(durations) == 1 else 0.0
    whole = years >= 1 and years == int(years)
    return f"{NUMERALS[int(years)]}年要花多少钱" if whole else "读完要花多少钱"
