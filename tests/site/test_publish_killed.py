"""A publisher that is killed at any moment leaves a whole site, and the next one carries on.

`KILLS` in the environment asks for more than the few kills of an ordinary run.
"""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

from plugins.publish.manifest import read_manifest
from plugins.publish.releases import current_id, differences, release_ids

PROJECT = Path(__file__).resolve().parents[2]
KILLS = int(os.environ.get("KILLS", "6"))

PUBLISHER = """
import itertools, shutil, sys, time
from pathlib import Path
from plugins.publish import releases
from plugins.publish.manifest import files_of, make_manifest

target, site, turn = Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3])
print("ready", flush=True)
for number in itertools.count(turn * 1000):
    shutil.rmtree(site, ignore_errors=True)
    (site / f"assets/{number:012x}").mkdir(parents=True)
    (site / f"assets/{number:012x}/site.css").write_text(str(number))
    for page in range(40):
        text = "same" if page % 2 else str(number)
        (site / f"page-{page}.html").write_text(text * 500)
    name = f"20260601T{number // 3600 % 24:02}{number // 60 % 60:02}{number % 60:02}Z-{number:08x}"
    name = f"{20260601 + number // 86400}" + name[8:]
    manifest = make_manifest(files_of(site), release=name, created="", commit="")
    with releases.only_publisher(target):
        releases.add_release(target, site, manifest, keep=3)
        releases.show(target, name)
        releases.remove_old(target, 3)
        if number % 3 == 2:
            left = name
    if number % 3 == 2:
        releases.roll_back(target)
        releases.roll_back(target, left)
"""


def test_the_served_site_is_whole_after_every_kill(tmp_path: Path) -> None:
    moments = random.Random(20260601)  # noqa: S311 - not for secrets
    target, served = tmp_path / "www", set()
    for turn in range(10 * KILLS):
        if turn >= KILLS and len(served) > 1:
            break
        words = [sys.executable, "-c", PUBLISHER, str(target), str(tmp_path / "site"), str(turn)]
        with subprocess.Popen(words, cwd=PROJECT, stdout=subprocess.PIPE) as publisher:
            assert publisher.stdout is not None
            assert publisher.stdout.readline() == b"ready\n"
            # On a busy machine a publisher gets more time, until enough of them came to something.
            time.sleep(moments.uniform(0.0, 0.25) * max(1, turn // KILLS * 4))
            publisher.send_signal(signal.SIGKILL)
            assert publisher.wait() == -signal.SIGKILL, "it stopped by itself"
        if release := current_id(target):
            served.add(release)
            manifest = read_manifest(target / "current")
            faults = differences(target / "current", manifest)
            assert [fault for fault in faults if not fault.startswith("多出文件 assets/")] == []
            assert manifest.release == release
            assert release in release_ids(target)
    assert len(served) > 1, "the kills came too early to show anything"
