"""Releases on a disk: `TARGET/releases/<id>/` and the link `TARGET/current` to one of them.

The web server serves `current`. A release is made whole under another name, gets its own name by
one rename, and is shown by one more: whatever happens in between, the site that is served is
whole, the old one or the new one. What an interrupted run leaves behind is cleared by the next.
"""

from __future__ import annotations

import fcntl
import os
import re
import shutil
import stat
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from plugins.publish.headers import HASHED_FOLDERS, is_hashed
from plugins.publish.manifest import (
    Manifest,
    ManifestUnreadable,
    Release,
    files_of,
    read_manifest,
    read_text,
    to_bytes,
    with_kept,
    write_manifest,
    written_in,
)
from plugins.site.ledger import Written

KEEP: Final = 5
"""How many releases stay by default."""

_RELEASE_ID: Final = re.compile(r"[0-9]{8}T[0-9]{6}Z-[0-9a-f]{8}")


class PublishFailed(Exception):
    """Nothing was published; `str()` says why and what to do, in Chinese."""


@contextmanager
def only_publisher(target: Path) -> Iterator[None]:
    """Hold the lock of a target; a second publisher says so instead of waiting."""
    target.mkdir(parents=True, exist_ok=True)
    with open(target / ".lock", "w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise PublishFailed(
                f"另一个发布或回滚正在写 {target}，请等它结束。现在的站点没有改动。"
            ) from None
        clear_left_overs(target)
        yield


def clear_left_overs(target: Path) -> None:
    """Remove what an interrupted run left behind. Only under the lock."""
    for left_over in (target / "releases").glob(".*"):
        shutil.rmtree(left_over, ignore_errors=True)
    (target / ".current.new").unlink(missing_ok=True)


def release_ids(target: Path) -> list[str]:
    """The releases that stand, oldest first."""
    folder = target / "releases"
    if not folder.is_dir():
        return []
    return sorted(e.name for e in folder.iterdir() if _RELEASE_ID.fullmatch(e.name) and e.is_dir())


def current_id(target: Path) -> str:
    """The release that is served; empty if there is none yet. Raises PublishFailed."""
    link = target / "current"
    if not link.is_symlink():
        if link.exists():
            raise PublishFailed(f"{link} 不是符号链接，不敢动它。请把它移走再发布。")
        return ""
    folder, _, release = str(link.readlink()).rpartition("/")
    if folder != "releases" or not _RELEASE_ID.fullmatch(release):
        raise PublishFailed(f"{link} 不是本命令建立的符号链接，不敢动它。")
    return release


def release_folder(target: Path, release: str) -> Path:
    return target / "releases" / release


def add_release(
    target: Path,
    site: Path,
    manifest: Manifest,
    *,
    keep: int,
    advance: Callable[[], None] = lambda: None,
) -> Manifest:
    """Make the release of `manifest` out of the built `site`, whole and checked, not yet shown.

    A file that the served release already holds is linked, not copied. Hashed files of the last
    `keep` releases and of the served one come along, so that a page which a visitor opened before
    still finds its assets. Every file is read back and compared. Raises PublishFailed.
    """
    releases = target / "releases"
    releases.mkdir(parents=True, exist_ok=True)
    before = current_id(target)
    recent = sorted({*release_ids(target)[-keep:], before} - {""})
    earlier = _own_hashed_files(target, recent)
    manifest = with_kept(manifest, {name: entry for name, (entry, _) in earlier.items()})
    staging = releases / f".{manifest.release}"
    staging.mkdir()
    old = _files_or_none(target, before)
    linked = []
    for name, entry in manifest.files.items():
        if old.get(name) == entry and _link(release_folder(target, before) / name, staging / name):
            linked.append(name)
        else:
            _copy(site / name, staging / name)
        advance()
    for name in manifest.kept:
        source = earlier[name][1]
        if not _link(source, staging / name):
            _copy(source, staging / name)
    write_manifest(staging, to_bytes(manifest))
    faults = differences(staging, manifest)
    if faults:
        # Perhaps a file of the served release was spoilt since: a copy takes the place of its link.
        for name in linked:
            if not _is(staging / name, manifest.files[name]):
                (staging / name).unlink(missing_ok=True)
                _copy(site / name, staging / name)
        faults = differences(staging, manifest)
    if faults:
        raise PublishFailed("新的发布没有写完整：\n" + "\n".join(f"  - {f}" for f in faults[:20]))
    os.sync()
    os.rename(staging, release_folder(target, manifest.release))
    return manifest


