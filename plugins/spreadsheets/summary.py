"""Say in a few lines what an import changes, so that a person can say yes or no."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from plugins.catalogue.problem import shown
from plugins.spreadsheets.columns import plan_columns, register_columns
from plugins.spreadsheets.import_report import Changes
from plugins.spreadsheets.layout import shown_status

_MOST = 30
"""Lines of a kind that are shown; the rest is counted."""


def summary(changes: Changes) -> str:
    """Added, changed and closed schools; added, changed and removed programmes by year."""
    if not changes.files:
        return f"{changes.province.name}：没有变动，什么都不用改。"
    lines = [f"{changes.province.name}的变动："]
    if changes.stale:
        lines.append(
            "注意：导出这份表以后，名册或计划又改过。请核对下面每一处变动是不是这次要改的。"
        )
    if register := changes.register:
        lines.append(
            f"学校：新增 {len(register.added)} 所，改动 {len(register.changed)} 所，"
            f"停办或并入 {len(register.gone)} 所"
        )
        lines += _few(f"  新增 {_school(cells)}" for cells in register.added)
        lines += _few(
            f"  改动 {_school(before)}：{_differences(before, after)}"
            for before, after in register.changed
        )
        lines += _few(
            f"  {shown_status(cells['status'])} {_school(cells)}" for cells in register.gone
        )
    for plan, merged in changes.plans.items():
        became = "，草稿成为正式的计划" if plan.draft else ""
        lines.append(
            f"{plan.year} 年计划：新增 {len(merged.added)} 行，改动 {len(merged.changed)} 行，"
            f"删去 {len(merged.gone)} 行{became}"
        )
        lines += _few(f"  新增 {_programme(cells)}" for cells in merged.added)
        lines += _few(
            f"  改动 {_programme(before)}：{_differences(before, after)}"
            for before, after in merged.changed
        )
        lines += _few(f"  删去 {_programme(cells)}" for cells in merged.gone)
    return "\n".join(lines)


def _few(lines: Iterator[str]) -> list[str]:
    found = list(lines)
    more = len(found) - _MOST
    return found[:_MOST] + ([f"  …… 还有 {more} 处"] if more > 0 else [])


def _school(cells: Mapping[str, str]) -> str:
    return f"{shown(cells.get('name', ''))}（{cells.get('school_id', '')}）"


def _programme(cells: Mapping[str, str]) -> str:
    names = ("school_id", "major", "direction", "training_level", "entry")
    words = " ".join(shown(cells[name]) for name in names if name in cells)
    return f"{words} {cells.get('seats', '?')} 人"


def _differences(before: Mapping[str, str], after: Mapping[str, str]) -> str:
    titles = {column.name: column.title for column in (*register_columns(), *plan_columns())}
    return "；".join(
        f"{titles.get(name, name)} {shown(before.get(name, '空'), 20)} → "
        f"{shown(after.get(name, '空'), 20)}"
        for name in titles
        if before.get(name) != after.get(name)
    )
