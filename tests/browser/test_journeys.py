"""Whole journeys: what people come for, done as they would do it, from the first page on."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

pytestmark = pytest.mark.browser

REAL = "/schools/hangzhou-jishi-xueyuan/"
UNVERIFIED = "/schools/hunan-gongmao-jishi-xueyuan/"
THREE = ("hangzhou-jishi-xueyuan", "ningbo-jishi-xueyuan", "hangzhou-xiaoshan-jishi-xueyuan")


@pytest.fixture
def phone(chromium: Browser) -> Iterator[Page]:
    """A visitor with a small phone."""
    context = chromium.new_context(viewport={"width": 360, "height": 740}, locale="zh-CN")
    yield context.new_page()
    context.close()


def test_a_graduate_in_guizhou_looks_for_car_repair(phone: Page, real_origin: str) -> None:
    """Her province has sent no register: she is told so, and led on, not left."""
    phone.goto(real_origin + "/")
    phone.locator("main").get_by_role("link", name=re.compile("^贵州")).first.click()
    main = phone.locator("main")
    expect(main.get_by_role("heading", level=1)).to_contain_text("贵州")
    expect(main).to_contain_text("还没有")
    expect(main.get_by_role("link", name="12333").first).to_have_attribute("href", "tel:12333")
    expect(main.get_by_role("link", name=re.compile("四川|重庆|云南|湖南")).first).to_be_visible()

    box = phone.get_by_role("searchbox").first
    box.fill("汽车维修")
    box.press("Enter")
    expect(phone).to_have_url(re.compile(r"/search/\?q="))
    expect(phone.locator("[data-search-results] > li").first).to_be_visible()

    phone.locator(".site-header").get_by_role("link", name="专业").click()
    main.locator("summary").filter(has_text="交通类").click()
    main.get_by_role("link", name="汽车维修", exact=True).first.click()
    expect(main.get_by_role("heading", level=1)).to_contain_text("汽车维修")
    expect(main).to_contain_text("初中")
    expect(main).to_contain_text("往年")
    main.locator('a[href^="/majors/qiche-weixiu/"]').first.click()
    main.locator('a[href^="/schools/"]').first.click()
    expect(phone).to_have_url(re.compile(r"/schools/[a-z0-9-]+/$"))
    expect(main.get_by_role("heading", level=1)).not_to_be_empty()
    expect(main).to_contain_text("不代表今年还招")


def test_the_graduate_finds_out_whether_tuition_is_free(phone: Page, real_origin: str) -> None:
    phone.goto(real_origin + REAL)
    phone.locator(".site-header").get_by_role("link", name="资助").click()
    expect(phone).to_have_url(real_origin + "/aid/")
    main = phone.locator("main")
    for words in ("免学费", "国家助学金", "2,300", "12333"):
        expect(main).to_contain_text(words)


def test_a_parent_checks_whether_a_school_is_real(phone: Page, real_origin: str) -> None:
    phone.goto(real_origin + "/")
    phone.get_by_role("searchbox").first.fill("杭州技师学院")
    phone.get_by_role("searchbox").first.press("Enter")
    phone.locator("[data-search-results]").get_by_role("link", name="杭州技师学院").first.click()
    main = phone.locator("main")
    expect(main.get_by_text("已核验", exact=True).first).to_be_visible()
    expect(main).to_contain_text("浙人社办发〔2025〕16号")
    expect(main).to_contain_text("2025 年 5 月 7 日")

    phone.goto(real_origin + UNVERIFIED)
    expect(main.get_by_text("待主管部门核验").first).to_be_visible()
    expect(main.get_by_role("link", name="12333").first).to_be_visible()

    phone.locator(".site-footer").get_by_role("link", name="怎样查真伪").click()
    expect(phone.locator("#check")).to_be_in_viewport()
    expect(phone.locator("#check")).to_contain_text("办学许可")


def test_a_school_that_does_not_exist_is_not_made_up(phone: Page, real_origin: str) -> None:
    phone.goto(real_origin + "/search/?q=龘龘国际龘龘")
    status = phone.locator("[data-search-status]")
    expect(status).not_to_be_empty()
    expect(phone.locator("[data-search-results]").get_by_text("龘")).to_have_count(0)


def test_a_student_compares_three_schools_and_sends_the_link(
    phone: Page, real_origin: str, chromium: Browser
) -> None:
    link = f"{real_origin}/compare/?ids={','.join(THREE)}"
    phone.goto(link)
    expect(phone.get_by_role("table").first).to_be_visible()
    for school_id in THREE:
        expect(phone.locator(f'main a[href="/schools/{school_id}/"]').first).to_be_visible()
    assert phone.url.replace("%2C", ",") == link

    friend = chromium.new_context(viewport={"width": 1280, "height": 800}, locale="zh-CN")
    theirs = friend.new_page()
    theirs.goto(phone.url)
    for school_id in THREE:
        expect(theirs.locator(f'main a[href="/schools/{school_id}/"]').first).to_be_visible()
    friend.close()


@pytest.mark.parametrize("width", [360, 1280])
def test_a_screen_reader_is_told_the_columns_of_a_programme_table(
    phone: Page, real_origin: str, width: int
) -> None:
    """The accessibility tree keeps table, rows and headers when the table looks like cards."""
    phone.set_viewport_size({"width": width, "height": 740})
    phone.goto(real_origin + REAL)
    phone.locator("#plan summary").last.click()
    table = phone.locator("#plan").get_by_role("table").filter(has_text="人").last
    headers = table.get_by_role("columnheader").all_inner_texts()
    assert "专业" in headers
    assert "学制" in headers
    rows = table.get_by_role("row").filter(has=phone.get_by_role("rowheader"))
    assert rows.count() >= 1
    first = rows.first
    expect(first.get_by_role("rowheader")).to_have_count(1)
    assert first.get_by_role("cell").count() == len(headers) - 1
    said = table.aria_snapshot()
    assert re.search(r"table \"[^\"]+\"", said), "the table has a name"


def test_news_lead_from_the_header_to_the_document_behind_them(
    phone: Page, real_origin: str
) -> None:
    phone.goto(real_origin + "/")
    phone.locator(".site-header").get_by_role("link", name="新闻").click()
    phone.get_by_role("link", name="浙江公布 2025 年技工院校招生计划").click()
    main = phone.locator("main")
    expect(main.get_by_role("heading", level=1)).to_contain_text("浙江公布 2025 年")
    expect(main).to_contain_text("这是 2025 年的消息")
    expect(main).to_contain_text("浙人社办发〔2025〕16号")


def test_a_lost_visitor_can_search_from_the_page_that_is_not_there(
    phone: Page, real_origin: str
) -> None:
    answer = phone.goto(real_origin + "/nowhere/")
    assert answer is not None
    assert answer.status == 404
    phone.get_by_role("searchbox").fill("数控")
    phone.get_by_role("searchbox").press("Enter")
    expect(phone.locator("[data-search-results] > li").first).to_be_visible()
