"""After an edit the lists of the whole country are as a clean build makes them, and a page that
shows nothing of what was edited is not made again."""

from __future__ import annotations

from pathlib import Path

from plugins.catalogue import load
from plugins.site.assemble import FAMILIES, derive_photos, share
from plugins.site.build import PROJECT, build
from plugins.site.sources import Sources
from tests.conftest import TODAY, quiet

PROFILE = "schools/zhejiang/yanshi-jishi-xueyuan/profile.md"


def files(output: Path) -> dict[str, bytes]:
    return {
        file.relative_to(output).as_posix(): file.read_bytes()
        for file in sorted(output.rglob("*"))
        if file.is_file()
    }


def test_a_school_that_names_another_county_moves_to_its_page(small: Path, tmp_path: Path) -> None:
    output = tmp_path / "output"
    build(small, output, TODAY, quiet())
    here, there = (output / f"priority/{code}" for code in ("330110", "330203"))
    assert "演示：同等条件下先录取" in (here / "index.html").read_text("utf-8")

    profile = small / PROFILE
    text = profile.read_text("utf-8").replace('[余杭区, "659001"]', "[海曙区]")
    text = text.replace("opens_on: 2026-09-01", "opens_on: 2026-05-01")
    profile.write_text(text.replace("title: 演示课程", "title: 演示新课"), "utf-8")
    build(small, output, TODAY, quiet())
    assert "演示：同等条件下先录取" not in (here / "index.html").read_text("utf-8")
    assert not (here / "leaflet").exists()
    assert "演示：同等条件下先录取" in (there / "leaflet/index.html").read_text("utf-8")
    assert "演示新课" in (output / "online-learning/index.html").read_text("utf-8")
    assert "已过" in (output / "term/zhejiang/index.html").read_text("utf-8")

    clean = tmp_path / "clean"
    build(small, clean, TODAY, quiet())
    assert files(output) == files(clean)


def test_a_school_s_page_hangs_on_the_register_of_its_own_province_alone(
    small: Path, tmp_path: Path
) -> None:
    catalogue, _ = load(small, TODAY)
    shared = share(catalogue, small, PROJECT / "themes/jixiao", tmp_path, "https://a.example")
    shared.photos = derive_photos(catalogue, small, tmp_path / "photos", catalogue.profiles)
    (family,) = (one for one in FAMILIES if one.name == "school")
    for school in catalogue.schools:
        reads: set[str] = set()
        list(family.make(Sources(shared, reads), school.school_id))
        registers = {facet for facet in reads if facet.startswith("register ")}
        assert registers == {f"register {school.province}"}, school.school_id
