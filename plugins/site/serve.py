"""`serve`: look at the built site on this machine; rebuild when content or theme change."""

from __future__ import annotations

import argparse
import sys
import threading
from collections.abc import Sequence
from functools import partial
from http import HTTPStatus
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Final

from rich.console import Console

from plugins.clock import today
from plugins.site.build import PROJECT, BuildFailed, build, describe

_QUIET_MS: Final = 2000
"""After so long without a save, what a page does not wait for is made as well."""


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
        data = page.read_bytes()
        self.send_response(code)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(data)

    def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002
        """Say nothing of requests: the terminal is for what the build says."""


def rebuild(content: Path, output: Path, console: Console) -> None:
    """Build all and say what happened; a failure leaves the last good site on show."""
    # Other threads answer requests meanwhile, so no process is forked from here.
    alone = 1 if threading.active_count() > 1 else 0
    try:
        built = build(content, output, today(), console, preview=True, processes=alone)
    except BuildFailed as failure:
        console.print(str(failure), style="red", markup=False, highlight=False)
    else:
        console.print(describe(built, output), markup=False, highlight=False)


def rebuild_pages(content: Path, output: Path, console: Console) -> bool:
    """Build the pages of what has changed and say so; False if that failed.

    The search index, the downloads and the packs are left as they are, for `rebuild` to follow.
    """
    try:
        built = build(content, output, today(), console, preview=True, processes=1, quick=True)
    except BuildFailed as failure:
        console.print(str(failure), style="red", markup=False, highlight=False)
        return False
    console.print(f"已更新 {built.made} 个页面（{built.seconds:.1f} 秒）", highlight=False)
    return True


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
    rebuild(options.content, options.output, console)
    if not options.output.is_dir():
        return 1
    handler = partial(SiteHandler, directory=str(options.output))
    try:
        server = ThreadingHTTPServer(("127.0.0.1", options.port), handler)
    except OSError as failure:
        print(f"端口 {options.port} 不能用（{failure.strerror}），换一个：--port", file=sys.stderr)
        return 1
    threading.Thread(target=server.serve_forever, daemon=True).start()
    console.print(f"打开 http://127.0.0.1:{options.port}/ ，按 Ctrl+C 结束。", highlight=False)
    try:
        behind = False
        for changes in watch(
            options.content,
            PROJECT / "themes",
            rust_timeout=_QUIET_MS,
            yield_on_timeout=True,
            raise_interrupt=False,
        ):
            if changes:
                behind = rebuild_pages(options.content, options.output, console)
            elif behind:
                rebuild(options.content, options.output, console)
                behind = False
    finally:
        server.shutdown()
    return 0


if __name__ == "__main__":
    sys.exit(main())
