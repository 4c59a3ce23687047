"""Pictures made for the tests: no photo of a real place or person is kept in the project."""

import struct
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageCms

RED, GREEN, BLUE, YELLOW = (200, 30, 30), (30, 160, 30), (30, 30, 200), (220, 200, 40)


@pytest.fixture
def cache_dir(tmp_path: Path) -> Path:
    return tmp_path / "cache"


@pytest.fixture
def corners() -> Callable[[int, int], Image.Image]:
    """A picture of four quarters: red and green above, blue and yellow below."""

    def make(width: int, height: int) -> Image.Image:
        image = Image.new("RGB", (width, height), RED)
        half_w, half_h = width // 2, height // 2
        image.paste(GREEN, (half_w, 0, width, half_h))
        image.paste(BLUE, (0, half_h, half_w, height))
        image.paste(YELLOW, (half_w, half_h, width, height))
        return image

    return make


@pytest.fixture
def pattern() -> Callable[[int, int], Image.Image]:
    """A picture with detail everywhere, the same each time."""

    def make(width: int, height: int) -> Image.Image:
        ramp = Image.linear_gradient("L").resize((width, height))
        ring = Image.radial_gradient("L").resize((width, height))
        return Image.merge("RGB", (ramp, ring, ramp.transpose(Image.Transpose.ROTATE_180)))

    return make


@pytest.fixture
def save(tmp_path: Path) -> Callable[..., Path]:
    """Save a picture under a name and return its path; options go to Pillow."""

    def write(image: Image.Image, name: str, **options: Any) -> Path:
        path = tmp_path / name
        image.save(path, **options)
        return path

    return write


@pytest.fixture
def write(tmp_path: Path) -> Callable[[str, bytes], Path]:
    """Write bytes under a name and return the path."""

    def write_bytes(name: str, data: bytes) -> Path:
        path = tmp_path / name
        path.write_bytes(data)
        return path

    return write_bytes


@pytest.fixture
def png_of() -> Callable[..., bytes]:
    """A PNG put together by hand, for what Pillow does not write."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return (
            struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        )

    def build(
        width: int,
        height: int,
        rows: bytes,
        *,
        depth: int = 8,
        colour: int = 0,
        extra: tuple[tuple[bytes, bytes], ...] = (),
        cut: int = 0,
    ) -> bytes:
        header = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0)
        compressed = zlib.compress(rows, 9)
        return b"".join(
            (
                b"\x89PNG\r\n\x1a\n",
                chunk(b"IHDR", header),
                *(chunk(kind, body) for kind, body in extra),
                chunk(b"IDAT", compressed[: len(compressed) - cut]),
                chunk(b"IEND", b""),
            )
        )

    return build


@pytest.fixture
def exif_of() -> Callable[[int], bytes]:
    """An EXIF block with an orientation, a place and a secret."""

    def build(orientation: int) -> bytes:
        exif = Image.Exif()
        exif[0x0112] = orientation
        exif[0x010E] = "SECRET-DESCRIPTION"
        exif[0x010F] = "SECRET-CAMERA"
        exif.get_ifd(0x8825).update({1: "N", 2: (30.0, 15.0, 0.0), 3: "E", 4: (120.0, 9.0, 0.0)})
        return exif.tobytes()

    return build


@pytest.fixture
def swapped_profile() -> bytes:
    """A colour profile in which the first channel is green and the second is red."""
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    return srgb.replace(b"rXYZ", b"????").replace(b"gXYZ", b"rXYZ").replace(b"????", b"gXYZ")
