"""A photo file taken apart without decoding it.

A decoder is given only ``Container.pixels``: a file rebuilt from just the parts that make the
picture. Metadata, comments, thumbnails, second pictures and anything glued to the end never reach
Pillow, so they can neither be published nor attack a parser; and the size is known, and refused,
before a single byte is decompressed.
"""

from dataclasses import dataclass

from plugins.photos import refuse
from plugins.photos.limits import MAX_PIXELS, MAX_SIDE_PX, PhotoFormat


@dataclass(frozen=True, slots=True)
class Container:
    """What the outside of a photo file says. ``width`` and ``height`` are as stored, in pixels;
    ``orientation`` is EXIF's 1 to 8; ``icc`` is the colour profile, if there is a usable one;
    ``pixels`` is a minimal file of the same format."""

    format: PhotoFormat
    width: int
    height: int
    orientation: int
    icc: bytes | None
    pixels: bytes


def require_size(width: int, height: int, max_pixels: int = MAX_PIXELS) -> None:
    """Raise PhotoRefused unless a picture of ``width`` × ``height`` pixels may be decoded."""
    if width < 1 or height < 1:
        raise refuse.damaged()
    if width * height > max_pixels or max(width, height) > MAX_SIDE_PX:
        raise refuse.too_many_pixels(width, height, max_pixels)
