"""PNG files (W3C PNG, third edition): chunks, taken apart without decoding."""

import zlib
from typing import Final

from plugins.photos import refuse
from plugins.photos.container import Container, require_size
from plugins.photos.limits import MAX_CHUNKS, MAX_ICC_BYTES
from plugins.photos.orientation import UPRIGHT, read_orientation

_SIGNATURE: Final = b"\x89PNG\r\n\x1a\n"
_ANIMATION: Final = b"acTL"
_CRITICAL: Final = frozenset({b"IHDR", b"PLTE", b"IDAT", b"IEND"})
_MADE_OF: Final = (b"IHDR", b"PLTE", b"tRNS")
_PALETTE: Final = 3
_BIT_DEPTHS: Final = {0: (1, 2, 4, 8, 16), 2: (8, 16), 3: (1, 2, 4, 8), 4: (8, 16), 6: (8, 16)}


def read_png(data: bytes) -> Container:
    """Take a PNG apart, up to its end chunk. Raises PhotoRefused."""
    chunks: dict[bytes, bytes] = {}
    picture: list[bytes] = []
    position = len(_SIGNATURE)
    for _ in range(MAX_CHUNKS):
        if len(data) < position + 12:
            raise refuse.truncated()
        length = int.from_bytes(data[position : position + 4], "big")
        kind = data[position + 4 : position + 8]
        end = position + 12 + length
        if not kind.isalpha():
            raise refuse.damaged()
        if not chunks and kind != b"IHDR":
            raise refuse.damaged()
        if end > len(data):
            raise refuse.truncated()
        body = data[position + 8 : end - 4]
        if kind in _CRITICAL and zlib.crc32(data[position + 4 : end - 4]) != int.from_bytes(
            data[end - 4 : end], "big"
        ):
            raise refuse.damaged()
        if kind == b"IHDR":
            _check_header(body, first=not chunks)
        elif kind == _ANIMATION:
            raise refuse.animated("png")
        elif kind == b"IEND":
            break
        elif kind[:1].isupper() and kind not in _CRITICAL:
            raise refuse.unusual_coding()
        if kind == b"IDAT":
            picture.append(body)
        else:
            chunks.setdefault(kind, body)
        position = end
    else:
        raise refuse.unusual_coding()
    header = chunks[b"IHDR"]
    if not picture or not _palette_fits(header, chunks.get(b"PLTE")):
        raise refuse.damaged()
    kept = [_chunk(kind, chunks[kind]) for kind in _MADE_OF if kind in chunks]
    return Container(
        "png",
        int.from_bytes(header[:4], "big"),
        int.from_bytes(header[4:8], "big"),
        read_orientation(chunks[b"eXIf"]) if b"eXIf" in chunks else UPRIGHT,
        _read_profile(chunks.get(b"iCCP", b"")),
        b"".join((_SIGNATURE, *kept, _chunk(b"IDAT", b"".join(picture)), _chunk(b"IEND", b""))),
    )


def _check_header(body: bytes, *, first: bool) -> None:
    if not first or len(body) != 13:
        raise refuse.damaged()
    require_size(int.from_bytes(body[:4], "big"), int.from_bytes(body[4:8], "big"))
    depth, colour, compression, filtering, interlace = body[8:]
    if depth not in _BIT_DEPTHS.get(colour, ()) or compression or filtering or interlace > 1:
        raise refuse.damaged()


def _palette_fits(header: bytes, palette: bytes | None) -> bool:
    """Whether there is a palette where pixels are numbers of colours; 1 to 256 colours of RGB."""
    if palette is None:
        return header[9] != _PALETTE
    return 3 <= len(palette) <= 768 and len(palette) % 3 == 0


def _chunk(kind: bytes, body: bytes) -> bytes:
    return b"".join(
        (len(body).to_bytes(4, "big"), kind, body, zlib.crc32(kind + body).to_bytes(4, "big"))
    )


def _read_profile(body: bytes) -> bytes | None:
    """The colour profile of an iCCP chunk: a name, 0, method 0, then zlib data."""
    _, separator, rest = body.partition(b"\0")
    if not separator or not rest.startswith(b"\0"):
        return None
    unpack = zlib.decompressobj()
    try:
        profile = unpack.decompress(rest[1:], MAX_ICC_BYTES)
    except zlib.error:
        return None
    return profile if profile and unpack.eof else None
