"""What the last build of an output saw and made, and whether all of it is as it was.

Runs before anything heavy is imported: a build in which nothing changed ends here. Everything is
kept in one folder beside the output, which may be deleted at any time.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from plugins.cards.font import font_key
from plugins.site.snapshot import Row, Snapshot, digest, row_of, take
from plugins.whole_file import read_whole, write_whole

Inputs = dict[str, Snapshot]
"""Snapshots of the places that a build reads, by what they are called."""


class Memory:
    """The folder beside `output` in which a build keeps what it knows.

    `index` holds the rows of all inputs and outputs; `state` what was made of what; `mark` is
    there while the standby tree is as the output is; `ledger` lists the files that are ours.
    """

    def __init__(self, output: str | os.PathLike[str]) -> None:
        self.output = Path(os.path.abspath(output))
        self.folder = self.output.with_name(f".{self.output.name}.build")
        self.index = self.folder / "index"
        self.state = self.folder / "state"
        self.mark = self.folder / "alike"
        self.ledger = self.folder / "ledger"
        self.records = self.folder / "records"
        self.records_index = self.folder / "records-index"


def places_of(project: Path, content: Path, theme: Path, demo: Path | None) -> dict[str, Path]:
    """Every place whose files a build reads. Code is one of them: other code, other pages."""
    places = {
        "content": content,
        "theme": theme,
        "plugins": project / "plugins",
        "pelicanconf": project / "pelicanconf.py",
        "publishconf": project / "publishconf.py",
        "admin": project / "admin",
    }
    return places | ({"demo": demo} if demo else {})


def take_inputs(places: Mapping[str, Path], before: Inputs) -> Inputs:
    """Look at every place; files that are as they were are not read again."""
    return {name: take(str(place), before.get(name)) for name, place in places.items()}


def world_of(today: str, options: Iterable[object]) -> str:
    """A digest of what is no file of ours and bears on every page: the day, settings, library
    versions, the font of the cards."""
    packages = []
    for folder in sys.path:
        if folder.endswith("-packages") and os.path.isdir(folder):
            found = row_of(os.stat(folder))
            packages.append((folder, found[2], found[3]))
    return digest(
        today,
        tuple(options),
        os.environ.get("SITE_URL"),
        os.environ.get("ADMIN_FORM"),
        os.environ.get("OFFLINE_WORKER"),
        sys.version,
        packages,
        font_key(),
    )


def head_of(content: Path) -> str:
    """What the commit of the repository around `content` is known by; nothing without one.

    Reads git's files and asks nobody. What it cannot read it answers with the row of.
    """
    for folder in (content, *content.parents):
        git = folder / ".git"
        if not os.path.lexists(git):
            continue
        try:
            if not git.is_dir():
                git = folder / git.read_text("utf-8").removeprefix("gitdir:").strip()
            common = git / "commondir"
            shared = git / common.read_text("utf-8").strip() if common.exists() else git
            head = (git / "HEAD").read_text("utf-8").strip()
            name = head.removeprefix("ref: ")
            rows = [
                _row(place)
                for place in (shared / "packed-refs", shared / "shallow", shared / "reftable")
            ]
            for base in (git, shared):
                if (base / name).is_file():
                    return repr((head, (base / name).read_text("utf-8").strip(), rows))
            return repr((head, rows))
        except (OSError, ValueError):
            return UNREADABLE
    return ""


UNREADABLE = "unreadable"


def _row(place: Path) -> Row | None:
    try:
        return row_of(os.lstat(place))
    except OSError:
        return None


def said_if_unchanged(memory: Memory, places: Mapping[str, Path], world: str) -> str | None:
    """The summary of the last build, if every input and every output is as it was then."""
    index = read_index(memory)
    if index is None or index["world"] != world or index["head"] != head_of(places["content"]):
        return None
    known: dict[str, Any] = index["inputs"]
    if {name: str(place) for name, place in places.items()} != {
        name: snapshot[0] for name, snapshot in known.items()
    }:
        return None
    for root, rows, _ in known.values():
        if not is_still(root, rows):
            return None
    if not is_still(str(memory.output), index["outputs"]):
        return None
    return str(index["said"])


def is_still(root: str, rows: Mapping[str, Row]) -> bool:
    """Whether every row is as it was. A new or lost entry shows in the row of its folder."""
    lstat = os.lstat
    if not rows:
        return not os.path.lexists(root)
    try:
        for path, row in rows.items():
            found = lstat(f"{root}/{path}" if path else root)
            if (found.st_mode, found.st_size, found.st_mtime_ns, found.st_ino) != row:
                return False
    except OSError:
        return False
    return True


def read_index(memory: Memory) -> dict[str, Any] | None:
    index = read_whole(memory.index)
    return index if isinstance(index, dict) and index.get("format") == FORMAT else None


FORMAT = 2
"""Raised when what is kept changes its shape; what an older build kept is then forgotten."""


def inputs_of(index: Mapping[str, Any] | None) -> Inputs:
    """The snapshots that an index holds."""
    found = index["inputs"] if index else {}
    return {name: Snapshot(*plain) for name, plain in found.items()}


def write_index(
    memory: Memory, world: str, head: str, inputs: Inputs, outputs: Mapping[str, Row], said: str
) -> None:
    write_whole(
        memory.index,
        {
            "format": FORMAT,
            "world": world,
            "head": head,
            "inputs": {name: snapshot.plain() for name, snapshot in inputs.items()},
            "outputs": outputs,
            "said": said,
        },
    )
