"""What `serve` shows of a save at once is what a clean build makes of it, and writes nothing."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bench.latency import free_port, wait_for
from plugins.site.build import PROJECT, BuildFailed, Options, build
from plugins.site.live import LivePages
from plugins.site.remembered import Memory
from plugins.site.snapshot import look
from plugins.site.state import read_state
from plugins.site.work import OFFLINE, SITEMAP
from tests.conftest import TODAY, quiet
from tests.site import test_incremental as edits
from tests.site.test_incremental import SCHOOL, World, differences

PAGE = "schools/yanshi-jishi-xueyuan/index.html"
SAVES = tuple(
    edit
    for edit in edits.EDITS
    if edit
    not in (
        edits.next_day, edits.next_year, edits.after_the_window, edits.move_site,
        edits.toggle_compression,
    )
)  # fmt: skip


def live_of(world: World) -> LivePages:
    return LivePages(world.content, world.output, world.day, world.theme, Options())


@pytest.fixture(autouse=True)
def site_url(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SITE_URL", "https://one.example")  # that of `World`


def saved(world: World, edit: Callable[[World], None]) -> list[Path]:
    """Make an edit: the places that a watcher names, of a folder that came or went itself alone."""
    before = rows(world)
    edit(world)
    after = rows(world)
    paths = {path for path in before.keys() | after.keys() if before.get(path) != after.get(path)}
    moved = {path for path in paths if (path in before) != (path in after)}
    return [path for path in paths if path.parent not in moved]


def rows(world: World) -> dict[Path, object]:
    return {
        root / path: row
        for root in (world.content, world.theme)
        for path, row in look(str(root), racy=False).items()
    }


def follows_later(name: str) -> bool:
    """Whether files of this kind of unit follow with the next build."""
    from plugins.site.assemble import FAMILIES

    slow = {family.name for family in FAMILIES if family.slow}
    return name.partition("/")[0] in slow | {"pack"} or name in (OFFLINE, SITEMAP)


def wrong_files(live: LivePages, world: World, clean: Path) -> list[str]:
    """The files that are shown otherwise than a clean build makes them, those aside that follow
    later and those that name them."""
    units = read_state(Memory(clean)).units.values()
    late = {
        output.name
        for made in units
        for output in made.outputs
        if follows_later(made.unit) or {"search", "downloads"} & set(made.reads)
    }
    return [
        name
        for name in sorted(read_state(Memory(clean)).outputs.keys() - late)
        if shown(live, world, name) != (clean / name).read_bytes()
    ]


def shown(live: LivePages, world: World, name: str) -> bytes | None:
    try:
        found = live.file(name)
    except FileNotFoundError:
        return None
    file = world.output / name
    return found if found is not None else file.read_bytes() if file.is_file() else None


@settings(
    max_examples=edits.EXAMPLES, deadline=None, derandomize=edits.EXAMPLES < 10, database=None,
    suppress_health_check=list(HealthCheck),
)  # fmt: skip
@given(st.lists(st.sampled_from(SAVES), min_size=1, max_size=4))
def test_what_is_shown_after_any_saves_is_what_a_clean_build_makes(
    saves: list[Callable[[World], None]],
) -> None:
    with tempfile.TemporaryDirectory() as place:
        world = World(Path(place))
        world.build(world.output)
        kept = look(str(world.output), racy=False), look(f"{place}/.output.build", racy=False)
        live = live_of(world)
        is_wrong = False
        for save in saves:
            try:
                live.update(saved(world, save))
                is_wrong = False
            except BuildFailed:
                is_wrong = True
        clean = world.folder / "clean"
        if is_wrong:
            with pytest.raises(BuildFailed):
                world.build(clean)
            return
        world.build(clean)
        assert wrong_files(live, world, clean) == []
        assert (
            look(str(world.output), racy=False), look(f"{place}/.output.build", racy=False)
        ) == kept  # fmt: skip
        edits.check(world)


@pytest.mark.parametrize(
    "saves",
    [
        (edits.edit_story, edits.edit_summary, edits.edit_style),
        (edits.rename_school, edits.add_news, edits.edit_plan),
        (edits.break_profile, edits.add_and_drop_school, edits.mend_profile, edits.edit_template),
        (edits.misplace_profile, edits.edit_register, edits.misplace_profile, edits.move_school),
    ],
)
def test_saves_of_many_kinds_are_shown(
    tmp_path: Path, saves: tuple[Callable[[World], None], ...]
) -> None:
    world = World(tmp_path)
    world.build(world.output)
    live = live_of(world)
    for save in saves[:-1]:
        with suppress(BuildFailed):
            live.update(saved(world, save))
    live.update(saved(world, saves[-1]))
    world.build(tmp_path / "clean")
    assert wrong_files(live, world, tmp_path / "clean") == []
    if edits.rename_school in saves:
        with pytest.raises(FileNotFoundError):
            live.file(PAGE)


def test_an_error_leaves_on_show_what_was_right(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.build(world.output)
    live = live_of(world)
    live.update(saved(world, edits.edit_story))
    before = live.file(PAGE)
    assert before is not None
    with pytest.raises(BuildFailed, match="confirmd_on"):
        live.update(saved(world, edits.break_profile))
    assert live.file(PAGE) == before


def test_serve_shows_a_save_at_once_and_then_has_what_a_clean_build_has(
    small: Path, tmp_path: Path
) -> None:
    output, port, line = tmp_path / "output", free_port(), "刚刚写下的演示文字"
    environment = os.environ | {"SOURCE_DATE_EPOCH": "1780272000"}
    command = [sys.executable, "-m", "plugins.site.serve", "--port", str(port)]
    roundabout = small / "schools/.."
    command += ["--content", str(roundabout), "--output", str(output)]
    server = subprocess.Popen(
        command, cwd=PROJECT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        origin = f"http://127.0.0.1:{port}"
        wait_for(f"{origin}/", "</html>", 300)
        profile = small / SCHOOL / "profile.md"
        profile.write_text(f"{profile.read_text('utf-8')}\n{line}。\n", "utf-8")
        wait_for(f"{origin}/schools/yanshi-jishi-xueyuan/", line, 60)
        assert line not in (output / PAGE).read_text("utf-8")
        with pytest.raises(urllib.error.HTTPError) as missing:
            urllib.request.urlopen(f"{origin}/nothing/")  # noqa: S310
        with missing.value as answer:
            assert answer.code == 404
        end = time.monotonic() + 300
        while line not in (output / PAGE).read_text("utf-8") and time.monotonic() < end:
            time.sleep(0.2)
    finally:
        server.terminate()
        server.wait()
    build(small, tmp_path / "clean", TODAY, quiet(), preview=True)
    build(small, output, TODAY, quiet(), preview=True)
    assert differences(tmp_path / "clean", output) == []
