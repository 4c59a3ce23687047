"""Whatever is edited, damaged or interrupted, a build gives what a clean build gives.

`INCREMENTAL_EXAMPLES` is the number of random histories that are tried (a few by default).
"""

from __future__ import annotations

import datetime as dt
import filecmp
import os
import random
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from plugins import kept_parts, whole_file
from plugins.catalogue.records import Records
from plugins.clock import CHINA
from plugins.site import seen
from plugins.site.build import CORE, PROJECT, BuildFailed, Built, build
from plugins.site.standby import Standby
from plugins.site.work import Work
from tests.conftest import FIXTURES, TODAY, add_other_photo, add_photo, quiet

EXAMPLES = int(os.environ.get("INCREMENTAL_EXAMPLES", "2"))
STEPS = 5
SCHOOL = "schools/zhejiang/yanshi-jishi-xueyuan"
REGISTER = "registry/zhejiang/schools.csv"
PLAN = "registry/zhejiang/plans/2026.csv"


@pytest.fixture(autouse=True, scope="module")
def few_schools_are_many() -> Iterator[None]:
    """As in a country with many schools."""
    with (
        patch.object(kept_parts, "_MANY", 0),
        patch.object(kept_parts, "_PORTION", 1),
        patch.object(whole_file, "_LARGE", 0),
        patch.object(seen, "_LARGE", 0),
    ):
        yield


class World:
    """A content folder, a theme and a day that edits change, and the output that is kept."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.content, self.theme = folder / "content", folder / "theme"
        self.output = folder / "output"
        self.day = TODAY
        self.site_url = "https://one.example"
        self.compress = False
        shutil.copytree(FIXTURES / "small", self.content)
        shutil.copytree(PROJECT / "themes/jixiao", self.theme)
        add_photo(self.content / SCHOOL)
        self.number = 0

    def build(self, output: Path) -> Built:
        with patch.dict(os.environ, {"SITE_URL": self.site_url}):
            return build(
                self.content, output, self.day, quiet(), theme=self.theme, compress=self.compress
            )

    def build_or_explain(self, output: Path) -> tuple[object, ...]:
        """What a build says of the content, or how it explains that it stopped."""
        try:
            built = self.build(output)
        except BuildFailed as failure:
            return ("failed", str(failure))
        catalogue = built.catalogue
        return (
            built.pages, built.files, built.bytes, built.schools, built.profiles, built.problems,
            catalogue.quarantined, dict(catalogue.warnings), catalogue.photos,
            catalogue.schools, dict(catalogue.plans), dict(catalogue.profiles),
        )  # fmt: skip

    def edit(self, path: str, change: Callable[[str], str]) -> None:
        file = self.content / path
        if file.is_file():
            file.write_text(change(file.read_text("utf-8")), "utf-8")

    def next(self) -> int:
        self.number += 1
        return self.number


def edit_story(world: World) -> None:
    world.edit(
        f"{SCHOOL}/profile.md", lambda text: f"{text}\n第 {world.next()} 次改动的演示文字。\n"
    )


def edit_summary(world: World) -> None:
    number = world.next()
    world.edit(
        f"{SCHOOL}/profile.md",
        lambda text: text.replace("summary: 演示数据：", f"summary: 演示数据：第{number}版，", 1),
    )


def edit_comment(world: World) -> None:
    """The file is another, the record is not."""
    world.edit(f"{SCHOOL}/profile.md", lambda text: text.replace("---\n", "---\n# 说明\n", 1))


def break_profile(world: World) -> None:
    world.edit(f"{SCHOOL}/profile.md", lambda text: text.replace("confirmed_on", "confirmd_on"))


def mend_profile(world: World) -> None:
    world.edit(f"{SCHOOL}/profile.md", lambda text: text.replace("confirmd_on", "confirmed_on"))


def delete_profile(world: World) -> None:
    shutil.rmtree(world.content / SCHOOL, ignore_errors=True)


def add_profiles(world: World) -> None:
    """The profile comes back, and another school tells the same story."""
    for school in (SCHOOL, "schools/zhejiang/yanshi-dier-jigong-xuexiao"):
        folder = world.content / school
        folder.mkdir(parents=True, exist_ok=True)
        text = (FIXTURES / "small" / SCHOOL / "profile.md").read_text("utf-8")
        if school != SCHOOL:
            head, _, rest = text.partition("photos:")
            text = head + rest[rest.index("sources:") :]
        else:
            add_photo(folder)
        (folder / "profile.md").write_text(text, "utf-8")


def change_photo(world: World) -> None:
    file = world.content / SCHOOL / "gate.jpg"
    if file.exists():
        add_other_photo(file) if world.next() % 2 else add_photo(file.parent)


def drop_photo(world: World) -> None:
    (world.content / SCHOOL / "gate.jpg").unlink(missing_ok=True)
    world.edit(
        f"{SCHOOL}/profile.md",
        lambda text: text.partition("photos:")[0] + text[text.index("sources:") :],
    )


def edit_register(world: World) -> None:
    number = world.next() % 10
    world.edit(REGISTER, lambda text: text.replace("0571-1000000", f"0571-1{number}00000", 1))


def add_and_drop_school(world: World) -> None:
    row = "yanshi-xin-xuexiao,演示新学校,技工学校,公办,330200,,,,active,no,演示文件,,,2026-03-02,\n"

    def change(text: str) -> str:
        return text.replace(row, "") if row in text else text + row

    world.edit(REGISTER, change)


def rename_school(world: World) -> None:
    old, new = "yanshi-jishi-xueyuan", "yanshi-gaiming-xueyuan"
    for path in (REGISTER, PLAN, "registry/zhejiang/plans/2025.csv"):
        world.edit(path, lambda text: text.replace(f"{old},", f"{new},"))
    if (world.content / SCHOOL).exists():
        target = world.content / "schools/zhejiang" / new
        shutil.rmtree(target, ignore_errors=True)
        (world.content / SCHOOL).rename(target)


MOVED = "yanshi-jishi-xueyuan"
"""The school that other edits edit: it is out of their reach until it comes back."""


def move_school(world: World) -> None:
    """The school goes to another province's register with its plans and its profile, or back."""
    home, away = ("zhejiang", ",330100,330102,"), ("beijing", ",110000,110101,")
    register = world.content / "registry/beijing/schools.csv"
    old, new = (away, home) if f"\n{MOVED}," in register.read_text("utf-8") else (home, away)
    plans = (world.content / f"registry/{old[0]}").glob("plans/*.csv")
    for name in ("schools.csv", *(f"plans/{file.name}" for file in sorted(plans))):
        move_rows(world, f"registry/{old[0]}/{name}", f"registry/{new[0]}/{name}", old[1], new[1])
    move_folder(world, old[0], new[0])


