"""Strict CSV: a known header, one record a row, with the line of every row."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from plugins.catalogue.problem import Problem, did_you_mean, shown
from plugins.catalogue.read_text import TABLE_BYTES, read_text


@dataclass(frozen=True, slots=True)
class Row:
    """One row: the filled cells by column name, and the line on which the row begins."""

    line: int
    cells: dict[str, str]


def read_csv(
    file: Path, path: str, columns: Sequence[str], required: Sequence[str]
) -> tuple[list[Row], list[Problem]]:
    """All rows of a CSV file whose header may hold `columns` and must hold `required`.

    Empty cells are left out. Faults of the header make the whole table unusable (no rows are
    returned); a row with more cells than the header is reported and left out.
    """
    text, problems = read_text(file, path, TABLE_BYTES)
    if text is None:
        return [], problems

    def error(line: int, code: str, message: str, fix: str) -> None:
        problems.append(Problem(path, line, code, "error", message, fix))

    reader = csv.reader(io.StringIO(text), strict=True)
    rows: list[Row] = []
    header: list[str] | None = None
    try:
        for line, cells in _numbered(reader):
            if header is None:
                header = [cell.strip() for cell in cells]
                if faults := list(_header_faults(header, columns, required)):
                    for code, message, fix in faults:
                        error(line, code, message, fix)
                    return [], problems
                continue
            if not any(cell.strip() for cell in cells):
                continue
            if len(cells) > len(header):
                error(
                    line,
                    "table-too-many-cells",
                    f"这一行有 {len(cells)} 格，表头只有 {len(header)} 列",
                    "文字里有逗号的，整格加英文双引号",
                )
                continue
            filled = zip(header, cells, strict=False)
            rows.append(Row(line, {name: cell for name, cell in filled if cell.strip()}))
    except csv.Error as failure:
        error(
            reader.line_num,
            "table-syntax",
            f"这一行的引号或逗号不成对（{failure}）",
            "检查英文双引号是否成对；建议用表格软件另存为 CSV",
        )
    if header is None:
        error(1, "table-empty", "表里没有表头", "第一行写列名：" + ",".join(columns[:4]) + "……")
    return rows, problems


def _numbered(reader: Iterator[list[str]]) -> Iterator[tuple[int, list[str]]]:
    """Rows with the line on which each begins (a quoted cell may span lines)."""
    begins = 1
    for cells in reader:
        yield begins, cells
        begins = getattr(reader, "line_num") + 1  # noqa: B009 - csv readers have no typed attribute


def _header_faults(
    header: list[str], columns: Sequence[str], required: Sequence[str]
) -> Iterator[tuple[str, str, str]]:
    for name in header:
        if name not in columns:
            hint = did_you_mean(name, columns) or f"可用的列：{'、'.join(columns)}"
            yield "table-unknown-column", f"不认识的列名“{shown(name)}”", hint
    for name in sorted({name for name in header if header.count(name) > 1}):
        yield "table-duplicate-column", f"列名“{shown(name)}”出现了两次", "只留一列"
    for name in required:
        if name not in header:
            yield "table-missing-column", f"缺少必须有的列“{name}”", f"在表头里加上 {name}"
