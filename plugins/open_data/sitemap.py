"""`/sitemap.xml` and `/robots.txt` (sitemaps.org, protocol 0.9; RFC 9309)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Final
from xml.sax.saxutils import escape

MOST: Final = 50_000
"""Most addresses of one sitemap, by the protocol."""

_SPACE: Final = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'

Listed = tuple[str, dt.date | None]
"""An address, and the day of its last change or None."""


def sitemap_files(site_url: str, pages: Sequence[Listed], most: int = MOST) -> dict[str, bytes]:
    """`sitemap.xml`; where there are more than `most` pages, an index of `sitemap-1.xml` …

    Pages stand in the order given.
    """
    if len(pages) <= most:
        return {"sitemap.xml": _urls(site_url, pages)}
    parts = {
        f"sitemap-{number}.xml": pages[start : start + most]
        for number, start in enumerate(range(0, len(pages), most), start=1)
    }
    lines = [
        _entry(
            "sitemap", f"{site_url}/{name}", max(filter(None, (d for _, d in part)), default=None)
        )
        for name, part in parts.items()
    ]
    index = _document("sitemapindex", lines)
    return {"sitemap.xml": index} | {name: _urls(site_url, part) for name, part in parts.items()}


def _newest(pages: Iterable[Listed]) -> dt.date | None:
    return max((day for _, day in pages if day), default=None)


def _urls(site_url: str, pages: Iterable[Listed]) -> bytes:
    return _document("urlset", (_entry("url", site_url + address, day) for address, day in pages))


def _entry(element: str, address: str, day: dt.date | None) -> str:
    date = f"<lastmod>{day.isoformat()}</lastmod>" if day else ""
    return f"<{element}><loc>{escape(address)}</loc>{date}</{element}>"


def _document(element: str, lines: Iterable[str]) -> bytes:
    head = '<?xml version="1.0" encoding="UTF-8"?>'
    return ("\n".join([head, f"<{element} {_SPACE}>", *lines, f"</{element}>"]) + "\n").encode()


def robots_txt(site_url: str) -> bytes:
    return f"User-agent: *\nAllow: /\nSitemap: {site_url}/sitemap.xml\n".encode()
