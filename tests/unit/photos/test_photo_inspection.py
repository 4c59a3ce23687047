"""What inspect_photo takes, what it refuses, and in which words."""

import os
import re
import socket
import struct
import subprocess
import sys
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from plugins.photos import CODES, PhotoFacts, PhotoRefused, derive, inspect_photo
from plugins.photos.limits import (
    MAX_BYTES,
    MAX_JPEG_SCANS,
    MAX_PIXELS,
    MAX_SIDE_PX,
    MAX_WEBP_PIXELS,
)
from plugins.photos.take_apart import take_apart

Make = Callable[[int, int], Image.Image]
Save = Callable[..., Path]
Write = Callable[[str, bytes], Path]
BuildPng = Callable[..., bytes]

FORMATS = (("photo.jpg", "jpeg"), ("photo.png", "png"), ("photo.webp", "webp"))


def refusal(path: Path) -> PhotoRefused:
    with pytest.raises(PhotoRefused) as caught:
        inspect_photo(path)
    return caught.value


def judge(path: Path) -> PhotoFacts | PhotoRefused:
    try:
        return inspect_photo(path)
    except PhotoRefused as refused:
        return refused


def encode(image: Image.Image, format_: str, **options: object) -> bytes:
    buffer = BytesIO()
    image.save(buffer, format_, **options)
    return buffer.getvalue()


# What is taken


@pytest.mark.parametrize(("name", "format_"), [*FORMATS, ("photo.jpeg", "jpeg")])
def test_an_ordinary_photo_is_taken_with_its_facts(
    save: Save, pattern: Make, name: str, format_: str
) -> None:
    path = save(pattern(320, 200), name)
    facts = inspect_photo(path)
    assert (facts.format, facts.width, facts.height) == (format_, 320, 200)
    assert facts.bytes == path.stat().st_size
    assert re.fullmatch("[0-9a-f]{64}", facts.sha256)


def test_the_hash_is_that_of_the_file(save: Save, pattern: Make) -> None:
    path = save(pattern(32, 20), "photo.jpg")
    digest = subprocess.run(["sha256sum", path], capture_output=True, text=True, check=True)
    assert inspect_photo(path).sha256 == digest.stdout.split()[0]


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize(("name", "format_"), FORMATS)
def test_the_size_is_as_shown_when_the_camera_was_held_sideways(
    save: Save,
    pattern: Make,
    exif_of: Callable[[int], bytes],
    name: str,
    format_: str,
    orientation: int,
) -> None:
    path = save(pattern(60, 40), name, exif=exif_of(orientation))
    facts = inspect_photo(path)
    expected = (40, 60) if orientation >= 5 else (60, 40)
    assert (facts.width, facts.height) == expected


@pytest.mark.parametrize(
    "exif",
    [
        b"Exif\0\0",
        b"Exif\0\0II*\0\xff\xff\xff\xff",
        b"Exif\0\0MM\0*\0\0\0\x08\xff\xff",
        b"Exif\0\0junk that is no TIFF",
        b"Exif\0\0II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0\x09\0\0\0",
    ],
    ids=["empty", "beyond the end", "too few entries", "not TIFF", "orientation 9"],
)
def test_a_broken_exif_block_does_not_spoil_the_photo(
    save: Save, pattern: Make, exif: bytes
) -> None:
    path = save(pattern(60, 40), "photo.jpg", exif=exif)
    facts = inspect_photo(path)
    assert (facts.width, facts.height) == (60, 40)
    assert take_apart(path.read_bytes()).orientation == 1


def test_a_progressive_jpeg_is_taken(save: Save, pattern: Make) -> None:
    assert inspect_photo(save(pattern(99, 70), "photo.jpg", progressive=True)).width == 99


def test_a_phone_photo_with_a_second_picture_inside_is_taken(save: Save, pattern: Make) -> None:
    first, second = pattern(80, 60), pattern(40, 30)
    path = save(first, "photo.jpg", format="MPO", save_all=True, append_images=[second])
    assert b"MPF\0" in path.read_bytes()
    facts = inspect_photo(path)
    assert (facts.format, facts.width, facts.height) == ("jpeg", 80, 60)


def test_a_motion_photo_is_taken_without_its_film(write: Write, pattern: Make) -> None:
    data = encode(pattern(80, 60), "JPEG") + b"\0\0\0\x18ftypmp42" + b"FILM" * 1000
    assert inspect_photo(write("photo.jpg", data)).width == 80
    assert b"FILM" not in take_apart(data).pixels


