"""What the last build of an output saw and made, and whether all of it is as it was.

Runs before anything heavy is imported: a build in which nothing changed ends here. Everything is
kept in one folder beside the output, which may be deleted at any time.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Mapping
from functools import partial
from pathlib import Path
from typing import Any, Final, NamedTuple

from plugins.cards.font import font_key
from plugins.kept_parts import Kept, changes_beside, read_parts, write_parts
from plugins.processes import beside
from plugins.site.snapshot import Row, Snapshot, changes, digest, row_of, take

Inputs = dict[str, Snapshot]
"""Snapshots of the places that a build reads, by what they are called."""

MANY: Final = 20_000
"""To look at so many files takes longer than to start a process that does it."""


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


class Seen(NamedTuple):
    """What one look at all inputs and at the output has found.

    `kept` is what the last build noted, where that can be read, and `at` is when: the rows of its
    files and of the output's folder, which every build gives new ones. `is_still` is whether each
    file of the output is as it was left.
    """

    at: tuple[Row | None, ...]
    kept: Kept | None
    inputs: Inputs
    is_still: bool

    @property
    def noted(self) -> Mapping[str, Any] | None:
        return self.kept.parts if self.kept else None

    def is_of_now(self, memory: Memory) -> bool:
        """Whether no build has run since. Inputs may have changed: they always may."""
        return self.at == _when(memory)


def see(memory: Memory, places: Mapping[str, Path]) -> Seen:
    """Look at everything once; only files that are not as they were are read."""
    at = _when(memory)
    index = read_index(memory)
    if index is None:
        return Seen(at, None, take_inputs(places, {}), is_still=False)
    outputs = index.parts["outputs"]
    is_as_left = partial(is_still, str(memory.output), outputs)
    with beside(is_as_left, 0 if len(outputs) >= MANY else 1) as still:
        return Seen(at, index, take_inputs(places, inputs_of(index)), still())


def _when(memory: Memory) -> tuple[Row | None, ...]:
    files = changes_beside(memory.index)
    return _row(memory.index), _row(files), _row(memory.output)


def said_if_unchanged(seen: Seen, world: str, content: Path) -> str | None:
    """The summary of the last build, if every input and every output is as it was then."""
    index = seen.noted
    if index is None or index["world"] != world or index["head"] != head_of(content):
        return None
    if index["roots"].keys() != seen.inputs.keys() or not seen.is_still:
        return None
    # By content: a touched file, and a folder in which Python keeps code, say what they said.
    if any(one.hashes != index[f"hashes {name}"] for name, one in seen.inputs.items()):
        return None
    return str(index["said"])


def is_still(root: str, rows: Mapping[str, Row]) -> bool:
    """Whether every row is as it was. A new or lost entry shows in the row of its folder."""
    return not changes(root, rows) if rows else not os.path.lexists(root)


def read_index(memory: Memory) -> Kept | None:
    index = read_parts(memory.index)
    return index if index is not None and index.parts.get("format") == FORMAT else None


FORMAT = 7
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
