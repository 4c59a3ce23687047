"""Whatever arrives is either taken whole or refused with path, line, code and what to do.

`FUZZED_INPUTS` in the environment says how many inputs are tried in all; the whole is 10000.
Mutations are numbered: the number in a failure's message repeats the input.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import os
import random
import re
import shutil
from contextlib import suppress
from pathlib import Path

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from plugins.catalogue import Catalogue, Problem, errors, load
from plugins.catalogue.report import FORMATS, report
from plugins.catalogue.schema import PLAN_COLUMNS, REGISTER_COLUMNS, FrontMatter
from plugins.catalogue.vocabulary import SECTIONS
from plugins.sanitize import Renderer
from plugins.spreadsheets.__main__ import main as spreadsheets
from plugins.spreadsheets.fault import WorkbookRefused
from plugins.spreadsheets.open_workbook import open_workbook
from tests.conftest import FIXTURES, PROJECT, add_photo
from tests.unit.fuzz.mutation import SPICE, mutated_archive, mutated_text

INPUTS = int(os.environ.get("FUZZED_INPUTS", "300"))
TODAY = dt.date(2026, 6, 1)
FOLDER = "schools/zhejiang/yanshi-jishi-xueyuan"
PROFILE = f"{FOLDER}/profile.md"
REGISTER = "registry/zhejiang/schools.csv"
PLAN = "registry/zhejiang/plans/2026.csv"
NOTICE = "news/zhejiang/2026-03-02-yanshi-tongzhi.md"


def share(percent: int) -> int:
    return max(10, INPUTS * percent // 100)


def numbered(number: int) -> random.Random:
    return random.Random(number)  # noqa: S311 - not for secrets


def good_files(pattern: str) -> tuple[bytes, ...]:
    """The project's own files of a kind and those of the invented content."""
    found = [
        *sorted((FIXTURES / "small").glob(pattern)),
        *sorted((PROJECT / "content").glob(pattern)),
    ]
    return tuple(file.read_bytes() for file in found)


