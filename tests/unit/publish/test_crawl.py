"""The facts of a page, and where its links lead."""

from __future__ import annotations

from urllib.parse import unquote, urljoin, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plugins.publish.crawl import Target, target_of
from plugins.publish.page_facts import page_facts

ORIGIN = "https://zhaosheng.example"


def test_the_facts_of_a_page() -> None:
    facts = page_facts(
        "<!doctype html><html lang=zh-CN><head><title>x</title>"
        "<link rel=canonical href='https://zhaosheng.example/about/'>"
        "<meta name=robots content='noindex, follow'><script src=/a.js></script>"
        "<script type=application/ld+json>{}</script></head>"
        "<body><img srcset='/small.webp 1x, /large.webp 2x' src=/small.webp alt>"
        "<a id=one href='/x/?a=1&amp;b=2#y'>x</a><form action=/search/></form>"
        "<noscript><img src=/plain.png alt></noscript>"
        "<svg><use href=#drawn></use></svg></body></html>"
    )
    assert facts.links == [
        f"{ORIGIN}/about/", "/a.js", "/small.webp", "/large.webp", "/small.webp",
        "/x/?a=1&b=2#y", "/search/", "/plain.png", "#drawn",
    ]  # fmt: skip
    assert facts.ids == {"one"}
    assert facts.canonical == f"{ORIGIN}/about/"
    assert facts.noindex
    assert (facts.blocked, facts.repeated_ids) == ([], [])


def test_what_scripts_copy_from_a_template_is_looked_at_too() -> None:
    facts = page_facts(
        "<!doctype html><title>x</title><p id=here></p>"
        "<template><a href=/copied/ id=here onclick=x()>x</a>"
        "<template><b id=inner style=x></b></template></template>"
    )
    assert "/copied/" in facts.links
    assert facts.repeated_ids == ["here"]
    assert facts.ids == {"here", "inner"}
    assert sorted(facts.blocked) == ["<a onclick>", "<b style>"]


@pytest.mark.parametrize(
    ("written", "blocked"),
    [
        ("<p style=x>", "<p style>"),
        ("<style>p{}</style>", "<style>"),
        ("<script>1</script>", "<script>"),
        ("<script type=module>1</script>", "<script>"),
        ("<svg onload=x()></svg>", "<svg onload>"),
    ],
)
def test_what_the_policy_would_block(written: str, blocked: str) -> None:
    assert page_facts(f"<!doctype html><title>x</title>{written}").blocked == [blocked]


PIECES = st.sampled_from(
    [
        "/",
        "a",
        "b-1",
        ".",
        "..",
        "#",
        "?",
        "%E4%B8%AD",
        "%2F",
        "中",
        ":",
        "&",
        "=",
        "index.html",
        "_",
    ]
)


@given(st.lists(PIECES, max_size=7).map("".join), st.sampled_from(["/", "/a/", "/a/b.css"]))
def test_the_short_way_leads_where_the_long_way_does(link: str, path: str) -> None:
    whole = urlsplit(urljoin(ORIGIN + path, link))
    leads_here = f"{whole.scheme}://{whole.netloc}" == ORIGIN
    expected = Target(unquote(whole.path) or "/", unquote(whole.fragment)) if leads_here else None
    assert target_of(link, path, ORIGIN) == expected


@pytest.mark.parametrize("link", ["mailto:a@b.example", "tel:12333", "https://other.example/a/"])
def test_links_that_lead_away(link: str) -> None:
    assert target_of(link, "/", ORIGIN) is None


def test_a_text_fragment_is_no_place_on_the_page() -> None:
    assert target_of("/a/#:~:text=x", "/", ORIGIN) == Target("/a/", "")
