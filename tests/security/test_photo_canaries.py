"""Fresh pixels only: whatever a photo carries beside its picture, none of it is published.

Seeded files with a canary in every place that can hold text; the copies are searched byte by byte,
taken apart, and read again. `SEEDED_PHOTOS` sets how many (500 is the whole run).
"""

from __future__ import annotations

import base64
import io
import os
import struct
import zlib
from collections.abc import Iterator
from contextlib import suppress
from random import Random

import pytest
from PIL import ExifTags, Image, ImageCms
from PIL.PngImagePlugin import PngInfo

from plugins.photos import Derivative, derive_all, inspect_photo
from plugins.photos.worker import photo_workers
from tests.security.hostile_photos import chunk, encode, picture, segment

SEEDED = int(os.environ.get("SEEDED_PHOTOS", "90"))
SRGB = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


def seeded(seed: int) -> tuple[str, bytes, list[str]]:
    """A file's ending, its bytes, and the canaries in it; the same for the same seed."""
    random = Random(seed)  # noqa: S311 - the same file each time
    planted: list[str] = []

    def canary(place: str) -> str:
        planted.append(f"CANARY{seed:04d}{place}{random.randrange(1 << 32):08X}")
        return planted[-1]

    def often() -> bool:
        return random.random() < 0.7

    size = (random.randrange(40, 220), random.randrange(40, 160))
    kind = ("JPEG", "PNG", "WEBP")[seed % 3]
    options = {
        "exif": exif(canary, random.randrange(1, 9)) if often() else b"",
        "icc_profile": b"",
    }
    if often() and seed % 2:
        options["icc_profile"] = profile(canary("icc"))
    if kind == "JPEG":
        return ".jpg", _jpeg(size, options, canary, often, random), planted
    if kind == "PNG":
        return ".png", _png(size, options, canary, often, random), planted
    return ".webp", _webp(size, options, canary, often, random), planted


def exif(canary, orientation: int) -> bytes:
    block = Image.Exif()
    block[ExifTags.Base.Orientation] = orientation
    for tag in ("ImageDescription", "Make", "Model", "Artist", "Copyright", "Software"):
        block[getattr(ExifTags.Base, tag)] = canary(tag)
    block.get_ifd(ExifTags.IFD.Exif).update(
        {
            ExifTags.Base.UserComment: b"ASCII\0\0\0" + canary("UserComment").encode(),
            ExifTags.Base.MakerNote: canary("MakerNote").encode(),
            ExifTags.Base.DateTimeOriginal: canary("When"),
            ExifTags.Base.BodySerialNumber: canary("Serial"),
        }
    )
    block.get_ifd(ExifTags.IFD.GPSInfo).update(
        {
            1: "N", 2: (30.0, 15.0, 12.5), 3: "E", 4: (120.0, 9.0, 3.25),
            27: b"ASCII\0\0\0" + canary("GpsMethod").encode(), 29: canary("GpsDate"),
        }
    )  # fmt: skip
    return block.tobytes()


def profile(text: str) -> bytes:
    """A colour profile that converts as sRGB does, with a text of ours for its copyright."""
    place = SRGB.index(b"mluc") + 28
    return SRGB[:place] + text.encode("utf-16-be")[:16] + SRGB[place + 16 :] + text.encode()


def xmp(text: str) -> bytes:
    return (
        '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF><rdf:Description>'
        f"{text}</rdf:Description></rdf:RDF></x:xmpmeta>"
    ).encode()


