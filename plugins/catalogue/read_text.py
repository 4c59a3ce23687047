"""Read a contributed text file, or say why it cannot be read.

Contributed files are hostile until proven otherwise: links, pipes and devices are never opened,
sizes are checked before reading, and bytes that are not UTF-8 are refused with a hint at what
they probably are.
"""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import Final

from plugins.catalogue.problem import Problem

PROFILE_BYTES: Final = 200_000
"""Largest `profile.md`, in bytes."""
NOTICE_BYTES: Final = 60_000
"""Largest notice of the news, in bytes."""
TABLE_BYTES: Final = 20_000_000
"""Largest register or plan, in bytes."""
LINE_CHARACTERS: Final = 20_000
"""Longest line of any text file, in characters."""


def read_text(file: Path, path: str, limit: int) -> tuple[str | None, list[Problem]]:
    """The text of `file` with `\\n` line ends and no byte-order mark, and what is wrong with it.

    `path` is how problems name the file; `limit` is the largest size in bytes. The text is None
    where an error makes it unusable.
    """

    def error(code: str, message: str, fix: str, line: int = 1) -> tuple[None, list[Problem]]:
        return None, [Problem(path, line, code, "error", message, fix)]

    try:
        descriptor = os.open(file, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError as failure:
        return error("file-unreadable", f"打不开这个文件：{failure.strerror}", "换成一个普通文件")
    with os.fdopen(descriptor, "rb") as stream:
        facts = os.fstat(stream.fileno())
        if not stat.S_ISREG(facts.st_mode):
            return error("file-not-regular", "这不是普通文件", "换成一个普通文件")
        if facts.st_size > limit:
            return error(
                "file-too-large",
                f"文件有 {facts.st_size:,} 字节，超过 {limit:,} 字节",
                "删去不需要的内容；照片要单独放成文件",
            )
        data = stream.read(limit + 1)

    problems: list[Problem] = []
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return error("file-not-utf8", "文件的编码是 UTF-16", "另存为 UTF-8 编码")
    if data.startswith(b"\xef\xbb\xbf"):
        data = data[3:]
    if b"\0" in data:
        line = data[: data.index(b"\0")].count(b"\n") + 1
        return error(
            "file-has-nul", "文件里有空字符（NUL），不是文本文件", "用文本编辑器重新保存", line
        )
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as failure:
        line = data[: failure.start].count(b"\n") + 1
        return error(
            "file-not-utf8",
            f"文件不是 UTF-8 编码{'，很可能是 GBK' if _is_gbk(data) else ''}",
            "在编辑器里选“另存为”，编码选 UTF-8",
            line,
        )
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    lines = text.split("\n") if len(text) > LINE_CHARACTERS else ()
    for number, content in enumerate(lines, start=1):
        if len(content) > LINE_CHARACTERS:
            return error(
                "file-line-too-long",
                f"这一行有 {len(content):,} 个字，超过 {LINE_CHARACTERS:,} 个字",
                "分成几行",
                number,
            )
    return text, problems


def _is_gbk(data: bytes) -> bool:
    try:
        data.decode("gb18030")
    except UnicodeDecodeError:
        return False
    return True
