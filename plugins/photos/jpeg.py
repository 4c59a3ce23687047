"""JPEG files (ITU-T T.81): markers and segments, taken apart without decoding."""

import re
from typing import Final

from plugins.photos import refuse
from plugins.photos.container import Container, require_size
from plugins.photos.limits import MAX_ICC_BYTES, MAX_JPEG_SCANS, MAX_JPEG_SEGMENTS
from plugins.photos.orientation import UPRIGHT, read_orientation

# A marker is FF and a byte that is neither stuffing (00), fill (FF) nor a restart (D0–D7).
_MARKER: Final = re.compile(rb"\xff([^\x00\xff\xd0-\xd7])", re.DOTALL)

_START, _END, _SCAN, _APP1, _APP2 = 0xD8, 0xD9, 0xDA, 0xE1, 0xE2
_FRAMES: Final = frozenset({0xC0, 0xC1, 0xC2})  # baseline, extended, progressive
_EXOTIC_FRAMES: Final = frozenset(range(0xC3, 0xD0)) - {0xC4, 0xC8, 0xCC}
# Quantisation and Huffman tables, restart interval; JFIF and Adobe, which say how colours are
# coded. Everything else a segment can be is metadata.
_KEPT: Final = frozenset({0xDB, 0xC4, 0xDD, 0xE0, 0xEE})
_DROPPED: Final = (frozenset(range(0xE0, 0xF0)) | {0xFE}) - _KEPT


def read_jpeg(data: bytes) -> Container:
    """Take a JPEG apart, up to its end marker; what is glued on behind it (a motion photo's film,
    a second picture, an archive) is left out. Raises PhotoRefused."""
    kept = [b"\xff\xd8"]
    size: tuple[int, int] | None = None
    orientation: int | None = None
    icc: list[bytes] = []
    scans = 0
    position = 2
    for _ in range(MAX_JPEG_SEGMENTS):
        found = _MARKER.search(data, position)
        if found is None:
            raise refuse.truncated()
        marker = data[found.start() + 1]
        if marker == _END:
            if size is None or scans == 0:
                raise refuse.damaged()
            kept.append(b"\xff\xd9")
            return Container(
                "jpeg", *size, orientation or UPRIGHT, _join_profile(icc), b"".join(kept)
            )
        body, position = _segment(data, found.end())
        segment = data[found.start() : position]
        if marker in _FRAMES:
            if size is not None:
                raise refuse.damaged()
            size = _read_frame(body)
            kept.append(segment)
        elif marker == _SCAN:
            scans += 1
            if size is None:
                raise refuse.damaged()
            if scans > MAX_JPEG_SCANS:
                raise refuse.unusual_coding()
            following = _MARKER.search(data, position)
            if following is None:
                raise refuse.truncated()
            kept.append(data[found.start() : following.start()])
            position = following.start()
        elif marker in _KEPT:
            kept.append(segment)
        elif marker == _APP1 and orientation is None and body.startswith(b"Exif\0\0"):
            orientation = read_orientation(body)
        elif marker == _APP2 and body.startswith(b"ICC_PROFILE\0"):
            icc.append(body[12:])
        elif marker in _EXOTIC_FRAMES:
            raise refuse.unusual_coding()
        elif marker not in _DROPPED:
            raise refuse.damaged()
    raise refuse.unusual_coding()


def _segment(data: bytes, position: int) -> tuple[bytes, int]:
    """The body of the segment whose length field is at ``position``, and where it ends."""
    length = int.from_bytes(data[position : position + 2], "big")
    end = position + length
    if len(data) < position + 2 or end > len(data):
        raise refuse.truncated()
    if length < 2:
        raise refuse.damaged()
    return data[position + 2 : end], end


def _read_frame(body: bytes) -> tuple[int, int]:
    """Width and height of the picture, in pixels, once both may be decoded."""
    if len(body) < 6 or len(body) < 6 + 3 * body[5]:
        raise refuse.damaged()
    height, width = int.from_bytes(body[1:3], "big"), int.from_bytes(body[3:5], "big")
    require_size(width, height)
    if body[0] != 8 or body[5] not in (1, 3, 4):
        raise refuse.unusual_coding()
    return width, height


def _join_profile(parts: list[bytes]) -> bytes | None:
    """The colour profile from its numbered parts, or None if some part is missing."""
    ordered = sorted(parts, key=lambda part: part[:1])
    if [part[:2] for part in ordered] != [
        bytes((number, len(ordered) & 0xFF)) for number in range(1, len(ordered) + 1)
    ]:
        return None
    profile = b"".join(part[2:] for part in ordered)
    return profile if 0 < len(profile) <= MAX_ICC_BYTES else None
