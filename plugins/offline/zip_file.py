"""A zip of files that are all there at once: the same bytes for the same files.

The standard library's `zipfile` packs with zlib alone; libdeflate takes a third of its time.
Format: APPNOTE.TXT 6.3.10, sections 4.3.7 (local header), 4.3.12 (central
directory) and 4.3.16 (its end). Without the extension for more than 65,535 files or 4 GB, which
nobody could carry to a village.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping
from typing import Final

_LOCAL: Final = struct.Struct("<4s5H3I2H")
_CENTRAL: Final = struct.Struct("<4s6H3I5H2I")
_END: Final = struct.Struct("<4s4H2IH")
_VERSION: Final = 20
"""2.0, the first that knows deflated files."""
_MADE_ON_UNIX: Final = 3 << 8 | _VERSION
_PLAIN_FILE: Final = 0o100644 << 16
_TIME, _DATE = 0, 1 << 5 | 1
"""Midnight of the first of January 1980, the oldest that the format knows (4.4.6)."""
_STORED, _DEFLATED = 0, 8
_DENSE: Final = (".webp", ".png")
_LEVEL: Final = 1
"""Of libdeflate: pages are 6 % larger than with its 3 or zlib's 4, in a half and a third of their
time. Most of a real pack is photos, which are dense already."""


def zip_bytes(files: Mapping[str, bytes], folder: str) -> bytes:
    """A zip of `files` below one `folder`. Raises UnicodeEncodeError for a name that is not ASCII,
    and struct.error for more than the format can hold."""
    import deflate

    pieces: list[bytes] = []
    directory: list[bytes] = []
    at = 0
    for path, data in sorted(files.items()):
        name = f"{folder}/{path}".encode("ascii")
        method = _STORED if path.endswith(_DENSE) else _DEFLATED
        packed = data if method == _STORED else bytes(deflate.deflate_compress(data, _LEVEL))
        facts = (
            method, _TIME, _DATE, deflate.crc32(data), len(packed), len(data), len(name), 0,
        )  # fmt: skip
        pieces += (_LOCAL.pack(b"PK\3\4", _VERSION, 0, *facts), name, packed)
        directory += (
            _CENTRAL.pack(b"PK\1\2", _MADE_ON_UNIX, _VERSION, 0, *facts, 0, 0, 0, _PLAIN_FILE, at),
            name,
        )
        at += _LOCAL.size + len(name) + len(packed)
    size = sum(map(len, directory))
    end = _END.pack(b"PK\5\6", 0, 0, len(files), len(files), size, at, 0)
    return b"".join((*pieces, *directory, end))
