"""Where `verify` reads a site from: a folder on the disk, or a server."""

from __future__ import annotations

import gzip
import http.client
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol
from urllib.parse import quote, urlsplit

from plugins.addresses import file_of

TIMEOUT_SECONDS = 30


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer. Names of headers are in lower case; a folder gives none. `status` 0: none."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class Source(Protocol):
    """`get` takes a path that begins with a slash, decoded, without query and fragment."""

    served: bool

    def get(self, path: str) -> Answer: ...


class Folder:
    """A built site, answered as the web server would: the file, or 404.html."""

    served = False

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def get(self, path: str) -> Answer:
        file = self.folder / file_of(path)
        if ".." not in path.split("/") and file.is_file():
            return Answer(200, {}, file.read_bytes())
        missing = self.folder / "404.html"
        return Answer(404, {}, missing.read_bytes() if missing.is_file() else b"")


class Server:
    """A site that is served; each thread keeps a connection open. Certificates are checked."""

    served = True

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError(f"不是网址：{url}")
        self._secure = parts.scheme == "https"
        self._host, self._port = parts.hostname, parts.port
        self._base = parts.path.rstrip("/")
        self._local = threading.local()
        self._opened: list[http.client.HTTPConnection] = []

    def close(self) -> None:
        """Close the connections of all threads; none may be asking any more."""
        for connection in self._opened:
            connection.close()

    def get(self, path: str) -> Answer:
        for last in (False, True):
            connection = self._connection()
            try:
                target = quote(self._base + path, safe="/%:@!$&'()*+,;=~-._")
                connection.request("GET", target, headers={"Accept-Encoding": "gzip"})
                answer = connection.getresponse()
                body = answer.read()
                headers = {name.lower(): value for name, value in answer.getheaders()}
                if headers.get("content-encoding") == "gzip":
                    body = gzip.decompress(body)
                return Answer(answer.status, headers, body)
            except (OSError, http.client.HTTPException, EOFError):
                connection.close()
                self._local.connection = None
                if last:
                    return Answer(0, {}, b"")
        raise AssertionError("unreachable")

    def _connection(self) -> http.client.HTTPConnection:
        known: http.client.HTTPConnection | None = getattr(self._local, "connection", None)
        if known is None:
            kind = http.client.HTTPSConnection if self._secure else http.client.HTTPConnection
            known = kind(self._host, self._port, timeout=TIMEOUT_SECONDS)
            self._local.connection = known
            self._opened.append(known)
        return known
