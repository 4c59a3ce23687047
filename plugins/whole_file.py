"""Small files of our own that are whole or do not count: a checksum stands before the data.

For what may be thrown away at any time. A file that was cut short, damaged or written by another
version is as good as none.
"""

from __future__ import annotations

import marshal
import os
from _blake2 import blake2b
from typing import Any

from plugins.collector import no_collection

_KIND = b"jixiao-1\n"


def read_whole(file: str | os.PathLike[str]) -> Any:
    """What `write_whole` was given; None where there is no such file, or it is damaged."""
    try:
        with open(file, "rb") as stream:
            data = stream.read()
    except OSError:
        return None
    head = len(_KIND) + 32
    if not data.startswith(_KIND) or _check(data[head:]) != data[len(_KIND) : head]:
        return None
    # Plain values hold no cycles; to look for some in the midst of very many takes half as long
    # as to read them.
    with no_collection():
        return marshal.loads(memoryview(data)[head:])  # noqa: S302 - its checksum was right


def write_whole(file: str | os.PathLike[str], value: Any) -> None:
    """Keep plain values: numbers, text, bytes, None, and tuples, lists, dicts and sets of them."""
    data = marshal.dumps(value)
    temporary = f"{os.fspath(file)}.{os.getpid()}.tmp"
    with open(temporary, "wb") as stream:
        stream.writelines((_KIND, _check(data), data))
    os.replace(temporary, file)


def _check(data: bytes) -> bytes:
    return blake2b(data, digest_size=32).digest()
