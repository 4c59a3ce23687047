"""What the published copies look like, and what must not be in them."""

import re
import struct
import zlib
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from plugins.photos import Derivatives, PhotoFacts, derive, inspect_photo
from plugins.photos.cache import plan_sizes
from plugins.photos.limits import MAX_COPY_PIXELS, MAX_SIDE_PX
from plugins.photos.take_apart import take_apart

Make = Callable[[int, int], Image.Image]
Save = Callable[..., Path]
Write = Callable[[str, bytes], Path]
BuildPng = Callable[..., bytes]
Colour = tuple[int, int, int]

RED, GREEN, BLUE, YELLOW = (200, 30, 30), (30, 160, 30), (30, 30, 200), (220, 200, 40)
WHITE, BLACK = (255, 255, 255), (0, 0, 0)
FORMATS = (("photo.jpg", "jpeg"), ("photo.png", "png"), ("photo.webp", "webp"))


def copies_of(path: Path, cache_dir: Path) -> Derivatives:
    return derive(path, inspect_photo(path), cache_dir)


def colours(path: Path, *places: tuple[float, float]) -> list[Colour]:
    """The colours of a picture at places given as shares of its width and height."""
    with Image.open(path) as image:
        rgb = image.convert("RGB")
        found = [
            rgb.getpixel((int(x * (rgb.width - 1)), int(y * (rgb.height - 1)))) for x, y in places
        ]
    return [pixel for pixel in found if isinstance(pixel, tuple) and len(pixel) == 3]


def close(found: Colour, wanted: Colour, tolerance: int = 24) -> bool:
    return all(abs(a - b) <= tolerance for a, b in zip(found, wanted, strict=True))


# Sizes and names


@pytest.mark.parametrize(
    ("size", "sizes"),
    [
        ((4000, 3000), [(480, 360), (960, 720), (1600, 1200)]),
        ((3000, 4000), [(480, 640), (960, 1280), (1600, 2133)]),
        ((1600, 900), [(480, 270), (960, 540), (1600, 900)]),
        ((1200, 800), [(480, 320), (960, 640), (1200, 800)]),
        ((960, 640), [(480, 320), (960, 640)]),
        ((700, 500), [(480, 343), (700, 500)]),
        ((480, 300), [(480, 300)]),
        ((300, 200), [(300, 200)]),
        ((1, 1), [(1, 1)]),
        ((1, 900), [(1, 900)]),
        ((MAX_SIDE_PX, 1), [(480, 1), (960, 1), (1600, 1)]),
    ],
)
def test_a_photo_gets_the_three_widths_but_is_never_enlarged(
    size: tuple[int, int], sizes: list[tuple[int, int]]
) -> None:
    assert list(plan_sizes(PhotoFacts("0" * 64, "jpeg", *size, 1))) == sizes


@pytest.mark.parametrize("width", [1, 100, 480, 700, 1562])
def test_a_very_tall_photo_gets_only_copies_of_a_sensible_size(width: int) -> None:
    sizes = plan_sizes(PhotoFacts("0" * 64, "jpeg", width, MAX_SIDE_PX, 1))
    assert sizes
    assert all(width * height <= MAX_COPY_PIXELS for width, height in sizes)


@pytest.mark.parametrize(("name", "format_"), FORMATS)
def test_the_copies_are_what_their_records_say(
    save: Save, pattern: Make, cache_dir: Path, name: str, format_: str
) -> None:
    path = save(pattern(1000, 600), name)
    facts = inspect_photo(path)
    assert facts.format == format_
    copies = derive(path, facts, cache_dir)
    assert copies.sha256 == facts.sha256
    assert [(copy.format, copy.width, copy.height) for copy in copies.files] == [
        ("webp", 480, 288),
        ("webp", 960, 576),
        ("webp", 1000, 600),
        ("jpeg", 480, 288),
        ("jpeg", 960, 576),
        ("jpeg", 1000, 600),
    ]
    for copy in copies.files:
        ending = {"webp": "webp", "jpeg": "jpg"}[copy.format]
        assert copy.name == copy.path.name
        assert re.fullmatch(rf"[0-9a-f]{{16}}-{copy.width}\.{ending}", copy.name)
        assert copy.path.stat().st_size == copy.bytes
        with Image.open(copy.path) as image:
            image.load()
            assert (image.format, image.size) == (copy.format.upper(), (copy.width, copy.height))
            assert image.mode == "RGB"
    assert copies.of_format("jpeg") == copies.files[3:]


def test_large_photos_keep_their_content_through_every_step(
    save: Save, corners: Make, cache_dir: Path
) -> None:
    for name, _ in FORMATS:
        for copy in copies_of(save(corners(3301, 2203), name), cache_dir).files:
            places = colours(copy.path, (0.1, 0.1), (0.9, 0.1), (0.1, 0.9), (0.9, 0.9))
            for found, wanted in zip(places, (RED, GREEN, BLUE, YELLOW), strict=True):
                assert close(found, wanted), (copy.name, found, wanted)


