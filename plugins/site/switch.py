"""Let a finished tree and the published one change places, in one step.

The old tree stays whole until the new one stands: on Linux both names are exchanged by a single
system call; elsewhere three renames do it, each of which can be undone.
"""

from __future__ import annotations

import ctypes
import errno
import os
from pathlib import Path

_RENAME_EXCHANGE = 2
_AT_FDCWD = -100


def switch(staging: Path, output: Path) -> None:
    """Make `staging` be `output`; what stood there before, if anything, is `staging` then.

    Both must lie in one file system. Raises OSError and leaves `output` as it was if it cannot.
    """
    if not output.exists():
        os.rename(staging, output)
        return
    if not _exchange(staging, output):
        aside = output.with_name(f".{output.name}.old-{os.getpid()}")
        os.rename(output, aside)
        try:
            os.rename(staging, output)
        except OSError:
            os.rename(aside, output)
            raise
        os.rename(aside, staging)


def _exchange(one: Path, other: Path) -> bool:
    """Exchange two names atomically; False where the system has no such call."""
    libc = ctypes.CDLL(None, use_errno=True)
    if not hasattr(libc, "renameat2"):
        return False
    result = libc.renameat2(
        _AT_FDCWD, os.fsencode(one), _AT_FDCWD, os.fsencode(other), _RENAME_EXCHANGE
    )
    if result == 0:
        return True
    code = ctypes.get_errno()
    if code in (errno.ENOSYS, errno.EINVAL):
        return False
    raise OSError(code, os.strerror(code), str(other))
