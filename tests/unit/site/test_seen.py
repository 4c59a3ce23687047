"""What a build sees, and sees again, with a companion and without."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from unittest.mock import patch

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plugins.processes import Companion
from plugins.site import seen, snapshot
from plugins.site.remembered import Memory, inputs_of, read_index, take_inputs, write_index
from plugins.site.seen import Lookout, _is_as, see
from plugins.site.snapshot import Snapshot, is_still, look, take

_NAMES = ("a", "b", "a/one", "a/two", "b/one", "b/deep/one")
_edits = st.lists(
    st.tuples(st.sampled_from(["write", "touch", "remove"]), st.sampled_from(("", *_NAMES))),
    max_size=4,
)


@pytest.fixture(autouse=True, scope="module")
def no_file_is_too_new() -> Iterator[None]:
    with patch.object(snapshot, "RACY_NS", -(1 << 40)):
        yield


def edit(root: Path, edits: list[tuple[str, str]], day: int) -> None:
    """Change a tree; each edit gives what it touches a time of its own."""
    for number, (what, name) in enumerate(edits):
        place = root / name
        if what == "remove":
            shutil.rmtree(place, ignore_errors=True)
            place.unlink(missing_ok=True)
        elif what == "write" and name.endswith(("one", "two")):
            if place.is_dir() or any(folder.is_file() for folder in place.parents):
                continue
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_text("x" * (number + day), "utf-8")
        if place.exists():
            time = (day * 100 + number) * 1_000_000_000
            os.utime(place, ns=(time, time))


@given(_edits, _edits, _edits)
def test_a_look_from_what_was_before_tells_the_same_as_one_from_what_is(
    first: list[tuple[str, str]], second: list[tuple[str, str]], third: list[tuple[str, str]]
) -> None:
    with tempfile.TemporaryDirectory() as place:
        root = Path(place, "root")
        edit(root, first, 1)
        before = Snapshot(*take(str(root)).plain())  # as it is kept
        edit(root, second, 2)
        now = take(str(root), before)
        edit(root, third, 3)
        assert now.changed is not None
        since = {path: now.rows.get(path) for path in now.changed}
        assert _is_as(before, since) == is_still(now.root, now.rows)


class Project:
    """A content folder, its output and what a build of it has left behind."""

    def __init__(self, root: Path) -> None:
        self.content, self.memory = root / "content", Memory(root / "output")
        for folder in (self.content, self.memory.output, self.memory.folder):
            folder.mkdir()
        (self.content / "school.md").write_text("演示", "utf-8")
        (self.memory.output / "index.html").write_text("演示", "utf-8")
        self.places = {"content": self.content, "missing": root / "missing"}
        self.note()

    def note(self) -> None:
        inputs = take_inputs(self.places, {})
        outputs = look(str(self.memory.output))
        write_index(self.memory, None, "", "", inputs, outputs, "", "")


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return Project(tmp_path)


@pytest.fixture(params=[1, 2], ids=["alone", "with a companion"], autouse=True)
def processors(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> int:
    """One, where nobody looks beside; or two, where a companion looks however little there is."""
    monkeypatch.setattr("plugins.processes.os.cpu_count", lambda: request.param)
    monkeypatch.setattr(seen, "_LARGE", 0)
    return int(request.param)


def moved_after(project: Project, path: Path | None) -> list[str]:
    """The places that are told to have changed after `path` was written."""
    found = see(project.memory, project.places)
    try:
        if path is not None:
            path.write_text("演示：改了", "utf-8")
        return found.lookout.begin_with_inputs()()
    finally:
        found.lookout.close()


def test_what_changes_after_the_first_look_is_found_at_the_second(project: Project) -> None:
    assert moved_after(project, None) == []
    assert moved_after(project, project.content / "new.md") == ["content"]
    assert moved_after(project, None) == [], "that was seen at the first look"
    assert moved_after(project, project.places["missing"]) == ["missing"]


def test_the_output_is_as_it_was_left_or_not(project: Project) -> None:
    def is_as_left() -> bool:
        found = see(project.memory, project.places)
        found.lookout.close()
        return found.is_still

    assert is_as_left()
    (project.memory.output / "other.html").write_text("x", "utf-8")
    assert not is_as_left()
    project.note()
    assert is_as_left()


def test_a_build_that_ends_meanwhile_is_noticed(project: Project, processors: int) -> None:
    """The companion and its parent each read the index: they must have read the same."""

    def told_of_another_build(memory: Memory) -> object:
        project.note()
        return skills(memory)

    skills = seen._skills
    with patch.object(seen, "_skills", told_of_another_build):
        found = see(project.memory, project.places)
    found.lookout.close()
    assert found.is_still == (processors == 1)
    assert found.is_of_now(project.memory) == (processors == 1)


def test_a_companion_that_dies_is_replaced_by_a_look_of_our_own(project: Project) -> None:
    before = inputs_of(read_index(project.memory))
    companion = Companion(dict, 2)
    inputs = take_inputs(project.places, before)
    lookout = Lookout(project.memory, before, inputs, companion)
    lookout.begin_with_standby()
    moved = lookout.begin_with_inputs()
    (project.content / "school.md").write_text("改了", "utf-8")
    assert moved() == ["content"]
    assert lookout.standby_changes({"gone": (1, 1, 1, 1)}) == ["gone"]
    lookout.close()
