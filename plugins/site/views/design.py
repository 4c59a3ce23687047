"""`/design/`: the design system's living pages, built for the preview only."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from msgspec import Struct

from plugins import addresses
from plugins.site.page import Link, Page

_DECLARATION: Final = re.compile(r"(--[a-z0-9-]+):\s*([^;]+);")
_DARK: Final = "@media screen and (prefers-color-scheme: dark)"


class Token(Struct, frozen=True):
    """One value of `tokens.css`; `dark` is empty where the dark scheme keeps the light value."""

    name: str
    light: str
    dark: str


class DesignView(Struct, frozen=True):
    components: tuple[Link, ...]
    colours: tuple[Token, ...]
    measures: tuple[Token, ...]


class ExampleView(Struct, frozen=True):
    """`example` is the template of the states; `demo` holds the views of an invented site."""

    name: str
    example: str
    demo: Mapping[str, Any]


DESIGN_LINK = Link("设计系统", addresses.DESIGN)


def tokens(stylesheet: str) -> tuple[Token, ...]:
    """The tokens that `tokens.css` declares, in its order."""
    light, _, dark = stylesheet.partition(_DARK)
    dark_values = dict(_DECLARATION.findall(dark))
    return tuple(
        Token(name, " ".join(value.split()), dark_values.get(name, ""))
        for name, value in _DECLARATION.findall(light)
    )


def pages(components: Iterable[str], stylesheet: str, demo: Mapping[str, Any]) -> Iterator[Page]:
    """The page of tokens, and one page for each of the named components.

    `demo` gives the views of an invented site by address, so that examples show what the views
    really make.
    """
    names = sorted(components)
    found = tokens(stylesheet)
    yield Page(
        url=addresses.DESIGN,
        template="design.html",
        title="设计系统",
        description="颜色、字号、间距和全部组件。",
        view=DesignView(
            tuple(Link(name, addresses.design_example(name)) for name in names),
            tuple(token for token in found if token.name.startswith("--colour-")),
            tuple(token for token in found if not token.name.startswith("--colour-")),
        ),
        indexed=False,
    )
    for name in names:
        yield Page(
            url=addresses.design_example(name),
            template="design-example.html",
            title=f"组件：{name}",
            description=f"组件 {name} 的各种状态。",
            view=ExampleView(name, f"design/examples/{name}.html", demo),
            trail=(DESIGN_LINK,),
            indexed=False,
        )
