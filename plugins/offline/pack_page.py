"""A page of the site as it stands in a pack: every address relative, every link alive.

A page that is opened from a disk has no root and no folders with an index, and runs no module. The
page is taken as it was rendered; only addresses in its tags change.
"""

from __future__ import annotations

import html
import posixpath
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from string import ascii_letters, whitespace
from typing import Final

_LINKS_LEFT_OUT: Final = re.compile(
    r'<link rel="(?:manifest|apple-touch-icon|alternate)"[^<>]*>\n?'
)
_MODULE: Final = re.compile(r'<script type="module" src="/assets/[^/]+/js/([^"]+)"></script>\n?')
_PICTURE: Final = re.compile(r"<picture>(.*?)</picture>", re.DOTALL)
_IMAGE: Final = re.compile(r"<img\b[^<>]*>")
_SOURCES: Final = re.compile(r'\s(?:src|srcset|sizes|fetchpriority)="[^"]*"')
_WORDS: Final = re.compile(r'\salt="([^"]*)"')
_BEGINNING: Final = '="/'
"""Of an address of the site as the value of an attribute; rare in a page, so quickly found."""
_ATTRIBUTES: Final = tuple(
    f"{space}{name}" for name in ("href", "src", "action") for space in whitespace
)
_OUTSIDE: Final = " data-outside"
_ASSET: Final = re.compile(r"/assets/[^/]+/(.+)")
_PHOTO: Final = re.compile(r"/photos/([0-9a-f]{12,})-[0-9]+\.[a-z]+")
_INDEX: Final = re.compile(r'\sdata-index="/search-index/[^"]*"')

START: Final = "index.html"
"""The page to open, beside the folder with all the rest."""
FOLDER: Final = "files"


@dataclass(frozen=True, slots=True)
class PackSite:
    """What all pages of a pack share.

    `where` is the file below `files` for each address of the site that the pack answers; for the
    start page that is `../index.html`. `photos` are the file below `files` by a photo's digest.
    `origin` is the site's, or "" for a site without one. `date` is the ISO day of the data, and
    `newer` the address on the site at which one sees whether there is a newer pack.
    """

    where: Mapping[str, str]
    photos: Mapping[str, str]
    origin: str
    date: str
    newer: str
    generation: str
    _relative: dict[str, _Relative] = field(default_factory=dict, repr=False, compare=False)

    def relative(self, up: str) -> _Relative:
        """Addresses in pages from which `files/` is reached by `up`."""
        if up not in self._relative:
            self._relative[up] = _Relative(up, self)
        return self._relative[up]


def pack_page(page: str, file: str, site: PackSite) -> str:
    """The HTML of `page` as `file` of the pack: `index.html`, or a path below `files/`."""
    folder = posixpath.dirname(file)
    up = posixpath.relpath(FOLDER, folder or ".") + "/"
    head, end, body = page.partition("</head>")
    scripts = _MODULE.findall(head)
    page = _MODULE.sub("", _LINKS_LEFT_OUT.sub("", head)) + end + body
    if "<picture>" in page:
        page = _PICTURE.sub(lambda match: _image(match[1], site), page)
    page = site.relative(up).page(page)
    if "data-index" in page:
        page = _INDEX.sub(f' data-index="/search-index/{site.generation}/"', page)
    where = f' data-pack="{site.date}" data-root="{up}"'
    if site.origin:
        where += f' data-site="{html.escape(site.origin + site.newer)}"'
    page = page.replace("<html", f"<html{where}", 1)
    style = f'<link rel="stylesheet" href="{up}assets/css/offline.css">\n'
    run = f'<script defer src="{up}pack/scripts.js" data-run="{" ".join(scripts)}"></script>\n'
    return page.replace("</head>", f"{style}{run}</head>", 1)


def without_index(page: str) -> str:
    """A page without the name of the site's search index."""
    return _INDEX.sub("", page)


class _Relative:
    """Addresses as they stand in pages that lie so far below; each is found out once."""

    def __init__(self, up: str, site: PackSite) -> None:
        self._up, self._site = up, site
        self._known: dict[tuple[str, bool], str] = {}

    def page(self, page: str) -> str:
        """The page with these addresses."""
        first, *pieces = page.split(_BEGINNING)
        done = [first]
        for piece in pieces:
            before = done[-1]
            address, quote, rest = piece.partition('"')
            if not quote or address.startswith("/") or not before.endswith(_ATTRIBUTES):
                done.append(f"{_BEGINNING}{piece}")
                continue
            key = address, before.endswith("href")
            value = self._known.get(key)
            if value is None:
                value = self._known[key] = self._value(f"/{address}", is_link=key[1])
            if value == _OUTSIDE:  # in the place of the whole attribute
                done[-1] = before.rstrip(ascii_letters)[:-1]
            done += (value, rest)
        return "".join(done)

    def _value(self, address: str, *, is_link: bool) -> str:
        """What stands for an attribute's value."""
        site = self._site
        path = re.split("[?#]", address, maxsplit=1)[0]
        path, rest = html.unescape(path), address[len(path) :]
        if asset := _ASSET.fullmatch(path):
            return f'="{self._up}assets/{asset[1]}"'
        if photo := _PHOTO.fullmatch(path):
            found = site.photos.get(photo[1])
            return f'="{self._up}{found}"' if found else _OUTSIDE
        if path in site.where:
            target = posixpath.normpath(self._up + site.where[path])
            return f'="{html.escape(target)}{rest}"'
        if not is_link:
            raise ValueError(f"the pack has no {path}")
        if not site.origin:
            return _OUTSIDE
        return f'="{html.escape(site.origin + path)}{rest}"{_OUTSIDE}'


def _image(picture: str, site: PackSite) -> str:
    """One small copy stands for all sizes and formats of a photo; for a photo that the pack does
    not have, of another province, its words."""
    image = _IMAGE.search(picture)
    digest = _PHOTO.search(picture)
    if image is None or digest is None or digest[1] not in site.photos:
        words = _WORDS.search(picture)
        return f"<span data-outside>{words[1] if words else ''}</span>"
    # Made relative with all other addresses.
    source = f"/photos/{digest[1]}-480.webp"
    return re.sub(r"^<img", f'<img src="{source}"', _SOURCES.sub("", image[0]))
