"""A family with no signal compares two schools: saved at the market town, read at home."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.bad_line import Line, bad_line

pytestmark = pytest.mark.browser

SHOTS = os.environ.get("SCREENSHOTS")
"""A folder for pictures of each step, to be looked at; without it none are taken."""


@pytest.fixture
def line(real_site: Path) -> Iterator[Line]:
    with bad_line(real_site) as given:
        yield given


@pytest.fixture
def phone(chromium: Browser) -> Iterator[Page]:
    context = chromium.new_context(
        viewport={"width": 360, "height": 740}, locale="zh-CN", has_touch=True
    )
    context.set_default_timeout(30_000)
    yield context.new_page()
    context.close()


def shot(page: Page, name: str) -> None:
    if SHOTS:
        page.screenshot(path=Path(SHOTS) / f"{name}.png")


def test_a_family_with_no_signal_compares_two_schools(phone: Page, line: Line) -> None:
    # In town, with a signal: the province is found and kept.
    phone.goto(line.origin + "/")
    phone.locator("main").get_by_role("link", name=re.compile("^浙江")).first.click()
    box = phone.locator("[data-module=save-province]")
    box.scroll_into_view_if_needed()
    box.get_by_role("button", name="存下本省").tap()
    expect(box.locator("[data-part=state]")).to_contain_text(re.compile(r"要占 [\d.]+ MB"))
    shot(phone, "1-size")
    box.get_by_role("button", name=re.compile("开始存")).tap()
    expect(box.get_by_role("progressbar")).to_be_visible()
    shot(phone, "2-saving")
    expect(box).to_have_attribute("data-saved", "", timeout=90_000)
    shot(phone, "3-saved")

    # At home there is none.
    phone.context.set_offline(True)
    line.down()
    phone.goto(line.origin + "/search/?q=数控 杭州")
    results = phone.locator("[data-search-results] > li")
    expect(results.first).to_be_visible()
    expect(phone.locator("[data-search-saved]")).to_contain_text("只在存下的浙江里找")
    shot(phone, "4-search")
    for at in (0, 1):
        results.nth(at).get_by_role("button", name=re.compile("加入清单")).tap()
    names = [results.nth(at).locator("[data-field=link]").inner_text() for at in (0, 1)]
    results.first.locator("[data-field=link]").tap()
    expect(phone.get_by_role("heading", level=1)).to_contain_text(names[0])
    expect(phone.locator("[data-saved-notice]")).to_contain_text("保存于")
    shot(phone, "5-school")
    phone.locator(".site-header").get_by_role("link", name=re.compile("清单")).tap()
    expect(phone.locator("[data-shortlist-items] > li")).to_have_count(2)
    phone.get_by_role("link", name="比较这 2 所").tap()
    table = phone.locator("[data-compare-table]")
    expect(table).to_be_visible()
    for name in names:
        expect(table.locator("thead")).to_contain_text(name)
    expect(table).to_contain_text("学费")
    expect(table.locator("tbody")).to_contain_text(re.compile("相同|不同"))
    expect(phone.locator("[data-compare-faults]")).to_be_hidden()
    assert phone.evaluate("document.documentElement.scrollWidth") <= 360
    shot(phone, "6-comparison")

    # Paper is for those who come later: the page still prints.
    assert phone.context.pages[0].pdf(format="A4").startswith(b"%PDF")


def test_a_village_worker_opens_the_pack_at_an_office_without_a_network(
    phone: Page, line: Line
) -> None:
    """The way to the pack is written where a worker looks, and the file is there."""
    phone.goto(line.origin + "/")
    phone.locator("footer").get_by_role("link", name="没有网络也能看").tap()
    main = phone.locator("main")
    expect(main.get_by_role("heading", name=re.compile("拷到 U 盘"))).to_be_visible()
    for words in ("全部解压缩", "双击 index.html", "zhejiang.zip"):
        expect(main).to_contain_text(words)
    row = main.get_by_role("row", name=re.compile("^浙江省"))
    expect(row).to_contain_text(re.compile(r"[\d.]+ MB.*[\d.]+ MB", re.DOTALL))
    with phone.expect_download() as waiting:
        row.get_by_role("link", name=re.compile("下载.*浙江省的离线包")).tap()
    assert waiting.value.suggested_filename == "zhejiang.zip"
    shot(phone, "7-usb")
