"""Markdown of a profile → HTML that may stand on a page.

Three walls, each of which holds alone: Markdown runs without raw HTML and with tables and sane
lists only; nh3 then keeps an allow-list of tags and almost no attributes; the source marks are
put in last, as links that we write ourselves. The result is final: nothing may rewrite it later
(Pelican's own link replacement would undo it).
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from plugins.sanitize.plain import plain_html
from plugins.sanitize.source_marks import WRITTEN, source_link

if TYPE_CHECKING:
    from plugins.sanitize.long_way import LongWay


class Renderer:
    """Renders many texts; what the long way needs is loaded when the first text has to take it.

    `top_heading` is the highest heading that a text may hold: 3 inside a section of a page, 2 for
    a text that is the whole page below its title.
    """

    def __init__(self, top_heading: int = 3) -> None:
        self._top_heading = top_heading

    def render(self, text: str) -> str:
        """Safe HTML of one section; `[来源1]` becomes a link to the page's first source."""
        plain = plain_html(text)
        return self.render_anything(text) if plain is None else WRITTEN.sub(source_link, plain)

    def render_anything(self, text: str) -> str:
        """`render` the long way, through Python-Markdown and nh3, which decide what it gives."""
        return self._long_way.html(text)

    @cached_property
    def _long_way(self) -> LongWay:
        from plugins.sanitize.long_way import LongWay

        return LongWay(self._top_heading)
