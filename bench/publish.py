"""`python -m bench.publish --schools N`: what a publish of so many invented schools costs.

Publishes a tree of `bench.tree` to an empty folder, again after one profile has changed, goes back
once and verifies the site; each in a process of its own. Prints a Markdown table: seconds of work
(CPU, all processes) and of waiting, memory of the largest process, growth of the folder.
"""

from __future__ import annotations

import argparse
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from bench.tree import PROJECT


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.publish", description=__doc__)
    parser.add_argument("--schools", type=int, default=3000)
    parser.add_argument("--seed", default="1")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        content, target = Path(folder) / "content", Path(folder) / "www"
        words = ["--schools", str(options.schools), "--seed", options.seed, "--to", str(content)]
        _run("bench.tree", *words)
        print(
            f"| {options.schools} 所 | CPU 秒 | 经过秒 | 内存 MB | 磁盘 MB |\n|---|---|---|---|---|"
        )
        to = ("--to", str(target), "--content", str(content))
        _row("第一次发布", target, "publish", *to)
        profile = min((content / "schools").glob("*/*/profile.md"))
        profile.write_text(profile.read_text("utf-8") + "\n演示：改了一句。\n", "utf-8")
        _row("改一份资料再发布", target, "publish", *to)
        _row("退回上一次", target, "rollback", "--to", str(target))
        _row("核对整站", target, "verify", str(target / "current"), "--sample")
    return 0


def _row(title: str, target: Path, *words: str) -> None:
    before, size = os.times(), _size(target)
    started = time.monotonic()
    peak = _run("plugins.publish", *words)
    passed, after = time.monotonic() - started, os.times()
    work = (after.children_user - before.children_user) + (
        after.children_system - before.children_system
    )
    grown = (_size(target) - size) / 1_000_000
    print(f"| {title} | {work:.1f} | {passed:.1f} | {peak:.0f} | {grown:+.0f} |", flush=True)


def _run(module: str, *words: str) -> float:
    """Run a module; the memory of its largest process in megabytes."""
    environment = {**os.environ, "SITE_URL": "https://zhaosheng.example"}
    with subprocess.Popen(
        [sys.executable, "-m", module, *words], cwd=PROJECT, env=environment,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    ) as process:  # fmt: skip
        said = process.communicate()[0]
        if process.returncode:
            raise SystemExit(said[-3000:])
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1000


def _size(folder: Path) -> int:
    """Bytes on the disk below a folder, files with several names once."""
    found = {}
    for place, _, names in os.walk(folder):
        for name in names:
            facts = os.lstat(os.path.join(place, name))
            found[facts.st_ino] = facts.st_blocks * 512
    return sum(found.values())


if __name__ == "__main__":
    sys.exit(main())
