"""What `verify` wants to know of one page: its links, its ids, and what its policy would block."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Final

_CSS_URL: Final = re.compile(r"""url\(\s*["']?([^"')]+)["']?\s*\)|@import\s+["']([^"']+)["']""")
_IMPORT: Final = re.compile(r"""(?:\bfrom|\bimport)\s*\(?\s*["'](\.{0,2}/[^"']+)["']""")
_DATA_TYPES: Final = frozenset({"application/ld+json", "application/json"})


@dataclass(slots=True)
class PageFacts:
    """`links` are addresses as written; `blocked` are things the security policy forbids."""

    links: list[str] = field(default_factory=list)
    ids: set[str] = field(default_factory=set)
    repeated_ids: list[str] = field(default_factory=list)
    blocked: list[str] = field(default_factory=list)
    canonical: str = ""
    noindex: bool = False


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.facts = PageFacts()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        facts, given = self.facts, {name: value or "" for name, value in attrs}
        if name := given.get("id"):
            if name in facts.ids:
                facts.repeated_ids.append(name)
            facts.ids.add(name)
        for key in ("href", "src", "action", "poster"):
            if key in given:
                facts.links.append(given[key])
        facts.links += [c.split()[0] for c in given.get("srcset", "").split(",") if c.strip()]
        facts.blocked += [f"<{tag} {key}>" for key in given if key == "style" or key[:2] == "on"]
        if tag == "style":
            facts.blocked.append("<style>")
        if tag == "script" and "src" not in given and given.get("type") not in _DATA_TYPES:
            facts.blocked.append("<script>")
        if tag == "link" and given.get("rel") == "canonical":
            facts.canonical = given.get("href", "")
        if tag == "meta" and given.get("name") == "robots":
            facts.noindex = facts.noindex or "noindex" in given.get("content", "")


def page_facts(text: str) -> PageFacts:
    reader = _Reader()
    reader.feed(text)
    reader.close()
    return reader.facts


def stylesheet_links(text: str) -> list[str]:
    return [one or other for one, other in _CSS_URL.findall(text)]


def script_links(text: str) -> list[str]:
    """What a module imports by a written address; an address that it computes is not found."""
    return _IMPORT.findall(text)
