"""Without a network: what was opened, what was saved, and what happens on the way there."""

from __future__ import annotations

import datetime as dt
import json
import random
import re
import shutil
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from plugins.site.build import build
from tests.browser.bad_line import Line, bad_line
from tests.conftest import TODAY, add_photo, quiet

pytestmark = pytest.mark.browser

SCHOOL = "/schools/yanshi-jishi-xueyuan/"
OTHER = "/schools/yanshi-ningbo-gaoji-jigong-xuexiao/"
FAR = "/schools/yanshi-beijing-jishi-xueyuan/"


@pytest.fixture
def line(small_site: Path) -> Iterator[Line]:
    with bad_line(small_site) as given:
        yield given


@pytest.fixture
def context(chromium: Browser) -> Iterator[BrowserContext]:
    given = chromium.new_context(viewport={"width": 360, "height": 740}, locale="zh-CN")
    given.set_default_timeout(20_000)
    yield given
    given.close()


@pytest.fixture
def phone(context: BrowserContext) -> Page:
    page = context.new_page()
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on(
        "console",
        lambda said: (
            faults.append(said.text)
            if "Content Security Policy" in said.text or "Trusted" in said.text
            else None
        ),
    )
    page.faults = faults  # type: ignore[attr-defined]
    return page


TWO_G = {
    "offline": False, "latency": 400, "downloadThroughput": 250_000 / 8,
    "uploadThroughput": 50_000 / 8, "connectionType": "cellular2g",
}  # fmt: skip
"""EDGE as a village has it: 250 kbit/s down, 0.4 s until the first byte."""
FAST = TWO_G | {"latency": 0, "downloadThroughput": -1, "uploadThroughput": -1}


def with_worker(page: Page, address: str) -> None:
    """Open a page and wait until the worker has it in its hands."""
    page.goto(address, wait_until="load")
    page.evaluate("navigator.serviceWorker.ready.then(() => 0)")
    page.wait_for_function("() => navigator.serviceWorker.controller !== null")


def wait_until(page: Page, expression: str) -> None:
    """Until a promise is kept with true; `wait_for_function` does not wait for promises."""
    for _ in range(200):
        if page.evaluate(expression):
            return
        page.wait_for_timeout(50)
    pytest.fail(f"never true: {expression}")


def caches_of(page: Page, part: str) -> list[str]:
    names: list[str] = page.evaluate("caches.keys()")
    return [name for name in names if part in name]


def save(page: Page, origin: str, province: str = "zhejiang") -> None:
    """As a visitor does it: the size first, then yes."""
    with_worker(page, f"{origin}/offline/{province}/")
    box = page.locator("[data-module=save-province]")
    box.get_by_role("button", name="存下本省").click()
    expect(box.locator("[data-part=state]")).to_contain_text(re.compile(r"要占 [\d.]+ (MB|KB)"))
    box.get_by_role("button", name="开始存").click()
    expect(box).to_have_attribute("data-saved", "")


def test_the_page_that_was_opened_first_is_readable_without_a_network(
    phone: Page, line: Line
) -> None:
    with_worker(phone, line.origin + SCHOOL)
    wait_until(phone, f"caches.match('{SCHOOL}').then((kept) => kept !== undefined)")
    line.down()
    phone.reload()
    expect(phone.get_by_role("heading", level=1)).to_contain_text("演示")
    notice = phone.locator("[data-saved-notice]")
    expect(notice).to_contain_text(re.compile(r"这一页保存于 \d{4} 年"))
    assert phone.evaluate("getComputedStyle(document.querySelector('.page-head, h1')).fontWeight")
    assert phone.evaluate("document.styleSheets.length") >= 1
    assert phone.faults == []  # type: ignore[attr-defined]


def test_a_page_that_was_never_opened_says_so_and_leads_on(
    phone: Page, context: BrowserContext, line: Line
) -> None:
    with_worker(phone, line.origin + "/")
    context.set_offline(True)
    phone.goto(line.origin + FAR)
    expect(phone.locator("[data-saved-notice]")).to_contain_text("没有保存过")
    expect(phone.get_by_role("heading", level=1)).to_have_text("没有网络也能看")


