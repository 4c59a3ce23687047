"""Small files of our own that are whole or do not count: a checksum stands before the data.

For what may be thrown away at any time. A file that was cut short, damaged or written by another
version is as good as none.
"""

from __future__ import annotations

import marshal
import os
from _blake2 import blake2b
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Final, NamedTuple

from plugins.collector import no_collection

_KIND = b"jixiao-1\n"
_HEAD: Final = len(_KIND) + 32
_LARGE: Final = 4_000_000
"""A smaller file is read sooner than a thread starts."""


class _Found(NamedTuple):
    """What a file holds that the system tells this of; nothing where that is damaged."""

    told: tuple[int, ...]
    data: memoryview | None


_ahead: dict[str, Callable[[], _Found | None]] = {}
"""Waits for what is being read, by file."""


def read_whole(file: str | os.PathLike[str]) -> Any:
    """What `write_whole` was given; None where there is no such file, or it is damaged."""
    wait = _ahead.pop(os.fspath(file), None)
    found = wait() if wait else None
    if found is None or found.told != _told_of(file):
        found = _found_in(file)
    if found is None or found.data is None:
        return None
    # Plain values hold no cycles; to look for some in the midst of very many takes half as long
    # as to read them.
    with no_collection():
        return marshal.loads(found.data)  # noqa: S302 - its checksum was right


@contextmanager
def reading_ahead(*files: str | os.PathLike[str]) -> Iterator[None]:
    """Read these files, where they are large, while the caller does other things.

    To read and to check takes as long as to make values of what was read, and a thread can do it
    meanwhile. Whoever asks within for a file that is no more the same does not notice.
    """
    large = [os.fspath(file) for file in files if (_told_of(file) or (0,))[0] >= _LARGE]
    if not large:
        yield
        return
    from threading import Thread

    found: dict[str, _Found | None] = {}
    thread = Thread(target=lambda: found.update((file, _found_in(file)) for file in large))

    def waits_for(file: str) -> Callable[[], _Found | None]:
        def wait() -> _Found | None:
            thread.join()  # all of them: whoever forks has no other thread
            return found.pop(file, None)

        return wait

    thread.start()
    _ahead.update({file: waits_for(file) for file in large})
    try:
        yield
    finally:
        thread.join()
        for file in large:
            _ahead.pop(file, None)


def _found_in(file: str | os.PathLike[str]) -> _Found | None:
    try:
        with open(file, "rb") as stream:
            told = _told(os.fstat(stream.fileno()))
            data = memoryview(stream.read())
    except OSError:
        return None
    is_whole = data[: len(_KIND)] == _KIND and data[len(_KIND) : _HEAD] == _check(data[_HEAD:])
    return _Found(told, data[_HEAD:] if is_whole else None)


def _told_of(file: str | os.PathLike[str]) -> tuple[int, ...] | None:
    try:
        return _told(os.stat(file))
    except OSError:
        return None


def _told(found: os.stat_result) -> tuple[int, ...]:
    return found.st_size, found.st_mtime_ns, found.st_ino


def write_whole(file: str | os.PathLike[str], value: Any) -> None:
    """Keep plain values: numbers, text, bytes, None, and tuples, lists, dicts and sets of them."""
    data = marshal.dumps(value)
    temporary = f"{os.fspath(file)}.{os.getpid()}.tmp"
    with open(temporary, "wb") as stream:
        stream.writelines((_KIND, _check(data), data))
    os.replace(temporary, file)


def _check(data: bytes | memoryview) -> bytes:
    return blake2b(data, digest_size=32).digest()
