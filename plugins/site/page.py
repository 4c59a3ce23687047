"""What every page is: an address, a template, its head, and the view that the template shows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from msgspec import Struct

from plugins import addresses


class Link(Struct, frozen=True):
    text: str
    url: str


HOME_LINK: Final = Link("首页", addresses.HOME)
PROVINCES_LINK: Final = Link("各地学校", addresses.PROVINCES)


class Alternate(Struct, frozen=True):
    """The same in a form that a program follows: a feed or a calendar."""

    type: str
    title: str
    url: str


def feed_link(title: str, url: str) -> Alternate:
    return Alternate("application/atom+xml", title, url)


def calendar_link(title: str, url: str) -> Alternate:
    return Alternate("text/calendar", title, url)


class Page(Struct, frozen=True):
    """One page of the site.

    `title` and `description` are what a search engine and a shared link show; `trail` are the
    pages above this one, from the home page down. `view` is the frozen record that the template
    reads. `changed_on` is the date of the newest data on the page, where that is known.
    `canonical` is the page that search engines should list instead of this one. `alternates` are
    its feeds and calendars; `image` is the address of the picture that a shared link shows.
    """

    url: str
    template: str
    title: str
    description: str
    view: Any
    trail: tuple[Link, ...] = ()
    json_ld: Mapping[str, Any] | None = None
    changed_on: dt.date | None = None
    indexed: bool = True
    canonical: str | None = None
    alternates: tuple[Alternate, ...] = ()
    image: str | None = None

    @property
    def section(self) -> str:
        """The address of the section that the page is in, which the header marks."""
        first = self.url.split("/", 2)[1]
        return f"/{first}/" if first else addresses.HOME

    @property
    def file(self) -> str:
        return addresses.file_of(self.url)


class File(Struct, frozen=True):
    """A file of the output that no template makes: its path, and its bytes or where they lie."""

    name: str
    data: bytes | Path
