"""`verify`: walk a built or served site from its home page and say all that is wrong with it.

Every link, fragment and asset must resolve; every page must be reachable from the home page by
links; HTML must parse without an error (html5lib, strict); the sitemap must list exactly the
pages that may be indexed; files must have the sizes and hashes of the manifest; a server must
send the headers of `headers.py`.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Final
from urllib.parse import unquote, urlsplit

from plugins.addresses import file_of
from plugins.publish import headers
from plugins.publish.crawl import (
    Crawl,
    crawl,
    each,
    html_faults,
    target_of,
)
from plugins.publish.manifest import MANIFEST, ManifestUnreadable, from_bytes
from plugins.publish.page_facts import PageFacts
from plugins.publish.source import Answer, Source
from plugins.site.ledger import Written, written

ABSENT: Final = "/no-such-page-4d1c/"
"""An address that no site has: the answer must be 404 and the site's own page."""

SAMPLE: Final = 3
"""How many pages of each kind are parsed strictly when not all are."""

_LOC: Final = re.compile(r"<loc>\s*([^<\s]+)\s*</loc>")

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
    found = crawl(source, strictly=all_html)
    chosen = sorted(found.pages) if all_html else _of_each_kind(found.pages)
    progress("对照清单")
    files, listed = _manifest_problems(source, found)
    problems = [
        *found.problems,
        *_page_problems(found.pages),
        *listed,
        *_sitemap_problems(source, found),
        *_absent_problems(source),
    ]
    progress(f"检查 {len(chosen)} 个页面的 HTML")
    for path in chosen:
        faults = found.visited[path].faults if all_html else html_faults(source.get(path).body)
        problems += [f"{path} {fault}" for fault in faults]
    if validator is not None:
        progress(f"用 Nu 检查 {len(chosen)} 个页面")
        problems += validator({path: source.get(path).body for path in chosen})
    if source.served:
        progress("检查响应头")
        problems += _header_problems(found)
    return Verified(len(found.pages), files, found.links, len(chosen), tuple(problems))


def _page_problems(pages: Mapping[str, PageFacts]) -> Iterator[str]:
    for path, page in sorted(pages.items()):
        for name in page.repeated_ids:
            yield f"{path} 里 id “{name}” 重复"
        for blocked in page.blocked:
            yield f"{path} 里的 {blocked} 会被安全策略挡住"


def _manifest_problems(source: Source, found: Crawl) -> tuple[int, list[str]]:
    """Files compared, and where they are not what the manifest says. No manifest: none."""
    answer = source.get(f"/{MANIFEST}")
    if answer.status != 200:
        return 0, []
    try:
        manifest = from_bytes(answer.body, f"/{MANIFEST}")
    except ManifestUnreadable as failure:
        return 0, [str(failure)]
    files = {**manifest.files, **manifest.kept}
    differs = partial(_differs, source, found, files)
    wrong = sorted(filter(None, each(source, differs, sorted(files))))
    problems = [f"/{name} 和清单不符" for name in wrong]
    known = {file_of(path) for path in found.pages}
    problems += [
        f"/{name} 从首页走不到"
        for name in sorted(manifest.files)
        if name.endswith(".html") and name not in known and name != "404.html"
    ]
    return len(files), problems


def _differs(source: Source, found: Crawl, files: Mapping[str, Written], name: str) -> str:
    """The name of a file that is not what the manifest says; nothing where it is."""
    path = "/" + name.removesuffix("index.html") if name.endswith("index.html") else f"/{name}"
    known = found.visited.get(path)
    given = known.written if known else written(source.get(path).body)
    return "" if given == files[name] else name


def _sitemap_problems(source: Source, found: Crawl) -> Iterator[str]:
    robots = source.get("/robots.txt")
    lines = robots.body.decode("utf-8", "replace").splitlines() if robots.status == 200 else []
    maps = [line.split(":", 1)[1].strip() for line in lines if line.lower().startswith("sitemap:")]
    if not maps:
        yield "robots.txt 没有写明站点地图"
        return
    listed: set[str] = set()
    while maps:
        target = target_of(maps.pop(), "/", found.origin)
        answer = source.get(target.path) if target else Answer(0, {}, b"")
        if answer.status != 200:
            yield f"站点地图 {target.path if target else '（别处的地址）'} 读不到"
            continue
        text = answer.body.decode("utf-8", "replace")
        addresses = _LOC.findall(text)
        if "<sitemapindex" in text:
            maps += addresses
        else:
            there = (target_of(address, "/", found.origin) for address in addresses)
            listed |= {target.path if target else "" for target in there}
    indexed = {path for path, page in found.pages.items() if not page.noindex and _own(page, path)}
    for path in sorted(indexed - listed):
        yield f"站点地图里没有 {path}"
    for path in sorted(listed - set(found.pages)):
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


def _of_each_kind(paths: Mapping[str, PageFacts]) -> list[str]:
    """The first pages of each kind: of the same depth below the same first folder."""
    kinds: dict[tuple[str, int], list[str]] = defaultdict(list)
    for path in sorted(paths):
        kinds[path.split("/")[1], path.count("/")].append(path)
    return [path for group in kinds.values() for path in group[:SAMPLE]]


def _header_problems(found: Crawl) -> Iterator[str]:
    for path, answer in sorted(found.visited.items()):
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