def move_rows(world: World, source: str, target: str, old: str, new: str) -> None:
    lines = (world.content / source).read_text("utf-8").splitlines(keepends=True)
    moved = [line.replace(old, new) for line in lines[1:] if line.startswith(f"{MOVED},")]
    (world.content / source).write_text(
        "".join(line for line in lines if not line.startswith(f"{MOVED},")), "utf-8"
    )
    there = world.content / target
    there.parent.mkdir(exist_ok=True)
    before = there.read_text("utf-8") if there.exists() else lines[0]
    there.write_text(before + "".join(moved), "utf-8")


def move_folder(world: World, old: str, new: str) -> None:
    source, target = (world.content / f"schools/{province}/{MOVED}" for province in (old, new))
    if source.exists():
        shutil.rmtree(target, ignore_errors=True)
        target.parent.mkdir(exist_ok=True)
        source.rename(target)


def misplace_profile(world: World) -> None:
    """The profile alone goes to another province, which is an error, or back."""
    is_away = (world.content / f"schools/beijing/{MOVED}").exists()
    move_folder(world, *(("beijing", "zhejiang") if is_away else ("zhejiang", "beijing")))


def close_school(world: World) -> None:
    world.edit(REGISTER, lambda text: text.replace(",active,", ",closed,", 1))


def edit_plan(world: World) -> None:
    number = world.next()
    world.edit(PLAN, lambda text: text.replace(",3,40,", f",3,{40 + number},", 1))


def drop_plan(world: World) -> None:
    (world.content / PLAN).unlink(missing_ok=True)


def add_plan(world: World) -> None:
    shutil.copy(FIXTURES / "small" / PLAN, world.content / PLAN)


def other_plan(world: World) -> None:
    world.edit(PLAN, lambda text: text.replace("数控加工", "汽车维修"))


def edit_reference(world: World) -> None:
    world.edit("reference/majors.csv", lambda text: text.replace("计算机应用,", "计算机运用,", 1))


