"""What all tests share: content trees, one build of the real site, a real Chromium."""

from __future__ import annotations

import datetime as dt
import fcntl
import os
import re
import shutil
import subprocess
import threading
from collections.abc import Callable, Iterator
from functools import partial
from http.server import ThreadingHTTPServer
from pathlib import Path

import pytest
from hypothesis import settings
from PIL import Image, ImageDraw
from playwright._impl._driver import compute_driver_executable
from playwright.sync_api import Browser, Error, Playwright, sync_playwright
from rich.console import Console

from plugins.catalogue import Catalogue, load
from plugins.site.build import build
from plugins.site.serve import SiteHandler
from tests.compiled_once import compiled_once

PROJECT = Path(__file__).resolve().parents[1]
FIXTURES = PROJECT / "tests/fixtures"
TODAY = dt.date(2026, 6, 1)
"""The day on which the small tree is built: its 2026 plan is this year's and open."""


# How long an example takes says how busy the machine is, not whether the code is right.
settings.register_profile("any-machine", deadline=None)
settings.load_profile("any-machine")


def chromium_path() -> str | None:
    """The browser that the browser tests drive; None where there is none."""
    names = ("chromium", "chromium-browser", "google-chrome")
    return next((path for path in map(shutil.which, names) if path), None)


def browser_is_missing() -> str | None:
    """What keeps the browser tests from running here, with the way to mend it; None if nothing."""
    if chromium_path() is None:
        return "没有找到浏览器（Debian：apt-get install chromium fonts-noto-cjk）"
    node, _ = compute_driver_executable()
    try:
        subprocess.run([node, "--version"], check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError):
        return "浏览器的驱动不能运行（Debian：apt-get install libatomic1）"
    return None


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out tests whose browser or nginx is missing, unless REQUIRE_BROWSER forbids it."""
    required = bool(os.environ.get("REQUIRE_BROWSER"))
    reason = None if required else browser_is_missing()
    for item in items:
        if reason and "browser" in item.keywords:
            item.add_marker(pytest.mark.skip(reason=reason))
        if "nginx" in item.keywords and not (shutil.which("nginx") or required):
            item.add_marker(
                pytest.mark.skip(reason="没有找到 nginx（Debian：apt-get install nginx）")
            )
        if "java" in item.keywords and not (shutil.which("java") or required):
            reason_java = "没有找到 Java（Debian：apt-get install default-jre-headless）"
            item.add_marker(pytest.mark.skip(reason=reason_java))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say plainly which tests were left out: a green run must not look complete when it is not."""
    skipped = terminalreporter.stats.get("skipped", [])
    if skipped:
        terminalreporter.section(f"没有运行的测试：{len(skipped)} 个", yellow=True)
        for reason in sorted({report.longrepr[2] for report in skipped}):
            terminalreporter.line(reason)
        for report in skipped:
            terminalreporter.line(f"  {report.nodeid}")


def quiet() -> Console:
    return Console(quiet=True)


def add_photo(folder: Path) -> None:
    """The photo that the small tree's profile names: a drawn pattern, no real school."""
    picture = Image.new("RGB", (1800, 1200), "#dfe7ee")
    draw = ImageDraw.Draw(picture)
    for step in range(0, 1800, 60):
        draw.line([(step, 0), (1800 - step, 1200)], fill="#24506e", width=9)
    picture.save(folder / "gate.jpg", quality=85)


def add_other_photo(file: Path) -> None:
    """A second photo that nobody takes for the first: a workshop's drawn pattern."""
    picture = Image.new("RGB", (1500, 1100), "#3b4f3a")
    draw = ImageDraw.Draw(picture)
    for step in range(5):
        left, top = 90 + 250 * step, 120 + 140 * (step * 3 % 5)
        draw.ellipse([left, top, left + 300, top + 380], fill="#d9c27a", outline="#1d1d1d", width=8)
    picture.save(file, quality=85)