def test_a_name_is_checked_without_a_network_once_the_site_was_opened(
    phone: Page, context: BrowserContext, line: Line
) -> None:
    """Whoever is called by a stranger need not have opened 查真伪 before."""
    with_worker(phone, line.origin + SCHOOL)
    wait_until(phone, "caches.match('/verify/').then((kept) => kept !== undefined)")
    context.set_offline(True)
    line.down()
    answer = phone.locator("[data-verify-answer]")
    phone.goto(line.origin + "/verify/?q=演示技师学院")
    expect(answer).to_contain_text("在名册里，已核验")
    expect(phone.locator("[data-saved-notice]")).to_contain_text("这一页保存于")
    for asked, said in (
        ("演示计师学院", "未在本平台名单中"),
        ("演示宁波高级技工学校", "停止招生"),
        ("yanshi", "所学校的名字里有它"),
    ):
        phone.get_by_label("校名、代码、拼音或编号").fill(asked)
        phone.get_by_role("button", name="查", exact=True).click()
        expect(answer).to_contain_text(said)
    assert phone.faults == []  # type: ignore[attr-defined]


def test_on_a_very_slow_line_the_names_are_not_fetched_unasked(phone: Page, line: Line) -> None:
    with_worker(phone, line.origin + SCHOOL)
    kept = "caches.match('/data/verify.json').then((kept) => kept !== undefined)"
    wait_until(phone, kept)
    forget = """async () => {
      for (const name of await caches.keys()) {
        await (await caches.open(name)).delete("/data/verify.json");
      }
    }"""
    phone.evaluate(forget)
    session = phone.context.new_cdp_session(phone)
    session.send("Network.emulateNetworkConditions", TWO_G | {"latency": 2500})
    phone.reload(wait_until="load")
    phone.wait_for_timeout(1500)
    assert not phone.evaluate(kept)
    session.send("Network.emulateNetworkConditions", FAST)
    phone.reload(wait_until="load")
    wait_until(phone, kept)


def test_with_a_network_nothing_says_that_it_was_saved(phone: Page, line: Line) -> None:
    with_worker(phone, line.origin + SCHOOL)
    phone.reload()
    expect(phone.get_by_role("heading", level=1)).to_be_visible()
    assert phone.evaluate("'savedOn' in document.documentElement.dataset") is False
    expect(phone.locator("[data-saved-notice]")).to_have_count(0)


def test_a_saved_province_is_whole_without_a_network(
    phone: Page, context: BrowserContext, line: Line
) -> None:
    save(phone, line.origin)
    context.set_offline(True)
    line.down()
    phone.goto(line.origin + "/provinces/zhejiang/")
    links = phone.locator("main a[href^='/schools/']")
    addresses = links.evaluate_all("links => [...new Set(links.map((a) => a.pathname))]")
    assert len(addresses) >= 3
    for address in addresses:
        phone.goto(line.origin + address)
        expect(phone.locator("[data-saved-notice]")).to_contain_text("保存于")
        assert phone.evaluate("location.pathname") == address
        expect(phone.get_by_role("heading", level=1)).not_to_have_text("没有网络也能看")
    phone.goto(line.origin + SCHOOL)
    photo = phone.locator(".gallery img").first
    photo.scroll_into_view_if_needed()
    phone.wait_for_function("() => document.querySelector('.gallery img').naturalWidth > 0")
    assert phone.faults == []  # type: ignore[attr-defined]


def test_search_filters_and_a_major_work_in_a_saved_province(
    phone: Page, context: BrowserContext, line: Line
) -> None:
    save(phone, line.origin)
    context.set_offline(True)
    phone.goto(line.origin + "/search/?q=数控")
    expect(phone.locator("[data-search-saved]")).to_contain_text("只在存下的浙江里找")
    first = phone.locator("[data-search-results] [data-field=link]").first
    expect(first).to_be_visible()
    number = phone.locator("[data-search-results] > li").count()
    phone.locator("[data-search-filters] summary").click()
    phone.locator("[data-filters-group=entry] input").first.check()
    expect(phone).to_have_url(re.compile("entry="))
    assert 0 < phone.locator("[data-search-results] > li").count() <= number
    first.click()
    expect(phone.locator("[data-saved-notice]")).to_contain_text("保存于")
    # The page of a major of the whole country was not saved; that of the province was.
    phone.goto(line.origin + "/majors/shukong-jiagong/")
    expect(phone).to_have_url(line.origin + "/majors/shukong-jiagong/zhejiang/")


