"""Every attack, in every place that shows contributed words, opened in a real Chromium."""

# ruff: noqa: E501

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from http.server import ThreadingHTTPServer
from pathlib import Path
from urllib.parse import quote

import pytest
from playwright.sync_api import Browser, BrowserContext, Error, Page, Request, Route

from plugins.site.security_headers import CONTENT_SECURITY_POLICY
from plugins.site.serve import SiteHandler
from tests.attacks.hostile_site import SCHOOLS, HostileSites, build_hostile_sites
from tests.attacks.vectors import CLOBBERED, vectors

pytestmark = pytest.mark.browser

CANARY = "演示数据：执行了"
CANARY_SCRIPT = f"""
globalThis.X = (number) => console.debug("{CANARY} " + number);
for (const name of ["alert", "confirm", "prompt", "print", "open"]) {{
  globalThis[name] = () => globalThis.X(name);
}}
"""
"""In every document and frame before anything else: what an attack calls when it has won."""

PROVOKE = """
async (wait) => {
  // Attacks take the document's own methods away.
  const all = (selector) => Document.prototype.querySelectorAll.call(document, selector);
  // The site's own links and forms would lead away from the page; attacks may try theirs.
  addEventListener("click", (event) => {
    const link = event.target.closest?.("a[href], area[href]");
    if (link && /^(https?|mailto|tel|blob):/.test(link.protocol)) event.preventDefault();
  });
  addEventListener("submit", (event) => {
    if (event.target.action.startsWith(location.origin)) event.preventDefault();
  });
  await new Promise((done) => setTimeout(done, 20));
  let handlers = 0;
  for (const element of all("*")) {
    const names = element.getAttributeNames().filter((name) => name.startsWith("on"));
    handlers += names.length;
    for (const name of names) element.dispatchEvent(new Event(name.slice(2)));
    if (element.matches("details, dialog")) element.open = true;
    if (element.matches("main a, main area, main button, main input, main summary, main [href]"
        + ", main [tabindex], main label, main [role=option]")) {
      element.focus?.();
      for (const name of ["pointerover", "mouseover", "click", "blur", "animationstart", "toggle"]) {
        const kind = name === "click" ? MouseEvent : Event;
        element.dispatchEvent(new kind(name, { bubbles: true, cancelable: true }));
      }
    }
  }
  await new Promise((done) => setTimeout(done, wait));
  return handlers;
}
"""
"""Does to all elements what a visitor could do, and counts attributes that would run."""

ALLOWED = """
(clobbered) => ({
  schemes: [...new Set([...document.querySelectorAll("[href], [src], [action], [data]")].flatMap(
    (element) => ["href", "src", "action", "data"].map((name) => element.getAttribute(name))
      .filter((value) => value !== null).map((value) => new URL(value, "https://own.test").protocol)
  ))],
  elements: [...new Set([...document.querySelectorAll("main *")].map((e) => e.localName))],
  clobbered: clobbered.filter((name) => document[name] instanceof Element
    && !["body", "head", "documentElement", "currentScript", "activeElement"].includes(name)),
})
"""
FORBIDDEN = {"iframe", "object", "embed", "script", "style", "link", "meta", "base", "math", "video",
             "audio", "template", "noscript", "foreignobject", "frame", "marquee", "portal"}  # fmt: skip


@pytest.fixture(scope="session")
def hostile_sites(tmp_path_factory: pytest.TempPathFactory) -> HostileSites:
    return build_hostile_sites(tmp_path_factory.mktemp("hostile"))


class PolicedHandler(SiteHandler):
    """Sends the site's own policy, as the real server does."""

    def end_headers(self) -> None:
        self.send_header("Content-Security-Policy", CONTENT_SECURITY_POLICY)
        super().end_headers()


