"""News as visitors and feed readers get it: Pelican publishes it, and only what was checked."""

from __future__ import annotations

import datetime as dt
import os
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest
from rich.console import Console

from plugins.catalogue import load
from plugins.site.build import BuildFailed, Built, build
from plugins.site.page import Page
from plugins.site.views.news import latest, news_of

PROJECT = Path(__file__).resolve().parents[2]
TODAY = dt.date(2026, 6, 1)
NOTICE = "news/zhejiang/2026-03-02-yanshi-tongzhi"
ATOM = "{http://www.w3.org/2005/Atom}"
HOSTILE = """---
title: 标题
summary: 摘要
source_document: 文件
save_as: index.html
template: home
---
正文
"""


def built(content: Path, output: Path, **options: bool) -> Built:
    return build(content, output, TODAY, Console(quiet=True), **options)


def parsed(feed: Path) -> ElementTree.Element:
    return ElementTree.fromstring(feed.read_bytes())  # noqa: S314 - our own output


@pytest.fixture(scope="module")
def article(small_site: Path) -> str:
    return (small_site / NOTICE / "index.html").read_text("utf-8")


def test_an_article_shows_its_dates_its_place_and_the_document_behind_it(article: str) -> None:
    for words in (
        "2026 年 3 月 2 日",
        "2026 年 5 月 1 日",
        "浙江省",
        "演示〔2026〕1号",
        "演示通知",
    ):
        assert words in article
    assert "<h2>演示小标题</h2>" in article
    assert "这是 2026 年的消息" not in article


def test_titles_are_text_and_never_markup(article: str) -> None:
    assert "<h1>演示数据：今年的 &lt;b&gt;演示&lt;/b&gt; 通知 &amp; 附件</h1>" in article


def test_news_of_an_earlier_year_say_so_on_their_page_and_in_lists(small_site: Path) -> None:
    old = (small_site / "news/national/2025-09-01-yanshi-quanguo/index.html").read_text("utf-8")
    assert "这是 2025 年的消息" in old
    assert "stamp--past" in old
    listed = (small_site / "news/index.html").read_text("utf-8")
    assert listed.count("stamp--past") == 1
    assert listed.count("<time datetime=") == 3  # two notices and the footer's day


@pytest.mark.parametrize(
    ("feed", "notices"),
    [("", 2), ("national/", 1), ("zhejiang/", 1)],
    ids=["all", "country", "one"],
)
def test_every_feed_is_atom_with_addresses_that_lead_somewhere(
    small_site: Path, feed: str, notices: int
) -> None:
    root = parsed(small_site / f"news/{feed}atom.xml")
    origin = "https://jixiao.example"
    assert root.tag == ATOM + "feed"
    assert root.findtext(ATOM + "id") == f"{origin}/news/{feed}atom.xml"
    entries = root.findall(ATOM + "entry")
    assert len(entries) == notices
    for entry in entries:
        link = entry.find(ATOM + "link")
        assert link is not None
        address = link.attrib["href"]
        assert address.startswith(origin + "/news/")
        assert (small_site / address.removeprefix(origin + "/") / "index.html").is_file()
        assert entry.findtext(f"{ATOM}author/{ATOM}name")
        assert entry.findtext(ATOM + "updated", "") >= entry.findtext(ATOM + "published", "")


def test_a_feed_reader_gets_clean_text_and_the_title_as_it_was_written(small_site: Path) -> None:
    root = parsed(small_site / "news/zhejiang/atom.xml")
    entry = root.find(ATOM + "entry")
    assert entry is not None
    assert entry.findtext(ATOM + "title") == "演示数据：今年的 <b>演示</b> 通知 & 附件"
    assert entry.findtext(ATOM + "summary", "").endswith("1 &lt; 2。")
    content = entry.findtext(ATOM + "content", "")
    assert 'href="https://example.org/a?b=1&amp;c=2"' in content
    assert entry.findtext(ATOM + "published") == "2026-03-02T00:00:00+08:00"
    assert entry.findtext(ATOM + "updated") == "2026-05-01T00:00:00+08:00"


