"""Files that are meant to cost a decoder dearly, to confuse it, or to pass for a photo.

Each is a name ending and a function that makes the bytes; all are made here, none is kept.
"""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Callable
from typing import Any, Final

from PIL import Image, ImageCms
from PIL.PngImagePlugin import PngInfo

Make = Callable[[], bytes]

MIB: Final = 1024 * 1024


def picture(mode: str = "RGB", size: tuple[int, int] = (640, 480)) -> Image.Image:
    """A picture with detail everywhere."""
    ramp = Image.linear_gradient("L").resize(size)
    ring = Image.radial_gradient("L").resize(size)
    bands = {"L": 1, "RGB": 3, "RGBA": 4, "CMYK": 4}[mode]
    return Image.merge(mode, [ramp, ring, ramp, ring][:bands]) if bands > 1 else ramp


def encode(image: Image.Image, kind: str, **options: Any) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


def jpeg(**options: Any) -> bytes:
    return encode(picture(), "JPEG", **options)


def segment(marker: int, body: bytes) -> bytes:
    return bytes((0xFF, marker)) + struct.pack(">H", len(body) + 2) + body


def with_segments(*segments: bytes) -> bytes:
    data = jpeg()
    return data[:2] + b"".join(segments) + data[2:]


def chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def png(
    size: tuple[int, int], depth: int, colour: int, packed: bytes, *extra: bytes, interlace: int = 0
) -> bytes:
    header = struct.pack(">IIBBBBB", *size, depth, colour, 0, 0, interlace)
    return b"".join(
        (b"\x89PNG\r\n\x1a\n", chunk(b"IHDR", header), *extra, chunk(b"IDAT", packed),
         chunk(b"IEND", b""))
    )  # fmt: skip


