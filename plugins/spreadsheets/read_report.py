"""Read the sheets of a workbook into rows of text, and tell every cell that cannot be read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from openpyxl.utils import get_column_letter
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from plugins.catalogue.problem import Severity, did_you_mean, shown
from plugins.spreadsheets.cells import CellRefused, cell_text
from plugins.spreadsheets.columns import Column, plan_columns, register_columns
from plugins.spreadsheets.fault import Fault, WorkbookRefused
from plugins.spreadsheets.layout import (
    FIRST_ROW,
    GUIDE,
    PRINT_LABEL,
    PROVINCE_LABEL,
    REGISTER,
    WORDS,
    PlanFile,
    plan_of_sheet,
)

HEADER_WITHIN: Final = 10
"""The names of the columns stand in one of the first rows."""


@dataclass(frozen=True, slots=True)
class SheetRow:
    """The filled cells of one row by column name; `number` counts from 1."""

    number: int
    cells: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class SheetTable:
    """One sheet. `columns` gives the position of each column that the sheet has, from 1."""

    title: str
    columns: Mapping[str, int]
    rows: tuple[SheetRow, ...]

    def column(self, name: str) -> int:
        return self.columns.get(name, 1)


@dataclass(frozen=True, slots=True)
class Report:
    """What a workbook says. `province` and `fingerprint` are as its guide tells them, or empty."""

    province: str
    fingerprint: str
    register: SheetTable | None
    plans: Mapping[PlanFile, SheetTable]
    rewritten: tuple[str, ...]
    faults: tuple[Fault, ...]


def read_report(book: Workbook) -> Report:
    """All that the workbook says. Raises WorkbookRefused where no sheet is a register or a plan."""
    faults: list[Fault] = []
    rewritten: list[str] = []
    register: SheetTable | None = None
    plans: dict[PlanFile, SheetTable] = {}
    labels: dict[str, str] = {}
    for sheet in book.worksheets:
        title = sheet.title
        plan = plan_of_sheet(title)
        if title == GUIDE:
            labels = _labels(sheet)
        elif sheet.sheet_state != "visible":
            faults.append(_of_sheet(title, "sheet-hidden", "这张表是隐藏的", "取消隐藏，或删掉它"))
        elif title == REGISTER or plan:
            columns = register_columns() if title == REGISTER else plan_columns()
            table = _read_sheet(sheet, columns, faults, rewritten)
            if plan and table:
                plans[plan] = table
            elif table:
                register = table
        elif title != WORDS:
            hint = did_you_mean(title, [REGISTER, "计划2026"], 0.4)
            faults.append(
                _of_sheet(
                    title,
                    "sheet-unknown",
                    "不认识这张表，没有读它",
                    hint or f"名册叫“{REGISTER}”，计划叫“计划”加年份；别的表可以删掉",
                    "error" if hint else "warning",
                )
            )
    if register is None and not plans and not faults:
        raise WorkbookRefused(
            f"工作簿里没有叫“{REGISTER}”或“计划2026”这样的表。"
            "用 invoke export-template 导出模板，把内容贴进去。"
        )
    return Report(
        labels.get(PROVINCE_LABEL, ""),
        labels.get(PRINT_LABEL, ""),
        register,
        dict(sorted(plans.items())),
        tuple(rewritten),
        tuple(faults),
    )


def _labels(sheet: Worksheet) -> dict[str, str]:
    rows = sheet.iter_rows(min_row=1, max_row=30, max_col=2, values_only=True)
    return {str(label): str(value) for label, value in rows if label and value}


def _of_sheet(title: str, code: str, message: str, fix: str, severity: Severity = "error") -> Fault:
    return Fault(title, 0, 0, code, severity, "", message, fix)


def _read_sheet(
    sheet: Worksheet, columns: Sequence[Column], faults: list[Fault], rewritten: list[str]
) -> SheetTable | None:
    known = {column.name: column for column in columns}
    head = _find_header(sheet, known)
    if head is None:
        faults.append(
            _of_sheet(
                sheet.title,
                "sheet-no-header",
                "找不到写着列名的那一行",
                f"保留模板的第 {FIRST_ROW - 1} 行，它写着 school_id 等列名",
            )
        )
        return None
    places: dict[str, int] = {}
    for place, cell in enumerate(sheet[head], start=1):
        name = str(cell.value or "").strip()
        if not name:
            continue
        if name not in known or name in places:
            twice = name in places
            faults.append(
                Fault(
                    sheet.title, head, place, "sheet-unknown-column", "error", name,
                    "这个列名出现了两次" if twice else f"不认识的列名“{shown(name)}”",
                    "只留一列" if twice else did_you_mean(name, known) or "删掉这一列",
                )
            )  # fmt: skip
            continue
        places[name] = place
    if "school_id" not in places:
        faults.append(
            _of_sheet(sheet.title, "sheet-no-id", "缺少 school_id 一列", "把学校编号这一列加回来")
        )
        return None
    faults += _shape_faults(sheet, head, places.values())
    rows = []
    for number, cells in enumerate(sheet.iter_rows(min_row=head + 1), start=head + 1):
        filled: dict[str, str] = {}
        for name, place in places.items():
            if place > len(cells):
                continue
            cell = cells[place - 1]
            try:
                read = cell_text(cell, known[name])
            except CellRefused as refused:
                faults.append(
                    Fault(
                        sheet.title, number, place, refused.code, "error",
                        str(cell.value), refused.message, refused.fix,
                    )
                )  # fmt: skip
                continue
            if read.text:
                filled[name] = read.text
            if read.rewritten:
                rewritten.append(
                    f"{sheet.title}!{cell.coordinate}：“{shown(cell.value)}”读成“{read.text}”"
                )
        if filled:
            rows.append(SheetRow(number, filled))
    return SheetTable(sheet.title, places, tuple(rows))


def _find_header(sheet: Worksheet, known: Mapping[str, Column]) -> int | None:
    top = sheet.iter_rows(min_row=1, max_row=HEADER_WITHIN, values_only=True)
    for number, values in enumerate(top, start=1):
        if sum(str(value).strip() in known for value in values if value) >= 3:
            return number
    return None


def _shape_faults(sheet: Worksheet, head: int, places: Iterable[int]) -> Iterator[Fault]:
    """Merged cells and hidden rows or columns: what a person sees is not what the file says."""
    for area in sheet.merged_cells.ranges:
        if area.max_row > head:
            yield Fault(
                sheet.title, area.min_row, area.min_col, "sheet-merged-cells", "error",
                "", f"{area.coord} 是合并的单元格", "取消合并，每一格都写上内容",
            )  # fmt: skip
    hidden = sorted(
        number for number, row in sheet.row_dimensions.items() if row.hidden and number > head
    )
    hidden = [number for number in hidden if any(cell.value is not None for cell in sheet[number])]
    if hidden:
        yield Fault(
            sheet.title, hidden[0], 1, "sheet-hidden-rows", "error", "",
            f"有 {len(hidden)} 行是隐藏的（{_spans(hidden)}），可能开着筛选",
            "清除筛选，取消隐藏；不要的行删掉",
        )  # fmt: skip
    used = set(places)
    concealed = set()
    for dimension in sheet.column_dimensions.values():
        if dimension.hidden:
            concealed |= used & set(range(dimension.min or 0, (dimension.max or 0) + 1))
    if concealed:
        names = "、".join(get_column_letter(place) for place in sorted(concealed))
        yield Fault(
            sheet.title, head, min(concealed), "sheet-hidden-columns", "error", "",
            f"{names} 列是隐藏的", "取消隐藏，核对里面的内容",
        )  # fmt: skip


def _spans(numbers: Sequence[int]) -> str:
    shown_numbers = "、".join(map(str, numbers[:8])) + ("……" if len(numbers) > 8 else "")
    return f"第 {shown_numbers} 行"
