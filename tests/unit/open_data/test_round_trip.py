"""The downloads rebuild the catalogue: CSV → a content tree → the same records."""

from __future__ import annotations

import csv
import io
import shutil
from collections.abc import Iterable, Sequence
from itertools import groupby
from pathlib import Path

from plugins.catalogue import Catalogue, errors, load
from plugins.catalogue.reference import Major, Province
from plugins.catalogue.schema import PLAN_COLUMNS, REGISTER_COLUMNS
from plugins.open_data.formula import original
from tests.unit.open_data.conftest import download_files


def rows_of(files: dict[str, bytes], name: str) -> list[dict[str, str]]:
    text = files[f"data/{name}.csv"].decode("utf-8-sig")
    return [
        {column: original(cell) for column, cell in row.items()}
        for row in csv.DictReader(io.StringIO(text, newline=""))
    ]


def write(file: Path, columns: Sequence[str], rows: Iterable[dict[str, str]]) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, columns, extrasaction="ignore")
        writer.writeheader()
        writer.writerows(rows)


def rebuilt(content: Path, catalogue: Catalogue, tree: Path) -> Catalogue:
    """A tree whose registers, plans, provinces and majors come from the downloads alone."""
    shutil.copytree(content, tree, ignore=shutil.ignore_patterns("registry"))
    files = download_files(catalogue)
    for province, schools in groupby(
        sorted(rows_of(files, "schools"), key=lambda row: row["province"]),
        key=lambda row: row["province"],
    ):
        write(tree / f"registry/{province}/schools.csv", REGISTER_COLUMNS, schools)
    for (province, year), plan in groupby(
        sorted(rows_of(files, "programmes"), key=lambda row: (row["province"], row["year"])),
        key=lambda row: (row["province"], row["year"]),
    ):
        write(tree / f"registry/{province}/plans/{year}.csv", PLAN_COLUMNS, plan)
    write(
        tree / "reference/provinces.csv", tuple(Province.model_fields), rows_of(files, "provinces")
    )
    write(tree / "reference/majors.csv", tuple(Major.model_fields), rows_of(files, "majors"))
    found, problems = load(tree, catalogue.today)
    assert not errors(problems)
    return found


def test_the_small_catalogue_comes_back(small: Path, catalogue: Catalogue, tmp_path: Path) -> None:
    assert same_records(rebuilt(small, catalogue, tmp_path / "tree"), catalogue)


def test_the_real_catalogue_comes_back(
    real_content: Path, real_catalogue: Catalogue, tmp_path: Path
) -> None:
    assert same_records(rebuilt(real_content, real_catalogue, tmp_path / "tree"), real_catalogue)


def same_records(found: Catalogue, expected: Catalogue) -> bool:
    assert found.schools == expected.schools
    assert found.plans == expected.plans
    assert found.profiles == expected.profiles
    assert found.reference.provinces == expected.reference.provinces
    assert found.reference.majors == expected.reference.majors
    return bool(found.schools and found.plans)
