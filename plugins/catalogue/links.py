"""Links that must not stand in a profile: to private machines, to bare numbers, in disguise."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final
from urllib.parse import urlsplit

from plugins.catalogue.problem import Problem, shown

_ADDRESS: Final = re.compile(r"https?://[^\s<>\"）)\]，。；、]+", re.IGNORECASE)
_NAMED: Final = re.compile(
    r"\[([^\]]*?([a-z0-9-]+(?:\.[a-z0-9-]+)+)[^\]]*)\]\(\s*<?(https://[^)\s>]+)"
)
_PRIVATE: Final = (".local", ".localhost", ".internal", ".lan", ".home", ".corp", ".test", ".onion")


def check_links(path: str, lines: Sequence[tuple[int, str]]) -> Iterator[Problem]:
    """Faults of the addresses in the numbered `lines`; that links are https is checked apart."""
    for number, line in lines:
        if "://" not in line:
            continue
        for found in _ADDRESS.finditer(line):
            address = found.group()
            try:
                parts = urlsplit(address)
                host = (parts.hostname or "").rstrip(".")
            except ValueError:
                parts, host = None, ""
            column = found.start() + 1
            if parts is not None and "@" in parts.netloc:
                yield Problem(
                    path, number, "link-with-password", "error",
                    f"网址“{shown(host)}”里有用户名或密码", "删掉 @ 和它前面的部分",
                    column=column,
                )  # fmt: skip
            if is_private(host):
                yield Problem(
                    path, number, "link-private-address", "error",
                    f"“{shown(address)}”只在某一台电脑或内网里能打开",
                    "换成任何人都能打开的网址；没有就删掉",
                    column=column,
                )  # fmt: skip
        for named in _NAMED.finditer(line.lower()):
            shown_host = named.group(2).removeprefix("www.")
            real = (urlsplit(named.group(3)).hostname or "").removeprefix("www.")
            if "." in shown_host and real != shown_host and not real.endswith("." + shown_host):
                yield Problem(
                    path, number, "link-in-disguise", "error",
                    f"链接写的是 {shown(shown_host)}，打开的却是 {shown(real)}",
                    "文字和网址写成同一个", column=named.start() + 1,
                )  # fmt: skip


def is_private(host: str) -> bool:
    """Whether a host is no public name: an address in numbers, one word, or a private ending."""
    if not host or "." not in host or ":" in host:
        return True
    return host.endswith(_PRIVATE) or all(
        re.fullmatch(r"0x[0-9a-f]+|[0-9]+", part) for part in host.lower().split(".")
    )
