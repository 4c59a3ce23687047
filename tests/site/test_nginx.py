"""`deploy/nginx.conf` in a real nginx on the loopback address: every status, every type."""

from __future__ import annotations

import http.client
import os
import re
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from plugins.publish import headers
from plugins.publish.manifest import files_of, make_manifest
from plugins.publish.releases import add_release, only_publisher, show
from plugins.publish.source import Server
from plugins.publish.verify import verify

CONFIG = Path(__file__).resolve().parents[2] / "deploy/nginx.conf"
pytestmark = pytest.mark.nginx


def adapted(target: Path, port: int) -> str:
    """The example with this machine's places in it, and nothing else changed."""
    text = CONFIG.read_text("utf-8")
    changes = {
        "pid /run/nginx.pid;": f"pid {target}/nginx.pid;",
        "worker_processes auto;": "worker_processes 1;",
        "listen 80;": f"listen 127.0.0.1:{port};",
        "root /srv/jixiao/current;": f"root {target}/www/current;",
        "server_tokens off;": "server_tokens off;\n"
        + "".join(
            f"    {kind}_temp_path {target}/{kind};\n"
            for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
        ),
    }
    for old, new in changes.items():
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    # Workers must see the folders of the tests, which are their user's alone.
    return "user root;\n" * (os.geteuid() == 0) + text


@pytest.fixture(scope="module")
def target(small_site: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("nginx")
    site = folder / "site"
    shutil.copytree(small_site, site)
    manifest = make_manifest(
        files_of(site), release="20260601T000100Z-00000001", created="", commit=""
    )
    with only_publisher(folder / "www"):
        add_release(folder / "www", site, manifest, keep=2)
        show(folder / "www", manifest.release)
    return folder


@contextmanager
def served_by_nginx(target: Path) -> Iterator[int]:
    """The port on which nginx serves `target/www/current`, set up as in `deploy/`."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        number = int(free.getsockname()[1])
    config = target / "nginx.conf"
    config.write_text(adapted(target, number), "utf-8")
    said = target / "nginx.log"  # a pipe that nobody reads would stop nginx when it is full
    command = ["nginx", "-c", str(config), "-e", "stderr", "-g", "daemon off;"]
    with said.open("w") as log, subprocess.Popen(command, stderr=log) as server:
        for _ in range(100):
            try:
                socket.create_connection(("127.0.0.1", number), 1).close()
                break
            except OSError:
                assert server.poll() is None, said.read_text("utf-8")
                time.sleep(0.05)
        yield number
        server.terminate()


@pytest.fixture(scope="module")
def port(target: Path) -> Iterator[int]:
    with served_by_nginx(target) as number:
        yield number


def ask(
    port: int, path: str, method: str = "GET", **fields: str
) -> tuple[int, Mapping[str, str], bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    connection.request(method, path, headers={k.replace("_", "-"): v for k, v in fields.items()})
    answer = connection.getresponse()
    body = answer.read()
    connection.close()
    given: dict[str, str] = {}
    for name, value in answer.getheaders():  # several lines of one name are one list
        before = given.get(name.lower())
        given[name.lower()] = f"{before}, {value}" if before else value
    return answer.status, given, body


def assert_safe(given: Mapping[str, str]) -> None:
    for name, value in headers.SECURITY_HEADERS.items():
        assert given.get(name.lower()) == value, name
    assert "nginx/" not in given["server"]


def test_the_whole_served_site_is_in_order(port: int) -> None:
    with closing(Server(f"http://127.0.0.1:{port}")) as server:
        result = verify(server, all_html=False)
    assert result.problems == ()
    assert result.files > 100


def test_every_type_of_file_has_its_type_and_time_to_keep(port: int, target: Path) -> None:
    examples = {}
    for file in sorted((target / "www/current/").rglob("*")):
        if file.is_file() and file.name != "404.html":
            examples.setdefault(file.suffix, file.relative_to(target / "www/current").as_posix())
    assert {".html", ".css", ".js", ".json", ".csv", ".bin", ".svg", ".jpg"} <= set(examples)
    for name in examples.values():
        status, given, _ = ask(port, "/" + name)
        assert status == 200, name
        assert given["content-type"] == headers.content_type(name), name
        assert given["cache-control"] == headers.cache_control(name), name
        assert_safe(given)


def test_a_folder_without_its_slash_is_sent_to_its_page(port: int) -> None:
    status, given, _ = ask(port, "/about", Host="zhaosheng.example")
    assert (status, given["location"]) == (301, "/about/")
    assert given["cache-control"] == headers.REVALIDATE
    assert_safe(given)


def test_an_unchanged_page_costs_no_body(port: int) -> None:
    _, first, _ = ask(port, "/about/")
    status, given, body = ask(port, "/about/", If_None_Match=first["etag"])
    assert (status, body, given["cache-control"]) == (304, b"", headers.REVALIDATE)
    assert_safe(given)


@pytest.mark.parametrize("path", ["/nowhere", "/assets/0123456789ab/no.css", "/.lock", "/404.html"])
def test_what_is_missing_gets_the_site_s_page_and_is_not_kept(
    port: int, target: Path, path: str
) -> None:
    status, given, body = ask(port, path)
    assert (status, given["cache-control"]) == (404, headers.NO_STORE)
    assert body == (target / "www/current/404.html").read_bytes()
    assert_safe(given)


def test_a_range_beyond_the_end_is_refused_and_not_kept(port: int) -> None:
    status, given, _ = ask(port, "/data/schools.csv", Range="bytes=99999999-")
    assert (status, given["cache-control"]) == (416, f"{headers.REVALIDATE}, {headers.NO_STORE}")
    assert_safe(given)


def test_other_methods_are_refused(port: int) -> None:
    status, given, _ = ask(port, "/", method="POST")
    assert (status, given["cache-control"]) == (403, headers.NO_STORE)
    assert_safe(given)


def test_text_is_packed_for_those_who_take_it(port: int) -> None:
    _, packed, body = ask(port, "/", Accept_Encoding="gzip")
    _, plain, whole = ask(port, "/")
    assert (packed["content-encoding"], packed["vary"]) == ("gzip", "Accept-Encoding")
    assert "content-encoding" not in plain
    assert len(body) < len(whole) / 2


def test_the_configuration_names_the_same_hashed_files(target: Path) -> None:
    patterns = re.findall(r'"~(\^/\S+)" "public', CONFIG.read_text("utf-8"))
    for file in sorted((target / "www/current/").rglob("*")):
        name = file.relative_to(target / "www/current").as_posix()
        if file.is_file():
            named = any(re.search(pattern, "/" + name) for pattern in patterns)
            assert named == headers.is_hashed(name), name
