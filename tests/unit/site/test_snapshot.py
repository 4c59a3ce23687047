"""A look at the places where something was saved finds what a look at everything finds."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from plugins.site.snapshot import Snapshot, take, take_at


def tree(root: Path) -> Snapshot:
    for name in ("a/one/profile.md", "a/two/profile.md", "b/three/profile.md"):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(name, "utf-8")
    return take(str(root))


def write(path: str) -> Callable[[Path], list[str]]:
    def edit(root: Path) -> list[str]:
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text("another text", "utf-8")
        return [path]

    return edit


def remove_folder(root: Path) -> list[str]:
    shutil.rmtree(root / "a/one")
    return ["a/one"]


def move_folder(root: Path) -> list[str]:
    (root / "a/one").rename(root / "b/four")
    return ["a/one", "b/four"]


def new_folder_alone_is_named(root: Path) -> list[str]:
    write("c/five/profile.md")(root)
    return ["c"]


def folder_becomes_file(root: Path) -> list[str]:
    shutil.rmtree(root / "b/three")
    (root / "b/three").write_text("a file", "utf-8")
    return ["b/three"]


@pytest.mark.parametrize(
    "edit",
    [
        write("a/one/profile.md"), write("a/one/gate.jpg"), write("a/new/deep/file.md"),
        remove_folder, move_folder, new_folder_alone_is_named, folder_becomes_file,
    ],
)  # fmt: skip
def test_only_the_named_places_are_looked_at(
    tmp_path: Path, edit: Callable[[Path], list[str]]
) -> None:
    before = tree(tmp_path)
    named = edit(tmp_path)
    found = take_at(str(tmp_path), before, named)
    whole = take(str(tmp_path))
    assert found.hashes == whole.hashes
    assert found.rows.keys() == whole.rows.keys()
    assert found.changed is not None
    others = {path for path in before.hashes if found.hashes.get(path) != before.hashes[path]}
    assert others <= found.changed


def test_what_is_not_named_is_not_looked_at(tmp_path: Path) -> None:
    before = tree(tmp_path)
    write("a/one/profile.md")(tmp_path)
    write("b/three/profile.md")(tmp_path)
    found = take_at(str(tmp_path), before, ["a/one/profile.md"])
    assert found.hashes["a/one/profile.md"] != before.hashes["a/one/profile.md"]
    assert found.hashes["b/three/profile.md"] == before.hashes["b/three/profile.md"]


def test_nothing_named_is_nothing_changed(tmp_path: Path) -> None:
    before = tree(tmp_path)
    assert take_at(str(tmp_path), before, ["a/__pycache__/x.pyc"]) is before
