"""Large dicts that change little from one build to the next, kept at the price of what has changed.

They lie in a file, and what has changed of them since it was written lies in another beside it. The
second is written again each time until it has grown too large; then the first is. Either alone is
as good as none.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from itertools import compress, repeat
from operator import is_not
from pathlib import Path
from typing import Any, Final, NamedTuple

from plugins.whole_file import read_whole, write_whole

Changes = dict[str, tuple[dict[Any, Any], set[Any]]]
"""By part: the values that are new or other, and the keys that are gone."""
Plain = Callable[[Any], Any]

_MANY: Final = 20_000
"""Fewer entries are written faster than they are compared."""
_PORTION: Final = 4
"""So small a part of all entries may have changed before all are written anew."""
_NOTHING: Any = object()


class Kept(NamedTuple):
    """What was read. `parts` are dicts, or values that are written each time; `changes` is what
    has changed of the dicts since the file with this `name` was written."""

    parts: dict[str, Any]
    name: str
    changes: Changes


def read_parts(file: str | os.PathLike[str]) -> Kept | None:
    """What `write_parts` was given; None where that is missing or damaged."""
    whole, later = read_whole(file), read_whole(changes_beside(file))
    if not isinstance(whole, dict) or not isinstance(later, dict) or "parts" not in whole:
        return None
    if whole["name"] != later["name"]:
        return None
    parts, changes = whole["parts"], later["changes"]
    parts.update(later["values"])
    for part, (updates, gone) in changes.items():
        for key in gone:
            parts[part].pop(key, None)
        parts[part].update(updates)
    return Kept(parts, whole["name"], changes)


def write_parts(
    file: str | os.PathLike[str],
    parts: Mapping[str, Any],
    last: Kept | None,
    plain: Mapping[str, Plain] | None = None,
) -> None:
    """Keep these parts. `last` is what lies in the file now, as it was read from it, if it was.

    The values of a dict must be plain, or become so by what `plain` has for the part.
    """
    plain = plain or {}
    changes = _changes(parts, last, plain) if last is not None else None
    if last is not None and changes is not None:
        values = {part: value for part, value in parts.items() if not isinstance(value, dict)}
        write_whole(changes_beside(file), {"name": last.name, "values": values, "changes": changes})
        return
    name = os.urandom(8).hex()
    whole = {part: _plain(value, plain.get(part)) for part, value in parts.items()}
    write_whole(file, {"name": name, "parts": whole})
    write_whole(changes_beside(file), {"name": name, "values": {}, "changes": {}})


def changes_beside(file: str | os.PathLike[str]) -> Path:
    """Where it is kept what has changed since the file was written."""
    return Path(f"{os.fspath(file)}-changes")


def _plain(value: Any, plain: Plain | None) -> Any:
    return value if plain is None else {key: plain(one) for key, one in value.items()}


def _changes(parts: Mapping[str, Any], last: Kept, plain: Mapping[str, Plain]) -> Changes | None:
    """What has changed since the file was written; None where all of it is better written anew."""
    dicts = {part: value for part, value in parts.items() if isinstance(value, dict)}
    total = sum(map(len, dicts.values()))
    if total < _MANY or parts.keys() != last.parts.keys():
        return None
    changes: Changes = {}
    for part, now in dicts.items():
        before = last.parts[part]
        # Of hundreds of thousands of entries nearly all hold the very objects that were read.
        olds = map(before.get, now, repeat(_NOTHING))
        others = compress(now, map(is_not, olds, now.values()))
        new = {key: now[key] for key in others if before.get(key, _NOTHING) != now[key]}
        added = sum(key not in before for key in new)
        lost = before.keys() - now.keys() if len(now) - added < len(before) else set()
        updates, gone = last.changes.get(part, ({}, set()))
        updates = {key: value for key, value in updates.items() if key in now}
        updates |= _plain(new, plain.get(part))
        gone = (gone | lost) - now.keys()
        changes[part] = updates, gone
    changed = sum(len(updates) + len(gone) for updates, gone in changes.values())
    return changes if changed * _PORTION <= total else None
