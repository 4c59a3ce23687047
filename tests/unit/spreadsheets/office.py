"""Workbooks as a province's officer makes them: exported, opened, changed, saved."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable
from pathlib import Path

import pytest
from openpyxl import load_workbook
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from plugins.spreadsheets.__main__ import main

TODAY = dt.date(2026, 6, 1)

Edit = Callable[[Workbook], object]


def digest(content: Path) -> dict[str, str]:
    """Every file of the registers, by path, with the SHA-256 of its bytes."""
    return {
        file.relative_to(content).as_posix(): hashlib.sha256(file.read_bytes()).hexdigest()
        for file in sorted((content / "registry").rglob("*"))
        if file.is_file()
    }


def place(sheet: Worksheet, name: str) -> int:
    """The column that holds `name` in the second row."""
    return next(cell.column for cell in sheet[2] if cell.value == name)


def put(sheet: Worksheet, row: int, **cells: object) -> None:
    for name, value in cells.items():
        sheet.cell(row, place(sheet, name)).value = value


class Office:
    """A content folder and the desk of an officer who edits workbooks."""

    def __init__(self, content: Path, desk: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.content, self.desk, self.capsys = content, desk, capsys

    def export(self, province: str = "zhejiang") -> Path:
        assert (
            main(["export", province, "--to", str(self.desk), "--content", str(self.content)]) == 0
        )
        return Path(self.capsys.readouterr().out.strip())

    def edited(self, edit: Edit, province: str = "zhejiang") -> Path:
        file = self.export(province)
        book = load_workbook(file)
        edit(book)
        book.save(file)
        return file

    def take_in(self, file: Path, *options: str) -> tuple[int, str]:
        """Exit status and everything that was said."""
        code = main(["import", str(file), "--content", str(self.content), *options])
        said = self.capsys.readouterr()
        return code, said.out + said.err

    def submit(self, edit: Edit, *options: str) -> tuple[int, str]:
        return self.take_in(self.edited(edit), *options)

    def lines(self, name: str = "schools.csv") -> list[str]:
        return (self.content / "registry/zhejiang" / name).read_text("utf-8").splitlines()
