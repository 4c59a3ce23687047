"""`verify`: walk a built or served site from its home page and say all that is wrong with it.

Every link, fragment and asset must resolve; every page must be reachable from the home page by
links; HTML must parse without an error (html5lib, strict); the sitemap must list exactly the
pages that may be indexed; files must have the sizes and hashes of the manifest; a server must
send the headers of `headers.py`.
"""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Final
from urllib.parse import unquote, urljoin, urlsplit

import html5lib

from plugins.addresses import file_of
from plugins.publish import headers
from plugins.publish.manifest import MANIFEST, ManifestUnreadable, from_bytes
from plugins.publish.page_facts import PageFacts, page_facts, script_links, stylesheet_links
from plugins.publish.source import Answer, Source

ABSENT: Final = "/no-such-page-4d1c/"
"""An address that no site has: the answer must be 404 and the site's own page."""

SAMPLE: Final = 3
"""How many pages of each kind are parsed strictly when not all are."""

THREADS: Final = 8

_LOC: Final = re.compile(r"<loc>\s*([^<\s]+)\s*</loc>")
_OTHER_SCHEMES: Final = ("mailto:", "tel:", "data:", "sms:", "webcal:")


Validator = Callable[[Mapping[str, bytes]], list[str]]
"""Given pages by their addresses, says what is wrong with them."""


@dataclass(frozen=True, slots=True)
class Verified:
    """How much was looked at, and what is wrong, as Chinese sentences."""

    pages: int
    files: int
    links: int
    parsed: int
    problems: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Crawl:
    origin: str
    answers: Mapping[str, Answer]
    facts: Mapping[str, PageFacts]
    links: int
    problems: Sequence[str]


def verify(
    source: Source,
    *,
    all_html: bool = True,
    validator: Validator | None = None,
    progress: Callable[[str], None] = lambda _: None,
) -> Verified:
    """Look at a whole site. `all_html` parses every page strictly, not `SAMPLE` of each kind.

    A `validator` is asked about the same pages.
    """
    progress("沿着链接走遍全站")
    crawl = _crawl(source)
    chosen = sorted(crawl.facts) if all_html else _of_each_kind(crawl.facts)
    progress("对照清单")
    files, listed = _manifest_problems(source, crawl)
    problems = [
        *crawl.problems,
        *_page_problems(crawl.facts),
        *listed,
        *_sitemap_problems(source, crawl),
        *_absent_problems(source),
    ]
    progress(f"检查 {len(chosen)} 个页面的 HTML")
    problems += [p for name in chosen for p in _html_problems(name, crawl.answers[name].body)]
    if validator is not None:
        progress(f"用 Nu 检查 {len(chosen)} 个页面")
        problems += validator({path: crawl.answers[path].body for path in chosen})
    if source.served:
        progress("检查响应头")
        problems += _header_problems(crawl)
    return Verified(len(crawl.facts), files, crawl.links, len(chosen), tuple(problems))


def _crawl(source: Source) -> _Crawl:
    answers: dict[str, Answer] = {}
    facts: dict[str, PageFacts] = {}
    fragments: dict[str, dict[str, str]] = defaultdict(dict)
    problems: list[str] = []
    origin, links, level = "", 0, {"/": "网址"}
    with ThreadPoolExecutor(THREADS if source.served else 1) as pool:
        while level:
            paths = sorted(level)
            following: dict[str, str] = {}
            for path, answer in zip(paths, pool.map(source.get, paths), strict=True):
                answers[path] = answer
                if answer.status != 200:
                    problems.append(f"{level[path]} 里的链接 {path} 应答 {answer.status or '失败'}")
                    continue
                found, page = _links_of(path, answer.body)
                if page is not None:
                    facts[path] = page
                    if path == "/":
                        origin = _origin(page.canonical)
                for link in found:
                    links += 1
                    target, fragment = _local(link, path, origin)
                    if not target:
                        continue
                    if fragment:
                        fragments[target].setdefault(fragment, path)
                    if target not in answers and target not in level:
                        following.setdefault(target, path)
            level = following
    for target, wanted in sorted(fragments.items()):
        if target in facts:
            for fragment, path in sorted(wanted.items()):
                if fragment not in facts[target].ids:
                    problems.append(f"{path} 里的链接 {target}#{fragment} 找不到位置")
    return _Crawl(origin, answers, facts, links, problems)


def _links_of(path: str, body: bytes) -> tuple[list[str], PageFacts | None]:
    if path.endswith((".html", "/")):
        page = page_facts(body.decode("utf-8", "replace"))
        return page.links, page
    if path.endswith(".css"):
        return stylesheet_links(body.decode("utf-8", "replace")), None
    if path.endswith(".js"):
        return script_links(body.decode("utf-8", "replace")), None
    return [], None


def _local(link: str, path: str, origin: str) -> tuple[str, str]:
    """The path on this site that a link leads to, and its fragment; empty if it leads away."""
    if link.startswith(_OTHER_SCHEMES):
        return "", ""
    base = origin or "https://site.invalid"
    whole = urlsplit(urljoin(base + path, link))
    if f"{whole.scheme}://{whole.netloc}" != base:
        return "", ""
    fragment = unquote(whole.fragment)
    return unquote(whole.path) or "/", "" if fragment.startswith(":~:") else fragment


