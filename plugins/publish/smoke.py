"""The last test of a release: serve it on this machine and fetch what visitors fetch first."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import partial
from http.server import ThreadingHTTPServer
from pathlib import Path

from plugins.addresses import file_of
from plugins.publish.manifest import Manifest
from plugins.publish.source import Server
from plugins.publish.verify import ABSENT
from plugins.site.serve import SiteHandler


def smoke_problems(folder: Path, manifest: Manifest) -> list[str]:
    """Fetch the home page, one page of each section, its assets and a missing page; compare."""
    problems = []
    with _served(folder) as url, closing(Server(url)) as server:
        for name in _asked_for(manifest):
            path = "/" + (name.removesuffix("index.html") if name.endswith("index.html") else name)
            answer = server.get(path)
            digest = hashlib.sha256(answer.body).hexdigest()
            if answer.status != 200 or digest != manifest.files[file_of(path)].sha256:
                problems.append(f"{path} 应答 {answer.status}，内容不对或读不到")
        if (status := server.get(ABSENT).status) != 404:
            problems.append(f"不存在的地址应答 {status}，应当是 404")
    return problems


def _asked_for(manifest: Manifest) -> list[str]:
    """The home page and, of each first folder and kind of file, the first."""
    first: dict[tuple[str, str], str] = {}
    for name in sorted(manifest.files):
        kind = name.split("/")[0] if "/" in name else name
        first.setdefault((kind, name.rpartition(".")[2]), name)
    return sorted(first.values())


@contextmanager
def _served(folder: Path) -> Iterator[str]:
    handler = partial(SiteHandler, directory=str(folder))
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
