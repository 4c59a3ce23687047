"""A new notice: what its kind asks is there, and it passes the check once it is filled in."""

from __future__ import annotations

from pathlib import Path

import pytest

from plugins.catalogue import Problem, load
from plugins.catalogue.vocabulary import NOTICE_KINDS
from plugins.contribute.notice_scaffold import NoticeRefused, new_notice
from tests.conftest import PROJECT, TODAY


def news_problems(content: Path) -> list[Problem]:
    return [problem for problem in load(content, TODAY)[1] if problem.path.startswith("news/")]


@pytest.mark.parametrize("kind", ["", *NOTICE_KINDS])
def test_a_filled_in_notice_of_each_kind_passes_and_an_empty_one_does_not(
    small: Path, kind: str
) -> None:
    file = new_notice(small, "zhejiang", "yanshi-xin", kind, "", TODAY)
    assert file.name == "2026-06-01-yanshi-xin.md"
    assert news_problems(small)
    text = file.read_text("utf-8")
    for line, value in {
        "title:": "title: 演示数据：一条新消息",
        "summary:": "summary: 演示数据。",
        "source_document:": "source_document: 演示文件",
        "# source_number:": "source_number: 演示〔2026〕9号",
        "held_on:": "held_on: 2026-06-20",
    }.items():
        lines = [row for row in text.split("\n") if row.startswith(line)]
        text = text.replace(lines[0], value, 1) if lines else text
    for hint in NOTICE_KINDS[kind].hints if kind else ():
        assert f"## {hint}\n" in text
        text = text.replace(f"## {hint}\n", f"## {hint}\n\n演示正文。\n")
    file.write_text(text if kind else text + "演示正文。\n", "utf-8")
    assert news_problems(small) == []


@pytest.mark.parametrize(
    ("place", "name", "kind", "school", "told"),
    [
        ("zhejiangg", "a", "", "", "zhejiang"),
        ("zhejiang", "A B", "", "", "小写字母"),
        ("zhejiang", "../x", "", "", "小写字母"),
        ("zhejiang", "a", "广告", "", "招生公告"),
        ("zhejiang", "a", "", "yanshi-jishi-xueyuann", "yanshi-jishi-xueyuan"),
        ("national", "a", "", "yanshi-jishi-xueyuan", "名册里没有"),
    ],
)
def test_what_cannot_be_right_is_refused_with_the_way_out(
    small: Path, place: str, name: str, kind: str, school: str, told: str
) -> None:
    before = sorted(small.rglob("*"))
    with pytest.raises(NoticeRefused, match=told):
        new_notice(small, place, name, kind, school, TODAY)
    assert sorted(small.rglob("*")) == before


def test_a_notice_that_is_there_is_never_overwritten(small: Path) -> None:
    file = new_notice(small, "national", "yanshi", "", "", TODAY)
    file.write_text("mine", "utf-8")
    with pytest.raises(NoticeRefused):
        new_notice(small, "national", "yanshi", "", "", TODAY)
    assert file.read_text("utf-8") == "mine"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (("kind: 招生公告", "kind: 技能竞赛"), "news-kind-without-day"),
        (("source_number: 演示〔2026〕1号\n", ""), None),
        (
            (
                "source_number: 演示〔2026〕1号\nsource_date: 2026-03-01\n"
                "source_address: https://example.org/yanshi\n",
                "",
            ),
            "news-announcement-without-proof",
        ),
        (("kind: 招生公告", "school: yanshi-beijing-jishi-xueyuan"), "news-unknown-school"),
        (("kind: 招生公告", "school: yanshi-jishi-xueyuan"), None),
        (("kind: 招生公告", "kind: 广告"), "news-not-in-list-kind"),
    ],
)
def test_a_notice_has_what_its_kind_needs(
    small: Path, change: tuple[str, str], code: str | None
) -> None:
    (file,) = (small / "news/zhejiang").glob("*.md")
    file.write_text(file.read_text("utf-8").replace(*change), "utf-8")
    found = {problem.code for problem in news_problems(small)}
    assert found == ({code} if code else set())


def test_a_notice_about_a_school_is_told_where_that_school_is(small: Path) -> None:
    (file,) = (small / "news/zhejiang").glob("*.md")
    text = file.read_text("utf-8")
    file.write_text(text.replace("kind: 招生公告", "school: yanshi-beijing-jishi-xueyuan"), "utf-8")
    (problem,) = news_problems(small)
    assert "news/beijing/" in problem.fix


def test_the_addresses_of_kinds_are_no_places_and_no_years() -> None:
    slugs = [kind.slug for kind in NOTICE_KINDS.values()]
    assert len(set(slugs)) == len(slugs)
    assert "national" not in slugs
    assert not any(slug.isdecimal() for slug in slugs)
    table = (PROJECT / "content/reference/provinces.csv").read_text("utf-8")
    assert not any(f",{slug}," in table for slug in slugs)
