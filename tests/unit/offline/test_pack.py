"""The zip: the same bytes for the same members, made again only when one of them changed."""

from __future__ import annotations

import datetime as dt
import hashlib
import io
import json
import re
import shutil
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from plugins.offline import OfflineFiles
from plugins.offline.part import ProvincePart
from plugins.site.build import build
from plugins.site.ledger import Written, files_below
from plugins.site.remembered import world_of
from tests.conftest import TODAY, quiet

THEME = Path(__file__).parents[3] / "themes/jixiao"
PART = ProvincePart(
    slug="zhejiang",
    name="浙江省",
    short_name="浙江",
    schools=("yanshi-jishi-xueyuan", "yanshi-ningbo-gaoji-jigong-xuexiao"),
    words=frozenset({"zhejiang", "yanshi-jishi-xueyuan", "yanshi-ningbo-gaoji-jigong-xuexiao"}),
    photos=(),
)


class Site:
    """A tree that may be edited; `made` are the packs that had to be made of it."""

    def __init__(self, tree: Path) -> None:
        self.tree = tree
        self.keys: dict[str, str] = {}

    def offline(self) -> OfflineFiles:
        names = files_below(self.tree)
        written = {name: _written(self.tree / name) for name in names}
        assets = next(name for name in names if name.startswith("assets/")).split("/")
        photos = tuple(name for name in names if name.endswith("-480.webp"))
        return OfflineFiles(
            parts=(replace(PART, photos=photos),),
            files=written,
            read=lambda name: (self.tree / name).read_bytes(),
            theme=THEME,
            assets="/" + "/".join(assets[:2]),
            origin="https://site.example.cn",
            today=dt.date(2026, 6, 1),
        )

    def edit(self, page: str, old: str, new: str) -> None:
        file = self.tree / page
        text = file.read_text("utf-8")
        assert re.search(old, text)
        file.write_text(re.sub(old, new, text, count=1), "utf-8")


def _written(file: Path) -> Written:
    data = file.read_bytes()
    return Written(len(data), hashlib.sha256(data).hexdigest())


@pytest.fixture
def site(small_site: Path, tmp_path: Path) -> Site:
    shutil.copytree(small_site, tmp_path / "output")
    return Site(tmp_path / "output")


def members(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {entry.filename: archive.read(entry) for entry in archive.infolist()}


def test_the_same_files_give_the_same_pack(site: Site) -> None:
    assert site.offline().pack("zhejiang") == site.offline().pack("zhejiang")


def test_only_a_change_of_its_own_changes_what_a_pack_is_made_of(site: Site) -> None:
    before = site.offline().pack_key("zhejiang")
    # Another province, and the name of the whole site's search index, are none of its business.
    site.edit("schools/yanshi-beijing-jishi-xueyuan/index.html", "<h1", "<h1 data-x")
    site.edit("index.html", "<h1", "<h1 data-x")
    site.edit("search/index.html", "/search-index/[0-9a-f]+/", "/search-index/aaaaaaaaaaaaaaaa/")
    assert site.offline().pack_key("zhejiang") == before
    site.edit("schools/yanshi-jishi-xueyuan/index.html", "<h1", "<h1 data-x")
    assert site.offline().pack_key("zhejiang") != before


def test_a_build_after_an_edit_makes_the_pack_of_that_province_only(
    small: Path, tmp_path: Path
) -> None:
    output = tmp_path / "output"
    build(small, output, TODAY, quiet())
    packs = {file.stem: file.read_bytes() for file in output.glob("offline/*.zip")}
    assert set(packs) == {"beijing", "xinjiang-bingtuan", "zhejiang"}
    profile = small / "schools/zhejiang/yanshi-jishi-xueyuan/profile.md"
    text = profile.read_text("utf-8")
    profile.write_text(text.replace("## 优势特色", "## 优势特色\n\n演示新消息。\n", 1), "utf-8")
    build(small, output, TODAY, quiet())
    changed = {
        file.stem for file in output.glob("offline/*.zip") if file.read_bytes() != packs[file.stem]
    }
    assert changed == {"zhejiang"}
    clean = tmp_path / "clean"
    build(small, clean, TODAY, quiet())
    for file in [*sorted(output.glob("offline/*.*")), output / "sw.js"]:
        assert file.read_bytes() == (clean / file.relative_to(output)).read_bytes(), file.name


def test_every_link_of_a_pack_leads_to_a_file_of_it_or_to_the_site(site: Site) -> None:
    found = members(site.offline().pack("zhejiang")[1])
    pages = {name: data.decode() for name, data in found.items() if name.endswith(".html")}
    assert "jixiao-zhejiang/index.html" in pages
    checked = 0
    for name, page in pages.items():
        for target in re.findall(r'\s(?:href|src|action)="([^"]*)"', page):
            if re.match(r"(?:https:|tel:|mailto:|#)", target) or target == "":
                continue
            path = target.partition("#")[0].partition("?")[0]
            place = Path("/" + name).parent.joinpath(path)
            assert str(_plain(place)).lstrip("/") in found, f"{name}: {target}"
            checked += 1
        assert 'type="module"' not in page
        assert 'srcset="' not in page
    assert checked > 500


def _plain(path: Path) -> Path:
    parts: list[str] = []
    for part in path.parts:
        if part == "..":
            parts.pop()
        else:
            parts.append(part)
    return Path(*parts)


def test_the_list_for_saving_names_what_was_written(site: Site) -> None:
    files = site.offline().files_about({"zhejiang": 12345})
    saved = json.loads(files["offline/zhejiang.json"])
    paths = [address for address, _, _ in saved["files"]]
    assert len(paths) == len(set(paths))
    assert saved["bytes"] == sum(size for _, size, _ in saved["files"])
    for address, size, digest in saved["files"]:
        file = site.tree / (address.lstrip("/") + ("index.html" if address.endswith("/") else ""))
        assert _written(file).size == size
        assert _written(file).sha256.startswith(digest)
    assert {"/search/", "/compare/", "/schools/yanshi-jishi-xueyuan/"} <= set(paths)
    assert "/schools/yanshi-beijing-jishi-xueyuan/" not in paths
    sizes = json.loads(files["offline/sizes.json"])
    assert sizes == {"zhejiang": {"pack": 12345, "saved": saved["bytes"]}}


def test_a_retired_worker_is_published_in_the_place_of_the_worker(site: Site) -> None:
    kept = site.offline().files_about({"zhejiang": 1})["sw.js"]
    gone = replace(site.offline(), retired=True).files_about({"zhejiang": 1})["sw.js"]
    assert b"SHELL" in kept
    assert b"unregister" in gone
    assert b"SHELL" not in gone


def test_taking_the_worker_away_is_a_change_though_nothing_else_has_changed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("OFFLINE_WORKER", raising=False)
    before = world_of("2026-06-01", ())
    monkeypatch.setenv("OFFLINE_WORKER", "off")
    assert world_of("2026-06-01", ()) != before
