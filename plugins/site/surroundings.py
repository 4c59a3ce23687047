"""What holds around a build: its lock, its file modes, and how a failure is told."""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from plugins.site.build import BuildFailed
from plugins.site.remembered import Memory


@contextmanager
def only_build(output: Path) -> Iterator[None]:
    """Hold the lock of this output; a second build says so instead of waiting."""
    output.parent.mkdir(parents=True, exist_ok=True)
    with open(output.with_name(f".{output.name}.lock"), "w") as lock:
        for pause in (0.1, 0.2, 0.4, 0.8, 1.5, 0.0):
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                # The children of a killed build outlive it by a moment.
                time.sleep(pause)
        else:
            raise BuildFailed(f"另一个生成任务正在写 {output}，请等它结束。")
        Memory(output).folder.mkdir(exist_ok=True)
        yield


_M_TRIM_THRESHOLD: Final = -1
_M_MMAP_THRESHOLD: Final = -3
"""Source of both numbers: glibc's malloc.h."""
_KEPT_BYTES: Final = 64 << 20


def keep_memory() -> None:
    """Let the C library keep what is freed, in this process and in those forked from it.

    A card is half a megabyte of pixels, a page takes Brotli as much, a table 32 MB: to get that
    from the kernel page by page takes a third as long as drawing a card does, and longer than
    compressing a table.
    """
    import ctypes

    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:  # glibc has it
        mallopt(_M_TRIM_THRESHOLD, _KEPT_BYTES)
        mallopt(_M_MMAP_THRESHOLD, _KEPT_BYTES)


@contextmanager
def plain_modes() -> Iterator[None]:
    """Files of the output may be read by everybody, whatever mask the caller has."""
    mask = os.umask(0o022)
    try:
        yield
    finally:
        os.umask(mask)


@contextmanager
def explained() -> Iterator[None]:
    """Turn any other exception into a BuildFailed of one line: ops never meet a traceback."""
    try:
        yield
    except BuildFailed:
        raise
    except OSError as failure:
        place = f"：{failure.filename}" if failure.filename else ""
        raise BuildFailed(
            f"磁盘或文件系统出错（{failure.strerror or failure}{place}）。"
            "原来的站点没有改动。清出空间或改好权限，再运行一次。"
        ) from failure
    except Exception as failure:
        raise BuildFailed(explanation(failure)) from failure


def explanation(failure: Exception) -> str:
    import traceback

    where = traceback.extract_tb(failure.__traceback__)[-1]
    return (
        "生成时出错，原来的站点没有改动。请把下面这一行报给工程师：\n"
        f"  {type(failure).__name__}: {failure}（{where.filename}:{where.lineno}）"
    )
