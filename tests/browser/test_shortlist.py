"""The visitor's own list: kept on the device, put in order, taken along as text."""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser

MOST_SCHOOLS = 50
SCHOOL = "/schools/hangzhou-jishi-xueyuan/"
STORED = "localStorage.getItem('jixiao-shortlist')"


@pytest.fixture
def three(page: Page, real_origin: str) -> Page:
    """A school and two near it on the list, by their buttons."""
    page.goto(real_origin + SCHOOL)
    for position in range(3):
        page.locator("button[data-save]").nth(position).click()
    page.goto(f"{real_origin}/shortlist/")
    expect(page.locator(".shortlist__item")).to_have_count(3)
    return page


def names(page: Page) -> list[str]:
    return page.locator('.shortlist__item [data-part="name"]').all_text_contents()


def test_moving_up_changes_the_order_and_keeps_the_focus(three: Page) -> None:
    first, second, third = names(three)
    three.get_by_role("button", name="上移").nth(1).press("Enter")
    assert names(three) == [first, third, second]
    moved = three.locator(".shortlist__item").nth(1)
    expect(moved.get_by_role("button", name=re.compile(rf"上移\W*{third}"))).to_be_focused()
    expect(three.locator("[data-shortlist-status]")).to_have_text(f"{third}现在是第 2 志愿")
    three.reload()
    assert names(three) == [first, third, second]


def test_removing_can_be_undone(three: Page) -> None:
    before = names(three)
    three.get_by_role("button", name=re.compile(rf"移出\W*{before[1]}")).click()
    assert names(three) == [before[0], before[2]]
    three.get_by_role("button", name="放回来").click()
    assert names(three) == before


def test_the_text_holds_order_notes_and_addresses(three: Page, tmp_path: Path) -> None:
    three.locator('[data-part="note"]').first.fill("离家近 <b>")
    three.locator('[data-part="note"]').first.press("Tab")
    with three.expect_download() as download:
        three.get_by_role("button", name="存成文字文件").click()
    download.value.save_as(tmp_path / "list.txt")
    text = (tmp_path / "list.txt").read_text("utf-8-sig")
    assert f"1. {names(three)[0]}" in text
    assert "备注：离家近 <b>" in text
    assert text.count("/schools/") == 3


def test_the_first_schools_can_be_compared(three: Page) -> None:
    three.get_by_role("link", name="比较这 3 所").click()
    expect(three.locator("thead th")).to_have_count(4)


@pytest.mark.parametrize("saved", [1, MOST_SCHOOLS])
def test_the_header_s_links_stand_apart_on_the_narrowest_phone(
    page: Page, real_origin: str, saved: int
) -> None:
    """With the number of saved schools beside the last of them; 3 px was easy to miss."""
    page.set_viewport_size({"width": 320, "height": 640})
    schools = [{"id": f"s-{at}", "name": "演示", "place": "", "note": ""} for at in range(saved)]
    page.goto(real_origin + "/shortlist/")
    page.evaluate(
        f"localStorage.setItem('jixiao-shortlist', JSON.stringify({{schools: {schools}}}))"
    )
    page.goto(real_origin + "/provinces/")
    expect(page.locator("[data-shortlist-count]")).to_contain_text(str(saved))
    boxes = [link.bounding_box() for link in page.locator(".site-header__nav a").all()]
    edges = [(box["x"], box["x"] + box["width"]) for box in boxes if box]
    assert len(edges) == 7
    assert min(after - before for (_, before), (after, _) in pairwise(edges)) >= 6


def test_the_header_of_every_page_counts_the_schools(three: Page, real_origin: str) -> None:
    header = three.get_by_role("navigation", name="主要栏目")
    expect(header.get_by_role("link", name=re.compile(r"^清单\s?3 所$"))).to_be_visible()
    three.get_by_role("button", name=re.compile("移出")).first.click()
    expect(header.get_by_role("link", name=re.compile(r"^清单\s?2 所$"))).to_be_visible()
    three.goto(f"{real_origin}/search/")
    expect(header.get_by_role("link", name=re.compile(r"^清单\s?2 所$"))).to_be_visible()
    assert three.evaluate("document.documentElement.scrollWidth") <= 360
    sides = header.get_by_role("link").evaluate_all(
        "links => links.map((a) => a.getBoundingClientRect()).map((it) => [it.left, it.right])"
    )
    gaps = [after[0] - before[1] for before, after in pairwise(sides)]
    assert min(gaps) >= 6, "links that touch cannot be told apart"
    three.evaluate("localStorage.clear()")
    three.reload()
    expect(header.get_by_role("link", name="清单", exact=True)).to_be_visible()


def test_another_tab_sees_the_change(three: Page, real_origin: str) -> None:
    other = three.context.new_page()
    other.goto(real_origin + SCHOOL)
    other.locator("button[data-save]").nth(3).click()
    expect(three.locator(".shortlist__item")).to_have_count(4)


@pytest.mark.parametrize("stored", ["{", "[]", '{"schools": 3}', '{"schools": [null]}'])
def test_a_damaged_list_is_said_and_put_aside(page: Page, real_origin: str, stored: str) -> None:
    page.goto(f"{real_origin}/about/")
    page.evaluate("text => localStorage.setItem('jixiao-shortlist', text)", stored)
    page.goto(f"{real_origin}/shortlist/")
    expect(page.locator("[data-shortlist-status]")).to_contain_text("坏了")
    expect(page.locator("[data-shortlist-empty]")).to_be_visible()
    assert page.evaluate("localStorage.getItem('jixiao-shortlist-damaged')") == stored


def test_a_browser_that_refuses_to_store_is_answered(page: Page, real_origin: str) -> None:
    page.add_init_script(
        "Storage.prototype.setItem = () => { throw new DOMException('full', 'QuotaExceededError') }"
    )
    page.goto(real_origin + SCHOOL)
    page.locator("button[data-save]").first.click()
    expect(page.locator(".save-button__said")).to_contain_text("不让保存")
    page.add_init_script(
        "Object.defineProperty(window, 'localStorage', { get() { throw new Error('blocked') } })"
    )
    page.goto(f"{real_origin}/shortlist/")
    expect(page.locator("[data-shortlist-status]")).to_contain_text("不让网页保存")


def test_nothing_leaves_the_device(three: Page, real_origin: str) -> None:
    """The notes and the order are in no request, and no request leaves the origin."""
    asked: list[str] = []
    three.on("request", lambda request: asked.append(request.url + (request.post_data or "")))
    three.locator('[data-part="note"]').first.fill("秘密备注")
    three.locator('[data-part="note"]').first.press("Tab")
    three.reload()
    expect(three.locator(".shortlist__item")).to_have_count(3)
    assert asked
    assert all(url.startswith(real_origin) and "秘密" not in url for url in asked)
    assert "秘密备注" in three.evaluate(STORED)