def zeros(size: int) -> bytes:
    """`size` zero bytes, packed without ever holding them."""
    packer = zlib.compressobj(9)
    parts = [packer.compress(bytes(MIB)) for _ in range(size // MIB)]
    return b"".join([*parts, packer.compress(bytes(size % MIB)), packer.flush()])


def rows(size: tuple[int, int], bits: int) -> bytes:
    return zeros(size[1] * (1 + (size[0] * bits + 7) // 8))


def riff(*chunks: tuple[bytes, bytes]) -> bytes:
    body = b"WEBP" + b"".join(
        kind + struct.pack("<I", len(data)) + data + b"\0" * (len(data) % 2)
        for kind, data in chunks
    )
    return b"RIFF" + struct.pack("<I", len(body)) + body


def webp_chunk(**options: Any) -> tuple[bytes, bytes]:
    """The picture chunk of a plain WebP."""
    data = encode(picture(), "WEBP", **options)
    return data[12:16], data[20:]


def edited(data: bytes, place: int, new: bytes) -> bytes:
    return data[:place] + new + data[place + len(new) :]


def _frame(data: bytes) -> int:
    return data.index(b"\xff\xc0")


def _jpeg_of(width: int, height: int) -> bytes:
    data = jpeg()
    return edited(data, _frame(data) + 5, struct.pack(">HH", height, width))


def _many_scans(count: int) -> bytes:
    data = encode(picture("L"), "JPEG", progressive=True)
    last = data[data.rindex(b"\xff\xda") : -2]
    return data[:-2] + last * count + data[-2:]


def _largest_progressive_cmyk() -> bytes:
    data = encode(Image.new("CMYK", (5000, 5000), (1, 2, 3, 4)), "JPEG", progressive=True)
    scans = data.count(b"\xff\xda")
    last = data[data.rindex(b"\xff\xda") : -2]
    return data[:-2] + last * (30 - scans) + data[-2:]


def _zip() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("evil.html", "<script>alert(1)</script>")
    return buffer.getvalue()


def _exif(entries: int, next_at: int) -> bytes:
    entry = struct.pack("<HHII", 0x0112, 3, 1, 6)
    block = b"Exif\0\0II*\0\x08\0\0\0" + struct.pack("<H", entries & 0xFFFF) + entry * 100
    return block + struct.pack("<I", next_at)


def _animation(kind: str) -> bytes:
    frames = [picture().rotate(90)] * 5
    return encode(picture(), kind, save_all=True, append_images=frames)


def _png_text(kind: bytes, size: int, times: int) -> bytes:
    body = {
        b"zTXt": b"Comment\0\0",
        b"iTXt": b"Comment\0\x01\0\0\0",
        b"iCCP": b"profile\0\0",
    }[kind] + zeros(size)
    data = encode(picture(), "PNG")
    return data[:33] + chunk(kind, body) * times + data[33:]


def _png_with(*chunks: bytes) -> bytes:
    data = encode(picture(), "PNG")
    return data[:33] + b"".join(chunks) + data[33:]


def _png_metadata() -> bytes:
    text = PngInfo()
    text.add_text("Comment", "甲" * 2_400_000)
    return encode(picture(), "PNG", pnginfo=text)


def _split_idat() -> bytes:
    data = encode(picture("L", (64, 48)), "PNG")
    start = data.index(b"IDAT") - 4
    length = int.from_bytes(data[start : start + 4], "big")
    body = data[start + 8 : start + 8 + length]
    pieces = b"".join(chunk(b"IDAT", body[n : n + 1]) for n in range(len(body)))
    return data[:start] + pieces + data[start + 12 + length :]


def _canvas(width: int, height: int, flags: int) -> tuple[bytes, bytes]:
    sides = (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    return b"VP8X", bytes((flags, 0, 0, 0)) + sides


def _cut(data: bytes, share: float) -> Make:
    return lambda: data[: int(len(data) * share)]


def _profile(name: str) -> bytes:
    return ImageCms.ImageCmsProfile(ImageCms.createProfile(name)).tobytes()  # type: ignore[arg-type]


FAMILIES: Final[dict[str, tuple[str, Make, str]]] = {
    # Bombs: small files that announce, or unpack to, something huge.
    "png-169-megapixels": (
        ".png", lambda: png((13000, 13000), 1, 0, rows((13000, 13000), 1)), "photo-too-many-pixels",
    ),
    "png-169-megapixels-of-palette": (
        ".png",
        lambda: png((13000, 13000), 8, 3, zeros(MIB), chunk(b"PLTE", bytes(768))),
        "photo-too-many-pixels",
    ),
    "png-4-gigapixels": (".png", lambda: png((65535, 65535), 8, 2, b""), "photo-too-many-pixels"),
    "jpeg-4-gigapixels": (".jpg", lambda: _jpeg_of(65000, 65000), "photo-too-many-pixels"),
    "webp-268-megapixels": (
        ".webp",
        lambda: riff((b"VP8L", b"\x2f" + struct.pack("<I", 16382 | 16382 << 14) + bytes(9))),
        "photo-too-many-pixels",
    ),
    "webp-lossy-268-megapixels": (
        ".webp",
        lambda: riff((b"VP8 ", b"\x10\0\0\x9d\x01\x2a" + struct.pack("<HH", 16383, 16383))),
        "photo-too-many-pixels",
    ),
    "webp-canvas-of-gigapixels": (
        ".webp", lambda: riff(_canvas(1 << 24, 1 << 24, 0), webp_chunk()), "photo-too-many-pixels",
    ),
    "png-more-data-than-pixels": (
        ".png", lambda: png((64, 64), 8, 0, zeros(1024 * MIB)), "taken",
    ),
    "png-ztxt-bombs": (".png", lambda: _png_text(b"zTXt", 100 * MIB, 60), "taken"),
    "png-itxt-bombs": (".png", lambda: _png_text(b"iTXt", 100 * MIB, 60), "taken"),
    "png-iccp-bomb": (".png", lambda: _png_text(b"iCCP", 1024 * MIB, 1), "taken"),
    # As large and as costly as may be.
    "jpeg-largest-progressive-cmyk": (".jpg", _largest_progressive_cmyk, "taken"),
    "png-largest-16-bit-rgba": (
        ".png", lambda: png((5000, 5000), 16, 6, rows((5000, 5000), 64)), "taken",
    ),
    "png-largest-grey-alpha": (
        ".png", lambda: png((5000, 5000), 16, 4, rows((5000, 5000), 32)), "taken",
    ),
    "png-longest": (".png", lambda: png((16000, 1562), 8, 2, rows((16000, 1562), 24)), "taken"),
    "png-tallest": (".png", lambda: png((1562, 16000), 8, 2, rows((1562, 16000), 24)), "taken"),
    "png-one-pixel-wide": (".png", lambda: png((1, 16000), 8, 0, rows((1, 16000), 8)), "taken"),
    "png-one-pixel": (".png", lambda: png((1, 1), 8, 0, rows((1, 1), 8)), "taken"),
    "webp-largest-lossless": (
        ".webp",
        lambda: encode(picture("RGBA", (4096, 3072)), "WEBP", lossless=True, method=0, quality=0),
        "taken",
    ),
    # Unusual, but photos.
    "jpeg-cmyk": (".jpg", lambda: encode(picture("CMYK"), "JPEG"), "taken"),
    "jpeg-grey": (".jpg", lambda: encode(picture("L"), "JPEG"), "taken"),
    "jpeg-1999-segments": (
        ".jpg", lambda: with_segments(*[segment(0xFE, b"")] * 1980), "taken",
    ),
    "png-16-bit-grey": (
        ".png", lambda: png((300, 200), 16, 0, rows((300, 200), 16)), "taken",
    ),
    "png-16-bit-colour": (
        ".png", lambda: png((300, 200), 16, 2, rows((300, 200), 48)), "taken",
    ),
    "png-interlaced": (
        ".png", lambda: png((64, 64), 8, 2, zeros(64 * 64 * 3 + 200), interlace=1), "taken",
    ),
    "png-in-pieces-of-one-byte": (".png", _split_idat, "taken"),
    "exif-orientation-of-another-kind": (
        ".jpg", lambda: with_segments(segment(0xE1, _exif(100, 0))), "taken",
    ),
    "exif-that-points-at-itself": (
        ".jpg", lambda: with_segments(segment(0xE1, _exif(65535, 8))), "taken",
    ),
    "icc-garbage": (".jpg", lambda: jpeg(icc_profile=b"acsp" * 5000), "taken"),
    "icc-of-other-channels": (".jpg", lambda: jpeg(icc_profile=_profile("LAB")), "taken"),
    "icc-of-four-megabytes": (
        ".jpg", lambda: jpeg(icc_profile=_profile("sRGB") + bytes(4 * MIB)), "taken",
    ),
    # Huge metadata.
    "jpeg-metadata-of-7-mb": (
        ".jpg", lambda: with_segments(*[segment(0xE1, b"http://ns.adobe.com/xap/" * 2700)] * 110),
        "taken",
    ),
    "png-metadata-of-7-mb": (".png", _png_metadata, "taken"),
    "webp-metadata-of-7-mb": (
        ".webp", lambda: riff(_canvas(640, 480, 4), webp_chunk(), (b"XMP ", b"x" * 7_000_000)),
        "taken",
    ),
    "jpeg-comments-of-7-mb": (
        ".jpg", lambda: with_segments(*[segment(0xFE, b"c" * 65000)] * 108), "taken",
    ),
    # Endless parts.
    "jpeg-10000-segments": (
        ".jpg", lambda: with_segments(*[segment(0xFE, b"")] * 10_000), "photo-unreadable",
    ),
    "jpeg-tables-without-end": (
        ".jpg", lambda: with_segments(*[segment(0xDB, bytes((0, *[1] * 64)))] * 5_000),
        "photo-unreadable",
    ),
    "jpeg-1000-scans": (".jpg", lambda: _many_scans(1_000), "photo-unreadable"),
    "jpeg-fill-bytes": (".jpg", lambda: b"\xff\xd8" + b"\xff" * (8 * MIB - 2), "photo-truncated"),
    "png-half-a-million-chunks": (
        ".png", lambda: _png_with(chunk(b"tEXt", b"") * 500_000), "photo-unreadable",
    ),
    "png-half-a-million-empty-idats": (
        ".png", lambda: _png_with(chunk(b"IDAT", b"") * 500_000), "photo-unreadable",
    ),
    "webp-a-million-chunks": (
        ".webp", lambda: riff(webp_chunk(), *[(b"JUNK", b"")] * 1_000_000), "photo-unreadable",
    ),
    # Animations.
    "webp-animated": (".webp", lambda: _animation("WEBP"), "photo-animated"),
    "png-animated": (".png", lambda: _animation("PNG"), "photo-animated"),
    "gif-animated": (".jpg", lambda: _animation("GIF"), "photo-not-allowed-format"),
    "webp-animation-by-flag-alone": (
        ".webp", lambda: riff(_canvas(640, 480, 2), webp_chunk()), "photo-animated",
    ),
    # Polyglots: what is glued on is left behind; what only begins otherwise is refused.
    "jpeg-and-zip": (".jpg", lambda: jpeg() + _zip(), "taken"),
    "jpeg-and-html": (".jpg", lambda: jpeg() + b"<script>alert(1)</script>", "taken"),
    "jpeg-with-html-in-a-comment": (
        ".jpg", lambda: jpeg(comment=b"*/</script><script>alert(1)</script>"), "taken",
    ),
    "jpeg-and-jpeg": (".jpg", lambda: jpeg() + jpeg(), "taken"),
    "png-and-php": (
        ".png", lambda: encode(picture(), "PNG") + b"<?php system($_GET[0]); ?>", "taken",
    ),
    "png-with-html-in-text": (
        ".png", lambda: _png_with(chunk(b"tEXt", b"Title\0<svg onload=alert(1)>")), "taken",
    ),
    "webp-and-zip": (".webp", lambda: encode(picture(), "WEBP") + _zip(), "taken"),
    "pdf-with-a-jpeg-inside": (
        ".jpg", lambda: b"%PDF-1.7\nstream\n" + jpeg(), "photo-not-allowed-format",
    ),
    "gif-and-script": (
        ".jpg", lambda: b"GIF89a=1;alert(1)//" + bytes(50), "photo-not-allowed-format",
    ),
    "zip-with-a-jpeg-behind": (".jpg", lambda: _zip() + jpeg(), "photo-not-allowed-format"),
    "svg": (".png", lambda: b"<svg onload='alert(1)'/>", "photo-not-allowed-format"),
    "html": (".jpg", lambda: b"<!doctype html><script>1</script>", "photo-not-allowed-format"),
    # Another kind than the name says.
    "png-named-jpeg": (".jpg", lambda: encode(picture(), "PNG"), "photo-wrong-extension"),
    "jpeg-named-webp": (".webp", jpeg, "photo-wrong-extension"),
    "webp-named-png": (".png", lambda: encode(picture(), "WEBP"), "photo-wrong-extension"),
    "tiff-named-jpeg": (".jpg", lambda: encode(picture(), "TIFF"), "photo-not-allowed-format"),
    "bmp-named-png": (".png", lambda: encode(picture(), "BMP"), "photo-not-allowed-format"),
    "heic": (".jpg", lambda: b"\0\0\0\x18ftypheic" + bytes(64), "photo-not-allowed-format"),
    "avif": (".jpg", lambda: encode(picture(), "AVIF"), "photo-not-allowed-format"),
    # Damaged in a way that a decoder might not forgive.
    "jpeg-random-picture": (
        ".jpg",
        lambda: jpeg()[:700] + bytes((7 * n * n + 3) % 251 for n in range(9000)) + b"\xff\xd9",
        "taken",
    ),
    "jpeg-without-tables": (
        ".jpg", lambda: jpeg().replace(b"\xff\xc4", b"\xff\xfe"), "taken",
    ),
    "jpeg-of-two-frames": (
        ".jpg",
        lambda: (lambda data: edited(data, 0, b"") + data[2:])(jpeg()[:-2]),
        "photo-unreadable",
    ),
    "jpeg-of-no-height": (".jpg", lambda: _jpeg_of(640, 0), "photo-unreadable"),
    "jpeg-of-no-width": (".jpg", lambda: _jpeg_of(0, 480), "photo-unreadable"),
    "jpeg-lossless-frame": (
        ".jpg", lambda: jpeg().replace(b"\xff\xc0", b"\xff\xc3"), "photo-unreadable",
    ),
    "jpeg-arithmetic-frame": (
        ".jpg", lambda: jpeg().replace(b"\xff\xc0", b"\xff\xc9"), "photo-unreadable",
    ),
    "jpeg-of-12-bits": (
        ".jpg", lambda: edited(jpeg(), _frame(jpeg()) + 4, b"\x0c"), "photo-unreadable",
    ),
    "jpeg-of-255-components": (
        ".jpg", lambda: edited(jpeg(), _frame(jpeg()) + 9, b"\xff"), "photo-unreadable",
    ),
    "jpeg-taller-than-its-data": (".jpg", lambda: _jpeg_of(640, 16000), "taken"),
    "png-of-no-width": (".png", lambda: png((0, 100), 8, 0, zeros(100)), "photo-unreadable"),
    "png-less-data-than-pixels": (
        ".png", lambda: png((4000, 4000), 8, 2, zeros(100)), "photo-truncated",
    ),
    "png-palette-of-none": (
        ".png", lambda: png((64, 64), 8, 3, zeros(64 * 65)), "photo-unreadable",
    ),
    "png-transparency-too-long": (
        ".png", lambda: png((64, 64), 8, 2, zeros(64 * 193), chunk(b"tRNS", bytes(5000))), "taken",
    ),
    "png-unknown-critical-chunk": (
        ".png", lambda: _png_with(chunk(b"EVIL", b"x")), "photo-unreadable",
    ),
    "png-chunk-longer-than-the-file": (
        ".png", lambda: _png_with(b"\xff\xff\xff\xfftEXt"), "photo-truncated",
    ),
    "webp-longer-than-the-file": (
        ".webp", lambda: edited(encode(picture(), "WEBP"), 4, b"\xff\xff\xff\xff"),
        "photo-truncated",
    ),
    "webp-canvas-of-another-size": (
        ".webp", lambda: riff(_canvas(641, 480, 0), webp_chunk()), "photo-unreadable",
    ),
    "webp-alpha-of-garbage": (
        ".webp", lambda: riff(_canvas(640, 480, 16), (b"ALPH", b"\x01" * 50), webp_chunk()),
        "photo-unreadable",
    ),
    "webp-lossless-of-garbage": (
        ".webp",
        lambda: riff((b"VP8L", b"\x2f" + struct.pack("<I", 639 | 479 << 14) + b"\xa5" * 5000)),
        "photo-unreadable",
    ),
    "nothing": (".jpg", lambda: b"", "photo-unreadable"),
    "zeros": (".jpg", lambda: bytes(100_000), "photo-not-allowed-format"),
}  # fmt: skip
"""By name: the ending of the file's name, how to make it, and what becomes of it."""

_WHOLE: Final = {
    "jpeg": (".jpg", jpeg()),
    "progressive-jpeg": (".jpg", jpeg(progressive=True)),
    "png": (".png", encode(picture(), "PNG")),
    "webp": (".webp", encode(picture(), "WEBP")),
    "lossless-webp": (".webp", encode(picture(), "WEBP", lossless=True)),
}

TRUNCATED: Final[dict[str, tuple[str, Make, str]]] = {
    f"{name}-cut-after-{percent}%": (ending, _cut(data, percent / 100), "photo-truncated")
    for name, (ending, data) in _WHOLE.items()
    for percent in (2, 5, 10, 25, 40, 50, 60, 75, 90, 95, 98, 99)
}
"""Whole photos, cut off at many places."""
