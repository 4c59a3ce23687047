"""The switch: the old tree or the new one, never neither."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from plugins.site.switch import switch


def tree(folder: Path, text: str) -> Path:
    folder.mkdir()
    (folder / "index.html").write_text(text)
    return folder


def test_a_first_output_takes_its_place(tmp_path: Path) -> None:
    switch(tree(tmp_path / "new", "new"), tmp_path / "output")
    assert (tmp_path / "output/index.html").read_text() == "new"


def test_a_new_output_replaces_the_old_and_leaves_nothing_behind(tmp_path: Path) -> None:
    tree(tmp_path / "output", "old")
    switch(tree(tmp_path / "new", "new"), tmp_path / "output")
    assert (tmp_path / "output/index.html").read_text() == "new"
    assert os.listdir(tmp_path) == ["output"]


def test_a_switch_that_cannot_be_made_leaves_the_old_output(tmp_path: Path) -> None:
    tree(tmp_path / "output", "old")
    with pytest.raises(OSError, match="No such file"):
        switch(tmp_path / "missing", tmp_path / "output")
    assert (tmp_path / "output/index.html").read_text() == "old"