def test_a_choice_of_provinces_where_two_are_saved(
    phone: Page, context: BrowserContext, line: Line
) -> None:
    save(phone, line.origin, "zhejiang")
    save(phone, line.origin, "beijing")
    context.set_offline(True)
    phone.goto(line.origin + "/search/?q=演示")
    choice = phone.locator("[data-search-saved] select")
    expect(choice).to_have_value("beijing")
    beijing = phone.locator("[data-search-results] [data-field=link]")
    expect(beijing.first).to_contain_text("北京")
    choice.select_option("zhejiang")
    expect(beijing.first).not_to_contain_text("北京")


def test_losing_the_line_while_searching_goes_on_with_what_was_saved(
    phone: Page, context: BrowserContext, line: Line
) -> None:
    save(phone, line.origin)
    phone.goto(line.origin + "/search/", wait_until="networkidle")
    context.set_offline(True)
    phone.locator("#search-input").fill("数控")
    expect(phone.locator("[data-search-saved]")).to_contain_text("只在存下的浙江里找")
    expect(phone.locator("[data-search-results] [data-field=link]").first).to_be_visible()


def test_saving_survives_2g_that_loses_answers(phone: Page, line: Line) -> None:
    """Slow, late, and one answer in five is lost, by a seeded chance."""
    with_worker(phone, f"{line.origin}/offline/zhejiang/")
    phone.context.new_cdp_session(phone).send("Network.emulateNetworkConditions", TWO_G)
    chance = random.Random(2)  # noqa: S311 - the same losses in every run
    lost: list[str] = []

    def loses(number: int, path: str) -> bool:
        if chance.random() >= 0.2:
            return False
        lost.append(path)
        return True

    line.loses = loses
    box = phone.locator("[data-module=save-province]")
    box.get_by_role("button", name="存下本省").click()
    start = box.get_by_role("button", name=re.compile("开始存"))
    expect(start).to_be_visible()
    since = time.monotonic()
    start.click()
    expect(box).to_have_attribute("data-saved", "", timeout=180_000)
    took = time.monotonic() - since
    size = json.loads((line.folder / "offline/zhejiang.json").read_bytes())["bytes"]
    assert took > size / TWO_G["downloadThroughput"] / 2, "the line was not slow"
    assert len(lost) > 5
    line.down()
    phone.goto(line.origin + OTHER)
    expect(phone.locator("[data-saved-notice]")).to_contain_text("保存于")


def test_a_line_that_creeps_is_not_taken_for_a_dead_one(phone: Page, line: Line) -> None:
    """A large file may take longer than the silence after which a line is given up."""
    with_worker(phone, f"{line.origin}/offline/zhejiang/")
    # A minute of the page is two seconds here; the search index alone takes four.
    phone.evaluate(
        "(real => { window.setTimeout = (work, ms) => real(work, ms / 30); })(window.setTimeout)"
    )
    line.creeps = lambda path: 4.0 if path.endswith("-search.json") else 0.0
    box = phone.locator("[data-module=save-province]")
    box.get_by_role("button", name="存下本省").click()
    box.get_by_role("button", name=re.compile("开始存")).click()
    expect(box).to_have_attribute("data-saved", "", timeout=20_000)


