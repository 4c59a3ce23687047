"""The sources of every profile and notice as they were last published: their last good version.

`FOLDER/record.json` names the files of each unit by their SHA-256, `FOLDER/files/` holds them by
that name. The folder is never served: photos still carry here what was taken out of their copies.
Whatever stops a run in between, the record is the old one or the new one, and every file is
compared with its name before it is used.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from plugins.catalogue import Catalogue
from plugins.catalogue.last_good import LastGood, unit_of

FORMAT: Final = 1


@dataclass(frozen=True, slots=True)
class _Unit:
    """`files` are SHA-256 by content path; days are ISO 8601."""

    good_on: str
    files: Mapping[str, str]
    changed: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Accepted:
    """The store in `folder`; it need not exist."""

    folder: Path

    def remember(self, content: Path, catalogue: Catalogue, changed: Mapping[str, dt.date]) -> None:
        """Keep what the published `catalogue` was made of, and forget what no site uses.

        A unit that was set aside keeps what is known of it. `changed` gives the day of the last
        change of each file of the content. Raises OSError.
        """
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        before = self._units()
        kept = {unit_of(path) for path in catalogue.quarantined} | set(catalogue.last_good)
        units = {unit: before[unit] for unit in kept & set(before)}
        for path in _used(catalogue):
            unit = unit_of(path)
            if unit not in kept:
                files = {p: self._keep(content / p) for p in _files_of(content, unit)}
                days = {p: changed[p].isoformat() for p in files if p in changed}
                units[unit] = _Unit(catalogue.today.isoformat(), files, days)
        self._save(units)
        self._forget({digest for unit in units.values() for digest in unit.files.values()})

    def versions(self, unit: str, scratch: Path) -> Iterator[LastGood]:
        """The version of a unit that was last published, written out below `scratch`, if any."""
        known = self._units().get(unit)
        if known is None:
            return
        place = scratch / unit
        try:
            for path, digest in known.files.items():
                data = self._file(digest).read_bytes()
                if hashlib.sha256(data).hexdigest() != digest:
                    return
                file = place / path[len(unit) :].lstrip("/")
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_bytes(data)
            good_on = dt.date.fromisoformat(known.good_on)
            changed = {path: dt.date.fromisoformat(day) for path, day in known.changed.items()}
        except (OSError, ValueError):
            return
        yield LastGood(place, good_on, changed)

    def _file(self, digest: str) -> Path:
        return self.folder / "files" / digest

    def _units(self) -> dict[str, _Unit]:
        try:
            record = json.loads((self.folder / "record.json").read_text("utf-8"))
            if record["format"] != FORMAT:
                return {}
            return {unit: _Unit(**facts) for unit, facts in record["units"].items()}
        except (OSError, ValueError, KeyError, TypeError):
            return {}

    def _save(self, units: Mapping[str, _Unit]) -> None:
        record = {
            "format": FORMAT,
            "units": {unit: asdict(facts) for unit, facts in sorted(units.items())},
        }
        data = json.dumps(record, ensure_ascii=False, indent=0) + "\n"
        _write(self.folder / "record.json", data.encode())

    def _keep(self, source: Path) -> str:
        data = source.read_bytes()
        digest = hashlib.sha256(data).hexdigest()
        if not self._file(digest).exists():
            _write(self._file(digest), data)
        return digest

    def _forget(self, used: set[str]) -> None:
        for file in sorted((self.folder / "files").glob("*")):
            if file.name not in used:
                file.unlink()


def _used(catalogue: Catalogue) -> Iterator[str]:
    yield from sorted(profile.path for profile in catalogue.profiles.values())
    yield from sorted(notice.path for notice in catalogue.notices)


def _files_of(content: Path, unit: str) -> list[str]:
    if (content / unit).is_file():
        return [unit]
    return [
        f"{unit}/{file.name}"
        for file in sorted((content / unit).iterdir())
        if file.is_file() and not file.is_symlink()
    ]


def _write(file: Path, data: bytes) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    temporary = file.with_name(f".{file.name}.new")
    temporary.write_bytes(data)
    os.replace(temporary, file)
