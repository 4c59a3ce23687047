"""A disk that can be made full: a small file system of its own, whose size is changed at will."""

from __future__ import annotations

import os
import resource
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

PAGE = 4096


class SmallDisk:
    """`folder` lies on a file system that holds so many bytes as `leave` says."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def used(self) -> int:
        facts = os.statvfs(self.folder)
        return (facts.f_blocks - facts.f_bfree) * facts.f_frsize

    def leave(self, free: int) -> None:
        """From now on there is room for `free` bytes more, rounded up to whole pages."""
        self.hold(self.used() + free)

    def hold(self, most: int) -> None:
        """From now on there is room for `most` bytes in all, rounded up to whole pages."""
        size = max(PAGE, -(-most // PAGE) * PAGE)  # 0 would mean: no limit
        command = ["mount", "-o", f"remount,size={size}", str(self.folder)]
        subprocess.run(command, check=True, capture_output=True)


@contextmanager
def small_disk(folder: Path, size: int) -> Iterator[SmallDisk]:
    """A tmpfs of `size` bytes mounted on `folder`; skips the test where nobody may mount."""
    folder.mkdir(parents=True, exist_ok=True)
    command = ["mount", "-t", "tmpfs", "-o", f"size={size},mode=755", "tmpfs", str(folder)]
    if os.geteuid() != 0 or subprocess.run(command, check=False, capture_output=True).returncode:
        pytest.skip("这里不能挂载小磁盘（要 root）；文件大小受限的测试仍然运行")
    try:
        yield SmallDisk(folder)
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def no_file_larger(limit: int) -> Iterator[None]:
    """Every write beyond `limit` bytes of a file fails, as on a disk that has become full."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
