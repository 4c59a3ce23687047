"""Where things stand in a workbook: names of sheets, rows of the header, words for values."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

GUIDE: Final = "说明"
REGISTER: Final = "名册"
WORDS: Final = "词表"

TITLE_ROW: Final = 1
"""The columns' Chinese titles."""
NAME_ROW: Final = 2
"""The columns' names as the CSV has them; the import finds its columns by these."""
FIRST_ROW: Final = 3

PROVINCE_LABEL: Final = "报送单位代号"
PRINT_LABEL: Final = "数据指纹"

STATUS_WORDS: Final = {"active": "在办", "suspended": "停招", "closed": "停办"}
MERGED_WORD: Final = "已并入"
YES_NO_WORDS: Final = {"yes": "是", "no": "否"}

PROBLEM_AUTHOR: Final = "检查"
"""Author of the comments that the import writes; it removes only those."""

_PLAN_SHEET = re.compile(r"计划\s*(20[0-9]{2})(（草稿）)?")


@dataclass(frozen=True, slots=True, order=True)
class PlanFile:
    """A plan of one year; a draft is checked and never shown."""

    year: int
    draft: bool = False

    @property
    def sheet(self) -> str:
        return f"计划{self.year}" + ("（草稿）" if self.draft else "")

    @property
    def file(self) -> str:
        """Path inside the province's folder."""
        return f"plans/{self.year}{'.draft' if self.draft else ''}.csv"


def plan_of_sheet(title: str) -> PlanFile | None:
    """The plan that a sheet of this name holds; None for a sheet of another kind."""
    found = _PLAN_SHEET.fullmatch(title.strip())
    return PlanFile(int(found[1]), bool(found[2])) if found else None


def shown_status(value: str) -> str:
    """`merged:x` as `已并入:x`, and so on; an unknown word stays as it is."""
    if value.startswith("merged:"):
        return f"{MERGED_WORD}:{value.removeprefix('merged:')}"
    return STATUS_WORDS.get(value, value)


def stored_status(value: str) -> str:
    """The reverse of `shown_status`; the stored words are accepted as they are."""
    merged = re.fullmatch(rf"{MERGED_WORD}\s*[:：]?\s*(.+)", value)
    if merged:
        return f"merged:{merged[1].strip()}"
    return {word: status for status, word in STATUS_WORDS.items()}.get(value, value)
