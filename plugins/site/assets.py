"""The theme's static files as they are served: one stylesheet, scripts and images unchanged.

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


@dataclass(frozen=True)
class Assets:
    """`base` is the address of the files; `files` are their bytes by path below the output."""

    base: str
    files: dict[str, bytes]


def load_assets(static: Path) -> Assets:
    """Read the theme's `static` folder."""
    contents = {"css/site.css": _stylesheet(static / "css")}
    for file in sorted(static.rglob("*")):
        inside = file.relative_to(static).as_posix()
        if file.is_file() and not inside.startswith("css/"):
            contents[inside] = file.read_bytes()
    digest = hashlib.sha256()
    for name, data in sorted(contents.items()):
        digest.update(f"{name}\0{len(data)}\0".encode() + data)
    base = f"/assets/{digest.hexdigest()[:12]}"
    return Assets(base, {f"{base[1:]}/{name}": data for name, data in sorted(contents.items())})


def _stylesheet(folder: Path) -> bytes:
    return b"\n".join(part.read_bytes() for part in _parts(folder))


def _parts(folder: Path) -> Iterator[Path]:
    for pattern in STYLESHEET_ORDER:
        yield from sorted(folder.glob(pattern))
