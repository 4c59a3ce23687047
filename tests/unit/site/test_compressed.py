"""The copies beside text files: the file itself, smaller, the same each time."""

import gzip
import hashlib
import subprocess
from pathlib import Path, PurePosixPath

import brotli
import pytest

from plugins.site.compressed import ENDINGS, TEXT, compressed, gives_back, is_copy
from plugins.site.ledger import files_below

PAGE = "<!doctype html><p>技工院校招生计划</p>".encode() * 40
FILES = {
    "index.html": PAGE,
    "assets/site.css": b"p { color: green }\n" * 60,
    "data/schools.csv": b"school,seats\n" * 6000,
    "short.txt": b"ok\n" * 40,
    "noise.json": b"".join(hashlib.sha256(bytes([n])).digest() for n in range(20)),
    "photo.webp": PAGE,
}


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """The files with all their copies."""
    for name, data in FILES.items():
        file = tmp_path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(data)
        for ending in ENDINGS:
            if PurePosixPath(name).suffix in TEXT and (copy := compressed(name, data, ending)):
                file.with_name(file.name + ending).write_bytes(copy)
    return tmp_path


def test_every_text_file_that_gains_has_both_copies(tree: Path) -> None:
    gaining = ("index.html", "assets/site.css", "data/schools.csv")
    copies = {name + ending for name in gaining for ending in (".br", ".gz")}
    assert set(files_below(tree)) == set(FILES) | copies
    for name in gaining:
        assert brotli.decompress((tree / f"{name}.br").read_bytes()) == FILES[name]
        assert gzip.decompress((tree / f"{name}.gz").read_bytes()) == FILES[name]
        sizes = [(tree / f"{name}{ending}").stat().st_size for ending in ENDINGS]
        assert sizes[0] < sizes[1] < len(FILES[name])


@pytest.mark.parametrize("ending", ENDINGS)
def test_small_records_have_no_copies_and_small_pages_have(ending: str) -> None:
    record = b'{"school": "yanshi"}\n' * 100
    assert compressed("data/compare/yanshi.json", record, ending) is None
    assert compressed("schools/yanshi/atom.xml", record, ending) is None
    assert compressed("data/schools.json", record * 3, ending)
    assert compressed("assets/site.js", record, ending)
    assert compressed("index.html", record, ending)


def test_other_programs_read_the_gzip_copy_and_find_no_name_or_time_in_it(tree: Path) -> None:
    copy = tree / "index.html.gz"
    assert subprocess.run(["gzip", "-dc", copy], capture_output=True, check=True).stdout == PAGE
    header = copy.read_bytes()[:10]
    assert header[3] == 0  # no name, no comment
    assert header[4:8] == bytes(4)  # no time


@pytest.mark.parametrize("ending", [".br", ".gz"])
def test_a_copy_gives_back_its_file_and_nothing_else(ending: str) -> None:
    copy = compressed("index.html", PAGE, ending)
    assert copy is not None
    assert gives_back(f"index.html{ending}", copy, PAGE)
    assert not gives_back(f"index.html{ending}", copy, PAGE + b" ")
    assert not gives_back(f"index.html{ending}", copy[:-1], PAGE)
    assert not gives_back(f"index.html{ending}", b"no such format", PAGE)


def test_copies_are_known_by_their_names() -> None:
    assert [name for name in ("a.html.br", "a.css.gz", "a.html", "a.webp.br", "a.gz")
            if is_copy(name)] == ["a.html.br", "a.css.gz"]  # fmt: skip
