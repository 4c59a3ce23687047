"""`export_template`: the register and the plans of one province as a workbook to fill in."""

from __future__ import annotations

import datetime as dt
import hashlib
import io
import re
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE, Cell, MergedCell
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side
from openpyxl.utils import get_column_letter
from openpyxl.workbook import Workbook
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from plugins.catalogue.reference import Province, Reference
from plugins.catalogue.schema import PLAN_COLUMNS, REGISTER_COLUMNS
from plugins.spreadsheets.columns import SCHOOL_NAME, Column, plan_columns, register_columns
from plugins.spreadsheets.fault import WorkbookRefused
from plugins.spreadsheets.layout import (
    FIRST_ROW,
    GUIDE,
    MERGED_WORD,
    NAME_ROW,
    PRINT_LABEL,
    PROVINCE_LABEL,
    REGISTER,
    STATUS_WORDS,
    TITLE_ROW,
    WORDS,
    YES_NO_WORDS,
    PlanFile,
    shown_status,
)
from plugins.spreadsheets.table import Table, read_table

LAST_ROW: Final = 5_000
"""Lists to choose from reach down to this row at least."""

_GREEN: Final = "1F6B4A"
_HEAD: Final = PatternFill("solid", fgColor="E4EFE9")
_NEEDED: Final = PatternFill("solid", fgColor="CFE3D8")
_RULE: Final = Border(bottom=Side("medium", color=_GREEN))
_TEXT_FORMAT: Final = "@"

_WIDTHS: Final = {
    "school_id": 30, SCHOOL_NAME: 26, "name": 30, "address": 30, "phone": 18, "website": 26,
    "source_document": 34, "source_number": 24, "source_address": 24, "note": 30, "major": 24,
    "city_code": 18, "county_code": 20, "supervising_body": 20, "aliases": 24,
    "former_names": 24, "entry_note": 24, "partner_degree": 24, "partner_employer": 20,
}  # fmt: skip

_STEPS: Final = (
    "先看表头：深绿的列必须填，浅绿的列有就填。鼠标停在表头上，会显示这一列写什么。",
    "不知道的留空，不要写“无”“待定”或 0。",
    "新学校加在“名册”最后面，编号留空，导入时按校名起编号；已有学校的编号不要改。",
    "学校改名：只改校名一格，旧名会自动记进曾用名。",
    "停办的学校不要删行，把状态改成“停办”；并入别的学校的，写“已并入:”加那所学校的编号或校名。",
    "计划一行是一个招生项目。新的计划要写清来源文件。",
    "不要合并单元格，不要写公式，不要隐藏行和列；贴内容时用“粘贴为数值”。",
    "填好以后保存成 .xlsx，交给维护网站的同志，或自己运行：invoke import-report 文件名.xlsx",
    "有错误时什么都不会改，另外得到一份“…-有问题.xlsx”，错误写在格子的批注里。",
)


@dataclass(frozen=True, slots=True)
class Exported:
    """The workbook's usual file name, and its bytes: the same for the same tables and day."""

    name: str
    data: bytes


def export_template(
    content: Path, reference: Reference, province: Province, today: dt.date
) -> Exported:
    """The workbook of `province`: guide, register, plans from last year's on, lists of words.

    A sheet for this year's plan is there even when the plan is not. Raises WorkbookRefused where
    a table cannot be read.
    """
    folder = content / "registry" / province.slug
    register = read_table(folder / "schools.csv", REGISTER_COLUMNS)
    plans = {
        plan: read_table(folder / plan.file, PLAN_COLUMNS) for plan in plans_to_show(folder, today)
    }
    names = {row.cells.get("school_id", ""): row.cells.get("name", "") for row in register.rows}

    book = Workbook()
    guide = book.active
    if not isinstance(guide, Worksheet):
        raise TypeError("a new workbook has no sheet")
    lists = _word_lists(reference, province)
    _fill_guide(guide, province, fingerprint(folder, today), today)
    places = _place_words(reference)
    _fill_sheet(book, REGISTER, register_columns(), _shown_rows(register, places, {}), lists)
    for plan, table in plans.items():
        rows = _shown_rows(table, places, names)
        _fill_sheet(book, plan.sheet, plan_columns(), rows, lists)
    _fill_words(book, lists)
    book.active = 1
    book.properties.creator = province.authority
    book.properties.title = f"{province.name}技工院校名册和招生计划"
    moment = dt.datetime.combine(today, dt.time())
    book.properties.created = moment
    return Exported(f"{province.name}名册和计划.xlsx", _saved(book, moment))


