"""The pages in a real browser: found, read, used; with scripts and without."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final, Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from plugins.catalogue import Catalogue
from plugins.publish.headers import CONTENT_SECURITY_POLICY
from plugins.search.documents import search_documents, search_lexicon
from plugins.search.index import build
from plugins.search.query import site_search
from plugins.search.vocabulary import Vocabulary

pytestmark = pytest.mark.browser

PAGE_KINDS = {
    "home": "/",
    "provinces": "/provinces/",
    "province": "/provinces/zhejiang/",
    "empty province": "/provinces/guizhou/",
    "city": "/provinces/zhejiang/330100/",
    "school with a profile": "/schools/hangzhou-jishi-xueyuan/",
    "school with a plan only": "/schools/hangzhou-xiaoshan-jishi-xueyuan/",
    "school not verified": "/schools/hunan-gongmao-jishi-xueyuan/",
    "majors": "/majors/",
    "major": "/majors/shukong-jiagong/",
    "major in a province": "/majors/shukong-jiagong/zhejiang/",
    "majors of a province": "/provinces/zhejiang/majors/",
    "schools by seats": "/provinces/zhejiang/by-seats/",
    "entries": "/entry/",
    "entry": "/entry/chuzhong/",
    "levels": "/levels/",
    "level": "/levels/jishi-xueyuan/",
    "search": "/search/",
    "search with results": "/search/?q=数控",
    "news": "/news/",
    "news of a province": "/news/zhejiang/",
    "article": "/news/national/2024-10-31-guojia-zhuxuejin/",
    "comparison": "/compare/?ids=hangzhou-jishi-xueyuan,hunan-gongmao-jishi-xueyuan",
    "empty comparison": "/compare/",
    "shortlist": "/shortlist/",
    "leaflet": "/leaflets/hangzhou-jishi-xueyuan/",
    "province leaflet": "/provinces/zhejiang/leaflet/",
    "aid": "/aid/",
    "priority": "/priority/",
    "priority of a province": "/priority/sichuan/",
    "county in two lists": "/priority/513431/",
    "county in no list": "/priority/330102/",
    "county leaflet": "/priority/513431/leaflet/",
    "list of areas": "/priority/lists/sanqu-sanzhou/",
    "verify": "/verify/",
    "verify a name": "/verify/?q=杭洲技师学院",
    "names of a province": "/verify/zhejiang/",
    "names of an empty province": "/verify/guizhou/",
    "term": "/term/",
    "online learning": "/online-learning/",
    "employment": "/employment/",
    "employment by major": "/employment/majors/",
    "news of a kind": "/news/zhengce-jiedu/",
    "offline": "/offline/",
    "offline province": "/offline/zhejiang/",
    "about": "/about/",
    "accessibility": "/accessibility/",
    "calendar": "/calendar/",
    "status": "/status/",
    "data": "/data/",
    "data dictionary": "/data/dictionary/",
    "reporting": "/reporting/",
    "report of a province": "/reporting/hunan/",
    "report of an empty province": "/reporting/guizhou/",
    "not found": "/nowhere/",
}
SCHEMES: Final[tuple[Literal["light", "dark"], ...]] = ("light", "dark")
WIDTHS = (320, 360, 768, 1280)


class Visit:
    """One visitor's page, with everything noted that must not happen."""

    def __init__(self, page: Page, origin: str) -> None:
        self.page = page
        self.origin = origin
        self.faults: list[str] = []
        page.on("console", self._note_console)
        page.on("pageerror", lambda error: self.faults.append(f"error: {error}"))
        page.on("request", self._note_request)

    def _note_console(self, message: Any) -> None:
        expected_404 = "/nowhere/" in message.location.get("url", "")
        if message.type in ("error", "warning") and not expected_404:
            self.faults.append(f"console: {message.text}")

    def _note_request(self, request: Any) -> None:
        if not request.url.startswith(self.origin):
            self.faults.append(f"off-origin request: {request.url}")

    def open(self, address: str) -> Page:
        self.page.goto(self.origin + address, wait_until="networkidle")
        return self.page


