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


@pytest.mark.parametrize("in_one_step", [True, False])
def test_a_new_output_and_the_old_change_places(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, in_one_step: bool
) -> None:
    if not in_one_step:
        monkeypatch.setattr("plugins.site.switch._exchange", lambda *_: False)
    tree(tmp_path / "output", "old")
    switch(tree(tmp_path / "new", "new"), tmp_path / "output")
    assert (tmp_path / "output/index.html").read_text() == "new"
    assert (tmp_path / "new/index.html").read_text() == "old"
    assert sorted(os.listdir(tmp_path)) == ["new", "output"]


def test_a_switch_that_cannot_be_made_leaves_the_old_output(tmp_path: Path) -> None:
    tree(tmp_path / "output", "old")
    with pytest.raises(OSError, match="No such file"):
        switch(tmp_path / "missing", tmp_path / "output")
    assert (tmp_path / "output/index.html").read_text() == "old"
