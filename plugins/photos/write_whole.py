"""Write a file of the cache so that nobody ever sees a part of it."""

import os
from pathlib import Path


def write_whole(path: Path, content: bytes) -> None:
    """The file appears under its name when it is complete; two writers may do this at once.

    Raises OSError, and then leaves nothing behind.
    """
    # Not tempfile: its files are readable by the owner alone, and copies of these are published.
    temporary = path.with_name(f".{path.name}.{os.urandom(8).hex()}")
    try:
        with temporary.open("xb") as file:
            file.write(content)
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