def test_a_pause_keeps_what_is_there_and_a_later_visit_goes_on(
    phone: Page, context: BrowserContext, line: Line
) -> None:
    with_worker(phone, f"{line.origin}/offline/zhejiang/")
    box = phone.locator("[data-module=save-province]")
    box.get_by_role("button", name="存下本省").click()
    start = box.get_by_role("button", name=re.compile("开始存"))
    expect(start).to_be_visible()
    before = len(line.asked)
    line.loses = lambda number, path: number > before + 12
    start.click()
    expect(box.get_by_role("button", name="先停一下")).to_be_visible()
    phone.wait_for_function("() => document.querySelector('progress').value > 0")
    box.get_by_role("button", name="先停一下").click()
    expect(box.locator("[data-part=state]")).to_contain_text("存到一半")
    # Half a province is no province.
    line.down()
    phone.goto(line.origin + OTHER)
    expect(phone.locator("[data-saved-notice]")).to_contain_text("没有保存过")
    line.loses = lambda number, path: False
    line.asked.clear()
    line.up()
    with_worker(phone, f"{line.origin}/offline/zhejiang/")
    before = len(line.asked)
    box.get_by_role("button", name="接着存").click()
    expect(box).to_have_attribute("data-saved", "")
    files = phone.evaluate("fetch('/offline/zhejiang.json').then((a) => a.json())")["files"]
    assert 0 < len(line.asked) - before < len(files)


def test_a_full_device_is_told_in_plain_words_and_keeps_no_half(
    phone: Page, context: BrowserContext, line: Line
) -> None:
    with_worker(phone, f"{line.origin}/offline/zhejiang/")
    box = phone.locator("[data-module=save-province]")
    box.get_by_role("button", name="存下本省").click()
    start = box.get_by_role("button", name=re.compile("开始存"))
    expect(start).to_be_visible()
    session = context.new_cdp_session(phone)
    used = phone.evaluate("navigator.storage.estimate().then((it) => it.usage)")
    session.send(
        "Storage.overrideQuotaForOrigin", {"origin": line.origin, "quotaSize": used + 150_000}
    )
    start.click()
    expect(box.locator("[data-part=state]")).to_contain_text("空间不够")
    assert caches_of(phone, "-saved-") == []
    # With the room back the same visitor can save.
    session.send("Storage.overrideQuotaForOrigin", {"origin": line.origin})
    box.get_by_role("button", name="存下本省").click()
    box.get_by_role("button", name=re.compile("开始存")).click()
    expect(box).to_have_attribute("data-saved", "")


def test_too_little_room_is_said_before_anything_is_fetched(
    phone: Page, context: BrowserContext, line: Line
) -> None:
    # Chromium always says that there are 10 GB; other browsers say what there is.
    context.add_init_script(
        "navigator.storage.estimate = async () => ({ quota: 300000, usage: 250000 });"
    )
    with_worker(phone, f"{line.origin}/offline/zhejiang/")
    # What checks names is fetched after the page was opened, its page last; it is no part of the
    # province.
    wait_until(phone, "caches.match('/verify/').then((kept) => kept !== undefined)")
    asked = len(line.asked)
    box = phone.locator("[data-module=save-province]")
    box.get_by_role("button", name="存下本省").click()
    expect(box.locator("[data-part=state]")).to_contain_text("只剩 50 KB，放不下")
    assert set(line.asked[asked:]) == {"/offline/zhejiang.json"}


def test_a_saved_province_can_be_removed(phone: Page, line: Line) -> None:
    save(phone, line.origin)
    phone.goto(line.origin + "/offline/")
    item = phone.locator("[data-offline-list] > div")
    expect(item).to_have_count(1)
    expect(item).to_contain_text("浙江已经存在")
    item.get_by_role("button", name=re.compile(r"移除\s*浙江")).click()
    expect(item.locator("[data-part=state]")).to_contain_text("已经移除")
    assert caches_of(phone, "-saved-") == []


def test_what_was_opened_can_be_cleared_and_a_saved_province_stays(
    phone: Page, context: BrowserContext, line: Line
) -> None:
    save(phone, line.origin)
    phone.goto(line.origin + FAR)
    wait_until(phone, f"caches.match('{FAR}').then((kept) => kept !== undefined)")
    phone.goto(line.origin + "/offline/")
    phone.get_by_role("button", name="清掉打开过的页面").click()
    expect(phone.locator("[data-offline-cleared]")).to_contain_text("清掉了")
    context.set_offline(True)
    phone.goto(line.origin + FAR)
    expect(phone.locator("[data-saved-notice]")).to_contain_text("没有保存过")
    phone.goto(line.origin + SCHOOL)
    expect(phone.locator("[data-saved-notice]")).to_contain_text("保存于")


