"""Notices: the file's name says when, the folder where, the front matter by what document."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from plugins.catalogue import Notice, load
from plugins.catalogue.problem import Problem
from plugins.catalogue.read_notice import read_notice

TODAY = dt.date(2026, 6, 1)
HEAD = "---\ntitle: 标题\nsummary: 摘要\nsource_document: 文件\n---\n"


def read(
    folder: Path, text: str, name: str = "2026-05-01-a.md"
) -> tuple[Notice | None, list[Problem]]:
    file = folder / "notice.md"
    file.write_text(text, encoding="utf-8")
    return read_notice(file, f"news/zhejiang/{name}", "zhejiang", TODAY)


def test_a_notice_has_its_day_from_the_name_and_its_place_from_the_folder(tmp_path: Path) -> None:
    notice, problems = read(tmp_path, HEAD + "正文")
    assert problems == []
    assert notice is not None
    assert (notice.place, notice.slug, notice.date) == (
        "zhejiang", "2026-05-01-a", dt.date(2026, 5, 1),
    )  # fmt: skip
    assert notice.markdown == "正文"
    assert notice.changed_on == dt.date(2026, 5, 1)


@pytest.mark.parametrize(
    "key", ["save_as", "template", "slug", "url", "status", "date", "lang", "_content", "category"]
)
def test_a_key_that_is_not_declared_is_refused(tmp_path: Path, key: str) -> None:
    notice, problems = read(tmp_path, HEAD.replace("---\ntitle", f"---\n{key}: x\ntitle") + "正文")
    assert notice is None
    assert [(p.code, p.line) for p in problems] == [("news-unknown-field", 2)]


@pytest.mark.parametrize(
    "name",
    ["a.md", "2026-05-01.md", "2026-05-01-A.md", "2026-05-01-../x.md", "2026-5-1-a.md",
     "2026-02-30-a.md", "2026-05-01-a b.md", "2026-05-01-" + "a" * 90 + ".md"],
)  # fmt: skip
def test_a_name_that_could_not_be_an_address_is_refused(tmp_path: Path, name: str) -> None:
    notice, problems = read(tmp_path, HEAD + "正文", name)
    assert notice is None
    assert [p.code for p in problems] == ["news-file-name"]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "news-empty"),
        ("正文\x07", "news-control-character"),
        ("正文\uffff", "news-control-character"),
        ("正文\u202e", "news-control-character"),
        ("# 标题", "news-heading-level-1"),
        ("标题\n===", "news-underlined-heading"),
        ("<b>x</b>", "news-raw-html"),
        ("![x](https://example.org/a.png)", "news-image-in-text"),
        ("[x]({attach}a.pdf)", "news-link-not-https"),
        ("[x]({filename}/../schools/a.md)", "news-link-not-https"),
        ("[x](|static|a.pdf)", "news-link-not-https"),
        ("[x](javascript:alert)", "news-link-not-https"),
        ("[来源1]", "news-source-mark"),
        ("字" * 2001, "news-line-too-long"),
    ],
)
def test_a_text_that_a_page_or_a_feed_cannot_carry_is_refused(
    tmp_path: Path, text: str, code: str
) -> None:
    notice, problems = read(tmp_path, HEAD + text)
    assert notice is None
    assert [p.code for p in problems] == [code]


def test_a_notice_may_not_be_published_before_its_day(tmp_path: Path) -> None:
    notice, problems = read(tmp_path, HEAD + "正文", "2026-06-02-a.md")
    assert notice is None
    assert [p.code for p in problems] == ["news-date-in-future"]


def test_news_are_sorted_by_day_and_never_by_the_disk(small: Path) -> None:
    for name in ("2026-03-02-b", "2026-03-02-a", "2026-04-01-c"):
        (small / f"news/national/{name}.md").write_text(HEAD + "正文", encoding="utf-8")
    catalogue, problems = load(small, TODAY)
    assert problems == ()
    assert [notice.slug for notice in catalogue.notices] == [
        "2026-04-01-c", "2026-03-02-a", "2026-03-02-b", "2026-03-02-yanshi-tongzhi",
        "2025-09-01-yanshi-quanguo",
    ]  # fmt: skip
    assert [len(found) for found in catalogue.notices_of_place.values()] == [4, 1]


def test_two_places_may_give_their_notices_the_same_name(small: Path) -> None:
    name = "2026-03-02-yanshi-tongzhi.md"
    (small / "news/beijing").mkdir()
    (small / "news/beijing" / name).write_text(HEAD + "正文", encoding="utf-8")
    catalogue, problems = load(small, TODAY)
    assert problems == ()
    assert {notice.place for notice in catalogue.notices if notice.slug + ".md" == name} == {
        "beijing", "zhejiang",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("sentence", "words"),
    [
        (
            "学生毕业包就业。",
            "claim-job-promised | “包就业”：招生宣传不能这样承诺 | "
            "改成事实：上一届毕业生去了哪里、多少人，写明届别和来源",
        ),
        (
            "咨询 13900001111",
            "personal-mobile-number | 这里有手机号码（……11） | "
            "个人的号码删掉；咨询电话写单位的座机",
        ),
        (
            "张三 11010519491231002X",
            "personal-identity-number | 这里有身份证号码（……2X） | "
            "删掉。网站上不能有任何人的身份证号码",
        ),
        (
            "见[通知](https://oa.school.lan/a)",
            "link-private-address | “https://oa.school.lan/a”只在某一台电脑或内网里能打开 | "
            "换成任何人都能打开的网址；没有就删掉",
        ),
    ],
)
def test_a_notice_obeys_the_rules_of_what_may_be_said(
    small: Path, sentence: str, words: str
) -> None:
    file = small / "news/zhejiang/2026-03-02-yanshi-tongzhi.md"
    file.write_text(file.read_text() + f"\n{sentence}\n")
    path = "news/zhejiang/2026-03-02-yanshi-tongzhi.md"
    notice, problems = read_notice(file, path, "zhejiang", dt.date(2026, 6, 1))
    assert notice is None
    assert [f"{p.code} | {p.message} | {p.fix}" for p in problems] == [words]
