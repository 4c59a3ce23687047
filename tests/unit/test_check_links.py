"""Dead links are found by asking real servers on loopback; nothing private is ever asked."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from plugins.catalogue import load
from plugins.check_links import LinkDead, SchoolLink, dead_links, links_of, public_address, visit
from tests.conftest import TODAY


class Site(BaseHTTPRequestHandler):
    """Answers by path; `asked` are the requests that came."""

    asked: list[str]

    def do_HEAD(self) -> None:
        self.asked.append(f"{self.command} {self.path}")
        further = {"/moved": "/good", "/round": "/round", "/inside": "http://10.0.0.1/"}
        if self.path in further:
            self.send_response(302)
            self.send_header("Location", further[self.path])
        elif self.path == "/no-head" and self.command == "HEAD":
            self.send_response(405)
        else:
            gone = {"/gone": 410, "/broken": 500}
            self.send_response(gone.get(self.path, 404 if "missing" in self.path else 200))
        self.send_header("Content-Length", "0")
        self.end_headers()

    do_GET = do_HEAD  # noqa: N815 - the name that the server calls

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def site() -> Iterator[tuple[str, list[str]]]:
    handler = type("Here", (Site,), {"asked": []})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}", handler.asked
    server.shutdown()
    server.server_close()


def only_loopback(host: str, port: int) -> str:
    """What tests may reach: this machine, and nothing that a redirect names besides."""
    if host == "127.0.0.1":
        return host
    raise LinkDead("不在本机")


@pytest.mark.parametrize("path", ["/good", "/moved", "/no-head", "/说明?a=1"])
def test_a_page_that_answers_is_alive(site: tuple[str, list[str]], path: str) -> None:
    visit(site[0] + path, only_loopback, plain=True)
    assert site[1]


@pytest.mark.parametrize(
    ("path", "why"),
    [
        ("/missing", "404"),
        ("/gone", "410"),
        ("/broken", "500"),
        ("/round", "没有到头"),
        ("/inside", "不在本机"),
    ],
)
def test_a_page_that_does_not_is_dead_and_it_is_said_why(
    site: tuple[str, list[str]], path: str, why: str
) -> None:
    with pytest.raises(LinkDead, match=why):
        visit(site[0] + path, only_loopback, plain=True)


def test_nothing_but_https_is_asked(site: tuple[str, list[str]]) -> None:
    with pytest.raises(LinkDead, match="不是 https"):
        visit(site[0] + "/good", only_loopback)
    assert site[1] == []


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1", "localhost", "10.1.2.3", "192.168.1.1", "169.254.169.254", "::1", "fe80::1"],
)
def test_an_address_of_the_inner_network_is_never_connected_to(host: str) -> None:
    with pytest.raises(LinkDead, match="内部网络"):
        public_address(host, 443)


def test_a_server_that_is_not_there_is_dead() -> None:
    with pytest.raises(LinkDead, match="连不上"):
        visit("http://127.0.0.1:9/", only_loopback, plain=True)


def test_an_address_that_two_schools_give_is_asked_once(site: tuple[str, list[str]]) -> None:
    links = [SchoolLink(name, name, "官方网站", f"{site[0]}/missing") for name in ("a", "b")]
    links.append(SchoolLink("a", "a", "报名网址", f"{site[0]}/good"))
    told: list[tuple[int, int]] = []
    dead = dead_links(
        links,
        0,
        lambda address: visit(address, only_loopback, plain=True),
        lambda done, total: told.append((done, total)),
    )
    assert [link.school_id for link, _ in dead] == ["a", "b"]
    assert site[1] == ["HEAD /missing", "HEAD /good"]
    assert told == [(1, 3), (2, 3), (3, 3)]


def test_the_links_of_a_province_are_those_of_its_register_and_profiles(small: Path) -> None:
    catalogue, _ = load(small, TODAY)
    found = [(link.what, link.address) for link in links_of(catalogue, "zhejiang")]
    assert found == [
        ("官方网站", "https://school.example.com"),
        ("线上课程“演示课程”", "https://school.example.com/course"),
        ("线上课程“演示公开课”", "https://school.example.com/open"),
    ]
