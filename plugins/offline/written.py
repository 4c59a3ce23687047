"""What the room must know of a file that a build wrote."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol, TypeAlias


class WrittenFile(Protocol):
    """Size in bytes and SHA-256 in hex."""

    @property
    def size(self) -> int: ...

    @property
    def sha256(self) -> str: ...


Files: TypeAlias = Mapping[str, WrittenFile]
"""The files of the site by their paths."""
