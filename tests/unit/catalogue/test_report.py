"""Reports: for people, for programs, for pull requests."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from plugins.catalogue.__main__ import main
from plugins.catalogue.problem import Problem
from plugins.catalogue.report import report

ERROR = Problem("content/a.md", 3, "profile-x", "error", "错了，50%：坏", "改成\n好")
WARNING = Problem("content/b.csv", 1, "plan-y", "warning", "可疑", "核对")


def test_json_holds_exactly_the_six_fields() -> None:
    wrong, doubtful = json.loads(report([ERROR, WARNING], "json"))
    assert set(wrong) == {"path", "line", "code", "severity", "message", "fix"}
    assert wrong["line"] == 3
    assert doubtful["severity"] == "warning"


def test_a_fault_inside_a_line_names_the_column() -> None:
    fault = replace(ERROR, column=7)
    assert "content/a.md:3:7: 错误 错了" in report([fault], "text")
    assert "line=3,col=7,title=" in report([fault], "github")


def test_every_problem_says_where_it_is_explained() -> None:
    fault = replace(ERROR, code="profile-out-of-range-employment-rate")
    assert "说明：docs/fields.md#profile-employment-rate" in report([fault], "text")
    claim = replace(ERROR, code="claim-job-promised")
    assert "说明：docs/add-your-school.md#claims" in report([claim], "github")


def test_annotations_cannot_be_broken_out_of() -> None:
    assert report([ERROR], "github") == (
        "::error file=content/a.md,line=3,title=profile-x::错了，50%25：坏 怎样改：改成%0A好"
        " 说明：docs/add-your-school.md#story"
    )


def test_text_names_file_line_fault_and_fix() -> None:
    text = report([ERROR], "text")
    assert "content/a.md:3: 错误 错了" in text
    assert "怎样改：改成" in text


@pytest.mark.parametrize("style", ["text", "json", "github"])
def test_an_error_gives_exit_status_1(
    small: Path, capsys: pytest.CaptureFixture[str], style: str
) -> None:
    (small / "registry/zhejiang/schools.csv").write_text("school_id\n")
    assert main(["check", "--content", str(small), "--format", style]) == 1
    assert capsys.readouterr().out


def test_a_clean_tree_gives_an_empty_json_list(
    small: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["check", "--content", str(small), "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out) == []


def test_one_path_tells_only_of_itself(small: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (small / "schools/zhejiang/yanshi-jishi-xueyuan/profile.md").write_text("x")
    (small / "registry/beijing/schools.csv").write_text("y")
    assert main(["check", str(small / "schools/zhejiang"), "--format", "json"]) == 1
    paths = {problem["path"] for problem in json.loads(capsys.readouterr().out)}
    assert all("/schools/zhejiang/" in path for path in paths)


def test_a_path_that_is_not_there_is_an_error(
    small: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["check", str(small / "schools/nowhere")]) == 1
    assert "没有这个文件" in capsys.readouterr().out
