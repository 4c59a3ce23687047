"""The preview of one school in Chromium: a save appears by itself, and the bar is accessible."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, expect

PROJECT = Path(__file__).resolve().parents[2]
PROGRAM = """
import datetime as dt, sys
from pathlib import Path
from plugins.site.preview import serve_school
content, cache = map(Path, sys.argv[1:3])
theme, school, today = Path("themes/jixiao"), "yanshi-jishi-xueyuan", dt.date(2026, 6, 1)
serve_school(content, theme, cache, school, today, int(sys.argv[3]))
"""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_until_open(address: str, server: subprocess.Popen[bytes]) -> None:
    for _ in range(300):
        assert server.poll() is None
        try:
            urlopen(address).close()  # noqa: S310 - our own server
            return
        except URLError:
            time.sleep(0.1)
    pytest.fail("the preview did not open")


@pytest.mark.browser
def test_a_saved_change_appears_and_the_bar_is_accessible(
    chromium: Browser, small: Path, tmp_path: Path
) -> None:
    address = f"http://127.0.0.1:{(port := free_port())}/"
    command = [sys.executable, "-c", PROGRAM, str(small), str(tmp_path / "cache"), str(port)]
    server = subprocess.Popen(command, cwd=PROJECT, stderr=subprocess.DEVNULL)
    try:
        wait_until_open(address, server)
        page = chromium.new_page(locale="zh-CN")
        page.goto(address)
        file = small / "schools/zhejiang/yanshi-jishi-xueyuan/profile.md"
        file.write_text(file.read_text() + "\n新写的一句，我校包就业。\n")
        bar = page.get_by_role("complementary", name="预览")
        expect(bar).to_contain_text("“包就业”：招生宣传不能这样承诺", timeout=20_000)
        found = Axe().run(page)
        assert found.response["violations"] == []
        page.close()
    finally:
        server.terminate()
        server.wait()
