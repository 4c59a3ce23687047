"""`python -m bench.search --schools N`: our search beside Pagefind and MiniSearch, in one run.

The same synthetic schools, the same 400 queries, each asked in a new page of Chromium that has
nothing in its cache; what the page fetched is counted as a server would send it. Writes a report
in Markdown. Needs Chromium, Node and, once, npm's registry.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from gzip import compress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from statistics import median
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser, sync_playwright

from bench.queries import KINDS, Asked, ask
from bench.search_build import DAY
from bench.search_peers import (
    Built,
    build_pagefind,
    install,
    pagefind_urls,
    run_minisearch,
    write_pages,
)
from bench.tree import PROJECT, write_tree
from plugins.catalogue import load
from plugins.search.document import SearchDocument
from plugins.search.documents import search_documents, search_lexicon
from plugins.site.assets import load_assets

THEME = PROJECT / "themes" / "jixiao"
SHOWN = 10
SLOWER = 6
"""How many times slower than this machine the phone is that the main thread is measured on."""
_THROTTLED_QUERIES = 60
_TYPES = {
    "": "text/html",
    ".js": "text/javascript",
    ".html": "text/html",
    ".json": "application/json",
}

# A page that has answered: ids of all hits, best first, and the milliseconds of asking again when
# everything is there already.
_OURS = """async ([base, query, shown]) => {
  const { createEngine } = await import("/js/search-engine.js");
  const engine = createEngine(base);
  const ask = async () => {
    const answer = await engine.search(query);
    const { hits } = answer;
    const first = await engine.describe(hits.slice(0, shown), answer);
    return { hits, first };
  };
  const { hits, first } = await ask();
  const start = performance.now();
  await ask();
  const again = performance.now() - start;
  return { hits: hits.map(({ ordinal }) => ordinal), shown: first.length, again };
}"""
# All files that the query needs are in memory: first a new engine that reads and checks them, then
# the same engine once more. Milliseconds of the main thread, for there is nothing to wait for, and
# the longest task that the browser saw.
_MAIN_THREAD = """async ([base, query, shown]) => {
  const { createEngine } = await import("/js/search-engine.js");
  await import("/js/search-more.js");
  const bodies = new Map();
  const ask = async (engine) => {
    const start = performance.now();
    const answer = await engine.search(query);
    await engine.describe(answer.hits.slice(0, shown), answer);
    return performance.now() - start;
  };
  await ask(createEngine(base, async (url) => {
    const body = await (await fetch(url)).arrayBuffer();
    bodies.set(url, body);
    return { ok: true, arrayBuffer: async () => body };
  }));
  const inMemory = async (url) => ({ ok: true, arrayBuffer: async () => bodies.get(url) });
  let longest = 0;
  const seen = new PerformanceObserver((list) => {
    list.getEntries().forEach(({ duration }) => { longest = Math.max(longest, duration); });
  });
  const pause = () => new Promise((done) => setTimeout(done, 100));
  await pause();
  seen.observe({ type: "longtask" });
  const engine = createEngine(base, inMemory);
  const first = await ask(engine);
  await pause();
  const again = await ask(engine);
  await pause();
  return { first, again, longest };
}"""
_PAGEFIND = """async ([, query, shown]) => {
  const pagefind = await import("/pagefind/pagefind.js");
  const ask = async () => {
    const { results } = await pagefind.search(query);
    await Promise.all(results.slice(0, shown).map((result) => result.data()));
    return results;
  };
  const results = await ask();
  const start = performance.now();
  await ask();
  const again = performance.now() - start;
  return { hits: results.map(({ id }) => id), shown: results.slice(0, shown).length, again };
}"""


@dataclass(frozen=True)
class Answer:
    """What one query found, what it cost to fetch, and how long asking again took (ms)."""

    hits: frozenset[str]
    size: int
    again: float


@dataclass(frozen=True)
class Measured:
    """One engine: how its index was built, how large it is as served, and its answers."""

    name: str
    built: Built
    index: int
    answers: Sequence[Answer]


@cache
def served(content: bytes) -> int:
    """Bytes on the wire: with gzip 9 where that helps, as for files packed once when building."""
    return min(len(content), len(compress(content, 9)))


class Origin:
    """Serves files from memory and notes which were asked for."""

    def __init__(self, files: Mapping[str, bytes]) -> None:
        self.files = files
        self.asked: list[str] = []

    @contextmanager
    def running(self) -> Iterator[str]:
        origin = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                path = urlsplit(self.path).path
                content = origin.files.get(path)
                origin.asked.append(path)
                self.send_response(200 if content is not None else 404)
                kind = _TYPES.get(Path(path).suffix, "application/octet-stream")
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(content or b"")))
                self.send_header("Cache-Control", "no-store")
                self.end_headers()
                self.wfile.write(content or b"")

            def log_message(self, *_: object) -> None:
                """Say nothing: the measurement prints its own progress."""

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}"
        finally:
            server.shutdown()
            thread.join()


def ask_in_browser(
    browser: Browser,
    files: Mapping[str, bytes],
    script: str,
    base: str,
    queries: Sequence[Asked],
    school_of: Callable[[Any], str],
    extra: int = 0,
) -> list[Answer]:
    """Each query in a page of its own; `extra` is what a page needs besides what it fetched."""
    answers = []
    origin = Origin({"/": b"<!doctype html><html lang=zh-CN><title>x</title>", **files})
    with origin.running() as address:
        context = browser.new_context()
        for query in queries:
            page = context.new_page()
            page.goto(address)
            origin.asked.clear()
            told = page.evaluate(script, [base, query.text, SHOWN])
            fetched = sorted(set(origin.asked) - {"/favicon.ico"})
            page.close()
            size = extra + sum(served(files[path]) for path in fetched)
            hits = frozenset(school_of(hit) for hit in told["hits"])
            answers.append(Answer(hits, size, told["again"]))
        context.close()
    return answers


@dataclass(frozen=True)
class MainThread:
    """Milliseconds on a processor that is `SLOWER` times slower, one figure a query: a new engine
    whose files are there, the same engine again, the longest task (0 if none took 50 ms)."""

    first: Sequence[float]
    again: Sequence[float]
    longest: Sequence[float]


def main_thread(
    browser: Browser, files: Mapping[str, bytes], base: str, queries: Sequence[Asked]
) -> MainThread:
    """Each query in a page of its own, with Chromium's processor throttling."""
    told = []
    origin = Origin({"/": b"<!doctype html><html lang=zh-CN><title>x</title>", **files})
    with origin.running() as address:
        for query in queries:
            page = browser.new_page()
            page.goto(address)
            session = page.context.new_cdp_session(page)
            session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
            told.append(page.evaluate(_MAIN_THREAD, [base, query.text, SHOWN]))
            page.close()
    return MainThread(*([one[name] for one in told] for name in ("first", "again", "longest")))