def test_a_photo_opened_by_itself_is_the_small_one_without_a_network(
    phone: Page, context: BrowserContext, line: Line
) -> None:
    save(phone, line.origin)
    context.set_offline(True)
    phone.goto(line.origin + SCHOOL)
    large = phone.locator(".gallery a").first.get_attribute("href")
    phone.goto(f"{line.origin}{large}")
    assert phone.evaluate("document.images[0].naturalWidth") == 480


@pytest.fixture(scope="module")
def next_build(tmp_path_factory: pytest.TempPathFactory, small_site: Path) -> Path:
    """The site a day later, with a changed school."""
    folder = tmp_path_factory.mktemp("next")
    content = folder / "content"
    shutil.copytree(Path(__file__).parents[1] / "fixtures/small", content)
    add_photo(content / "schools/zhejiang/yanshi-jishi-xueyuan")
    profile = content / "schools/zhejiang/yanshi-jishi-xueyuan/profile.md"
    text = profile.read_text("utf-8")
    profile.write_text(text.replace("## 优势特色", "## 优势特色\n\n演示新消息一则。\n", 1), "utf-8")
    build(content, folder / "output", TODAY + dt.timedelta(days=1), quiet())
    return folder / "output"


def test_a_build_that_comes_while_a_province_is_saved_is_saved_whole_or_not_at_all(
    phone: Page, line: Line, next_build: Path
) -> None:
    """No page of the old build stays beside one of the new."""
    with_worker(phone, f"{line.origin}/offline/zhejiang/")
    box = phone.locator("[data-module=save-province]")
    box.get_by_role("button", name="存下本省").click()
    start = box.get_by_role("button", name=re.compile("开始存"))
    expect(start).to_be_visible()
    before = len(line.asked)

    def publish(path: str) -> None:
        if len(line.asked) > before + 10:
            line.folder = next_build

    line.before_answer = publish
    start.click()
    expect(box).to_have_attribute("data-saved", "")
    [name] = caches_of(phone, "-saved-")
    days = phone.evaluate(
        """async (name) => {
          const cache = await caches.open(name);
          const days = new Set();
          for (const request of await cache.keys()) {
            const text = await (await cache.match(request)).text();
            const day = /生成日期：<time datetime="([^"]+)"/.exec(text);
            if (day) days.add(day[1]);
          }
          return [...days];
        }""",
        name,
    )
    assert days == [(TODAY + dt.timedelta(days=1)).isoformat()]


def test_an_update_fetches_only_what_changed_and_replaces_the_old(
    phone: Page, line: Line, next_build: Path
) -> None:
    save(phone, line.origin)
    line.folder = next_build
    with_worker(phone, f"{line.origin}/offline/zhejiang/")
    box = phone.locator("[data-module=save-province]")
    box.get_by_role("button", name="更新").click()
    start = box.get_by_role("button", name=re.compile("开始存"))
    expect(start).to_be_visible()
    before = len(line.asked)
    start.click()
    expect(box).to_have_attribute("data-saved", "")
    expect(box.get_by_role("button", name="更新")).to_be_visible()
    assert not [path for path in line.asked[before:] if path.startswith("/photos/")]
    assert len(caches_of(phone, "-saved-")) == 1
    line.down()
    phone.goto(line.origin + SCHOOL)
    expect(phone.locator("main")).to_contain_text("演示新消息一则")


def test_a_plan_that_is_over_since_says_so(
    context: BrowserContext, phone: Page, line: Line
) -> None:
    """Saved while enrolment was open, read a year later."""
    save(phone, line.origin)
    context.set_offline(True)
    phone.clock.install(time=dt.datetime(2027, 3, 1, tzinfo=dt.UTC))
    phone.goto(line.origin + SCHOOL)
    expect(phone.locator("[data-saved-notice]")).to_contain_text("都是往年的")
    expect(phone.locator("#plan .stamp").first).to_have_text("往年")
    expect(phone.locator("#apply")).not_to_contain_text("现在可以报名")
    expect(phone.locator("#apply")).to_contain_text("往年的报名办法")
    phone.goto(line.origin + "/provinces/zhejiang/330100/")
    expect(phone.locator(".school-row__facts").first).to_contain_text("（往年）")


