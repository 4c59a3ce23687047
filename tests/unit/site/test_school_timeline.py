"""History becomes events only where a list really is one, and stays safe and whole."""

from __future__ import annotations

import pytest

from plugins.sanitize import Renderer
from plugins.site.views.school.timeline import blocks_of


def dates(markdown: str) -> list[tuple[str, str]]:
    return [
        (event.when, event.machine)
        for block in blocks_of(Renderer().render(markdown))
        for event in block.events
    ]


@pytest.mark.parametrize(
    ("item", "when", "machine"),
    [
        ("1985 年 3 月：建校", "1985 年 3 月", "1985-03"),
        ("1985年：建校", "1985年", "1985"),
        ("2001 年 9 月 3 日，增挂校牌", "2001 年 9 月 3 日", "2001-09-03"),
        ("2001 年 2 月 31 日：增挂校牌", "2001 年 2 月 31 日", "2001-02"),
        ("1998 年初，迁到新址", "1998 年初", "1998"),
        ("1998 年由某社创办", "1998 年", "1998"),
        ("1998.6：更名", "1998.6", "1998-06"),
    ],
)
def test_an_item_that_begins_with_a_date_is_an_event(item: str, when: str, machine: str) -> None:
    assert dates(f"- {item}") == [(when, machine)]


@pytest.mark.parametrize(
    "item",
    [
        "1950 年代起步",
        "1958 年至 1966 年停办",
        "1990 年以后扩建",
        "2020 年级学生",
        "535 亩",
        "1985 年",
    ],
)
def test_a_list_without_single_dates_stays_a_plain_list(item: str) -> None:
    html = Renderer().render(f"- {item}")
    (block,) = blocks_of(html)
    assert (block.events, block.html) == ((), html.strip())


def test_text_around_the_list_keeps_its_place_and_an_undated_item_too() -> None:
    blocks = blocks_of(
        Renderer().render("前言。\n\n- 1998 年：创办 [来源1]\n- 曾用校名：甲校\n\n后记。")
    )
    assert [bool(block.events) for block in blocks] == [False, True, False]
    first, second = blocks[1].events
    assert first.html.startswith("创办 <a")
    assert (second.when, second.html) == ("", "曾用校名：甲校")


def test_items_with_empty_lines_between_them_are_events_too() -> None:
    assert dates("- 1998 年：一\n\n- 1999 年：二") == [("1998 年", "1998"), ("1999 年", "1999")]


@pytest.mark.parametrize(
    "markdown",
    ["- 1998 年：一\n  - 1999 年：分校", "> - 1998 年：一", "1. 第一\n\n    - 1998 年：一"],
)
def test_deeper_structure_is_left_alone(markdown: str) -> None:
    html = Renderer().render(markdown)
    (block,) = blocks_of(html)
    assert block.html == html
