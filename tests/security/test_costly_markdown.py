"""Pathological Markdown and YAML finish within the limits or are set aside with a clear problem.

`COSTLY_CHARACTERS` sets the size of the families (the largest profile has 200,000 bytes); the
default keeps the suite short.
"""

from __future__ import annotations

import datetime as dt
import os
import re
from bisect import bisect_left
from collections.abc import Iterator
from pathlib import Path

import pytest

from plugins.catalogue import Problem, errors, load
from plugins.catalogue.read_profile import read_profile
from plugins.catalogue.rehearse import rehearse
from plugins.catalogue.text_cost import check_cost, is_plain
from plugins.cost_limits import Limits
from plugins.limited import LimitedExecutor
from tests.security.costly_markdown import FRONT_MATTER, MARKDOWN, profile_of

TODAY = dt.date(2026, 6, 1)
SIZE = int(os.environ.get("COSTLY_CHARACTERS", "20000"))
FAMILIES = [*MARKDOWN, *FRONT_MATTER]
AS_LARGE_AS_A_PROFILE = 190_000

pytestmark = pytest.mark.filterwarnings("error")


@pytest.fixture(scope="module")
def worker() -> Iterator[LimitedExecutor]:
    with LimitedExecutor() as pool:
        yield pool


@pytest.fixture(scope="module")
def patient_worker() -> Iterator[LimitedExecutor]:
    """Three times the time, so that a slower machine does not fail what was found affordable."""
    with LimitedExecutor(1, Limits(cpu_s=6)) as pool:
        yield pool


def test_there_are_at_least_sixty_families_of_markdown_that_grow_with_their_size() -> None:
    assert len(MARKDOWN) >= 60
    for name in FAMILIES:
        small, large = profile_of(name, 1_000), profile_of(name, AS_LARGE_AS_A_PROFILE)
        assert len(small) < len(large), name


@pytest.mark.parametrize("name", FAMILIES)
def test_a_family_finishes_or_is_set_aside_with_a_clear_problem(
    name: str, worker: LimitedExecutor, patient_worker: LimitedExecutor
) -> None:
    text = profile_of(name, SIZE)
    problem = check_cost(text, "schools/x/y/profile.md", "profile", TODAY, worker)
    if problem is None:
        patient_worker.submit(rehearse, "profile", text, TODAY).result()
    else:
        assert_clear(problem, text)


def assert_clear(problem: Problem, text: str) -> None:
    assert (problem.path, problem.code, problem.severity) == (
        "schools/x/y/profile.md", "profile-too-costly", "error",
    )  # fmt: skip
    assert 1 <= problem.line <= text.count("\n") + 1
    assert re.search("[0-9]", problem.message)
    assert re.search("[一-鿿]", problem.fix)


@pytest.fixture(scope="module")
def strict_worker() -> Iterator[LimitedExecutor]:
    """Half of what a profile may cost: plain texts are read without a trial."""
    with LimitedExecutor(1, Limits(cpu_s=1, memory_mb=128)) as pool:
        yield pool


def largest_plain(text: str) -> str:
    """The longest beginning of a text that passes for plain."""
    return text[: bisect_left(range(len(text)), True, key=lambda end: not is_plain(text[:end])) - 1]


@pytest.mark.parametrize("name", FAMILIES)
def test_the_most_that_passes_for_plain_is_cheap(name: str, strict_worker: LimitedExecutor) -> None:
    for size in (500, 2_000, 6_000, 20_000):
        text = largest_plain(profile_of(name, size))
        assert len(text) > 70
        strict_worker.submit(rehearse, "profile", text, TODAY).result()


def test_what_schools_write_is_plain(real_content: Path) -> None:
    texts = [file.read_text("utf-8") for file in real_content.glob("schools/*/*/profile.md")]
    texts += [file.read_text("utf-8") for file in real_content.glob("news/*/*.md")]
    assert len(texts) >= 10
    assert all(is_plain(text) for text in texts)
    # Four times the longest there is: enough for a long story.
    longest = max(texts, key=len)
    assert is_plain(longest * 4)


@pytest.mark.parametrize(
    ("name", "said", "line"),
    [
        ("table-wide-of-empty-rows", "超过 2", "约有 902 列"),
        ("list-stairs", "层次太深", "缩进了"),
        ("backslashes", "超过 2 秒", "反斜杠"),
    ],
)
def test_a_costly_profile_costs_its_school_only_the_profile(
    small: Path, name: str, said: str, line: str
) -> None:
    good = small / "schools/zhejiang/yanshi-jishi-xueyuan/profile.md"
    folder = small / "schools/zhejiang/yanshi-dier-jigong-xuexiao"
    folder.mkdir()
    (folder / "profile.md").write_text(profile_of(name, AS_LARGE_AS_A_PROFILE), "utf-8")
    catalogue, problems = load(small, TODAY)
    [problem] = errors(problems)
    assert problem.path == "schools/zhejiang/yanshi-dier-jigong-xuexiao/profile.md"
    assert problem.code == "profile-too-costly"
    assert said in problem.message
    assert line in problem.message
    assert problem.fix
    assert catalogue.quarantined == (problem.path,)
    assert list(catalogue.profiles) == [good.parent.name]


def test_a_costly_notice_is_set_aside_too(small: Path) -> None:
    notice = small / "news/zhejiang/2026-03-03-biao.md"
    table = "|" + "a|" * 900 + "\n|" + "-|" * 900 + "\n" + "|\n" * 25_000
    first = (small / "news/zhejiang/2026-03-02-yanshi-tongzhi.md").read_text("utf-8")
    notice.write_text(first + "\n\n" + table, "utf-8")
    catalogue, problems = load(small, TODAY)
    [problem] = errors(problems)
    assert (problem.path, problem.code) == ("news/zhejiang/2026-03-03-biao.md", "news-too-costly")
    assert catalogue.quarantined == (problem.path,)


def test_a_long_profile_that_is_affordable_is_taken(small: Path) -> None:
    """What is not plain is tried out, and taken when it costs no more than it may."""
    file = small / "schools/zhejiang/yanshi-jishi-xueyuan/profile.md"
    paragraphs = "\n\n".join(f"第 {number} 段，写的是演示。" for number in range(2_000))
    file.write_text(file.read_text("utf-8") + "\n\n" + paragraphs, "utf-8")
    assert not is_plain(file.read_text("utf-8"))
    profile, _, problems = read_profile(file, "profile.md", "yanshi-jishi-xueyuan", TODAY)
    assert errors(problems) == ()
    assert profile is not None
