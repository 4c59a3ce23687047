"""A visitor who opens hostile pages in a real Chromium and does all that a person could do.

Each page gets a context of its own, so that no attack reaches the next page. Nothing here waits
for the page: what is asked of it answers at once or fails, so that an attack that takes the page
away costs one page and not the run.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from socketserver import BaseRequestHandler, ThreadingTCPServer
from typing import Any, Final

from playwright.sync_api import Browser, ConsoleMessage, Dialog, Error, Page, Request

from plugins.publish.headers import CONTENT_SECURITY_POLICY
from plugins.site.serve import SiteHandler

STEP_MS: Final = 15_000
"""Longest time that one step may take, in milliseconds."""

CANARY: Final = "演示数据：执行了"
_CANARY_SCRIPT: Final = f"""
globalThis.X = (number) => console.debug("{CANARY} " + number);
for (const name of ["alert", "confirm", "prompt", "open"]) {{
  globalThis[name] = () => globalThis.X(name);
}}
globalThis.print = () => {{}};  // the site's own buttons print
"""
"""In every document and frame before anything else: what an attack calls when it has won."""

_PROVOKE: Final = """
() => {
  // Attacks take the document's own methods away.
  const all = (root) => Document.prototype.querySelectorAll.call(root, "*");
  const mine = /^(https?|mailto|tel|blob):/;
  const protocolOf = (link) => {
    const address = Element.prototype.getAttribute.call(link, "href");
    return URL.canParse(address, location) ? new URL(address, location).protocol : "";
  };
  let handlers = 0;
  const provoke = (root) => {
    // The site's own links and forms would lead away from the page; attacks may try theirs.
    EventTarget.prototype.addEventListener.call(root, "click", (event) => {
      const link = event.target.closest?.("a[href], area[href]");
      // A link in an SVG knows no `protocol`.
      if (link && mine.test(protocolOf(link))) event.preventDefault();
    });
    EventTarget.prototype.addEventListener.call(root, "submit", (event) => {
      if (`${event.target.action}`.startsWith(location.origin)) event.preventDefault();
    });
    for (const element of all(root)) {
      try {
        const names = Element.prototype.getAttributeNames.call(element)
          .filter((name) => name.startsWith("on"));
        handlers += names.length;
        const fire = (name, kind = Event) =>
          element.dispatchEvent(new kind(name, { bubbles: true, cancelable: true }));
        for (const name of names) fire(name.slice(2));
        if (element.matches("details, dialog")) element.open = true;
        if (element.localName === "iframe" && element.contentDocument) {
          provoke(element.contentDocument);
        }
        if (element.matches("main *, body > *") && element.matches(
            "a, area, button, input, select, textarea, summary, [href], [tabindex], label," +
            " [role=option], [style], animate, set, maction, mi")) {
          element.focus?.();
          for (const name of ["pointerover", "mouseover", "mousemove", "mousedown", "mouseup"]) {
            fire(name, MouseEvent);
          }
          fire("click", MouseEvent);
          for (const name of ["keydown", "keyup"]) fire(name, KeyboardEvent);
          for (const name of ["input", "change", "scroll", "wheel", "animationstart", "toggle",
                              "transitionend", "select", "paste", "drop"]) fire(name);
          element.blur?.();
        }
      } catch (failure) {
        if (!(failure instanceof TypeError || failure instanceof DOMException)) throw failure;
      }
    }
  };
  provoke(document);
  window.scrollTo(0, 1e6);
  return handlers;
}
"""
"""Does to all elements what a visitor could do, and counts the attributes that would run."""


_REACHES_OUT: Final = ("http:", "https:", "ws:", "wss:", "ftp:", "file:")
_NEVER_MADE: Final = ("csp", "origin")
"""Why Chromium has not made a request: the policy, or another origin's drawing in an SVG."""


@dataclass
class Seen:
    """What happened to a visitor: `ran` are canaries, `fetched` and `led_away` are addresses.

    `fetched` was asked of another host for a page that stayed; `led_away` would have taken the
    visitor to another address. `lost` are pages that an attack took away. `handlers` counts
    attributes that a browser would run.
    """

    ran: list[str] = field(default_factory=list)
    fetched: list[str] = field(default_factory=list)
    led_away: list[str] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)
    handlers: int = 0


