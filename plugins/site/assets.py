"""The theme's static files as they are served: one stylesheet for all pages and small ones for few,
scripts without their comments, images unchanged.

All of them live under one address that holds a digest of their content, so they may be cached
for ever, and scripts may import each other by relative address without being rewritten.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

STYLESHEET_ORDER: Final = (
    "tokens.css", "base.css", "layout.css", "components/*.css", "pages/*.css", "print.css",
)  # fmt: skip
"""The parts of `css/site.css`, in the order in which they are joined."""


OWN_STYLESHEETS: Final = ("answers.css", "leaflet.css", "offline.css", "open-data.css")
"""Stylesheets that only the pages which need them load, after `css/site.css`."""


@dataclass(frozen=True)
class Assets:
    """`base` is the address of the files; `files` are their bytes by path below the output."""

    base: str
    files: dict[str, bytes]


def load_assets(static: Path) -> Assets:
    """Read the theme's `static` folder."""
    contents = {"css/site.css": _stylesheet(static / "css")}
    contents |= {f"css/{name}": (static / "css" / name).read_bytes() for name in OWN_STYLESHEETS}
    for file in sorted(static.rglob("*")):
        inside = file.relative_to(static).as_posix()
        if file.is_file() and not inside.startswith("css/"):
            contents[inside] = _served(file)
    digest = hashlib.sha256()
    for name, data in sorted(contents.items()):
        digest.update(f"{name}\0{len(data)}\0".encode() + data)
    base = f"/assets/{digest.hexdigest()[:12]}"
    return Assets(base, {f"{base[1:]}/{name}": data for name, data in sorted(contents.items())})


def _served(file: Path) -> bytes:
    content = file.read_bytes()
    return served_script(content) if file.suffix == ".js" else content


def served_script(content: bytes) -> bytes:
    """A script loses whole lines of comment, empty lines and the indentation of the rest, a
    quarter of what it weighs compressed. Nothing else is touched, so no script may have a string
    of several lines; a test sees to it."""
    lines = (line.strip() for line in content.split(b"\n"))
    return b"\n".join(line for line in lines if line and not line.startswith(b"//")) + b"\n"


def _stylesheet(folder: Path) -> bytes:
    return b"\n".join(part.read_bytes() for part in _parts(folder))


def _parts(folder: Path) -> Iterator[Path]:
    for pattern in STYLESHEET_ORDER:
        yield from sorted(folder.glob(pattern))