@pytest.fixture
def visit(chromium: Browser, real_origin: str) -> Iterator[Visit]:
    context = chromium.new_context(viewport={"width": 360, "height": 800}, locale="zh-CN")
    yield Visit(context.new_page(), real_origin)
    context.close()


@pytest.fixture
def visit_without_scripts(chromium: Browser, real_origin: str) -> Iterator[Visit]:
    context = chromium.new_context(
        viewport={"width": 360, "height": 800}, locale="zh-CN", java_script_enabled=False
    )
    yield Visit(context.new_page(), real_origin)
    context.close()


def axe_violations(page: Page) -> list[str]:
    # What is right is not told in full: telling it takes longer than finding what is wrong.
    results = Axe().run(page, options={"resultTypes": ["violations"]}).response
    return [
        f"{violation['impact']} {violation['id']}: {node['html'][:120]}"
        for violation in results["violations"]
        for node in violation["nodes"]
    ]


@pytest.mark.parametrize("kind", PAGE_KINDS)
def test_axe_finds_nothing_and_nothing_goes_wrong(visit: Visit, kind: str) -> None:
    page = visit.page
    violations = {}
    for scheme in SCHEMES:
        page.emulate_media(color_scheme=scheme)
        visit.open(PAGE_KINDS[kind])
        violations[scheme] = axe_violations(page)
    assert violations == {scheme: [] for scheme in SCHEMES}
    assert visit.faults == []


@pytest.mark.parametrize("kind", PAGE_KINDS)
def test_no_page_scrolls_sideways(visit: Visit, kind: str) -> None:
    too_wide = {}
    for width in WIDTHS:
        visit.page.set_viewport_size({"width": width, "height": 800})
        page = visit.open(PAGE_KINDS[kind])
        needed = page.evaluate("document.documentElement.scrollWidth")
        if needed > width:
            too_wide[width] = needed
    assert too_wide == {}


def test_search_finds_a_school_by_part_of_its_name(visit: Visit) -> None:
    page = visit.open("/")
    page.get_by_role("main").get_by_label("校名、地方或专业").fill("杭州技师")
    page.get_by_role("main").get_by_label("校名、地方或专业").press("Enter")
    expect(page).to_have_url(re.compile(r"/search/\?q="))
    first = page.locator("[data-search-results] [data-field=link]").first
    expect(first).to_have_text("杭州技师学院")
    first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("杭州技师学院")
    assert visit.faults == []


@pytest.mark.parametrize(
    "query", ["数控", "杭州技师", "温州汽车", "无人机", "高级技工 宁波", "NOPE"]
)
def test_the_page_lists_schools_in_the_order_of_the_command_line(
    visit: Visit, real_catalogue: Catalogue, query: str
) -> None:
    documents = search_documents(real_catalogue)
    lexicon = search_lexicon(real_catalogue)
    vocabulary = Vocabulary.of_documents(documents, lexicon)
    result = site_search(build(documents, lexicon), query, vocabulary)
    page = visit.open(f"/search/?q={query}")
    expect(page.locator("[data-search-status]")).not_to_be_empty()
    shown = page.locator("[data-search-results] [data-field=link]").all_text_contents()
    assert shown == [hit.name for hit in result.hits[:20]]


def test_search_answers_while_typing_and_tells_how_many(visit: Visit) -> None:
    page = visit.open("/search/")
    field = page.get_by_role("main").get_by_label("校名、地方或专业")
    field.press_sequentially("温州汽车", delay=30)
    expect(page.locator("[data-search-status]")).to_contain_text("所")
    expect(page.locator("[data-search-results] > li").first).to_be_visible()
    expect(page).to_have_url(re.compile("q="))


def test_search_without_a_hit_offers_other_ways(visit: Visit) -> None:
    page = visit.open("/search/?q=龘龘龘")
    expect(page.locator("[data-search-empty]")).to_be_visible()
    expect(page.get_by_role("link", name="浙江").first).to_be_visible()
    assert visit.faults == []


def test_loosened_answers_are_called_approximate(visit: Visit) -> None:
    page = visit.open("/search/?q=不存在的学校名")
    expect(page.locator("[data-search-status]")).to_contain_text("近似结果")
    expect(page.locator("[data-search-results] > li").first).to_be_visible()


