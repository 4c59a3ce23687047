"""`python -m bench.latency`: from saving a profile to the page that shows it, beside `hugo server`.

Both servers watch a copy of the same synthetic tree. A line is added to one profile after another;
the page is asked for again and again until it has the line.
"""

from __future__ import annotations

import argparse
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from statistics import median

from bench.build import PROJECT
from bench.measure import AS_USERS_RUN
from bench.peers.hugo import Hugo
from bench.peers.ours import Ours
from bench.peers.peer import Peer, append_line
from bench.tree import write_tree

_ASK_AGAIN_S = 0.02


def latencies(
    peer: Peer, command: Sequence[str], port: int, turns: int, patience_s: float
) -> float:
    """The median seconds from the save to the page. Raises TimeoutError."""
    server = subprocess.Popen(
        command,
        cwd=peer.folder,
        env={**AS_USERS_RUN, **peer.env},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        origin = f"http://127.0.0.1:{port}"
        wait_for(f"{origin}/", "</html>", patience_s)
        found = []
        for turn in range(1, turns + 1):
            profile = peer.profile(turn)
            line = f"演示数据：第 {turn} 次保存。"
            saved = time.monotonic()
            append_line(profile, line)
            wait_for(f"{origin}/schools/{profile.parent.name}/", line, patience_s)
            found.append(time.monotonic() - saved)
        return median(found)
    finally:
        server.terminate()
        server.wait()


def wait_for(address: str, text: str, patience_s: float) -> None:
    """Ask for the page until it holds the text. Raises TimeoutError."""
    end = time.monotonic() + patience_s
    while time.monotonic() < end:
        with suppress(OSError), urllib.request.urlopen(address) as page:  # noqa: S310
            if text.encode() in page.read():
                return
        time.sleep(_ASK_AGAIN_S)
    raise TimeoutError(f"{address}: {text!r} did not appear within {patience_s:g} s")


def command_of(peer: Peer, port: int) -> list[str]:
    """The server of each: everything loaded, watching."""
    if isinstance(peer, Hugo):
        return [peer.command[0], "server", "--port", str(port), "--bind", "127.0.0.1"]
    serve = [sys.executable, "-m", "plugins.site.serve", "--port", str(port)]
    return [*serve, "--content", str(peer.folder / "content"), "--output", str(peer.output)]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.latency", description=__doc__)
    parser.add_argument("--schools", type=int, default=3000)
    parser.add_argument("--seed", default="1")
    parser.add_argument("--turns", type=int, default=5)
    parser.add_argument("--patience", type=float, default=600, help="seconds to wait for a page")
    options = parser.parse_args(arguments)
    work = Path(tempfile.mkdtemp(prefix="bench-latency-"))
    try:
        write_tree(options.schools, options.seed, work / "tree", PROJECT / "content")
        print(f"{options.schools} 所学校，保存到看见，{options.turns} 次的中位数：")
        for kind in (Hugo, Ours):
            (work / kind.name).mkdir()
            peer = kind(work / kind.name)
            peer.prepare(work / "tree")
            port = free_port()
            command = command_of(peer, port)
            seconds = latencies(peer, command, port, options.turns, options.patience)
            print(f"  {peer.name}：{seconds:.2f} 秒", flush=True)
    except TimeoutError as failure:
        print(failure, file=sys.stderr)
        return 1
    finally:
        shutil.rmtree(work, ignore_errors=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
