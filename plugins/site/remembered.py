"""What the last build of an output saw and made, and whether all of it is as it was.

Runs before anything heavy is imported: a build in which nothing changed ends here. Everything is
kept in one folder beside the output, which may be deleted at any time.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Final

from plugins.cards.font import font_key
from plugins.kept_parts import Kept, read_parts, write_parts
from plugins.site.snapshot import Row, Snapshot, digest, row_of, take

Inputs = dict[str, Snapshot]
"""Snapshots of the places that a build reads, by what they are called."""


class Memory:
    """The folder beside `output` in which a build keeps what it knows.

    `index` holds the rows of all inputs and outputs; `state` what was made of what; `mark` is
    there while the `standby` tree is as the output is; `ledger` lists the files that are ours.
    """

    def __init__(self, output: str | os.PathLike[str]) -> None:
        self.output = Path(os.path.abspath(output))
        self.standby = self.output.with_name(f".{self.output.name}.standby")
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
                row_at(place)
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


def row_at(place: Path) -> Row | None:
    """The row of one file; None where there is none."""
    try:
        return row_of(os.lstat(place))
    except OSError:
        return None


def read_index(memory: Memory) -> Kept | None:
    index = read_parts(memory.index)
    return index if index is not None and index.parts.get("format") == FORMAT else None


FORMAT: Final = 7
"""Raised when what is kept changes its shape; what an older build kept is then forgotten."""


def inputs_of(index: Kept | None) -> Inputs:
    """The snapshots that an index holds."""
    parts = index.parts if index else {"roots": {}}
    return {
        name: Snapshot(root, parts[f"rows {name}"], parts[f"hashes {name}"])
        for name, root in parts["roots"].items()
    }


def write_index(
    memory: Memory,
    last: Kept | None,
    world: str,
    head: str,
    inputs: Inputs,
    outputs: Mapping[str, Row],
    records: str,
    said: str,
) -> None:
    """`last` is the index that was read before; `records` names the state of the records of what
    these inputs hold."""
    parts: dict[str, Any] = {
        "format": FORMAT,
        "world": world,
        "head": head,
        "roots": {name: snapshot.root for name, snapshot in inputs.items()},
        "outputs": outputs,
        "records": records,
        "said": said,
    }
    for name, snapshot in inputs.items():
        parts[f"rows {name}"], parts[f"hashes {name}"] = snapshot.rows, snapshot.hashes
    write_parts(memory.index, parts, last)
