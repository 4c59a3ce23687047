"""The commands as they are typed: arguments, what goes to standard output, exit status."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[2]


def invoke(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "invoke", *arguments]
    return subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=False)


def test_check_of_the_project_finds_nothing() -> None:
    result = invoke("check", "--format", "json")
    assert (result.returncode, json.loads(result.stdout)) == (0, [])


@pytest.mark.parametrize("command", ["check", "releases --to /nonexistent"])
def test_nothing_is_complained_about_when_the_reader_has_seen_enough(command: str) -> None:
    """As in `invoke check | head -1`: a pipe whose other end is closed."""
    read, write = os.pipe()
    os.close(read)
    words = [sys.executable, "-m", "invoke", *command.split()]
    ran = subprocess.run(words, cwd=PROJECT, stdout=write, stderr=subprocess.PIPE, check=False)
    os.close(write)
    assert (ran.returncode, ran.stderr) == (128 + signal.SIGPIPE, b"")


def test_check_takes_one_path_and_more_by_option(small: Path) -> None:
    (small / "registry/beijing/schools.csv").write_text("broken\n")
    (small / "schools/zhejiang/yanshi-jishi-xueyuan/profile.md").write_text("broken\n")
    register, profiles = str(small / "registry/beijing"), str(small / "schools")
    one = invoke("check", register, "--format=json")
    both = invoke("check", register, "--path", profiles, "--format=json")
    assert one.returncode == both.returncode == 1
    assert {Path(p["path"]).name for p in json.loads(one.stdout)} == {"schools.csv"}
    assert {Path(p["path"]).name for p in json.loads(both.stdout)} == {
        "schools.csv",
        "profile.md",
    }


def test_every_problem_has_exactly_the_six_fields(small: Path) -> None:
    (small / "registry/beijing/schools.csv").write_text("broken\n")
    for problem in json.loads(invoke("check", str(small), "--format", "json").stdout):
        assert set(problem) == {"path", "line", "code", "severity", "message", "fix"}
        assert problem["line"] >= 1
        assert problem["severity"] in ("error", "warning")


@pytest.mark.parametrize("path", ["nosuch", "content/nosuch", "/nonexistent"])
def test_a_path_that_does_not_exist_is_said_in_json_too(path: str) -> None:
    result = invoke("check", path, "--format", "json")
    assert result.returncode == 1
    assert [p["code"] for p in json.loads(result.stdout)] == ["path-not-found"]


def test_search_lists_all_hits_in_order() -> None:
    result = invoke("search", "数控", "--json")
    hits = json.loads(result.stdout)
    assert result.returncode == 0
    assert len(hits) >= 47
    assert all(set(hit) == {"school_id", "name", "score"} for hit in hits)
    assert [hit["score"] for hit in hits] == sorted((h["score"] for h in hits), reverse=True)


@pytest.mark.parametrize("query", ["", "NOT (", "'); DROP TABLE", "\N{GRINNING FACE}", "a" * 5000])
def test_search_answers_any_text(query: str) -> None:
    result = invoke("search", query, "--json")
    assert result.returncode == 0, result.stderr
    assert isinstance(json.loads(result.stdout), list)


def test_build_writes_where_it_is_told(small: Path, tmp_path: Path) -> None:
    result = invoke("build", "--content", str(small), "--output", str(tmp_path / "site"))
    assert result.returncode == 0, result.stderr
    assert (tmp_path / "site/index.html").is_file()
    assert "6 所学校" in result.stdout


@pytest.mark.parametrize("arguments", [("--content", "/nonexistent"), ("--output", "/etc")])
def test_a_build_that_cannot_be_done_says_why_in_words(arguments: tuple[str, ...]) -> None:
    result = invoke("build", *arguments)
    assert result.returncode == 1
    assert "Traceback" not in result.stderr
    assert result.stderr.strip()
