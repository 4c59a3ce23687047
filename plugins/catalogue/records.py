"""What reading and checking gave, kept by the content that was read.

Most of a country's files are as they were the last time. What came of a file (its record, its
problems) depends on its bytes, on the rules and on the day, and on a few facts about its school;
all of these make its key. Records lie one after another in a file, each with a checksum, and are
read one at a time when somebody asks; an index of them lies beside it. Any damage counts as absence
while loading, and raises `RecordsDamaged` later: then the content is read from the start.
"""

from __future__ import annotations

import os
import pickle
from _blake2 import blake2b
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

from plugins.catalogue.copied_text import Compared, Text
from plugins.catalogue.problem import Problem
from plugins.catalogue.read_profile import Profile
from plugins.kept_parts import read_parts, write_parts
from plugins.photos import PhotoFacts

_CHECK_BYTES = 16
_FEW = 20
"""Folders that are sooner looked for one by one among all paths."""


class RecordsDamaged(Exception):
    """A record that the index names is not there whole."""


class Folder(NamedTuple):
    """What came of one school's folder. `key` names its profile's record, where `has_profile`.

    `line` is that of the first section; `clauses` and `lengths` are of its text, for comparison
    (see `copied_text.Text`).
    """

    key: str
    has_profile: bool
    problems: tuple[Problem, ...]
    photos: Mapping[str, PhotoFacts]
    line: int
    clauses: bytes
    lengths: bytes


class Since(NamedTuple):
    """The paths of the content whose files or folders have `changed` since `save`, which is what
    `Records.save` returned then."""

    save: str
    changed: Collection[str]

    def touches(self, *places: str) -> bool:
        """Whether something has changed at one of these paths or below."""
        below = tuple(f"{place}/" for place in places)
        return any(path in places or path.startswith(below) for path in self.changed)

    def folders(self) -> frozenset[str]:
        """The schools' folders at which or below which something has changed."""
        parts = (path.split("/", 3) for path in self.changed)
        return frozenset("/".join(three[:3]) for three in parts)


