"""Long pages fold their parts away: short on a phone, whole for everyone, open on paper."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser

TALLEST = {
    "/majors/": 3_600,
    "/provinces/zhejiang/majors/": 3_600,
    "/provinces/zhejiang/": 6_600,
    "/entry/chuzhong/": 6_600,
    "/schools/hangzhou-jishi-xueyuan/": 11_500,
}
"""Pixels at 360 px; all of them were between 10,400 and 15,900 before their parts were folded."""


@pytest.mark.parametrize("address", TALLEST)
def test_a_long_page_is_short_until_a_part_is_opened(
    page: Page, real_origin: str, address: str
) -> None:
    page.goto(real_origin + address)
    assert page.evaluate("document.documentElement.scrollHeight") <= TALLEST[address]


def test_without_scripts_a_tap_opens_a_part(plain: Page, real_origin: str) -> None:
    plain.goto(real_origin + "/provinces/zhejiang/")
    school = plain.get_by_role("link", name="宁波技师学院", exact=True)
    expect(school).to_be_hidden()
    plain.locator("summary", has_text="宁波市").click()
    expect(school).to_be_visible()
    expect(plain.get_by_role("link", name="宁波市的学校和专业")).to_be_visible()


def test_the_keyboard_opens_a_part_and_goes_on_into_it(page: Page, real_origin: str) -> None:
    page.goto(real_origin + "/majors/")
    page.locator("summary", has_text="电工电子类").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    focused = page.locator(":focus")
    expect(focused).to_have_text("电气自动化设备安装与维修")
    expect(focused).to_be_in_viewport()


def test_a_province_of_few_schools_is_not_folded(page: Page, real_origin: str) -> None:
    page.goto(real_origin + "/provinces/guangdong/")
    expect(page.locator(".fold")).to_have_count(0)
    expect(page.locator("#schools .school-row").last).to_be_visible()


def test_an_address_that_names_a_part_opens_it(page: Page, real_origin: str) -> None:
    page.goto(real_origin + "/majors/#fuwu")
    major = page.get_by_role("link", name="烹饪", exact=True)
    expect(major).to_be_in_viewport()
    expect(page.get_by_role("heading", name="服务类")).to_be_in_viewport()


def test_where_the_browser_does_not_open_a_named_part_the_script_does(
    page: Page, real_origin: str
) -> None:
    """An address that is replaced is not followed, as in browsers that cannot open a part."""
    page.goto(real_origin + "/majors/", wait_until="networkidle")
    major = page.get_by_role("link", name="烹饪", exact=True)
    page.evaluate("history.replaceState(null, '', '#fuwu')")
    expect(major).to_be_hidden()
    page.evaluate("dispatchEvent(new HashChangeEvent('hashchange'))")
    expect(major).to_be_in_viewport()


@pytest.mark.parametrize(
    ("address", "link"),
    [("/majors/", "烹饪"), ("/provinces/zhejiang/", "宁波技师学院")],
)
def test_on_paper_every_part_is_open_and_has_its_heading(
    plain: Page, real_origin: str, address: str, link: str
) -> None:
    plain.goto(real_origin + address)
    plain.emulate_media(media="print")
    expect(plain.get_by_role("link", name=link, exact=True)).to_be_visible()
    for summary in plain.locator(".fold > summary").all():
        expect(summary).to_be_visible()


def test_before_printing_the_script_opens_every_part_and_closes_it_again(
    page: Page, real_origin: str
) -> None:
    page.goto(real_origin + "/majors/", wait_until="networkidle")
    page.locator("summary", has_text="机械类").click()
    folds = page.locator(".fold")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    expect(page.locator(".fold[open]")).to_have_count(folds.count())
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    expect(page.locator(".fold[open]")).to_have_count(1)


def test_the_filter_opens_the_parts_that_have_what_is_typed(page: Page, real_origin: str) -> None:
    page.goto(real_origin + "/majors/")
    box = page.get_by_label("只看名字里有这几个字的专业")
    box.fill("护理")
    expect(page.get_by_role("link", name="护理", exact=True)).to_be_visible()
    box.fill("")
    expect(page.locator(".fold[open]")).to_have_count(0)