def test_a_place_in_the_query_is_said_to_be_a_filter(visit: Visit) -> None:
    page = visit.open("/search/?q=杭州数控")
    expect(page.locator("[data-search-status]")).to_contain_text("只看：杭州")


def test_a_search_that_cannot_load_says_so_and_can_be_tried_again(visit: Visit) -> None:
    visit.page.route("**/search-index/**", lambda route: route.abort())
    visit.page.goto(visit.origin + "/search/?q=数控")
    expect(visit.page.locator("[data-search-error]")).to_be_visible()
    visit.page.unroute("**/search-index/**")
    visit.page.locator("[data-search-retry]").click()
    expect(visit.page.locator("[data-search-results] > li").first).to_be_visible()
    expect(visit.page.locator("[data-search-error]")).to_be_hidden()


def test_without_scripts_a_visitor_reaches_a_school_by_place(
    visit_without_scripts: Visit,
) -> None:
    page = visit_without_scripts.open("/")
    page.get_by_role("link", name="浙江").first.click()
    page.locator("summary", has_text="杭州市").click()
    page.get_by_role("link", name="杭州市的学校和专业").click()
    page.get_by_role("link", name="杭州技师学院").first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("杭州技师学院")
    expect(page.get_by_role("table").first).to_be_visible()


def test_without_scripts_search_still_offers_plain_ways(visit_without_scripts: Visit) -> None:
    page = visit_without_scripts.open("/search/?q=数控")
    page.locator("main").get_by_role("link", name="数控加工").first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("数控加工")


def test_the_keyboard_reaches_the_content_at_once(visit: Visit) -> None:
    page = visit.open("/schools/hangzhou-jishi-xueyuan/")
    page.keyboard.press("Tab")
    focused = page.evaluate("document.activeElement.getAttribute('href')")
    assert focused == "#main"


def test_a_strict_policy_of_the_server_breaks_nothing(visit: Visit) -> None:
    def add_policy(route: Any) -> None:
        answer = route.fetch()
        route.fulfill(
            response=answer,
            headers={**answer.headers, "content-security-policy": CONTENT_SECURITY_POLICY},
        )

    visit.page.route(re.compile(r"/(\?.*)?$"), add_policy)
    page = visit.open("/search/?q=数控")
    expect(page.locator("[data-search-results] > li").first).to_be_visible()
    assert visit.faults == []


def test_a_programme_table_keeps_its_meaning_as_cards_on_a_phone(visit: Visit) -> None:
    page = visit.open("/schools/hangzhou-jishi-xueyuan/")
    table = page.get_by_role("table").first
    expect(table).to_be_visible()
    assert table.locator("caption, thead th").count() > 0
    for cell in table.locator("tbody tr").first.locator("td").all():
        assert cell.get_attribute("data-label")


@pytest.mark.parametrize(
    "address", ["/", "/schools/hangzhou-jishi-xueyuan/", "/majors/shukong-jiagong/", "/search/"]
)
def test_first_view_is_light(visit: Visit, address: str) -> None:
    sizes: list[int] = []
    visit.page.on("response", lambda answer: sizes.append(len(answer.body())))
    visit.open(address)
    assert sum(sizes) < 200_000, "uncompressed bytes of page, styles and scripts"


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("/schools/hangzhou-jishi-xueyaun/", "hangzhou jishi xueyaun"),
        ("/majors/数控/index.html", "数控"),
    ],
)
def test_a_page_that_is_missing_puts_the_words_of_its_address_into_the_search(
    visit: Visit, address: str, words: str
) -> None:
    page = visit.open(address)
    field = page.get_by_role("main").get_by_label("校名、地方或专业")
    expect(field).to_have_value(words)
    field.press("Enter")
    expect(page.locator("[data-search-results] > li").first).to_be_visible()


@pytest.mark.parametrize("address", ["/nowhere.php/", "/%E6%95/", "/2024/06/18/"])
def test_a_page_that_is_missing_guesses_nothing_from_an_address_without_words(
    visit: Visit, address: str
) -> None:
    page = visit.open(address)
    expect(page.get_by_role("heading", level=1)).to_have_text("没有找到这个页面")
    expect(page.get_by_role("main").get_by_label("校名、地方或专业")).to_have_value("")
