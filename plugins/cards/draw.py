"""Draws cards: 1200×630, the size that shared links are shown in, in the look of the site.

Two inks on two papers, eight steps each: sixteen colours, four bits a pixel, so that a card is a
small PNG, which every messenger takes, and is drawn in some milliseconds.
"""

from __future__ import annotations

import functools
import io
import zlib
from typing import Final

from PIL import Image, ImageDraw, ImageFont

from plugins.cards.font import FACE
from plugins.cards.line_breaks import break_lines
from plugins.cards.words import SITE_NAME, CardWords

SIZE: Final = (1200, 630)
MARGIN: Final = 72
WALL: Final = 474
"""Where the painted lower part begins, as on the site's pages."""
_NAME_PLACE: Final = (126, 384)
"""Between these heights the name stands."""
_NAME_SIZES: Final = ((104, 1), (92, 2), (64, 3), (48, 4), (38, 5))
"""Sizes in pixels, each with the most lines that fit it; the first that fits is taken."""

_PAPER, _INK = (255, 255, 255), (21, 32, 27)
_WALL, _ON_WALL = (11, 90, 64), (255, 255, 255)
_STEPS: Final = 8
_SOFT: Final = 190
"""How dark soft text is, of 255."""


def draw_card(words: CardWords, font_file: str) -> bytes:
    """A PNG of the words, set in the font of this file."""
    upper = Image.new("L", (SIZE[0], WALL), 0)
    draw = ImageDraw.Draw(upper)
    name_font, lines = _fitted(_printable(words.name), font_file)
    leading = round(name_font.size * 1.28)
    top = sum(_NAME_PLACE) // 2 - leading * len(lines) // 2
    for number, line in enumerate(lines):
        draw.text((MARGIN, top + number * leading), line, fill=255, font=name_font)
    small = _font(font_file, 38)
    about = " · ".join(filter(None, (words.level, words.place)))
    draw.text((MARGIN, WALL - 72), _cut(about, small), fill=_SOFT, font=small)

    lower = Image.new("L", (SIZE[0], SIZE[1] - WALL), 0)
    _state(ImageDraw.Draw(lower), words, font_file)

    card = _blank(font_file).copy()
    card.paste(upper.point(_PAPER_STEPS).crop((0, 120, SIZE[0], WALL)), (0, 120))
    card.paste(lower.point(_WALL_STEPS), (0, WALL))
    stream = io.BytesIO()
    # Almost all of a card is runs of one colour: looking for more takes longer and finds less.
    card.save(stream, "PNG", bits=4, compress_level=4, compress_type=zlib.Z_RLE)
    return stream.getvalue()


def _printable(text: str) -> str:
    """The check lets no control character through; one that came all the same stops no build."""
    return "".join(character if character.isprintable() else "□" for character in text)


_PAPER_STEPS: Final = [value * _STEPS // 256 for value in range(256)]
_WALL_STEPS: Final = [_STEPS + value * _STEPS // 256 for value in range(256)]


@functools.cache
def _blank(font_file: str) -> Image.Image:
    """What all cards have in common: the site's mark and name above, the wall below."""
    paper = Image.new("L", SIZE, 0)
    draw = ImageDraw.Draw(paper)
    font = _font(font_file, 34)
    draw.text((MARGIN + 68, 57), SITE_NAME, fill=255, font=font)
    card = paper.point(_PAPER_STEPS)
    card.paste(_STEPS, (0, WALL, *SIZE))
    # The mark is a square of the wall's colour with a tick in it.
    mark = Image.new("L", (52, 52), 0)
    ImageDraw.Draw(mark).line([(12, 27), (22, 37), (41, 16)], fill=255, width=7, joint="curve")
    card.paste(mark.point(_WALL_STEPS), (MARGIN, 54))
    # Not converted: the steps are places in the palette.
    card = Image.frombytes("P", SIZE, card.tobytes())
    card.putpalette(bytes(part for colour in _palette() for part in colour))
    return card


def _palette() -> list[tuple[int, ...]]:
    return [
        tuple(
            round(low + (high - low) * step / (_STEPS - 1)) for low, high in zip(a, b, strict=True)
        )
        for a, b in ((_PAPER, _INK), (_WALL, _ON_WALL))
        for step in range(_STEPS)
    ]


def _state(draw: ImageDraw.ImageDraw, words: CardWords, font_file: str) -> None:
    """Whether the school is confirmed: a solid frame if so, a dashed one if not yet."""
    font = _font(font_file, 36)
    text = words.note or ("主管部门的文件里有这所学校" if words.verified else "待主管部门核验")
    width = round(font.getlength(text)) + 56
    box = (MARGIN, 42, MARGIN + width, 114)
    if words.verified and not words.note:
        draw.rectangle(box, outline=255, width=3)
    else:
        _dashed(draw, box)
    draw.text((MARGIN + 28, 52), text, fill=255, font=font)
    if words.note:
        return
    aside = "核验情况、招生计划和费用，打开看" if words.verified else "先核实，再报名"
    small = _font(font_file, 30)
    if MARGIN + width + 40 + small.getlength(aside) < SIZE[0] - MARGIN:
        draw.text((MARGIN + width + 40, 57), aside, fill=230, font=small)


def _dashed(draw: ImageDraw.ImageDraw, box: tuple[int, int, int, int]) -> None:
    left, top, right, bottom = box
    for at in range(left, right, 22):
        for height in (top, bottom):
            draw.line([(at, height), (min(at + 13, right), height)], fill=255, width=3)
    for at in range(top, bottom, 22):
        for side in (left, right):
            draw.line([(side, at), (side, min(at + 13, bottom))], fill=255, width=3)


def _fitted(name: str, font_file: str) -> tuple[ImageFont.FreeTypeFont, list[str]]:
    width = SIZE[0] - 2 * MARGIN
    for size, most in _NAME_SIZES:
        font = _font(font_file, size)
        lines = break_lines(name, width, functools.partial(_width, font))
        if len(lines) <= most:
            break
    return font, lines[:most]


def _width(font: ImageFont.FreeTypeFont, text: str) -> float:
    """In pixels. Plain layout sets one sign after the other, so each is measured once."""
    return sum(_advance(font, sign) for sign in text)


@functools.cache
def _advance(font: ImageFont.FreeTypeFont, sign: str) -> float:
    return font.getlength(sign)


def _cut(text: str, font: ImageFont.FreeTypeFont) -> str:
    while _width(font, text) > SIZE[0] - 2 * MARGIN:
        text = text[:-2] + "…"
    return text


@functools.cache
def _font(font_file: str, size: int) -> ImageFont.FreeTypeFont:
    """The face for mainland China out of the collection. Raises OSError if there is none."""
    for index in range(16):
        # Plain layout: Chinese needs no other, and contributed marks of direction break that.
        font = ImageFont.truetype(
            font_file, size, index=index, layout_engine=ImageFont.Layout.BASIC
        )
        if font.getname()[0] in (FACE, None):
            return font
    raise OSError(f"{font_file} has no face {FACE}")
