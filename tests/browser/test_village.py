"""Whole journeys of those for whom nobody else builds: a village worker, a student of a mountain
county, a parent who has just been called. Each on a small phone, from the first page on.

With the environment variable SCREENSHOTS set to a folder, each step leaves a picture there.
"""

from __future__ import annotations

import io
import os
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import zxingcpp
from PIL import Image
from playwright.sync_api import Browser, Page, ViewportSize, expect

from plugins.publish.headers import CONTENT_SECURITY_POLICY
from plugins.site.leaflet_pdf import print_province
from tests.browser.pdf import page_count

pytestmark = pytest.mark.browser

SMALL: ViewportSize = {"width": 360, "height": 740}
A4_INSIDE: ViewportSize = {"width": 718, "height": 1047}
"""A4 less the margins of the leaflet, in CSS pixels."""

Look = Callable[[str], None]


def watched(page: Page, origin: str) -> list[str]:
    """What must not happen on a page: errors, and requests to anybody else."""
    faults: list[str] = []
    page.on("console", lambda said: faults.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on(
        "request", lambda asked: None if asked.url.startswith(origin) else faults.append(asked.url)
    )
    return faults


@pytest.fixture
def phone(chromium: Browser, real_origin: str) -> Iterator[Page]:
    context = chromium.new_context(viewport=SMALL, locale="zh-CN", base_url=real_origin)
    yield context.new_page()
    context.close()


@pytest.fixture
def look(phone: Page, request: pytest.FixtureRequest) -> Look:
    folder = os.environ.get("SCREENSHOTS")

    def take(step: str) -> None:
        if folder:
            name = request.node.name.removeprefix("test_")
            phone.screenshot(path=Path(folder) / f"{name}-{step}.png", full_page=True)

    return take


def test_a_village_worker_prints_ten_leaflets(phone: Page, look: Look, real_origin: str) -> None:
    """One sheet a school, and each number can be checked on the site."""
    faults = watched(phone, real_origin)
    phone.goto("/")
    phone.locator("main").get_by_role("link", name=re.compile("^浙江")).first.click()
    phone.locator("main").get_by_role("link", name="打印学校名单").click()
    look("list")
    links = phone.locator('.leaflet__majors a[href^="/leaflets/"]').all()[:10]
    addresses = [link.get_attribute("href") or "" for link in links]
    assert len(set(addresses)) == 10

    numbers: dict[str, str] = {}
    for address in addresses:
        phone.goto(address)
        sheet = phone.pdf(prefer_css_page_size=True)
        assert page_count(sheet) == 1
        number = phone.locator(".leaflet__foot b").inner_text()
        numbers[number] = phone.get_by_role("heading", level=1).inner_text()
    look("leaflet")
    phone.set_viewport_size(A4_INSIDE)
    phone.emulate_media(media="print")
    picture = Image.open(io.BytesIO(phone.screenshot(full_page=True))).convert("L")
    (code,) = zxingcpp.read_barcodes(picture)
    assert code.text.endswith(addresses[-1].replace("/leaflets/", "/schools/"))
    phone.emulate_media(media="screen")
    phone.set_viewport_size(SMALL)

    assert len(numbers) == 10
    for number, name in numbers.items():
        phone.goto(f"/verify/?q={number}")
        expect(phone.locator("[data-verify-answer]")).to_contain_text("编号对得上")
        expect(phone.locator("[data-verify-answer] h2")).to_have_text(name)
    look("checked")
    assert faults == []


def test_the_lists_of_a_province_with_priority_counties_come_as_pdf(
    real_site: Path, tmp_path: Path
) -> None:
    """Of all counties that have a list: here two, as each PDF is printed by its own browser."""
    site = tmp_path / "site"
    shutil.copytree(real_site, site, copy_function=os.link)
    first, second, *others = sorted(site.glob("priority/53????/leaflet"))
    for folder in others:
        shutil.rmtree(folder)
    files = print_province(site, "yunnan", tmp_path / "pdf", counties=True)
    lists = [file for file in files if file.stem.isdecimal()]
    assert [file.stem for file in lists] == [first.parent.name, second.parent.name]
    assert "yunnan.pdf" in [file.name for file in files]
    assert [page_count(file.read_bytes()) for file in lists] == [1, 1]


def test_the_list_of_a_county_fits_on_one_sheet(phone: Page, real_site: Path) -> None:
    """Each of a whole province's, printed by the browser that is open."""
    counties = sorted(real_site.glob("priority/53????/leaflet"))
    assert len(counties) == 13
    for county in counties:
        phone.goto(f"/{county.relative_to(real_site)}/")
        assert page_count(phone.pdf(prefer_css_page_size=True)) == 1, county


def test_a_student_in_liangshan_finds_priority_schools(
    phone: Page, look: Look, real_origin: str
) -> None:
    """By links alone, down to her county; told honestly what is past and whom to ask."""
    faults = watched(phone, real_origin)
    phone.goto("/")
    phone.get_by_role("link", name="我的家乡有没有优先？").first.click()
    look("start")
    phone.locator("main").get_by_role("link", name=re.compile("^四川")).click()
    phone.get_by_role("link", name="凉山彝族自治州", exact=True).click()
    expect(phone.locator("#c513400")).to_be_in_viewport()
    phone.locator("#c513400").get_by_role("link", name=re.compile("^昭觉县")).click()
    expect(phone).to_have_url(f"{real_origin}/priority/513431/")
    main = phone.locator("main")
    expect(main).to_contain_text("三区三州")
    expect(main).to_contain_text("52 个挂牌督战县")
    expect(main).to_contain_text("以前的")
    expect(main).to_contain_text("还没有学校在本站写明")
    expect(main.get_by_role("link", name="12333").first).to_have_attribute("href", "tel:12333")
    look("answer")
    main.get_by_role("link", name=re.compile("打印成一页纸")).click()
    assert phone.pdf(prefer_css_page_size=True).count(b"/Type /Page\n") == 1
    look("paper")
    assert faults == []


def test_the_search_box_only_helps_with_the_same_answer(phone: Page, real_origin: str) -> None:
    phone.goto("/priority/")
    phone.get_by_label("也可以打县名").fill("昭觉")
    link = phone.locator("[data-county-results] a")
    expect(link).to_have_count(1)
    link.click()
    expect(phone).to_have_url(f"{real_origin}/priority/513431/")


def test_a_school_that_declares_priority_is_found_from_the_county(
    chromium: Browser, small_origin: str
) -> None:
    context = chromium.new_context(viewport=SMALL, base_url=small_origin)
    page = context.new_page()
    page.goto("/priority/330110/")
    row = page.locator("#schools").get_by_role("row").last
    expect(row).to_contain_text("演示：同等条件下先录取")
    expect(row).to_contain_text("0571-10000001")
    row.get_by_role("link").click()
    expect(page).to_have_url(f"{small_origin}/schools/yanshi-jishi-xueyuan/")
    context.close()


def test_a_parent_checks_a_name_from_a_phone_call(
    phone: Page, look: Look, real_origin: str
) -> None:
    """The caller's name is one sign off; the answer never says 假, and warns of the likeness."""
    faults = watched(phone, real_origin)
    phone.goto("/")
    phone.locator(".site-header").get_by_role("link", name="查真伪").click()
    box = phone.get_by_label("校名、代码、拼音或编号")
    answer = phone.locator("[data-verify-answer]")

    box.fill("杭洲技师学院")
    box.press("Enter")
    expect(answer).to_contain_text("未在本平台名单中")
    expect(answer.get_by_role("link", name="杭州技师学院")).to_be_visible()
    expect(answer).to_contain_text("不能说明它是假的")
    expect(answer).to_contain_text("12333")
    look("lookalike")
    assert "q=" in phone.url

    box.fill("杭州技师学院")
    box.press("Enter")
    expect(answer).to_contain_text("在名册里，已核验")
    expect(answer).to_contain_text("浙人社办发〔2025〕16号")
    expect(answer).to_contain_text("2025 年 5 月 7 日")
    look("real")

    box.fill("湖南工贸技师学院")
    box.press("Enter")
    expect(answer).to_contain_text("待主管部门核验")
    expect(phone.locator("#signs")).to_contain_text("先别交钱")
    look("unverified")
    assert faults == []


def test_a_link_with_the_question_can_be_sent_on(phone: Page) -> None:
    phone.goto("/verify/?q=杭州技师学院")
    expect(phone.locator("[data-verify-answer]")).to_contain_text("在名册里，已核验")


def test_a_closed_or_merged_school_says_what_became_of_it(
    chromium: Browser, small_origin: str
) -> None:
    context = chromium.new_context(viewport=SMALL, base_url=small_origin)
    page = context.new_page()
    page.goto("/verify/?q=演示旧技工学校")
    answer = page.locator("[data-verify-answer]")
    expect(answer).to_contain_text("已并入演示石河子技师学院")
    expect(answer.locator(".verdict--yes")).to_have_count(0)
    page.goto("/verify/?q=演示宁波高级技工学校")
    expect(answer).to_contain_text("停止招生")
    context.close()


def test_what_is_typed_is_only_text(phone: Page, real_origin: str) -> None:
    faults = watched(phone, real_origin)
    phone.goto("/verify/?q=<img src=x onerror=alert(1)>演示")
    expect(phone.locator("[data-verify-answer]")).to_contain_text("未在本平台名单中")
    assert phone.locator("[data-verify-answer] img").count() == 0
    assert faults == []


def test_without_scripts_a_name_is_found_in_its_provinces_list(
    chromium: Browser, real_origin: str
) -> None:
    context = chromium.new_context(viewport=SMALL, java_script_enabled=False, base_url=real_origin)
    page = context.new_page()
    page.goto("/verify/")
    expect(page.get_by_label("校名、代码、拼音或编号")).to_be_hidden()
    page.locator("#lists").get_by_role("link", name=re.compile("^浙江")).click()
    page.get_by_role("link", name="H", exact=True).click()
    row = page.locator("#H li", has=page.get_by_role("link", name="杭州技师学院", exact=True))
    expect(row).to_contain_text("已核验")
    expect(row).to_contain_text("浙人社办发〔2025〕16号")
    expect(row).to_contain_text(re.compile("[0-9]{8}-[0-9A-Z]{6}"))
    page.goto("/priority/")
    expect(page.get_by_label("也可以打县名")).to_be_hidden()
    context.close()


def test_the_names_can_be_checked_again_once_the_line_is_back(phone: Page) -> None:
    phone.route("**/data/verify.json", lambda route: route.abort())
    phone.goto("/verify/?q=杭州技师学院")
    expect(phone.locator("[data-verify-answer]")).to_contain_text("名单没有取到")
    phone.unroute("**/data/verify.json")
    phone.get_by_role("button", name="查", exact=True).click()
    expect(phone.locator("[data-verify-answer]")).to_contain_text("已核验")


@pytest.mark.parametrize("address", ["/verify/?q=杭州技师学院", "/priority/"])
def test_the_servers_policy_breaks_nothing(phone: Page, real_origin: str, address: str) -> None:
    faults = watched(phone, real_origin)

    def add_policy(route: object) -> None:
        answer = route.fetch()  # type: ignore[attr-defined]
        headers = {**answer.headers, "content-security-policy": CONTENT_SECURITY_POLICY}
        route.fulfill(response=answer, headers=headers)  # type: ignore[attr-defined]

    phone.route(re.compile(r"/(\?.*)?$"), add_policy)
    phone.goto(address, wait_until="networkidle")
    if "verify" in address:
        expect(phone.locator("[data-verify-answer]")).to_contain_text("已核验")
    else:
        phone.get_by_label("也可以打县名").fill("昭觉")
        expect(phone.locator("[data-county-results] a")).to_have_count(1)
    assert faults == []
