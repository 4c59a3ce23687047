"""Visitors notice nothing of a switch: a real nginx is asked without pause while releases change.

`SWITCHES` and `REQUESTS` in the environment ask for more than an ordinary run; the whole is 1000
switches under 100000 requests.
"""

from __future__ import annotations

import asyncio
import os
import re
import shutil
import threading
import time
from collections import Counter
from pathlib import Path

import pytest

from plugins.publish.manifest import files_of, make_manifest
from plugins.publish.releases import (
    add_release,
    current_id,
    only_publisher,
    release_ids,
    remove_old,
    roll_back,
    show,
)
from tests.site.test_nginx import served_by_nginx

SWITCHES = int(os.environ.get("SWITCHES", "60"))
REQUESTS = int(os.environ.get("REQUESTS", "3000"))
VISITORS = 8
KEEP = 4
PAGES = 5
pytestmark = pytest.mark.nginx

_STYLE = re.compile(rb'href="(/assets/[0-9a-f]+/site\.css)"')


def publish(target: Path, number: int) -> None:
    """Release number so and so: five pages that name its own stylesheet."""
    site = target.parent / "site"
    shutil.rmtree(site, ignore_errors=True)
    asset = f"assets/{number:012x}/site.css"
    files = {asset: f"/* {number} */" * 50, "404.html": "<h1>404</h1>"}
    for page in range(PAGES):
        name = f"page-{page}/index.html" if page else "index.html"
        files[name] = f'<link rel="stylesheet" href="/{asset}"><h1>{number}</h1>' * 30
    for name, text in files.items():
        (site / name).parent.mkdir(parents=True, exist_ok=True)
        (site / name).write_text(text, "utf-8")
    day, second = divmod(number, 86_400)
    name = (
        f"{20260601 + day}T{second // 3600:02}{second // 60 % 60:02}{second % 60:02}Z-{number:08x}"
    )
    manifest = make_manifest(files_of(site), release=name, created="", commit="")
    with only_publisher(target):
        add_release(target, site, manifest, keep=KEEP)
        show(target, name)
        remove_old(target, KEEP)


class Visitor:
    """Opens pages and the stylesheet that each names, on one connection as long as it lasts."""

    def __init__(self, port: int, counts: Counter[str], faults: list[str]) -> None:
        self.port, self.counts, self.faults = port, counts, faults
        self.streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def visit(self, until: threading.Event) -> None:
        turn = 0
        while not until.is_set() or self.counts["requests"] < REQUESTS:
            turn += 1
            page = await self.get(f"/page-{turn % PAGES}/" if turn % PAGES else "/")
            styles = set(_STYLE.findall(page))
            if len(styles) != 1:
                self.faults.append(f"a mixed page: {styles}")
                continue
            style = styles.pop().decode()
            number = int(style.split("/")[2], 16)
            if f"/* {number} */".encode() not in await self.get(style):
                self.faults.append(f"{style} is not the stylesheet of release {number}")
        await self.leave()

    async def get(self, path: str) -> bytes:
        if self.streams is None:
            self.streams = await asyncio.open_connection("127.0.0.1", self.port)
        reader, writer = self.streams
        writer.write(f"GET {path} HTTP/1.1\r\nHost: zhaosheng.example\r\n\r\n".encode())
        head = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), 60)
        length = re.search(rb"\r\nContent-Length: ([0-9]+)", head)
        body = await reader.readexactly(int(length[1])) if length else b""
        self.counts["requests"] += 1
        if not head.startswith(b"HTTP/1.1 200 "):
            status = head.split(b"\r\n", 1)[0].decode()
            self.faults.append(f"{path}: {status}")
        if b"\r\nConnection: close" in head:  # nginx wants a new one after 1000 answers
            await self.leave()
        return body

    async def leave(self) -> None:
        if self.streams is not None:
            _, writer = self.streams
            self.streams = None
            writer.close()
            await writer.wait_closed()


def test_no_visitor_notices_a_switch(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    target = tmp_path / "www"
    for number in range(3):
        publish(target, number)
    counts: Counter[str] = Counter()
    faults: list[str] = []
    done = threading.Event()
    slowest = most_work = 0.0
    with served_by_nginx(tmp_path) as port:

        async def visitors() -> None:
            crowd = [Visitor(port, counts, faults) for _ in range(VISITORS)]
            await asyncio.gather(*(visitor.visit(done) for visitor in crowd))

        browsing = threading.Thread(target=asyncio.run, args=(visitors(),))
        browsing.start()
        try:
            started = time.monotonic()
            number = 3
            for switch in range(SWITCHES):
                # No faster than visitors can follow: each has its stylesheet before the next.
                wanted = counts["requests"] + REQUESTS // SWITCHES
                while counts["requests"] < wanted and browsing.is_alive():
                    time.sleep(0.001)
                if switch % 5 == 0:
                    publish(target, number)
                    number += 1
                else:
                    known = release_ids(target)
                    here = known.index(current_id(target))
                    before, worked = time.monotonic(), time.thread_time()
                    roll_back(target, known[here - 1])  # back, and from the oldest to the newest
                    slowest = max(slowest, time.monotonic() - before)
                    most_work = max(most_work, time.thread_time() - worked)
        finally:
            done.set()
            browsing.join()
        seconds = time.monotonic() - started
    with capsys.disabled():
        print(
            f"\n{SWITCHES} switches, {counts['requests']} requests in {seconds:.0f} s, "
            f"{len(faults)} faults, slowest rollback {slowest * 1000:.0f} ms "
            f"({most_work * 1000:.0f} ms of work)"
        )
    assert faults == []
    assert counts["requests"] >= REQUESTS