class Records:
    """The records in `folder` that were made in the same `world`: same code, same day.

    `hashes` are of the content's files, and say what is no file, by path. `since` tells which of
    these have changed, where that is known. `processes` may read at the same time, as many as there
    are processors by default. Nothing is written before `save`, but
    for records at the end of the file, which an index that is not saved never names.

    `note` is asked of every profile that is read and kept; what it says is in `noted`, by key.
    """

    note: Callable[[Profile], Any] | None = None

    def __init__(
        self,
        folder: Path,
        world: str,
        hashes: Mapping[str, str],
        processes: int = 0,
        since: Since | None = None,
        note: Callable[[Profile], Any] | None = None,
    ) -> None:
        self.note = note
        self._index, self._data = folder / "records-index", folder / "records"
        kept = read_parts(self._index)
        self._kept = kept if kept is not None and kept.parts.get("world") == world else None
        known = self._kept.parts if self._kept else {}
        self._begin(world, hashes, processes, since, known)
        self._file = self._open(known)
        self._end = os.fstat(self._file).st_size

    def _open(self, known: Mapping[str, Any]) -> int:
        flags = os.O_RDWR | os.O_CREAT | (0 if known else os.O_TRUNC)
        return os.open(self._data, flags, 0o644)

    def _begin(
        self,
        world: str,
        hashes: Mapping[str, str],
        processes: int,
        since: Since | None,
        known: Mapping[str, Any],
    ) -> None:
        self.processes = processes
        self.world = world
        self.hashes = hashes
        self._by_folder: dict[str, list[tuple[str, str]]] | None = None
        # Copies, to be added to: what was read must remain as it was.
        self._places: dict[str, tuple[int, int]] = dict(known.get("places", {}))
        self._folders: dict[str, tuple[Any, ...]] = dict(known.get("folders", {}))
        self._used: dict[str, tuple[int, int]] = {}
        self._used_folders: dict[str, tuple[Any, ...]] = {}
        self._changed = not known
        self.noted: dict[str, Any] = {}
        # By folder: texts of the last build that somebody has made already.
        self.texts_before: dict[str, Text] = {}
        self._before: Mapping[str, tuple[Any, ...]] = known.get("folders", {})
        self._copied: tuple[tuple[Any, ...], ...] | None = known.get("copied")
        self._compared: list[Problem] | None = None
        self._save_name: str = known.get("name", "")
        self._is_whole, self._was_whole = False, bool(known.get("whole"))
        self._since = since
        if since is None or since.save != self._save_name or not self._was_whole:
            self._since = None

    @cached_property
    def reference_digest(self) -> str:
        """Of all reference tables."""
        files = [item for item in self.hashes.items() if item[0].startswith("reference")]
        return digest_of(sorted(files))

    def close(self) -> None:
        os.close(self._file)

    def files_of(self, folder: str) -> list[tuple[str, str]]:
        """Name and hash of everything that lies in a school's folder, sorted."""
        if self._untouched is not None and len(self._touched_folders) <= _FEW:
            # A list of all would cost more than to look for each.
            here = f"{folder}/"
            return sorted(
                (path[len(here) :], found)
                for path, found in self.hashes.items()
                if path.startswith(here)
            )
        if self._by_folder is None:
            self._by_folder = {}
            for path, content_hash in self.hashes.items():
                if path.startswith("schools/"):
                    parts = path.split("/", 3)
                    if len(parts) == 4:
                        here = "/".join(parts[:3])
                        self._by_folder.setdefault(here, []).append((parts[3], content_hash))
        return sorted(self._by_folder.get(folder, []))

    def as_it_was(self, folder: str) -> Folder | None:
        """What came of a school's folder, where nothing that this was made of has changed; None
        where that is not known."""
        if self._untouched is None or folder in self._touched_folders:
            return None
        return self.folder(folder, None)

    def all_as_they_were(self, province: str) -> Iterator[tuple[str, Folder]] | None:
        """What came of the schools' folders of a province in which nothing has changed, in their
        order; None where that is not known. Raises RecordsDamaged."""
        if self._untouched is None or f"schools/{province}" not in self._untouched:
            return None
        return self._all_of(self._untouched[f"schools/{province}"])

    def _all_of(self, folders: Sequence[str]) -> Iterator[tuple[str, Folder]]:
        before, places, used, used_folders = (
            self._before, self._places, self._used, self._used_folders,
        )  # fmt: skip
        for path in sorted(folders):
            found = used_folders[path] = before[path]
            if found[1]:
                key = found[0]
                if key not in places:
                    raise RecordsDamaged(path)
                used[key] = places[key]
            yield path, _folder(found)

    @cached_property
    def _touched_folders(self) -> frozenset[str]:
        return self._since.folders() if self._since else frozenset()

    @cached_property
    def _untouched(self) -> Mapping[str, Sequence[str]] | None:
        """The folders of each province in which nothing has changed; None if anything may have."""
        if self._since is None or self._since.touches("reference", "registry"):
            return None
        found: dict[str, list[str]] = {}
        for path in self._before:
            found.setdefault(path.rpartition("/")[0], []).append(path)
        return {place: paths for place, paths in found.items() if not self._since.touches(place)}

    def get(self, key: str) -> Any:
        """The record `key`; None where there is none. Raises RecordsDamaged."""
        place = self._places.get(key)
        if place is None:
            return None
        self._used[key] = place
        data = self._read(key, place)
        if _check(key, data[_CHECK_BYTES:]) != data[:_CHECK_BYTES]:
            raise RecordsDamaged(key)
        return pickle.loads(data[_CHECK_BYTES:])  # noqa: S301 - our own, and its checksum was right

    def _read(self, key: str, place: tuple[int, int]) -> bytes:
        offset, size = place
        return os.pread(self._file, size, offset)

    def put(self, key: str, value: object) -> None:
        self.put_pickled(key, pickle.dumps(value, protocol=5))

    def put_pickled(self, key: str, data: bytes) -> None:
        whole = _check(key, data) + data
        os.pwrite(self._file, whole, self._end)
        self._places[key] = self._used[key] = (self._end, len(whole))
        self._end += len(whole)
        self._changed = True

    def folder(self, path: str, key: str | None) -> Folder | None:
        """What came of the folder `path` when its key was `key`; at the last build without one."""
        found = self._folders.get(path)
        if found is None or key not in (None, found[0]):
            return None
        return _folder(found) if self._keep_folder(path, found) else None

    def _keep_folder(self, path: str, found: tuple[Any, ...]) -> bool:
        """Whether what came of a folder is here whole; it is kept then."""
        key, has_profile = found[0], found[1]
        if has_profile:
            if key not in self._places:
                return False
            self._used[key] = self._places[key]
        self._used_folders[path] = found
        return True

    def put_folder(self, path: str, folder: Folder) -> None:
        self._changed = True
        self._folders[path] = self._used_folders[path] = (
            folder.key,
            folder.has_profile,
            tuple(map(_plain, folder.problems)),
            pickle.dumps(dict(folder.photos)) if folder.photos else b"",
            folder.line,
            folder.clauses,
            folder.lengths,
        )  # fmt: skip

    def compared(self) -> Compared | None:
        """What came of comparing the texts of all folders with each other the last time."""
        if self._copied is None:
            return None
        texts = {text.path: text for text in self.texts_before.values()}
        for path in self._before.keys() - self.texts_before.keys():
            _, has_profile, _, _, *text = self._before[path]
            if has_profile:
                texts[f"{path}/profile.md"] = Text(f"{path}/profile.md", *text)
        return Compared(texts, [_problem(*plain) for plain in self._copied])

    def take_stock(self, texts: Collection[Text], compared: list[Problem], *, whole: bool) -> None:
        """All that was found: the `texts` that were compared, what came of it, and whether the
        `whole` of what lies in the schools' folders is kept here."""
        kept = sum(has_profile for _, has_profile, *_ in self._used_folders.values())
        all_kept = kept == len(texts) and all(
            text.path.removesuffix("/profile.md") in self._used_folders for text in texts
        )
        self._compared = compared if all_kept else None
        self._is_whole = whole and all_kept

    def keep(self, key: str) -> bool:
        """Whether there is such a record; it is kept although nobody opens it."""
        if key in self._places:
            self._used[key] = self._places[key]
            return True
        return False

    def save(self) -> str:
        """Keep what was asked for or put since the records were opened, and forget the rest.

        What is returned names this state of the records, to be given back in `Since`.
        """
        if (
            not self._changed
            and self._save_name
            and self._used.keys() == self._places.keys()
            and self._used_folders.keys() == self._before.keys()
            and self._is_whole == self._was_whole
            and self._plain_compared() == self._copied
        ):
            return self._save_name
        live = sum(size for _, size in self._used.values())
        if self._end > 2 * live + (1 << 20):
            self._compact()
        self._save_name = os.urandom(8).hex()
        write_parts(self._index, self._plain(self._save_name), self._kept)
        self._kept = None
        self._changed = False
        return self._save_name

    def _plain(self, name: str) -> dict[str, Any]:
        return {
            "world": self.world,
            "places": self._used,
            "folders": self._used_folders,
            "copied": self._plain_compared(),
            "whole": self._is_whole,
            "name": name,
        }

    def _plain_compared(self) -> tuple[tuple[Any, ...], ...] | None:
        return None if self._compared is None else tuple(map(_plain, self._compared))

    def _compact(self) -> None:
        temporary = self._data.with_name(f"{self._data.name}.{os.getpid()}.tmp")
        file = os.open(temporary, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o644)
        end = 0
        moved = {}
        for key, (offset, size) in self._used.items():
            os.pwrite(file, os.pread(self._file, size, offset), end)
            moved[key] = (end, size)
            end += size
        # The old index names places of the old file, so it goes first.
        self._index.unlink(missing_ok=True)
        self._kept = None
        temporary.replace(self._data)
        os.close(self._file)
        self._file, self._end, self._used = file, end, moved
        self._places = dict(moved)


