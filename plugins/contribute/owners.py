"""Who may change what: `owners.csv`, and the CODEOWNERS file made from it.

A row names a scope (`project`, `province:zhejiang`, `school:hangzhou-jishi-xueyuan`) and the
accounts that answer for it, separated by spaces, each with `@`.
"""

from __future__ import annotations

import argparse
import csv
import io
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from plugins.catalogue.load_registry import read_register_names

PROJECT: Final = Path(__file__).resolve().parents[2]
FILE: Final = "owners.csv"
CODEOWNERS: Final = ".github/CODEOWNERS"


def read_owners(text: str) -> dict[str, tuple[str, ...]]:
    """Accounts by scope, lower-case and without `@`. Raises ValueError for a broken table."""
    rows = csv.DictReader(io.StringIO(text), strict=True)
    if rows.fieldnames != ["scope", "accounts"]:
        raise ValueError(f"{FILE} 的第一行应当是 scope,accounts")
    owners: dict[str, tuple[str, ...]] = {}
    for row in rows:
        scope = (row["scope"] or "").strip()
        if scope != "project" and not scope.startswith(("province:", "school:")):
            raise ValueError(f"{FILE}：“{scope}”要写成 project、province:省 或 school:学校编号")
        names = (row["accounts"] or "").split()
        owners[scope] = tuple(name.lstrip("@").lower() for name in names)
    return owners


def codeowners(owners: Mapping[str, tuple[str, ...]], province_of: Mapping[str, str]) -> str:
    """The text of CODEOWNERS. `province_of` gives the province of every school id.

    The last matching line decides, so the general lines come first.
    """

    def names(scope: str) -> str:
        return " ".join(f"@{name}" for name in owners.get(scope, ()))

    lines = ["# Written by `invoke owners` from owners.csv. Do not edit."]
    if owners.get("project"):
        lines.append(f"* {names('project')}")
    for scope in sorted(scope for scope in owners if scope.startswith("province:")):
        province = scope.partition(":")[2]
        for folder in ("registry", "schools", "news"):
            lines.append(f"/content/{folder}/{province}/ {names(scope)}")
    for scope in sorted(scope for scope in owners if scope.startswith("school:")):
        school_id = scope.partition(":")[2]
        if home := province_of.get(school_id):
            above = names(f"province:{home}")
            both = " ".join(part for part in (names(scope), above) if part)
            lines.append(f"/content/schools/{home}/{school_id}/ {both}")
    return "\n".join(lines) + "\n"


def generated(project: Path) -> str:
    """The CODEOWNERS that `owners.csv` of the project folder stands for."""
    names = read_register_names(project / "content")
    provinces = {school_id: province for school_id, (province, _) in names.items()}
    return codeowners(read_owners((project / FILE).read_text("utf-8")), provinces)


def main(arguments: Sequence[str] | None = None) -> int:
    argparse.ArgumentParser(prog="python -m plugins.contribute.owners").parse_args(arguments)
    try:
        text = generated(PROJECT)
    except (OSError, ValueError) as failure:
        print(failure, file=sys.stderr)
        return 1
    (PROJECT / CODEOWNERS).write_text(text, "utf-8")
    print(f"写好了 {CODEOWNERS}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
