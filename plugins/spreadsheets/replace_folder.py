"""Change several files of one folder at once: all of them or none, whatever happens meanwhile."""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from plugins.site.switch import switch
from plugins.spreadsheets.fault import WorkbookRefused


@contextmanager
def locked(content: Path) -> Iterator[None]:
    """One import at a time; what an import that was cut off has left behind is cleared away."""
    with open(content.parent / f".{content.name}.import.lock", "w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise WorkbookRefused("另一个导入正在进行，请等它结束。") from None
        for left_over in content.parent.glob(f".{content.name}.import-*"):
            shutil.rmtree(left_over, ignore_errors=True)
        yield


def replace_in_folder(content: Path, folder: Path, files: Mapping[str, str | None]) -> None:
    """Give `folder`, below `content`, the new texts of `files`; None removes a file.

    The folder's successor is made beside the content and takes its place in one step, so a crash
    leaves either the old files or the new ones. Call with the content `locked`.
    """
    staging = content.parent / f".{content.name}.import-{os.getpid()}" / folder.name
    staging.parent.mkdir()
    try:
        if folder.exists():
            shutil.copytree(folder, staging, symlinks=True)
        for name, text in files.items():
            file = staging / name
            if text is None:
                file.unlink(missing_ok=True)
                continue
            file.parent.mkdir(parents=True, exist_ok=True)
            with open(file, "wb") as stream:
                stream.write(text.encode("utf-8"))
                stream.flush()
                os.fsync(stream.fileno())
        folder.parent.mkdir(parents=True, exist_ok=True)
        switch(staging, folder)
    finally:
        shutil.rmtree(staging.parent, ignore_errors=True)
