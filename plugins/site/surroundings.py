"""What holds around a build: its lock, its file modes, and how a failure is told."""

from __future__ import annotations

import fcntl
import gc
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

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


@contextmanager
def rare_collection() -> Iterator[None]:
    """Look for garbage in cycles rarely: a build makes millions of objects and hardly any cycle,
    and looking through all of them again and again took a twentieth of its time."""
    usual = gc.get_threshold()
    gc.set_threshold(100_000, 50, 1_000)
    try:
        yield
    finally:
        gc.set_threshold(*usual)


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
