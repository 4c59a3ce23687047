"""The search page as a visitor uses it: chips, filters, offers, suggestions, addresses.

The real site, in a real browser. What every page does is in test_pages.py; how typing, submitting
and failing behave with bare markup is in test_search_parity.py.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Locator, Page, Route, expect

from plugins.publish.headers import CONTENT_SECURITY_POLICY

pytestmark = pytest.mark.browser


class Visit:
    """One visitor, under the strict policy; `faults` is what the browser complained of."""

    def __init__(self, page: Page, origin: str) -> None:
        self.page = page
        self.origin = origin
        self.faults: list[str] = []
        page.on("pageerror", lambda error: self.faults.append(str(error)))
        page.on("console", self._note)
        page.route(re.compile(r"/search/(\?.*)?$"), self._add_policy)

    def _note(self, said: Any) -> None:
        if said.type in ("error", "warning"):
            self.faults.append(said.text)

    def _add_policy(self, route: Route) -> None:
        answer = route.fetch()
        headers = {**answer.headers, "content-security-policy": CONTENT_SECURITY_POLICY}
        route.fulfill(response=answer, headers=headers)

    def open(self, query: str = "") -> None:
        self.page.goto(f"{self.origin}/search/{query}", wait_until="networkidle")

    @property
    def field(self) -> Locator:
        return self.page.locator("#search-input")

    @property
    def results(self) -> Locator:
        return self.page.locator("[data-search-results] > li")

    @property
    def heading(self) -> Locator:
        return self.page.locator("[data-search-heading]")

    @property
    def status(self) -> Locator:
        return self.page.locator("[data-search-status]")

    @property
    def chips(self) -> Locator:
        return self.page.locator("[data-search-chips] li a")

    @property
    def options(self) -> Locator:
        return self.page.get_by_role("option").and_(self.page.locator("[data-suggestions] *"))

    def open_filters(self) -> None:
        self.page.locator("[data-search-filters] summary").click()
        expect(self.page.get_by_role("combobox", name="省份")).to_be_visible()

    def asked(self) -> dict[str, list[str]]:
        return parse_qs(urlsplit(self.page.url).query)

    def wait_for(self, condition: str) -> None:
        """As `wait_for_function`, which the policy forbids."""
        for _ in range(50):
            if self.page.evaluate(condition):
                return
            self.page.wait_for_timeout(100)
        pytest.fail(f"never true: {condition}")

    def sideways(self) -> bool:
        return bool(self.page.evaluate("document.documentElement.scrollWidth > innerWidth"))

    def axe(self) -> list[str]:
        found = Axe().run(self.page).response["violations"]
        return [f"{one['id']}: {node['html'][:120]}" for one in found for node in one["nodes"]]


def visit_of(browser: Browser, origin: str, **options: Any) -> Iterator[Visit]:
    settings = {"viewport": {"width": 360, "height": 800}, "locale": "zh-CN"} | options
    context = browser.new_context(**settings)
    yield Visit(context.new_page(), origin)
    context.close()


@pytest.fixture
def visit(chromium: Browser, real_origin: str) -> Iterator[Visit]:
    yield from visit_of(chromium, real_origin)


@pytest.fixture
def desk_visit(chromium: Browser, real_origin: str) -> Iterator[Visit]:
    yield from visit_of(chromium, real_origin, viewport={"width": 1280, "height": 800})


@pytest.fixture
def visit_without_scripts(chromium: Browser, real_origin: str) -> Iterator[Visit]:
    yield from visit_of(chromium, real_origin, java_script_enabled=False)


def count_in(text: str) -> int:
    found = re.search(r"[0-9]+", text)
    assert found, text
    return int(found.group())


def test_a_word_that_became_a_filter_is_a_link_that_takes_it_away(visit: Visit) -> None:
    visit.open("?q=杭州数控")
    expect(visit.chips).to_have_count(1)
    expect(visit.chips).to_have_accessible_name("去掉 杭州市")
    expect(visit.chips).to_have_attribute("href", re.compile(r"\?q=%E6%95%B0%E6%8E%A7$"))
    fewer = visit.results.count()
    visit.chips.click()
    expect(visit.field).to_have_value("数控")
    expect(visit.chips).to_have_count(0)
    expect(visit.heading).to_be_focused()
    expect(visit.results).not_to_have_count(fewer)
    visit.page.go_back()
    expect(visit.field).to_have_value("杭州数控")
    expect(visit.results).to_have_count(fewer)
    assert visit.faults == []


def test_matched_words_are_marked_in_the_name(visit: Visit) -> None:
    visit.open("?q=杭州轻工")
    first = visit.results.first
    expect(first.get_by_role("link")).to_have_text("杭州轻工技师学院")
    marks = first.locator("mark").all_text_contents()
    assert "".join(marks) == "杭州轻工"


def test_a_loosened_answer_says_so_in_heading_and_notes(visit: Visit) -> None:
    visit.open("?q=大理 龘龘龘")
    expect(visit.heading).to_contain_text("近似结果")
    expect(visit.page.locator("[data-search-notes] li")).to_contain_text("不看这个词")


def test_lists_to_choose_from_make_room_for_results_and_come_back(visit: Visit) -> None:
    ways = visit.page.locator("main").get_by_role(
        "heading", name=re.compile("按地区找|三种学校|开得多")
    )
    visit.open("?q=数控")
    expect(visit.results.first).to_be_visible()
    expect(ways).to_have_count(0)
    visit.field.fill("龘龘龘")
    expect(visit.heading).to_contain_text("没有找到")
    expect(ways).to_have_count(3)
    visit.open("")
    expect(ways).to_have_count(3)


def test_nothing_found_offers_places_and_majors_that_find_something(visit: Visit) -> None:
    visit.open("?q=龘龘龘")
    expect(visit.heading).to_have_text("没有找到与“龘龘龘”相符的学校")
    places = visit.page.locator('[data-search-offers="place"] a')
    expect(places).not_to_have_count(0)
    expect(visit.page.locator('[data-search-offers="major"] a')).not_to_have_count(0)
    assert visit.axe() == []
    assert not visit.sideways()
    number = count_in(visit.page.locator('[data-search-offers="place"] li').first.inner_text())
    places.first.click()
    expect(visit.heading).to_have_text(f"找到 {number} 所学校")
    assert visit.faults == []


def test_a_filter_goes_into_the_address_and_back_takes_it_out(visit: Visit) -> None:
    visit.open("?q=技师")
    before = visit.heading.inner_text()
    visit.open_filters()
    tick = visit.page.get_by_role("checkbox", name="招收高中毕业生")
    number = count_in(tick.locator("xpath=..").locator("[data-field=count]").inner_text())
    tick.press("Space")
    expect(visit.heading).to_have_text(f"找到 {number} 所学校")
    expect(tick).to_be_focused()
    assert visit.asked() == {"q": ["技师"], "entry": ["高中"]}
    expect(visit.page.locator("[data-search-filters] summary")).to_have_text("筛选（已选 1 项）")
    expect(visit.chips).to_have_accessible_name("去掉 招收高中毕业生")
    assert visit.axe() == []
    assert not visit.sideways()
    visit.page.go_back()
    expect(visit.heading).to_have_text(before)
    expect(tick).not_to_be_checked()
    expect(visit.chips).to_have_count(0)
    visit.page.go_forward()
    expect(tick).to_be_checked()
    assert visit.faults == []


def test_a_shared_address_brings_filters_order_and_length(visit: Visit) -> None:
    """In a new browser, with words that an app added to the address."""
    visit.open("?q=技师&entry=初中&order=name&page=2&from=singlemessage")
    expect(visit.results).to_have_count(40)
    expect(visit.page.locator("[data-search-order]")).to_have_value("name")
    expect(visit.chips).to_have_text("去掉招收初中毕业生×")
    visit.field.fill("技师学院")
    expect(visit.page).not_to_have_url(re.compile("from="))
    assert visit.asked() == {"q": ["技师学院"], "entry": ["初中"], "order": ["name"]}


def test_another_province_leaves_no_city_of_the_one_before(desk_visit: Visit) -> None:
    """Filters stand open beside the results; a list counts without its own choice."""
    desk_visit.open("?q=技师&province=zhejiang&city=330100")
    province = desk_visit.page.get_by_role("combobox", name="省份")
    expect(province).to_have_value("zhejiang")
    expect(desk_visit.chips).to_have_count(2)
    city = desk_visit.page.get_by_role("combobox", name="市", exact=True)
    assert city.locator("option").count() > 5
    province.select_option("guangdong")
    expect(desk_visit.chips).to_have_count(1)
    assert desk_visit.asked() == {"q": ["技师"], "province": ["guangdong"]}
    assert desk_visit.axe() == []


def test_another_order_keeps_the_schools_and_goes_into_the_address(visit: Visit) -> None:
    visit.open("?q=杭州数控")
    names = visit.results.get_by_role("link")
    before = names.all_text_contents()
    visit.page.get_by_role("combobox", name="排序").select_option("seats")
    expect(visit.page).to_have_url(re.compile("order=seats"))
    expect(names).not_to_have_text(before)
    after = names.all_text_contents()
    assert after != before
    assert sorted(after) == sorted(before)
    visit.page.go_back()
    expect(names).to_have_text(before)
    expect(visit.page.get_by_role("combobox", name="排序")).to_have_value("relevance")


def test_all_filters_are_cleared_at_once(visit: Visit) -> None:
    visit.open("?q=技师&entry=初中&verified=是")
    clear = visit.page.get_by_role("link", name="清除全部筛选")
    expect(visit.chips).to_have_count(2)
    clear.click()
    expect(visit.chips).to_have_count(0)
    assert visit.asked() == {"q": ["技师"]}


def test_filters_without_a_word_choose_from_all_schools(visit: Visit) -> None:
    visit.open()
    visit.open_filters()
    visit.page.get_by_role("combobox", name="省份").select_option("guangdong")
    expect(visit.heading).to_have_text(re.compile(r"找到 [0-9]+ 所学校"))
    assert visit.asked() == {"province": ["guangdong"]}


def test_a_filter_that_leaves_nothing_can_still_be_taken_back(visit: Visit) -> None:
    visit.open("?q=杭州数控&ownership=民办")
    expect(visit.chips).not_to_have_count(0)
    if visit.results.count() == 0:
        expect(visit.heading).to_contain_text("没有")
    visit.page.get_by_role("link", name=re.compile("去掉 民办")).click()
    expect(visit.heading).to_have_text(re.compile(r"找到 [0-9]+ 所学校"))


def test_more_is_a_link_whose_address_keeps_what_was_opened(visit: Visit) -> None:
    """Coming back from a school leads to the place on the page that was left."""
    visit.open("?q=技师")
    more = visit.page.get_by_role("link", name="再看 20 所")
    expect(more).to_have_attribute("href", re.compile("page=2"))
    more.click()
    expect(visit.results).to_have_count(40)
    expect(visit.results.nth(20).get_by_role("link")).to_be_focused()
    expect(visit.status).to_contain_text("已显示 40 所")
    assert visit.asked()["page"] == ["2"]
    visit.results.nth(30).scroll_into_view_if_needed()
    visit.wait_for("history.state.top === scrollY && scrollY > 0")
    top = visit.page.evaluate("scrollY")
    visit.results.nth(30).get_by_role("link").click()
    expect(visit.page.locator("h1")).not_to_have_text("查找学校")
    visit.page.go_back()
    expect(visit.results).to_have_count(40)
    visit.wait_for(f"Math.abs(scrollY - {top}) < 2")


def test_suggestions_are_taken_by_keyboard(visit: Visit) -> None:
    visit.open()
    visit.field.press_sequentially("hangz", delay=20)
    expect(visit.options.first).to_be_visible()
    expect(visit.field).to_have_attribute("aria-expanded", "true")
    assert visit.axe() == []
    visit.field.press("ArrowDown")
    expect(visit.options.first).to_have_attribute("aria-selected", "true")
    active = visit.options.first.get_attribute("id")
    expect(visit.field).to_have_attribute("aria-activedescendant", str(active))
    visit.field.press("End")
    expect(visit.field).not_to_have_attribute("aria-activedescendant", re.compile("."))
    visit.field.press("Escape")
    expect(visit.options).to_have_count(0)
    expect(visit.field).to_have_value("hangz")
    visit.field.press("ArrowDown")
    place = visit.page.locator("[data-suggestions=place] [role=option]").first
    expect(place).to_be_visible()
    wanted = place.inner_text()
    for _ in range(visit.options.count()):
        visit.field.press("ArrowDown")
        if place.get_attribute("aria-selected") == "true":
            break
    visit.field.press("Enter")
    expect(visit.field).to_have_value(wanted)
    expect(visit.options).to_have_count(0)
    expect(visit.chips).not_to_have_count(0)
    assert visit.asked() == {"q": [wanted]}
    assert visit.faults == []


def test_a_suggested_school_leads_to_its_page(visit: Visit) -> None:
    visit.open()
    visit.field.press_sequentially("杭州轻工", delay=20)
    visit.page.get_by_role("option", name="杭州轻工技师学院").click()
    expect(visit.page.get_by_role("heading", level=1)).to_contain_text("杭州轻工技师学院")


def test_enter_inside_an_input_method_asks_nothing(visit: Visit) -> None:
    """Safari sends it with the key code 229 after the composition has ended."""
    visit.open()
    visit.field.focus()
    keyboard = visit.page.context.new_cdp_session(visit.page)
    keyboard.send(
        "Input.imeSetComposition", {"text": "shukong", "selectionStart": 7, "selectionEnd": 7}
    )
    prevented = visit.page.evaluate(
        """() => {
          const key = new KeyboardEvent("keydown", {key: "Enter", keyCode: 229, cancelable: true});
          return !document.querySelector("#search-input").dispatchEvent(key);
        }"""
    )
    assert prevented
    visit.page.wait_for_timeout(600)
    expect(visit.options).to_have_count(0)
    assert visit.asked() == {}
    keyboard.send("Input.insertText", {"text": "数控"})
    expect(visit.heading).to_have_text(re.compile(r"找到 [0-9]+ 所学校"))
    expect(visit.options.first).to_be_visible()


def test_a_screen_reader_is_told_once_and_not_at_each_letter(visit: Visit) -> None:
    visit.open()
    visit.page.evaluate(
        """() => {
          window.said = [];
          const status = document.querySelector("[data-search-status]");
          new MutationObserver(() => window.said.push(status.textContent))
            .observe(status, {childList: true});
        }"""
    )
    visit.field.press_sequentially("杭州技师", delay=170)
    expect(visit.status).to_have_text(re.compile(r"^找到 [0-9]+ 所学校。只看：杭州市"))
    assert len(visit.page.evaluate("window.said")) <= 2


def test_a_lost_index_shows_the_fault_and_retry_brings_the_answer(visit: Visit) -> None:
    visit.page.route("**/search-index/**", lambda route: route.abort())
    visit.open("?q=杭州数控")
    expect(visit.heading).to_have_text("没能取到搜索数据，请再试一次")
    expect(visit.chips).to_have_count(0)
    assert visit.axe() == []
    visit.page.unroute("**/search-index/**")
    visit.page.get_by_role("button", name="再试一次").click()
    expect(visit.results).not_to_have_count(0)
    expect(visit.chips).to_have_count(1)


def test_lost_counts_leave_the_results_and_can_be_asked_for_again(visit: Visit) -> None:
    visit.open("?q=数控")
    number = visit.results.count()
    visit.page.route("**/column-*", lambda route: route.abort())
    visit.page.locator("[data-search-filters] summary").click()
    again = visit.page.get_by_role("button", name="再取一次")
    expect(again).to_be_visible()
    expect(visit.results).to_have_count(number)
    visit.page.unroute("**/column-*")
    again.click()
    expect(visit.page.get_by_role("combobox", name="省份")).to_be_visible()
    expect(again).to_be_hidden()


def test_a_first_query_on_a_phone_fetches_no_code_for_what_nobody_looks_at(visit: Visit) -> None:
    fetched: list[str] = []
    visit.page.on("request", lambda request: fetched.append(request.url.split("/")[-1]))
    visit.open("?q=数控")
    expect(visit.results).not_to_have_count(0)
    unwanted = {"search-filters.js", "search-suggestions.js", "search-offers.js"}
    assert not unwanted & set(fetched)
    assert not any(name.startswith("column-") for name in fetched)


def test_results_that_arrive_late_move_nothing_in_view(visit: Visit) -> None:
    """Cumulative layout shift, as browsers measure it; 0.1 is what still counts as good."""
    visit.page.add_init_script(
        """window.shifts = 0;
        new PerformanceObserver((list) => list.getEntries().forEach((entry) => {
          window.shifts += entry.hadRecentInput ? 0 : entry.value;
        })).observe({type: "layout-shift", buffered: true});"""
    )
    visit.open("?q=技师")
    expect(visit.results).to_have_count(20)
    assert visit.page.evaluate("window.shifts") < 0.1


def test_without_scripts_words_lead_to_the_plain_lists(visit_without_scripts: Visit) -> None:
    visit = visit_without_scripts
    visit.open("?q=数控&entry=初中")
    expect(visit.page.get_by_text("查找要用到脚本")).to_be_visible()
    expect(visit.page.locator("[data-search-filters]")).to_be_hidden()
    visit.field.fill("杭州")
    visit.page.get_by_role("button", name="查找").click()
    assert visit.asked() == {"q": ["杭州"]}
    visit.page.locator("main").get_by_role("link", name="浙江").first.click()
    expect(visit.page.get_by_role("heading", level=1)).to_contain_text("浙江")


@pytest.mark.parametrize("media", [{"forced_colors": "active"}, {"reduced_motion": "reduce"}])
def test_every_state_can_be_used_at_320_pixels(
    chromium: Browser, real_origin: str, media: dict[str, Any]
) -> None:
    for visit in visit_of(chromium, real_origin, viewport={"width": 320, "height": 700}, **media):
        visit.open("?q=杭州数控&entry=初中")
        visit.open_filters()
        visit.field.fill("杭州技")
        expect(visit.options.first).to_be_visible()
        assert not visit.sideways()
        box = visit.page.locator("[data-search-suggestions]").bounding_box()
        field = visit.field.bounding_box()
        assert box is not None
        assert field is not None
        assert abs(box["y"] - field["y"] - field["height"]) <= 6, "the list hangs from the field"
        assert visit.faults == []


def test_a_result_shows_the_matching_programmes_of_a_plan_that_is_past(visit: Visit) -> None:
    """At most three, with seats, the word marked, and the plan's year."""
    visit.open("?q=杭州数控")
    plan = visit.results.locator('[data-field="plan"]:not([hidden])').first
    expect(plan).to_contain_text("2025 年计划（往年）")
    expect(plan.locator("mark").first).to_have_text("数控")
    assert 1 <= len(re.findall(r" [0-9]+ 人", plan.inner_text().replace("\xa0", " "))) <= 3
    visit.open("?q=杭州轻工技师学院")
    expect(visit.results.first.locator('[data-field="plan"]')).to_be_hidden()
    assert visit.faults == []


def test_a_result_can_be_put_on_the_visitors_list(visit: Visit) -> None:
    """The button of each result says which school it is for; the list survives a new question."""
    visit.open("?q=杭州轻工")
    button = visit.results.first.locator("[data-save]")
    expect(button).to_have_accessible_name(re.compile("加入清单 ?：杭州轻工技师学院"))
    button.click()
    expect(button).to_have_accessible_name(re.compile("移出清单 ?：杭州轻工技师学院"))
    visit.open("?q=杭州轻工技师")
    expect(visit.results.first.locator("[data-save]")).to_have_attribute("data-saved", "")
    assert visit.faults == []
    assert visit.axe() == []


def test_a_chosen_filter_is_named_though_it_leaves_nothing(visit: Visit) -> None:
    """Also before anybody opened the filters."""
    visit.open("?q=龘龘龘&province=xizang&entry=初中")
    expect(visit.chips).to_have_text(["去掉西藏自治区×", "去掉招收初中毕业生×"])