def plans_to_show(folder: Path, today: dt.date) -> list[PlanFile]:
    """The plans that stand in a workbook, newest first: last year's, this one's, drafts."""
    found = set()
    for file in folder.glob("plans/*.csv"):
        if name := re.fullmatch(r"(20[0-9]{2})(\.draft)?", file.stem):
            found.add(PlanFile(int(name[1]), bool(name[2])))
    recent = {plan for plan in found if plan.year >= today.year - 1}
    if not any(plan.year == today.year for plan in recent):
        recent.add(PlanFile(today.year))
    return sorted(recent, reverse=True)


def fingerprint(folder: Path, today: dt.date) -> str:
    """Changes with any byte of the tables that a workbook shows."""
    digest = hashlib.sha256()
    for name in ("schools.csv", *(plan.file for plan in plans_to_show(folder, today))):
        file = folder / name
        data = file.read_bytes() if file.is_file() else b""
        digest.update(f"{name} {len(data)}\n".encode() + data)
    return digest.hexdigest()[:16]


def save_exported(exported: Exported, to: Path) -> Path:
    """Write the workbook into the folder `to`, or to `to` itself where that is an .xlsx name.

    A file that somebody may have filled in is never overwritten: another name is found in a
    folder. Raises WorkbookRefused for a given name that is taken.
    """
    if to.suffix.lower() == ".xlsx":
        if to.is_file() and to.read_bytes() != exported.data:
            raise WorkbookRefused(f"{to} 已经有了，内容不同。换一个文件名，或先把它移走。")
        target = to
    else:
        stem = exported.name.removesuffix(".xlsx")
        names = (exported.name, *(f"{stem}-{number}.xlsx" for number in range(2, 1000)))
        free = (to / name for name in names)
        target = next(
            file for file in free if not file.exists() or file.read_bytes() == exported.data
        )
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(exported.data)
    except OSError as failure:
        raise WorkbookRefused(f"写不了 {target}：{failure.strerror}。用 --to 换个位置。") from None
    return target


def _place_words(reference: Reference) -> dict[str, str]:
    places = {code: city.name for code, city in reference.cities.items()}
    places |= {code: county.name for code, county in reference.counties.items()}
    return {code: f"{code} {name}" for code, name in places.items()}


def _shown_rows(
    table: Table, places: Mapping[str, str], school_names: Mapping[str, str]
) -> Iterable[dict[str, str]]:
    for row in table.rows:
        cells = dict(row.cells)
        if not cells:
            continue
        for name in ("city_code", "county_code"):
            if name in cells:
                cells[name] = places.get(cells[name], cells[name])
        if "status" in cells:
            cells["status"] = shown_status(cells["status"])
        if "verified" in cells:
            cells["verified"] = YES_NO_WORDS.get(cells["verified"], cells["verified"])
        if school := school_names.get(cells.get("school_id", "")):
            cells[SCHOOL_NAME] = school
        yield cells