class Visitor:
    """Opens addresses of one origin, each in a fresh context, and keeps what it has `seen`."""

    def __init__(self, browser: Browser, origin: str) -> None:
        self._browser, self.origin, self.seen = browser, origin, Seen()

    @contextmanager
    def opened(self, address: str, **storage: str) -> Iterator[Page]:
        """The page at `address`, with `storage` in its local storage from the start."""
        context = self._browser.new_context(
            locale="zh-CN", reduced_motion="reduce", service_workers="block"
        )
        context.add_init_script(_CANARY_SCRIPT)
        for name, value in storage.items():
            context.add_init_script(f"localStorage.setItem({name!r}, {value!r})")
        page = context.new_page()
        page.set_default_timeout(STEP_MS)
        page.on("console", self._hear)
        page.on("dialog", self._dismiss)
        context.on("page", lambda popup: popup.close())
        context.on("requestfinished", self._note)
        context.on("requestfailed", self._note)
        try:
            page.goto(self.origin + address, wait_until="load")
            yield page
        finally:
            context.close()

    def visit(self, address: str, wait_ms: int = 30, **storage: str) -> None:
        """Open an address and do to every element what a visitor could do."""
        with self.opened(address, **storage) as page:
            self.provoke(page, wait_ms)

    def provoke(self, page: Page, wait_ms: int = 30) -> None:
        page.wait_for_timeout(wait_ms)
        self.seen.handlers += page.evaluate(_PROVOKE)
        page.wait_for_timeout(wait_ms)

    def try_visit(self, address: str, wait_ms: int = 30) -> None:
        """Like `visit`, where an attack may take the page away."""
        try:
            self.visit(address, wait_ms)
        except Error as failure:
            self.seen.lost.append(f"{address} {failure.message.splitlines()[0]}")

    def _hear(self, message: ConsoleMessage) -> None:
        if message.text.startswith(CANARY):
            self.seen.ran.append(message.text.removeprefix(CANARY).strip())

    def _dismiss(self, dialog: Dialog) -> None:
        self.seen.ran.append("dialog")
        dialog.dismiss()

    def _note(self, request: Request) -> None:
        url = request.url
        stays = url.startswith(self.origin + "/") or not url.startswith(_REACHES_OUT)
        if stays or request.failure in _NEVER_MADE:
            return
        away = request.is_navigation_request()
        (self.seen.led_away if away else self.seen.fetched).append(url)


class PolicedHandler(SiteHandler):
    """Sends the site's own policy, as the real server does."""

    def end_headers(self) -> None:
        self.send_header("Content-Security-Policy", CONTENT_SECURITY_POLICY)
        super().end_headers()


class _PagesHandler(BaseHTTPRequestHandler):
    """Serves pages out of memory."""

    def __init__(self, pages: Mapping[str, str], policy: str, *arguments: Any) -> None:
        self._pages, self._policy = pages, policy
        super().__init__(*arguments)

    def do_GET(self) -> None:
        data = self._pages.get(self.path, "").encode("utf-8", "surrogatepass")
        self.send_response(200 if data else 404)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(data)))
        if self._policy:
            self.send_header("Content-Security-Policy", self._policy)
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002
        """Say nothing of requests."""


class _Server(ThreadingTCPServer):
    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        """A visitor who leaves before the answer is no fault."""


@contextmanager
def other_hosts() -> Iterator[tuple[int, list[bytes]]]:
    """A port that answers for all other hosts, and the first bytes of each connection to it.

    They name the host: in the clear in HTTP, as the server's name in a greeting of TLS.
    """
    greetings: list[bytes] = []

    class Listening(BaseRequestHandler):
        def handle(self) -> None:
            self.request.settimeout(5)
            greetings.append(self.request.recv(4096))

    server = _Server(("127.0.0.1", 0), Listening)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield server.server_address[1], greetings
    finally:
        server.shutdown()
        server.server_close()


@contextmanager
def served(folder: Path, *, policed: bool) -> Iterator[str]:
    """The origin of a built site, with or without the policy of the real server."""
    handler = PolicedHandler if policed else SiteHandler
    with _listening(partial(handler, directory=str(folder))) as origin:
        yield origin


@contextmanager
def served_pages(pages: Mapping[str, str], *, policed: bool) -> Iterator[str]:
    """The origin of pages by address."""
    policy = CONTENT_SECURITY_POLICY if policed else ""
    with _listening(partial(_PagesHandler, pages, policy)) as origin:
        yield origin


@contextmanager
def _listening(handler: Any) -> Iterator[str]:
    server = _Server(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
