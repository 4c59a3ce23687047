"""Files are hostile: links, pipes, wrong encodings and huge files are told, never followed."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from plugins.catalogue.read_csv import read_csv
from plugins.catalogue.read_text import read_text


def refusal(file: Path, limit: int = 1000) -> tuple[int, str]:
    text, problems = read_text(file, file.name, limit)
    assert text is None
    return problems[0].line, problems[0].code


def test_a_link_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("secret")
    (tmp_path / "link.md").symlink_to(tmp_path / "secret")
    assert refusal(tmp_path / "link.md") == (1, "file-unreadable")


def test_a_pipe_does_not_hang_the_check(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.md")
    assert refusal(tmp_path / "pipe.md") == (1, "file-not-regular")


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ("第一行\n校名".encode("gbk"), (1, "file-not-utf8")),
        ("第一行\n".encode() + b"\xff\xff\xff", (2, "file-not-utf8")),
        ("校名".encode("utf-16"), (1, "file-not-utf8")),
        (b"a\nb\0c", (2, "file-has-nul")),
        (b"x" * 1001, (1, "file-too-large")),
    ],
)
def test_bytes_that_are_not_plain_text_are_refused(
    tmp_path: Path, data: bytes, expected: tuple[int, str]
) -> None:
    (tmp_path / "profile.md").write_bytes(data)
    assert refusal(tmp_path / "profile.md") == expected


def test_a_line_of_ten_megabytes_is_refused(tmp_path: Path) -> None:
    (tmp_path / "schools.csv").write_text("a\n" + "x" * 10_000_000)
    assert refusal(tmp_path / "schools.csv", limit=20_000_000) == (2, "file-line-too-long")


def test_a_byte_order_mark_and_windows_line_ends_are_read_silently(tmp_path: Path) -> None:
    (tmp_path / "schools.csv").write_bytes("\ufeffa,b\r\n1,2\r\n".encode())
    rows, problems = read_csv(tmp_path / "schools.csv", "schools.csv", ("a", "b"), ("a",))
    assert not problems
    assert [(row.line, row.cells) for row in rows] == [(2, {"a": "1", "b": "2"})]


def test_a_cell_of_several_lines_does_not_shift_the_line_numbers(tmp_path: Path) -> None:
    (tmp_path / "schools.csv").write_text('a,b\n"x\ny",1\nz,2\n')
    rows, _ = read_csv(tmp_path / "schools.csv", "schools.csv", ("a", "b"), ("a",))
    assert [row.line for row in rows] == [2, 4]
