"""What running one command costs: CPU seconds, wall seconds, peak memory of all its processes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import IO, Final

_SAMPLE_SECONDS = 0.25


class CommandFailed(Exception):
    """The command ended with another status than 0; `str()` holds the end of its output."""


@dataclass(frozen=True, slots=True)
class Cost:
    """`cpu_s` counts user and system time of the process and its children; `peak_mb` is MB.

    The peak is the larger of the kernel's figure for the largest process and of the proportional
    sets (PSS) of all processes together: a page that several processes share counts once, as it
    does for the machine. Sampled four times a second: more often would slow down what it measures.
    """

    cpu_s: float
    wall_s: float
    peak_mb: float


_LAUNCHER: Final = """
import json, os, sys, time
started = time.monotonic()
child = os.posix_spawnp(sys.argv[2], sys.argv[2:], os.environ)
_, status, usage = os.wait4(child, 0)
spent = usage.ru_utime + usage.ru_stime
told = [os.waitstatus_to_exitcode(status), spent, time.monotonic() - started, usage.ru_maxrss]
os.write(int(sys.argv[1]), json.dumps(told).encode())
"""
"""Starts the command out of a small process: the kernel counts the memory of whoever starts one
among the peak of the one that is started."""


AS_USERS_RUN: Final = {
    name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"
}
"""The environment of what is measured: Python keeps what it has compiled."""


def measure(command: Sequence[str], cwd: Path, env: Mapping[str, str] | None = None) -> Cost:
    """Run `command` to its end. Raises CommandFailed."""
    told, tell = os.pipe()
    process = subprocess.Popen(
        [sys.executable, "-I", "-S", "-c", _LAUNCHER, str(tell), *command],
        cwd=cwd,
        env={**AS_USERS_RUN, **(env or {})},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
        pass_fds=[tell],
    )
    os.close(tell)
    output: list[bytes] = []
    reader = threading.Thread(target=_read_all, args=(process.stdout, output))
    reader.start()
    ended = threading.Event()
    peaks: list[float] = [0.0]
    sampler = threading.Thread(target=_sample, args=(process.pid, ended, peaks))
    sampler.start()
    process.wait()
    ended.set()
    sampler.join()
    reader.join()
    with open(told, "rb") as pipe:
        status, cpu, wall, kilobytes = json.loads(pipe.read() or b"[1, 0, 0, 0]")
    if status:
        shown = b"".join(output).decode(errors="replace")[-2000:]
        raise CommandFailed(f"{' '.join(command)}: status {status}\n{shown}")
    return Cost(cpu_s=cpu, wall_s=wall, peak_mb=max(kilobytes / 1024, *peaks))


def median_cost(costs: Sequence[Cost]) -> Cost:
    """The median of each figure on its own."""
    return Cost(
        round(median(cost.cpu_s for cost in costs), 3),
        round(median(cost.wall_s for cost in costs), 3),
        round(median(cost.peak_mb for cost in costs), 1),
    )


def _read_all(stream: IO[bytes], output: list[bytes]) -> None:
    with stream:
        output.append(stream.read())


def _sample(session: int, ended: threading.Event, peaks: list[float]) -> None:
    while not ended.wait(_SAMPLE_SECONDS):
        peaks.append(_proportional_mb(session))


def _proportional_mb(session: int) -> float:
    """MB that all processes of a session but its leader hold now, shared pages counted once."""
    kilobytes = 0
    for folder in os.scandir("/proc"):
        if folder.name.isdigit():
            try:
                fields = Path(folder.path, "stat").read_text().rpartition(")")[2].split()
                if int(fields[3]) == session and int(folder.name) != session:
                    rollup = Path(folder.path, "smaps_rollup").read_text()
                    kilobytes += int(rollup.partition("\nPss:")[2].split()[0])
            except (OSError, IndexError, ValueError):
                continue  # it has ended meanwhile
    return kilobytes / 1024
