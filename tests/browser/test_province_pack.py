"""A province's pack, unzipped as from a USB stick and opened from the disk."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

pytestmark = pytest.mark.browser

ONE, OTHER = "yanshi-jishi-xueyuan", "yanshi-dier-jigong-xuexiao"


@pytest.fixture(scope="module")
def pack(small_site: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The unzipped folder; a place with a space and Chinese in its name, as desktops have."""
    stick = tmp_path_factory.mktemp("stick") / "我的 U 盘"
    with zipfile.ZipFile(small_site / "offline/zhejiang.zip") as archive:
        archive.extractall(stick)
    return stick / "jixiao-zhejiang"


class Reader:
    """Somebody at a computer without a network; `faults` is what must not happen."""

    def __init__(self, page: Page, folder: Path) -> None:
        self.page = page
        self.folder = folder
        self.faults: list[str] = []
        page.on("pageerror", lambda error: self.faults.append(f"error: {error}"))
        page.on(
            "console",
            lambda said: said.type in ("error", "warning") and self.faults.append(said.text),
        )
        page.on("request", self._note)
        page.on("requestfailed", self._note_failure)

    def _note(self, request: Any) -> None:
        if not request.url.startswith(self.folder.as_uri()):
            self.faults.append(f"request: {request.url}")

    def _note_failure(self, request: Any) -> None:
        if request.failure != "net::ERR_ABORTED":  # the page was left before its icon was read
            self.faults.append(f"failed: {request.url} {request.failure}")

    def open(self, file: str = "index.html") -> Page:
        self.page.goto((self.folder / file).as_uri(), wait_until="load")
        return self.page


@pytest.fixture
def reader(chromium: Browser, pack: Path) -> Iterator[Reader]:
    context = chromium.new_context(viewport={"width": 1280, "height": 800}, locale="zh-CN")
    context.set_offline(True)
    yield Reader(context.new_page(), pack)
    context.close()


def test_the_first_page_says_what_it_is_and_of_which_day(reader: Reader) -> None:
    page = reader.open()
    expect(page.get_by_role("heading", level=1)).to_have_text("浙江省技工院校")
    expect(page.locator("main")).to_contain_text("2026 年 6 月 1 日")
    expect(page.get_by_role("heading", name="这是离线包")).to_be_visible()
    expect(page.locator("[data-module=save-province]")).to_be_hidden()
    assert sorted(path.name for path in reader.folder.iterdir()) == ["files", "index.html"]
    assert reader.faults == []


def test_search_and_filters_work_from_the_disk(reader: Reader) -> None:
    page = reader.open()
    box = page.locator("#offline-search")
    box.fill("数控")
    box.press("Enter")
    results = page.locator("[data-search-results] > li")
    expect(results.first).to_be_visible()
    before = results.count()
    page.locator("[data-filters-group=entry] input").first.check()
    expect(page).to_have_url(re.compile(r"search/index\.html\?q=.*entry="))
    assert 0 < results.count() <= before
    page.locator("#search-input").fill("yanshi")
    page.locator("#search-input").press("Enter")
    expect(results.first).to_be_visible()
    results.first.locator("[data-field=link]").click()
    expect(page).to_have_url(re.compile(r"/files/schools/[a-z-]+/index\.html$"))
    expect(page.get_by_role("heading", level=1)).to_contain_text("演示")
    page.go_back()
    expect(results.first).to_be_visible()
    assert reader.faults == []


def test_a_suggestion_leads_to_a_school(reader: Reader) -> None:
    page = reader.open("files/search/index.html")
    field = page.locator("#search-input")
    field.click()
    field.press_sequentially("演示", delay=30)
    school = page.locator('[data-suggestions="school"] [role=option]').first
    expect(school).to_be_visible()
    school.click()
    expect(page).to_have_url(re.compile(r"/files/schools/[a-z-]+/index\.html$"))
    assert reader.faults == []


def test_photos_are_shown(reader: Reader) -> None:
    page = reader.open(f"files/schools/{ONE}/index.html")
    image = page.locator(".gallery img").first
    image.scroll_into_view_if_needed()
    expect(image).to_have_js_property("complete", True)
    assert image.evaluate("image => image.naturalWidth") == 480
    assert page.evaluate("getComputedStyle(document.body).fontFamily") != ""
    assert reader.faults == []


def test_a_page_prints(reader: Reader) -> None:
    page = reader.open(f"files/leaflets/{ONE}/index.html")
    pdf = page.pdf(format="A4")
    assert pdf.startswith(b"%PDF")
    assert len(re.findall(rb"/Type\s*/Page\b", pdf)) == 1
    assert reader.faults == []


def test_two_schools_are_compared_from_the_disk(reader: Reader) -> None:
    page = reader.open(f"files/schools/{ONE}/index.html")
    page.get_by_role("button", name=re.compile("加入清单")).first.click()
    page = reader.open(f"files/schools/{OTHER}/index.html")
    page.get_by_role("button", name=re.compile("加入清单")).first.click()
    page.locator(".site-header").get_by_role("link", name=re.compile("清单")).click()
    expect(page.locator("[data-shortlist-items] > li")).to_have_count(2)
    page.get_by_role("link", name="比较这 2 所").click()
    expect(page.locator("[data-compare-table] thead th")).to_have_count(3)
    page.get_by_role("button", name=re.compile("移出")).first.click()
    expect(page.locator("[data-compare-table] thead th")).to_have_count(2)
    expect(page).to_have_url(re.compile(r"compare/index\.html\?ids=[a-z-]+$"))
    assert reader.faults == []


def test_every_page_of_the_pack_opens_without_a_fault(reader: Reader) -> None:
    files = sorted(reader.folder.rglob("*.html"))
    assert len(files) > 15
    for file in files:
        reader.open(file.relative_to(reader.folder).as_posix())
        assert reader.faults == [], file


def test_a_link_that_needs_a_network_is_marked(reader: Reader) -> None:
    page = reader.open(f"files/schools/{ONE}/index.html")
    outside = page.locator("a[data-outside]")
    assert outside.count() > 0
    shown = outside.first.evaluate("link => getComputedStyle(link, '::after').content")
    # This build was given no address of the site, so such a link is only text.
    assert "离线包里没有" in shown
    assert outside.first.get_attribute("href") is None


def test_the_pack_is_read_without_scripts(chromium: Browser, pack: Path) -> None:
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto((pack / "index.html").as_uri())
    page.locator("main").get_by_role("link", name="按城市看全部学校").click()
    page.locator("main a[href*='schools/']").first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("演示")
    context.close()


def test_a_name_is_checked_from_the_disk(reader: Reader) -> None:
    """A name, one of another province, one that nobody knows, and the number on a sheet."""
    page = reader.open(f"files/leaflets/{ONE}/index.html")
    number = page.locator(".leaflet__foot b").inner_text()
    page = reader.open("files/verify/index.html")
    answer = page.locator("[data-verify-answer]")
    for asked, said in (
        ("演示技师学院", "在名册里，已核验"),
        ("演示北京技师学院", "演示北京技师学院（北京）"),
        ("演示计师学院", "未在本平台名单中"),
        (number, "编号对得上"),
    ):
        page.get_by_label("校名、代码、拼音或编号").fill(asked)
        page.get_by_role("button", name="查", exact=True).click()
        expect(answer).to_contain_text(said)
    expect(answer.locator(f"a[href$='/schools/{ONE}/index.html']")).to_be_visible()
    assert reader.faults == []
