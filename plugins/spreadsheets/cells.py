"""Turn the value of a cell into the text that the CSV holds, or say why it cannot be.

Reading only undoes what spreadsheets do to text: dates that became serial numbers, numbers that
became text, full-width digits, blanks at the ends. Whether the text is right is for the check.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from dataclasses import dataclass
from typing import Final

from openpyxl.cell.cell import Cell, MergedCell
from openpyxl.utils.datetime import from_excel

from plugins.spreadsheets.columns import Column
from plugins.spreadsheets.layout import YES_NO_WORDS, stored_status

_SERIALS: Final = range(18264, 73051)
"""Excel's numbers of the days from 1950 to 2099."""
_WRITTEN_DATE: Final = re.compile(
    r"(?P<y>[0-9]{4})\s*[-./年]\s*(?P<m>[0-9]{1,2})\s*[-./月]\s*(?P<d>[0-9]{1,2})\s*日?"
    r"(?:[ T]00:00(?::00)?)?"
)
_THOUSANDS: Final = re.compile(r"[0-9]{1,3}(,[0-9]{3})+")


class CellRefused(Exception):
    """`code`, what is wrong with the cell, and what to write instead."""

    def __init__(self, code: str, message: str, fix: str) -> None:
        super().__init__(code)
        self.code, self.message, self.fix = code, message, fix


@dataclass(frozen=True, slots=True)
class CellText:
    """`rewritten` says that the text differs from what a person sees in the cell."""

    text: str
    rewritten: bool = False


def cell_text(cell: Cell | MergedCell, column: Column) -> CellText:
    """The stored text of a cell, empty for a blank one. Raises CellRefused."""
    value = cell.value
    if value is None:
        return CellText("")
    if cell.data_type == "f":
        raise CellRefused(
            "sheet-formula",
            "格子里是公式",
            "选中它，复制，再“选择性粘贴 → 数值”；确是文字的，把格子设成“文本”再写",
        )
    if cell.data_type == "e":
        raise CellRefused("sheet-error-value", "格子里是计算出错的结果", "写上真正的内容，或清空")
    if isinstance(value, bool):
        words = ("no", "yes") if column.kind == "yes-no" else ("FALSE", "TRUE")
        return CellText(words[value])
    if isinstance(value, dt.datetime | dt.date | dt.time | dt.timedelta):
        return _from_date(value, column)
    if isinstance(value, int | float):
        return _from_number(value, column)
    return _from_text(str(value), column)


def _from_date(value: object, column: Column) -> CellText:
    whole_day = isinstance(value, dt.date) and (
        not isinstance(value, dt.datetime) or value.time() == dt.time()
    )
    if column.kind == "date" and whole_day and isinstance(value, dt.date):
        return CellText(f"{value:%Y-%m-%d}")
    raise CellRefused(
        "sheet-unwanted-date",
        "表格软件把这一格变成了日期或时间",
        f"把格子设成“文本”，再写一遍{column.title}",
    )


def _from_number(value: int | float, column: Column) -> CellText:
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        value = int(value)
    if column.kind == "date" and isinstance(value, int):
        if value in _SERIALS:
            day = from_excel(value)
            if isinstance(day, dt.datetime):
                return CellText(f"{day:%Y-%m-%d}", True)
        written = str(value)
        if re.fullmatch(r"(19|20)[0-9]{6}", written):
            return CellText(f"{written[:4]}-{written[4:6]}-{written[6:]}", True)
    if column.kind == "exact":
        raise CellRefused(
            "sheet-number-for-text",
            f"{column.title}存成了数字，开头的 0 或后面的位数可能已经丢了",
            "把格子设成“文本”，对照原件再写一遍",
        )
    return CellText(str(value))


def _from_text(value: str, column: Column) -> CellText:
    plain = value.strip()
    if column.kind == "text" or column.kind == "major":
        return CellText(plain)
    text = unicodedata.normalize("NFKC", plain).strip()
    if column.kind == "date":
        if found := _WRITTEN_DATE.fullmatch(text):
            text = f"{found['y']}-{int(found['m']):02}-{int(found['d']):02}"
    elif column.kind == "number":
        text = text.replace(",", "") if _THOUSANDS.fullmatch(text) else text
    elif column.kind == "yes-no":
        return CellText({word: stored for stored, word in YES_NO_WORDS.items()}.get(text, text))
    elif column.kind == "status":
        return CellText(stored_status(text))
    elif column.name != "school_id":
        # A telephone number or a code keeps its own brackets unless its digits are full-width.
        text = text if re.search("[０-９]", plain) else plain
    return CellText(text, text != plain)