@pytest.mark.parametrize("size", [(1, 1), (1, 700), (700, 1), (2, 2), (15, 17), (1, 16000)])
@pytest.mark.parametrize(("name", "format_"), FORMATS)
def test_the_smallest_and_thinnest_photos_work(
    save: Save, pattern: Make, cache_dir: Path, size: tuple[int, int], name: str, format_: str
) -> None:
    copies = copies_of(save(pattern(*size), name), cache_dir)
    assert copies.files[0].width == min(480, size[0])
    with Image.open(copies.files[0].path) as image:
        image.load()


# Orientation

# EXIF 2.32, tag 0x0112: on which side of the shown picture the first stored row and the first
# stored column lie.
SIDES = {
    1: ("top", "left"),
    2: ("top", "right"),
    3: ("bottom", "right"),
    4: ("bottom", "left"),
    5: ("left", "top"),
    6: ("right", "top"),
    7: ("right", "bottom"),
    8: ("left", "bottom"),
}
PLACES = {"left": 0.1, "right": 0.9, "top": 0.1, "bottom": 0.9}
OPPOSITE = {"left": "right", "right": "left", "top": "bottom", "bottom": "top"}


def place(one: str, other: str) -> tuple[float, float]:
    """Where two sides meet, as shares of width and height."""
    across, down = (one, other) if one in ("left", "right") else (other, one)
    return PLACES[across], PLACES[down]


@pytest.mark.parametrize("orientation", SIDES)
@pytest.mark.parametrize(("name", "format_"), FORMATS)
def test_every_orientation_is_turned_upright(
    save: Save,
    corners: Make,
    exif_of: Callable[[int], bytes],
    cache_dir: Path,
    name: str,
    format_: str,
    orientation: int,
) -> None:
    path = save(corners(800, 500), name, exif=exif_of(orientation))
    row, column = SIDES[orientation]
    places = {
        place(row, column): RED,
        place(row, OPPOSITE[column]): GREEN,
        place(OPPOSITE[row], column): BLUE,
        place(OPPOSITE[row], OPPOSITE[column]): YELLOW,
    }
    for copy in copies_of(path, cache_dir).files:
        assert (copy.width > copy.height) == (orientation <= 4)
        for found, wanted in zip(colours(copy.path, *places), places.values(), strict=True):
            assert close(found, wanted), (copy.name, found, wanted)


# Colours


def test_a_cmyk_jpeg_keeps_its_colours(save: Save, corners: Make, cache_dir: Path) -> None:
    path = save(corners(600, 400).convert("CMYK"), "photo.jpg", quality=95)
    for copy in copies_of(path, cache_dir).files:
        places = colours(copy.path, (0.1, 0.1), (0.9, 0.1), (0.1, 0.9), (0.9, 0.9))
        for found, wanted in zip(places, (RED, GREEN, BLUE, YELLOW), strict=True):
            assert close(found, wanted), (copy.name, found, wanted)


@pytest.mark.parametrize("value", [0, 128, 129, 1000, 32768, 65535])
def test_a_16_bit_grey_png_is_scaled_not_clipped(
    write: Write, png_of: BuildPng, cache_dir: Path, value: int
) -> None:
    rows = (b"\0" + struct.pack(">H", value) * 50) * 40
    path = write("photo.png", png_of(50, 40, rows, depth=16))
    for copy in copies_of(path, cache_dir).files:
        grey = value >> 8
        assert close(colours(copy.path, (0.5, 0.5))[0], (grey, grey, grey), 3)


@pytest.mark.parametrize("colour", [2, 6], ids=["RGB", "RGBA"])
def test_a_16_bit_colour_png_keeps_its_colours(
    write: Write, png_of: BuildPng, cache_dir: Path, colour: int
) -> None:
    pixel = struct.pack(">HHH", *(channel * 257 for channel in YELLOW))
    pixel += b"\xff\xff" if colour == 6 else b""
    path = write("photo.png", png_of(50, 40, (b"\0" + pixel * 50) * 40, depth=16, colour=colour))
    for copy in copies_of(path, cache_dir).files:
        assert close(colours(copy.path, (0.5, 0.5))[0], YELLOW, 6)


@pytest.mark.parametrize("mode", ["1", "L"])
@pytest.mark.parametrize("name", ["photo.png", "photo.jpg"])
def test_black_and_white_and_grey_photos_work(
    save: Save, cache_dir: Path, name: str, mode: str
) -> None:
    image = Image.new(mode, (60, 40), 255)
    image.paste(0, (0, 0, 30, 40))
    for copy in copies_of(save(image, name), cache_dir).files:
        left, right = colours(copy.path, (0.1, 0.5), (0.9, 0.5))
        assert close(left, BLACK)
        assert close(right, WHITE)


