"""What a build sees of its inputs and of what it left behind: before it does anything, and again
when it is done.

After an edit of one of many schools, most of a build is to ask the system about a hundred thousand
files that nobody has touched. A companion asks for half of them. It is there before anything heavy
is loaded, reads for itself what the last build noted, and stays until it was asked the last thing:
forked later, or of a process that knows that already, it would cost as much as it saves.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any, Final, NamedTuple

from plugins.kept_parts import Kept, changes_beside
from plugins.processes import Companion
from plugins.site.remembered import (
    Inputs,
    Memory,
    head_of,
    inputs_of,
    read_index,
    row_at,
    take_inputs,
)
from plugins.site.snapshot import Row, Snapshot, changes, is_still
from plugins.whole_file import read_whole

_LARGE: Final = 4_000_000
"""Bytes of an index of about 50,000 files: to look at these takes longer than a companion costs."""

When = tuple[Row | None, ...]
Rows = Mapping[str, Row]


class Seen(NamedTuple):
    """What one look at all inputs and at the output has found.

    `kept` is what the last build noted, where that can be read, and `at` is when: the rows of its
    files and of the output's folder, which every build gives new ones. `is_still` is whether each
    file of the output is as it was left. `lookout` looks at more; it is to be closed.
    """

    at: When
    kept: Kept | None
    inputs: Inputs
    is_still: bool
    lookout: Lookout

    @property
    def noted(self) -> Mapping[str, Any] | None:
        return self.kept.parts if self.kept else None

    def is_of_now(self, memory: Memory) -> bool:
        """Whether no build has run since. Inputs may have changed: they always may."""
        return self.at == _when(memory)


def see(memory: Memory, places: Mapping[str, Path]) -> Seen:
    """Look at everything once; only files that are not as they were are read."""
    at = _when(memory)
    many = at[0] is not None and at[0][1] >= _LARGE
    companion = Companion(partial(_skills, memory), 0 if many else 1)
    try:
        output_is_still = companion.ask("output")
        index = read_index(memory)
        before = inputs_of(index)
        inputs = take_inputs(places, before)
        still = index is not None and _output_is_still(memory, index, at, output_is_still)
        return Seen(at, index, inputs, still, Lookout(memory, before, inputs, companion))
    except BaseException:
        companion.close()
        raise


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


def _when(memory: Memory) -> When:
    files = changes_beside(memory.index)
    return row_at(memory.index), row_at(files), row_at(memory.output)


def _output_is_still(
    memory: Memory, index: Kept, at: When, told: Callable[[], tuple[When, bool] | None]
) -> bool:
    if (found := told()) is None:
        return is_still(str(memory.output), index.parts["outputs"])
    when, still = found
    return still and when == at


class Lookout:
    """Looks again, at what may have changed since `inputs` were taken, which were as in `before`
    or have changed."""

    def __init__(
        self, memory: Memory, before: Inputs, inputs: Inputs, companion: Companion
    ) -> None:
        self._memory, self._before, self._inputs = memory, before, inputs
        self._companion = companion
        self._standby: Callable[[], list[str] | None] = lambda: None

    def begin_with_standby(self) -> None:
        """Look at the standby tree, which nobody but a build changes, before it is needed."""
        self._standby = self._companion.ask("standby")

    def standby_changes(self, folders: Rows) -> list[str]:
        """The folders of the standby tree that are not as its mark said, which was this."""
        found = self._standby()
        return changes(str(self._memory.standby), folders) if found is None else found

    def begin_with_inputs(self) -> Callable[[], list[str]]:
        """Look at the inputs once more; gives what tells which places hold something that is not
        as it was."""
        since = {
            name: {path: now.rows.get(path) for path in now.changed}
            for name, now in self._inputs.items()
            if name in self._before and now.changed is not None
        }
        told = self._companion.ask("inputs", since)

        def moved() -> list[str]:
            found = told()
            here = self._inputs.keys() - (since if found is not None else {}).keys()
            return [
                *(found or ()),
                *(name for name in here if not is_still(*self._inputs[name].place)),
            ]

        return moved

    def close(self) -> None:
        self._companion.close()


def _skills(memory: Memory) -> Mapping[str, Callable[..., Any]]:
    """What a companion can be asked."""
    at = _when(memory)
    index = read_index(memory)
    outputs = index.parts["outputs"] if index else {}
    return {
        "output": lambda: (at, is_still(str(memory.output), outputs)),
        "standby": lambda: _marked_changes(memory),
        "inputs": lambda since: _moved(inputs_of(index), since),
    }


def _marked_changes(memory: Memory) -> list[str] | None:
    folders = read_whole(memory.mark)
    return changes(str(memory.standby), folders) if isinstance(folders, dict) else None


def _moved(before: Inputs, since: Mapping[str, Mapping[str, Row | None]]) -> list[str]:
    return [name for name, rows in since.items() if not _is_as(before[name], rows)]


def _is_as(before: Snapshot, since: Mapping[str, Row | None]) -> bool:
    """Whether a place is as it was `before`, but for the rows that were taken `since`."""
    root = before.root
    changed = changes(root, before.rows) if before.rows else [""] * os.path.lexists(root)
    there = {path: row for path, row in since.items() if row is not None}
    gone = since.keys() - there.keys()
    return (
        since.keys() >= set(changed)
        and not changes(root, there)
        and not any(os.path.lexists(f"{root}/{path}" if path else root) for path in gone)
    )
