"""The list of the files that are ours: what a build wrote into its output, by path."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from plugins.site.remembered import Memory
from plugins.whole_file import read_whole, write_whole


@dataclass(frozen=True, slots=True)
class Written:
    """Size in bytes and SHA-256 of one file of the output."""

    size: int
    sha256: str


def written(data: bytes) -> Written:
    """What is noted of a file of these bytes."""
    return Written(len(data), hashlib.sha256(data).hexdigest())


def ledger_of(output: Path) -> Path:
    """Where the list of the files that we wrote into `output` is kept: beside it, never inside."""
    return Memory(output).ledger


def files_below(folder: Path) -> list[str]:
    """Every file below a folder, as sorted relative paths; links count as files."""
    found: list[str] = []
    waiting = [""]
    while waiting:
        place = waiting.pop()
        with os.scandir(os.path.join(folder, place)) as entries:
            for entry in entries:
                inside = waiting if entry.is_dir(follow_symlinks=False) else found
                inside.append(os.path.join(place, entry.name))
    return sorted(found)


def read_ledger(file: Path) -> dict[str, Written]:
    """The ledger that an earlier run saved; empty when there is none that can be read."""
    entries = read_whole(file)
    if not isinstance(entries, dict):
        return {}
    return {name: Written(size, sha256) for name, (size, sha256) in entries.items()}


def save_ledger(file: Path, ledger: Mapping[str, Written]) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    write_whole(file, {name: (one.size, one.sha256) for name, one in sorted(ledger.items())})
