"""Monthly versions and the list of changes, from the tables of past days."""

from __future__ import annotations

import csv
import datetime as dt
import hashlib
import io
import zipfile

from plugins.open_data.changes import changes_between, changes_table
from plugins.open_data.versions import tables_history

REGISTER = "registry/zhejiang/schools.csv"
PLAN = "registry/zhejiang/plans/2026.csv"
HEAD = "school_id,name,status,verified\n"
PLAN_HEAD = "school_id,major,seats,checked_on\n"


def tables(register: str, plan: str = "") -> dict[str, bytes]:
    files = {REGISTER: (HEAD + register).encode()}
    return files | ({PLAN: (PLAN_HEAD + plan).encode()} if plan else {})


def told(before: dict[str, bytes], after: dict[str, bytes]) -> list[tuple[str, str, str, str]]:
    day = dt.date(2026, 6, 1)
    return [(c.kind, c.name, c.before, c.after) for c in changes_between(day, before, after)]


def test_a_school_is_added_and_another_removed() -> None:
    before, after = tables("a,演示甲,active,no\n"), tables("b,演示乙,active,no\n")
    assert told(before, after) == [
        ("school-removed", "演示甲", "", ""),
        ("school-added", "演示乙", "", ""),
    ]


def test_a_school_is_renamed_closed_and_verified_at_once() -> None:
    before, after = tables("a,演示甲,active,no\n"), tables("a,演示新,closed,yes\n")
    assert told(before, after) == [
        ("school-renamed", "演示新", "演示甲", "演示新"),
        ("school-status", "演示新", "active", "closed"),
        ("school-verified", "演示新", "no", "yes"),
    ]


def test_plans_are_compared_school_by_school() -> None:
    register = "a,演示甲,active,no\nb,演示乙,active,no\nc,演示丙,active,no\n"
    before = tables(register, "a,数控,40,2026-03-01\nb,汽修,30,2026-03-01\n")
    after = tables(register, "a,数控,45,2026-04-01\na,焊接,20,\nc,烹饪,50,\n")
    assert told(before, after) == [
        ("plan-changed", "演示甲", "1 项 40 人", "2 项 65 人"),
        ("plan-removed", "演示乙", "1 项 30 人", ""),
        ("plan-added", "演示丙", "", "1 项 50 人"),
    ]


def test_looking_at_a_row_again_or_moving_it_to_the_end_of_its_school_changes_nothing() -> None:
    register = "a,演示甲,active,no\n"
    before = tables(register, "a,数控,40,2026-03-01\n")
    assert told(before, tables(register, "a,数控,40,2026-05-01\n")) == []
    crlf = {path: data.replace(b"\n", b"\r\n") for path, data in before.items()}
    assert told(before, crlf) == []


def test_the_first_day_adds_everything_and_the_newest_comes_first_in_the_table() -> None:
    days = [
        (dt.date(2026, 5, 30), tables("a,演示甲,active,no\n")),
        (dt.date(2026, 6, 2), tables("a,演示甲,closed,no\n")),
    ]
    history = tables_history(days, dt.date(2026, 6, 3))
    assert [change.kind for change in history.changes] == ["school-added", "school-status"]
    rows = changes_table(history.changes).records()
    assert [row["kind"] for row in rows] == ["school-status", "school-added"]
    assert rows[0]["kind_title"] == "状态改变"


DAYS = [
    (dt.date(2026, 5, 2), tables("a,演示甲,active,no\n")),
    (dt.date(2026, 5, 30), tables("a,演示甲,active,yes\n", "a,=数控,40,\n")),
    (dt.date(2026, 6, 2), tables("a,演示甲,closed,yes\n")),
]


def test_a_month_is_kept_as_its_last_change_left_it() -> None:
    june, may = tables_history(DAYS, dt.date(2026, 6, 3)).versions
    assert (may.month, may.day, may.is_final) == ("2026-05", dt.date(2026, 5, 30), True)
    assert (june.month, june.is_final) == ("2026-06", False)
    assert (may.schools, may.programmes) == (1, 1)
    with zipfile.ZipFile(io.BytesIO(may.data)) as package:
        assert package.testzip() is None
        text = package.read("jixiao-2026-05/programmes.csv").decode("utf-8-sig")
        assert list(csv.DictReader(io.StringIO(text))) == [
            {"province": "zhejiang", "year": "2026", "school_id": "a", "major": "'=数控",
             "seats": "40", "checked_on": ""}
        ]  # fmt: skip
        sums = package.read("jixiao-2026-05/SHA256SUMS").decode()
        listed = dict(reversed(line.split("  ")) for line in sums.splitlines())
        for name in ("README.txt", "programmes.csv", "schools.csv"):
            data = package.read(f"jixiao-2026-05/{name}")
            assert listed[name] == hashlib.sha256(data).hexdigest()


def test_a_month_that_is_over_keeps_its_bytes_whatever_comes_after() -> None:
    early = tables_history(DAYS[:2], dt.date(2026, 6, 1)).versions[0]
    late = tables_history(DAYS, dt.date(2027, 1, 1)).versions[-1]
    assert early == late
