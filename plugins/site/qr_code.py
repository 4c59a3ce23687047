"""A QR code as one path of an SVG drawing: no file of its own, no inline style."""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass
from typing import Final

import segno

QUIET_ZONE: Final = 4
"""Empty modules on every side, as ISO/IEC 18004 asks."""

MASK: Final = 3
"""One fixed mask: trying all eight takes three times as long and cameras read any of them."""


_DARK: Final = re.compile(rb"\x01+")


@dataclass(frozen=True, slots=True)
class QrCode:
    """`size` is the side of the drawing in modules, quiet zone included; `path` the dark ones."""

    text: str
    size: int
    path: str


def qr_code(text: str) -> QrCode:
    """The code of `text` that bears 15 % of damage (level M), as creased paper needs."""
    rows = segno.make(text, error="m", mask=MASK, micro=False, boost_error=False).matrix
    path = "".join(
        [
            _drawn(down, *run.span())
            for down, row in enumerate(rows, QUIET_ZONE)
            for run in _DARK.finditer(row)
        ]
    )
    return QrCode(text, len(rows) + 2 * QUIET_ZONE, path)


@functools.cache
def _drawn(down: int, start: int, end: int) -> str:
    """Dark modules side by side. The codes of a site share most of these."""
    return f"M{start + QUIET_ZONE} {down}h{end - start}v1h-{end - start}z"