def differences(folder: Path, manifest: Manifest) -> list[str]:
    """Where a folder is not what its manifest says, as Chinese sentences."""
    found, expected = files_of(folder), {**manifest.files, **manifest.kept}
    return [
        *(f"缺少文件 {name}" for name in sorted(set(expected) - set(found))),
        *(f"多出文件 {name}" for name in sorted(set(found) - set(expected))),
        *(
            f"文件和清单不符：{name}"
            for name in sorted(set(found) & set(expected))
            if found[name] != expected[name]
        ),
    ]


def show(target: Path, release: str) -> None:
    """Serve `release` from now on: one rename, in no time."""
    temporary = target / ".current.new"
    temporary.unlink(missing_ok=True)
    temporary.symlink_to(f"releases/{release}")
    os.replace(temporary, target / "current")


def roll_back(target: Path, release: str = "") -> Release:
    """Show an earlier release: the one named, or the one before the served one.

    Pages of the release that is left may be open somewhere; their hashed files come along.
    Raises PublishFailed, and then nothing has changed.
    """
    with only_publisher(target):
        before, present = current_id(target), release_ids(target)
        if not before:
            raise PublishFailed(f"{target} 里还没有发布过，不能回滚。")
        older = [known for known in present if known < before]
        chosen = release or (older[-1] if older else "")
        if not chosen:
            raise PublishFailed("没有更早的发布可以回滚。运行 invoke releases 看看有哪些。")
        if chosen not in present:
            raise PublishFailed(f"没有 {chosen} 这次发布。运行 invoke releases 看看有哪些。")
        if chosen == before:
            raise PublishFailed(f"现在的站点就是 {chosen}，不用回滚。")
        try:
            shown = _bring_along(target, before, chosen)
        except ManifestUnreadable as failure:
            raise PublishFailed(f"{failure}这次发布不完整，请回滚到别的一次。") from failure
        show(target, chosen)
    return shown


def remove_old(target: Path, keep: int) -> list[str]:
    """Remove all but the newest `keep` releases; the served one always stays."""
    served = current_id(target)
    gone = [release for release in release_ids(target)[:-keep] if release != served]
    for release in gone:
        aside = target / "releases" / f".{release}"
        os.rename(release_folder(target, release), aside)
        shutil.rmtree(aside, ignore_errors=True)
    return gone


def _bring_along(target: Path, left: str, chosen: str) -> Release:
    """Give `chosen` all hashed files that `left` serves: its own, and those that came along to it,
    for who goes back twice in a minute leaves pages of two releases open. What `chosen` is.
    Raises ManifestUnreadable where `chosen` cannot be read."""
    folder, source = release_folder(target, chosen), release_folder(target, left)
    text = read_text(folder)
    there = text.lines(HASHED_FOLDERS)
    missing = {
        name: line
        for name, line in _lines_or_none(source).items()
        if name not in there and is_hashed(name)
    }
    for below in {name.rpartition("/")[0] for name in missing}:
        (folder / below).mkdir(parents=True, exist_ok=True)
    for name in missing:
        try:
            os.link(f"{source}/{name}", f"{folder}/{name}")
        except FileExistsError:  # left by an interrupted rollback
            (folder / name).unlink()
            os.link(f"{source}/{name}", f"{folder}/{name}")
    if missing:
        write_manifest(folder, text.with_kept(missing.values()))
    return text.release


def _own_hashed_files(target: Path, releases: Sequence[str]) -> dict[str, tuple[Written, Path]]:
    """Hashed files that belong to these releases themselves, with a place where each lies."""
    found = {}
    for release in releases:
        for name, entry in _files_or_none(target, release).items():
            if is_hashed(name):
                found[name] = (entry, release_folder(target, release) / name)
    return found


def _files_or_none(target: Path, release: str) -> Mapping[str, Written]:
    """The files of a release; none where it cannot be read: it then helps nobody."""
    try:
        return read_manifest(release_folder(target, release)).files if release else {}
    except ManifestUnreadable:
        return {}


def _lines_or_none(folder: Path) -> Mapping[str, str]:
    try:
        return read_text(folder).lines(HASHED_FOLDERS)
    except ManifestUnreadable:
        return {}


def _link(source: Path, place: Path) -> bool:
    """Give a file another name. Not always: there are file systems without links, a file can have
    too many, and it can be lost or have become something else."""
    place.parent.mkdir(parents=True, exist_ok=True)
    try:
        if not stat.S_ISREG(os.lstat(source).st_mode):
            return False
        os.link(source, place)
    except OSError:
        return False
    return True


def _copy(source: Path, place: Path) -> None:
    place.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, place)
    place.chmod(0o644)


def _is(file: Path, entry: Written) -> bool:
    try:
        return written_in(str(file)) == entry
    except (OSError, ManifestUnreadable):
        return False
