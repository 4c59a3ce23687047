"""Read a contributed file without being led elsewhere, kept waiting, or filled up."""

import errno
import os
import stat
from pathlib import Path

from plugins.photos import refuse


def read_regular_file(path: Path, max_bytes: int) -> bytes:
    """The bytes of ``path``, if it is a regular file of 1 to ``max_bytes`` bytes.

    The last part of the path is never followed when it is a symbolic link. The directories
    before it are the caller's to choose. Raises PhotoRefused (photo-not-a-file, photo-unreadable,
    photo-too-many-bytes); at most ``max_bytes`` + 1 bytes are ever read.
    """
    try:
        _require_regular(os.lstat(path).st_mode)
        # Asked again below, of the open file: between the two looks it may have been swapped, and
        # then O_NOFOLLOW refuses a link and O_NONBLOCK does not wait for the writer of a FIFO.
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK)
        with os.fdopen(descriptor, "rb") as file:
            status = os.fstat(descriptor)
            _require_regular(status.st_mode)
            if status.st_size > max_bytes:
                raise refuse.too_many_bytes(status.st_size)
            data = file.read(max_bytes + 1)
    except (FileNotFoundError, NotADirectoryError, ValueError) as error:
        raise refuse.missing() from error
    except OSError as error:
        if error.errno == errno.ELOOP:
            raise refuse.not_a_file("一个链接（快捷方式）") from error
        raise refuse.no_access() from error
    if len(data) > max_bytes:
        raise refuse.too_many_bytes(len(data))
    if not data:
        raise refuse.empty()
    return data


def _require_regular(mode: int) -> None:
    if stat.S_ISREG(mode):
        return
    if stat.S_ISLNK(mode):
        raise refuse.not_a_file("一个链接（快捷方式）")
    if stat.S_ISDIR(mode):
        raise refuse.not_a_file("一个文件夹")
    raise refuse.not_a_file("一个特殊文件（管道、设备或套接字）")