class ReadRecords(Records):
    """The records of a finished build for one who only looks on: nothing is written, what is put
    stays in memory, and what was opened once is kept there."""

    def __init__(
        self, folder: Path, world: str, hashes: Mapping[str, str], since: Since | None = None
    ) -> None:
        self._put: dict[str, bytes] = {}
        self._opened: dict[str, Any] = {}
        super().__init__(folder, world, hashes, 1, since)

    def _open(self, known: Mapping[str, Any]) -> int:
        return os.open(self._data, os.O_RDONLY)

    def get(self, key: str) -> Any:
        if key not in self._opened:
            if (found := super().get(key)) is None:
                return None
            self._opened[key] = found
        self.keep(key)
        return self._opened[key]

    def _read(self, key: str, place: tuple[int, int]) -> bytes:
        return self._put[key] if key in self._put else super()._read(key, place)

    def put_pickled(self, key: str, data: bytes) -> None:
        self._put[key] = _check(key, data) + data
        self._places[key] = self._used[key] = (0, len(self._put[key]))

    def save(self) -> str:
        raise TypeError("records that are only read cannot be saved")

    def after(self, hashes: Mapping[str, str], changed: Collection[str]) -> ReadRecords:
        """The same after the paths `changed` have changed, for content that was loaded from these
        records whole."""
        following = object.__new__(ReadRecords)
        following._index, following._data, following._file = self._index, self._data, self._file
        following._put, following._opened = self._put, self._opened
        known = self._plain("loaded")
        following._begin(self.world, hashes, 1, Since("loaded", changed), known)
        return following


def _folder(found: tuple[Any, ...]) -> Folder:
    key, has_profile, problems, photos, line, clauses, lengths = found
    if not problems and not photos:
        return Folder(key, has_profile, (), {}, line, clauses, lengths)
    found_problems = tuple(_problem(*plain) for plain in problems) if problems else ()
    found_photos = pickle.loads(photos) if photos else {}  # noqa: S301 - as above
    return Folder(key, has_profile, found_problems, found_photos, line, clauses, lengths)


def _plain(problem: Problem) -> tuple[Any, ...]:
    p = problem
    return p.path, p.line, p.code, p.severity, p.message, p.fix, p.column


def _problem(*plain: Any) -> Problem:
    *rest, column = plain
    return Problem(*rest, column=column)


def _check(key: str, data: bytes) -> bytes:
    digest = blake2b(data, digest_size=_CHECK_BYTES)
    digest.update(key.encode())
    return digest.digest()


def digest_of(*parts: object) -> str:
    """One hash of values whose `repr` tells all of them."""
    return blake2b(repr(parts).encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()