def test_a_photo_of_exactly_the_largest_size_in_bytes_is_taken(write: Write, pattern: Make) -> None:
    data = encode(pattern(80, 60), "JPEG")
    path = write("photo.jpg", data + b"\0" * (MAX_BYTES - len(data)))
    assert inspect_photo(path).bytes == MAX_BYTES


def test_a_photo_of_exactly_the_largest_size_in_pixels_is_taken(
    write: Write, png_of: BuildPng
) -> None:
    data = png_of(5000, 5000, (b"\0" * (1 + 625)) * 5000, depth=1)
    facts = inspect_photo(write("photo.png", data))
    assert facts.width * facts.height == MAX_PIXELS


# What is refused: too much


def test_a_photo_of_one_byte_too_many_is_refused(write: Write, pattern: Make) -> None:
    data = encode(pattern(80, 60), "JPEG")
    refused = refusal(write("photo.jpg", data + b"\0" * (MAX_BYTES + 1 - len(data))))
    assert refused.code == "photo-too-many-bytes"
    assert refused.message == "照片有 8.1 MB，超过了 8 MB 的上限。"


def test_a_huge_file_is_refused_without_being_read(tmp_path: Path) -> None:
    path = tmp_path / "photo.jpg"
    with path.open("wb") as file:
        file.truncate(1 << 40)
    refused = refusal(path)
    assert refused.code == "photo-too-many-bytes"
    assert f"{1 << 20}.0 MB" in refused.message


def test_one_pixel_row_too_many_is_refused(write: Write, png_of: BuildPng) -> None:
    refused = refusal(write("photo.png", png_of(5000, 5001, b"", depth=1)))
    assert refused.code == "photo-too-many-pixels"
    assert refused.message == "照片的尺寸是 5000×5001 像素，超过了 2500 万像素的上限。"


def test_a_side_that_is_too_long_is_refused(write: Write, png_of: BuildPng) -> None:
    refused = refusal(write("photo.png", png_of(1, MAX_SIDE_PX + 1, b"")))
    assert refused.code == "photo-too-many-pixels"
    assert "16000" in refused.message


def bomb_jpeg() -> bytes:
    data = bytearray(encode(Image.new("L", (8, 8)), "JPEG"))
    frame = data.index(b"\xff\xc0")
    data[frame + 5 : frame + 9] = struct.pack(">HH", 65000, 65000)
    return bytes(data)


def bomb_webp_lossless() -> bytes:
    picture = b"\x2f" + struct.pack("<I", 16382 | 16382 << 14) + b"\0" * 8
    return riff(b"VP8L", picture)


def bomb_webp_lossy() -> bytes:
    return riff(b"VP8 ", b"\x10\0\0\x9d\x01\x2a" + struct.pack("<HH", 16383, 16383) + b"\0" * 8)


def bomb_webp_canvas() -> bytes:
    data = bytearray(encode(Image.new("RGB", (8, 8)), "WEBP", exif=b"Exif\0\0II*\0"))
    assert data[12:16] == b"VP8X"
    data[24:30] = (12_999).to_bytes(3, "little") * 2
    return bytes(data)


def riff(kind: bytes, body: bytes) -> bytes:
    chunk = kind + struct.pack("<I", len(body)) + body + b"\0" * (len(body) % 2)
    return b"RIFF" + struct.pack("<I", 4 + len(chunk)) + b"WEBP" + chunk


@pytest.mark.parametrize(
    ("name", "make"),
    [
        ("photo.jpg", bomb_jpeg),
        ("photo.webp", bomb_webp_lossless),
        ("photo.webp", bomb_webp_lossy),
        ("photo.webp", bomb_webp_canvas),
    ],
)
def test_a_small_file_that_announces_a_huge_picture_is_refused(
    write: Write, name: str, make: Callable[[], bytes]
) -> None:
    assert refusal(write(name, make())).code == "photo-too-many-pixels"


