"""Every attack, in every place that shows contributed words, opened in a real Chromium.

`ATTACKS=all` opens every page of the careless sites; without it a third of them is opened where a
third proves the same. `docs/security.md` says what is attacked and why.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Final
from urllib.parse import quote

import pytest
from playwright.sync_api import Browser, Playwright

from tests.conftest import launch_chromium
from tests.security.hostile_site import SCHOOLS, HostileSites, build_hostile_sites
from tests.security.naive_pages import naive_pages
from tests.security.vectors import CLOBBERED, EVIL, vectors
from tests.security.visitor import Visitor, other_hosts, served, served_pages

pytestmark = pytest.mark.browser

STEP: Final = 1 if os.environ.get("ATTACKS") == "all" else 3

_FOUND: Final = """
(clobbered) => ({
  schemes: [...new Set([...document.querySelectorAll("[href], [src], [action], [data]")].flatMap(
    (element) => ["href", "src", "action", "data"].map((name) => element.getAttribute(name))
      .filter((value) => value !== null).map((value) => new URL(value, "https://own.test").protocol)
  ))],
  hosts: [...new Set([...document.querySelectorAll("[src], [srcset], [action], link[href]")]
    .flatMap((element) => ["src", "action"].map((name) => element.getAttribute(name)))
    .filter((value) => value !== null).map((value) => new URL(value, "https://own.test").host))],
  elements: [...new Set([...document.querySelectorAll("main *")].map((e) => e.localName))],
  clobbered: clobbered.filter((name) => document[name] instanceof Element
    && !["body", "head", "documentElement", "currentScript", "activeElement"].includes(name)),
})
"""
"""What a page holds that an attack could have brought in."""

FORBIDDEN: Final = {
    "iframe", "object", "embed", "style", "link", "meta", "base", "math", "video", "audio",
    "noscript", "foreignobject", "frame", "frameset", "marquee", "portal", "applet", "animate",
    "set",
}  # fmt: skip


@pytest.fixture(scope="module")
def hostile_sites(tmp_path_factory: pytest.TempPathFactory) -> HostileSites:
    return build_hostile_sites(tmp_path_factory.mktemp("hostile"))


@pytest.fixture(scope="module")
def elsewhere() -> Iterator[tuple[int, list[bytes]]]:
    """All hosts but this machine: the port that stands for them, and what they are told."""
    with other_hosts() as found:
        yield found


@pytest.fixture(scope="module")
def chromium(browser_driver: Playwright, elsewhere: tuple[int, list[bytes]]) -> Iterator[Browser]:
    """A browser of its own for which every other host is `elsewhere`."""
    rules = f"--host-resolver-rules=MAP * 127.0.0.1:{elsewhere[0]}, EXCLUDE 127.0.0.1"
    browser = launch_chromium(browser_driver, rules)
    yield browser
    browser.close()


@pytest.fixture
def greetings(elsewhere: tuple[int, list[bytes]]) -> list[bytes]:
    """What other hosts hear in this test; the browser itself may ask its maker for things."""
    elsewhere[1].clear()
    return elsewhere[1]


def heard_by_attacker(greetings: list[bytes]) -> list[bytes]:
    return [greeting for greeting in greetings if EVIL.encode() in greeting]


def school_pages() -> list[str]:
    return [f"/schools/yanshi-{number:02}/" for number in range(SCHOOLS)]


def other_pages(site: Path) -> list[str]:
    """One page of every kind that shows contributed words, all notices, and the feeds."""
    notices = [
        f"/{file.parent.relative_to(site)}/" for file in sorted(site.glob("news/*/*/index.html"))
    ]
    lists = (
        "/", "/provinces/", "/provinces/zhejiang/", "/provinces/zhejiang/330100/",
        "/provinces/zhejiang/by-seats/", "/provinces/zhejiang/jishi-xueyuan/",
        "/provinces/zhejiang/majors/", "/provinces/zhejiang/leaflet/", "/majors/",
        "/majors/shukong-jiagong/", "/majors/shukong-jiagong/zhejiang/", "/entry/chuzhong/",
        "/levels/jishi-xueyuan/", "/news/", "/news/zhejiang/", "/news/2026/", "/about/", "/data/",
        "/aid/", "/calendar/", "/data/dictionary/", "/reporting/", "/reporting/zhejiang/",
        "/404.html",
        "/leaflets/yanshi-00/", "/leaflets/yanshi-11/", "/leaflets/yanshi-22/",
        "/news/atom.xml", "/news/zhejiang/atom.xml", "/sitemap.xml", "/robots.txt",
        "/data/schools.json", "/reporting/zhejiang.json",
    )  # fmt: skip
    found = [
        address
        for address in lists
        if (site / address.lstrip("/") / "index.html").exists()
        or (site / address.lstrip("/")).is_file()
    ]
    assert len(notices) == 5
    assert len(found) >= len(lists) - 3, set(lists) - set(found)
    return [*notices, *found]


def hostile_addresses() -> list[str]:
    """Questions, lists of schools and missing pages that are attacks themselves."""
    texts = [vector.text for vector in vectors()]
    asked = [" ".join(texts[start::60])[:1500] for start in range(6)]
    return [
        *(f"/search/?q={quote('演示 ' + text)}" for text in asked[:3]),
        *(
            f"/search/?q=演示&{name}={quote(texts[700 + at])}&page=1"
            for at, name in enumerate(("province", "level", "major"))
        ),
        "/search/?q=演示",
        f"/search/?q={quote(texts[3])}#{quote(texts[4])}",
        *(
            f"/compare/?ids={','.join(f'yanshi-{at + step:02}' for step in range(4))}"
            for at in (0, 8, 16)
        ),
        f"/compare/?ids=yanshi-01,{quote(asked[4])}",
        f"/compare/?ids={quote(asked[5])}",
        f"/{quote(texts[1], safe='')}",
        f"/nowhere/?{quote(texts[2])}",
    ]


def hostile_list() -> str:
    """A stored list of schools that another script, or the visitor's cousin, has tampered with."""
    texts = [vector.text for vector in vectors()]
    schools = [
        {"id": f"yanshi-{at:02}", "name": texts[at * 7], "place": texts[at * 11],
         "note": texts[at * 13]}
        for at in range(12)
    ]  # fmt: skip
    tampered = [{"id": texts[at * 17], "name": "演示", "place": "", "note": ""} for at in range(12)]
    return json.dumps({"schools": [*schools, *tampered]})


