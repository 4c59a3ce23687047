"""`python -m bench.province_pack`: what a province with photos weighs without a network.

Builds a synthetic tree of one province whose schools all have photos, and tells the size of its
pack, of what a phone saves, and the time of the whole build. The photos are noise with detail of
every size, which weighs 21 KB as a WebP of 480 pixels.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from random import Random

from PIL import Image
from rich.console import Console

from bench.tree import LABEL, write_tree
from plugins.site.build import build

PROJECT = Path(__file__).resolve().parents[1]
DAY = dt.date(2026, 11, 25)
WIDTH, HEIGHT = 1600, 1200


def picture(chance: Random) -> Image.Image:
    """A picture of 1600 × 1200 with detail of every size; the coarse half is drawn small."""
    whole = Image.new("RGB", (WIDTH // 4, HEIGHT // 4), "#7f7f7f")
    weight = 0.5
    for cells in (4, 8, 16, 32, 64, 128, 256, 512, 1024):
        if cells == 512:
            whole = whole.resize((WIDTH, HEIGHT), Image.Resampling.BICUBIC)
        size = (cells, cells * 3 // 4)
        noise = Image.frombytes("RGB", size, chance.randbytes(size[0] * size[1] * 3))
        whole = Image.blend(whole, noise.resize(whole.size, Image.Resampling.BILINEAR), weight)
        weight *= 0.85
    return whole


def one_province(schools: int, photos: int, to: Path) -> str:
    """Write a tree of one province with about `schools` schools, no fewer; gives its slug."""
    write_tree(schools * 16, "1", to, PROJECT / "content", 0)
    counts = {folder.name: len(list(folder.iterdir())) for folder in (to / "schools").iterdir()}
    slug = min((name for name in counts if counts[name] >= schools), key=lambda n: (counts[n], n))
    for room in ("schools", "registry"):
        for folder in sorted((to / room).iterdir()):
            if folder.name != slug:
                shutil.rmtree(folder)
    for number, folder in enumerate(sorted((to / "schools" / slug).iterdir())):
        lines = "photos:\n"
        for photo in range(photos):
            chance = Random(f"{number}/{photo}")  # noqa: S311 - a synthetic tree has no secrets
            picture(chance).save(folder / f"photo-{photo}.jpg", quality=85)
            lines += f"  - file: photo-{photo}.jpg\n    alt: {LABEL}：程序生成的图案 {photo + 1}\n"
        profile = folder / "profile.md"
        text = profile.read_text("utf-8")
        profile.write_text(text.replace("sources:\n", f"{lines}sources:\n", 1), "utf-8")
    return slug


def cpu_seconds() -> float:
    """What this process and its finished children, which make the photos, have used."""
    spent = os.times()
    return spent.user + spent.system + spent.children_user + spent.children_system


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.province_pack", description=__doc__)
    parser.add_argument("--schools", type=int, default=150)
    parser.add_argument("--photos", type=int, default=4)
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        content, output = Path(folder) / "content", Path(folder) / "output"
        slug = one_province(options.schools, options.photos, content)
        schools = len(list((content / "schools" / slug).iterdir()))
        before, since = cpu_seconds(), time.monotonic()
        build(content, output, DAY, Console(quiet=True))
        took, waited = cpu_seconds() - before, time.monotonic() - since
        sizes = json.loads((output / "offline/sizes.json").read_bytes())[slug]
        listed = json.loads((output / f"offline/{slug}.json").read_bytes())
        small = [size for address, size, _ in listed["files"] if address.startswith("/photos/")]
        print(
            f"{schools} 所学校，每所 {options.photos} 张照片（{slug}），"
            f"生成 {took:.0f} 秒 CPU，等了 {waited:.0f} 秒"
        )
        print(f"离线包 {sizes['pack'] / 1e6:.1f} MB，存在手机里 {sizes['saved'] / 1e6:.1f} MB")
        mean = sum(small) / max(1, len(small)) / 1e3
        print(f"手机里 {len(listed['files'])} 个文件，小照片平均 {mean:.0f} KB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
