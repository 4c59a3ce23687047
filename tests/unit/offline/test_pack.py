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

from plugins.offline.pack import zip_bytes
from plugins.offline.part import ProvincePart
from plugins.offline.publish import Offline, offline_files
from plugins.site.writer import Written, ledger_of, read_ledger

THEME = Path(__file__).parents[3] / "themes/jixiao"
PART = ProvincePart(
    slug="zhejiang",
    name="浙江省",
    short_name="浙江",
    schools=("yanshi-jishi-xueyuan", "yanshi-ningbo-gaoji-jigong-xuexiao"),
    words=frozenset({"zhejiang", "yanshi-jishi-xueyuan", "yanshi-ningbo-gaoji-jigong-xuexiao"}),
    photos=(),
)


def late_files(tree: Path, cache: Path) -> dict[str, bytes]:
    photos = tuple(sorted(f"photos/{file.name}" for file in tree.glob("photos/*-480.webp")))
    ledger = {
        name: entry
        for name, entry in read_ledger(ledger_of(tree)).items()
        if name != "sw.js" and not re.fullmatch(r"offline/[a-z-]+\.zip|offline/[a-z]+\.json", name)
    }
    for name in list(ledger):
        data = (tree / name).read_bytes()
        ledger[name] = Written(len(data), hashlib.sha256(data).hexdigest())
    assets = next(name for name in ledger if name.startswith("assets/")).split("/")
    offline = Offline(
        parts=(replace(PART, photos=photos),), theme=THEME, cache=cache, origin="https://site.example.cn",
        assets="/" + "/".join(assets[:2]), today=dt.date(2026, 6, 1),
    )  # fmt: skip
    return dict(offline_files(tree, ledger, offline))


@pytest.fixture
def tree(small_site: Path, tmp_path: Path) -> Path:
    shutil.copytree(small_site, tmp_path / "output")
    shutil.copy(ledger_of(small_site), ledger_of(tmp_path / "output"))
    return tmp_path / "output"


def members(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {entry.filename: archive.read(entry) for entry in archive.infolist()}


def test_the_same_files_give_the_same_zip_in_any_order() -> None:
    one = zip_bytes({"index.html": b"a" * 500, "files/p.webp": b"dense"}, "jixiao-x")
    other = zip_bytes({"files/p.webp": b"dense", "index.html": b"a" * 500}, "jixiao-x")
    assert one == other
    with zipfile.ZipFile(io.BytesIO(one)) as archive:
        kinds = {entry.filename: entry.compress_type for entry in archive.infolist()}
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    assert kinds == {
        "jixiao-x/files/p.webp": zipfile.ZIP_STORED,
        "jixiao-x/index.html": zipfile.ZIP_DEFLATED,
    }


def test_a_name_that_is_not_ascii_never_gets_into_a_zip() -> None:
    with pytest.raises(UnicodeEncodeError):
        zip_bytes({"照片.webp": b""}, "jixiao-x")


def test_a_clean_cache_and_a_full_one_give_the_same_bytes(tree: Path, tmp_path: Path) -> None:
    first = late_files(tree, tmp_path / "cache")
    assert late_files(tree, tmp_path / "cache") == first
    assert late_files(tree, tmp_path / "another") == first


def test_only_a_change_of_its_own_makes_a_pack_anew(tree: Path, tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    late_files(tree, cache)
    [kept] = cache.glob("*.zip")
    made_at = kept.stat().st_mtime_ns
    # Another province, and the whole site's search index, are none of its business.
    for name in ("schools/yanshi-beijing-jishi-xueyuan/index.html", "index.html"):
        page = tree / name
        page.write_text(page.read_text("utf-8").replace("<h1", "<h1 data-x", 1), "utf-8")
    search = tree / "search/index.html"
    search.write_text(
        re.sub(r"/search-index/[0-9a-f]+/", "/search-index/aaaaaaaaaaaaaaaa/", search.read_text()),
        "utf-8",
    )
    late_files(tree, cache)
    [still] = cache.glob("*.zip")
    assert (still, still.stat().st_mtime_ns) == (kept, made_at)
    own = tree / "schools/yanshi-jishi-xueyuan/index.html"
    own.write_text(own.read_text("utf-8").replace("<h1", "<h1 data-x", 1), "utf-8")
    late_files(tree, cache)
    [new] = cache.glob("*.zip")
    assert new != kept


def test_every_link_of_a_pack_leads_to_a_file_of_it_or_to_the_site(
    tree: Path, tmp_path: Path
) -> None:
    found = members(late_files(tree, tmp_path / "cache")["offline/zhejiang.zip"])
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


def test_the_list_for_saving_names_what_the_ledger_holds(tree: Path, tmp_path: Path) -> None:
    files = late_files(tree, tmp_path / "cache")
    saved = json.loads(files["offline/zhejiang.json"])
    paths = [address for address, _, _ in saved["files"]]
    assert len(paths) == len(set(paths))
    assert saved["bytes"] == sum(size for _, size, _ in saved["files"])
    for address, size, _ in saved["files"]:
        file = tree / (address.lstrip("/") + ("index.html" if address.endswith("/") else ""))
        assert file.stat().st_size == size
    assert {"/search/", "/compare/", "/schools/yanshi-jishi-xueyuan/"} <= set(paths)
    assert "/schools/yanshi-beijing-jishi-xueyuan/" not in paths
    sizes = json.loads(files["offline/sizes.json"])
    assert sizes["zhejiang"] == {
        "pack": len(files["offline/zhejiang.zip"]), "saved": saved["bytes"],
    }  # fmt: skip
