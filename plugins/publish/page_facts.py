"""What `verify` wants to know of one page: its links, its ids, and what its policy would block.

Lexbor parses as browsers do, in a seventh of the time that the standard library's parser takes.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final

from selectolax.lexbor import LexborHTMLParser

_CSS_URL: Final = re.compile(r"""url\(\s*["']?([^"')]+)["']?\s*\)|@import\s+["']([^"']+)["']""")
_IMPORT: Final = re.compile(r"""(?:\bfrom|\bimport)\s*\(?\s*["'](\.{0,2}/[^"']+)["']""")
_DATA_TYPES: Final = frozenset({"application/ld+json", "application/json"})
_ADDRESSES: Final = frozenset({"href", "src", "action", "poster"})


@dataclass(slots=True)
class PageFacts:
    """`links` are addresses as written; `blocked` are things the security policy forbids."""

    links: list[str] = field(default_factory=list)
    ids: set[str] = field(default_factory=set)
    repeated_ids: list[str] = field(default_factory=list)
    blocked: list[str] = field(default_factory=list)
    canonical: str = ""
    noindex: bool = False


def page_facts(text: str) -> PageFacts:
    """The facts of a whole page, with what stands in its templates for scripts to copy."""
    facts = PageFacts()
    root = LexborHTMLParser(text).root
    parts = [root] if root else []
    while parts:
        part = parts.pop()
        for node in part.traverse():
            _take(facts, node.tag or "", node.attributes)
        # What a template holds is no part of the tree around it.
        parts += part.template_fragments()
    return facts


def _take(facts: PageFacts, tag: str, given: dict[str, str | None]) -> None:
    if tag == "style":
        facts.blocked.append("<style>")
    if tag == "script" and "src" not in given and given.get("type") not in _DATA_TYPES:
        facts.blocked.append("<script>")
    for key, written in given.items():
        value = written or ""
        if key == "id" and value:
            if value in facts.ids:
                facts.repeated_ids.append(value)
            facts.ids.add(value)
        elif key in _ADDRESSES:
            facts.links.append(value)
        elif key == "srcset":
            facts.links += [choice.split()[0] for choice in value.split(",") if choice.strip()]
        elif key == "style" or key.startswith("on"):
            facts.blocked.append(f"<{tag} {key}>")
    if tag == "link" and given.get("rel") == "canonical":
        facts.canonical = given.get("href") or ""
    if tag == "meta" and given.get("name") == "robots":
        facts.noindex = facts.noindex or "noindex" in (given.get("content") or "")


def stylesheet_links(text: str) -> list[str]:
    return [one or other for one, other in _CSS_URL.findall(text)]


def script_links(text: str) -> list[str]:
    """What a module imports by a written address; an address that it computes is not found."""
    return _IMPORT.findall(text)