def _origin(canonical: str) -> str:
    parts = urlsplit(canonical)
    return f"{parts.scheme}://{parts.netloc}" if parts.netloc else ""


def _page_problems(facts: Mapping[str, PageFacts]) -> Iterator[str]:
    for path, page in sorted(facts.items()):
        for name in page.repeated_ids:
            yield f"{path} 里 id “{name}” 重复"
        for blocked in page.blocked:
            yield f"{path} 里的 {blocked} 会被安全策略挡住"


def _manifest_problems(source: Source, crawl: _Crawl) -> tuple[int, list[str]]:
    """Files compared, and where they are not what the manifest says. No manifest: none."""
    answer = source.get(f"/{MANIFEST}")
    if answer.status != 200:
        return 0, []
    try:
        manifest = from_bytes(answer.body, f"/{MANIFEST}")
    except ManifestUnreadable as failure:
        return 0, [str(failure)]
    problems = []
    files = {**manifest.files, **manifest.kept}
    names = sorted(files)
    with ThreadPoolExecutor(THREADS if source.served else 1) as pool:
        for name, body in zip(
            names, pool.map(lambda n: _body(source, crawl, n), names), strict=True
        ):
            if (
                len(body) != files[name].size
                or hashlib.sha256(body).hexdigest() != files[name].sha256
            ):
                problems.append(f"/{name} 和清单不符")
    known = {file_of(path) for path in crawl.facts}
    problems += [
        f"/{name} 从首页走不到"
        for name in sorted(manifest.files)
        if name.endswith(".html") and name not in known and name != "404.html"
    ]
    return len(names), problems


def _body(source: Source, crawl: _Crawl, name: str) -> bytes:
    path = "/" + name.removesuffix("index.html") if name.endswith("index.html") else f"/{name}"
    known = crawl.answers.get(path)
    return (known or source.get(path)).body


def _sitemap_problems(source: Source, crawl: _Crawl) -> Iterator[str]:
    robots = source.get("/robots.txt")
    lines = robots.body.decode("utf-8", "replace").splitlines() if robots.status == 200 else []
    maps = [line.split(":", 1)[1].strip() for line in lines if line.lower().startswith("sitemap:")]
    if not maps:
        yield "robots.txt 没有写明站点地图"
        return
    listed: set[str] = set()
    while maps:
        path, _ = _local(maps.pop(), "/", crawl.origin)
        answer = source.get(path) if path else Answer(0, {}, b"")
        if answer.status != 200:
            yield f"站点地图 {path or '（别处的地址）'} 读不到"
            continue
        text = answer.body.decode("utf-8", "replace")
        found = _LOC.findall(text)
        if "<sitemapindex" in text:
            maps += found
        else:
            listed |= {_local(address, "/", crawl.origin)[0] for address in found}
    indexed = {path for path, page in crawl.facts.items() if not page.noindex and _own(page, path)}
    for path in sorted(indexed - listed):
        yield f"站点地图里没有 {path}"
    for path in sorted(listed - set(crawl.facts)):
        yield f"站点地图里的 {path} 从首页走不到"


def _own(page: PageFacts, path: str) -> bool:
    """Whether a page is its own canonical page; the others do not belong in the sitemap."""
    return unquote(urlsplit(page.canonical).path) == path


def _absent_problems(source: Source) -> Iterator[str]:
    answer = source.get(ABSENT)
    if answer.status != 404:
        yield f"不存在的地址应答 {answer.status}，应当是 404"
    elif answer.body != source.get("/404.html").body or not answer.body:
        yield "不存在的地址没有显示本站的 404 页面"
    if source.served and answer.headers.get("cache-control") != headers.NO_STORE:
        yield "404 的 Cache-Control 应当是 no-store"


def _html_problems(path: str, body: bytes) -> Iterator[str]:
    parser = html5lib.HTMLParser(namespaceHTMLElements=False)
    parser.parse(body.decode("utf-8", "replace"))
    for (line, _), code, details in parser.errors[:5]:
        yield f"{path} 第 {line} 行 HTML 有错：{code} {details or ''}".rstrip()


def _of_each_kind(paths: Mapping[str, PageFacts]) -> list[str]:
    """The first pages of each kind: of the same depth below the same first folder."""
    kinds: dict[tuple[str, int], list[str]] = defaultdict(list)
    for path in sorted(paths):
        kinds[path.split("/")[1], path.count("/")].append(path)
    return [path for group in kinds.values() for path in group[:SAMPLE]]


def _header_problems(crawl: _Crawl) -> Iterator[str]:
    for path, answer in sorted(crawl.answers.items()):
        if answer.status != 200:
            continue
        name = file_of(path)
        wanted = dict(headers.SECURITY_HEADERS)
        wanted["Cache-Control"] = headers.cache_control(name)
        wanted["Content-Type"] = headers.content_type(name)
        for key, value in wanted.items():
            given = answer.headers.get(key.lower(), "没有")
            if given.replace(" ", "") != value.replace(" ", ""):
                yield f"{path} 的 {key} 是“{given}”，应当是“{value}”"