@contextmanager
def served(folder: Path, handler: type[SiteHandler]) -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(handler, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@dataclass
class Visitor:
    """One visitor and all that happened to them: what ran, and what was asked of other hosts."""

    page: Page
    origin: str
    ran: list[str] = field(default_factory=list)
    fetched: list[str] = field(default_factory=list)
    redirected: list[str] = field(default_factory=list)
    handlers: int = 0

    def watch(self) -> None:
        self.page.on("console", lambda message: self._hear(message.text))
        self.page.on("dialog", lambda dialog: (self.ran.append("dialog"), dialog.dismiss()))
        self.page.context.route(
            lambda url: not url.startswith((self.origin, "data:", "blob:")), self._answer
        )

    def _hear(self, text: str) -> None:
        if text.startswith(CANARY):
            self.ran.append(text.removeprefix(CANARY).strip())

    def _answer(self, route: Route, request: Request) -> None:
        kind = (
            self.redirected
            if request.is_navigation_request() and not request.frame.parent_frame
            else self.fetched
        )
        kind.append(request.url)
        # "No content": the page stays where it is, and the visit goes on.
        route.fulfill(status=204)

    def provoke(self, address: str, wait: int = 30) -> None:
        """Open an address and do to every element what a visitor could do."""
        self.page.goto(self.origin + address, wait_until="load")
        self.handlers += self.page.evaluate(PROVOKE, wait)


@contextmanager
def visitor(browser: Browser, origin: str) -> Iterator[Visitor]:
    context: BrowserContext = browser.new_context(locale="zh-CN", reduced_motion="reduce")
    context.add_init_script(CANARY_SCRIPT)
    found = Visitor(context.new_page(), origin)
    found.page.set_default_timeout(15_000)
    found.watch()
    yield found
    context.close()


def school_pages() -> list[str]:
    return [f"/schools/yanshi-{number:02}/" for number in range(SCHOOLS)]


def other_pages(site: Path) -> list[str]:
    """One page of every kind that shows contributed words, and all notices."""
    notices = [
        f"/{file.parent.relative_to(site)}/" for file in sorted(site.glob("news/*/*/index.html"))
    ]
    lists = ("/", "/provinces/zhejiang/", "/provinces/zhejiang/330100/", "/provinces/zhejiang/by-seats/",
             "/provinces/zhejiang/jishi-xueyuan/", "/majors/shukong-jiagong/", "/entry/chuzhong/",
             "/majors/shukong-jiagong/zhejiang/", "/news/", "/news/2026/", "/about/",
             "/news/atom.xml", "/news/zhejiang/atom.xml", "/sitemap.xml")  # fmt: skip
    assert notices
    return [*notices, *(address for address in lists if (site / address.lstrip("/")).exists())]


def hostile_addresses() -> list[str]:
    """Questions, lists of schools and missing pages that are attacks themselves."""
    texts = [vector.text for vector in vectors()]
    asked = [" ".join(texts[start::60])[:1500] for start in range(6)]
    return [
        *(f"/search/?q={quote('演示 ' + text)}" for text in asked[:3]),
        *(f"/search/?q=演示&{name}={quote(texts[700 + at])}&page=1" for at, name in enumerate(("province", "level", "major"))),
        "/search/?q=演示", f"/search/?q={quote(texts[3])}#{quote(texts[4])}",
        *(f"/compare/?ids={','.join(f'yanshi-{at + step:02}' for step in range(4))}" for at in (0, 8, 16)),
        f"/compare/?ids=yanshi-01,{quote(asked[4])}", f"/compare/?ids={quote(asked[5])}",
        f"/{quote(texts[1], safe='')}", f"/nowhere/?{quote(texts[2])}", "/shortlist/",
    ]  # fmt: skip


def hostile_list() -> str:
    """A stored list of schools that another script, or the visitor's cousin, has tampered with."""
    texts = [vector.text for vector in vectors()]
    schools = [
        {
            "id": f"yanshi-{at:02}",
            "name": texts[at * 7],
            "place": texts[at * 11],
            "note": texts[at * 13],
        }
        for at in range(12)
    ]
    tampered = [{"id": texts[at * 17], "name": "演示", "place": "", "note": ""} for at in range(12)]
    return json.dumps({"schools": [*schools, *tampered]})


def test_nothing_runs_with_the_policy_off(chromium: Browser, hostile_sites: HostileSites) -> None:
    """Escaping and sanitiser alone hold: no attack runs, and nobody else is asked for anything."""
    with served(hostile_sites.guarded, SiteHandler) as origin, visitor(chromium, origin) as found:
        for address in (*school_pages(), *other_pages(hostile_sites.guarded)):
            found.provoke(address)
            allowed = found.page.evaluate(ALLOWED, list(CLOBBERED))
            assert set(allowed["schemes"]) <= {"https:", "mailto:", "tel:"}, address
            assert not FORBIDDEN & set(allowed["elements"]), address
            assert allowed["clobbered"] == [], address
        found.page.goto(origin)
        found.page.evaluate(
            "text => localStorage.setItem('jixiao-shortlist', text)", hostile_list()
        )
        for address in hostile_addresses():
            found.provoke(address, wait=150)
        found.page.goto(f"{origin}/search/")
        box = found.page.get_by_role("combobox")
        for start in range(0, 2000, 400):
            box.fill("演示" + vectors()[start].text[:40])
            found.page.wait_for_timeout(150)
        box.fill("演示")
        found.page.wait_for_timeout(400)
        found.page.evaluate(PROVOKE, 50)
    assert found.ran == []
    assert found.fetched + found.redirected == []
    assert found.handlers == 0


def test_nothing_runs_without_the_sanitiser_under_the_policy(
    chromium: Browser, hostile_sites: HostileSites
) -> None:
    """The policy alone holds: with raw attacks in the page nothing runs and nothing is fetched.

    A redirect by `<meta>` is beyond any policy; the sanitiser is what stops it.
    """
    with (
        served(hostile_sites.careless, PolicedHandler) as origin,
        visitor(chromium, origin) as found,
    ):
        for address in school_pages():
            found.provoke(address)
    assert found.handlers > 100
    assert found.ran == []
    assert found.fetched == []


def test_the_same_attacks_run_in_a_careless_site(
    chromium: Browser, hostile_sites: HostileSites
) -> None:
    """The control: without sanitiser, escaping and policy hundreds run, so the tests can fail."""
    with served(hostile_sites.careless, SiteHandler) as origin, visitor(chromium, origin) as found:
        for address in school_pages()[::3]:
            try:
                found.provoke(address, wait=60)
            except Error:
                continue  # the attack has taken the page away
    assert len(set(found.ran)) >= 300
    assert len(set(found.fetched)) >= 20