def _word_lists(reference: Reference, province: Province) -> dict[str, tuple[str, ...]]:
    """What may be chosen in a column, by the column's name."""
    cities = reference.cities_of(province)
    codes = {city.code for city in cities}
    lists: dict[str, tuple[str, ...]] = {
        column.name: column.choices
        for column in (*register_columns(), *plan_columns())
        if column.choices
    }
    lists["status"] = (*STATUS_WORDS.values(), f"{MERGED_WORD}:")
    lists["verified"] = tuple(YES_NO_WORDS.values())
    lists["city_code"] = tuple(f"{city.code} {city.name}" for city in cities)
    lists["county_code"] = tuple(
        f"{code} {county.name}"
        for code, county in reference.counties.items()
        if county.city_code in codes
    )
    lists["major"] = tuple(major.name for major in reference.majors if not major.variant_of)
    return lists


def _fill_guide(sheet: Worksheet, province: Province, prints: str, today: dt.date) -> None:
    sheet.title = GUIDE
    sheet.column_dimensions["A"].width = 16
    sheet.column_dimensions["B"].width = 96
    rows = [
        (f"{province.name}技工院校名册和招生计划", ""),
        ("报送单位", province.name),
        ("报送部门", province.authority),
        (PROVINCE_LABEL, province.slug),
        ("导出日期", today.isoformat()),
        (PRINT_LABEL, prints),
        ("", ""),
        *((f"第 {number} 条", step) for number, step in enumerate(_STEPS, start=1)),
    ]
    for number, (label, words) in enumerate(rows, start=1):
        _put_text(sheet.cell(number, 1), label)
        _put_text(sheet.cell(number, 2), words)
        sheet.cell(number, 1).font = Font(bold=True, color=_GREEN)
        sheet.cell(number, 2).alignment = Alignment(wrap_text=True, vertical="top")
    sheet["A1"].font = Font(bold=True, size=16, color=_GREEN)
    sheet.sheet_view.showGridLines = False
    _protect(sheet)


def _fill_sheet(
    book: Workbook,
    title: str,
    columns: Sequence[Column],
    rows: Iterable[Mapping[str, str]],
    lists: Mapping[str, Sequence[str]],
) -> None:
    sheet = book.create_sheet(title)
    for index, column in enumerate(columns, start=1):
        _fill_header(sheet, index, column, lists)
    number = FIRST_ROW - 1
    for number, cells in enumerate(rows, start=FIRST_ROW):
        for index, column in enumerate(columns, start=1):
            cell = sheet.cell(number, index)
            cell.protection = Protection(locked=False)
            _put(cell, cells.get(column.name, ""), column)
    last = max(LAST_ROW, number + 1_000)
    for index, column in enumerate(columns, start=1):
        if column.name in lists:
            _offer(sheet, index, column, lists, last)
    sheet.freeze_panes = sheet.cell(FIRST_ROW, 3)
    sheet.row_dimensions[TITLE_ROW].height = 30
    sheet.print_title_rows = f"{TITLE_ROW}:{NAME_ROW}"
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.fitToWidth = 1
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    _protect(sheet)


def _fill_header(
    sheet: Worksheet, index: int, column: Column, lists: Mapping[str, Sequence[str]]
) -> None:
    title, name = sheet.cell(TITLE_ROW, index), sheet.cell(NAME_ROW, index)
    _put_text(title, column.title + (" *" if column.required else ""))
    _put_text(name, column.name)
    title.font = Font(bold=True)
    name.font = Font(size=8, color="707070")
    title.fill = name.fill = _NEEDED if column.required else _HEAD
    title.alignment = Alignment(wrap_text=True, vertical="center")
    name.border = _RULE
    comment = Comment(_explanation(column, lists.get(column.name, ())), "说明")
    comment.width, comment.height = 300, 150
    title.comment = comment
    letter = get_column_letter(index)
    dimension = sheet.column_dimensions[letter]
    dimension.width = _WIDTHS.get(column.name, 14)
    # The column's own style covers the rows that are still empty.
    dimension.protection = Protection(locked=False)
    if column.kind != "number":
        dimension.number_format = _TEXT_FORMAT


