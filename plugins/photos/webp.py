"""WebP files (RFC 9649): RIFF chunks, taken apart without decoding."""

from typing import Final

from plugins.photos import refuse
from plugins.photos.container import Container, require_size
from plugins.photos.limits import MAX_CHUNKS, MAX_ICC_BYTES, MAX_WEBP_PIXELS
from plugins.photos.orientation import UPRIGHT, read_orientation

_ALPHA_FLAG: Final = 0x10
_ANIMATION_FLAG: Final = 0x02
_LOSSY_START: Final = b"\x9d\x01\x2a"
_LOSSLESS_START: Final = b"\x2f"


def read_webp(data: bytes) -> Container:
    """Take a still WebP apart, up to the end its header announces. Raises PhotoRefused."""
    end = 8 + int.from_bytes(data[4:8], "little")
    if end > len(data):
        raise refuse.truncated()
    chunks: dict[bytes, bytes] = {}
    position = 12
    for _ in range(MAX_CHUNKS):
        if position + 8 > end:
            break
        kind = data[position : position + 4]
        length = int.from_bytes(data[position + 4 : position + 8], "little")
        position += 8
        if position + length > end:
            raise refuse.truncated()
        chunks.setdefault(kind, data[position : position + length])
        # Chunks begin at even places; some writers leave out the last padding byte.
        position += length + length % 2
    else:
        raise refuse.unusual_coding()

    extended = chunks.get(b"VP8X")
    if b"ANIM" in chunks or b"ANMF" in chunks or (extended and extended[0] & _ANIMATION_FLAG):
        raise refuse.animated("webp")
    kind = b"VP8 " if b"VP8 " in chunks else b"VP8L"
    if kind not in chunks:
        raise refuse.truncated() if extended else refuse.damaged()
    picture = chunks[kind]
    width, height = _read_lossy(picture) if kind == b"VP8 " else _read_lossless(picture)
    if extended is not None and _read_canvas(extended) != (width, height):
        raise refuse.damaged()

    kept = [(kind, picture)]
    if extended is not None:
        if b"ALPH" in chunks:
            kept.insert(0, (b"ALPH", chunks[b"ALPH"]))
        flags = bytes((extended[0] & _ALPHA_FLAG, 0, 0, 0))
        kept.insert(0, (b"VP8X", flags + extended[4:10]))
    profile = chunks.get(b"ICCP", b"")
    return Container(
        "webp",
        width,
        height,
        read_orientation(chunks[b"EXIF"]) if b"EXIF" in chunks else UPRIGHT,
        profile if 0 < len(profile) <= MAX_ICC_BYTES else None,
        _riff(kept),
    )


def _read_lossy(picture: bytes) -> tuple[int, int]:
    """Size in pixels from a VP8 key frame: 3 bytes of tag, 3 of start code, two 14-bit sides."""
    if len(picture) < 10 or picture[3:6] != _LOSSY_START:
        raise refuse.damaged()
    width = int.from_bytes(picture[6:8], "little") & 0x3FFF
    height = int.from_bytes(picture[8:10], "little") & 0x3FFF
    require_size(width, height, MAX_WEBP_PIXELS)
    return width, height


def _read_lossless(picture: bytes) -> tuple[int, int]:
    """Size in pixels from a VP8L stream: 1 byte of signature, two 14-bit sides less one."""
    if len(picture) < 5 or picture[:1] != _LOSSLESS_START:
        raise refuse.damaged()
    bits = int.from_bytes(picture[1:5], "little")
    width, height = (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    require_size(width, height, MAX_WEBP_PIXELS)
    return width, height


def _read_canvas(extended: bytes) -> tuple[int, int]:
    """Size in pixels from a VP8X chunk: 4 bytes of flags, two 24-bit sides less one."""
    if len(extended) < 10:
        raise refuse.damaged()
    width = int.from_bytes(extended[4:7], "little") + 1
    height = int.from_bytes(extended[7:10], "little") + 1
    require_size(width, height, MAX_WEBP_PIXELS)
    return width, height


def _riff(chunks: list[tuple[bytes, bytes]]) -> bytes:
    body = b"WEBP" + b"".join(
        kind + len(data).to_bytes(4, "little") + data + b"\0" * (len(data) % 2)
        for kind, data in chunks
    )
    return b"RIFF" + len(body).to_bytes(4, "little") + body
