"""Files that are no workbook, or no honest one, are refused in words before they are parsed."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from openpyxl import Workbook

from plugins.spreadsheets.fault import WorkbookRefused
from plugins.spreadsheets.open_workbook import open_workbook
from tests.unit.spreadsheets.office import Office, digest

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
BOMB = b"""<?xml version="1.0"?><!DOCTYPE a [<!ENTITY a "aaaaaaaaaa">
<!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]><a>&c;</a>"""


def workbook(rows: int = 1) -> bytes:
    book = Workbook(write_only=True)
    sheet = book.create_sheet("名册")
    for number in range(rows):
        sheet.append([number])
    data = io.BytesIO()
    book.save(data)
    return data.getvalue()


def with_part(name: str, content: bytes, times: int = 1) -> bytes:
    """An honest workbook and one part more, or in place of its own."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(workbook())) as source,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        for part in source.namelist():
            if part != name:
                target.writestr(part, source.read(part))
        with target.open(name, "w", force_zip64=True) as stream:
            for _ in range(times):
                stream.write(content)
    return out.getvalue()


def understated(data: bytes) -> bytes:
    """The same zip whose directory says that its last part is small."""
    at = data.rindex(b"PK\x01\x02")
    return data[: at + 24] + (1000).to_bytes(4, "little") + data[at + 28 :]


REFUSED: list[tuple[str, Callable[[], bytes], str]] = [
    ("a.xls", lambda: OLE + b"\0" * 600, "旧的 .xls"),
    ("locked.xlsx", lambda: OLE + "EncryptedPackage".encode("utf-16-le"), "打开密码"),
    ("a.csv", lambda: "school_id,name\nx,演示\n".encode(), "CSV"),
    ("renamed.xlsx", lambda: "school_id,name\n".encode("gb18030"), "CSV"),
    ("page.xlsx", lambda: b"<html><table></table></html>", "网页"),
    ("empty.xlsx", lambda: b"", "空文件"),
    ("half.xlsx", lambda: workbook()[:2000], "已损坏"),
    ("macros.xlsm", workbook, "只读 .xlsx"),
    ("macros.xlsx", lambda: with_part("xl/vbaProject.bin", OLE), "宏"),
    ("text.xlsx", lambda: workbook().replace(b"xl/w", b"xx/w"), "不是 Excel 工作簿"),
    ("entities.xlsx", lambda: with_part("xl/sharedStrings.xml", BOMB), "XML 实体"),
    (
        "wide.xlsx", lambda: with_part("xl/sharedStrings.xml", BOMB.decode().encode("utf-16")),
        "不是 UTF-8",
    ),
    ("bomb.xlsx", lambda: with_part("xl/media/a.bin", b"\0" * 1_000_000, 400), "解开以后超过"),
    (
        "lying.xlsx", lambda: understated(with_part("xl/media/a.bin", b"\0" * 1_000_000, 400)),
        "已损坏",
    ),
    ("long.xlsx", lambda: workbook(50_000), "表太大"),
    ("damaged.xlsx", lambda: with_part("xl/workbook.xml", b"<workbook"), "已损坏"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "data", "words"), REFUSED, ids=[r[0] for r in REFUSED])
def test_it_is_refused_with_the_way_out(
    tmp_path: Path, name: str, data: Callable[[], bytes], words: str
) -> None:
    file = tmp_path / name
    file.write_bytes(data())
    with pytest.raises(WorkbookRefused) as refused:
        open_workbook(file)
    assert words in str(refused.value)
    assert "\n" not in str(refused.value)


def test_the_command_says_it_and_changes_nothing(office: Office, tmp_path: Path) -> None:
    before = digest(office.content)
    file = tmp_path / "a.xls"
    file.write_bytes(OLE)
    code, said = office.take_in(file)
    assert (code, "另存为" in said, "Traceback" in said) == (1, True, False)
    assert digest(office.content) == before


def test_a_file_that_is_not_there_is_said(office: Office, tmp_path: Path) -> None:
    assert office.take_in(tmp_path / "no.xlsx")[0] == 1
    assert office.take_in(tmp_path)[0] == 1


def test_an_honest_workbook_opens(tmp_path: Path) -> None:
    file = tmp_path / "good.xlsx"
    file.write_bytes(workbook(10))
    assert open_workbook(file).sheetnames == ["名册"]
