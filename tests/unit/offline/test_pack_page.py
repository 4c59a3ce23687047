"""A page of the site in a pack: relative addresses, no dead link."""

from __future__ import annotations

import pytest

from plugins.offline.pack_page import PackSite, pack_page

PHOTO = "0123456789abcdef"
SITE = PackSite(
    where={
        "/": "../index.html",
        "/schools/a/": "schools/a/index.html",
        "/search/": "search/index.html",
        "/majors/": "provinces/p/majors/index.html",
    },
    photos={PHOTO: f"photos/{PHOTO}-480.webp"},
    origin="https://site.example.cn",
    date="2026-06-01",
    newer="/offline/p/",
    generation="1122334455667788",
)


def body(html: str, site: PackSite = SITE, file: str = "files/schools/a/index.html") -> str:
    page = f'<!doctype html>\n<html lang="zh-CN">\n<head>\n</head>\n<body>{html}</body></html>'
    return pack_page(page, file, site).partition("<body>")[2].partition("</body>")[0]


@pytest.mark.parametrize(
    ("link", "there"),
    [
        ('<a href="/schools/a/">', '<a href="../../schools/a/index.html">'),
        ('<a href="/schools/a/#plan">', '<a href="../../schools/a/index.html#plan">'),
        ('<a href="/search/?q=%E6%95%B0">', '<a href="../../search/index.html?q=%E6%95%B0">'),
        ('<a href="/">', '<a href="../../../index.html">'),
        ('<a href="/majors/">', '<a href="../../provinces/p/majors/index.html">'),
        ('<form action="/search/">', '<form action="../../search/index.html">'),
        ('<a href="#plan">', '<a href="#plan">'),
        ('<a href="tel:12333">', '<a href="tel:12333">'),
        ('<a href="https://else.cn/">', '<a href="https://else.cn/">'),
        (
            '<a href="/schools/far/">',
            '<a href="https://site.example.cn/schools/far/" data-outside>',
        ),
        ('<img src="/assets/00112233445566/favicon.svg">', '<img src="../../assets/favicon.svg">'),
    ],
)  # fmt: skip
def test_an_address_is_relative_or_that_of_the_site(link: str, there: str) -> None:
    assert body(link) == there


def test_the_first_page_stands_above_the_folder() -> None:
    assert body('<a href="/schools/a/"><a href="/">', file="index.html") == (
        '<a href="files/schools/a/index.html"><a href="index.html">'
    )


def test_without_an_origin_a_link_that_leads_out_is_only_text() -> None:
    without = PackSite(SITE.where, SITE.photos, "", SITE.date, SITE.newer, SITE.generation)
    assert body('<a class="x" href="/schools/far/">远</a>', without) == (
        '<a class="x" data-outside>远</a>'
    )


def test_an_address_that_is_only_text_stays() -> None:
    assert body("<p>写 href=&#34;/schools/a/&#34;</p>") == "<p>写 href=&#34;/schools/a/&#34;</p>"


def test_one_small_copy_stands_for_all_of_a_photo() -> None:
    picture = (
        f'<a href="/photos/{PHOTO}-1600.jpg"><picture><source type="image/webp" '
        f'srcset="/photos/{PHOTO}-480.webp 480w, /photos/{PHOTO}-960.webp 960w" sizes="92vw">'
        f'<img src="/photos/{PHOTO}-480.jpg" srcset="/photos/{PHOTO}-480.jpg 480w" sizes="92vw" '
        'width="480" height="320" alt="校门" fetchpriority="high"></picture></a>'
    )
    here = f"../../photos/{PHOTO}-480.webp"
    assert body(picture) == (
        f'<a href="{here}"><img src="{here}" width="480" height="320" alt="校门"></a>'
    )


def test_a_photo_that_the_pack_does_not_have_is_told_in_words() -> None:
    picture = '<picture><img src="/photos/ffffffffffffffff-480.jpg" alt="远方的校门"></picture>'
    assert body(picture) == "<span data-outside>远方的校门</span>"


def test_scripts_are_those_of_the_pack_and_the_page_says_where_it_stands() -> None:
    page = pack_page(
        '<html lang="zh-CN"><head><link rel="manifest" href="/manifest.webmanifest">\n'
        '<link rel="alternate" type="application/atom+xml" href="/news/atom.xml">\n'
        '<script type="module" src="/assets/00112233445566/js/a.js"></script>\n'
        '<script type="module" src="/assets/00112233445566/js/b.js"></script>\n</head>'
        '<body><div data-index="/search-index/ffffffffffffffff/"></div></body></html>',
        "files/search/index.html",
        SITE,
    )
    assert (
        'data-pack="2026-06-01" data-root="../" data-site="https://site.example.cn/offline/p/"'
        in page
    )
    assert '<script defer src="../pack/scripts.js" data-run="a.js b.js"></script>' in page
    assert "module" not in page
    assert "manifest" not in page
    assert "atom" not in page
    assert 'data-index="/search-index/1122334455667788/"' in page