def files_below(folder: Path, prefix: str) -> dict[str, bytes]:
    return {
        prefix + str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def build_ours(content: Path, cache_dir: Path, *options: str) -> Built:
    done = subprocess.run(
        [sys.executable, "-m", "bench.search_build", str(content), str(cache_dir), *options],
        cwd=PROJECT,
        check=True,
        capture_output=True,
    )
    told = json.loads(done.stdout)
    return Built(told["cpu_s"], told["peak_mb"])


def measure_ours(
    browser: Browser,
    documents: Sequence[SearchDocument],
    queries: Sequence[Asked],
    content: Path,
    work: Path,
) -> tuple[Measured, dict[str, Built], MainThread]:
    """Our engine; its builds: cold, unchanged, with one profile edited; and its main thread."""
    cold = build_ours(content, work / "cache", "--write", str(work / "ours"))
    builds = {
        "第一次": cold,
        "没有变化": build_ours(content, work / "cache"),
        "改一份资料": build_ours(content, work / "cache", "--edit"),
    }
    [folder] = sorted((work / "ours").iterdir())
    base = f"/search-index/{folder.name}/"
    index = files_below(folder, base)
    assets = load_assets(THEME / "static")
    scripts = {
        path.removeprefix(assets.base[1:]): content
        for path, content in assets.files.items()
        if path.startswith(f"{assets.base[1:]}/js/")
    }
    # The page's own scripts are fetched too, but drive a form that this measurement does not have.
    page_script = sum(
        served(content)
        for path, content in scripts.items()
        if path.startswith(("/js/search-", "/js/save"))
        and not path.endswith(("-engine.js", "-more.js"))
    )
    ordered = sorted(document.school_id for document in documents)
    answers = ask_in_browser(
        browser, {**index, **scripts}, _OURS, base, queries, ordered.__getitem__, page_script
    )
    slow = main_thread(browser, {**index, **scripts}, base, queries[:_THROTTLED_QUERIES])
    return Measured("本站", cold, sum(map(served, index.values())), answers), builds, slow


def measure_pagefind(
    browser: Browser,
    documents: Sequence[SearchDocument],
    queries: Sequence[Asked],
    packages: Path,
    work: Path,
) -> Measured:
    """Pagefind's default output, without its user interface's files."""
    site = work / "pages"
    write_pages(documents, site)
    built = build_pagefind(packages, site)
    school_of_url = {document.url: document.school_id for document in documents}
    school_of = {key: school_of_url[url] for key, url in pagefind_urls(site).items()}
    files = files_below(site / "pagefind", "/pagefind/")
    index = sum(
        served(content)
        for path, content in files.items()
        if path.endswith((".pf_index", ".pf_meta", ".pf_fragment", ".pf_filter", "entry.json"))
    )
    answers = ask_in_browser(
        browser, files, _PAGEFIND, "/pagefind/", queries, school_of.__getitem__
    )
    return Measured("Pagefind 1.6.0", built, index, answers)


def measure_minisearch(
    documents: Sequence[SearchDocument], queries: Sequence[Asked], packages: Path, work: Path
) -> Measured:
    """MiniSearch, with our pairs as its tokens; the whole index is fetched before any query."""
    built, hits, times = run_minisearch(packages, documents, queries, work)
    index = served((work / "index.json").read_bytes())
    code = (packages / "node_modules" / "minisearch" / "dist" / "es" / "index.js").read_bytes()
    answers = [
        Answer(frozenset(found), index + served(code), again)
        for found, again in zip(hits, times, strict=True)
    ]
    return Measured("MiniSearch 7.2.0", built, index, answers)


def quality(answers: Sequence[Answer], queries: Sequence[Asked]) -> tuple[float, float]:
    """(recall, precision): means over the queries. A query that finds nothing is wholly precise."""
    recalls = []
    precisions = []
    for answer, query in zip(answers, queries, strict=True):
        right = len(answer.hits & query.truth)
        recalls.append(right / len(query.truth) if query.truth else 1.0)
        precisions.append(right / len(answer.hits) if answer.hits else 1.0)
    return sum(recalls) / len(recalls), sum(precisions) / len(precisions)


def p95(values: Sequence[float]) -> float:
    return sorted(values)[max(0, -(-len(values) * 95 // 100) - 1)]


def report(
    schools: int,
    queries: Sequence[Asked],
    engines: Sequence[Measured],
    ours: Mapping[str, Built],
    slow: MainThread,
) -> str:
    """The measurements as Markdown."""
    lines = [
        f"# 搜索测量：{schools} 所演示学校，{len(queries)} 次查询",
        "",
        _machine(),
        "",
        "每次查询都在没有缓存的新页面里做；字节数是代码、词表、索引分片和前十条结果之和，按 gzip 9 "
        "（变小才用）计。CPU 只算建索引；“再问一次”是数据都在时再查一遍用的毫秒数"
        "（本站、Pagefind 在 Chromium 里，含取前十条；MiniSearch 在 Node 里，只算查询）。",
        "",
        "| | " + " | ".join(engine.name for engine in engines) + " |",
        "|---|" + "---:|" * len(engines),
    ]

    def row(title: str, cell: Callable[[Measured], str]) -> None:
        lines.append(f"| {title} | " + " | ".join(cell(engine) for engine in engines) + " |")

    row("建索引，CPU 秒", lambda engine: f"{engine.built.cpu_s:.1f}")
    row("建索引，内存峰值 MB", lambda engine: f"{engine.built.peak_mb:.0f}")
    row("索引总量 MB", lambda engine: f"{engine.index / 1e6:.2f}")
    sizes = {engine.name: [answer.size for answer in engine.answers] for engine in engines}
    again = {engine.name: [answer.again for answer in engine.answers] for engine in engines}
    row("首次查询 KB，中位数", lambda engine: f"{median(sizes[engine.name]) / 1e3:.1f}")
    row("首次查询 KB，p95", lambda engine: f"{p95(sizes[engine.name]) / 1e3:.1f}")
    row("再问一次 毫秒，中位数", lambda engine: f"{median(again[engine.name]):.1f}")
    row("再问一次 毫秒，p95", lambda engine: f"{p95(again[engine.name]):.1f}")
    row("召回率", lambda engine: f"{quality(engine.answers, queries)[0]:.3f}")
    row("准确率", lambda engine: f"{quality(engine.answers, queries)[1]:.3f}")
    lines += [
        "",
        f"本站的主线程，处理器慢 {SLOWER} 倍（{len(slow.first)} 次查询，文件已经取到）：读文件并"
        f"回答，中位数 {median(slow.first):.1f}，p95 {p95(slow.first):.1f} 毫秒；再问一次，中位数 "
        f"{median(slow.again):.1f}，p95 {p95(slow.again):.1f} 毫秒；最长的任务 "
        f"{max(slow.longest):.0f} 毫秒（0：没有超过 50 的）。",
        "",
        "召回率和准确率的对照：地名、层次等筛选词，看学校的这一项是不是它，或校名是不是以它开头；"
        "别的词，看它或它的同义词是不是原样出现在学校资料里。下面按查询的种类分列。",
        "",
        "| 种类 | 次数 | " + " | ".join(f"{engine.name} 召回／准确" for engine in engines) + " |",
        "|---|---:|" + "---:|" * len(engines),
    ]
    for kind, _ in KINDS:
        chosen = [place for place, query in enumerate(queries) if query.kind == kind]
        if chosen:
            cells = [
                "{:.3f}／{:.3f}".format(
                    *quality([e.answers[i] for i in chosen], [queries[i] for i in chosen])
                )
                for e in engines
            ]
            lines.append(f"| {kind} | {len(chosen)} | " + " | ".join(cells) + " |")
    lines += ["", "| 本站的索引和导出 | CPU 秒 | 进程内存峰值 MB |", "|---|---:|---:|"]
    lines += [f"| {name} | {b.cpu_s:.2f} | {b.peak_mb:.0f} |" for name, b in ours.items()]
    return "\n".join(lines) + "\n"


def _machine() -> str:
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    node = subprocess.run(["node", "--version"], capture_output=True, text=True, check=True).stdout
    return (
        f"机器：{os.cpu_count()} 个核，{memory:.0f} GB 内存，{platform.system()}，"
        f"Python {platform.python_version()}，Node {node.strip().removeprefix('v')}；"
        "同时可能有别的程序在运行。"
    )


def run(options: argparse.Namespace, work: Path) -> str:
    def say(step: str) -> None:
        print(step, file=sys.stderr, flush=True)

    say("演示内容")
    write_tree(options.schools, options.seed, work / "content", PROJECT / "content")
    catalogue, _ = load(work / "content", DAY)
    documents = search_documents(catalogue)
    queries = ask(documents, options.queries, options.seed, search_lexicon(catalogue))
    engines: list[Measured] = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=options.chromium, args=["--no-sandbox"] if os.geteuid() == 0 else []
        )
        say("本站")
        ours, builds, slow = measure_ours(browser, documents, queries, work / "content", work)
        engines.append(ours)
        if options.peers:
            say("安装对照")
            packages = options.packages or work / "packages"
            install(packages)
        if "pagefind" in options.peers:
            say("Pagefind")
            engines.append(measure_pagefind(browser, documents, queries, packages, work))
        browser.close()
    if "minisearch" in options.peers:
        say("MiniSearch")
        engines.append(measure_minisearch(documents, queries, packages, work))
    return report(options.schools, queries, engines, builds, slow)


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.search", description=__doc__)
    parser.add_argument("--schools", type=int, default=3000)
    parser.add_argument("--queries", type=int, default=400)
    parser.add_argument("--seed", default="1")
    parser.add_argument(
        "--peers", type=lambda text: text.split(",") if text else [], default="pagefind,minisearch"
    )
    parser.add_argument("--packages", type=Path, help="where npm may keep the peers")
    parser.add_argument("--chromium", default="/usr/bin/chromium")
    parser.add_argument("--to", type=Path, help="the report; standard output if not given")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        text = run(options, Path(folder))
    if options.to:
        options.to.write_text(text, encoding="utf-8")
    else:
        print(text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
