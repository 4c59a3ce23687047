"""The Chinese font that cards are set in: Debian's `fonts-noto-cjk`, or wherever else it lies."""

from __future__ import annotations

import contextlib
import functools
import hashlib
import os
import stat
from pathlib import Path
from typing import Final

PLACES: Final = (
    "/usr/share/fonts/opentype/noto/NotoSansCJK-Bold.ttc",
    "/usr/share/fonts/noto-cjk/NotoSansCJK-Bold.ttc",
    "/usr/share/fonts/google-noto-cjk/NotoSansCJK-Bold.ttc",
    "/usr/share/fonts/google-noto-sans-cjk-fonts/NotoSansCJK-Bold.ttc",
    "/opt/homebrew/share/fonts/NotoSansCJK-Bold.ttc",
)
"""Where Debian, Arch, Fedora and Homebrew put it. Licence of the font: SIL OFL 1.1."""

MISSING: Final = (
    "没有找到中文字体，学校页没有分享图片（Debian：apt-get install fonts-noto-cjk，"
    "或用环境变量 CARD_FONT 指定 NotoSansCJK-Bold.ttc）。"
)

FACE: Final = "Noto Sans CJK SC"
"""The face of the collection with the glyphs of mainland China."""

_HEAD: Final = 1 << 16


def font_file() -> Path | None:
    """The font, or None where this machine has none; `CARD_FONT` goes before the usual places."""
    return Path(found[0]) if (found := _found()) else None


def font_key() -> str:
    """What tells one version of the font from another; empty without a font.

    Its size and its head, where the tables' checksums stand: the whole file is 20 MB.
    """
    return _key(*found) if (found := _found()) else ""


def _found() -> tuple[str, int] | None:
    """The place of the font and its size in bytes. Every page of a school asks for them."""
    wanted = os.environ.get("CARD_FONT")
    for place in (wanted,) if wanted is not None else PLACES:
        with contextlib.suppress(OSError):
            facts = os.stat(place)
            if stat.S_ISREG(facts.st_mode):
                return place, facts.st_size
    return None


@functools.cache
def _key(file: str, size: int) -> str:
    with open(file, "rb") as stream:
        return hashlib.sha256(f"{size} ".encode() + stream.read(_HEAD)).hexdigest()[:16]
