"""`rollover YEAR`: next year's plan of every province, drafted from this year's.

A draft is `plans/<year>.draft.csv`: checked, never shown. Major, level, entry, length, seats and
fees stand in it as last year had them; source and dates of application are blank, because last
year's document says nothing of this one. It becomes a plan when a province imports its workbook
with the new source, or when somebody fills the source in and takes `.draft` out of the name.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from plugins.catalogue import Catalogue, errors, load
from plugins.catalogue.schema import PLAN_COLUMNS
from plugins.clock import today
from plugins.spreadsheets.fault import WorkbookRefused
from plugins.spreadsheets.layout import PlanFile
from plugins.spreadsheets.province import find_province
from plugins.spreadsheets.table import NewRow, Table, compose, read_table

NOT_CARRIED_OVER: Final = frozenset(
    {
        "open_from", "open_to", "source_document", "source_number", "source_date",
        "source_address", "checked_on",
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Draft:
    """One province's draft. `left_out` are the schools that enrol no more: id and why."""

    text: str
    rows: int
    left_out: tuple[tuple[str, str], ...]


def draft_plan(plan: Table, catalogue: Catalogue) -> Draft:
    """The draft that follows `plan`: rows of active schools, in the same order."""
    rows: list[NewRow] = []
    left_out: dict[str, str] = {}
    for row in plan.rows:
        if not row.cells:
            continue
        school_id = row.cells.get("school_id", "")
        school = catalogue.school_by_id.get(school_id)
        if school is None or school.status != "active":
            left_out[school_id] = _why(school.status if school else "", catalogue)
            continue
        cells = {name: cell for name, cell in row.cells.items() if name not in NOT_CARRIED_OVER}
        rows.append(NewRow(cells, None, None))
    text, _ = compose(Table(PLAN_COLUMNS, "", (), "\n"), rows, PLAN_COLUMNS)
    return Draft(text, len(rows), tuple(left_out.items()))


def _why(status: str, catalogue: Catalogue) -> str:
    if status.startswith("merged:"):
        target = catalogue.school_by_id.get(status.removeprefix("merged:"))
        return f"已并入{target.name if target else status.removeprefix('merged:')}"
    return {"suspended": "已停招", "closed": "已停办"}.get(status, "不在名册里")


def write_new(file: Path, text: str, aside: Path) -> bool:
    """Write `file` whole, or not at all where there is one already. `aside` is a folder of the
    same file system where an unfinished file harms nobody."""
    file.parent.mkdir(parents=True, exist_ok=True)
    descriptor, name = tempfile.mkstemp(dir=aside, prefix=".rollover-")
    try:
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(text.encode("utf-8"))
            os.fchmod(descriptor, 0o644)
        os.link(name, file)
    except FileExistsError:
        return False
    finally:
        os.unlink(name)  # noqa: PTH108 - mkstemp gives the name as text
    return True


def rollover(content: Path, catalogue: Catalogue, year: int, provinces: Sequence[str]) -> list[str]:
    """Write the drafts of `year` and say what was done, a line each. Nothing is overwritten."""
    said = []
    for slug in provinces:
        unit = catalogue.reference.province_by_slug[slug]
        folder = content / "registry" / slug
        before = folder / PlanFile(year - 1).file
        draft = folder / PlanFile(year, draft=True).file
        if not before.is_file():
            continue
        taken = [file for file in (folder / PlanFile(year).file, draft) if file.exists()]
        if taken:
            said.append(f"{unit.name}：已经有 {taken[0].name}，没有动它。")
            continue
        made = draft_plan(read_table(before, PLAN_COLUMNS), catalogue)
        if not write_new(draft, made.text, content.parent):
            said.append(f"{unit.name}：已经有 {draft.name}，没有动它。")
            continue
        said.append(f"{unit.name}：写好草稿 {draft}，{made.rows} 行，来源和报名日期等着填。")
        names: Mapping[str, str] = {s.school_id: s.name for s in catalogue.schools}
        said += [
            f"  没有带上 {names.get(school_id, school_id)}：{why}"
            for school_id, why in made.left_out
        ]
    return said or [f"没有一个省有 {year - 1} 年的计划，没有可以带到 {year} 年的。"]


def main(arguments: Sequence[str] | None = None) -> int:
    """0: drafted or there already; 1: nothing could be drafted."""
    parser = argparse.ArgumentParser(prog="python -m plugins.rollover", description=__doc__)
    parser.add_argument("year", type=int)
    parser.add_argument("--province", default="")
    parser.add_argument("--content", type=Path, default=Path("content"))
    options = parser.parse_args(arguments)
    day = today()
    if not day.year <= options.year <= day.year + 1:
        print(f"只能准备 {day.year} 年或 {day.year + 1} 年的计划。", file=sys.stderr)
        return 1
    catalogue, problems = load(options.content, day)
    if errors(problems):
        print("内容里有错误，先用 invoke check 改好。什么都没有写。", file=sys.stderr)
        return 1
    every = [unit.slug for unit in catalogue.reference.provinces]
    try:
        chosen = (
            [find_province(catalogue.reference, options.province).slug]
            if options.province
            else every
        )
        print("\n".join(rollover(options.content, catalogue, options.year, chosen)))
    except (WorkbookRefused, OSError) as failure:
        print(failure, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
