"""A photo as a page shows it: two formats, several widths, and words for who cannot see it."""

from __future__ import annotations

import datetime as dt

from msgspec import Struct

from plugins.catalogue.schema import Photo
from plugins.photos import Derivative, Derivatives


class PhotoView(Struct, frozen=True):
    """`webp` and `jpeg` are ready `srcset` values; `src`, `width`, `height` are of the fallback."""

    alt: str
    caption: str | None
    taken_on: dt.date | None
    webp: str
    jpeg: str
    src: str
    width: int
    height: int
    full: str


def photo_address(file_name: str) -> str:
    return f"/photos/{file_name}"


def photo_view(photo: Photo, derivatives: Derivatives) -> PhotoView:
    jpegs = derivatives.of_format("jpeg")
    return PhotoView(
        alt=photo.alt,
        caption=photo.caption,
        taken_on=photo.taken_on,
        webp=_srcset(derivatives.of_format("webp")),
        jpeg=_srcset(jpegs),
        src=photo_address(jpegs[0].name),
        width=jpegs[0].width,
        height=jpegs[0].height,
        full=photo_address(jpegs[-1].name),
    )


def _srcset(copies: tuple[Derivative, ...]) -> str:
    return ", ".join(f"{photo_address(copy.name)} {copy.width}w" for copy in copies)
