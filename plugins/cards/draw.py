"""Draws cards: 1200×630, the size that shared links are shown in, in the look of the site.

Two inks on two papers, eight steps each: sixteen colours, four bits a pixel, so that a card is a
small PNG, which every messenger takes. The head, the foot and every sign are drawn once for all.
"""

from __future__ import annotations

import functools
from typing import Final

from PIL import Image, ImageDraw, ImageFont

from plugins.cards.font import FACE
from plugins.cards.line_breaks import break_lines
from plugins.cards.png import Packed, packed, packed_well, png_of
from plugins.cards.words import SITE_NAME, CardWords

SIZE: Final = (1200, 630)
MARGIN: Final = 72
WALL: Final = 474
"""Where the painted lower part begins, as on the site's pages."""
TOP: Final = 120
"""Above this height all cards are the same."""
_NAME_PLACE: Final = (126, 384)
"""Between these heights the name stands."""
_NAME_SIZES: Final = ((104, 1), (92, 2), (64, 3), (48, 4), (38, 5))
"""Sizes in pixels, each with the most lines that fit it; the first that fits is taken."""

_PAPER, _INK = (255, 255, 255), (21, 32, 27)
_WALL, _ON_WALL = (11, 90, 64), (255, 255, 255)
_STEPS: Final = 8
_FULL: Final = _STEPS - 1
_SOFT: Final = 5
"""How dark text is, in steps; what is drawn on paper is drawn in steps from the start."""


def draw_card(words: CardWords, font_file: str) -> bytes:
    """A PNG of the words, set in the font of this file."""
    middle = Image.new("P", (SIZE[0], WALL - TOP), 0)
    name_font, lines = _fitted(_printable(words.name), font_file)
    leading = round(name_font.size * 1.28)
    top = sum(_NAME_PLACE) // 2 - leading * len(lines) // 2
    for number, line in enumerate(lines):
        _write(middle, top + number * leading - TOP, line, name_font, _FULL)
    small = _font(font_file, 38)
    about = " · ".join(filter(None, (words.level, words.place)))
    _write(middle, WALL - 72 - TOP, _cut(about, small), small, _SOFT)
    parts = _head(font_file), packed(middle), _foot(words.verified, words.note, font_file)
    return png_of(SIZE, _palette(), parts)


def _printable(text: str) -> str:
    """The check lets no control character through; one that came all the same stops no build."""
    return "".join(character if character.isprintable() else "□" for character in text)


_WALL_STEPS: Final = bytes(_STEPS + value * _STEPS // 256 for value in range(256))


@functools.cache
def _head(font_file: str) -> Packed:
    """What stands above on all cards: the site's mark and name."""
    head = Image.new("P", (SIZE[0], TOP), 0)
    _write(head, 57, SITE_NAME, _font(font_file, 34), _FULL, MARGIN + 68)
    # The mark is a square of the wall's colour with a tick in it.
    mark = Image.new("L", (52, 52), 0)
    ImageDraw.Draw(mark).line([(12, 27), (22, 37), (41, 16)], fill=255, width=7, joint="curve")
    head.paste(_on_wall(mark), (MARGIN, 54))
    return packed_well(head)


@functools.cache
def _palette() -> bytes:
    return bytes(
        round(low + (high - low) * step / (_STEPS - 1))
        for inks in ((_PAPER, _INK), (_WALL, _ON_WALL))
        for step in range(_STEPS)
        for low, high in zip(*inks, strict=True)
    )


@functools.lru_cache(64)
def _foot(verified: bool, note: str, font_file: str) -> Packed:
    """The wall below, with the state of the school; there are few of them."""
    wall = Image.new("L", (SIZE[0], SIZE[1] - WALL), 0)
    _state(ImageDraw.Draw(wall), verified, note, font_file)
    return packed_well(_on_wall(wall), is_last=True)


def _on_wall(picture: Image.Image) -> Image.Image:
    """What was drawn in 256 steps of light, in the colours of the wall."""
    return Image.frombytes("P", picture.size, picture.tobytes().translate(_WALL_STEPS))


def _state(draw: ImageDraw.ImageDraw, verified: bool, note: str, font_file: str) -> None:
    """Whether the school is confirmed: a solid frame if so, a dashed one if not yet."""
    font = _font(font_file, 36)
    text = note or ("主管部门的文件里有这所学校" if verified else "待主管部门核验")
    width = round(font.getlength(text)) + 56
    box = (MARGIN, 42, MARGIN + width, 114)
    if verified and not note:
        draw.rectangle(box, outline=255, width=3)
    else:
        _dashed(draw, box)
    draw.text((MARGIN + 28, 52), text, fill=255, font=font)
    if note:
        return
    aside = "核验情况、招生计划和费用，打开看" if verified else "先核实，再报名"
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
        if size > _NAME_SIZES[-1][0] and _width(font, name) > most * width:
            continue  # so many lines cannot hold it
        lines = break_lines(name, width, functools.partial(_width, font))
        if len(lines) <= most:
            break
    return font, lines[:most]


def _write(
    picture: Image.Image,
    top: int,
    text: str,
    font: ImageFont.FreeTypeFont,
    ink: int,
    left: int = MARGIN,
) -> None:
    """As `ImageDraw.text` in plain layout writes it; but cards share their signs, and a large sign
    takes longer to shape than all the rest of a card, so each is shaped once."""
    for sign in text:
        shape, across, down = _shape(font, sign)
        picture.paste(ink, (left + across, top + down), shape)
        left += round(_advance(font, sign))


@functools.lru_cache(2000)
def _shape(font: ImageFont.FreeTypeFont, sign: str) -> tuple[Image.Image, int, int]:
    """How dark a sign is, and where that lies from the place at which it is written."""
    edge = round(font.size)
    whole = Image.new("L", (4 * edge, 4 * edge), 0)
    ImageDraw.Draw(whole).text((edge, edge), sign, fill=255, font=font)
    box = whole.getbbox() or (edge, edge, edge + 1, edge + 1)
    return whole.crop(box), box[0] - edge, box[1] - edge


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
