"""The real news say what the data say, and name their documents."""

from __future__ import annotations

from collections import Counter

from plugins.catalogue import Catalogue, Notice


def the_notice(catalogue: Catalogue, slug: str) -> Notice:
    return next(notice for notice in catalogue.notices if notice.slug == slug)


def test_every_notice_says_where_it_was_seen_and_when_that_was_checked(
    real_catalogue: Catalogue,
) -> None:
    assert len(real_catalogue.notices) >= 4
    for notice in real_catalogue.notices:
        assert notice.facts.source_address, notice.path
        assert notice.facts.checked_on, notice.path


def test_the_notice_of_zhejiangs_plan_has_the_plans_own_figures(real_catalogue: Catalogue) -> None:
    notice = the_notice(real_catalogue, "2025-05-07-zhaosheng-jihua")
    plans = [plan for plans in real_catalogue.plans.values() for plan in plans if plan.year == 2025]
    seats: Counter[str] = Counter()
    for plan in plans:
        for row in plan.programmes:
            seats[row.entry] += row.seats
    for entry, words in [
        ("初中", "初中毕业生"), ("中职", "中职毕业生"), ("高中", "高中毕业生"),
        ("高级工", "高级工班毕业生"), ("其他", "其他"),
    ]:  # fmt: skip
        assert f"| {words} | {seats[entry]:,} |" in notice.markdown
    assert f"| 合计 | {sum(seats.values()):,} |" in notice.markdown
    assert f"{len(plans)} 所学校，计划招 {sum(seats.values()):,} 人" in notice.facts.summary
    row = plans[0].programmes[0]
    assert notice.facts.source_number == row.source_number
    assert notice.facts.source_date == row.source_date == notice.date


def test_a_number_that_was_not_checked_against_the_original_says_so(
    real_catalogue: Catalogue,
) -> None:
    notice = the_notice(real_catalogue, "2024-10-31-guojia-zhuxuejin")
    assert "文号没有对过原件" in notice.markdown


def test_no_notice_calls_a_benefit_a_degree(real_catalogue: Catalogue) -> None:
    treatment = the_notice(real_catalogue, "2020-06-16-zhaosheng-tongzhi")
    assert "待遇不等于学历证书" in treatment.markdown
