"""Publishing although a profile and a notice have become bad."""

from __future__ import annotations

import datetime as dt
import hashlib
import shutil
from pathlib import Path

import pytest
from PIL import Image
from rich.console import Console

from plugins.cost_limits import Limits
from plugins.limited import LimitedExecutor
from plugins.photos import worker
from plugins.photos.worker import load_decoders
from plugins.publish import __main__ as command
from plugins.publish.manifest import read_manifest
from plugins.publish.publish import Published, publish
from plugins.publish.releases import PublishFailed

TODAY = dt.date(2026, 6, 1)
FOLDER = "schools/zhejiang/yanshi-jishi-xueyuan"
PROFILE = f"{FOLDER}/profile.md"
NOTICE = "news/zhejiang/2026-03-02-yanshi-tongzhi.md"


def published(content: Path, target: Path, minute: int, **options: bool) -> Published:
    now = dt.datetime(2026, 6, 1, 0, minute, tzinfo=dt.UTC)
    return publish(content, target, now, TODAY, Console(quiet=True), keep=3, **options)


def tree(folder: Path) -> dict[str, str]:
    """Every file of a served site but its manifest, by what is in it."""
    return {
        file.relative_to(folder).as_posix(): hashlib.sha256(file.read_bytes()).hexdigest()
        for file in sorted(folder.rglob("*"))
        if file.is_file() and file.name != "manifest.json"
    }


def test_what_becomes_bad_stays_as_it_was_and_all_else_too(
    small: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    target, served = tmp_path / "www", tmp_path / "www/current/"
    first = published(small, target, 1)
    before = tree(served)
    text = (small / PROFILE).read_text("utf-8")
    (small / PROFILE).write_text(text.replace("confirmed_on:", "confirmed:"), "utf-8")
    (small / FOLDER / "gate.jpg").write_bytes(b"no photo")
    (small / NOTICE).write_text("nonsense")

    with pytest.raises(PublishFailed, match="内容有错误"):
        published(small, target, 2, strict=True)
    done = published(small, target, 3)
    assert tree(served) == before
    assert done.manifest.build == first.manifest.build
    assert done.shown, "the manifest says what was set aside, so this is a release of its own"
    set_aside = read_manifest(served).quarantined
    assert [(one.path, one.shown) for one in set_aside] == [
        (NOTICE, "2026-06-01"),
        (f"{FOLDER}/gate.jpg", "2026-06-01"),
    ]
    assert not published(small, target, 4).shown, "a second time there is nothing new to say"

    monkeypatch.setenv("SITE_URL", "https://zhaosheng.example")
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1780272000")
    words = ["publish", "--to", str(target), "--content", str(small), "--dry-run"]
    capsys.readouterr()
    assert command.main(words) == 0
    said = capsys.readouterr().out
    assert f"{PROFILE}：4 个错误，暂用 2026-06-01 的版本" in said
    assert f"{small}/{FOLDER}/gate.jpg:1: 错误" in said
    assert "怎样改：" in said


def test_without_a_good_version_the_school_has_its_official_page(
    small: Path, tmp_path: Path
) -> None:
    shutil.copytree(small, tmp_path / "without")
    shutil.rmtree(tmp_path / "without" / FOLDER)
    published(tmp_path / "without", tmp_path / "expected", 1)
    (small / PROFILE).write_text("nonsense")
    done = published(small, tmp_path / "www", 1)
    # The one page that differs is the one that tells what was left out.
    given, expected = tree(tmp_path / "www/current/"), tree(tmp_path / "expected/current/")
    differing = {name for name in given.keys() | expected if given.get(name) != expected.get(name)}
    assert {name.partition("/")[0] for name in differing} == {"status"}
    assert [(one.path, one.shown) for one in done.manifest.quarantined] == [(PROFILE, "")]
    (small / PROFILE).unlink()
    shutil.rmtree(small / FOLDER)
    assert published(small, tmp_path / "www", 2).manifest.quarantined == ()


def test_a_photo_that_costs_too_much_only_when_it_is_scaled_is_set_aside(
    small: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A photo is looked at small; what its copies cost shows later."""
    target = tmp_path / "www"
    first = published(small, target, 1)
    Image.effect_noise((5000, 4000), 60).convert("RGB").save(
        small / FOLDER / "gate.jpg", quality=50
    )
    limits = Limits(memory_mb=40)
    monkeypatch.setattr(
        worker, "photo_workers", lambda workers: LimitedExecutor(workers, limits, load_decoders)
    )
    with pytest.raises(PublishFailed, match=r"(?s)gate\.jpg:1: 错误.*photo-too-costly"):
        published(small, target, 2, strict=True)
    assert read_manifest(target / "current").release == first.manifest.release
    done = published(small, target, 3)
    assert [(one.path, one.code, one.shown) for one in done.manifest.quarantined] == [
        (f"{FOLDER}/gate.jpg", "photo-too-costly", "2026-06-01")
    ]
    assert done.manifest.build == first.manifest.build
