"""A build or an upload that is killed at any moment leaves a whole site, and the next carries on.

`KILLS` in the environment asks for more than the few kills of an ordinary run: a quarter of them
hit builds, half of them uploads. `test_publish_killed.py` kills switches and rollbacks.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

from plugins.publish.bucket import Bucket, upload
from tests.site.conftest import ACCESS
from tests.site.test_publish_bucket import dead_links, names, site_of

PROJECT = Path(__file__).resolve().parents[2]
KILLS = int(os.environ.get("KILLS", "6"))
PROFILE = "schools/zhejiang/yanshi-jishi-xueyuan/profile.md"

BUILDER = """
import datetime as dt, itertools, sys
from pathlib import Path
from rich.console import Console
from plugins.site.build import build
contents, output = sys.argv[1:3], Path(sys.argv[3])
print("ready", flush=True)
for number in itertools.count():
    build(Path(contents[number % 2]), output, dt.date(2026, 6, 1), Console(quiet=True))
    if sys.argv[4] == "once":
        break
"""

UPLOADER = """
import datetime as dt, itertools, os, sys, boto3
from pathlib import Path
from plugins.publish.bucket import Bucket, upload
from tests.site.test_publish_bucket import site_of
bucket = Bucket(boto3.client("s3"), sys.argv[3], "site/")
folder, turn = Path(sys.argv[1]), int(sys.argv[2])
now = dt.datetime(2026, 6, 1, tzinfo=dt.UTC) + dt.timedelta(hours=3) * turn
print("ready", flush=True)
for number in itertools.count(turn * 100):
    upload(bucket, *site_of(folder / str(number), number), now)
"""


def killed(program: str, words: list[str], seconds: float, environment: dict[str, str]) -> None:
    """Run `program` and kill it so many seconds after it is ready."""
    command = [sys.executable, "-c", program, *words]
    with subprocess.Popen(
        command, cwd=PROJECT, stdout=subprocess.PIPE, env={**os.environ, **environment}
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"ready\n"
        time.sleep(seconds)
        process.send_signal(signal.SIGKILL)
        assert process.wait() == -signal.SIGKILL, "it stopped by itself"


def digest(folder: Path) -> str:
    found = hashlib.sha256()
    for file in sorted(folder.rglob("*")):
        if file.is_file():
            found.update(f"{file.relative_to(folder)}\0".encode() + file.read_bytes())
    return found.hexdigest()


def test_the_output_is_whole_after_every_kill_of_a_build(small: Path, tmp_path: Path) -> None:
    moments = random.Random(20260601)  # noqa: S311 - not for secrets
    other = tmp_path / "other"
    subprocess.run(["cp", "-r", str(small), str(other)], check=True)
    with (other / PROFILE).open("a", encoding="utf-8") as stream:
        stream.write("\n演示：另一种内容。\n")
    output, whole = tmp_path / "place/output", set()
    for order in ((small, other), (other, small)):
        words = [*map(str, order), str(output), "once"]
        started = time.monotonic()
        subprocess.run([sys.executable, "-c", BUILDER, *words], cwd=PROJECT, check=True)
        longest = time.monotonic() - started
        whole.add(digest(output))
    assert len(whole) == 2
    seen = set()
    for turn in range(max(2, KILLS // 4)):
        order = (small, other) if turn % 2 else (other, small)
        killed(BUILDER, [*map(str, order), str(output), ""], moments.uniform(0, longest), {})
        seen.add(digest(output))
        assert seen <= whole
    words = [str(small), str(other), str(output), "once"]
    subprocess.run([sys.executable, "-c", BUILDER, *words], cwd=PROJECT, check=True)
    left = [name for name in os.listdir(output.parent) if "staging" in name or "tmp" in name]
    assert left == []
    assert digest(output) in whole


def test_the_bucket_is_whole_after_every_kill_of_an_upload(
    tmp_path: Path, origin: str, bucket: Bucket
) -> None:
    moments = random.Random(20260602)  # noqa: S311 - not for secrets
    environment = {**ACCESS, "AWS_ENDPOINT_URL": origin}
    started = time.monotonic()
    upload(bucket, *site_of(tmp_path / "first", 0), dt.datetime(2026, 6, 1, tzinfo=dt.UTC))
    longest = 3 * (time.monotonic() - started)
    pages = set()
    for turn in range(1, max(4, 1 + KILLS // 2)):
        words = [str(tmp_path / "sites"), str(turn), bucket.name]
        killed(UPLOADER, words, moments.uniform(0, longest), environment)
        assert dead_links(bucket) == [], f"kill {turn}"
        pages |= {name for name in names(bucket) if name.startswith("page-")}
    assert len(pages) > 1, "the kills came too early to show anything"
