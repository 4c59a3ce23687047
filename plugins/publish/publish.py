"""`publish`: check → build → guard → verify → release → switch → smoke test → retention.

Whatever goes wrong on the way, the site that is served stays as it was, and PublishFailed says why.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import os
import subprocess
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from plugins.publish.accepted import Accepted
from plugins.publish.difference import Difference, difference
from plugins.publish.earlier_versions import earlier_versions
from plugins.publish.manifest import (
    Manifest,
    ManifestUnreadable,
    Quarantined,
    files_of,
    make_manifest,
    read_manifest,
)
from plugins.publish.releases import (
    PublishFailed,
    add_release,
    current_id,
    only_publisher,
    release_folder,
    remove_old,
    show,
)
from plugins.publish.smoke import smoke_problems
from plugins.publish.source import Folder
from plugins.publish.verify import verify
from plugins.site.build import PROJECT, BuildFailed, Built, build
from plugins.site.history import last_changes


@dataclass(frozen=True, slots=True)
class Published:
    """What a publish did. `shown` is False after a dry run, or where nothing had changed."""

    manifest: Manifest
    change: Difference
    built: Built
    before: str
    removed: tuple[str, ...]
    shown: bool


def publish(
    content: Path,
    target: Path,
    now: dt.datetime,
    today: dt.date,
    console: Console,
    *,
    keep: int,
    strict: bool = False,
    dry_run: bool = False,
) -> Published:
    """Build the site of `content` and serve it from `target`.

    `now` (UTC) names the release, `today` (China) is the day of the build. The newest `keep`
    releases stay, at least two. A site that is byte for byte the served one makes no release.
    A bad profile or notice is replaced by its last good version, unless `strict`.
    Raises PublishFailed.
    """
    if keep < 2:
        raise PublishFailed("--keep 至少是 2：没有上一次发布就不能回滚。")
    target = Path(os.path.abspath(target))
    with only_publisher(target):
        before = current_id(target)
        site, accepted = target / ".build", Accepted(target / ".accepted")
        built = built_site(content, site, today, console, accepted, strict=strict, compress=True)
        manifest = checked_manifest(site, now, console, built)
        old = _served_manifest(target, before)
        change = difference(
            old,
            manifest,
            lambda name: _bytes(release_folder(target, before) / name),
            lambda name: _bytes(site / name),
        )
        if dry_run:
            return Published(manifest, change, built, before, (), shown=False)
        if old is not None and _says_the_same(old, manifest):
            accepted.remember(content, built.catalogue, last_changes(content, "."))
            return Published(manifest, change, built, before, (), shown=False)
        manifest = _release(target, site, manifest, keep, console)
        accepted.remember(content, built.catalogue, last_changes(content, "."))
        removed = remove_old(target, keep)
    return Published(manifest, change, built, before, tuple(removed), shown=True)


def publish_to_bucket(
    content: Path,
    address: str,
    now: dt.datetime,
    today: dt.date,
    console: Console,
    *,
    strict: bool = False,
    dry_run: bool = False,
) -> Published:
    """Build the site of `content` and upload it to the bucket `s3://name/prefix`.

    Pages that differ in the version of assets only are not told apart: that would take fetching
    them all. Raises PublishFailed.
    """
    from plugins.publish.bucket import open_bucket, served_manifest, upload

    bucket = open_bucket(address)
    name = hashlib.sha256(address.encode()).hexdigest()[:16]
    accepted = Accepted(PROJECT / ".accepted" / name)
    old = served_manifest(bucket)
    with tempfile.TemporaryDirectory() as scratch:
        site = Path(scratch) / "site"
        built = built_site(content, site, today, console, accepted, strict=strict)
        manifest = checked_manifest(site, now, console, built)
        change = difference(old, manifest, lambda _: b"", lambda name: _bytes(site / name))
        if not dry_run:
            with progress_bar(console) as bar:
                step = bar.add_task("上传", total=len(manifest.files))
                upload(bucket, site, manifest, now, advance=lambda: bar.advance(step))
            accepted.remember(content, built.catalogue, last_changes(content, "."))
    before = old.release if old else ""
    return Published(manifest, change, built, before, (), shown=not dry_run)


def built_site(
    content: Path,
    site: Path,
    today: dt.date,
    console: Console,
    accepted: Accepted,
    *,
    strict: bool,
    compress: bool = False,
) -> Built:
    """Check, build and guard; `compress` adds copies for a server that sends such. Raises
    PublishFailed."""
    try:
        with earlier_versions(content, accepted) as versions:
            return build(
                content, site, today, console, quarantine=not strict, compress=compress,
                earlier_versions=versions,
            )  # fmt: skip
    except BuildFailed as failure:
        raise PublishFailed(str(failure)) from failure


def checked_manifest(site: Path, now: dt.datetime, console: Console, built: Built) -> Manifest:
    """The manifest of a built site that has been walked from end to end. Raises PublishFailed."""
    with console.status("核对站点") as status:
        verified = verify(
            Folder(site), all_html=False, progress=lambda step: status.update(f"核对站点：{step}")
        )
        if verified.problems:
            shown = "\n".join(f"  - {problem}" for problem in verified.problems[:50])
            raise PublishFailed(
                f"生成的站点没有通过核对，共 {len(verified.problems)} 处，没有发布：\n{shown}"
            )
        files = files_of(site)
    created = now.astimezone(dt.UTC).replace(microsecond=0)
    manifest = make_manifest(files, release="", created=created.isoformat(), commit=commit_of())
    release = f"{created:%Y%m%dT%H%M%SZ}-{manifest.build[:8]}"
    return replace(
        manifest,
        release=release,
        quarantined=_quarantined(built),
        day=built.catalogue.today.isoformat(),
        site_url=os.environ.get("SITE_URL", ""),
    )


def _quarantined(built: Built) -> tuple[Quarantined, ...]:
    found = []
    for one in built.quarantined:
        first, shown = one.problems[0], one.shown.good_on.isoformat() if one.shown else ""
        found.append(Quarantined(first.path, first.line, first.code, shown))
    return tuple(found)


def _says_the_same(old: Manifest, new: Manifest) -> bool:
    return (old.build, old.quarantined) == (new.build, new.quarantined)


def commit_of(folder: Path = PROJECT) -> str:
    """The commit of the source, with “+” where files differ from it; empty outside of git."""
    environment = {**os.environ, "GIT_OPTIONAL_LOCKS": "0"}
    commit = _git(folder, environment, "rev-parse", "HEAD")
    changed = _git(folder, environment, "status", "--porcelain") if commit else ""
    return commit + ("+" if changed else "")


def _git(folder: Path, environment: Mapping[str, str], *words: str) -> str:
    try:
        ran = subprocess.run(  # noqa: S603 - fixed words
            ["git", "-C", str(folder), *words],  # noqa: S607 - git of the PATH
            capture_output=True, text=True, check=False, env=environment,
        )  # fmt: skip
    except OSError:
        return ""
    return ran.stdout.strip() if ran.returncode == 0 else ""


def _release(target: Path, site: Path, manifest: Manifest, keep: int, console: Console) -> Manifest:
    before = current_id(target)
    if before and manifest.release <= before:
        raise PublishFailed(
            f"现在的发布 {before} 比这一次 {manifest.release} 还晚，请检查这台机器的时钟。"
        )
    with progress_bar(console) as bar:
        step = bar.add_task("写出发布", total=len(manifest.files))
        manifest = add_release(target, site, manifest, keep=keep, advance=lambda: bar.advance(step))
    os.sync()  # the release is on the disk before anyone is sent to it
    folder = release_folder(target, manifest.release)
    _stop_on(smoke_problems(folder, manifest), "新的发布没有通过试访问，现在的站点没有改动")
    show(target, manifest.release)
    if problems := smoke_problems(target / "current", manifest):
        if before:
            show(target, before)
        else:
            (target / "current").unlink()
        _stop_on(problems, "切换以后没有通过试访问，已经换回原来的站点")
    return manifest


def progress_bar(console: Console) -> Progress:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    return Progress(*columns, console=console, transient=True)


def _stop_on(problems: list[str], sentence: str) -> None:
    if problems:
        raise PublishFailed(sentence + "：\n" + "\n".join(f"  - {p}" for p in problems[:20]))


def _served_manifest(target: Path, release: str) -> Manifest | None:
    try:
        return read_manifest(release_folder(target, release)) if release else None
    except ManifestUnreadable:
        return None


def _bytes(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError:
        return b""
