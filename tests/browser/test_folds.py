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
    phone: Page, real_origin: str, address: str
) -> None:
    phone.goto(real_origin + address)
    assert phone.evaluate("document.documentElement.scrollHeight") <= TALLEST[address]


def test_without_scripts_a_tap_opens_a_part(plain: Page, real_origin: str) -> None:
    plain.goto(real_origin + "/provinces/zhejiang/")
    school = plain.get_by_role("link", name="宁波技师学院", exact=True)
    expect(school).to_be_hidden()
    plain.locator("summary", has_text="宁波市").click()
    expect(school).to_be_visible()
    expect(plain.get_by_role("link", name="宁波市的学校和专业")).to_be_visible()


def test_the_keyboard_opens_a_part_and_goes_on_into_it(phone: Page, real_origin: str) -> None:
    phone.goto(real_origin + "/majors/")
    phone.locator("summary", has_text="电工电子类").focus()
    phone.keyboard.press("Enter")
    phone.keyboard.press("Tab")
    focused = phone.locator(":focus")
    expect(focused).to_have_text("电气自动化设备安装与维修")
    expect(focused).to_be_in_viewport()


def test_a_province_of_few_schools_is_not_folded(phone: Page, real_origin: str) -> None:
    phone.goto(real_origin + "/provinces/guangdong/")
    expect(phone.locator(".fold")).to_have_count(0)
    expect(phone.locator("#schools .school-row").last).to_be_visible()


def test_an_address_that_names_a_part_opens_it(phone: Page, real_origin: str) -> None:
    phone.goto(real_origin + "/majors/#fuwu")
    major = phone.get_by_role("link", name="烹饪", exact=True)
    expect(major).to_be_in_viewport()
    expect(phone.get_by_role("heading", name="服务类")).to_be_in_viewport()


def test_where_the_browser_does_not_open_a_named_part_the_script_does(
    phone: Page, real_origin: str
) -> None:
    """An address that is replaced is not followed, as in browsers that cannot open a part."""
    phone.goto(real_origin + "/majors/", wait_until="networkidle")
    major = phone.get_by_role("link", name="烹饪", exact=True)
    phone.evaluate("history.replaceState(null, '', '#fuwu')")
    expect(major).to_be_hidden()
    phone.evaluate("dispatchEvent(new HashChangeEvent('hashchange'))")
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
    phone: Page, real_origin: str
) -> None:
    phone.goto(real_origin + "/majors/", wait_until="networkidle")
    phone.locator("summary", has_text="机械类").click()
    folds = phone.locator(".fold")
    phone.evaluate("dispatchEvent(new Event('beforeprint'))")
    expect(phone.locator(".fold[open]")).to_have_count(folds.count())
    phone.evaluate("dispatchEvent(new Event('afterprint'))")
    expect(phone.locator(".fold[open]")).to_have_count(1)


def test_the_filter_opens_the_parts_that_have_what_is_typed(phone: Page, real_origin: str) -> None:
    phone.goto(real_origin + "/majors/")
    box = phone.get_by_label("只看名字里有这几个字的专业")
    box.fill("护理")
    expect(phone.get_by_role("link", name="护理", exact=True)).to_be_visible()
    box.fill("")
    expect(phone.locator(".fold[open]")).to_have_count(0)
