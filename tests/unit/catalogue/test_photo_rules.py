"""Photos that were drawn to be bad: what the check says of each, word for word."""

from __future__ import annotations

import datetime as dt
import random
from pathlib import Path

import pytest
from PIL import Image, ImageDraw, ImageFilter

from plugins.catalogue import load
from plugins.catalogue.photo_rules import NEAR, check_same_photos
from plugins.photos import PhotoFacts
from plugins.photos.look import PhotoLook

TODAY = dt.date(2026, 6, 1)
FOLDER = "schools/zhejiang/yanshi-jishi-xueyuan"
OTHER = "schools/zhejiang/yanshi-dier-jigong-xuexiao"


def scene(seed: int, size: tuple[int, int] = (1800, 1200)) -> Image.Image:
    """Boxes of every grey and size: detail as in a photo, and nothing like writing."""
    chance = random.Random(seed)  # noqa: S311 - a drawing, no secret
    picture = Image.new("RGB", size, "#8899aa")
    draw = ImageDraw.Draw(picture)
    for _ in range(140):
        x, y = chance.randrange(size[0]), chance.randrange(size[1])
        colour = tuple(chance.randrange(256) for _ in range(3))
        draw.rectangle((x, y, x + chance.randrange(40, 300), y + chance.randrange(40, 300)), colour)
    return picture


def poster() -> Image.Image:
    """Strokes as dense as those of printed Chinese, in lines."""
    chance = random.Random(4)  # noqa: S311 - a drawing, no secret
    picture = Image.new("RGB", (1600, 1200), "white")
    draw = ImageDraw.Draw(picture)
    for top in range(60, 1140, 60):
        for left in range(60, 1500, 44):
            for _ in range(4):
                x, y = left + chance.randrange(0, 34), top + chance.randrange(0, 34)
                draw.rectangle((x, top, x + 4, top + 38), "black")
                draw.rectangle((left, y, left + 38, y + 4), "black")
    return picture


def put(content: Path, name: str, picture: Image.Image, folder: str = FOLDER) -> None:
    (content / folder).mkdir(exist_ok=True)
    picture.save(content / folder / name, quality=90)
    profile = content / folder / "profile.md"
    if not profile.exists():
        profile.write_text("---\nsummary: 演示\nconfirmed_on: 2026-03-02\nphotos:\n---\n")
    item = f"photos:\n  - file: {name}\n    alt: 演示画面，画着方块\n"
    profile.write_text(profile.read_text().replace("photos:\n", item, 1))


def told(content: Path) -> list[str]:
    return [
        f"{p.path.rpartition('/')[2]} {p.severity} {p.code} | {p.message} | {p.fix}"
        for p in load(content, TODAY)[1]
    ]


def test_an_ordinary_photo_is_left_alone(small: Path) -> None:
    put(small, "hall.jpg", scene(1))
    put(small, "yard.jpg", scene(2))
    assert told(small) == []


@pytest.mark.parametrize(
    ("picture", "words"),
    [
        (
            scene(1).resize((360, 240)),
            "x.jpg error photo-too-small | 照片只有 360×240 像素，长边不到 480 | "
            "换成原来的照片，不用聊天软件里的缩略图；长边最好在 1600 像素以上",
        ),
        (
            scene(1).resize((720, 480)),
            "x.jpg warning photo-small | 照片只有 720×480 像素，大屏幕上会不清楚 | "
            "有原来的照片就换上；长边最好在 1600 像素以上",
        ),
        (
            scene(1).filter(ImageFilter.GaussianBlur(22)),
            "x.jpg warning photo-blurred | 照片看起来是模糊的 | "
            "打开看一看：没有对准焦、手抖了的，重拍一张；确实清楚的不用改",
        ),
        (
            scene(1).resize((90, 60)).resize((1800, 1200), Image.Resampling.BICUBIC),
            "x.jpg warning photo-blurred | 照片看起来是模糊的 | "
            "打开看一看：没有对准焦、手抖了的，重拍一张；确实清楚的不用改",
        ),
    ],
)
def test_a_bad_photo_is_told_in_these_words(small: Path, picture: Image.Image, words: str) -> None:
    put(small, "x.jpg", picture)
    assert told(small) == [words]


def test_a_poster_is_told_to_become_text(small: Path) -> None:
    put(small, "x.jpg", poster())
    (words,) = told(small)
    assert words.startswith("x.jpg warning photo-mostly-text | 图片里约有 ")
    assert words.endswith(
        "% 是文字，像海报或截图 | "
        "文字写到正文里，手机上才看得清，搜得到，也能读出来；照片里放真实的场景"
    )


def test_the_same_file_twice_in_one_school(small: Path) -> None:
    put(small, "hall.jpg", scene(1))
    put(small, "hall-2.jpg", scene(1))
    assert told(small) == [
        "hall.jpg error photo-twice | 和 hall-2.jpg 是同一张照片 | 只留一张；另一张换成别的场景"
    ]


def test_the_same_picture_saved_again_smaller_is_alike(small: Path) -> None:
    put(small, "a.jpg", scene(1))
    put(small, "b.jpg", scene(1).resize((1500, 1000)))
    assert told(small) == [
        "b.jpg warning photo-alike | 和 a.jpg 几乎一样 | 只留一张；另一张换成别的场景"
    ]


@pytest.mark.parametrize(
    ("size", "words"),
    [
        (
            (1800, 1200),
            f"x.jpg error photo-of-another-school | 和 {OTHER}/x.jpg 是同一张照片 | "
            "换成自己学校拍的照片；两校共用一处校园的，各拍一张",
        ),
        (
            (1500, 1000),
            f"x.jpg warning photo-like-another-schools | 和 {OTHER}/x.jpg 几乎一样 | "
            "换成自己学校拍的照片；两校共用一处校园的，各拍一张",
        ),
    ],
)
def test_a_photo_of_another_school_is_found(small: Path, size: tuple[int, int], words: str) -> None:
    put(small, "x.jpg", scene(1), OTHER)
    put(small, "x.jpg", scene(1).resize(size))
    assert told(small) == [words]


def facts(number: int, fingerprint: int) -> PhotoFacts:
    return PhotoFacts(f"{number:064x}", "jpeg", 1600, 1200, 1, PhotoLook(fingerprint, 900, 0))


def test_five_bits_apart_are_always_found_and_six_never() -> None:
    chance = random.Random(9)  # noqa: S311 - a drawing, no secret
    for _ in range(300):
        one = chance.getrandbits(60) | 0xF << 60
        for apart in (NEAR, NEAR + 1):
            other = one
            for bit in chance.sample(range(60), apart):
                other ^= 1 << bit
            found = list(check_same_photos({"s/a.jpg": facts(1, one), "s/b.jpg": facts(2, other)}))
            assert len(found) == (apart <= NEAR)


def test_plain_pictures_are_not_alike_for_being_plain() -> None:
    assert list(check_same_photos({"s/a.jpg": facts(1, 0), "t/b.jpg": facts(2, 1)})) == []