@pytest.fixture(scope="module")
def content(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("fuzz") / "content"
    shutil.copytree(FIXTURES / "small", folder)
    add_photo(folder / FOLDER)
    return folder


def loaded(content: Path) -> tuple[Catalogue, tuple[Problem, ...]]:
    """Its photos are looked at once, not at every load."""
    return load(content, TODAY, photo_cache=content.parents[1] / "looks")


def assert_told(problems: tuple[Problem, ...], number: object) -> None:
    """Every problem can be found, understood and mended; every report can be printed."""
    for problem in problems:
        assert problem.path, number
        assert problem.line >= 1, (number, problem)
        assert re.fullmatch(r"[a-z][a-z0-9-]+", problem.code), (number, problem)
        assert problem.message.strip(), (number, problem)
        assert problem.fix.strip(), (number, problem)
        assert len(problem.message) < 2_000, (number, problem.code)
        text = problem.path + problem.message + problem.fix
        assert text.isprintable(), (number, problem)
    for style in FORMATS:
        report(problems, style).encode("utf-8")
    json.loads(report(problems, "json"))


def assert_taken_or_refused(
    content: Path, path: str, data: bytes, number: object
) -> tuple[Catalogue, bool]:
    """Load the content with `data` at `path`. The unit is used, or an error in it says why not."""
    (content / path).write_bytes(data)
    catalogue, problems = loaded(content)
    assert_told(problems, number)
    lines = data.count(b"\n") + data.count(b"\r") + 1
    for problem in problems:
        if problem.path == path:
            assert problem.line <= lines, (number, problem)
    refused = any(p.path.startswith(path.rpartition("/")[0]) for p in errors(problems))
    return catalogue, refused


def assert_profile(content: Path, data: bytes, number: object) -> bool:
    """Whether the profile was taken."""
    catalogue, refused = assert_taken_or_refused(content, PROFILE, data, number)
    assert (PROFILE in catalogue.quarantined) == refused, number
    for profile in catalogue.profiles.values():
        render = Renderer().render
        for section in profile.sections:
            render(section.markdown)
    return not refused


def test_bent_profiles(content: Path) -> None:
    good = good_files("schools/*/*/profile.md")
    before = (content / PROFILE).read_bytes()
    taken = 0
    for number in range(share(40)):
        chance = numbered(number)
        data = mutated_text(chance.choice(good), chance, good)
        taken += assert_profile(content, data, number)
    (content / PROFILE).write_bytes(before)
    assert taken, "some changes do no harm"
    assert loaded(content)[0].quarantined == ()


def values() -> st.SearchStrategy[object]:
    scalars = st.one_of(
        st.none(), st.booleans(), st.integers(), st.floats(), st.dates(), st.text(max_size=40),
        st.sampled_from(SPICE),
    )  # fmt: skip
    return st.recursive(
        scalars,
        lambda inner: st.lists(inner, max_size=4) | st.dictionaries(names(), inner, max_size=4),
        max_leaves=12,
    )


def names() -> st.SearchStrategy[str]:
    inner = ("name", "file", "alt", "title", "address", "rate", "year", "phone", "boarding", "x")
    return st.sampled_from((*FrontMatter.model_fields, *inner)) | st.text(max_size=8)


def profiles() -> st.SearchStrategy[bytes]:
    heading = st.sampled_from((*SECTIONS, "别的")) | st.text(max_size=10)
    story = st.lists(st.tuples(heading, st.text(max_size=200) | st.sampled_from(SPICE)), max_size=5)
    return st.builds(
        lambda facts, parts: (
            "---\n"
            + yaml.safe_dump(facts, allow_unicode=True)
            + "---\n\n"
            + "\n\n".join(f"## {title}\n\n{text}" for title, text in parts)
        ).encode("utf-8", "surrogatepass"),
        st.dictionaries(names(), values(), max_size=8),
        story,
    )


@settings(
    max_examples=share(10), derandomize=True, deadline=None, database=None,
    suppress_health_check=list(HealthCheck),
)  # fmt: skip
@given(data=profiles() | st.binary(max_size=400))
def test_invented_profiles(content: Path, data: bytes) -> None:
    before = (FIXTURES / "small" / PROFILE).read_bytes()
    try:
        assert_profile(content, data, data)
    finally:
        (content / PROFILE).write_bytes(before)


def test_bent_notices(content: Path) -> None:
    good = good_files("news/*/*.md")
    before = (content / NOTICE).read_bytes()
    for number in range(share(10)):
        chance = numbered(number)
        data = mutated_text(chance.choice(good), chance, good)
        catalogue, refused = assert_taken_or_refused(content, NOTICE, data, number)
        assert (NOTICE in catalogue.quarantined) == refused, number
        for notice in catalogue.notices:
            Renderer(top_heading=2).render(notice.markdown)
    (content / NOTICE).write_bytes(before)


@pytest.mark.parametrize(
    ("path", "pattern", "columns"),
    [(REGISTER, "registry/*/schools.csv", REGISTER_COLUMNS),
     (PLAN, "registry/*/plans/*.csv", PLAN_COLUMNS)],
)  # fmt: skip
def test_bent_tables(content: Path, path: str, pattern: str, columns: tuple[str, ...]) -> None:
    good = tuple(b"\n".join(data.split(b"\n")[:12]) for data in good_files(pattern))
    before = (content / path).read_bytes()
    for number in range(share(12)):
        chance = numbered(number)
        data = mutated_text(chance.choice((before, *good)), chance, good)
        catalogue, refused = assert_taken_or_refused(content, path, data, number)
        if not refused:
            rows = [row for row in data.splitlines()[1:] if row.strip(b', \t\r"')]
            assert not rows or catalogue.schools, number
    (content / path).write_bytes(before)


def digest(content: Path) -> dict[str, str]:
    """Every file and folder beside and below the content."""
    return {
        file.relative_to(content.parent).as_posix(): hashlib.sha256(file.read_bytes()).hexdigest()
        if file.is_file() else ""
        for file in sorted(content.parent.rglob("*"))
        if not file.name.endswith(".import.lock")
    }  # fmt: skip


def bent_cells(file: Path, chance: random.Random) -> None:
    """What a clerk does with good software: wrong values, lost rows, renamed sheets."""
    book = load_workbook(file)
    for _ in range(chance.choice((1, 2, 5))):
        sheet = chance.choice(book.worksheets)
        cell = sheet.cell(
            chance.randint(1, sheet.max_row + 2), chance.randint(1, sheet.max_column + 1)
        )
        match chance.randrange(8):
            case 0:
                sheet.delete_rows(cell.row, chance.choice((1, 3)))
            case 1:
                sheet.delete_cols(cell.column)
            case 2:
                sheet.insert_rows(cell.row, 2)
            case 3 if len(book.worksheets) > 1:
                del book[sheet.title]
            case 4:
                sheet.title = chance.choice(("名册", "计划2026", "计划", "Sheet1", "计划1999"))
            case 5:
                sheet.merge_cells(
                    start_row=cell.row, end_row=cell.row + 1,
                    start_column=cell.column, end_column=cell.column + 1,
                )  # fmt: skip
            case _:
                value = chance.choice(
                    (*(s for s in SPICE if s.isprintable()), 1, -1, 2.5, 1e300, True, None,
                     dt.date(2026, 5, 1), dt.datetime(1899, 1, 1, 3), "=1/0", "#REF!")
                )  # fmt: skip
                try:
                    cell.value = value
                except AttributeError:  # a merged cell has no value of its own
                    continue
    book.save(file)


def test_bent_workbooks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1780272000")  # 2026-06-01
    content = tmp_path / "here/content"
    shutil.copytree(FIXTURES / "small", content)
    add_photo(content / FOLDER)
    where = ["--content", str(content)]
    assert spreadsheets(["export", "zhejiang", "--to", str(tmp_path / "good.xlsx"), *where]) == 0
    good = (tmp_path / "good.xlsx").read_bytes()
    desk = tmp_path / "desk"
    before, refused, taken = digest(content), 0, 0
    for number in range(share(16)):
        chance = numbered(number)
        shutil.rmtree(desk, ignore_errors=True)
        desk.mkdir()
        book = desk / "report.xlsx"
        book.write_bytes(good)
        if number % 2:
            bent_cells(book, chance)
        else:
            book.write_bytes(mutated_archive(good, chance))
        capsys.readouterr()
        code = spreadsheets(["import", str(book), "--yes", *where])
        said = capsys.readouterr()
        if code:
            refused += 1
            assert digest(content) == before, (number, said)
            assert_clear(said.out, said.err, number)
        elif digest(content) != before:
            taken += 1
            assert errors(loaded(content)[1]) == (), number
            shutil.rmtree(content)
            shutil.copytree(FIXTURES / "small", content)
            add_photo(content / FOLDER)
    assert refused
    assert INPUTS < 1_000 or taken, "a change that is right must get in"


def assert_clear(out: str, err: str, number: int) -> None:
    """Either one sentence of refusal, or faults that each have a place, a fix and a code."""
    assert "Traceback" not in out + err, number
    if err and "错误" not in out:
        assert len(err.strip()) > 8, number
        return
    places = re.findall(r"^(\S.*?): (?:错误|提醒) .", out, re.MULTILINE)
    fixes = re.findall(r"怎样改：.+\[[a-z0-9-]+\]$", out, re.MULTILINE)
    assert places, (number, out)
    assert len(fixes) >= len(places), (number, out)


def test_a_bent_archive_is_opened_or_refused(tmp_path: Path) -> None:
    """The control: mutations are not so wild that every workbook is thrown out at the door."""
    book = tmp_path / "good.xlsx"
    spreadsheets(["export", "zhejiang", "--to", str(book), "--content", str(FIXTURES / "small")])
    good, opened = book.read_bytes(), 0
    for number in range(12):
        book.write_bytes(mutated_archive(good, numbered(number)))
        with suppress(WorkbookRefused):
            open_workbook(book)
            opened += 1
    assert opened >= 2
