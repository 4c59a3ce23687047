"""Text without markup takes a short way to HTML, and comes out as by the long way."""

from __future__ import annotations

import os

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from plugins.sanitize import Renderer
from plugins.sanitize.plain import plain_html

TEXTS = int(os.environ.get("PLAIN_TEXTS", "400"))
RENDERER = Renderer()

PIECES = st.sampled_from(
    [
        *("数控", "专业", "2024年", "3", "12", "A", "html", "：", "。", "、", "（", "）", "“", "”"),
        *(" ", "  ", "\n", "\n\n", "\n\n\n", "- ", "\n- ", "+ ", "* ", "1. ", "\n2. ", "\n10. "),
        *("#", "### ", "\n## ", "#### ", "|", "| a | b |", "\n|---|---|", "\n| 1 | 2 |", "---"),
        *("===", "[来源1]", "[来源2]", "[来源12345]", "[1]", "[", "]", "(", ")", ": ", ":", "<b>"),
        *("&", "&amp;", "*", "**", "_", "`", "\\", "!", "~~", ".", "%", "'", '"', "@", "=", "-"),
        *("https://a.example", "\t", "\u3000", "\xa0", "\u2028", "\x0b", "é", "😀", "℃", "m²", "①"),
    ]
)
SENTENCES = st.lists(
    st.sampled_from(["数控", "2024年", "A级", " ", "。", "[来源1]", "(3)", "：", "-", "‘甲’"]),
    min_size=1,
    max_size=6,
).map("".join)
CELLS = st.lists(SENTENCES, min_size=1, max_size=3)
BLOCKS = st.one_of(
    SENTENCES,
    st.lists(SENTENCES, min_size=1, max_size=3).map("\n".join),
    st.lists(SENTENCES.map("- ".__add__), min_size=1, max_size=3).map("\n".join),
    st.lists(SENTENCES, min_size=1, max_size=3).map(
        lambda found: "\n".join(f"{number}. {words}" for number, words in enumerate(found, 1))
    ),
    st.tuples(st.integers(1, 6), SENTENCES).map(lambda pair: f"{'#' * pair[0]} {pair[1]}"),
    st.tuples(CELLS, st.sampled_from(["---", ":--", "---:", " --- ", ":-:"]), CELLS).map(
        lambda parts: "\n".join(
            [
                "| " + " | ".join(parts[0]) + " |",
                "|" + "|".join([parts[1]] * len(parts[0])) + "|",
                "| " + " | ".join(parts[2]) + " |",
            ]
        )
    ),
)


def assert_same(text: str) -> None:
    assert RENDERER.render(text) == RENDERER.render_anything(text)


@pytest.mark.parametrize(
    "text",
    [
        "一句话。",
        "两行\n同一段 [来源1]，还有。[来源12]",
        "### 师资\n\n教师 60 人。",
        "有：\n\n- 甲\n- 乙 [来源2]\n\n下一段",
        "1. 先打电话。\n2. 到校。\n10. 报到。",
        "| 车间 | 台数 |\n| --- | ---: |\n| 数控 | 20 |\n| 焊接 | 3 |",
        "\n\n前后有空行\n\n",
    ],
)
def test_plain_text_takes_the_short_way(text: str) -> None:
    assert plain_html(text) is not None
    assert_same(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "**粗**",
        "- 甲\n\n- 乙",
        "- 甲\n\n1. 乙",
        "- 甲\n  - 乙",
        "2. 从二开始",
        "一行  \n换行",
        "题\n---",
        "[来源1]: https://a.example",
        "见[来源1](https://a.example)",
        "见[来源1] [来源2]",
        "a & b",
        "<b>",
        "| 甲 | 乙 |\n|---|\n| 1 | 2 |",
        "## 二级",
        "\u3000缩进",
    ],
)
def test_anything_else_is_left_to_markdown(text: str) -> None:
    assert plain_html(text) is None


@settings(max_examples=TEXTS, deadline=None)
@given(st.lists(PIECES, max_size=14).map("".join))
def test_any_pieces_come_out_as_by_the_long_way(text: str) -> None:
    assert_same(text)


@settings(max_examples=TEXTS, deadline=None)
@given(st.lists(BLOCKS, min_size=1, max_size=4).map("\n\n".join))
def test_any_blocks_come_out_as_by_the_long_way(text: str) -> None:
    assert_same(text)
