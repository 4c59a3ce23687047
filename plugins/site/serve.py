"""`serve`: look at the site on this machine; a save shows at once, the rest follows.

A process of its own builds the site. What was saved since is shown from memory (`live.py`); when
nobody has saved for a while, the site is built again, and nobody has to wait for that.
"""

from __future__ import annotations

import argparse
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Collection, Sequence
from functools import partial
from http import HTTPStatus
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.parse import unquote, urlsplit

from rich.console import Console

from plugins.addresses import file_of
from plugins.clock import today
from plugins.site.build import PROJECT, BuildFailed

if TYPE_CHECKING:
    from plugins.site.live import LivePages

_QUIET_S: Final = 2.0
"""After so long without a save, the site is built again."""
_STEP_MS: Final = 10
"""A save is taken to be finished when nothing more is written for so long."""
_TICK_MS: Final = 250
"""How often it is looked whether to build, and whether a build has ended."""


class SiteHandler(SimpleHTTPRequestHandler):
    """Serves the output as the real server does: 404.html for what is not there, no caching."""

    def end_headers(self) -> None:
        self.send_header("Cache-Control", "no-store")
        super().end_headers()

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        page = Path(self.directory) / "404.html"
        if code != HTTPStatus.NOT_FOUND or not page.is_file():
            super().send_error(code, message, explain)
            return
        self._send(code, "text/html; charset=utf-8", page.read_bytes())

    def _send(self, code: int, kind: str, data: bytes) -> None:
        self.send_response(code)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(data)

    def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002
        """Say nothing of requests: the terminal is for what the build says."""


class LiveHandler(SiteHandler):
    """The same, but for what has been saved since the last build."""

    def __init__(self, desk: Desk, *arguments: object, **more: object) -> None:
        self._desk = desk
        super().__init__(*arguments, **more)  # type: ignore[arg-type]

    def do_GET(self) -> None:
        self._answer(super().do_GET)

    def do_HEAD(self) -> None:
        self._answer(super().do_HEAD)

    def _answer(self, from_output: Callable[[], None]) -> None:
        name = file_of(unquote(urlsplit(self.path).path))
        try:
            data = self._desk.file(name)
        except FileNotFoundError:
            self.send_error(HTTPStatus.NOT_FOUND)
        except BuildFailed as failure:
            text = str(failure).encode()
            self._send(HTTPStatus.INTERNAL_SERVER_ERROR, "text/plain; charset=utf-8", text)
        else:
            if data is None:
                from_output()
                return
            kind = self.guess_type(name)
            is_text = kind.startswith("text/")
            self._send(HTTPStatus.OK, f"{kind}; charset=utf-8" if is_text else kind, data)


class Desk:
    """What is shown while somebody writes: the last build, and over it what was saved since.

    `behind` is whether the last build that was started does not know of the latest save.
    """

    def __init__(self, content: Path, output: Path, console: Console) -> None:
        self.content, self.output, self._console = content, output, console
        self.behind = True
        self._building: subprocess.Popen[bytes] | None = None
        self._live: LivePages | None = None
        self._saved_at = 0.0

    def file(self, name: str) -> bytes | None:
        """See `LivePages.file`."""
        return self._live.file(name) if self._live else None

    def save(self, paths: Collection[Path]) -> None:
        """Show what has been saved at these places."""
        started = time.monotonic()
        try:
            if self._live is None:
                self._look_at_build()
                pages = 0
            else:
                pages = self._live.update(paths)
        except BuildFailed as failure:
            self._say(failure)
            self.behind = False
        else:
            spent = time.monotonic() - started
            self._console.print(
                f"看到了改动：{pages} 个页面有新内容（{spent:.2f} 秒）", highlight=False
            )
            self.behind = True
        self._saved_at = time.monotonic()

    def tick(self) -> None:
        """Begin to build after a pause; show what was built."""
        if self._building is not None:
            if self._building.poll() is not None:
                self._finish()
        elif self.behind and time.monotonic() - self._saved_at >= _QUIET_S:
            self._building = self._begin()

    def build(self) -> None:
        """Build the site and wait for it."""
        self._building = self._begin()
        self._building.wait()
        self._finish()

    def _begin(self) -> subprocess.Popen[bytes]:
        self.behind = False
        return subprocess.Popen(self._command)  # noqa: S603 - our own words

    def stop(self) -> None:
        if self._building is not None:
            self._building.terminate()
            self._building.wait()

    @property
    def _command(self) -> list[str]:
        places = ["--content", str(self.content), "--output", str(self.output)]
        return [sys.executable, "-m", "plugins.site.build", "--preview", *places]

    def _finish(self) -> None:
        built = self._building is not None and self._building.returncode == 0
        self._building = None
        if built:
            try:
                self._look_at_build()
            except BuildFailed as failure:
                self._say(failure)

    def _look_at_build(self) -> None:
        """Begin anew with what the last build left. Raises BuildFailed."""
        from plugins.site.live import LivePages

        live, self._live = self._live, LivePages(self.content, self.output, today())
        if live is not None:
            live.close()

    def _say(self, failure: BuildFailed) -> None:
        self._console.print(str(failure), style="red", markup=False, highlight=False)


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m plugins.site.serve", description=__doc__)
    parser.add_argument("--content", type=Path, default=PROJECT / "content")
    parser.add_argument("--output", type=Path, default=PROJECT / "output")
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--school", default="", help="only this school's page")
    options = parser.parse_args(arguments)
    if options.school:
        from plugins.site.preview import serve_school

        themes, cache = PROJECT / "themes/jixiao", PROJECT / ".cache"
        return serve_school(options.content, themes, cache, options.school, today(), options.port)
    from watchfiles import watch

    console = Console(stderr=True)
    desk = Desk(options.content.absolute(), options.output.absolute(), console)
    # Whoever ends this ends the build as well.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    try:
        desk.build()
        if not options.output.is_dir():
            return 1
        handler = partial(LiveHandler, desk, directory=str(options.output))
        try:
            server = ThreadingHTTPServer(("127.0.0.1", options.port), handler)
        except OSError as failure:
            why = f"端口 {options.port} 不能用（{failure.strerror}），换一个：--port"
            print(why, file=sys.stderr)
            return 1
        threading.Thread(target=server.serve_forever, daemon=True).start()
        console.print(f"打开 http://127.0.0.1:{options.port}/ ，按 Ctrl+C 结束。", highlight=False)
        for changes in watch(
            options.content,
            PROJECT / "themes",
            step=_STEP_MS,
            rust_timeout=_TICK_MS,
            yield_on_timeout=True,
            raise_interrupt=False,
        ):
            if changes:
                desk.save([Path(path) for _, path in changes])
            desk.tick()
        server.shutdown()
    finally:
        desk.stop()
    return 0


if __name__ == "__main__":
    sys.exit(main())