def half_transparent(mode: str, opacity: int) -> Image.Image:
    """Left half red, right half red with ``opacity`` of 255."""
    image = Image.new("RGBA", (64, 40), (*RED, 255))
    image.paste((*RED, opacity), (32, 0, 64, 40))
    return image if mode == "RGBA" else image.convert(mode)


@pytest.mark.parametrize("name", ["photo.png", "photo.webp"])
@pytest.mark.parametrize(("opacity", "wanted"), [(0, WHITE), (128, (227, 142, 142)), (255, RED)])
def test_what_is_transparent_shows_white(
    save: Save, cache_dir: Path, name: str, opacity: int, wanted: Colour
) -> None:
    options: dict[str, Any] = {"lossless": True} if name.endswith("webp") else {}
    path = save(half_transparent("RGBA", opacity), name, **options)
    for copy in copies_of(path, cache_dir).files:
        left, right = colours(copy.path, (0.1, 0.5), (0.9, 0.5))
        assert close(left, RED)
        assert close(right, wanted)


def test_a_lossy_webp_with_transparency_shows_white(save: Save, cache_dir: Path) -> None:
    path = save(half_transparent("RGBA", 0), "photo.webp")
    assert b"ALPH" in path.read_bytes()
    for copy in copies_of(path, cache_dir).files:
        assert close(colours(copy.path, (0.9, 0.5))[0], WHITE)


def test_a_grey_png_with_transparency_shows_white(save: Save, cache_dir: Path) -> None:
    image = Image.new("LA", (64, 40), (0, 255))
    image.paste((0, 0), (32, 0, 64, 40))
    for copy in copies_of(save(image, "photo.png"), cache_dir).files:
        left, right = colours(copy.path, (0.1, 0.5), (0.9, 0.5))
        assert close(left, BLACK)
        assert close(right, WHITE)


@pytest.mark.parametrize("transparency", [1, b"\xff\x00"], ids=["one entry", "a list"])
def test_a_palette_with_a_transparent_colour_shows_white(
    save: Save, cache_dir: Path, transparency: int | bytes
) -> None:
    image = Image.new("P", (64, 40), 0)
    image.putpalette([*RED, *BLUE])
    image.paste(1, (32, 0, 64, 40))
    path = save(image, "photo.png", transparency=transparency)
    for copy in copies_of(path, cache_dir).files:
        left, right = colours(copy.path, (0.1, 0.5), (0.9, 0.5))
        assert close(left, RED)
        assert close(right, WHITE)


def test_a_palette_without_transparency_keeps_its_colours(
    save: Save, corners: Make, cache_dir: Path
) -> None:
    path = save(corners(640, 400).quantize(8), "photo.png")
    for copy in copies_of(path, cache_dir).files:
        assert close(colours(copy.path, (0.9, 0.9))[0], YELLOW)


@pytest.mark.parametrize(("name", "format_"), FORMATS)
def test_colours_are_converted_when_the_photo_has_a_profile(
    save: Save, swapped_profile: bytes, cache_dir: Path, name: str, format_: str
) -> None:
    image = Image.new("RGB", (64, 40), (255, 0, 0))
    path = save(image, name, icc_profile=swapped_profile)
    for copy in copies_of(path, cache_dir).files:
        assert close(colours(copy.path, (0.5, 0.5))[0], (0, 255, 0)), format_


@pytest.mark.parametrize(
    ("mode", "kind"),
    [
        ("RGB", "garbage"),
        ("RGB", "cut off"),
        ("CMYK", "garbage"),
        ("CMYK", "for other channels"),
        ("L", "cut off"),
        ("L", "for other channels"),
    ],
)
def test_a_useless_profile_is_as_good_as_none(
    save: Save, swapped_profile: bytes, cache_dir: Path, mode: str, kind: str
) -> None:
    profile = {
        "garbage": b"no profile at all" * 20,
        "cut off": swapped_profile[:200],
        "for other channels": swapped_profile,
    }[kind]
    path = save(Image.new(mode, (64, 40)), "photo.jpg", icc_profile=profile)
    for copy in copies_of(path, cache_dir).files:
        wanted = WHITE if mode == "CMYK" else BLACK
        assert close(colours(copy.path, (0.5, 0.5))[0], wanted)


# Nothing but pixels

XMP = b'<x:xmpmeta xmlns:x="adobe:ns:meta/">SECRET-XMP</x:xmpmeta>'