def add_news(world: World) -> None:
    text = (FIXTURES / "small/news/national/2025-09-01-yanshi-quanguo.md").read_text("utf-8")
    day = 1 + world.next() % 27
    (world.content / f"news/national/2026-05-{day:02}-yanshi-xin.md").write_text(text, "utf-8")


def drop_news(world: World) -> None:
    for file in sorted((world.content / "news").glob("*/*.md"))[:1]:
        file.unlink()


def edit_template(world: World) -> None:
    name = ("templates/home.html", "components/site-footer.html", "components/school-card.html")[
        world.next() % 3
    ]
    file = world.theme / name
    file.write_text(file.read_text("utf-8") + f"<!-- {world.next()} -->\n", "utf-8")


def edit_style(world: World) -> None:
    file = world.theme / "static/css/tokens.css"
    file.write_text(file.read_text("utf-8") + f"/* {world.next()} */\n", "utf-8")


def next_day(world: World) -> None:
    world.day += dt.timedelta(days=1)


def next_year(world: World) -> None:
    world.day = dt.date(2027, 1, 2) if world.day.year == 2026 else TODAY


def after_the_window(world: World) -> None:
    world.day = dt.date(2026, 9, 1)


def move_site(world: World) -> None:
    world.site_url = f"https://site{world.next()}.example"


def toggle_compression(world: World) -> None:
    world.compress = not world.compress


def nothing(_: World) -> None:
    """No edit: the next build has nothing to do."""


EDITS = (
    edit_story, edit_summary, edit_comment, break_profile, mend_profile, delete_profile,
    add_profiles, change_photo, drop_photo, edit_register, add_and_drop_school, rename_school,
    move_school, misplace_profile, close_school, edit_plan, drop_plan, add_plan, other_plan,
    edit_reference, add_news, drop_news, edit_template, edit_style, next_day, next_year,
    after_the_window, move_site, toggle_compression, nothing,
)  # fmt: skip


def memory_files(world: World) -> list[Path]:
    folder = world.folder / ".output.build"
    return sorted(file for file in folder.rglob("*") if file.is_file()) if folder.exists() else []


def damage_memory(world: World, chance: random.Random) -> None:
    """One file of what the build knows is cut short, changed in one byte, or gone."""
    if not (files := memory_files(world)):
        return
    file = chance.choice(files)
    data = bytearray(file.read_bytes())
    how = chance.randrange(3)
    if how == 0 or not data:
        file.unlink()
    elif how == 1:
        file.write_bytes(data[: chance.randrange(len(data))])
    else:
        data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
        file.write_bytes(data)


def keep_memory(world: World, _: random.Random) -> None:
    kept = world.folder / "kept"
    shutil.rmtree(kept, ignore_errors=True)
    if (world.folder / ".output.build").exists():
        shutil.copytree(world.folder / ".output.build", kept)


def restore_memory(world: World, _: random.Random) -> None:
    """What an older build knew comes back."""
    if (kept := world.folder / "kept").exists():
        shutil.rmtree(world.folder / ".output.build", ignore_errors=True)
        shutil.copytree(kept, world.folder / ".output.build")


def damage_output(world: World, chance: random.Random) -> None:
    files = sorted(file for file in world.output.rglob("*") if file.is_file())
    if not files:
        return
    file = chance.choice(files)
    if chance.random() < 0.5:
        file.unlink()
    else:
        file.write_bytes(file.read_bytes()[::-1])


def damage_standby(world: World, chance: random.Random) -> None:
    standby = world.folder / ".output.standby"
    files = sorted(file for file in standby.rglob("*") if file.is_file())
    if chance.random() < 0.3:
        shutil.rmtree(standby, ignore_errors=True)
    elif files:
        chance.choice(files).unlink()


