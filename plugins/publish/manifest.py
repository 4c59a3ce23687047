"""The list of everything in a release: `manifest.json`, served with it, so anyone can check."""

from __future__ import annotations

import errno
import hashlib
import json
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any, Final

from plugins.processes import portions, spread
from plugins.site.ledger import Written, files_below, written

MANIFEST: Final = "manifest.json"
FORMAT: Final = 1

_AT_ONCE: Final = 500
"""Files that a process reads before it tells."""


class ManifestUnreadable(Exception):
    """There is no manifest, or it is not one; `str()` is the explanation in Chinese."""


@dataclass(frozen=True, slots=True)
class Counts:
    """How much a release holds. `files` and `bytes` are those of the site, without `kept`."""

    pages: int
    schools: int
    files: int
    bytes: int


@dataclass(frozen=True, slots=True)
class Quarantined:
    """A bad profile or notice: file, line and code of its first error.

    `shown` is the day (ISO 8601) on which the version that is shown instead was good; empty where
    there is none. What the file says is not repeated: it may be what nobody should read.
    """

    path: str
    line: int
    code: str
    shown: str


@dataclass(frozen=True, kw_only=True)
class Release:
    """What a manifest says of its release before it lists the files.

    `build` is the SHA-256 (first 16 digits) over names, sizes and hashes of the site's own files:
    the same site has the same build, whenever and wherever it was built. `created` is UTC, ISO
    8601. `day` (in China, ISO 8601) and `site_url` are what the site was built for.
    """

    release: str
    build: str
    created: str
    commit: str
    counts: Counts
    quarantined: tuple[Quarantined, ...] = ()
    day: str = ""
    site_url: str = ""


@dataclass(frozen=True, kw_only=True)
class Manifest(Release):
    """One release. `files` are the site's own; `kept` are hashed files of earlier releases."""

    files: Mapping[str, Written]
    kept: Mapping[str, Written]


def files_of(folder: Path) -> dict[str, Written]:
    """Size and hash of every file below `folder`, except the manifest; links are refused."""
    names = files_below(folder)
    found: dict[str, Written] = {}
    for several in spread(partial(_read_back, str(folder)), portions(names, _AT_ONCE)):
        found.update(several)
    return {name: found[name] for name in names if name != MANIFEST}


def _read_back(folder: str, names: Sequence[str]) -> list[tuple[str, Written]]:
    return [(name, written_in(f"{folder}/{name}")) for name in names]


