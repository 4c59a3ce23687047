"""The build as its user meets it: whole or not at all, the same bytes each time."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
from rich.console import Console

from plugins.site.build import BuildFailed, Built, build, main

PROJECT = Path(__file__).resolve().parents[2]
TODAY = dt.date(2026, 6, 1)
EPOCH = "1780272000"  # 2026-06-01 08:00 in China
PROFILE = "schools/zhejiang/yanshi-jishi-xueyuan/profile.md"


def built(content: Path, output: Path, **options: bool) -> Built:
    return build(content, output, TODAY, Console(quiet=True), **options)


def digest(folder: Path) -> dict[str, str]:
    return {
        file.relative_to(folder).as_posix(): hashlib.sha256(file.read_bytes()).hexdigest()
        for file in sorted(folder.rglob("*"))
        if file.is_file()
    }


def test_the_small_site_has_exactly_these_pages(small_site: Path) -> None:
    expected = (PROJECT / "tests/fixtures/small-pages.txt").read_text("utf-8").split()
    pages = sorted(p.relative_to(small_site).as_posix() for p in small_site.rglob("*.html"))
    assert pages == expected


def test_a_second_build_gives_the_same_bytes(small: Path, tmp_path: Path) -> None:
    built(small, tmp_path / "output")
    first = digest(tmp_path / "output")
    built(small, tmp_path / "output")
    assert digest(tmp_path / "output") == first
    built(small, tmp_path / "elsewhere/deeper/output")
    assert digest(tmp_path / "elsewhere/deeper/output") == first


def test_compression_adds_copies_and_changes_nothing_else(small: Path, tmp_path: Path) -> None:
    output = tmp_path / "output"
    built(small, output, compress=True)
    first = digest(output)
    plain = {name: sha256 for name, sha256 in first.items() if not name.endswith((".br", ".gz"))}
    assert {"index.html.br", "index.html.gz", "data/schools.csv.br"} <= set(first)
    built(small, output, compress=True)
    assert digest(output) == first
    built(small, output)
    assert digest(output) == plain


def test_only_the_output_and_what_is_known_of_it_are_left(small: Path, tmp_path: Path) -> None:
    place = tmp_path / "place"
    built(small, place / "output")
    built(small, place / "output")
    assert sorted(os.listdir(place)) == [
        ".output.build", ".output.lock", ".output.standby", "output",
    ]  # fmt: skip


def test_a_broken_profile_stops_the_build_and_the_old_output_stays(
    small: Path, tmp_path: Path
) -> None:
    built(small, tmp_path / "output")
    before = digest(tmp_path / "output")
    (small / PROFILE).write_text("---\nsummary: 没有日期\n---\n")
    with pytest.raises(BuildFailed) as failure:
        built(small, tmp_path / "output")
    assert "confirmed_on" in str(failure.value)
    assert digest(tmp_path / "output") == before


def test_in_quarantine_only_the_broken_profile_is_missing(small: Path, tmp_path: Path) -> None:
    shutil.copytree(small, tmp_path / "without")
    shutil.rmtree(tmp_path / "without/schools/zhejiang/yanshi-jishi-xueyuan")
    built(tmp_path / "without", tmp_path / "expected")
    (small / PROFILE).write_text("nonsense")
    result = built(small, tmp_path / "output", quarantine=True)
    assert [one.path for one in result.quarantined] == [PROFILE]
    # The one page that differs is the one that tells what was left out.
    told = json.loads((tmp_path / "output/status/index.json").read_text("utf-8"))
    assert told["left_out"] == [PROFILE]
    for tree in ("output", "expected"):
        shutil.rmtree(tmp_path / tree / "status")
    assert digest(tmp_path / "output") == digest(tmp_path / "expected")


def test_quarantine_never_excuses_a_broken_register(small: Path, tmp_path: Path) -> None:
    register = small / "registry/zhejiang/schools.csv"
    register.write_text(register.read_text().replace("330200", "999999"))
    with pytest.raises(BuildFailed, match="register-unknown-city"):
        built(small, tmp_path / "output", quarantine=True)
    assert not (tmp_path / "output").exists()


def test_a_register_without_schools_is_no_reason_to_publish_an_empty_site(
    small: Path, tmp_path: Path
) -> None:
    shutil.rmtree(small / "registry")
    shutil.rmtree(small / "schools")
    with pytest.raises(BuildFailed, match="一所学校也没有"):
        built(small, tmp_path / "output")


def test_a_page_that_no_unit_made_stops_the_build(
    small: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from plugins.site.views import major

    pages = major.pages
    monkeypatch.setattr(
        major, "pages", lambda catalogue: [p for p in pages(catalogue) if "shukong" not in p.url]
    )
    with pytest.raises(BuildFailed, match="缺少页面 /majors/shukong-jiagong/"):
        built(small, tmp_path / "output")
    assert not (tmp_path / "output").exists()


def test_a_file_that_came_out_short_stops_the_build(
    small: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from plugins.site.standby import Standby

    put = Standby.put

    def short(self: Standby, name: str, data: bytes) -> None:
        put(self, name, data[:100] if name.endswith(".webp") else data)

    monkeypatch.setattr(Standby, "put", short)
    with pytest.raises(BuildFailed, match="文件不完整：photos/"):
        built(small, tmp_path / "output")


def test_a_fault_of_the_program_is_told_in_one_line_and_the_old_output_stays(
    small: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from plugins.site.views import home

    built(small, tmp_path / "output")
    before = digest(tmp_path / "output")
    (small / "reference/README.md").write_text("every page reads the reference tables")
    monkeypatch.setattr(home, "HomeView", lambda **_: SimpleNamespace(schools=1))
    with pytest.raises(BuildFailed, match=r"UndefinedError: .*home\.html:[0-9]+"):
        built(small, tmp_path / "output")
    assert digest(tmp_path / "output") == before


@pytest.mark.parametrize("name", ["thesis.txt", "sitemap.xml", ".git/HEAD"])
def test_a_folder_with_other_files_is_never_replaced(
    small: Path, tmp_path: Path, name: str
) -> None:
    file = tmp_path / "home" / name
    file.parent.mkdir(parents=True)
    file.write_text("years of work")
    with pytest.raises(BuildFailed, match="不是本站生成的文件"):
        built(small, tmp_path / "home")
    assert file.read_text() == "years of work"


def test_a_file_put_into_an_earlier_output_is_not_lost(small: Path, tmp_path: Path) -> None:
    built(small, tmp_path / "output")
    (tmp_path / "output/CNAME").write_text("school.example")
    with pytest.raises(BuildFailed, match="CNAME"):
        built(small, tmp_path / "output")
    assert (tmp_path / "output/CNAME").read_text() == "school.example"


def test_text_that_looks_like_a_link_stops_nothing(small: Path, tmp_path: Path) -> None:
    profile = small / PROFILE
    profile.write_text(profile.read_text() + '\n看 href="/nope/" 这里。\n')
    built(small, tmp_path / "output")


@pytest.mark.parametrize("broken", ["renamed", "stray", "photo alone", "link"])
def test_any_fault_of_a_school_folder_can_be_set_aside(
    small: Path, tmp_path: Path, broken: str
) -> None:
    folder = (small / PROFILE).parent
    if broken == "renamed":
        (folder / "profile.md").rename(folder / "Profile.md")
    elif broken == "stray":
        (folder.parent / "notes.txt").write_text("x")
    elif broken == "photo alone":
        (folder / "profile.md").unlink()
    else:
        (folder / "profile.md").unlink()
        (folder / "profile.md").symlink_to(small / "reference/majors.csv")
    with pytest.raises(BuildFailed):
        built(small, tmp_path / "output")
    result = built(small, tmp_path / "output", quarantine=True)
    assert [one.path for one in result.quarantined] == [PROFILE] * (broken != "stray")
    assert (tmp_path / "output/schools/yanshi-jishi-xueyuan/index.html").is_file()


def test_stock_pelican_removes_what_the_build_wrote_and_is_gone(
    small: Path, tmp_path: Path
) -> None:
    built(small, tmp_path / "output")
    register = small / "registry/beijing/schools.csv"
    register.write_text(register.read_text().splitlines()[0] + "\n")
    command = [
        sys.executable, "-m", "pelican", str(small), "-s", "publishconf.py",
        "-o", str(tmp_path / "output"),
    ]  # fmt: skip
    environment = os.environ | {"SOURCE_DATE_EPOCH": EPOCH}
    subprocess.run(command, cwd=PROJECT, env=environment, check=True, capture_output=True)
    assert not (tmp_path / "output/schools/yanshi-beijing-jishi-xueyuan").exists()


def test_the_output_never_lies_inside_the_content(small: Path) -> None:
    with pytest.raises(BuildFailed, match="不能一个在另一个里面"):
        built(small, small / "output")


def test_two_builds_of_one_output_do_not_mix(small: Path, tmp_path: Path) -> None:
    import fcntl

    with open(tmp_path / ".output.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with pytest.raises(BuildFailed, match="另一个生成任务"):
            built(small, tmp_path / "output")


def test_the_command_fails_with_status_1_and_an_explanation(
    small: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (small / PROFILE).write_text("nonsense")
    arguments = ["--content", str(small), "--output", str(tmp_path / "output")]
    assert main(arguments) == 1
    captured = capsys.readouterr()
    assert captured.out == ""
    assert "profile-no-front-matter" in captured.err
    assert "原来的站点没有改动" in captured.err


def test_stock_pelican_gives_the_same_site(small: Path, tmp_path: Path) -> None:
    built(small, tmp_path / "output")
    stock = tmp_path / "stock"
    settings = tmp_path / "settings.py"
    settings.write_text(
        f"import sys\nsys.path.insert(0, {str(PROJECT)!r})\nfrom publishconf import *\n"
    )
    command = [
        sys.executable, "-m", "pelican", str(small), "-s", str(settings), "-o", str(stock),
    ]  # fmt: skip
    environment = os.environ | {"SOURCE_DATE_EPOCH": EPOCH}
    subprocess.run(command, cwd=PROJECT, env=environment, check=True, capture_output=True)
    assert digest(stock) == digest(tmp_path / "output")

    shutil.rmtree(small / "schools/zhejiang/yanshi-jishi-xueyuan")
    subprocess.run(command, cwd=PROJECT, env=environment, check=True, capture_output=True)
    built(small, tmp_path / "output")
    assert digest(stock) == digest(tmp_path / "output"), "stale files are pruned"

    (small / "registry/zhejiang/schools.csv").write_text("broken\n")
    failed = subprocess.run(
        command, cwd=PROJECT, env=environment, capture_output=True, text=True, check=False
    )
    assert failed.returncode != 0
    assert digest(stock) == digest(tmp_path / "output")


def test_the_downloads_name_every_school(small_site: Path) -> None:
    rows = json.loads((small_site / "data/schools.json").read_text("utf-8"))
    for row in rows:
        assert (small_site / "schools" / row["school_id"] / "index.html").is_file()


def test_a_photo_becomes_clean_copies_that_the_page_offers(small_site: Path) -> None:
    page = (small_site / "schools/yanshi-jishi-xueyuan/index.html").read_text("utf-8")
    names = sorted(file.name for file in (small_site / "photos").iterdir())
    assert [name.partition("-")[2] for name in names] == [
        "1600.jpg", "1600.webp", "480.jpg", "480.webp", "960.jpg", "960.webp",
    ]  # fmt: skip
    for name in names:
        assert f"/photos/{name}" in page
    for words in (
        'alt="演示图案：蓝色的校门"',
        'fetchpriority="high"',
        'width="480"',
        'height="320"',
    ):
        assert words in page


def test_the_preview_shows_the_project_s_own_content_beside_invented_examples(
    real_content: Path, tmp_path: Path
) -> None:
    output = tmp_path / "output"
    build(real_content, output, dt.date(2026, 11, 23), Console(quiet=True), preview=True)
    assert (output / "design/fact-card/index.html").is_file()
    assert not (output / "schools/yanshi-jishi-xueyuan").exists()
