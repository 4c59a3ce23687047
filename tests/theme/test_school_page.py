"""A school's page says of every figure whose it is, and never offers what is over."""

from __future__ import annotations

import re
from pathlib import Path

import pytest


@pytest.fixture(scope="module")
def whole(small_site: Path) -> str:
    """The page of the invented school whose profile declares facts, photo and an open plan."""
    return (small_site / "schools/yanshi-jishi-xueyuan/index.html").read_text("utf-8")


@pytest.fixture(scope="module")
def past(real_site: Path) -> str:
    """The page of a real school whose newest plan is of 2025."""
    return (real_site / "schools/hangzhou-jishi-xueyuan/index.html").read_text("utf-8")


def section(page: str, anchor: str) -> str:
    return page.partition(f'id="{anchor}"')[2].partition("</section>")[0]


def test_every_employment_figure_has_year_definition_source_and_owner_beside_it(
    whole: str,
) -> None:
    cells = re.findall(r"<dt>(.*?)</dt>\s*<dd>(.*?)</dd>", section(whole, "employment"), re.S)
    figures = {label: value for label, value in cells if "就业率" in label or "月薪" in label}
    assert len(figures) == 2
    for label, value in figures.items():
        for basis in ("2025 届", "口径：演示口径", "来源：演示公告", "由学校公布"):
            assert basis in value, f"{label} lacks {basis}"


def test_a_missing_figure_says_why_it_is_missing(whole: str) -> None:
    assert re.search(r"<dd>未公布<", section(whole, "employment"))


def test_declared_facts_stand_in_the_section_they_belong_to(whole: str) -> None:
    for anchor, fact in [
        ("strengths", "演示荣誉（2020 年）"),
        ("aid", "每学年 2300 元"),
        ("campus", "东校区"),
        ("apply", "演示公众号"),
    ]:
        assert fact in section(whole, anchor), fact


def test_marks_in_the_story_lead_to_the_source_they_name(whole: str) -> None:
    marks = re.findall(r'class="source-mark" href="#(source-\d+)"', whole)
    assert marks
    for mark in marks:
        assert f'<li id="{mark}">' in whole


def test_every_link_of_the_contents_leads_to_a_part_of_the_page(whole: str, past: str) -> None:
    for page in (whole, past):
        contents = page.partition('class="contents-list"')[2].partition("</nav>")[0]
        targets = re.findall(r'href="#([^"]+)"', contents)
        assert len(targets) >= 4
        for target in targets:
            assert page.count(f'id="{target}"') == 1, target


def test_a_plan_of_a_past_year_is_marked_and_offers_nothing(past: str) -> None:
    plan = section(past, "plan")
    assert "这是 2025 年的计划，只供参考，不代表今年还招" in plan
    assert "stamp--past" in plan
    assert "初中毕业生当年可以报" in plan
    assert "报名时间" not in plan
    assert "plan-notice--past" in plan


def test_an_open_plan_is_offered_with_its_dates(whole: str) -> None:
    plan = section(whole, "plan")
    assert "stamp--open" in plan
    assert "stamp--past" not in plan
    assert "毕业生可以报" in plan
    assert "报名时间" in plan
    assert "不代表今年还招" not in plan


def test_a_profile_made_by_the_platform_says_that_the_school_has_not_confirmed_it(
    whole: str, past: str
) -> None:
    words = "由平台根据公开资料整理，未经学校确认"
    assert words in past
    assert words not in whole
