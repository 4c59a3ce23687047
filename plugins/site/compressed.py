"""Compressed copies beside the text files of a built tree, for a server to send as they are.

`index.html` gets `index.html.br` and `index.html.gz`, which nginx's `brotli_static` and
`gzip_static` send instead. The bytes depend on the file alone: no time, no name. A copy that would
not be smaller is left out.

A copy made by the last build is used again where its source has the same bytes. What that build
wrote may have been damaged, or made by an older recipe: so each copy is checked by its hash, and a
record beside the output says which tree was made by which recipe.
"""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path, PurePosixPath
from typing import Final

import brotli

from plugins.site.ledger import Written

TEXT: Final = frozenset({".html", ".css", ".js", ".json", ".svg", ".xml", ".txt", ".csv"})
"""Endings of the files that get copies; photos and the search index's packs are dense already."""
ENDINGS: Final = (".br", ".gz")
_FOR_EVER: Final = frozenset({".css", ".js"})
"""Few files, cached for ever by every visitor: the best that Brotli can do, at 1 ms a kilobyte."""
RECIPE: Final = "1"
"""Raise it whenever the same file would give other bytes."""

_GZIP_LEVEL: Final = 9
_BROTLI_QUALITY: Final = 9
_BROTLI_BEST: Final = 11
_SMALL_WINDOW: Final = 16
"""Binary logarithm of a window of 64 KB: preparing a larger one takes 20 times as long as a page
does, and a page fits."""
_LARGE_WINDOW: Final = 22
_LEAST_BYTES: Final = 200
"""Below this a copy saves nothing: the answer fits in the packet that its header is in."""
_WORKERS: Final = 2


def compress_tree(
    tree: Path, ledger: Mapping[str, Written], last: Path, last_ledger: Mapping[str, Written]
) -> dict[str, Written]:
    """Write the copies of every text file of `tree`; the ledger with them added.

    `last` is the tree of the build before, with its ledger; it may be missing. Raises OSError.
    """
    record = _record_of(last)
    usable = last_ledger if _is_recorded(record, last_ledger) else {}

    def copies_of(name: str) -> dict[str, Written]:
        made = {}
        data: bytes | None = None
        same = usable.get(name) == ledger[name]
        for ending in ENDINGS:
            copy = None
            known = usable.get(name + ending)
            if same and known is None:
                continue  # it was not smaller then either
            if same and known is not None:
                copy = _read_intact(last / (name + ending), known)
            if copy is None:
                data = (tree / name).read_bytes() if data is None else data
                copy = compressed(name, data, ending)
            if copy is not None:
                (tree / (name + ending)).write_bytes(copy)
                made[name + ending] = Written(len(copy), hashlib.sha256(copy).hexdigest())
        return made

    texts = [name for name in sorted(ledger) if PurePosixPath(name).suffix in TEXT]
    complete = dict(ledger)
    # Threads are enough: both libraries let go of the interpreter.
    with ThreadPoolExecutor(_WORKERS) as pool:
        for made in pool.map(copies_of, texts):
            complete |= made
    record.write_text(_statement(complete), "utf-8")
    return complete


def compressed(name: str, data: bytes, ending: str) -> bytes | None:
    """The copy of one file with the ending `.br` or `.gz`; None where it would not be smaller."""
    if len(data) < _LEAST_BYTES:
        return None
    copy = _gzip(data) if ending == ".gz" else _brotli(data, PurePosixPath(name).suffix)
    return copy if len(copy) < len(data) else None


def wrong_copies(tree: Path, names: Iterable[str]) -> Iterator[str]:
    """The copies among `names` which do not give back the file beside them, byte for byte."""
    for name in sorted(names):
        source, ending = name[:-3], name[-3:]
        if ending not in ENDINGS or PurePosixPath(source).suffix not in TEXT:
            continue
        try:
            data = (tree / source).read_bytes()
            copy = (tree / name).read_bytes()
            given = zlib.decompress(copy, 31) if ending == ".gz" else brotli.decompress(copy)
        except (OSError, zlib.error, brotli.error):
            yield name
        else:
            if given != data:
                yield name


def _gzip(data: bytes) -> bytes:
    # 31: a gzip header with no name and a time of 0.
    packer = zlib.compressobj(_GZIP_LEVEL, zlib.DEFLATED, 31)
    return packer.compress(data) + packer.flush()


def _brotli(data: bytes, kind: str) -> bytes:
    window = _SMALL_WINDOW if len(data) <= 1 << _SMALL_WINDOW else _LARGE_WINDOW
    quality = _BROTLI_BEST if kind in _FOR_EVER else _BROTLI_QUALITY
    packed: bytes = brotli.compress(data, quality=quality, lgwin=window)
    return packed


def _read_intact(file: Path, known: Written) -> bytes | None:
    try:
        data = file.read_bytes()
    except OSError:
        return None
    return data if hashlib.sha256(data).hexdigest() == known.sha256 else None


def _record_of(output: Path) -> Path:
    return output.with_name(f".{output.name}.compressed")


def _is_recorded(record: Path, ledger: Mapping[str, Written]) -> bool:
    try:
        return record.read_text("utf-8") == _statement(ledger)
    except (OSError, ValueError):
        return False


def _statement(ledger: Mapping[str, Written]) -> str:
    """A sentence that stays true whatever stops the build: this tree is of this recipe."""
    digest = hashlib.sha256()
    for name, entry in sorted(ledger.items()):
        digest.update(f"{name}\0{entry.sha256}\n".encode())
    return f"{RECIPE} {digest.hexdigest()}\n"
