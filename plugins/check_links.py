"""`check-links PROVINCE`: visit the addresses that a province's schools wrote, and name dead ones.

Only at a province's request and never in a build: the addresses are contributed, so this is the
one command that lets them steer where a machine of ours connects. It goes to public addresses
only, over https, a few times a minute to one host, reads no more than it must, and stops at a
bound.
"""

from __future__ import annotations

import argparse
import http.client
import ipaddress
import socket
import ssl
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import SplitResult, urljoin, urlsplit

from plugins.catalogue import Catalogue, load
from plugins.catalogue.problem import did_you_mean, shown
from plugins.catalogue.vocabulary import Reason
from plugins.clock import today

AGENT: Final = "jixiao-link-check/1.0 (at the request of a province; HEAD and short GET only)"
SECONDS_TO_ANSWER: Final = 10
MOST_REDIRECTS: Final = 4
MOST_LINKS: Final = 2000
"""Links of one run; a province with more is told so and runs again by school."""

Allowed = Callable[[str, int], str]
"""The network address to connect to for a host and port; raises LinkDead where there is none."""


class LinkDead(Exception):
    """The link leads nowhere that may be shown; `str()` says why, in Chinese."""


@dataclass(frozen=True, slots=True)
class SchoolLink:
    """One address of a profile, and which item of it."""

    school_id: str
    name: str
    what: str
    address: str


def links_of(catalogue: Catalogue, province: str) -> Iterator[SchoolLink]:
    """What the profiles and the register of a province link to, by school, without repeats."""
    for school in catalogue.schools_of_province[province]:
        profile = catalogue.profiles.get(school.school_id)
        found: list[tuple[str, str | None]] = [("官方网站", school.website)]
        if profile:
            contacts = profile.facts.contacts
            apply = contacts.apply_url if contacts else None
            found.append(("报名网址", None if isinstance(apply, Reason) else apply))
            found += [(f"线上课程“{c.title}”", c.address) for c in profile.facts.online_courses]
        seen: set[str] = set()
        for what, address in found:
            if address and address not in seen:
                seen.add(address)
                yield SchoolLink(school.school_id, school.name, what, address)


def public_address(host: str, port: int) -> str:
    """The first network address of `host`; raises LinkDead unless all of them are public.

    A contributed name may point at a machine of the inner network; nothing connects there.
    """
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except OSError:
        raise LinkDead("找不到这个网站（域名没有解析）") from None
    addresses = [str(entry[4][0]) for entry in found]
    if not addresses or not all(ipaddress.ip_address(one).is_global for one in addresses):
        raise LinkDead("域名指向内部网络的地址，没有访问")
    return addresses[0]


def visit(address: str, allowed: Allowed = public_address, *, plain: bool = False) -> None:
    """Raises LinkDead unless the address answers with a page.

    Every step of a redirect is looked at anew. `plain` lets http pass, for tests on loopback.
    """
    here = address
    for _ in range(MOST_REDIRECTS + 1):
        parts = urlsplit(here)
        if parts.scheme != "https" and not (plain and parts.scheme == "http"):
            raise LinkDead(f"转到了不是 https 的地址：{shown(here, 80)}")
        status, further = _answer(parts, allowed)
        if status in (301, 302, 303, 307, 308) and further:
            here = urljoin(here, further)
        elif 200 <= status < 300:
            return
        else:
            raise LinkDead(
                f"网站回答 {status}" + ("（没有这一页）" if status in (404, 410) else "")
            )
    raise LinkDead("转来转去，没有到头")


