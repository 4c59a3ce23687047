"""PNG files of sixteen colours, put together of stretches that were packed on their own.

A stretch that many pictures share is packed once. Format: PNG (W3C, third edition) sections 7, 9
and 10; RFC 1950 and 1951 for what stands in IDAT.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterable
from typing import Final, NamedTuple

from PIL import Image, ImageChops

_SIGNATURE: Final = b"\x89PNG\r\n\x1a\n"
_ZLIB_HEADER: Final = b"\x78\x01"
_BITS: Final = 4
_WITH_PALETTE: Final = 3
_RAW: Final = -15
_NONE: Final = 0
_UP: Final = 2


class Packed(NamedTuple):
    """Some rows of a picture: filtered, and these deflated."""

    rows: bytes
    deflated: bytes


def packed(picture: Image.Image) -> Packed:
    """Rows of pixels from 0 to 15 (mode `P`): quickly, for one picture. The width is even."""
    rows = _rows(picture)
    # A row is much like the one above; what differs from that is runs of 0 with little between.
    above = Image.new("L", rows.size, 0)
    above.paste(rows, (0, 1))
    filtered = bytearray(_with_filter(ImageChops.subtract_modulo(rows, above), _UP))
    # What stands above the first row is another stretch.
    filtered[0] = _NONE
    data = bytes(filtered)
    return Packed(data, _deflated(data, 4, zlib.Z_RLE, zlib.Z_FULL_FLUSH))


def packed_well(picture: Image.Image, *, is_last: bool = False) -> Packed:
    """The same as small as can be, for what many pictures share; `is_last` for their end."""
    data = _with_filter(_rows(picture), _NONE)
    end = zlib.Z_FINISH if is_last else zlib.Z_FULL_FLUSH
    return Packed(data, _deflated(data, 9, zlib.Z_DEFAULT_STRATEGY, end))


def _rows(picture: Image.Image) -> Image.Image:
    """The bytes of the rows, two pixels each."""
    data = picture.tobytes("raw", f"P;{_BITS}")
    return Image.frombytes("L", (picture.width * _BITS // 8, picture.height), data)


def _with_filter(rows: Image.Image, kind: int) -> bytes:
    """The bytes of the rows with that of their filter before each."""
    whole = Image.new("L", (rows.width + 1, rows.height), kind)
    whole.paste(rows, (1, 0))
    return whole.tobytes()


def _deflated(data: bytes, level: int, strategy: int, end: int) -> bytes:
    packer = zlib.compressobj(level, zlib.DEFLATED, _RAW, strategy=strategy)
    return packer.compress(data) + packer.flush(end)


def png_of(size: tuple[int, int], palette: bytes, parts: Iterable[Packed]) -> bytes:
    """The file of a picture whose rows are these parts; three bytes a colour in the `palette`."""
    checksum = 1
    stream = [_ZLIB_HEADER]
    for part in parts:
        checksum = zlib.adler32(part.rows, checksum)
        stream.append(part.deflated)
    stream.append(struct.pack(">I", checksum))
    header = struct.pack(">IIBBBBB", *size, _BITS, _WITH_PALETTE, 0, 0, 0)
    return _SIGNATURE + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in (
            (b"IHDR", header), (b"PLTE", palette), (b"IDAT", b"".join(stream)), (b"IEND", b""),
        )
    )  # fmt: skip
