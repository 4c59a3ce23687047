"""A student compares schools, corrects the address, goes back, and sends the link."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page, expect

pytestmark = pytest.mark.browser

ONE, TWO, OTHER = (
    "hangzhou-jishi-xueyuan", "hangzhou-xiaoshan-jishi-xueyuan", "hunan-gongmao-jishi-xueyuan",
)  # fmt: skip


def test_schools_stand_side_by_side_and_differences_are_said_in_words(
    page: Page, real_origin: str
) -> None:
    page.goto(f"{real_origin}/compare/?ids={ONE},{TWO},{OTHER}")
    heads = page.locator("thead th")
    expect(heads).to_have_count(4)
    place = page.get_by_role("row").filter(has=page.get_by_role("rowheader", name="在哪里"))
    expect(place).to_contain_text("不同")
    expect(place).to_contain_text("湖南省 株洲市")
    seats = page.get_by_role("row").filter(has=page.get_by_role("rowheader", name="计划招生"))
    expect(seats).to_contain_text("2025 年计划（往年）")
    fees = page.get_by_role("row").filter(has=page.get_by_role("rowheader", name="学费"))
    expect(fees).to_contain_text("未公布")
    own = page.get_by_role("rowheader", name="只有它有的专业")
    expect(own).to_be_visible()


def test_a_school_can_be_removed_and_back_brings_it_again(page: Page, real_origin: str) -> None:
    page.goto(f"{real_origin}/compare/?ids={ONE},{TWO}")
    page.get_by_role("button", name="移出").first.click()
    expect(page.locator("thead th")).to_have_count(2)
    expect(page).to_have_url(f"{real_origin}/compare/?ids={TWO}")
    expect(page.locator("[data-compare-status]")).to_contain_text("再加一所")
    page.go_back()
    expect(page.locator("thead th")).to_have_count(3)


def test_a_faulty_address_is_explained(page: Page, real_origin: str) -> None:
    """Twice the same, one that no school has, one that is no id, and one too many."""
    page.goto(
        f"{real_origin}/compare/?ids={ONE},{ONE},no-such,<b>,{TWO},{OTHER},anji-jishi-xueyuan"
    )
    faults = page.locator("[data-compare-faults]")
    for words in ("编号写得不对", "写了两次", "最多比较四所，后面 1 所", "没有编号是“no-such”"):
        expect(faults).to_contain_text(words)
    expect(page.locator("thead th")).to_have_count(4)


def test_a_saved_school_is_added_from_the_list(page: Page, real_origin: str) -> None:
    page.goto(f"{real_origin}/schools/{TWO}/")
    page.locator(".save-bar [data-save]").click()
    page.goto(f"{real_origin}/compare/?ids={ONE}")
    page.get_by_role("button", name="加入比较").click()
    expect(page.locator("thead th")).to_have_count(3)
    expect(page).to_have_url(f"{real_origin}/compare/?ids={ONE},{TWO}")


def test_a_lost_network_is_said_and_can_be_tried_again(page: Page, real_origin: str) -> None:
    page.route("**/data/compare/**", lambda route: route.abort())
    page.goto(f"{real_origin}/compare/?ids={ONE},{TWO}")
    expect(page.locator("[data-compare-faults]")).to_contain_text("网络")
    page.unroute("**/data/compare/**")
    page.get_by_role("button", name="再试一次").click()
    expect(page.locator("thead th")).to_have_count(3)


def test_without_scripts_the_page_tells_how_to_compare_by_hand(
    chromium: Browser, real_origin: str
) -> None:
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{real_origin}/compare/?ids={ONE}")
    expect(page.locator('[data-module="compare"]')).to_be_hidden()
    expect(page.get_by_role("heading", name="用手怎样比")).to_be_visible()
    page.goto(f"{real_origin}/schools/{ONE}/")
    expect(page.locator(".save-bar")).to_be_hidden()
    expect(page.locator(".cost-form")).to_be_hidden()
    expect(page.locator("#cost .benefit-table")).to_be_visible()
    context.close()