def _answer(parts: SplitResult, allowed: Allowed) -> tuple[int, str | None]:
    """Status and Location of a HEAD, or of a GET where the host does not know HEAD."""
    try:
        port = parts.port or (443 if parts.scheme == "https" else 80)
        host = (parts.hostname or "").encode("idna").decode()
    except ValueError:
        raise LinkDead("网址写得不对") from None
    place = allowed(host, port)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    for method in ("HEAD", "GET"):
        connection = _connection(parts.scheme, host, place, port)
        try:
            connection.request(method, _quoted(path), headers={"User-Agent": AGENT})
            reply = connection.getresponse()
            status, further = reply.status, reply.getheader("Location")
        except ssl.SSLError:
            raise LinkDead("证书不对，浏览器会拦下来") from None
        except TimeoutError:
            raise LinkDead(f"{SECONDS_TO_ANSWER} 秒没有回答") from None
        except (OSError, http.client.HTTPException):
            raise LinkDead("连不上") from None
        finally:
            connection.close()
        if method == "GET" or status not in (403, 405, 501):
            return status, further
    raise AssertionError("a GET always answers")


def _quoted(path: str) -> str:
    return "".join(
        c if " " < c < "\x7f" else "".join(f"%{b:02X}" for b in c.encode()) for c in path
    )


class _Pinned(http.client.HTTPSConnection):
    """Connects to the address that was looked at, and asks for the certificate of the name."""

    def __init__(self, host: str, place: str, port: int) -> None:
        super().__init__(host, port, timeout=SECONDS_TO_ANSWER)
        self.place = place

    def connect(self) -> None:
        raw = socket.create_connection((self.place, self.port), SECONDS_TO_ANSWER)
        self.sock = ssl.create_default_context().wrap_socket(raw, server_hostname=self.host)


def _connection(scheme: str, host: str, place: str, port: int) -> http.client.HTTPConnection:
    if scheme == "https":
        return _Pinned(host, place, port)
    return http.client.HTTPConnection(place, port, timeout=SECONDS_TO_ANSWER)


def dead_links(
    links: Sequence[SchoolLink],
    seconds: float,
    visit_one: Callable[[str], None],
    told: Callable[[int, int], None] = lambda done, total: None,
) -> list[tuple[SchoolLink, str]]:
    """The links that lead nowhere, with why. Waits `seconds` before asking one host again; an
    address that several schools give is asked once."""
    last: dict[str, float] = {}
    answers: dict[str, str] = {}
    found = []
    for done, link in enumerate(links, start=1):
        if link.address not in answers:
            host = urlsplit(link.address).hostname or ""
            # The clock of the machine's own running, not of the day.
            wait = last.get(host, -seconds) + seconds - time.monotonic()
            if host in last and wait > 0:
                time.sleep(wait)
            try:
                visit_one(link.address)
                answers[link.address] = ""
            except LinkDead as dead:
                answers[link.address] = str(dead)
            last[host] = time.monotonic()
        if answers[link.address]:
            found.append((link, answers[link.address]))
        told(done, len(links))
    return found


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="check-links", description=__doc__)
    parser.add_argument("province")
    parser.add_argument("--content", type=Path, default=Path("content"))
    parser.add_argument("--seconds", type=float, default=2.0)
    given = parser.parse_args(arguments)
    catalogue, _ = load(given.content, today())
    slugs = catalogue.reference.province_by_slug
    if given.province not in slugs:
        hint = did_you_mean(given.province, slugs) or "写省的拼音，例如 zhejiang。"
        print(f"没有叫“{shown(given.province)}”的报送单位。{hint}", file=sys.stderr)
        return 1
    links = list(links_of(catalogue, given.province))
    if len(links) > MOST_LINKS:
        print(f"有 {len(links)} 个网址，这次只看前 {MOST_LINKS} 个。", file=sys.stderr)
    dead = dead_links(
        links[:MOST_LINKS],
        max(1.0, given.seconds),
        visit,
        lambda done, total: print(f"\r{done}/{total}", end="", file=sys.stderr, flush=True),
    )
    print(file=sys.stderr)
    for link, why in dead:
        print(f"{link.name}（{link.school_id}）{link.what}：{link.address}\n  {why}")
    print(f"看了 {min(len(links), MOST_LINKS)} 个网址，{len(dead)} 个打不开。")
    return 1 if dead else 0


if __name__ == "__main__":
    sys.exit(main())
