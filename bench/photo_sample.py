"""Photos of 12 megapixels with the texture of real ones, generated; no photo of a real place.

A flat or smooth picture would be cheap to decode and to encode. These have what cameras give:
a slow change of light, detail at every scale (1/f), straight edges, repeated windows, and the noise
of a sensor. As JPEG of quality 92 they have 3 to 6 MB, as a phone's photos do.
"""

from __future__ import annotations

from pathlib import Path
from random import Random

from PIL import Image, ImageChops, ImageDraw

SIZE = (4000, 3000)


def write_photos(count: int, seed: int, folder: Path) -> list[Path]:
    """Write `count` photos, the same for the same seed."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for number in range(count):
        path = folder / f"photo-{number:03}.jpg"
        make_photo(Random(f"{seed} {number}")).save(path, quality=92)  # noqa: S311
        paths.append(path)
    return paths


def make_photo(random: Random) -> Image.Image:
    """One picture of SIZE pixels."""
    picture = _clouds(random, SIZE)
    draw = ImageDraw.Draw(picture)
    for _ in range(random.randrange(4, 9)):
        _building(random, draw)
    texture = _fine_texture(random)
    return ImageChops.add(picture, texture, 1, -128)


def _clouds(random: Random, size: tuple[int, int]) -> Image.Image:
    """Random light at every scale: each octave half as large and about half as strong."""
    picture: Image.Image | None = None
    for octave in range(9):
        small = (4 << octave, 3 << octave)
        noise = Image.frombytes("RGB", small, random.randbytes(small[0] * small[1] * 3))
        layer = noise.resize(size, Image.Resampling.BICUBIC)
        # Blending by 1/(1 + n) gives all octaves a share; later ones are damped further.
        picture = layer if picture is None else Image.blend(picture, layer, 0.42 * 0.8**octave)
    assert picture is not None  # noqa: S101 - there are octaves
    return picture


def _building(random: Random, draw: ImageDraw.ImageDraw) -> None:
    width, height = SIZE
    left, top = random.randrange(-200, width - 400), random.randrange(height // 4, height - 400)
    right = left + random.randrange(400, 1500)
    wall = tuple(random.randrange(60, 220) for _ in range(3))
    draw.rectangle([left, top, right, height], fill=wall)
    glass = tuple(max(0, value - 70) for value in wall)
    step = random.randrange(60, 140)
    for x in range(left + step // 2, right - step // 2, step):
        for y in range(top + step // 2, height - step // 2, step):
            draw.rectangle([x, y, x + step // 2, y + step * 2 // 3], fill=glass)


def _fine_texture(random: Random) -> Image.Image:
    """Grain around a middle grey: a sensor's noise and what grass or plaster look like."""
    width, height = SIZE
    grain = Image.frombytes("L", (width // 2, height // 2), random.randbytes(width * height // 4))
    soft = grain.resize(SIZE, Image.Resampling.BICUBIC).point(lambda grey: 112 + grey // 8)
    return Image.merge("RGB", (soft, soft, soft))