def _explanation(column: Column, words: Sequence[str]) -> str:
    parts = [f"{column.title}（{column.name}）", "必须填。" if column.required else "可以留空。"]
    if column.description:
        parts.append(column.description + "。")
    if column.name == "school_id":
        parts.append("新学校留空，导入时按校名起编号。")
    if column.kind == "date":
        parts.append("写成 2026-09-01。")
    if words and len(words) <= 6:
        parts.append("可选：" + "、".join(words) + "。")
    elif words:
        parts.append("从下拉列表里选，全部的词在“词表”。")
    return "\n".join(parts)


def _offer(
    sheet: Worksheet,
    index: int,
    column: Column,
    lists: Mapping[str, Sequence[str]],
    last: int,
) -> None:
    at = get_column_letter(list(lists).index(column.name) + 1)
    end = len(lists[column.name]) + 1
    choice = DataValidation(
        "list", formula1=f"{WORDS}!${at}$2:${at}${end}", allow_blank=True, showErrorMessage=True
    )
    # A new major and the school of a merger are written by hand: a warning lets them through.
    choice.errorStyle = "warning" if column.kind in ("major", "status") else "stop"
    choice.errorTitle = column.title
    choice.error = "这个词不在列表里。请从下拉列表里选。"
    letter = get_column_letter(index)
    choice.add(f"{letter}{FIRST_ROW}:{letter}{last}")
    sheet.add_data_validation(choice)


def _fill_words(book: Workbook, lists: Mapping[str, Sequence[str]]) -> None:
    sheet = book.create_sheet(WORDS)
    for index, (name, words) in enumerate(lists.items(), start=1):
        _put_text(sheet.cell(1, index), name)
        sheet.cell(1, index).font = Font(bold=True)
        sheet.column_dimensions[get_column_letter(index)].width = 24
        for number, word in enumerate(words, start=2):
            _put_text(sheet.cell(number, index), word)
    sheet.freeze_panes = "A2"
    _protect(sheet)


def _put(cell: Cell | MergedCell, value: str, column: Column) -> None:
    """A number where the column holds numbers and nothing is lost by it, else text."""
    if column.kind == "number" and re.fullmatch(r"(0|[1-9][0-9]{0,9})(\.5)?", value):
        cell.value = float(value) if "." in value else int(value)
    elif column.kind == "number" and not value:
        return
    else:
        _put_text(cell, value)
        cell.number_format = _TEXT_FORMAT


def _put_text(cell: Cell | MergedCell, value: str) -> None:
    """Text that no program takes for a formula, whatever it begins with."""
    if ILLEGAL_CHARACTERS_RE.search(value):
        raise WorkbookRefused("表里有控制字符，写不进工作簿。先用 invoke check 看看在哪一行。")
    if not value:
        return
    cell.value = value
    cell.data_type = "s"
    if value[0] in "=+-@\t\r\n":
        cell.quotePrefix = True


def _protect(sheet: Worksheet) -> None:
    """Against slips, not against people: there is no password."""
    protection = sheet.protection
    protection.sheet = True
    protection.formatCells = protection.formatColumns = protection.formatRows = False
    protection.insertRows = protection.deleteRows = False
    protection.sort = protection.autoFilter = False


def _saved(book: Workbook, moment: dt.datetime) -> bytes:
    """The workbook's bytes with no time of day in them: the parts sorted, their dates fixed."""
    first, second = io.BytesIO(), io.BytesIO()
    book.save(first)
    stamp = moment.strftime("%Y-%m-%dT%H:%M:%SZ").encode()
    with zipfile.ZipFile(first) as source, zipfile.ZipFile(second, "w") as target:
        names = sorted(source.namelist(), key=lambda name: (name != "[Content_Types].xml", name))
        for name in names:
            data = source.read(name)
            if name == "docProps/core.xml":
                data = re.sub(rb"(<dcterms:(created|modified)[^>]*>)[^<]*", rb"\g<1>" + stamp, data)
            entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            target.writestr(entry, data)
    return second.getvalue()
