"""What changed in registers and plans from one day to the next. Pure: old and new tables in.

A change is told as the tables tell it; nothing is guessed about why.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from plugins.open_data.table import Column, Table

Kind = Literal[
    "school-added", "school-removed", "school-renamed", "school-status", "school-verified",
    "plan-added", "plan-removed", "plan-changed",
]  # fmt: skip

KIND_TITLES: Final[Mapping[Kind, str]] = {
    "school-added": "列入名册",
    "school-removed": "移出名册",
    "school-renamed": "改名",
    "school-status": "状态改变",
    "school-verified": "核验改变",
    "plan-added": "收录招生计划",
    "plan-removed": "撤下招生计划",
    "plan-changed": "招生计划改变",
}

_CHECKED: Final = "checked_on"
"""Looking at a row again does not change it."""

Tables = Mapping[str, bytes]
"""The bytes of registers and plans by path: `registry/<province>/…`."""


@dataclass(frozen=True, slots=True)
class Change:
    """One school's change on `date`. `before` and `after` are the words that changed, if any.

    `year` is that of a plan; for plans `before` and `after` tell rows and seats.
    """

    date: dt.date
    kind: Kind
    province: str
    school_id: str
    name: str
    year: int | None
    before: str
    after: str


def changes_between(date: dt.date, old: Tables, new: Tables) -> Iterator[Change]:
    """What is different in `new`, by path and school id. Files that are equal are not read."""
    # A new school may bring its plan along, so its name is looked up in all registers.
    names: dict[str, str] = {}
    for path in sorted(old.keys() | new.keys()):
        before, after = old.get(path, b""), new.get(path, b"")
        if before == after:
            continue
        _, province, name, *plan = path.split("/")
        if name == "schools.csv":
            yield from _register(date, province, read_rows(before), read_rows(after))
        elif plan:
            if not names:
                names = _names([*old.items(), *new.items()])
            year = int(plan[0][:4])
            yield from _plan(date, province, year, names, read_rows(before), read_rows(after))


def read_rows(data: bytes) -> list[dict[str, str]]:
    """The rows of a table as it was checked in long ago: by its own header, without judgement."""
    text = data.decode("utf-8-sig", errors="replace")
    return [
        {key: (value or "").strip() for key, value in row.items() if isinstance(key, str)}
        for row in csv.DictReader(io.StringIO(text, newline=""), restval="")
    ]


def _names(files: Sequence[tuple[str, bytes]]) -> dict[str, str]:
    return {
        row.get("school_id", ""): row.get("name", "")
        for path, data in files
        if path.endswith("/schools.csv")
        for row in read_rows(data)
    }


def _register(
    date: dt.date, province: str, before: list[dict[str, str]], after: list[dict[str, str]]
) -> Iterator[Change]:
    old = {row.get("school_id", ""): row for row in before}
    new = {row.get("school_id", ""): row for row in after}
    watched: tuple[tuple[Kind, str], ...] = (
        ("school-renamed", "name"), ("school-status", "status"), ("school-verified", "verified"),
    )  # fmt: skip
    for school_id in sorted(old.keys() | new.keys()):
        was, now = old.get(school_id), new.get(school_id)
        name = (now or was or {}).get("name", "")
        if was is None or now is None:
            kind: Kind = "school-added" if was is None else "school-removed"
            yield Change(date, kind, province, school_id, name, None, "", "")
            continue
        for kind, column in watched:
            first, then = was.get(column, ""), now.get(column, "")
            if first != then:
                yield Change(date, kind, province, school_id, name, None, first, then)


def _plan(
    date: dt.date,
    province: str,
    year: int,
    names: Mapping[str, str],
    before: list[dict[str, str]],
    after: list[dict[str, str]],
) -> Iterator[Change]:
    old, new = _by_school(before), _by_school(after)
    for school_id in sorted(old.keys() | new.keys()):
        was, now = old.get(school_id, []), new.get(school_id, [])
        if [_content(row) for row in was] == [_content(row) for row in now]:
            continue
        kind: Kind = "plan-added" if not was else "plan-changed" if now else "plan-removed"
        yield Change(
            date, kind, province, school_id, names.get(school_id, ""), year, _sum(was), _sum(now)
        )


def _by_school(rows: list[dict[str, str]]) -> dict[str, list[dict[str, str]]]:
    groups: dict[str, list[dict[str, str]]] = {}
    for row in rows:
        groups.setdefault(row.get("school_id", ""), []).append(row)
    return groups


def _content(row: Mapping[str, str]) -> list[tuple[str, str]]:
    return sorted((key, value) for key, value in row.items() if value and key != _CHECKED)


def _sum(rows: list[dict[str, str]]) -> str:
    """3 项 120 人; empty where there is none."""
    seats = [row.get("seats", "") for row in rows]
    total = sum(int(value) for value in seats if value.isdecimal())
    return f"{len(rows)} 项 {total} 人" if rows else ""


def changes_table(changes: Sequence[Change]) -> Table:
    """The list of changes as a table to give away, newest first."""
    columns = (
        Column("date", "日期", "date", "改动进入平台数据的那一天", required=True),
        Column("kind", "什么改变", words=tuple(KIND_TITLES), required=True),
        Column("kind_title", "什么改变（中文）", required=True),
        Column("province", "报送单位", required=True, refers_to=("provinces", "slug")),
        Column("school_id", "学校编号", description="移出名册的学校不在学校表里", required=True),
        Column("name", "校名", description="改动以后的；移出名册的是原来的"),
        Column("year", "计划年份", "integer"),
        Column("before", "以前", description="计划写项数和人数"),
        Column("after", "现在", description="计划写项数和人数"),
    )
    ordered = sorted(
        changes, key=lambda one: (-one.date.toordinal(), one.province, one.kind, one.school_id)
    )
    rows = tuple(
        (
            one.date, one.kind, KIND_TITLES[one.kind], one.province, one.school_id, one.name,
            one.year, one.before or None, one.after or None,
        )
        for one in ordered
    )  # fmt: skip
    return Table(
        "changes", "变化", "名册和招生计划一天一天的变化，由平台内容的提交记录算出。",
        "平台", "", columns, rows,
    )  # fmt: skip