def test_a_png_bomb_is_refused_before_any_decoder_is_loaded(write: Write, png_of: BuildPng) -> None:
    rows = (b"\0" * (1 + 13000 // 8)) * 13000
    path = write("photo.png", png_of(13000, 13000, rows, depth=1))
    assert path.stat().st_size < 50_000
    script = (
        "import sys; from pathlib import Path; from plugins.photos import *\n"
        "try: inspect_photo(Path(sys.argv[1]))\n"
        "except PhotoRefused as refused: print(refused.code, 'PIL' in sys.modules)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, path], capture_output=True, text=True, check=True
    )
    assert done.stdout == "photo-too-many-pixels False\n"


def test_a_jpeg_of_endless_scans_is_refused(write: Write) -> None:
    data = encode(Image.new("L", (64, 64)), "JPEG", progressive=True)
    last = data[data.rindex(b"\xff\xda") : -2]
    few = data[:-2] + last * 2 + data[-2:]
    many = data[:-2] + last * MAX_JPEG_SCANS + data[-2:]
    assert inspect_photo(write("few.jpg", few)).width == 64
    assert refusal(write("many.jpg", many)).code == "photo-unreadable"


def test_a_jpeg_of_endless_segments_is_refused(write: Write, pattern: Make) -> None:
    data = encode(pattern(16, 16), "JPEG")
    assert (
        refusal(write("photo.jpg", data[:2] + b"\xff\xfe\0\x02" * 100_000 + data[2:])).code
        == "photo-unreadable"
    )


# What is refused: the wrong kind


@pytest.mark.parametrize(
    ("name", "saved_as", "ending"),
    [
        ("photo.png", "JPEG", ".jpg"),
        ("photo.jpg", "PNG", ".png"),
        ("photo.jpg", "WEBP", ".webp"),
        ("photo.JPG", "JPEG", ".jpg"),
        ("photo.Jpeg", "JPEG", ".jpeg"),
        ("photo.jfif", "JPEG", ".jpg"),
        ("photo", "PNG", ".png"),
    ],
)
def test_an_ending_that_does_not_fit_the_content_is_refused_with_the_right_one(
    save: Save, pattern: Make, name: str, saved_as: str, ending: str
) -> None:
    refused = refusal(save(pattern(20, 20), name, format=saved_as))
    assert refused.code == "photo-wrong-extension"
    assert f"“{ending}”" in refused.fix


@pytest.mark.parametrize(
    ("data", "named"),
    [
        (b"<!DOCTYPE html><script>alert(1)</script>", "网页"),
        (b"\xef\xbb\xbf\n  <html><body>", "网页"),
        (b'<?xml version="1.0"?><svg onload="alert(1)"/>', "SVG"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "SVG"),
        (b"\0\0\0\x18ftypheic\0\0\0\0", "HEIC"),
        (b"\0\0\0\x1cftypavif\0\0\0\0", "AVIF"),
        (b"\0\0\0\x18ftypmp42\0\0\0\0", "视频"),
        (b"%PDF-1.7", "PDF"),
        (b"PK\x03\x04", "压缩包"),
        (b"\0" * 64, "无法识别"),
        (b"\xff\xd8", "无法识别"),
    ],
)
def test_content_that_is_no_photo_is_refused_by_name(write: Write, data: bytes, named: str) -> None:
    refused = refusal(write("photo.jpg", data))
    assert refused.code == "photo-not-allowed-format"
    assert named in refused.message


@pytest.mark.parametrize("saved_as", ["GIF", "BMP", "TIFF"])
def test_other_picture_formats_are_refused_by_name(
    save: Save, pattern: Make, saved_as: str
) -> None:
    refused = refusal(save(pattern(20, 20), "photo.jpg", format=saved_as))
    assert refused.code == "photo-not-allowed-format"
    assert saved_as in refused.message


def test_an_animated_webp_is_refused(save: Save, pattern: Make) -> None:
    frames = [pattern(20, 20).rotate(90)]
    refused = refusal(save(pattern(20, 20), "photo.webp", save_all=True, append_images=frames))
    assert refused.code == "photo-animated"
    assert "WebP" in refused.message


def test_an_animated_png_is_refused(save: Save, pattern: Make) -> None:
    frames = [pattern(20, 20).rotate(90)]
    refused = refusal(save(pattern(20, 20), "photo.png", save_all=True, append_images=frames))
    assert refused.code == "photo-animated"
    assert "PNG" in refused.message


# What is refused: not a file


def test_a_link_is_refused_even_to_a_good_photo(save: Save, pattern: Make, tmp_path: Path) -> None:
    link = tmp_path / "link.jpg"
    link.symlink_to(save(pattern(20, 20), "photo.jpg"))
    refused = refusal(link)
    assert refused.code == "photo-not-a-file"
    assert "链接" in refused.message


def test_a_pipe_is_refused_without_waiting_for_it(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "photo.jpg")
    assert refusal(tmp_path / "photo.jpg").code == "photo-not-a-file"


def test_a_device_a_socket_and_a_folder_are_refused(tmp_path: Path) -> None:
    (tmp_path / "folder.jpg").mkdir()
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(tmp_path / "socket.jpg"))
        for path in (Path("/dev/zero"), tmp_path / "socket.jpg", tmp_path / "folder.jpg"):
            assert refusal(path).code == "photo-not-a-file"


@pytest.mark.parametrize("instead", ["os.symlink(sys.argv[2], path)", "os.mkfifo(path)"])
def test_a_photo_that_is_swapped_while_it_is_opened_is_refused(
    save: Save, pattern: Make, tmp_path: Path, instead: str
) -> None:
    photo, secret = save(pattern(20, 20), "photo.jpg"), save(pattern(20, 20), "secret.jpg")
    # The hook runs at the last moment before the system opens the file.
    script = (
        "import os, sys; from pathlib import Path; from plugins.photos import *\n"
        "path = sys.argv[1]\n"
        "def swap(event, arguments):\n"
        "    if event == 'open' and str(arguments[0]) == path and not swapped:\n"
        f"        swapped.append(os.unlink(path)); {instead}\n"
        "swapped = []\n"
        "sys.addaudithook(swap)\n"
        "try: print(inspect_photo(Path(path)))\n"
        "except PhotoRefused as refused: print(refused.code, len(swapped))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, photo, secret],
        capture_output=True,
        text=True,
        check=True,
        timeout=30,
    )
    assert done.stdout == "photo-not-a-file 1\n"


@pytest.mark.parametrize("mode", ["RGB", "RGBA"])
def test_the_largest_webp_is_inspected_in_256_mb(tmp_path: Path, mode: str) -> None:
    assert MAX_WEBP_PIXELS >= 4096 * 3072
    path = tmp_path / "photo.webp"
    ramp = Image.linear_gradient("L").point(lambda grey: grey & 192).resize((4096, 3072), 0)
    picture = Image.merge(mode, [ramp] * len(mode))
    picture.save(path, method=0, quality=50)
    script = (
        "import resource, sys; from pathlib import Path; from plugins.photos import inspect_photo\n"
        "inspect_photo(Path(sys.argv[1]))\n"
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)\n"
    )
    # Started by a small program: the peak of a process begins with that of the one it comes from.
    done = subprocess.run(
        ["/bin/sh", "-c", '"$0" -c "$1" "$2"; true', sys.executable, script, str(path)],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert int(done.stdout) <= 256 * 1024


def test_a_webp_that_only_a_jpeg_may_be_as_large_as_is_told_so(save: Save, pattern: Make) -> None:
    side = 3600
    assert MAX_WEBP_PIXELS < side * side < MAX_PIXELS
    flat = Image.new("RGB", (side, side))
    refused = refusal(save(flat, "photo.webp", lossless=True, method=0))
    assert refused.code == "photo-too-many-pixels"
    assert "WebP 照片 1260 万像素的上限（JPEG 和 PNG 可以到 2500 万）" in refused.message
    assert "JPEG" in refused.fix
    assert isinstance(judge(save(flat, "photo.jpg")), PhotoFacts)


@pytest.mark.parametrize("name", ["missing.jpg", "photo.jpg/inside.jpg", "nul\0.jpg"])
def test_a_name_without_a_file_is_refused(
    save: Save, pattern: Make, tmp_path: Path, name: str
) -> None:
    save(pattern(20, 20), "photo.jpg")
    refused = refusal(tmp_path / name)
    assert refused.code == "photo-not-a-file"
    assert "找不到" in refused.message


def test_an_empty_file_is_refused(write: Write) -> None:
    refused = refusal(write("photo.jpg", b""))
    assert refused.code == "photo-unreadable"
    assert "空" in refused.message


# What is refused: not whole


@pytest.mark.parametrize("share", [0.3, 0.6, 0.9, 0.999])
@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("photo.jpg", {}),
        ("photo.jpg", {"progressive": True}),
        ("photo.png", {}),
        ("photo.webp", {}),
        ("photo.webp", {"lossless": True}),
    ],
)
def test_a_photo_that_was_cut_off_is_refused_as_such(
    save: Save, pattern: Make, name: str, options: dict[str, bool], share: float
) -> None:
    path = save(pattern(400, 300), name, **options)
    data = path.read_bytes()
    path.write_bytes(data[: int(len(data) * share)])
    assert refusal(path).code == "photo-truncated"


