"""A disk that becomes full at any point of a publish costs the new release, never the old one.

`FULL_DISKS` in the environment asks for more points than an ordinary run tries; the whole is 50.
"""

from __future__ import annotations

import datetime as dt
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from rich.console import Console

from plugins.contribute import scaffold
from plugins.publish import __main__ as command
from plugins.publish import publish as publishing
from plugins.publish.bucket import Bucket, served_manifest
from plugins.publish.manifest import read_manifest
from plugins.publish.publish import Published, publish
from plugins.publish.releases import PublishFailed, current_id, differences
from plugins.publish.source import Folder
from plugins.publish.verify import verify
from plugins.site.build import main as build
from tests.site.conftest import ACCESS
from tests.site.full_disk import SmallDisk, no_file_larger, small_disk
from tests.site.test_publish_bucket import dead_links, names
from tests.unit.spreadsheets.office import Office, digest, put

POINTS = int(os.environ.get("FULL_DISKS", "4"))
TODAY = dt.date(2026, 6, 1)
PROFILE = "schools/zhejiang/yanshi-jishi-xueyuan/profile.md"
PLENTY = 200_000_000
STEP = 49_152


def published(content: Path, target: Path, minute: int) -> Published:
    now = dt.datetime(2026, 6, 1, minute // 60, minute % 60, tzinfo=dt.UTC)
    return publish(content, target, now, TODAY, Console(quiet=True), keep=2)


def change(content: Path, number: int) -> None:
    """Another profile, another notice, another plan: many pages differ."""
    source = Path(__file__).resolve().parents[1] / "fixtures/small" / PROFILE
    text = source.read_text("utf-8")
    (content / PROFILE).write_text(f"{text}\n演示：第 {number} 次改动。\n", "utf-8")


def assert_whole(target: Path, known: set[str]) -> str:
    """The served release is whole: one of the `known`, or a new one that was shown before the disk
    was full, when what it is made of was to be kept."""
    release, served = current_id(target), target / "current"
    manifest = read_manifest(served)
    assert manifest.release == release
    assert differences(served, manifest) == []
    assert release in known or release > max(known)
    return release


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[SmallDisk]:
    with small_disk(tmp_path / "disk", PLENTY) as found:
        yield found


def test_a_disk_that_becomes_full_at_any_point(small: Path, disk: SmallDisk) -> None:
    target = disk.folder / "www"
    known = {published(small, target, 0).manifest.release}
    change(small, 0)
    known.add(published(small, target, 1).manifest.release)
    reasons = []
    used, free = disk.used(), 0
    for point in range(POINTS):
        change(small, point + 1)
        disk.hold(used + free)
        try:
            known.add(published(small, target, point + 2).manifest.release)
        except (PublishFailed, OSError) as failure:
            reasons.append(str(failure))
            free += STEP  # the next one comes a little further
        else:
            disk.hold(PLENTY)
            used, free = disk.used(), 0
        known.add(assert_whole(target, known))
    assert len(reasons) >= POINTS // 2, "the disk was seldom full"
    assert all(reasons), "every failure says why"
    disk.hold(PLENTY)
    change(small, POINTS + 1)
    last = published(small, target, POINTS + 2)
    assert assert_whole(target, {last.manifest.release})
    assert verify(Folder(target / "current")).problems == ()
    assert not [name for name in os.listdir(target / "releases") if name.startswith(".")]
    assert not [name for name in os.listdir(target) if "staging" in name or name.endswith(".new")]


@pytest.mark.parametrize("kept", ["on another disk", "on the full disk"])
def test_a_disk_that_becomes_full_before_or_after_an_upload(
    small: Path,
    disk: SmallDisk,
    tmp_path: Path,
    bucket: Bucket,
    origin: str,
    kept: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """The disk of the publisher: what is sent is made there, and what was good is kept there."""
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1780272000")
    monkeypatch.setenv("SITE_URL", "https://zhaosheng.example")
    for name, value in {**ACCESS, "AWS_ENDPOINT_URL": origin}.items():
        monkeypatch.setenv(name, value)
    words = ["publish", "--to", f"s3://{bucket.name}/site", "--content", str(small)]
    before = ""
    for room in rooms(kept):
        scratch = disk.folder / "scratch" if kept == "on another disk" else tmp_path / "scratch"
        project = tmp_path if kept == "on another disk" else disk.folder
        scratch.mkdir(exist_ok=True)
        monkeypatch.setattr(tempfile, "tempdir", str(scratch))
        monkeypatch.setattr(publishing, "PROJECT", project)
        change(small, room)
        disk.leave(room)
        code, said = command.main(words), capsys.readouterr().err
        disk.hold(PLENTY)
        now = served_manifest(bucket)
        assert (code == 0) == (room == PLENTY)
        assert code == 0 or ("磁盘" in said and "Traceback" not in said)
        # What is made first stops the upload; what is kept comes after it.
        assert (now is not None and now.build != before) == (room == PLENTY or project != tmp_path)
        assert now is None or set(now.files) <= names(bucket)
        assert dead_links(bucket) == []
        assert os.listdir(scratch) == []
        before = now.build if now else ""


def rooms(kept: str) -> list[int]:
    """Bytes that are free on the disk, publish by publish; the last time there is enough."""
    if kept == "on the full disk":
        return [0, PLENTY]
    points = max(2, POINTS // 2)
    return [2_000_000 * point // points for point in range(points)] + [PLENTY]


def test_a_write_that_stops_half_way_is_told_and_costs_nothing(
    small: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """What a machine can try on which nobody may mount a disk."""
    target = tmp_path / "www"
    known = {published(small, target, 0).manifest.release}
    change(small, 1)
    for minute, limit in enumerate((1_000, 60_000), start=1):
        with no_file_larger(limit), pytest.raises((PublishFailed, OSError)):
            published(small, target, minute)
        assert_whole(target, known)
    with no_file_larger(60_000):
        words = ["--content", str(small), "--output", str(tmp_path / "output")]
        assert build(words) == 1
    assert "磁盘或文件系统出错" in capsys.readouterr().err
    assert not (tmp_path / "output").exists()


@pytest.mark.parametrize("free", [0, 4096])
def test_a_full_disk_leaves_no_half_scaffold(small: Path, disk: SmallDisk, free: int) -> None:
    content = Path(shutil.copytree(small, disk.folder / "content"))
    disk.leave(free)
    words = ["yanshi-dier-jigong-xuexiao", "--content", str(content)]
    assert scaffold.main(words) == 1
    assert not (content / "schools/zhejiang/yanshi-dier-jigong-xuexiao").exists()
    assert os.listdir(disk.folder) == ["content"]


@pytest.mark.parametrize("free", [0, 4096, 8192])
def test_a_full_disk_leaves_the_tables_as_they_were(
    small: Path,
    disk: SmallDisk,
    tmp_path: Path,
    free: int,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1780272000")  # 2026-06-01
    content = Path(shutil.copytree(small, disk.folder / "content"))
    office = Office(content, tmp_path, capsys)
    before = digest(content)
    book = office.edited(lambda book: put(book["名册"], 3, address="演示路 1 号"))
    disk.leave(free)
    code, said = office.take_in(book)
    assert (code, "没有改动" in said) == (1, True), said
    assert digest(content) == before
    disk.leave(PLENTY)
    assert office.take_in(book)[0] == 0
    assert digest(content) != before
    assert sorted(os.listdir(disk.folder)) == [".content.import.lock", "content"]
