"""The cache of published copies: one folder for each photo's content and recipe.

::

    <cache_dir>/recipe-<RECIPE>/<first 2 of sha256>/<sha256>/
        <16 hex digits of content and recipe>-<width>.webp, .jpg, …
        manifest.json      written last: an entry without it does not exist

    <cache_dir>/checked-<RECIPE>/<first 2 of sha256>/<sha256>.json
        which files of the entry were found whole, as they lay on the disk then

Nothing here is ever changed in place, so two builds may share a cache: both would write the same
bytes. What is read is checked: a copy that came from elsewhere (another machine, a restored
archive) is compared with its hash the first time, and again whenever its file is another one.
The cache may be deleted at any time.
"""

import hashlib
import json
import os
import stat
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal, TypeAlias

from plugins.photos.inspect import PhotoFacts
from plugins.photos.limits import MAX_COPY_PIXELS, WIDTHS_PX
from plugins.photos.write_whole import write_whole

RECIPE: Final = "1"
"""Names how copies are made. Raise it whenever the same photo would give other bytes: another
width, quality or step, or another Pillow (a test watches for that)."""

DerivativeFormat: TypeAlias = Literal["webp", "jpeg"]

SUFFIXES: Final[dict[DerivativeFormat, str]] = {"webp": ".webp", "jpeg": ".jpg"}
"""Published formats, best first, with their file name endings."""

_MANIFEST = "manifest.json"


@dataclass(frozen=True, slots=True)
class Derivative:
    """One published copy. ``width`` and ``height`` in pixels; ``name`` is the file name to
    publish it under; ``path`` is where it lies in the cache; ``bytes`` and ``sha256`` (hex) are
    of that file, for whoever copies it to check."""

    format: DerivativeFormat
    width: int
    height: int
    name: str
    path: Path
    bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Derivatives:
    """All copies of one photo: WebP then JPEG, each narrowest first. ``sha256`` is the photo's."""

    sha256: str
    files: tuple[Derivative, ...]

    def of_format(self, format_: DerivativeFormat) -> tuple[Derivative, ...]:
        """The copies of one format, narrowest first."""
        return tuple(file for file in self.files if file.format == format_)


def plan_sizes(facts: PhotoFacts) -> tuple[tuple[int, int], ...]:
    """Width and height in pixels of every copy, narrowest first: WIDTHS_PX, but never wider than
    the photo, each width once, and none of more than MAX_COPY_PIXELS. Heights keep the shape,
    rounded to the nearest, at least 1."""
    sizes = (
        (width, max(1, (2 * facts.height * width + facts.width) // (2 * facts.width)))
        for width in sorted({min(width, facts.width) for width in WIDTHS_PX})
    )
    return tuple((width, height) for width, height in sizes if width * height <= MAX_COPY_PIXELS)


def find_derivatives(facts: PhotoFacts, cache_dir: Path) -> Derivatives | None:
    """The copies of the photo, if the cache has them all, each with the bytes that were written.

    Costs two small reads and one stat for each copy, and once a hash of each copy; neither the
    photo nor Pillow is touched. Anything unexpected in the entry (a missing, cut, damaged or
    foreign file, a manifest that does not parse or does not match ``facts``) counts as not there.
    """
    entry = _entry_dir(facts, cache_dir)
    try:
        manifest = json.loads((entry / _MANIFEST).read_bytes())
        recorded = {
            (file["format"], file["width"], file["height"]): (file["bytes"], file["sha256"])
            for file in manifest["files"]
        }
        files = []
        lies: list[list[int]] = []
        for format_, width, height in _plan(facts):
            size, sha256 = recorded[format_, width, height]
            # Paths come from the plan, never from the manifest, which somebody may have edited.
            path = entry / derivative_name(facts, format_, width)
            status = os.lstat(path)
            if not stat.S_ISREG(status.st_mode) or status.st_size != size or not size:
                return None
            if not isinstance(sha256, str):
                return None
            # The time of the inode's change cannot be set: restored files always have another one.
            lies.append([status.st_ino, status.st_ctime_ns])
            files.append(Derivative(format_, width, height, path.name, path, size, sha256))
        if not _are_whole(facts, cache_dir, files, lies):
            return None
    except (OSError, ValueError, TypeError, KeyError, RecursionError):
        return None
    return Derivatives(facts.sha256, tuple(files))


def _are_whole(
    facts: PhotoFacts, cache_dir: Path, files: list[Derivative], lies: list[list[int]]
) -> bool:
    """Whether each copy has its bytes; `lies` tells where and since when each is on the disk.

    Raises OSError when a copy cannot be read.
    """
    record = cache_dir / f"checked-{RECIPE}" / facts.sha256[:2] / f"{facts.sha256}.json"
    # The hashes belong to it: a manifest that was edited needs a new look at the files.
    statement = json.dumps([lies, [file.sha256 for file in files]]).encode()
    try:
        if record.read_bytes() == statement:
            return True
    except OSError:
        pass  # never looked at, or not here
    if any(_sha256_of(file.path) != file.sha256 for file in files):
        return False
    try:
        record.parent.mkdir(parents=True, exist_ok=True)
        write_whole(record, statement)
    except OSError:
        pass  # a cache that cannot be written costs the same look again, and nothing else
    return True


def _sha256_of(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def derivative_name(facts: PhotoFacts, format_: DerivativeFormat, width: int) -> str:
    """The file name of one copy, such as ``0123456789abcdef-480.webp``.

    It depends on the photo and on the recipe: a name never stands for two contents, so the file
    may be cached for ever.
    """
    digest = hashlib.sha256(f"{facts.sha256} {RECIPE}".encode()).hexdigest()
    return f"{digest[:16]}-{width}{SUFFIXES[format_]}"


def store_derivatives(
    facts: PhotoFacts, cache_dir: Path, encoded: Mapping[tuple[DerivativeFormat, int], bytes]
) -> Derivatives:
    """Write a whole entry from the encoded copies by format and width, and return it.

    Each file appears under its name only when it is complete, the manifest after all others: a
    build that is killed, or a disk that fills up (OSError), leaves no entry that could be taken
    for a good one.
    """
    entry = _entry_dir(facts, cache_dir)
    entry.mkdir(parents=True, exist_ok=True)
    files = []
    for format_, width, height in _plan(facts):
        content = encoded[format_, width]
        path = entry / derivative_name(facts, format_, width)
        write_whole(path, content)
        sha256 = hashlib.sha256(content).hexdigest()
        files.append(Derivative(format_, width, height, path.name, path, len(content), sha256))
    manifest = {
        "photo": facts.sha256,
        "recipe": RECIPE,
        "files": [
            {key: getattr(file, key) for key in ("format", "width", "height", "bytes", "sha256")}
            for file in files
        ],
    }
    write_whole(entry / _MANIFEST, json.dumps(manifest, indent=1).encode())
    return Derivatives(facts.sha256, tuple(files))


def _entry_dir(facts: PhotoFacts, cache_dir: Path) -> Path:
    return cache_dir / f"recipe-{RECIPE}" / facts.sha256[:2] / facts.sha256


def _plan(facts: PhotoFacts) -> list[tuple[DerivativeFormat, int, int]]:
    return [(format_, *size) for format_ in SUFFIXES for size in plan_sizes(facts)]
