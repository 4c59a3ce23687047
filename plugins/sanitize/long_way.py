"""The long way from Markdown to safe HTML: through Python-Markdown and nh3, which decide all of it.

Apart from `render`, so that whoever renders nothing but plain texts loads neither library.
"""

from __future__ import annotations

import re
from typing import Final
from xml.etree.ElementTree import Element

import markdown
import nh3
from markdown.inlinepatterns import InlineProcessor
from markdown.treeprocessors import Treeprocessor
from markdown.util import AtomicString

from plugins.sanitize.source_marks import WRITTEN, source_link

TAGS: Final = frozenset(
    {
        "p", "br", "strong", "em", "del", "ul", "ol", "li", "blockquote", "h3", "h4", "h5", "h6",
        "table", "thead", "tbody", "tr", "th", "td", "code", "pre", "hr", "a",
    }
)  # fmt: skip
"""Text, lists and tables. No images: a profile's photos are placed by the page itself."""

SCHEMES: Final = frozenset({"https", "mailto", "tel"})
"""Where a link of a profile may lead."""

_SOURCE_SCHEME: Final = "source"
"""Scheme of the links that stand for source marks until the end; it leads nowhere."""

_MARKED: Final = re.compile(r'<a href="source:([0-9]{1,3})" rel="[a-z ]+">[0-9]{1,3}</a>')
_UNMARKED: Final = re.compile(r'(<a) href="source:[0-9]{1,3}"')
"""A link that a contributor wrote with the scheme of the marks; a quotation mark in text or in an
attribute is always escaped, so that only real elements are found."""


class _SourceMark(InlineProcessor):
    """`[来源1]` in running text; never inside a link, where a second link would break the page."""

    ANCESTOR_EXCLUDES = ("a",)

    def handleMatch(  # type: ignore[override]  # noqa: N802 - the library's name
        self, m: re.Match[str], data: str
    ) -> tuple[Element, int, int]:
        link = Element("a", {"href": f"{_SOURCE_SCHEME}:{m.group(1)}"})
        link.text = m.group(1)
        return link, m.start(0), m.end(0)


_INLINE: Final = re.compile(r"[`\\\[<&*_]|  \n")
"""What running text needs to hold for any inline pattern of the renderer to find something."""


class _PlainText(Treeprocessor):
    """Marks text in which no inline pattern can find anything, so that none is tried on it.

    Trying all patterns on every text is a third of the time that Markdown takes.
    """

    def run(self, root: Element) -> None:
        for element in root.iter():
            if element.text and not _INLINE.search(element.text):
                element.text = AtomicString(element.text)


class LongWay:
    """One Markdown instance for many texts: building one costs more than using it.

    `top_heading` is the highest heading that a text may hold.
    """

    def __init__(self, top_heading: int) -> None:
        self._tags = {*TAGS, *(f"h{level}" for level in range(top_heading, 3))}
        self._markdown = markdown.Markdown(
            extensions=["tables", "sane_lists"], output_format="html", tab_length=2
        )
        # Raw HTML then reads as the text that was typed instead of passing through.
        self._markdown.preprocessors.deregister("html_block")
        self._markdown.inlinePatterns.deregister("html")
        self._markdown.treeprocessors.register(_PlainText(), "plain-text", 30)
        # After links and code (their priorities are higher): what they hold is not touched.
        mark = _SourceMark(WRITTEN.pattern, self._markdown)
        self._markdown.inlinePatterns.register(mark, "source-mark", 65)

    def html(self, text: str) -> str:
        self._markdown.reset()
        html = nh3.clean(
            self._markdown.convert(text),
            tags=self._tags,
            # "*" replaces the library's own list, which lets `title` and `lang` pass everywhere.
            attributes={"*": set(), "a": {"href"}, "ol": {"start"}},
            attribute_filter=_keep_attribute,
            url_schemes={*SCHEMES, _SOURCE_SCHEME},
            url_relative="deny",
            link_rel="nofollow noopener ugc",
            strip_comments=True,
        )
        return _UNMARKED.sub(r"\1", _MARKED.sub(source_link, html))


def _keep_attribute(tag: str, attribute: str, value: str) -> str | None:
    """Drop addresses that start like a path on another host or hold a template's brace."""
    if attribute == "href" and (value.lstrip().startswith(("//", "\\")) or "{" in value):
        return None
    if value.lower().lstrip().startswith(_SOURCE_SCHEME) and not re.fullmatch(
        rf"{_SOURCE_SCHEME}:[0-9]{{1,3}}", value
    ):
        return None
    if attribute == "start" and not re.fullmatch(r"[0-9]{1,4}", value):
        return None
    return value