WORKER_OF_BEFORE = """const BUILD = "before";
self.addEventListener("install", (event) => event.waitUntil(
  caches.open("jixiao-1-shell-before").then(() => self.skipWaiting())));
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));
self.addEventListener("fetch", (event) => {
  if (event.request.mode === "navigate") {
    event.respondWith(new Response("<h1>stale</h1>", {headers: {"Content-Type": "text/html"}}));
  }
});
"""


def test_a_stale_worker_is_replaced_by_the_next_build(
    phone: Page, small_site: Path, tmp_path: Path
) -> None:
    """A faulty worker that answers every page itself goes as soon as a good one is published."""
    site = tmp_path / "site"
    shutil.copytree(small_site, site)
    good = (site / "sw.js").read_bytes()
    (site / "sw.js").write_text(WORKER_OF_BEFORE)
    with bad_line(site) as line:
        with_worker(phone, line.origin + SCHOOL)
        phone.reload()
        expect(phone.get_by_role("heading")).to_have_text("stale")
        (site / "sw.js").write_bytes(good)
        phone.reload()  # the browser looks for a newer worker at each navigation
        wait_until(
            phone,
            "(async () => (await caches.keys()).every((name) => !name.endsWith('shell-before')))()",
        )
        phone.reload()
        expect(phone.get_by_role("heading", level=1)).to_contain_text("演示")


def test_the_kill_switch_takes_a_worker_away_and_leaves_what_was_saved(
    phone: Page, small_site: Path, tmp_path: Path
) -> None:
    site = tmp_path / "site"
    shutil.copytree(small_site, site)
    with bad_line(site) as line:
        save(phone, line.origin)
        retired = Path(__file__).parents[2] / "themes/jixiao/worker/retired.js"
        (site / "sw.js").write_bytes(retired.read_bytes())
        phone.goto(line.origin + "/404.html")
        phone.evaluate("navigator.serviceWorker.getRegistration().then((it) => it?.update())")
        wait_until(
            phone, "(async () => (await navigator.serviceWorker.getRegistration()) === undefined)()"
        )
        assert len(caches_of(phone, "-saved-")) == 1


def test_a_worker_of_another_format_waits_until_no_page_of_the_old_is_open(
    phone: Page, context: BrowserContext, small_site: Path, tmp_path: Path
) -> None:
    site = tmp_path / "site"
    shutil.copytree(small_site, site)
    with bad_line(site) as line:
        save(phone, line.origin)
        new = (site / "sw.js").read_text().replace("const FORMAT = 1;", "const FORMAT = 2;", 1)
        (site / "sw.js").write_text(new)
        phone.evaluate("navigator.serviceWorker.getRegistration().then((it) => it.update())")
        wait_until(
            phone,
            "(async () => (await navigator.serviceWorker.getRegistration()).waiting !== null)()",
        )
        assert len(caches_of(phone, "jixiao-1-saved-")) == 1
        phone.goto("about:blank")
        phone.wait_for_timeout(300)
        phone.goto(line.origin + SCHOOL)
        wait_until(
            phone,
            "(async () => (await caches.keys()).every((name) => name.startsWith('jixiao-2-')))()",
        )


def test_without_scripts_the_site_is_as_it_was(chromium: Browser, line: Line) -> None:
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(line.origin + "/offline/")
    expect(page.locator("main")).to_contain_text("拷到 U 盘")
    expect(page.locator("noscript")).to_have_count(1)
    page.goto(line.origin + "/provinces/zhejiang/")
    expect(page.get_by_role("button", name="存下本省")).to_have_count(0)
    context.close()


def test_without_scripts_nothing_is_promised_about_saving(plain: Page, real_origin: str) -> None:
    plain.goto(f"{real_origin}/offline/")
    expect(plain.get_by_role("columnheader", name="手机里占")).to_have_count(0)
    expect(plain.get_by_text("打开再看").first).to_be_hidden()
    expect(plain.get_by_role("link", name=re.compile("浙江省的离线包"))).to_be_visible()