@pytest.fixture(scope="session", autouse=True)
def templates(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    with compiled_once(tmp_path_factory.mktemp("templates")):
        yield


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """A content folder of six invented schools, complete and without faults, free to change."""
    content = tmp_path / "content"
    shutil.copytree(FIXTURES / "small", content)
    add_photo(content / "schools/zhejiang/yanshi-jishi-xueyuan")
    return content


@pytest.fixture(scope="session")
def real_content() -> Path:
    return PROJECT / "content"


@pytest.fixture(scope="session")
def real_catalogue(real_content: Path) -> Catalogue:
    """The catalogue of the project's own content, loaded as of the last day its data speak of."""
    catalogue, _ = load(real_content, dt.date(2026, 11, 23))
    return catalogue


def made_once(factory: pytest.TempPathFactory, name: str, make: Callable[[Path], None]) -> Path:
    """A folder that the first of the test processes makes, and all of them read.

    `make` is given a folder to be made; one that a killed run left half made is never taken.
    """
    shared = factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        shared = shared.parent
    with (shared / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        whole = shared / f"{name}.whole"
        if not whole.exists():
            make(shared / name)
            whole.touch()
    return shared / name


@pytest.fixture(scope="session")
def real_site(real_content: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project's own site, built once for all tests that read it."""

    def make(folder: Path) -> None:
        build(real_content, folder / "output", dt.date(2026, 11, 23), quiet())

    return made_once(tmp_path_factory, "real-site", make) / "output"


@pytest.fixture(scope="session")
def small_site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site of the small tree, with a photo and a plan that is open."""

    def make(folder: Path) -> None:
        shutil.copytree(FIXTURES / "small", folder / "content")
        add_photo(folder / "content/schools/zhejiang/yanshi-jishi-xueyuan")
        build(folder / "content", folder / "output", TODAY, quiet())

    return made_once(tmp_path_factory, "small-site", make) / "output"


@pytest.fixture(scope="session")
def browser_driver() -> Iterator[Playwright]:
    """The one driver of browsers in this process; a second one would not start beside it."""
    if chromium_path() is None:
        pytest.fail(str(browser_is_missing()))
    with sync_playwright() as playwright:
        yield playwright


@pytest.fixture(scope="session")
def chromium(browser_driver: Playwright) -> Iterator[Browser]:
    browser = launch_chromium(browser_driver)
    yield browser
    browser.close()


def launch_chromium(driver: Playwright, *arguments: str) -> Browser:
    """A Chromium whose address bar loads no pages of its own.

    Each window would otherwise open two for its suggestions, which nobody sees and which cost more
    than the pages of the site.
    """
    without = f"{_switched_off(driver)},WebUIOmniboxPopup,WebUIOmniboxAimPopup"
    return driver.chromium.launch(
        executable_path=chromium_path(),
        args=["--no-sandbox", f"--disable-features={without}", *arguments],
    )


def _switched_off(driver: Playwright) -> str:
    """The features that the driver itself switches off; a second such option replaces its own.

    It says its options when a browser does not start.
    """
    with pytest.raises(Error) as failure:
        driver.chromium.launch(executable_path=shutil.which("false"))
    found = re.search(r"--disable-features=(\S+)", failure.value.message)
    assert found, failure.value.message
    return found[1]


@pytest.fixture(scope="session")
def node() -> str:
    """The Node that the browser's driver brings along; tests that use it are browser tests."""
    return compute_driver_executable()[0]


def serve(folder: Path) -> tuple[ThreadingHTTPServer, str]:
    """A server of `folder` on a free port of the loopback address, and its origin."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(SiteHandler, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server, f"http://127.0.0.1:{server.server_port}"


@pytest.fixture(scope="session")
def real_origin(real_site: Path) -> Iterator[str]:
    server, origin = serve(real_site)
    yield origin
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="session")
def small_origin(small_site: Path) -> Iterator[str]:
    server, origin = serve(small_site)
    yield origin
    server.shutdown()
    server.server_close()