def assert_nothing_brought_in(visitor: Visitor, address: str) -> None:
    with visitor.opened(address) as page:
        visitor.provoke(page)
        found = page.evaluate(_FOUND, list(CLOBBERED))
        assert page.url == visitor.origin + address
    assert set(found["schemes"]) <= {"https:", "mailto:", "tel:"}, address
    assert set(found["hosts"]) <= {"own.test"}, address
    assert not FORBIDDEN & set(found["elements"]), address
    assert found["clobbered"] == [], address


def test_nothing_runs_with_the_policy_off(
    chromium: Browser, hostile_sites: HostileSites, greetings: list[bytes]
) -> None:
    """Escaping and sanitiser alone hold: no attack runs, and nobody else is asked for anything."""
    with served(hostile_sites.guarded, policed=False) as origin:
        visitor = Visitor(chromium, origin)
        for address in (*school_pages(), *other_pages(hostile_sites.guarded)):
            assert_nothing_brought_in(visitor, address)
    assert (visitor.seen.ran, visitor.seen.fetched, visitor.seen.led_away) == ([], [], [])
    assert visitor.seen.handlers == 0
    assert heard_by_attacker(greetings) == []


def test_nothing_runs_in_what_scripts_show_with_the_policy_off(
    chromium: Browser, hostile_sites: HostileSites, greetings: list[bytes]
) -> None:
    """Search results, suggestions, comparisons, saved schools: made of hostile data by scripts."""
    with served(hostile_sites.guarded, policed=False) as origin:
        visitor = Visitor(chromium, origin)
        for address in hostile_addresses():
            visitor.visit(address, wait_ms=150)
        visitor.visit("/shortlist/", 150, **{"jixiao-shortlist": hostile_list()})
        with visitor.opened("/search/") as page:
            box = page.locator("#search-input")
            box.click()
            for vector in vectors()[::400]:
                box.fill("演示" + vector.text[:40])
                page.wait_for_timeout(150)
            box.fill("演示")
            option = page.locator("[data-suggestions] [role=option]").first
            option.wait_for()
            assert "X(" in option.inner_text()
            visitor.provoke(page)
        with visitor.opened("/search/?q=演示") as page:
            result = page.locator("[data-search-results] > li").first
            result.wait_for()
            assert "X(" in result.inner_text()
            visitor.provoke(page)
    assert (visitor.seen.ran, visitor.seen.fetched, visitor.seen.led_away) == ([], [], [])
    assert visitor.seen.handlers == 0
    assert heard_by_attacker(greetings) == []


def test_nothing_runs_without_the_sanitiser_under_the_policy(
    chromium: Browser, hostile_sites: HostileSites
) -> None:
    """The policy alone holds: with raw attacks in the page nothing runs and nothing is fetched.

    A redirect by `<meta>` and a link are beyond any policy, and a browser may greet the host of a
    link before anybody follows it; the sanitiser is what stops them.
    """
    pages = naive_pages()
    with served_pages(pages, policed=True) as origin:
        visitor = Visitor(chromium, origin)
        for address in pages:
            visitor.try_visit(address)
    assert visitor.seen.handlers > 1000
    assert (visitor.seen.ran, visitor.seen.fetched, visitor.seen.lost) == ([], [], [])
    with served(hostile_sites.careless, policed=True) as origin:
        visitor = Visitor(chromium, origin)
        for address in school_pages()[::STEP]:
            visitor.try_visit(address)
    assert visitor.seen.handlers > 100
    assert (visitor.seen.ran, visitor.seen.fetched) == ([], [])


def test_the_same_attacks_run_in_a_naive_site(chromium: Browser, greetings: list[bytes]) -> None:
    """The control: without sanitiser, escaping and policy hundreds run, so the tests can fail."""
    pages = dict(list(naive_pages().items())[::STEP])
    with served_pages(pages, policed=False) as origin:
        visitor = Visitor(chromium, origin)
        for address in pages:
            visitor.try_visit(address)
    numbers = {str(vector.number): vector.family for vector in vectors()}
    ran = {number for number in visitor.seen.ran if number in numbers}
    assert len(ran) >= (900 if STEP == 1 else 300)
    assert {numbers[number] for number in ran} >= {"handler", "markdown", "namespace", "breakout"}
    assert len(set(visitor.seen.fetched)) >= 5
    assert heard_by_attacker(greetings) != []
