"""A family reckons what a school costs, with what the school has told."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser


def test_published_fees_and_a_poor_family(page: Page, small_origin: str) -> None:
    """演示数据: 3,200, 3,200, 2,800 yuan and 800 for boarding at a public school."""
    page.goto(f"{small_origin}/schools/yanshi-jishi-xueyuan/")
    page.get_by_label("城市", exact=True).check()
    total = page.locator('[data-cost="sum"]')
    expect(total).to_contain_text("3 个学年一共要花 11,600 元")
    page.get_by_label("家庭经济困难，学校会认定").check()
    expect(total).to_contain_text("0 元，还余 4,500 元")
    expect(page.locator('[data-cost="table"] tbody tr')).to_have_count(3)
    page.get_by_label("书本、校服、吃饭等，每学年").fill("６,０００ 元")
    page.get_by_label("书本、校服、吃饭等，每学年").press("Tab")
    expect(total).to_contain_text("一共要花 13,500 元")


def test_without_published_fees_nothing_is_guessed_until_the_school_has_told(
    page: Page, real_origin: str
) -> None:
    page.goto(f"{real_origin}/schools/hangzhou-jishi-xueyuan/")
    expect(page.locator("#cost")).to_contain_text("这里不猜")
    page.get_by_label("家庭经济困难，学校会认定").check()
    total = page.locator('[data-cost="sum"]')
    expect(total).to_contain_text("算不出总数")
    page.get_by_label("计划没有写的学费，每学年").fill("3000")
    page.get_by_label("住宿费，每学年").fill("800")
    page.get_by_label("住宿费，每学年").press("Tab")
    expect(total).to_contain_text("一共要花")
    expect(page.locator('[data-cost="asks"]')).to_contain_text("公办还是民办")
