"""Walk a site along its links, from the home page to wherever they lead.

Of what is answered only the facts are kept, never the bytes: the pages of a large site are more
than a machine holds. A folder is read by several processes; a server is asked by several threads.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import Final, TypeVar
from urllib.parse import unquote, urljoin, urlsplit

import html5lib

from plugins.processes import portions, spread
from plugins.publish.page_facts import PageFacts, page_facts, script_links, stylesheet_links
from plugins.publish.source import Source
from plugins.site.ledger import Written, written

THREADS: Final = 8

_AT_ONCE: Final = 50
"""Files that a process looks at before it tells."""

_OTHER_SCHEMES: Final = ("mailto:", "tel:", "data:", "sms:", "webcal:")
_PLAIN: Final = re.compile(
    r"(?P<path>/(?:[\w-]+/)*(?:[\w-]+(?:\.[\w-]+)*)?)?(?:\#(?P<fragment>[\w-]+))?", re.ASCII
)
"""A path, a fragment or both that mean what they say: nothing to decode, nothing to resolve."""

Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Target:
    """Where a link leads: a path on the site, decoded, and the fragment there."""

    path: str
    fragment: str


@dataclass(frozen=True, slots=True)
class Visited:
    """One answer: `written` is of its body, `targets` are where its `links` lead on the site.

    Of a `page` the facts are kept without the links, and `faults` of its HTML, if asked.
    """

    path: str
    status: int
    headers: Mapping[str, str]
    written: Written
    page: PageFacts | None
    faults: tuple[str, ...]
    links: int
    targets: frozenset[Target]


@dataclass(frozen=True, slots=True)
class Crawl:
    """All that was answered, by its path; `pages` is the part of it that is pages."""

    origin: str
    visited: Mapping[str, Visited]
    pages: Mapping[str, PageFacts]
    links: int
    problems: Sequence[str]


def crawl(source: Source, *, strictly: bool) -> Crawl:
    """Follow every link of a site. `strictly` also parses every page for faults of its HTML."""
    origin = _origin(page_facts(source.get("/").body.decode("utf-8", "replace")).canonical)
    visited: dict[str, Visited] = {}
    linked_from: dict[Target, str] = {}
    problems: list[str] = []
    level = {"/": "网址"}
    while level:
        visit = partial(_visit, source, origin, strictly)
        for answer in sorted(each(source, visit, sorted(level)), key=lambda one: one.path):
            visited[answer.path] = answer
            if answer.status != 200:
                problems.append(
                    f"{level[answer.path]} 里的链接 {answer.path} 应答 {answer.status or '失败'}"
                )
            for target in answer.targets:
                if linked_from.get(target, answer.path) >= answer.path:
                    linked_from[target] = answer.path
        level = _not_yet_visited(linked_from, visited)
    pages = {path: answer.page for path, answer in visited.items() if answer.page is not None}
    problems += _missing_fragments(linked_from, pages)
    links = sum(answer.links for answer in visited.values())
    return Crawl(origin, visited, pages, links, problems)


def each(source: Source, work: Callable[[str], Result], paths: Sequence[str]) -> Iterable[Result]:
    """`work` of each path, in any order, as many at once as the source is good for."""
    if source.served:
        with ThreadPoolExecutor(THREADS) as pool:
            yield from pool.map(work, paths)
    else:
        for several in spread(partial(_all, work), portions(paths, _AT_ONCE)):
            yield from several


def html_faults(body: bytes) -> tuple[str, ...]:
    """What a strict parser finds wrong with a page, as Chinese sentences; the first five."""
    parser = html5lib.HTMLParser(namespaceHTMLElements=False)
    parser.parse(body.decode("utf-8", "replace"))
    return tuple(
        f"第 {line} 行 HTML 有错：{code} {details or ''}".rstrip()
        for (line, _), code, details in parser.errors[:5]
    )


def target_of(link: str, path: str, origin: str) -> Target | None:
    """Where on this site a link of the page `path` leads; None if it leads away."""
    if link and (plain := _PLAIN.fullmatch(link)):
        return Target(plain["path"] or path, plain["fragment"] or "")
    if link.startswith(_OTHER_SCHEMES):
        return None
    base = origin or "https://site.invalid"
    whole = urlsplit(urljoin(base + path, link))
    if f"{whole.scheme}://{whole.netloc}" != base:
        return None
    fragment = unquote(whole.fragment)
    return Target(unquote(whole.path) or "/", "" if fragment.startswith(":~:") else fragment)


def _all(work: Callable[[str], Result], paths: Sequence[str]) -> list[Result]:
    return [work(path) for path in paths]


def _visit(source: Source, origin: str, strictly: bool, path: str) -> Visited:
    answer = source.get(path)
    page: PageFacts | None = None
    faults: tuple[str, ...] = ()
    links: list[str] = []
    if answer.status == 200:
        text = partial(answer.body.decode, "utf-8", "replace")
        if path.endswith((".html", "/")):
            page = page_facts(text())
            links, page.links = page.links, []
            faults = html_faults(answer.body) if strictly else ()
        elif path.endswith(".css"):
            links = stylesheet_links(text())
        elif path.endswith(".js"):
            links = script_links(text())
    targets = frozenset(target_of(link, path, origin) for link in set(links)) - {None}
    return Visited(
        path,
        answer.status,
        answer.headers,
        written(answer.body),
        page,
        faults,
        len(links),
        targets,  # type: ignore[arg-type]
    )


def _not_yet_visited(
    linked_from: Mapping[Target, str], visited: Mapping[str, Visited]
) -> dict[str, str]:
    """The paths to visit next, each with the first page that has a link to it."""
    found: dict[str, str] = {}
    for target, path in linked_from.items():
        if target.path not in visited:
            found[target.path] = min(found.get(target.path, path), path)
    return found


def _missing_fragments(
    linked_from: Mapping[Target, str], pages: Mapping[str, PageFacts]
) -> Iterator[str]:
    places: dict[str, list[Target]] = defaultdict(list)
    for target in linked_from:
        if target.fragment and target.path in pages:
            places[target.path].append(target)
    for path, targets in sorted(places.items()):
        for target in sorted(targets, key=lambda one: one.fragment):
            if target.fragment not in pages[path].ids:
                yield f"{linked_from[target]} 里的链接 {path}#{target.fragment} 找不到位置"


def _origin(canonical: str) -> str:
    parts = urlsplit(canonical)
    return f"{parts.scheme}://{parts.netloc}" if parts.netloc else ""