def loaded_photo(save: Save, pattern: Make, exif: bytes, icc: bytes, name: str) -> Path:
    """A photo with everything in it that a photo can carry beside its picture."""
    image = pattern(700, 500)
    if name.endswith("jpg"):
        path = save(
            image, name, exif=exif, icc_profile=icc, xmp=XMP, comment=b"SECRET-COMMENT", dpi=(7, 7)
        )
        iptc = b"Photoshop 3.0\0" + b"8BIM\x04\x04\0\0\0\0\0\x10SECRET-IPTC\0\0\0\0\0"
        data = path.read_bytes()
        segment = b"\xff\xed" + struct.pack(">H", len(iptc) + 2) + iptc
        path.write_bytes(data[:2] + segment + data[2:] + b"SECRET-TRAILER")
        return path
    if name.endswith("png"):
        text = PngInfo()
        text.add_text("Comment", "SECRET-TEXT")
        text.add_text("Packed", "SECRET-PACKED" * 9, zip=True)
        text.add_itxt("XML:com.adobe.xmp", XMP.decode())
        text.add(b"prVt", b"SECRET-PRIVATE")
        path = save(image, name, exif=exif, icc_profile=icc, pnginfo=text, dpi=(7, 7))
        path.write_bytes(path.read_bytes() + b"SECRET-TRAILER")
        return path
    path = save(image, name, exif=exif, icc_profile=icc, xmp=XMP)
    data = path.read_bytes() + b"SECR\x0c\0\0\0SECRET-CHUNK"
    path.write_bytes(data[:4] + struct.pack("<I", len(data) - 8) + data[8:] + b"SECRET-TRAILER")
    return path


def jpeg_markers(data: bytes) -> set[int]:
    found, position = set(), 2
    while True:
        assert data[position] == 0xFF
        found.add(data[position + 1])
        if data[position + 1] == 0xDA:
            return found
        position += 2 + int.from_bytes(data[position + 2 : position + 4], "big")


def webp_chunks(data: bytes) -> list[bytes]:
    found, position = [], 12
    while position < len(data):
        found.append(data[position : position + 4])
        length = int.from_bytes(data[position + 4 : position + 8], "little")
        position += 8 + length + length % 2
    return found


@pytest.mark.parametrize(("name", "format_"), FORMATS)
def test_no_metadata_survives(
    save: Save,
    pattern: Make,
    exif_of: Callable[[int], bytes],
    swapped_profile: bytes,
    cache_dir: Path,
    name: str,
    format_: str,
) -> None:
    path = loaded_photo(save, pattern, exif_of(6), swapped_profile, name)
    assert path.read_bytes().count(b"SECRET") >= 4, format_
    copies = copies_of(path, cache_dir)
    assert copies.files[0].width < copies.files[0].height
    for copy in copies.files:
        data = copy.path.read_bytes()
        for trace in (b"SECRET", b"Exif", b"xmp", b"adobe", b"ICC", b"acsp", b"8BIM", b"GPS"):
            assert trace not in data, (copy.name, trace)
        with Image.open(BytesIO(data)) as image:
            assert not image.getexif()
            assert not {"exif", "xmp", "icc_profile", "comment", "photoshop"} & set(image.info)
        if copy.format == "jpeg":
            # JFIF header, tables, one frame, first scan: no APP1 to APP15, no comment.
            assert jpeg_markers(data) == {0xE0, 0xDB, 0xC2, 0xC4, 0xDA}
            assert data.endswith(b"\xff\xd9")
        else:
            assert webp_chunks(data) == [b"VP8 "]


@pytest.mark.parametrize(("name", "format_"), FORMATS)
def test_metadata_does_not_even_reach_the_decoder(
    save: Save,
    pattern: Make,
    exif_of: Callable[[int], bytes],
    swapped_profile: bytes,
    name: str,
    format_: str,
) -> None:
    path = loaded_photo(save, pattern, exif_of(6), swapped_profile, name)
    container = take_apart(path.read_bytes())
    assert container.format == format_
    assert container.orientation == 6
    assert container.icc == swapped_profile
    for trace in (b"SECRET", b"Exif", b"eXIf", b"EXIF", b"ICC", b"xmp", b"tEXt", b"prVt"):
        assert trace not in container.pixels
    with Image.open(BytesIO(container.pixels)) as image:
        image.load()


def test_a_png_full_of_packed_text_is_harmless(
    write: Write, png_of: BuildPng, cache_dir: Path
) -> None:
    bomb = b"Comment\0\0" + zlib.compress(b"A" * 10_000_000, 9)
    profile = b"name\0\0" + zlib.compress(b"A" * 10_000_000, 9)
    extra = ((b"iCCP", profile), *((b"zTXt", bomb),) * 100)
    path = write("photo.png", png_of(50, 40, (b"\0" + b"\x80" * 50) * 40, extra=extra))
    assert take_apart(path.read_bytes()).icc is None
    assert close(colours(copies_of(path, cache_dir).files[0].path, (0.5, 0.5))[0], (128,) * 3)
