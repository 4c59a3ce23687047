"""Markdown of a profile → HTML that may stand on a page.

Three walls, each of which holds alone: Markdown runs without raw HTML and with tables and sane
lists only; nh3 then keeps an allow-list of tags and almost no attributes; the source marks are
put in last, as links that we write ourselves. The result is final: nothing may rewrite it later
(Pelican's own link replacement would undo it).
"""

from __future__ import annotations

import re
from typing import Final

import markdown
import nh3

TAGS: Final = frozenset(
    {
        "p", "br", "strong", "em", "del", "ul", "ol", "li", "blockquote", "h3", "h4", "h5", "h6",
        "table", "thead", "tbody", "tr", "th", "td", "code", "pre", "hr", "a",
    }
)  # fmt: skip
"""Text, lists and tables. No images: a profile's photos are placed by the page itself."""

SCHEMES: Final = frozenset({"https", "mailto", "tel"})
"""Where a link of a profile may lead."""

_SOURCE_MARK: Final = re.compile(r"\[来源([0-9]{1,3})\]")


class Renderer:
    """Renders many texts with one Markdown instance: building one costs more than using it."""

    def __init__(self) -> None:
        self._markdown = markdown.Markdown(
            extensions=["tables", "sane_lists"], output_format="html", tab_length=2
        )
        # Raw HTML then reads as the text that was typed instead of passing through.
        self._markdown.preprocessors.deregister("html_block")
        self._markdown.inlinePatterns.deregister("html")

    def render(self, text: str) -> str:
        """Safe HTML of one section; `[来源1]` becomes a link to the page's first source."""
        self._markdown.reset()
        html = nh3.clean(
            self._markdown.convert(text),
            tags=set(TAGS),
            # "*" replaces the library's own list, which lets `title` and `lang` pass everywhere.
            attributes={"*": set(), "a": {"href"}, "ol": {"start"}},
            attribute_filter=_keep_attribute,
            url_schemes=set(SCHEMES),
            url_relative="deny",
            link_rel="nofollow noopener ugc",
            strip_comments=True,
        )
        return _SOURCE_MARK.sub(_source_link, html)


def _keep_attribute(tag: str, attribute: str, value: str) -> str | None:
    """Drop addresses that start like a path on another host or hold a template's brace."""
    if attribute == "href" and (value.lstrip().startswith(("//", "\\")) or "{" in value):
        return None
    if attribute == "start" and not re.fullmatch(r"[0-9]{1,4}", value):
        return None
    return value


def _source_link(mark: re.Match[str]) -> str:
    number = int(mark.group(1))
    return (
        f'<a class="source-mark" href="#source-{number}">'
        f'<span class="visually-hidden">来源</span>{number}</a>'
    )