def test_articles_are_in_the_sitemap_with_their_last_change(small_site: Path) -> None:
    sitemap = (small_site / "sitemap.xml").read_text("utf-8")
    assert f"/{NOTICE}/</loc><lastmod>2026-05-01</lastmod>" in sitemap


def test_a_hostile_key_stops_the_build_and_takes_no_page(small: Path, tmp_path: Path) -> None:
    built(small, tmp_path / "output")
    home = (tmp_path / "output/index.html").read_bytes()
    (small / f"{NOTICE}.md").write_text(HOSTILE, encoding="utf-8")
    with pytest.raises(BuildFailed, match="save_as"):
        built(small, tmp_path / "output")
    result = built(small, tmp_path / "output", quarantine=True)
    assert [one.path for one in result.quarantined] == [f"{NOTICE}.md"]
    assert not (tmp_path / "output" / NOTICE).exists()
    assert b"stamp" in home
    assert (tmp_path / "output/index.html").is_file()


def test_stock_pelican_refuses_hostile_news_and_writes_nothing(small: Path, tmp_path: Path) -> None:
    (small / f"{NOTICE}.md").write_text(HOSTILE, encoding="utf-8")
    command = [
        sys.executable, "-m", "pelican", str(small), "-s", "publishconf.py",
        "-o", str(tmp_path / "output"),
    ]  # fmt: skip
    environment = os.environ | {"SOURCE_DATE_EPOCH": "1780272000"}
    result = subprocess.run(
        command, cwd=PROJECT, env=environment, capture_output=True, text=True, check=False
    )
    assert result.returncode != 0
    assert not (tmp_path / "output/index.html").exists()


def test_an_article_that_pelican_loses_stops_the_build(
    small: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from plugins.site import generator

    monkeypatch.setattr(generator, "articles_of", lambda *_: [])
    with pytest.raises(BuildFailed, match="没有写出这些消息"):
        built(small, tmp_path / "output")


def test_the_guard_counts_notices_on_the_disk(small: Path, tmp_path: Path) -> None:
    from dataclasses import replace

    from plugins.site.guard import Tree, guard
    from plugins.site.snapshot import take

    catalogue, _ = load(small, TODAY)
    nothing = Tree(tmp_path, {}, {}, (), ())
    fewer = replace(catalogue, notices=catalogue.notices[:1])
    faults = guard(nothing, fewer, take(str(small)), frozenset())
    assert "消息有 2 条，用上 1 条、隔离 0 条，对不上" in faults


def test_a_site_without_news_says_so_and_has_no_feed(small: Path, tmp_path: Path) -> None:
    for notice in small.glob("news/*/*.md"):
        notice.unlink()
    built(small, tmp_path / "output")
    assert "现在还没有消息" in (tmp_path / "output/news/index.html").read_text("utf-8")
    assert sorted(p.name for p in (tmp_path / "output/news").iterdir()) == ["index.html"]


def test_home_and_province_pages_get_the_newest_first_with_their_dates(small: Path) -> None:
    catalogue, _ = load(small, TODAY)
    assert [(item.place, item.is_past) for item in latest(catalogue)] == [
        ("浙江省", False), ("全国", True),
    ]  # fmt: skip
    assert [item.place for item in news_of(catalogue, "zhejiang")] == ["浙江省"]
    assert news_of(catalogue, "guizhou") == ()
    assert len(latest(catalogue, 1)) == 1


def test_an_article_carries_no_attribute_that_is_not_ours(small: Path) -> None:
    from pelican.settings import DEFAULT_CONFIG

    from plugins.site.articles import articles_of
    from plugins.site.views import news

    catalogue, _ = load(small, TODAY)
    pages: list[Page] = list(news.articles(catalogue, lambda text: text))
    for article, page in zip(articles_of(pages, DEFAULT_CONFIG, {}), pages, strict=True):
        assert (article.save_as, "/" + article.url) == (page.file, page.url)
        assert (article.status, article.template, article.source_path) == (
            "published", "article", None,
        )  # fmt: skip
