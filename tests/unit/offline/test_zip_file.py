"""The zip of a pack, read back by the standard library."""

from __future__ import annotations

import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plugins.offline.zip_file import zip_bytes

NAMES = st.from_regex(r"[a-z0-9]{1,8}(/[a-z0-9-]{1,8}){0,2}\.(html|webp|png|js)", fullmatch=True)
FILES = st.dictionaries(NAMES, st.binary(max_size=2000) | st.text(max_size=500).map(str.encode))


@given(FILES)
def test_what_goes_in_comes_out(files: dict[str, bytes]) -> None:
    with zipfile.ZipFile(io.BytesIO(zip_bytes(files, "jixiao-x"))) as archive:
        assert archive.testzip() is None
        found = {entry.filename: archive.read(entry) for entry in archive.infolist()}
    assert found == {f"jixiao-x/{name}": data for name, data in files.items()}


def test_the_same_files_give_the_same_zip_in_any_order() -> None:
    one = zip_bytes({"index.html": b"a" * 500, "files/p.webp": b"dense"}, "jixiao-x")
    other = zip_bytes({"files/p.webp": b"dense", "index.html": b"a" * 500}, "jixiao-x")
    assert one == other
    with zipfile.ZipFile(io.BytesIO(one)) as archive:
        entries = archive.infolist()
    assert {entry.date_time for entry in entries} == {(1980, 1, 1, 0, 0, 0)}
    assert {entry.external_attr >> 16 for entry in entries} == {0o100644}
    assert {entry.filename: entry.compress_type for entry in entries} == {
        "jixiao-x/files/p.webp": zipfile.ZIP_STORED,
        "jixiao-x/index.html": zipfile.ZIP_DEFLATED,
    }


def test_a_damaged_byte_is_noticed_by_whoever_unpacks() -> None:
    data = bytearray(zip_bytes({"files/p.webp": b"dense"}, "jixiao-x"))
    data[data.index(b"dense")] ^= 1
    with zipfile.ZipFile(io.BytesIO(bytes(data))) as archive:
        assert archive.testzip() == "jixiao-x/files/p.webp"


def test_a_name_that_is_not_ascii_never_gets_into_a_zip() -> None:
    with pytest.raises(UnicodeEncodeError):
        zip_bytes({"照片.webp": b""}, "jixiao-x")
