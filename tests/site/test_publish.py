"""Publishing to a disk, as ops do it: all or nothing, and readable."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from rich.console import Console

from plugins.publish import releases
from plugins.publish.difference import describe
from plugins.publish.manifest import read_manifest
from plugins.publish.publish import Published, publish
from plugins.publish.releases import PublishFailed
from plugins.publish.source import Folder
from plugins.publish.verify import verify

TODAY = dt.date(2026, 6, 1)
PROFILE = "schools/zhejiang/yanshi-jishi-xueyuan/profile.md"


def published(content: Path, target: Path, minute: int, **options: bool) -> Published:
    now = dt.datetime(2026, 6, 1, 0, minute, tzinfo=dt.UTC)
    return publish(content, target, now, TODAY, Console(quiet=True), keep=3, **options)


def test_publish_fail_dry_run_publish_and_go_back(small: Path, tmp_path: Path) -> None:
    target = tmp_path / "www"
    first = published(small, target, 1)
    assert first.shown
    assert first.manifest.counts.schools == 6
    assert verify(Folder(target / "current")).problems == ()

    again = published(small, target, 2)
    assert not again.shown, "the same bytes make no release"

    profile = (small / PROFILE).read_text("utf-8")
    (small / PROFILE).write_text("nonsense")
    with pytest.raises(PublishFailed, match="内容有错误"):
        published(small, target, 3, strict=True)
    assert releases.current_id(target) == first.manifest.release

    (small / PROFILE).write_text(profile)
    register = small / "registry/beijing/schools.csv"
    rows = register.read_text("utf-8").splitlines(keepends=True)
    register.write_text("".join(rows[:-1]), "utf-8")
    dry = published(small, target, 4, dry_run=True)
    assert not dry.shown
    assert len(dry.change.schools_out) == 1
    assert "退出 1 所" in describe(dry.change)
    assert "退出的学校：\n  - " in describe(dry.change)
    assert releases.current_id(target) == first.manifest.release

    second = published(small, target, 5)
    assert read_manifest(target / "current").release == second.manifest.release
    assert second.manifest.counts.schools == 5
    assert releases.roll_back(target).release == first.manifest.release
    assert verify(Folder(target / "current")).problems == ()


def test_a_clock_that_went_back_stops_the_publish(small: Path, tmp_path: Path) -> None:
    first = published(small, tmp_path / "www", 30)
    (small / PROFILE).unlink()
    (small / PROFILE).parent.joinpath("gate.jpg").unlink()
    (small / PROFILE).parent.rmdir()
    with pytest.raises(PublishFailed, match="时钟"):
        published(small, tmp_path / "www", 10)
    assert releases.current_id(tmp_path / "www") == first.manifest.release