@pytest.mark.parametrize(("name", "format_"), FORMATS)
def test_every_place_to_cut_a_photo_off_is_noticed(
    save: Save, pattern: Make, name: str, format_: str
) -> None:
    path = save(pattern(24, 16), name)
    data = path.read_bytes()
    for length in range(1, len(data)):
        path.write_bytes(data[:length])
        assert refusal(path).code in (
            {"photo-truncated"} if length >= 16 else {"photo-truncated", "photo-not-allowed-format"}
        ), length


@pytest.mark.parametrize("missing", [1, 100, 5000])
def test_a_photo_whose_end_was_never_downloaded_and_is_zeros_is_refused(
    save: Save, pattern: Make, missing: int
) -> None:
    for name, _ in FORMATS[:2]:
        path = save(pattern(400, 300), name)
        data = path.read_bytes()
        path.write_bytes(data[:-missing] + b"\0" * missing)
        assert refusal(path).code in {"photo-truncated", "photo-unreadable"}


def test_a_png_whose_compressed_data_stops_inside_an_intact_chunk_is_refused(
    write: Write, png_of: BuildPng
) -> None:
    rows = b"".join(b"\0" + os.urandom(100) for _ in range(100))
    data = png_of(100, 100, rows, cut=5000)
    assert refusal(write("photo.png", data)).code == "photo-truncated"


