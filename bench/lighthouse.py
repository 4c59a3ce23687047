"""Lighthouse, mobile, over every kind of page: medians as a Markdown table.

`python -m bench.lighthouse [--runs 3] [--output FILE] [ADDRESS …]` builds the site, serves it
compressed as a real server does, and runs npm's `lighthouse` with the system's Chromium. Scores
depend on the machine: run it when nothing else runs.
"""

from __future__ import annotations

import argparse
import datetime as dt
import gzip
import json
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from http.server import ThreadingHTTPServer
from pathlib import Path
from typing import Final

from rich.console import Console

from bench.search_peers import install
from plugins.clock import today
from plugins.site.build import PROJECT, build
from plugins.site.serve import SiteHandler

HERE = Path(__file__).resolve().parent
CATEGORIES: Final = ("性能", "无障碍", "最佳做法", "搜索引擎")
GOAL: Final = 98
"""Lowest score that every kind of page must reach in every category."""

ADDRESSES: Final = (
    "/", "/provinces/", "/provinces/zhejiang/", "/provinces/guizhou/",
    "/provinces/zhejiang/330100/", "/schools/hangzhou-jishi-xueyuan/",
    "/schools/hunan-gongmao-jishi-xueyuan/", "/majors/", "/majors/shukong-jiagong/",
    "/levels/jishi-xueyuan/", "/search/", "/news/",
    "/news/zhejiang/2025-05-07-zhaosheng-jihua/", "/about/", "/accessibility/", "/data/",
    "/aid/", "/compare/", "/shortlist/",
)  # fmt: skip
"""One address of every kind of page; those that the site has not are left out."""


@dataclass(frozen=True, slots=True)
class Scores:
    """Medians of one page, 0 to 100, in the order of `CATEGORIES`, and what cost points."""

    address: str
    medians: tuple[int, ...]
    failed: tuple[str, ...]


class CompressingHandler(SiteHandler):
    """Sends text as gzip: Lighthouse counts the bytes that travel."""

    def do_GET(self) -> None:  # noqa: N802 - the library's name
        file = Path(self.translate_path(self.path.partition("?")[0]))
        if file.is_dir():
            file /= "index.html"
        if not file.is_file() or file.suffix in (".webp", ".jpg"):
            super().do_GET()
            return
        data = gzip.compress(file.read_bytes(), 6, mtime=0)
        self.send_response(200)
        self.send_header("Content-Type", self.guess_type(file))
        self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def guess_type(self, path: object) -> str:
        kind = super().guess_type(str(path))
        return f"{kind}; charset=utf-8" if kind.startswith("text/") else kind


def measure(site: Path, packages: Path, addresses: Sequence[str], runs: int) -> list[Scores]:
    """Medians of `runs` runs over each address of the built site."""
    browser = shutil.which("chromium") or ""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(CompressingHandler, directory=str(site)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        origin = f"http://127.0.0.1:{server.server_port}"
        command = [
            "node", str(HERE / "lighthouse.mjs"), str(packages), browser, origin, str(runs),
            json.dumps(list(addresses)),
        ]  # fmt: skip
        found = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    finally:
        server.shutdown()
    return [
        Scores(
            answer["address"],
            tuple(
                int(statistics.median(run["scores"][at] for run in answer["runs"]))
                for at in range(len(CATEGORIES))
            ),
            tuple(sorted({name for run in answer["runs"] for name in run["failed"]})),
        )
        for answer in json.loads(found.stdout)
    ]


def table(scores: Sequence[Scores], day: dt.date, runs: int) -> str:
    """The scores in Markdown, lowest pages marked."""
    lines = [
        f"Lighthouse（手机模式），每页 {runs} 次取中位数，{day.isoformat()}。"
        f"目标：每项不低于 {GOAL}。",
        "",
        f"| 页面 | {' | '.join(CATEGORIES)} | 扣分的检查 |",
        "|---|---|---|---|---|---|",
    ]
    for page in scores:
        cells = [f"{score}" if score >= GOAL else f"**{score}**" for score in page.medians]
        lines.append(f"| `{page.address}` | {' | '.join(cells)} | {'；'.join(page.failed)} |")
    return "\n".join(lines) + "\n"


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.lighthouse", description=__doc__)
    parser.add_argument("addresses", nargs="*", default=list(ADDRESSES))
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--output", type=Path, help="Markdown 表写到这个文件；不写就打印")
    options = parser.parse_args(arguments)
    packages = PROJECT / ".cache/bench/npm"
    if not (packages / "node_modules/lighthouse").is_dir():
        install(packages)
    with tempfile.TemporaryDirectory() as folder:
        site = Path(folder) / "output"
        build(PROJECT / "content", site, today(), Console(stderr=True))
        present = [a for a in options.addresses if (site / a.lstrip("/") / "index.html").is_file()]
        scores = measure(site, packages, present, options.runs)
    text = table(scores, today(), options.runs)
    if options.output:
        options.output.write_text(text, encoding="utf-8")
    else:
        print(text)
    return 0 if all(min(page.medians) >= GOAL for page in scores) else 1


if __name__ == "__main__":
    sys.exit(main())
