"""A site behind a line that can be slow, lossy or away, with the headers of the real server."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from http.server import ThreadingHTTPServer
from pathlib import Path
from typing import Any

from plugins.publish import headers
from plugins.site.serve import SiteHandler


class Line:
    """What happens to requests. `loses` says for the number of a request and its path whether it
    is dropped, `creeps` how many seconds the body of a path takes; `folder` may be changed to that
    of a newer build; `asked` are paths in order."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.loses: Callable[[int, str], bool] = lambda number, path: False
        self.creeps: Callable[[str], float] = lambda path: 0.0
        self.before_answer: Callable[[str], None] = lambda path: None
        self.asked: list[str] = []
        self.origin = ""
        self._server: ThreadingHTTPServer | None = None
        self._port = 0

    def up(self) -> None:
        handler = partial(_Handler, line=self, directory=str(self.folder))
        self._server = _Server(("127.0.0.1", self._port), handler)
        self._port = self._server.server_port
        self.origin = f"http://127.0.0.1:{self._port}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def down(self) -> None:
        if self._server is not None:
            self._server.shutdown()
            self._server.server_close()
            self._server = None


class _Server(ThreadingHTTPServer):
    allow_reuse_address = True
    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A visitor who goes away is no fault."""


class _Handler(SiteHandler):
    def __init__(self, *arguments: Any, line: Line, **options: Any) -> None:
        self.line = line
        super().__init__(*arguments, **options)

    def translate_path(self, path: str) -> str:
        self.directory = str(self.line.folder)
        return super().translate_path(path)

    def end_headers(self) -> None:
        for name, value in headers.SECURITY_HEADERS.items():
            if name != "Strict-Transport-Security":
                self.send_header(name, value)
        super().end_headers()

    def copyfile(self, source: Any, outputfile: Any) -> None:
        """The body, in twenty pieces that take as long as the line creeps."""
        seconds = self.line.creeps(self.path.partition("?")[0])
        body = source.read()
        step = len(body) // 20 + 1 if seconds else max(1, len(body))
        for start in range(0, len(body), step):
            outputfile.write(body[start : start + step])
            time.sleep(seconds / 20)

    def do_GET(self) -> None:  # noqa: N802 - the name that http.server calls
        path = self.path.partition("?")[0]
        self.line.asked.append(path)
        if self.line.loses(len(self.line.asked), path):
            self.close_connection = True
            self.connection.close()
            return
        self.line.before_answer(path)
        super().do_GET()


@contextmanager
def bad_line(folder: Path) -> Iterator[Line]:
    line = Line(folder)
    line.up()
    yield line
    line.down()
