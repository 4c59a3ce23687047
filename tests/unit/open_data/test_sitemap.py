"""The sitemap: one file as long as the protocol lets it be one, then an index."""

from __future__ import annotations

import datetime as dt
from xml.etree import ElementTree

from plugins.open_data.sitemap import sitemap_files

SPACE = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
PAGES = [
    ("/a/?b&c", dt.date(2026, 6, 1)),
    ("/d/", None),
    ("/e/", dt.date(2026, 6, 3)),
    ("/f/", dt.date(2026, 6, 2)),
    ("/g/", None),
]


def told(data: bytes, name: str) -> list[str | None]:
    root = ElementTree.fromstring(data)  # noqa: S314 - our own output
    return [node.text for node in root.iter(f"{SPACE}{name}")]


def test_the_sitemap_is_xml_with_dates() -> None:
    files = sitemap_files("https://a.example", PAGES[:2])
    assert list(files) == ["sitemap.xml"]
    assert told(files["sitemap.xml"], "loc") == ["https://a.example/a/?b&c", "https://a.example/d/"]
    assert told(files["sitemap.xml"], "lastmod") == ["2026-06-01"]


def test_a_long_one_is_cut_and_the_index_names_the_parts_with_their_newest_day() -> None:
    files = sitemap_files("https://a.example", PAGES, most=2)
    assert told(files["sitemap.xml"], "loc") == [
        f"https://a.example/sitemap-{number}.xml" for number in (1, 2, 3)
    ]
    assert told(files["sitemap.xml"], "lastmod") == ["2026-06-01", "2026-06-03"]
    parts = [told(files[f"sitemap-{number}.xml"], "loc") for number in (1, 2, 3)]
    assert [address for part in parts for address in part] == [
        f"https://a.example{url}" for url, _ in PAGES
    ]
    assert files["sitemap.xml"].startswith(b"<?xml")
    assert b"<sitemapindex" in files["sitemap.xml"]
