"""`python -m bench.compression FOLDER`: what each level of gzip and Brotli gives, by kind of file.

`FOLDER` is a built site. For each kind, at most 150 files spread over it; bytes in all, and
milliseconds of CPU a file. The report says which level we use; see plugins/site/compressed.py.
"""

from __future__ import annotations

import argparse
import sys
import time
import zlib
from collections.abc import Callable, Sequence
from pathlib import Path

import brotli

from plugins.site.compressed import ENDINGS, TEXT, compressed

MOST_FILES = 150


def _gzip(level: int) -> Callable[[bytes], bytes]:
    def pack(data: bytes) -> bytes:
        packer = zlib.compressobj(level, zlib.DEFLATED, 31)
        return packer.compress(data) + packer.flush()

    return pack


def _brotli(quality: int, window: int) -> Callable[[bytes], bytes]:
    def pack(data: bytes) -> bytes:
        packed: bytes = brotli.compress(data, quality=quality, lgwin=window)
        return packed

    return pack


WAYS = {
    "gzip 6": _gzip(6),
    "gzip 9": _gzip(9),
    "Brotli 5": _brotli(5, 22),
    "Brotli 8，窗口 64 KB": _brotli(8, 16),
    "Brotli 9，窗口 64 KB": _brotli(9, 16),
    "Brotli 9": _brotli(9, 22),
    "Brotli 11": _brotli(11, 22),
}


def sample(folder: Path, ending: str) -> list[tuple[str, bytes]]:
    """Names and contents of at most MOST_FILES files of a kind, spread over the folder."""
    files = sorted(folder.rglob(f"*{ending}"))
    step = max(1, -(-len(files) // MOST_FILES))
    return [(file.relative_to(folder).as_posix(), file.read_bytes()) for file in files[::step]]


def cost(files: Sequence[tuple[str, bytes]], pack: Callable[[bytes], bytes]) -> tuple[int, float]:
    """Bytes of all files packed, and milliseconds of CPU a file."""
    started = time.thread_time()
    total = sum(len(pack(data)) for _, data in files)
    return total, (time.thread_time() - started) * 1000 / len(files)


def as_markdown(folder: Path) -> str:
    lines = [
        "| 种类（个数，平均字节） | " + " | ".join(WAYS) + " | 现在：gzip | 现在：Brotli |",
        "|---|" + "---|" * (len(WAYS) + 2),
    ]
    for ending in sorted(TEXT):
        files = sample(folder, ending)
        if not files:
            continue
        mean = sum(len(data) for _, data in files) // len(files)
        cells = ["{:,} / {:.2f}".format(*cost(files, pack)) for pack in WAYS.values()]
        for way in reversed(ENDINGS):
            kept = sum(len(compressed(name, data, way) or data) for name, data in files)
            cells.append(f"{kept:,}")
        lines.append(f"| `{ending}`（{len(files)}，{mean:,}） | " + " | ".join(cells) + " |")
    return "\n".join([*lines, "", "每格：全部字节 / 毫秒一个。"]) + "\n"


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.compression", description=__doc__)
    parser.add_argument("folder", type=Path, help="a built site")
    options = parser.parse_args(arguments)
    if not any(options.folder.rglob("*.html")):
        print(f"{options.folder} 里没有生成好的站点", file=sys.stderr)
        return 1
    print(as_markdown(options.folder))
    return 0


if __name__ == "__main__":
    sys.exit(main())
