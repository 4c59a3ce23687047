"""A cache file of several named parts, whole or not at all.

The first line is JSON: a CRC-32 and the parts' names and sizes. The parts follow.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from tempfile import NamedTemporaryFile
from zlib import crc32

UNFINISHED = "building-"
"""How the names of files begin that are still being written, or were left by a killed build."""


def write_pack(path: Path, parts: Mapping[str, Iterable[bytes | memoryview]]) -> None:
    """Write each part, given in pieces. The file appears under its name when it is complete."""
    sizes: list[tuple[str, int]] = []
    checksum = 0
    with NamedTemporaryFile(prefix=UNFINISHED, dir=path.parent, delete=False) as file:
        try:
            bodies = [(name, b"".join(pieces)) for name, pieces in parts.items()]
            for name, body in bodies:
                sizes.append((name, len(body)))
                checksum = crc32(body, checksum)
            checksum = crc32(json.dumps(sizes).encode(), checksum)
            file.write(json.dumps([checksum, sizes]).encode() + b"\n")
            for _, body in bodies:
                file.write(body)
            file.close()
            os.replace(file.name, path)
        except BaseException:
            Path(file.name).unlink(missing_ok=True)
            raise


def read_pack(path: Path) -> dict[str, memoryview] | None:
    """The parts, in the order in which they were written; None when the file is not there or is
    damaged in any place."""
    try:
        content = path.read_bytes()
        end = content.index(b"\n")
        checksum, sizes = json.loads(content[:end])
    except (OSError, ValueError, TypeError):
        return None
    body = memoryview(content)[end + 1 :]
    listed = json.dumps(sizes).encode()
    if crc32(listed, crc32(body)) != checksum:
        return None
    parts: dict[str, memoryview] = {}
    start = 0
    for name, size in sizes:
        parts[name] = body[start : start + size]
        start += size
    return parts
