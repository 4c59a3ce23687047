"""Which way up a photo is, from its EXIF block (TIFF structure, tag 0x0112)."""

import struct
from typing import Final

UPRIGHT: Final = 1
"""The orientation of a photo that says nothing about it."""

SIDEWAYS: Final = frozenset({5, 6, 7, 8})
"""Orientations in which stored width and height are the shown height and width."""

_TAG = 0x0112
_SHORT = 3
_LONG = 4


def read_orientation(exif: bytes) -> int:
    """The orientation, 1 to 8, that the TIFF block ``exif`` states in its first directory.

    Anything missing, damaged or out of range is UPRIGHT: a photo with a broken EXIF block is
    still a photo, and browsers show it so too.
    """
    exif = exif.removeprefix(b"Exif\0\0")
    order = {b"II*\0": "<", b"MM\0*": ">"}.get(exif[:4])
    if order is None:
        return UPRIGHT
    try:
        (start,) = struct.unpack_from(order + "I", exif, 4)
        (count,) = struct.unpack_from(order + "H", exif, start)
        for index in range(count):
            entry = start + 2 + 12 * index
            tag, kind, values = struct.unpack_from(order + "HHI", exif, entry)
            if tag == _TAG and values == 1 and kind in (_SHORT, _LONG):
                field = "H" if kind == _SHORT else "I"
                (value,) = struct.unpack_from(order + field, exif, entry + 8)
                return value if 1 <= value <= 8 else UPRIGHT
    except struct.error:
        return UPRIGHT
    return UPRIGHT