def crash(world: World, chance: random.Random) -> None:
    """A build is killed after so many steps that touch the disk."""
    left = chance.randrange(60)

    @contextmanager
    def killed() -> Iterator[None]:
        def dying(work: Callable[..., object]) -> Callable[..., object]:
            def call(*arguments: object, **more: object) -> object:
                nonlocal left
                left -= 1
                if left < 0:
                    os._exit(9)
                return work(*arguments, **more)

            return call

        from plugins.site import builder, standby

        with (
            patch.object(Standby, "put", dying(Standby.put)),
            patch.object(Standby, "open", dying(Standby.open)),
            patch.object(Standby, "close", dying(Standby.close)),
            patch.object(Standby, "_share", dying(Standby._share)),
            patch.object(standby.os, "unlink", dying(os.unlink)),
            patch.object(Records, "put", dying(Records.put)),
            patch.object(Records, "save", dying(Records.save)),
            patch.object(builder, "switch", dying(builder.switch)),
            patch.object(builder, "save_ledger", dying(builder.save_ledger)),
            patch.object(builder, "write_state", dying(builder.write_state)),
            patch.object(builder, "write_index", dying(builder.write_index)),
        ):
            yield

    if (child := os.fork()) == 0:
        try:
            with killed():
                world.build(world.output)
        finally:
            os._exit(0)
    os.waitpid(child, 0)


ACCIDENTS = (
    damage_memory, keep_memory, restore_memory, damage_output, damage_standby, crash,
)  # fmt: skip


def check(world: World) -> None:
    """Build, and compare with a clean build: the tree, and what is said of the content."""
    with tempfile.TemporaryDirectory(dir=world.folder) as place:
        clean = Path(place, "clean")
        expected = world.build_or_explain(clean)
        said = world.build_or_explain(world.output)
        assert said == expected
        if expected[0] != "failed":
            assert differences(clean, world.output) == []
            assert differences(clean, world.folder / ".output.standby") == []


def differences(one: Path, other: Path) -> list[str]:
    """Paths that are in only one of two trees, or have other bytes."""
    names = [
        {file.relative_to(root).as_posix() for file in root.rglob("*") if not file.is_dir()}
        for root in (one, other)
    ]
    both = names[0] & names[1]
    different = [n for n in both if not filecmp.cmp(one / n, other / n, shallow=False)]
    return sorted((names[0] ^ names[1]) | set(different))


@settings(
    max_examples=EXAMPLES, deadline=None, derandomize=EXAMPLES < 10, database=None,
    suppress_health_check=list(HealthCheck),
)  # fmt: skip
@given(
    st.lists(
        st.tuples(
            st.lists(st.sampled_from(EDITS), max_size=3),
            st.one_of(st.none(), st.sampled_from(ACCIDENTS)),
            st.randoms(use_true_random=False),
        ),
        min_size=1,
        max_size=STEPS,
    )
)
def test_any_history_gives_what_a_clean_build_gives(
    history: list[tuple[list[Callable[[World], None]], Callable[..., None] | None, random.Random]],
) -> None:
    with tempfile.TemporaryDirectory() as place:
        world = World(Path(place))
        check(world)
        for edits, accident, chance in history:
            for edit in edits:
                edit(world)
            if accident is not None:
                accident(world, chance)
            check(world)


def test_a_school_that_changes_its_province_leaves_no_trace_in_the_old_one(tmp_path: Path) -> None:
    world = World(tmp_path)
    provinces = "provinces/zhejiang/index.html", "provinces/beijing/index.html"
    pages = ("schools/yanshi-jishi-xueyuan/index.html", *provinces)

    def shown() -> list[bool]:
        return ["演示技师学院" in (world.output / name).read_text("utf-8") for name in pages]

    check(world)
    assert shown() == [True, True, False]
    misplace_profile(world)
    check(world)
    assert "profile-not-in-register" in str(world.build_or_explain(world.output))
    misplace_profile(world)
    move_school(world)
    check(world)
    assert shown() == [True, False, True]
    move_school(world)
    check(world)
    assert shown() == [True, True, False]


def test_a_copy_is_found_although_the_content_is_read_again_without_another_profile(
    tmp_path: Path,
) -> None:
    """A broken profile is set aside, so all is looked through once more; what a profile said at the
    last build is still told from what it says now."""
    world = World(tmp_path)
    head = "---\nsummary: 演示数据：另一所。\nconfirmed_on: 2026-03-02\n---\n\n## 优势特色\n\n"
    story = "\n".join(f"演示数据里的第{number}句话讲一件自己的事情。" for number in range(20))
    world.edit(f"{SCHOOL}/profile.md", lambda text: f"{text}\n{story}\n")

    def write(school: str, text: str) -> None:
        folder = world.content / "schools" / school
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "profile.md").write_text(text, "utf-8")

    def codes(output: str) -> list[str]:
        with patch.dict(os.environ, {"SITE_URL": world.site_url}):
            built = build(
                world.content, tmp_path / output, world.day, quiet(), quarantine=True, only=CORE
            )
        return sorted(problem.code for problem in built.problems)

    write("beijing/yanshi-beijing-jishi-xueyuan", f"{head}演示数据：这里写自己的事。\n")
    write("zhejiang/yanshi-dier-jigong-xuexiao", f"{head}演示数据：这里也写自己的事。\n")
    before = codes("output")
    write("beijing/yanshi-beijing-jishi-xueyuan", f"{head}{story}\n")
    write("zhejiang/yanshi-dier-jigong-xuexiao", f"{head}演示数据。\n".replace("summary", "sumary"))
    after = codes("output")
    assert after == codes("clean")
    assert [code for code in after if code.startswith("copied")] != []
    assert [code for code in before if code.startswith("copied")] == []


