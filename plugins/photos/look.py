"""What a photo looks like, in three numbers: how sharp, how much like a poster, like which other.

Measured on a small grey copy, so that the size of the file does not matter. No number refuses a
photo by itself; `plugins.catalogue.photo_rules` says what follows from them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from PIL import Image

LONG_SIDE_PX: Final = 480
"""Longer side of the small copy, in pixels."""

_BLOCK_PX: Final = 16
_LEAST_CONTRAST: Final = 70
"""Grey levels (of 255) between ink and paper; less is a texture."""
_NEAR_AN_END: Final = 0.22
"""Share of that contrast within which a pixel counts as ink or as paper."""
_TWO_TONED: Final = 0.62
"""Share of the pixels of a block that must be ink or paper; in a photo most lie between."""
_STROKES: Final = 2.0
"""Mean changes between ink and paper along a row, and along a column, of a block of writing."""


@dataclass(frozen=True, slots=True)
class PhotoLook:
    """`fingerprint` is a difference hash of 64 bits: alike photos differ in few of them.

    `sharpness` is the variance of the Laplacian of the grey copy, in squared grey levels.
    `writing` is the share of the picture, in percent, that looks like printed text.
    """

    fingerprint: int
    sharpness: int
    writing: int


def look_at(image: Image.Image) -> PhotoLook:
    """The look of an upright picture of mode L, RGB or CMYK, of any size."""
    from PIL import Image, ImageFilter, ImageStat

    scale = min(1.0, LONG_SIDE_PX / max(image.size))
    width, height = (max(8, round(side * scale)) for side in image.size)
    small = image.resize((width, height), Image.Resampling.BOX).convert("L")
    # The halves are kept: a kernel of full weight would be cut off at black and at white.
    kernel = ImageFilter.Kernel((3, 3), (0, 1, 0, 1, -4, 1, 0, 1, 0), scale=4, offset=128)
    # Pillow leaves the outermost pixels unfiltered.
    edges = small.filter(kernel).crop((1, 1, small.width - 1, small.height - 1))
    sharpness = round(ImageStat.Stat(edges).var[0] * 16)
    return PhotoLook(_fingerprint(small), sharpness, _writing(small))


def _fingerprint(small: Image.Image) -> int:
    from PIL import Image

    values = small.resize((9, 8), Image.Resampling.BOX).tobytes()
    bits = 0
    for row in range(0, 72, 9):
        for column in range(8):
            bits = bits << 1 | (values[row + column] > values[row + column + 1])
    return bits


def _writing(small: Image.Image) -> int:
    blocks = writing = 0
    for top in range(0, small.height - _BLOCK_PX + 1, _BLOCK_PX):
        for left in range(0, small.width - _BLOCK_PX + 1, _BLOCK_PX):
            blocks += 1
            writing += _is_writing(small.crop((left, top, left + _BLOCK_PX, top + _BLOCK_PX)))
    return round(100 * writing / blocks) if blocks else 0


def _is_writing(block: Image.Image) -> bool:
    values = block.tobytes()
    dark, light = min(values), max(values)
    contrast = light - dark
    if contrast < _LEAST_CONTRAST:
        return False
    ink, paper = dark + contrast * _NEAR_AN_END, light - contrast * _NEAR_AN_END
    if sum(value <= ink or value >= paper for value in values) < _TWO_TONED * len(values):
        return False
    middle = dark + contrast / 2
    marks = [value > middle for value in values]
    side = _BLOCK_PX
    along = sum(marks[n] != marks[n + 1] for n in range(len(marks)) if (n + 1) % side)
    down = sum(marks[n] != marks[n + side] for n in range(len(marks) - side))
    return along >= _STROKES * side and down >= _STROKES * side