def _jpeg(size, options, canary, often, random) -> bytes:
    mode = "RGB" if options["icc_profile"] else random.choice(("RGB", "L", "CMYK"))
    data = encode(
        picture(mode, size), "JPEG", progressive=random.random() < 0.5,
        comment=canary("Comment").encode(), dpi=(72, 72),
        **{key: value for key, value in options.items() if value},
    )  # fmt: skip
    extra = []
    if often():
        extra.append(segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0" + xmp(canary("Xmp"))))
        extended = b"http://ns.adobe.com/xmp/extension/\0" + bytes(40)
        extra.append(segment(0xE1, extended + canary("XmpMore").encode()))
    if often():
        text = canary("Iptc").encode()
        record = b"\x1c\x02\x78" + struct.pack(">H", len(text)) + text
        resource = b"8BIM\x04\x04\0\0" + struct.pack(">I", len(record)) + record
        extra.append(segment(0xED, b"Photoshop 3.0\0" + resource))
    for marker in random.sample([0xE3, 0xE4, 0xE5, 0xE8, 0xEA, 0xEB, 0xEC, 0xEF], 3):
        extra.append(segment(marker, canary(f"App{marker:X}").encode()))
    extra.append(segment(0xE0, b"JFXX\0\x10" + canary("Thumbnail").encode()))
    extra.append(segment(0xFE, canary("Comment2").encode("utf-16")))
    data = data[:2] + b"".join(extra) + data[2:]
    if often():
        data += encode(picture("RGB", (20, 20)), "JPEG", comment=canary("Second").encode())
    return data + canary("Trailer").encode()


def _png(size, options, canary, often, random) -> bytes:
    text = PngInfo()
    text.add_text("Comment", canary("tEXt"))
    text.add_text("Author", canary("zTXt") * 5, zip=True)
    text.add_itxt("Title", canary("iTXt"), zip=random.random() < 0.5)
    if often():
        text.add_itxt("XML:com.adobe.xmp", xmp(canary("Xmp")).decode())
    if often():
        text.add_text("Raw profile type iptc", "\niptc\n 40\n" + canary("Iptc").encode().hex())
    text.add(b"prVt", canary("Private").encode())
    mode = "RGB" if options["icc_profile"] else random.choice(("RGB", "L", "RGBA"))
    data = encode(
        picture(mode, size), "PNG", pnginfo=text, dpi=(72, 72),
        **{key: value for key, value in options.items() if value},
    )  # fmt: skip
    palette = canary("sPLT").encode() + b"\0\x08" + bytes(6)
    end = data.rindex(b"IEND") - 4
    data = data[:33] + chunk(b"sPLT", palette) + data[33:end] + (
        chunk(b"tEXt", b"Late\0" + canary("Late").encode()) + data[end:]
    )  # fmt: skip
    return data + canary("Trailer").encode()


def _webp(size, options, canary, often, random) -> bytes:
    mode = random.choice(("RGB", "RGBA"))
    if often():
        options["xmp"] = xmp(canary("Xmp"))
    data = encode(
        picture(mode, size), "WEBP", lossless=random.random() < 0.4,
        **{key: value for key, value in options.items() if value},
    )  # fmt: skip
    for name in (b"PRIV", b"Abcd", b"EXIF"):
        text = canary(f"Chunk{name.decode()}").encode()
        data += name + struct.pack("<I", len(text)) + text + b"\0" * (len(text) % 2)
    data = data[:4] + struct.pack("<I", len(data) - 8) + data[8:]
    return data + canary("Trailer").encode()


def written_as(text: str) -> Iterator[bytes]:
    """The ways in which a text may stand in a file without being packed."""
    yield text.encode()
    yield text.encode("utf-16-le")
    yield text.encode("utf-16-be")
    yield text.encode().hex().encode()
    yield base64.b64encode(text.encode())[:12]


def unpacked(data: bytes) -> bytes:
    """Everything in a file that zlib can read, one after the other."""
    found, place = [], data.find(b"\x78")
    while place >= 0:
        with suppress(zlib.error):
            found.append(zlib.decompressobj().decompress(data[place:], 100_000))
        place = data.find(b"\x78", place + 1)
    return b"".join(found)


@pytest.fixture(scope="module")
def published(
    tmp_path_factory: pytest.TempPathFactory,
) -> list[tuple[int, bytes, list[str], tuple[Derivative, ...]]]:
    """For each seed: the file, its canaries, and the copies that would be published."""
    folder = tmp_path_factory.mktemp("canaries")
    files, jobs = [], []
    with photo_workers(2) as workers:
        for seed in range(SEEDED):
            ending, data, canaries = seeded(seed)
            path = folder / f"{seed}{ending}"
            path.write_bytes(data)
            files.append((seed, data, canaries))
            jobs.append((path, inspect_photo(path, None, workers)))
        copies = derive_all(jobs, folder / "cache", 2, workers)
    return [(*file, made.files) for file, made in zip(files, copies, strict=True)]


def test_every_seeded_file_holds_its_canaries(published) -> None:
    """The control: the search below finds them in what was sent in."""
    for seed, data, canaries, _ in published:
        assert len(canaries) >= 4, seed
        whole = data + unpacked(data)
        for canary in canaries:
            assert any(way in whole for way in written_as(canary)), (seed, canary)


def test_no_canary_is_in_any_copy(published) -> None:
    searched = 0
    for seed, _, canaries, copies in published:
        for copy in copies:
            data = copy.path.read_bytes()
            for place in (data, unpacked(data)):
                assert b"CANARY" not in place, (seed, copy.name)
                assert "CANARY".encode("utf-16-le") not in place, (seed, copy.name)
                for canary in canaries:
                    assert not any(way in place for way in written_as(canary)), (seed, canary)
            searched += 1
    assert searched >= 2 * SEEDED


def test_a_copy_has_no_part_that_could_hold_a_text(published) -> None:
    for seed, _, _, copies in published:
        for copy in copies:
            data = copy.path.read_bytes()
            if copy.format == "jpeg":
                parts, end = jpeg_parts(data)
                assert set(parts) <= {0xE0, 0xDB, 0xC0, 0xC2, 0xC4, 0xDA}, seed
                assert parts[0xE0] == [b"JFIF\0\x01\x01\0\0\x01\0\x01\0\0"], seed
            else:
                parts, end = webp_parts(data)
                assert list(parts) == [b"VP8 "], seed
            assert end == len(data), seed


def test_a_copy_tells_nothing_when_it_is_read_again(published) -> None:
    for seed, _, _, copies in published:
        for copy in copies:
            with Image.open(io.BytesIO(copy.path.read_bytes())) as image:
                image.load()
                known = {"jfif", "jfif_version", "jfif_unit", "jfif_density", "progressive",
                         "progression", "loop", "background", "duration", "timestamp"}  # fmt: skip
                assert set(image.info) <= known, seed
                assert not image.getexif(), seed
                assert image.mode == "RGB", seed
                assert getattr(image, "n_frames", 1) == 1, seed


def jpeg_parts(data: bytes) -> tuple[dict[int, list[bytes]], int]:
    """The bodies of a JPEG's segments by marker, and where the picture ends."""
    parts: dict[int, list[bytes]] = {}
    place = 2
    while data[place + 1] != 0xD9:
        assert data[place] == 0xFF
        marker = data[place + 1]
        length = int.from_bytes(data[place + 2 : place + 4], "big")
        parts.setdefault(marker, []).append(data[place + 4 : place + 2 + length])
        place += 2 + length
        if marker == 0xDA:
            while data[place] != 0xFF or data[place + 1] in {0, *range(0xD0, 0xD8)}:
                place += 1
    return parts, place + 2


def webp_parts(data: bytes) -> tuple[dict[bytes, bytes], int]:
    """The chunks of a WebP by name, and where the last one ends."""
    parts, place = {}, 12
    while place < len(data):
        length = int.from_bytes(data[place + 4 : place + 8], "little")
        parts[data[place : place + 4]] = data[place + 8 : place + 8 + length]
        place += 8 + length + length % 2
    return parts, place