def test_each_unit_reads_the_same_alone_as_after_all_others(small: Path, tmp_path: Path) -> None:
    """What one unit has read and remembered must not hide from another that it reads it too."""
    from plugins.catalogue import load
    from plugins.site.assemble import FAMILIES, derive_photos, share
    from plugins.site.sources import Sources

    def reads_of(units: list[tuple[object, str]]) -> list[list[str]]:
        catalogue, _ = load(small, TODAY)
        shared = share(catalogue, small, PROJECT / "themes/jixiao", tmp_path, "https://a.example")
        shared.photos = derive_photos(catalogue, small, tmp_path / "photos", catalogue.profiles)
        shared.search_url = "/search-index/x/"
        found = []
        for family, key in units:
            reads: set[str] = set()
            list(family.make(Sources(shared, reads), key))  # type: ignore[attr-defined]
            found.append(sorted(reads))
        return found

    catalogue, _ = load(small, TODAY)
    units = [(family, key) for family in FAMILIES for key in family.keys(catalogue)]
    together = reads_of(units)
    for unit, reads in zip(units[::-1], reads_of(units[::-1]), strict=True):
        assert reads == together[units.index(unit)], unit[0].name
    for unit in units[:: max(1, len(units) // 12)]:
        assert reads_of([unit]) == [together[units.index(unit)]], unit[0].name


@pytest.mark.parametrize(
    ("name", "value"),
    [("TZ", "America/Los_Angeles"), ("LC_ALL", "tr_TR.UTF-8"), ("PYTHONHASHSEED", "77")],
)
def test_the_surroundings_of_a_build_leave_no_trace(
    small: Path, tmp_path: Path, small_site: Path, name: str, value: str
) -> None:
    environment = os.environ | {"SOURCE_DATE_EPOCH": "1780272000", name: value}
    output = tmp_path / "a deeper/folder/output"
    command = [sys.executable, "-m", "plugins.site.build"]
    command += ["--content", str(small), "--output", str(output)]
    subprocess.run(
        command, cwd=PROJECT, env=environment, check=True, capture_output=True, umask=0o077
    )
    assert differences(small_site, output) == []
    assert all(file.stat().st_mode & 0o044 == 0o044 for file in output.rglob("*"))


@pytest.mark.parametrize("processes", [2, 3])
def test_any_number_of_processes_and_any_order_of_folders_give_the_same_bytes(
    small: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, processes: int
) -> None:
    other = small / "schools/zhejiang/yanshi-dier-jigong-xuexiao"
    other.mkdir()
    head = "---\nsummary: 演示数据：另一所。\nconfirmed_on: 2026-03-02\n---\n"
    (other / "profile.md").write_text(f"{head}\n## 优势特色\n\n演示。\n", "utf-8")
    build(small, tmp_path / "one", TODAY, quiet(), processes=1)
    monkeypatch.setattr("plugins.site.work._CHUNK", 3)
    monkeypatch.setattr(sys.modules["plugins.catalogue.load_profiles"], "_AT_ONCE", 1)
    for folder in sorted(small.rglob("*"))[::-1]:
        if folder.is_dir():
            moved = folder.with_name(f"{folder.name}-away")
            folder.rename(moved)
            shutil.copytree(moved, folder)
            shutil.rmtree(moved)
    build(small, tmp_path / "several", TODAY, quiet(), processes=processes)
    assert differences(tmp_path / "one", tmp_path / "several") == []


@pytest.mark.parametrize("processes", [1, 2])
def test_many_files_are_looked_at_beside_with_the_same_outcome(
    small: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, processes: int
) -> None:
    monkeypatch.setattr("plugins.site.seen._LARGE", 0)
    monkeypatch.setattr("plugins.processes.os.cpu_count", lambda: 2)
    profile = small / SCHOOL / "profile.md"
    make_all, output = Work.make_all, tmp_path / "output"

    def edit(word: str) -> None:
        profile.write_text(f"{profile.read_text('utf-8').rstrip()}\n\n{word}\n", "utf-8")

    def edited_meanwhile(work: Work) -> Any:
        monkeypatch.setattr(Work, "make_all", make_all)
        units = make_all(work)
        edit("生成的时候写的。")
        return units

    core = {"only": CORE, "processes": processes}
    build(small, output, TODAY, quiet(), **core)
    edit("以后写的。")
    monkeypatch.setattr(Work, "make_all", edited_meanwhile)
    assert build(small, output, TODAY, quiet(), **core).made == 1
    (output / "index.html").write_text("坏了", "utf-8")
    assert build(small, output, TODAY, quiet(), **core).made == 1
    page = next(output.glob("**/yanshi-jishi-xueyuan/index.html")).read_text("utf-8")
    assert "生成的时候写的。" in page
    build(small, tmp_path / "clean", TODAY, quiet(), only=CORE, processes=1)
    assert differences(tmp_path / "clean", output) == []
    assert differences(tmp_path / "clean", tmp_path / ".output.standby") == []


def test_a_register_that_goes_while_pages_are_made_makes_the_build_begin_again(
    small: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The last look counts its rows, and must not take the loss for a fault of the site."""
    make_all = Work.make_all
    register = small / "registry/beijing/schools.csv"

    def loses_a_register(work: Work) -> Any:
        units = make_all(work)
        register.unlink(missing_ok=True)
        return units

    monkeypatch.setattr(Work, "make_all", loses_a_register)
    built = build(small, tmp_path / "output", TODAY, quiet(), only=CORE)
    assert not register.exists()
    assert {school.province for school in built.catalogue.schools} == {
        "zhejiang", "xinjiang-bingtuan",
    }  # fmt: skip


def test_the_day_of_source_date_epoch_is_the_day_that_is_shown(small: Path, tmp_path: Path) -> None:
    """Two seconds of one day in China give the same bytes, another day says so on every page; a
    build that follows a build of the other day gives what the first build of that day gave."""

    def built(seconds: int, name: str) -> Path:
        environment = os.environ | {"SOURCE_DATE_EPOCH": str(seconds), "TZ": "America/New_York"}
        command = [sys.executable, "-m", "plugins.site.build", "--core"]
        command += ["--content", str(small), "--output", str(tmp_path / name)]
        subprocess.run(command, cwd=PROJECT, env=environment, check=True, capture_output=True)
        return tmp_path / name

    first = int(dt.datetime(2026, 6, 1, 0, 0, tzinfo=CHINA).timestamp())
    last = first + 24 * 60 * 60 - 1
    one, same, other = built(first, "one"), built(last, "same"), built(last + 1, "other")
    assert differences(one, same) == []
    pages = sorted(file.relative_to(one).as_posix() for file in one.rglob("*.html"))
    assert set(pages) <= set(differences(one, other))
    for name in pages:
        assert '<time datetime="2026-06-01">' in (one / name).read_text("utf-8"), name
        assert '<time datetime="2026-06-02">' in (other / name).read_text("utf-8"), name
    assert differences(other, built(last + 1, "one")) == []


def test_where_nothing_changed_nothing_heavy_is_imported(small: Path, tmp_path: Path) -> None:
    environment = os.environ | {"SOURCE_DATE_EPOCH": "1780272000"}
    command = [
        sys.executable, "-X", "importtime", "-m", "plugins.site.build",
        "--content", str(small), "--output", str(tmp_path / "output"),
    ]  # fmt: skip
    said = [
        subprocess.run(
            command, cwd=PROJECT, env=environment, check=True, capture_output=True, text=True
        )
        for _ in range(2)
    ]
    heavy = ("pelican", "pydantic", "jinja2", "whoosh", "PIL", "markdown", "rich", "yaml", "numpy")
    first, second = map(_imported, said)
    assert "pydantic" in first
    assert "什么都没有变" in said[1].stdout
    assert second.isdisjoint(heavy)


def _imported(said: subprocess.CompletedProcess[str]) -> set[str]:
    """The packages that a program imported, which told so."""
    return {line.rpartition("|")[2].strip().partition(".")[0] for line in said.stderr.splitlines()}


def test_core_pages_need_nothing_of_search(small: Path, tmp_path: Path) -> None:
    command = [
        sys.executable, "-X", "importtime", "-m", "plugins.site.build", "--core",
        "--content", str(small), "--output", str(tmp_path / "output"),
    ]  # fmt: skip
    said = subprocess.run(
        command, cwd=PROJECT, check=True, capture_output=True, text=True,
        env=os.environ | {"SOURCE_DATE_EPOCH": "1780272000"},
    )  # fmt: skip
    imported = _imported(said)
    assert "jinja2" in imported
    assert imported.isdisjoint({"numpy", "pypinyin", "whoosh"})


def test_some_families_alone_are_as_in_the_whole_site(small: Path, tmp_path: Path) -> None:
    only = (*CORE, "leaflet", "search", "fixed", "sitemap")
    build(small, tmp_path / "whole", TODAY, quiet(), compress=True)
    build(small, tmp_path / "some", TODAY, quiet(), only=only, compress=True)
    found = {file.name for file in (tmp_path / "some").iterdir()}
    assert {"schools", "leaflets", "search-index", "404.html", "sitemap.xml"} <= found
    assert found.isdisjoint({"compare", "offline", "news", "verify"})
    other = differences(tmp_path / "whole", tmp_path / "some")
    there = [name for name in other if (tmp_path / "some" / name).exists()]
    assert there == ["sitemap.xml"]


def test_a_family_that_does_not_exist_is_named(small: Path, tmp_path: Path) -> None:
    with pytest.raises(BuildFailed, match="不认识的页面种类：leaflets。可以是：about、"):
        build(small, tmp_path / "output", TODAY, quiet(), only=("home", "leaflets"))
    assert not (tmp_path / "output").exists()


def test_what_was_only_touched_counts_as_unchanged(small: Path, tmp_path: Path) -> None:
    environment = os.environ | {"SOURCE_DATE_EPOCH": "1780272000"}
    command = [sys.executable, "-m", "plugins.site.build", "--core", "--content", str(small)]
    command += ["--output", str(tmp_path / "output")]

    def said() -> str:
        ran = subprocess.run(
            command, cwd=PROJECT, env=environment, check=True, capture_output=True, text=True
        )
        return ran.stdout

    said()
    file = small / "registry/zhejiang/schools.csv"
    os.utime(file, (1_780_000_000, 1_780_000_000))
    assert "什么都没有变" in said()
    file.write_text(file.read_text("utf-8").replace("\n", "\r\n"), "utf-8", newline="")
    assert "什么都没有变" not in said()


def test_a_build_tells_why_a_page_is_made_again(
    small: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from rich.console import Console

    build(small, tmp_path / "output", TODAY, quiet())
    profile = small / SCHOOL / "profile.md"
    profile.write_text(profile.read_text("utf-8") + "\n又一段演示文字。\n", "utf-8")
    build(small, tmp_path / "output", TODAY, Console(width=200), verbose=True)
    said = capsys.readouterr().out
    assert "school/yanshi-jishi-xueyuan：text yanshi-jishi-xueyuan" in said
    assert "school/yanshi-beijing-jishi-xueyuan" not in said


def test_an_edit_makes_the_search_index_of_its_province_again_and_of_no_other(
    small: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from rich.console import Console

    def said_after(path: str, old: str, new: str) -> str:
        file = small / path
        text = file.read_text("utf-8")
        assert old in text
        file.write_text(text.replace(old, new), "utf-8")
        build(small, tmp_path / "output", TODAY, Console(width=200), verbose=True)
        return capsys.readouterr().out

    build(small, tmp_path / "output", TODAY, quiet())
    said = said_after(f"{SCHOOL}/profile.md", "summary: 演示数据：", "summary: 演示数据：又")
    assert "search-of-province/zhejiang：search part zhejiang" in said
    assert "search/：search part zhejiang" in said
    assert said.count("search-of-province/") == 1
    said = said_after(PLAN, ",3,40,", ",3,41,")
    assert "search-of-province/zhejiang：search part zhejiang" in said
    assert said.count("search-of-province/") == 1
    said = said_after(PLAN, "数控加工", "汽车维修")
    assert "search-of-province/beijing：lexicon" in said
