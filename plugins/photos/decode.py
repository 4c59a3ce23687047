"""Decode a photo that was taken apart: the only place where Pillow reads contributed bytes."""

from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO

# The three plugins are named so that Image.open knows their formats without loading all forty.
from PIL import Image, JpegImagePlugin, PngImagePlugin, WebPImagePlugin  # noqa: F401

from plugins.photos import refuse
from plugins.photos.container import Container


def decode(container: Container, at_least: tuple[int, int]) -> Image.Image:
    """The picture in memory, as stored (not yet turned upright).

    ``at_least`` is the smallest width and height in pixels that will do: a JPEG is decoded at a
    half, a quarter or an eighth of its size where that is enough. Raises PhotoRefused
    (photo-truncated, photo-unreadable).
    """
    with refused_when_undecodable():
        image = Image.open(BytesIO(container.pixels), formats=(container.format.upper(),))
        if image.size != (container.width, container.height):
            raise refuse.damaged()
        image.draft(None, at_least)
        image.load()
    return image


@contextmanager
def refused_when_undecodable() -> Iterator[None]:
    """Turn whatever goes wrong with a contributed picture into PhotoRefused.

    Pillow promises no set of exceptions for hostile data; whatever it is, it is this file.
    """
    try:
        yield
    except (MemoryError, refuse.PhotoRefused):
        raise
    except Exception as error:
        raise refuse.truncated() if "truncated" in str(error) else refuse.damaged() from error
