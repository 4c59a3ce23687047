"""Open a contributed workbook, or say why not, before any of its XML is parsed.

A workbook is a zip of XML: hostile until proven otherwise. Sizes are counted while unpacking, a
document type (the only place where an entity can be declared) is refused in every part, and so
are macros. So openpyxl meets only XML that any parser survives; defusedxml adds nothing here.
"""

from __future__ import annotations

import io
import os
import stat
import warnings
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from openpyxl import load_workbook
from openpyxl.workbook import Workbook

from plugins.spreadsheets.fault import WorkbookRefused

FILE_BYTES: Final = 30_000_000
"""Largest workbook, in bytes."""
UNPACKED_BYTES: Final = 300_000_000
"""Largest sum of its parts when unpacked, in bytes."""
PARTS: Final = 2_000
ROWS: Final = 20_000
"""Most rows in all sheets together; the largest province's plan has some thousands."""
CELLS: Final = 1_000_000

_CHUNK: Final = 1 << 20
_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_SAVE_AS: Final = "用 Excel 或 WPS 打开，选“另存为”，类型选“Excel 工作簿（*.xlsx）”，再导入。"


def open_workbook(file: Path) -> Workbook:
    """The workbook in `file`. Raises WorkbookRefused."""
    data = _read(file)
    _check_kind(file, data)
    _check_parts(data)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # what openpyxl cannot show does not matter here
            return load_workbook(io.BytesIO(data))
    except Exception as failure:
        # openpyxl answers damaged XML with any exception there is; each means the same to a clerk.
        raise WorkbookRefused(
            f"打不开 {file.name}：文件已损坏（{type(failure).__name__}）。{_SAVE_AS}"
        ) from failure


def _read(file: Path) -> bytes:
    if file.is_dir():
        raise WorkbookRefused(f"{file} 是文件夹。写出 .xlsx 文件的位置。")
    try:
        descriptor = os.open(file, os.O_RDONLY | os.O_NONBLOCK)
    except OSError as failure:
        raise WorkbookRefused(f"打不开 {file}：{failure.strerror}。核对文件名和位置。") from None
    with os.fdopen(descriptor, "rb") as stream:
        facts = os.fstat(stream.fileno())
        if not stat.S_ISREG(facts.st_mode):
            raise WorkbookRefused(f"{file} 不是文件。写出 .xlsx 文件的位置。")
        if facts.st_size > FILE_BYTES:
            raise WorkbookRefused(
                f"{file.name} 有 {facts.st_size:,} 字节，超过 {FILE_BYTES:,} 字节。"
                "删去图片和不用的表，只留名册和计划。"
            )
        return stream.read(FILE_BYTES + 1)


def _check_kind(file: Path, data: bytes) -> None:
    suffix = file.suffix.lower()
    if not data:
        raise WorkbookRefused(f"{file.name} 是空文件。重新导出或重新保存。")
    if data.startswith(_OLE):
        if "EncryptedPackage".encode("utf-16-le") in data:
            raise WorkbookRefused(
                f"{file.name} 加了打开密码。在 Excel 里取消密码"
                "（文件 → 信息 → 保护工作簿），保存后再导入。"
            )
        raise WorkbookRefused(f"{file.name} 是旧的 .xls 格式。{_SAVE_AS}")
    if not data.startswith(b"PK\x03\x04"):
        kind = "CSV 或文本文件" if suffix in (".csv", ".txt") or b"\0" not in data else "别的文件"
        if data.lstrip()[:1] == b"<":
            kind = "网页"
        raise WorkbookRefused(f"{file.name} 不是 .xlsx 工作簿，看起来是{kind}。{_SAVE_AS}")
    if suffix != ".xlsx":
        raise WorkbookRefused(f"只读 .xlsx 工作簿，{file.name} 的类型是“{suffix}”。{_SAVE_AS}")


def _check_parts(data: bytes) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
            names = [part.filename for part in parts]
            if len(parts) > PARTS or sum(part.file_size for part in parts) > UNPACKED_BYTES:
                raise _too_large()
            if len(set(names)) != len(names):
                raise WorkbookRefused(f"工作簿里有两个同名的部分，文件已损坏。{_SAVE_AS}")
            if "xl/workbook.xml" not in names:
                raise WorkbookRefused(
                    f"这不是 Excel 工作簿（里面没有 xl/workbook.xml）。{_SAVE_AS}"
                )
            if any("vbaproject" in name.lower() for name in names):
                raise WorkbookRefused(f"工作簿里有宏。{_SAVE_AS}")
            left, rows, cells = UNPACKED_BYTES, 0, 0
            for part in parts:
                is_sheet = part.filename.startswith("xl/worksheets/")
                tail = b""
                for chunk in _chunks(archive, part):
                    left -= len(chunk)
                    if left < 0:
                        raise _too_large()
                    _check_text(part.filename, tail + chunk)
                    if is_sheet:
                        rows += (tail + chunk).count(b"<row ") - tail.count(b"<row ")
                        cells += (tail + chunk).count(b"<c ") - tail.count(b"<c ")
                    tail = chunk[-32:]
                if rows > ROWS or cells > CELLS:
                    raise WorkbookRefused(
                        f"表太大：超过 {ROWS:,} 行。只留这个省的名册和计划；"
                        "没有字、只有格式的空行也算，选中它们，右键“删除行”，再保存。"
                    )
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError) as failure:
        raise WorkbookRefused(
            f"打不开：文件已损坏或加了密（{type(failure).__name__}）。{_SAVE_AS}"
        ) from failure
    except Exception as failure:
        if isinstance(failure, WorkbookRefused):
            raise
        # zlib.error, lzma errors and the like: the archive is damaged.
        raise WorkbookRefused(f"打不开：文件已损坏。{_SAVE_AS}") from failure


def _chunks(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> Iterator[bytes]:
    with archive.open(part) as stream:
        while chunk := stream.read(_CHUNK):
            yield chunk


def _check_text(name: str, data: bytes) -> None:
    """Refuse what makes XML dangerous, in XML parts."""
    if not name.lower().endswith((".xml", ".rels", ".vml")):
        return
    if b"\0" in data:
        raise WorkbookRefused(f"工作簿的 {name} 不是 UTF-8 编码。{_SAVE_AS}")
    if b"<!DOCTYPE" in data or b"<!ENTITY" in data:
        raise WorkbookRefused(
            f"工作簿的 {name} 里声明了 XML 实体，正常的表格没有这样的内容。{_SAVE_AS}"
        )
    if b"macroEnabled" in data and name == "[Content_Types].xml":
        raise WorkbookRefused(f"工作簿里有宏。{_SAVE_AS}")


def _too_large() -> WorkbookRefused:
    return WorkbookRefused(
        f"工作簿解开以后超过 {UNPACKED_BYTES:,} 字节，不像是名册和计划。"
        "新建一个工作簿，只把名册和计划的内容贴过去（粘贴为数值）。"
    )
