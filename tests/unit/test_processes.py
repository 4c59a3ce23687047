"""Work that is spread over processes."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]

PARENT = """
import os, time
from plugins.processes import spread

def work(number):
    os.write(1, b"%d\\n" % os.getpid())  # a line at once, so that two lines never mix
    time.sleep(60)

list(spread(work, range(4), 2))
"""


def test_no_child_outlives_a_killed_parent() -> None:
    words = [sys.executable, "-c", PARENT]
    with subprocess.Popen(words, cwd=PROJECT, stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        workers = {int(parent.stdout.readline()) for _ in range(2)}
        (child,) = workers - {parent.pid}
        parent.send_signal(signal.SIGKILL)
        parent.wait()
        end = time.monotonic() + 20
        while Path(f"/proc/{child}").exists() and time.monotonic() < end:
            time.sleep(0.02)
        gone = not Path(f"/proc/{child}").exists()
        if not gone:
            os.kill(child, signal.SIGKILL)
        assert gone


def test_a_child_whose_parent_is_gone_before_it_can_ask_ends_at_once() -> None:
    code = "import os; from plugins.processes import _die_with; _die_with(os.getpid())"
    assert subprocess.run([sys.executable, "-c", code], cwd=PROJECT, check=False).returncode == 1
