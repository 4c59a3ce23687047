"""Releases on a disk: whole, linked, switched by one rename, and there is a way back."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from plugins.publish import releases
from plugins.publish.manifest import files_of, make_manifest, read_manifest
from plugins.publish.releases import PublishFailed

PROJECT = Path(__file__).resolve().parents[3]
PAGE = "<!doctype html><html><title>演示</title><h1>{}</h1></html>"


def site_of(folder: Path, files: Mapping[str, str]) -> Path:
    for name, text in files.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    return folder


def release(target: Path, number: int, files: Mapping[str, str], keep: int = 3) -> str:
    """Show a release of these files, made in the `number`th minute."""
    site = site_of(target.parent / f"site-{number}", files)
    written = files_of(site)
    name = f"20260601T00{number:02}00Z-{number:08x}"
    manifest = make_manifest(written, release=name, created="2026-06-01T00:00:00Z", commit="abc")
    with releases.only_publisher(target):
        releases.add_release(target, site, manifest, keep=keep)
        releases.show(target, name)
        releases.remove_old(target, keep)
    return name


def version(number: int) -> dict[str, str]:
    asset = f"assets/{number:012x}/site.css"
    return {"index.html": PAGE.format(number), "about/index.html": "same", asset: str(number)}


def test_a_release_is_served_whole_and_says_what_it_holds(tmp_path: Path) -> None:
    target = tmp_path / "www"
    name = release(target, 1, version(1))
    assert (target / "current").readlink() == Path("releases") / name
    manifest = read_manifest(target / "current")
    assert (manifest.release, manifest.counts.pages, manifest.counts.files) == (name, 2, 3)
    assert releases.differences(target / "current", manifest) == []


def test_unchanged_files_are_links_and_changed_ones_are_not(tmp_path: Path) -> None:
    target = tmp_path / "www"
    one, two = release(target, 1, version(1)), release(target, 2, version(2))
    places = [releases.release_folder(target, name) for name in (one, two)]
    assert places[0].joinpath("about/index.html").samefile(places[1] / "about/index.html")
    assert not places[0].joinpath("index.html").samefile(places[1] / "index.html")


def test_a_spoilt_file_of_the_old_release_is_not_linked(tmp_path: Path) -> None:
    target = tmp_path / "www"
    release(target, 1, version(1))
    (target / "current/about/index.html").write_text("rot!")
    release(target, 2, version(2))
    assert (target / "current/about/index.html").read_text() == "same"


def test_what_became_no_file_in_the_old_release_is_not_linked(tmp_path: Path) -> None:
    target = tmp_path / "www"
    release(target, 1, version(1))
    for name, become in (("about/index.html", os.mkfifo), ("index.html", os.mkdir)):
        (target / "current" / name).unlink()
        become(target / "current" / name)
    site_of(tmp_path / "elsewhere", {"secret": "same"})
    release(target, 2, {**version(1), "more.txt": "2"})
    (target / "current/about/index.html").unlink()
    (target / "current/about/index.html").symlink_to(tmp_path / "elsewhere/secret")
    release(target, 3, {**version(1), "more.txt": "3"})
    manifest = read_manifest(target / "current")
    assert releases.differences(target / "current", manifest) == []
    assert (target / "current/about/index.html").read_text() == "same"


def test_an_old_page_finds_its_assets_until_its_release_is_gone(tmp_path: Path) -> None:
    target = tmp_path / "www"
    for number in range(1, 6):
        release(target, number, version(number), keep=3)
    present = sorted(file.parent.name for file in (target / "current/assets").glob("*/site.css"))
    assert present == [f"{number:012x}" for number in (2, 3, 4, 5)]
    assert len(releases.release_ids(target)) == 3


def test_a_rollback_goes_one_back_and_brings_the_assets_along(tmp_path: Path) -> None:
    target = tmp_path / "www"
    one, two = release(target, 1, version(1)), release(target, 2, version(2))
    assert releases.roll_back(target).release == one
    assert releases.current_id(target) == one
    assert (target / f"current/assets/{2:012x}/site.css").read_text() == "2"
    assert releases.differences(target / "current", read_manifest(target / "current")) == []
    assert releases.roll_back(target, two).release == two


def test_who_goes_back_twice_still_has_the_newest_assets(tmp_path: Path) -> None:
    target = tmp_path / "www"
    for number in (1, 2, 3):
        release(target, number, version(number))
    releases.roll_back(target)
    releases.roll_back(target)
    assert (target / "current/assets/000000000003/site.css").read_text() == "3"
    manifest = read_manifest(target / "current")
    assert releases.differences(target / "current", manifest) == []


def test_the_assets_of_an_old_release_that_was_served_come_along(tmp_path: Path) -> None:
    target = tmp_path / "www"
    one = release(target, 1, version(1))
    for number in (2, 3):
        release(target, number, version(number))
    releases.roll_back(target, one)
    release(target, 4, version(4), keep=2)
    assert (target / "current/assets/000000000001/site.css").read_text() == "1"


@pytest.mark.parametrize("asked", ["", "20260601T000900Z-00000009", "../releases"])
def test_a_rollback_to_nowhere_changes_nothing(tmp_path: Path, asked: str) -> None:
    target = tmp_path / "www"
    one = release(target, 1, version(1))
    with pytest.raises(PublishFailed):
        releases.roll_back(target, asked)
    assert releases.current_id(target) == one


def test_of_two_publishers_one_wins_and_the_other_says_so(tmp_path: Path) -> None:
    with (
        releases.only_publisher(tmp_path / "www"),
        pytest.raises(PublishFailed, match="另一个发布或回滚正在写"),
        releases.only_publisher(tmp_path / "www"),
    ):
        pass


def test_a_foreign_current_is_not_touched(tmp_path: Path) -> None:
    target = tmp_path / "www"
    (target / "current").mkdir(parents=True)
    with pytest.raises(PublishFailed, match="不是符号链接"):
        releases.current_id(target)


def test_a_file_that_differs_from_its_manifest_stops_the_release(tmp_path: Path) -> None:
    target = tmp_path / "www"
    one = release(target, 1, version(1))
    site = site_of(tmp_path / "next", version(2))
    manifest = make_manifest(
        files_of(site), release="20260601T000200Z-00000002", created="", commit=""
    )
    (site / "index.html").write_text("half")
    with (
        releases.only_publisher(target),
        pytest.raises(PublishFailed, match=r"文件和清单不符：index\.html"),
    ):
        releases.add_release(target, site, manifest, keep=3)
    assert releases.current_id(target) == one
    assert releases.release_ids(target) == [one]


def test_what_an_interrupted_run_left_is_cleared(tmp_path: Path) -> None:
    target = tmp_path / "www"
    release(target, 1, version(1))
    site_of(target / "releases/.20260601T000200Z-00000002", version(2))
    (target / ".current.new").symlink_to("nowhere")
    release(target, 3, version(3))
    assert sorted(os.listdir(target)) == [".lock", "current", "releases"]
    assert not list((target / "releases").glob(".*"))


def test_the_lock_holds_between_processes(tmp_path: Path) -> None:
    target = tmp_path / "www"
    release(target, 1, version(1))
    release(target, 2, version(2))
    command = [sys.executable, "-m", "plugins.publish", "rollback", "--to", str(target)]
    with releases.only_publisher(target):
        ran = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=False)
    assert (ran.returncode, "另一个发布或回滚正在写" in ran.stderr) == (1, True)