def test_a_png_with_a_flipped_bit_is_refused(save: Save, pattern: Make) -> None:
    path = save(pattern(200, 100), "photo.png")
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)
    assert refusal(path).code == "photo-unreadable"


def test_a_webp_whose_canvas_contradicts_its_picture_is_refused(save: Save, pattern: Make) -> None:
    path = save(pattern(60, 40), "photo.webp", exif=b"Exif\0\0II*\0")
    data = bytearray(path.read_bytes())
    assert data[12:16] == b"VP8X"
    data[24] += 1
    path.write_bytes(data)
    assert refusal(path).code == "photo-unreadable"


# The words


def test_a_refusal_carries_a_known_code_and_plain_chinese(tmp_path: Path) -> None:
    refused = refusal(tmp_path / "missing.jpg")
    assert refused.code in CODES
    assert re.search("[一-鿿]", refused.message)
    assert re.search("[一-鿿]", refused.fix)
    assert str(refused) == f"{refused.code}: {refused.message}{refused.fix}"


@pytest.fixture(scope="module")
def seeds() -> list[tuple[str, bytes]]:
    image = Image.radial_gradient("L").resize((40, 30))
    colour = Image.merge("RGB", (image, image.rotate(90), image.rotate(180)))
    exif = Image.Exif()
    exif[0x0112] = 6
    return [
        ("a.jpg", encode(colour, "JPEG", exif=exif, comment=b"hello")),
        ("b.jpg", encode(colour.convert("CMYK"), "JPEG", progressive=True)),
        ("c.png", encode(colour, "PNG", exif=exif)),
        ("d.png", encode(colour.quantize(16), "PNG", transparency=3)),
        ("e.webp", encode(colour, "WEBP", exif=exif.tobytes())),
        ("f.webp", encode(colour.convert("RGBA"), "WEBP", lossless=True)),
    ]


@settings(
    max_examples=300,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(data=st.data())
def test_hostile_bytes_are_either_a_photo_or_refused_with_a_code(
    data: st.DataObject, seeds: list[tuple[str, bytes]], tmp_path: Path
) -> None:
    name, good = data.draw(st.sampled_from(seeds))
    changed = bytearray(good)
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, len(changed) - 1))
        length = data.draw(st.integers(0, 4))
        changed[place : place + length] = data.draw(st.binary(max_size=8))
    path = tmp_path / name
    path.write_bytes(changed)
    outcome = judge(path)
    if isinstance(outcome, PhotoFacts):
        # What was taken can also be published: nothing bad comes to light only then.
        assert derive(path, outcome, tmp_path / "cache").files
    else:
        assert outcome.code in CODES
