"""A page of the site as it stands in a pack: every address relative, every link alive.

A page that is opened from a disk has no root and no folders with an index, and runs no module. The
page is taken as it was rendered; only addresses in its tags change.
"""

from __future__ import annotations

import html
import posixpath
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

_LINKS_LEFT_OUT: Final = re.compile(
    r'<link rel="(?:manifest|apple-touch-icon|alternate)"[^<>]*>\n?'
)
_MODULE: Final = re.compile(r'<script type="module" src="/assets/[^/]+/js/([^"]+)"></script>\n?')
_PICTURE: Final = re.compile(r"<picture>(.*?)</picture>", re.DOTALL)
_IMAGE: Final = re.compile(r"<img\b[^<>]*>")
_SOURCES: Final = re.compile(r'\s(?:src|srcset|sizes|fetchpriority)="[^"]*"')
_WORDS: Final = re.compile(r'\salt="([^"]*)"')
_ADDRESS: Final = re.compile(r'\s(href|src|action)="(/(?!/)[^"?#]*)([?#][^"]*)?"')
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


def pack_page(page: str, file: str, site: PackSite) -> str:
    """The HTML of `page` as `file` of the pack: `index.html`, or a path below `files/`."""
    folder = posixpath.dirname(file)
    up = posixpath.relpath(FOLDER, folder or ".") + "/"
    scripts = _MODULE.findall(page)
    page = _MODULE.sub("", _LINKS_LEFT_OUT.sub("", page))
    page = _PICTURE.sub(lambda match: _image(match[1], site), page)
    page = _ADDRESS.sub(
        lambda match: _attribute(match[1], match[2], match[3] or "", up, site), page
    )
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


def _attribute(name: str, path: str, rest: str, up: str, site: PackSite) -> str:
    path = html.unescape(path)
    if asset := _ASSET.fullmatch(path):
        return f' {name}="{up}assets/{asset[1]}"'
    if photo := _PHOTO.fullmatch(path):
        found = site.photos.get(photo[1])
        return f' {name}="{up}{found}"' if found else " data-outside"
    if path in site.where:
        target = posixpath.normpath(up + site.where[path])
        return f' {name}="{html.escape(target)}{rest}"'
    if name != "href":
        raise ValueError(f"the pack has no {path} for {name}")
    outside = f' href="{html.escape(site.origin + path)}{rest}"' if site.origin else ""
    return f"{outside} data-outside"


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
