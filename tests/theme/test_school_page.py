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
    figures = re.findall(r"<figure>(.*?)</figure>", section(whole, "employment"), re.S)
    assert ["就业率" in figure for figure in figures] == [True, False]
    assert ["一半的人不到" in figure for figure in figures] == [False, True]
    for figure in figures:
        for basis in ("2025 届", "口径：演示口径", "来源：演示公告", "由学校公布"):
            assert basis in figure, f"{figure} lacks {basis}"


def test_a_chart_has_a_name_and_stands_beside_a_table_of_its_numbers(whole: str) -> None:
    figures = re.findall(r"<figure>(.*?)</figure>", section(whole, "employment"), re.S)
    for figure in figures:
        assert "<table>" in figure
    drawn = [figure for figure in figures if "<svg" in figure]
    assert len(drawn) == 1
    assert 'role="img" aria-label="就业率 96.5%，满格是 100%"' in drawn[0]
    assert ">96.5%<" in drawn[0]


def test_a_missing_figure_says_why_it_is_missing(whole: str) -> None:
    assert "未公布<" in section(whole, "employment")
    assert "学校没有公布" in section(whole, "employment")


def test_history_is_a_list_of_events_with_dates_for_machines(whole: str, past: str) -> None:
    assert '<time class="timeline__date" datetime="1985-03">1985 年 3 月</time>' in whole
    events = section(past, "history")
    assert events.count("<time") == 7
    assert 'datetime="2001-09-03"' in events
    assert "<ol" in events


def test_declared_facts_stand_in_the_section_they_belong_to(whole: str) -> None:
    for anchor, fact in [
        ("strengths", "2020 年"),
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
    assert "plan-notice--past" in plan
    apply = section(past, "apply")
    assert "报名时间" not in apply
    assert "2025 年的报名已经过去" in apply
    assert "12333" in apply
    assert "apply-block--possible" not in apply


def test_an_open_plan_is_offered_with_its_dates(whole: str) -> None:
    plan = section(whole, "plan")
    assert "stamp--open" in plan
    assert "stamp--past" not in plan
    assert "毕业生可以报" in plan
    assert "不代表今年还招" not in plan
    apply = section(whole, "apply")
    assert "现在可以报名" in apply
    assert "报名时间" in apply
    assert "apply-block--possible" in apply


def test_a_profile_made_by_the_platform_says_that_the_school_has_not_confirmed_it(
    whole: str, past: str
) -> None:
    words = "由平台根据公开资料整理，未经学校确认"
    assert words in past
    assert words not in whole


def test_what_is_missing_says_why_and_how_it_can_be_added(past: str) -> None:
    missing = section(past, "missing")
    assert "公开资料里没有找到" in missing
    assert "就业状况、资助政策、报名方式" in missing
    assert "2025 年的计划文件里没有写" in missing
    assert 'href="/about/#contribute"' in missing
    assert "content/schools/zhejiang/hangzhou-jishi-xueyuan/profile.md" in missing


def test_the_cover_is_fetched_at_once_and_has_its_size(whole: str) -> None:
    photos = re.findall(r"<img [^>]+>", whole)
    assert len(photos) == 1
    assert "loading=" not in photos[0]
    assert re.search(r'width="\d+" height="\d+"', photos[0])
    assert "拍摄日期没有写" in whole


def test_the_updates_are_told_with_their_dates(whole: str) -> None:
    assert '<time datetime="2026-03-02">2026 年 3 月 2 日</time>' in section(whole, "changes")
    assert "学校确认介绍" in section(whole, "changes")
