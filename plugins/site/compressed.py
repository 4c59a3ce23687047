"""Compressed copies beside the text files of a built tree, for a server to send as they are.

`index.html` gets `index.html.br` and `index.html.gz`, which nginx's `brotli_static` and
`gzip_static` send instead. The bytes depend on the file alone: no time, no name. A copy that would
not be smaller is left out.

The build makes copies only of the files that it writes, and the guard unpacks every one of them.
"""

from __future__ import annotations

import os
from typing import Final

TEXT: Final = frozenset(
    {".html", ".css", ".js", ".json", ".svg", ".xml", ".txt", ".csv", ".ics", ".webmanifest"}
)
"""Endings of the files that get copies; photos and the search index's packs are dense already."""
ENDINGS: Final = (".br", ".gz")
_FOR_EVER: Final = frozenset({".css", ".js"})
"""Few files, cached for ever by every visitor: the best that Brotli can do, at 1 ms a kilobyte."""

_GZIP_LEVEL: Final = 6
"""Of libdeflate, which takes half as long as zlib's 9 for copies that are half a percent larger."""
_BROTLI_SMALL: Final = 7
"""In a small window: 8 or 9 would make pages a thousandth smaller, and take a sixth to twice
longer; 6 would make them 2.7 % larger."""
_BROTLI_LARGE: Final = 5
"""7 takes half to two thirds longer: tables of the country would be 9 % smaller, of a province 7 %,
what a phone takes, search indexes and lists of what to save, 1.5 %."""
_BROTLI_BEST: Final = 11
_SMALL_WINDOW: Final = 16
"""Binary logarithm of a window of 64 KB: preparing a larger one takes ten times as long as a page
does. A page fits, or repeats itself at shorter distances: of 65 KB it saves 14 bytes."""
_LARGE_WINDOW: Final = 22
_LEAST_BYTES: Final = 200
"""Below this a copy saves nothing: the answer fits in the packet that its header is in."""
_LEAST_OF_RECORDS: Final = 4_096
"""Of kinds that every school has one of: feeds, calendars, records to compare. The server packs a
small one while it sends it, in less time than a page takes to be found. To make, check and link the
copies of all took a fortieth of a build."""
_RECORDS: Final = frozenset({".json", ".xml", ".ics"})


def compressed(name: str, data: bytes, ending: str) -> bytes | None:
    """The copy of one file with the ending `.br` or `.gz`; None where it would not be smaller."""
    kind = kind_of(name)
    if len(data) < (_LEAST_OF_RECORDS if kind in _RECORDS else _LEAST_BYTES):
        return None
    copy = _gzip(data) if ending == ".gz" else _brotli(data, kind)
    return copy if len(copy) < len(data) else None


def kind_of(name: str) -> str:
    """The ending of a path, with its dot."""
    return os.path.splitext(name)[1]  # noqa: PTH122 - asked for every file


def is_copy(name: str) -> bool:
    """Whether the path is that of a compressed copy."""
    return name.endswith(ENDINGS) and kind_of(name[:-3]) in TEXT


def gives_back(name: str, copy: bytes, data: bytes) -> bool:
    """Whether the copy at the path `name` unpacks to these bytes."""
    import brotli
    import deflate

    unpack = deflate.gzip_decompress if name.endswith(".gz") else brotli.decompress
    try:
        given = unpack(copy)
    except (ValueError, deflate.DeflateError, brotli.error):
        return False
    return bool(given == data)


def _gzip(data: bytes) -> bytes:
    import deflate

    packed = deflate.gzip_compress(data, _GZIP_LEVEL)
    return bytes(packed)


def _brotli(data: bytes, kind: str) -> bytes:
    import brotli

    is_small = kind == ".html" or len(data) <= 1 << _SMALL_WINDOW
    if is_small:
        quality, window = _BROTLI_SMALL, _SMALL_WINDOW
    else:
        quality, window = _BROTLI_LARGE, _LARGE_WINDOW
    if kind in _FOR_EVER:
        quality = _BROTLI_BEST
    packed: bytes = brotli.compress(data, quality=quality, lgwin=window)
    return packed
