"""Cards for shared links: what they say, where lines break, what happens without a font."""

from __future__ import annotations

import io
import os
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

from plugins.cards.draw import SIZE, WALL, draw_card
from plugins.cards.font import font_file, font_key
from plugins.cards.line_breaks import break_lines
from plugins.cards.words import CardWords, card_name, words_of
from plugins.catalogue import Catalogue, load
from plugins.site import build as building
from tests.conftest import TODAY, quiet

WORDS = CardWords("演示技师学院", "浙江省 杭州市", "技师学院 · 公办", verified=True, note="")
LIGHTEST = 60_000
"""Bytes that no card may exceed."""


def of_width(text: str) -> float:
    """Every sign is one wide."""
    return len(text)


@pytest.mark.parametrize(
    ("text", "width", "lines"),
    [
        ("演示技师学院", 6, ["演示技师学院"]),
        ("演示省交通技师学院", 6, ["演示省交通技", "师学院"]),
        ("演示交通技师学院", 7, ["演示交通", "技师学院"]),
        ("演示省技工，学校很好", 5, ["演示省技", "工，学校", "很好"]),
        ("甲乙丙丁戊（己庚）", 6, ["甲乙丙丁戊", "（己庚）"]),
        ("甲乙丙丁 Demo2000", 8, ["甲乙丙丁", "Demo2000"]),
    ],
)
def test_lines_break_where_chinese_lines_may(text: str, width: int, lines: list[str]) -> None:
    assert break_lines(text, width, of_width) == lines


def test_no_sign_is_lost_and_no_line_begins_or_ends_wrongly() -> None:
    text = "演示（第二）技工学校，原“演示高级”技校：（新校区）、分校（筹）。"
    for width in range(4, 20):
        lines = break_lines(text, width, of_width)
        assert "".join(lines) == text
        assert not any(line[0] in "，。、）”：" for line in lines)
        assert not any(line[-1] in "（“" for line in lines)


@pytest.fixture
def font() -> str:
    found = font_file()
    if found is None:
        pytest.fail("没有中文字体（Debian：apt-get install fonts-noto-cjk）")
    return os.fspath(found)


@pytest.mark.parametrize("name", ["演示技师学院", "演" * 60, "演示（甲）" * 8, "龘靐齉爩技校"])
def test_a_card_is_a_small_picture_of_the_right_size(font: str, name: str) -> None:
    data = draw_card(replace(WORDS, name=name), font)
    assert len(data) < LIGHTEST
    with Image.open(io.BytesIO(data)) as card:
        assert (card.format, card.size, card.mode) == ("PNG", SIZE, "P")
        rgb = card.convert("RGB")
    ink = [rgb.getpixel((x, y)) for x in range(0, SIZE[0], 4) for y in range(130, 380, 4)]
    assert (21, 32, 27) in ink
    margins = [rgb.getpixel((x, y)) for x in (20, SIZE[0] - 20) for y in range(130, 380, 3)]
    assert set(margins) == {(255, 255, 255)}
    assert rgb.getpixel((5, WALL + 5)) == (11, 90, 64)


def test_the_same_words_give_the_same_bytes_and_others_another_name(font: str) -> None:
    assert draw_card(WORDS, font) == draw_card(WORDS, font)
    key = font_key()
    other = replace(WORDS, verified=False)
    assert card_name(WORDS, key) == card_name(replace(WORDS), key)
    assert card_name(other, key) != card_name(WORDS, key)
    assert draw_card(other, font) != draw_card(WORDS, font)
    assert card_name(WORDS, "another font") != card_name(WORDS, key)


def test_a_card_says_where_the_school_is_and_what_has_become_of_it(small: Path) -> None:
    catalogue: Catalogue = load(small, TODAY)[0]
    schools = catalogue.school_by_id
    open_school = words_of(catalogue, schools["yanshi-jishi-xueyuan"])
    assert open_school == WORDS
    assert words_of(catalogue, schools["yanshi-beijing-jishi-xueyuan"]).place == "北京市"
    closed = words_of(catalogue, schools["yanshi-ningbo-gaoji-jigong-xuexiao"])
    assert closed.note == "已停止招生"


def test_without_a_font_the_site_is_built_and_the_summary_says_what_is_missing(
    small: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CARD_FONT", str(tmp_path / "none.ttc"))
    output = tmp_path / "output"
    built = building.build(small, output, TODAY, quiet())
    page = (output / "schools/yanshi-jishi-xueyuan/index.html").read_text("utf-8")
    assert "og:image" not in page
    assert not (output / "cards").exists()
    assert "fonts-noto-cjk" in building.describe(built, output)
    monkeypatch.delenv("CARD_FONT")
    building.build(small, output, TODAY, quiet())
    page = (output / "schools/yanshi-jishi-xueyuan/index.html").read_text("utf-8")
    (address,) = [line for line in page.split("\n") if 'property="og:image"' in line]
    name = address.rpartition("/cards/")[2].partition('"')[0]
    assert (output / "cards" / name).is_file()