def written_in(file: str) -> Written:
    """Size and hash of one file. Raises ManifestUnreadable for a link, and OSError."""
    try:
        place = os.open(file, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
    except OSError as failure:
        if failure.errno == errno.ELOOP:
            raise ManifestUnreadable(f"站点里不能有符号链接：{file}") from failure
        raise
    with open(place, "rb", buffering=0) as opened:
        return written(opened.read())


def make_manifest(
    files: Mapping[str, Written], *, release: str, created: str, commit: str
) -> Manifest:
    return Manifest(
        release=release,
        build=build_of(files),
        created=created,
        commit=commit,
        counts=Counts(
            pages=sum(name.endswith(".html") for name in files),
            schools=sum(school_of(name) != "" for name in files),
            files=len(files),
            bytes=sum(entry.size for entry in files.values()),
        ),
        files=files,
        kept={},
    )


def build_of(files: Mapping[str, Written]) -> str:
    lines = (f"{name}\0{entry.size}\0{entry.sha256}\n" for name, entry in sorted(files.items()))
    return hashlib.sha256("".join(lines).encode()).hexdigest()[:16]


def school_of(name: str) -> str:
    """The school whose page the file is; empty if it is none."""
    parts = name.split("/")
    is_page = len(parts) == 3 and parts[0] == "schools" and parts[2] == "index.html"
    return parts[1] if is_page else ""


def with_kept(manifest: Manifest, kept: Mapping[str, Written]) -> Manifest:
    return replace(manifest, kept={n: e for n, e in kept.items() if n not in manifest.files})


def to_bytes(manifest: Manifest) -> bytes:
    record = {
        "format": FORMAT,
        "release": manifest.release,
        "build": manifest.build,
        "created": manifest.created,
        "commit": manifest.commit,
        "day": manifest.day,
        "site_url": manifest.site_url,
        "counts": {
            "pages": manifest.counts.pages,
            "schools": manifest.counts.schools,
            "files": manifest.counts.files,
            "bytes": manifest.counts.bytes,
        },
        "quarantined": [asdict(one) for one in manifest.quarantined],
    }
    head = json.dumps(record, ensure_ascii=False, indent=0).removesuffix("\n}")
    lists = (_FILES, _entries(manifest.files), _KEPT, _entries(manifest.kept), _END)
    return b"".join((head.encode(), *lists))


def from_bytes(data: bytes, where: str) -> Manifest:
    """The manifest of `data`, read at `where`. Raises ManifestUnreadable."""
    try:
        record = json.loads(data)
        return Manifest(
            **_facts_of(record, where),
            files={name: Written(*entry) for name, entry in record["files"].items()},
            kept={name: Written(*entry) for name, entry in record["kept"].items()},
        )
    except (ValueError, KeyError, TypeError, AttributeError) as failure:
        raise ManifestUnreadable(f"{where} 不是一份完整的清单。") from failure


def _facts_of(record: Mapping[str, Any], where: str) -> dict[str, Any]:
    """The fields of a Release. Raises ManifestUnreadable, and what odd shapes raise."""
    if record["format"] != FORMAT:
        raise ManifestUnreadable(f"{where} 的格式是 {record['format']}，这里只认识 {FORMAT}。")
    return {
        "release": str(record["release"]),
        "build": str(record["build"]),
        "created": str(record["created"]),
        "commit": str(record["commit"]),
        "counts": Counts(**record["counts"]),
        "quarantined": tuple(Quarantined(**one) for one in record.get("quarantined", ())),
        "day": str(record.get("day", "")),
        "site_url": str(record.get("site_url", "")),
    }


class ManifestText:
    """A manifest as it is written, one line a file; `release` is what it says first.

    Who goes back to an earlier release needs the few lines that two manifests do not share; making
    objects of all of them takes seconds where there are hundreds of thousands.
    """

    def __init__(self, data: bytes, where: str) -> None:
        """Raises ManifestUnreadable."""
        # Each list from the line break before its first line to the one behind its last.
        head, middle = data.find(_FILES), data.find(_KEPT)
        files = (head + len(_FILES) - 1, middle)
        kept = (middle + len(_KEPT) - 1, len(data) - len(_END))
        if head < 0 or middle < head or kept[0] >= kept[1] or not data.endswith(_END):
            raise ManifestUnreadable(f"{where} 不是一份完整的清单。")
        self._data, self._lists, self._end = data, (files, kept), kept[1]
        self._has_kept = kept[0] + 1 < kept[1]
        try:
            self.release = Release(**_facts_of(json.loads(data[:head] + b"}"), where))
        except (ValueError, KeyError, TypeError, AttributeError) as failure:
            raise ManifestUnreadable(f"{where} 不是一份完整的清单。") from failure

    def lines(self, folders: tuple[str, ...]) -> dict[str, str]:
        """The line of each file, own or kept, below these `folders`, by its name."""
        return {
            line[1:].partition('": ')[0]: line.removesuffix(",")
            for place in self._lists
            for folder in folders
            for line in self._lines_with(f'"{folder}', *place)
        }

    def _lines_with(self, beginning: str, start: int, end: int) -> Iterator[str]:
        """The lines of a list that begin so: they stand together, or nearly, as it is sorted."""
        sought = f"\n{beginning}".encode()
        first = self._data.find(sought, start, end)
        if first >= 0:
            last = self._data.find(b"\n", self._data.rfind(sought, start, end) + 1, end)
            region = self._data[first + 1 : last if last >= 0 else end].decode()
            yield from (line for line in region.split("\n") if line.startswith(beginning))

    def with_kept(self, lines: Iterable[str]) -> bytes:
        """The manifest with these lines of other manifests among `kept`."""
        more = ",\n".join(lines).encode()
        comma = b",\n" if self._has_kept and more else b""
        return b"".join((self._data[: self._end], comma, more, _END))


def read_text(folder: Path) -> ManifestText:
    """The manifest of a release as it is written. Raises ManifestUnreadable."""
    return ManifestText(_read(folder), str(folder / MANIFEST))


def read_manifest(folder: Path) -> Manifest:
    """The manifest of a release. Raises ManifestUnreadable."""
    return from_bytes(_read(folder), str(folder / MANIFEST))


def _read(folder: Path) -> bytes:
    try:
        return (folder / MANIFEST).read_bytes()
    except OSError as failure:
        raise ManifestUnreadable(f"{folder} 里没有清单 {MANIFEST}。") from failure


def write_manifest(folder: Path, data: bytes) -> None:
    """Whole or not at all; the old file's other names, in other releases, keep the old text."""
    temporary = folder / f".{MANIFEST}.new"
    temporary.write_bytes(data)
    os.replace(temporary, folder / MANIFEST)


_FILES: Final = b',\n"files": {\n'
_KEPT: Final = b'\n},\n"kept": {\n'
_END: Final = b"\n}\n}\n"


def _entries(files: Mapping[str, Written]) -> bytes:
    """The inside of a JSON object, one line a file, as `ManifestText` needs it. By hand: the
    library's writer of indented text takes five times as long."""
    lines = (
        f'{json.dumps(name, ensure_ascii=False)}: [{entry.size}, "{entry.sha256}"]'
        for name, entry in sorted(files.items())
    )
    return ",\n".join(lines).encode()
