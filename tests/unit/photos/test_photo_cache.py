"""A photo is processed once, ever; a damaged cache repairs itself; nothing is half-written."""

import hashlib
import json
import multiprocessing
import os
import platform
import shutil
import stat
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import pytest
from PIL import Image
from PIL import __version__ as pillow_version

from plugins.photos import (
    PhotoFacts,
    PhotoRefused,
    cache,
    derive,
    derive_all,
    find_derivatives,
    inspect_photo,
)

Make = Callable[[int, int], Image.Image]
Save = Callable[..., Path]


@pytest.fixture
def photo(save: Save, pattern: Make) -> Path:
    return save(pattern(1200, 700), "photo.jpg")


def contents(folder: Path) -> dict[str, bytes]:
    """The files below a folder, without the notes of what this machine has looked at."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not path.relative_to(folder).parts[0].startswith("checked-")
    }


def test_the_second_time_the_photo_is_not_even_opened(photo: Path, cache_dir: Path) -> None:
    facts = inspect_photo(photo)
    first = derive(photo, facts, cache_dir)
    before = [(copy.path.stat().st_ino, copy.path.stat().st_mtime_ns) for copy in first.files]
    photo.unlink()
    assert derive(photo, facts, cache_dir) == first
    after = [(copy.path.stat().st_ino, copy.path.stat().st_mtime_ns) for copy in first.files]
    assert after == before


def test_the_same_photo_under_another_name_is_not_processed_again(
    photo: Path, cache_dir: Path, tmp_path: Path
) -> None:
    first = derive(photo, inspect_photo(photo), cache_dir)
    other = tmp_path / "other.jpeg"
    photo.rename(other)
    assert find_derivatives(inspect_photo(other), cache_dir) == first


def test_nothing_is_found_in_an_empty_cache(photo: Path, cache_dir: Path) -> None:
    assert find_derivatives(inspect_photo(photo), cache_dir) is None


def cut_off(entry: Path) -> None:
    victim = sorted(entry.glob("*.webp"))[0]
    victim.write_bytes(victim.read_bytes()[:-1])


def remove_one(entry: Path) -> None:
    sorted(entry.glob("*.jpg"))[0].unlink()


def flip_a_bit(entry: Path) -> None:
    file = sorted(entry.glob("*.webp"))[-1]
    data = bytearray(file.read_bytes())
    data[len(data) // 2] ^= 1
    file.write_bytes(data)


def remove_manifest(entry: Path) -> None:
    (entry / "manifest.json").unlink()


def replace_by_link(entry: Path) -> None:
    victim = sorted(entry.glob("*.jpg"))[0]
    moved = victim.rename(entry.parent / "moved")
    victim.symlink_to(moved)


def overwrite_manifest(text: str) -> Callable[[Path], None]:
    def damage(entry: Path) -> None:
        (entry / "manifest.json").write_text(text)

    return damage


def edit_manifest(change: Callable[[list[dict[str, object]]], object]) -> Callable[[Path], None]:
    def damage(entry: Path) -> None:
        manifest = json.loads((entry / "manifest.json").read_text())
        change(manifest["files"])
        (entry / "manifest.json").write_text(json.dumps(manifest))

    return damage


@pytest.mark.parametrize(
    "damage",
    [
        cut_off,
        flip_a_bit,
        remove_one,
        remove_manifest,
        replace_by_link,
        overwrite_manifest(""),
        overwrite_manifest("[" * 100_000),
        overwrite_manifest("[]"),
        overwrite_manifest('{"files": 7}'),
        overwrite_manifest('{"files": ["x"]}'),
        overwrite_manifest('{"files": [{"format": [], "width": 1, "height": 1}]}'),
        edit_manifest(lambda files: files.pop()),
        edit_manifest(lambda files: files[0].update(height=1)),
        edit_manifest(lambda files: files[0].update(bytes=1)),
        edit_manifest(lambda files: files[0].update(sha256=None)),
    ],
)
def test_a_damaged_entry_is_made_again(
    photo: Path, cache_dir: Path, damage: Callable[[Path], None]
) -> None:
    facts = inspect_photo(photo)
    first = derive(photo, facts, cache_dir)
    good = contents(first.files[0].path.parent)
    damage(first.files[0].path.parent)
    assert find_derivatives(facts, cache_dir) is None
    assert derive(photo, facts, cache_dir) == first
    assert contents(first.files[0].path.parent) == good
    assert not any(copy.path.is_symlink() for copy in first.files)


def test_a_copy_is_compared_with_its_hash_once_and_again_when_its_file_is_another(
    photo: Path, cache_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    facts = inspect_photo(photo)
    files = derive(photo, facts, cache_dir).files
    hashed: list[str] = []
    take_hash = cache._sha256_of

    def watched(path: Path) -> str:
        hashed.append(path.name)
        return take_hash(path)

    monkeypatch.setattr(cache, "_sha256_of", watched)
    everything = [file.name for file in files]
    assert find_derivatives(facts, cache_dir) is not None
    assert hashed == everything
    assert find_derivatives(facts, cache_dir) is not None
    assert hashed == everything
    # Put back from an archive: the same bytes, the same times, another file.
    kept = files[0].path.with_name("kept")
    shutil.copy2(files[0].path, kept)
    kept.replace(files[0].path)
    assert find_derivatives(facts, cache_dir) is not None
    assert hashed == everything * 2


@pytest.mark.parametrize("seen_before", [True, False])
def test_a_flipped_bit_is_noticed_whether_or_not_the_copy_was_seen_before(
    photo: Path, cache_dir: Path, seen_before: bool
) -> None:
    facts = inspect_photo(photo)
    entry = derive(photo, facts, cache_dir).files[0].path.parent
    if seen_before:
        assert find_derivatives(facts, cache_dir) is not None
    flip_a_bit(entry)
    assert find_derivatives(facts, cache_dir) is None


def test_two_builds_at_once_mend_the_same_damage(
    photo: Path, cache_dir: Path, tmp_path: Path
) -> None:
    facts = inspect_photo(photo)
    first = derive(photo, facts, cache_dir)
    good = contents(first.files[0].path.parent)
    flip_a_bit(first.files[0].path.parent)
    script = (
        "import sys; from pathlib import Path; from plugins.photos import *\n"
        "photo, cache = map(Path, sys.argv[1:])\n"
        "facts = inspect_photo(photo)\n"
        "sys.stdin.read(1)\n"
        "for copy in derive_all([(photo, facts)], cache, 1)[0].files: print(copy.sha256)\n"
    )
    builds = [
        subprocess.Popen(
            [sys.executable, "-c", script, photo, cache_dir],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )
        for _ in range(2)
    ]  # fmt: skip
    for build in builds:
        assert build.stdin is not None
        build.stdin.write("g")
        build.stdin.flush()
    printed = [build.communicate(timeout=120)[0] for build in builds]
    assert printed == ["".join(f"{copy.sha256}\n" for copy in first.files)] * 2
    assert contents(first.files[0].path.parent) == good
    assert find_derivatives(facts, cache_dir) == first


def test_a_link_of_the_right_length_does_not_pass_for_a_copy(
    save: Save, pattern: Make, cache_dir: Path
) -> None:
    photo = save(pattern(40, 30), "photo.jpg")
    facts = inspect_photo(photo)
    copy = derive(photo, facts, cache_dir).files[0]
    moved = str(copy.path.rename(copy.path.with_name("moved")))
    # A link is as long as the path it names, and slashes may be repeated.
    copy.path.symlink_to("/" * (copy.bytes - len(moved)) + moved)
    assert copy.path.lstat().st_size == copy.bytes
    assert find_derivatives(facts, cache_dir) is None


def test_the_manifest_cannot_point_anywhere_else(photo: Path, cache_dir: Path) -> None:
    facts = inspect_photo(photo)
    first = derive(photo, facts, cache_dir)
    entry = first.files[0].path.parent
    edit_manifest(
        lambda files: [file.update(name="../../x", path="/etc/passwd") for file in files]
    )(entry)
    found = find_derivatives(facts, cache_dir)
    assert found == first


def test_the_same_photo_gives_the_same_bytes_everywhere(photo: Path, tmp_path: Path) -> None:
    facts = inspect_photo(photo)
    for name in ("one", "two"):
        derive(photo, facts, tmp_path / name)
    assert contents(tmp_path / "one") == contents(tmp_path / "two")


def test_the_records_hold_the_hash_of_each_copy(photo: Path, cache_dir: Path) -> None:
    for copy in derive(photo, inspect_photo(photo), cache_dir).files:
        assert copy.sha256 == hashlib.sha256(copy.path.read_bytes()).hexdigest()


def test_no_temporary_file_is_left_and_copies_can_be_read_by_a_web_server(
    photo: Path, cache_dir: Path
) -> None:
    copies = derive(photo, inspect_photo(photo), cache_dir)
    entry = copies.files[0].path.parent
    names = {path.name for path in entry.iterdir()}
    assert names == {"manifest.json", *(copy.name for copy in copies.files)}
    fresh = entry / "fresh"
    fresh.touch()
    for copy in copies.files:
        assert stat.S_IMODE(copy.path.stat().st_mode) == stat.S_IMODE(fresh.stat().st_mode)


def test_a_photo_that_changed_after_inspection_is_refused(
    photo: Path, cache_dir: Path, pattern: Make
) -> None:
    facts = inspect_photo(photo)
    pattern(300, 200).save(photo)
    with pytest.raises(PhotoRefused) as caught:
        derive(photo, facts, cache_dir)
    assert caught.value.code == "photo-changed"
    assert not cache_dir.exists()


def test_a_cache_that_cannot_be_written_is_an_error(photo: Path, cache_dir: Path) -> None:
    cache_dir.write_text("in the way")
    with pytest.raises(OSError, match="cache"):
        derive(photo, inspect_photo(photo), cache_dir)


def test_a_full_disk_is_an_error_and_leaves_no_entry(photo: Path, cache_dir: Path) -> None:
    facts = inspect_photo(photo)
    # The system's own limit on the size of a written file stands in for the full disk.
    script = (
        "import resource, signal, sys; from pathlib import Path; from plugins.photos import *\n"
        "import plugins.photos.render\n"
        "photo, cache = map(Path, sys.argv[1:])\n"
        "facts = inspect_photo(photo)\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (9000, 9000))\n"
        "try: derive(photo, facts, cache)\n"
        "except OSError as error: print(type(error).__name__)\n"
    )
    done = run(script, photo, cache_dir)
    assert done.stdout == "OSError\n"
    assert find_derivatives(facts, cache_dir) is None
    assert all(len(data) <= 9000 for data in contents(cache_dir).values())
    assert not [name for name in contents(cache_dir) if "/." in name]
    assert derive(photo, facts, cache_dir).files


def test_a_killed_build_leaves_nothing_that_passes_for_an_entry(
    photo: Path, cache_dir: Path
) -> None:
    facts = inspect_photo(photo)
    script = (
        "import os, signal, sys; from pathlib import Path; from plugins.photos import *\n"
        "sys.addaudithook(lambda event, args: event == 'open' and 'manifest' in str(args[0])\n"
        "    and args[1] == 'x' and os.kill(os.getpid(), signal.SIGKILL))\n"
        "photo, cache = map(Path, sys.argv[1:])\n"
        "derive(photo, inspect_photo(photo), cache)\n"
    )
    done = run(script, photo, cache_dir, check=False)
    assert done.returncode == -9
    assert len(contents(cache_dir)) == 6
    assert find_derivatives(facts, cache_dir) is None
    assert derive(photo, facts, cache_dir).files


def test_two_builds_at_once_share_a_cache(photo: Path, cache_dir: Path, tmp_path: Path) -> None:
    script = (
        "import sys; from pathlib import Path; from plugins.photos import *\n"
        "photo, cache = map(Path, sys.argv[1:])\n"
        "facts = inspect_photo(photo)\n"
        "sys.stdin.read(1)\n"
        "for copy in derive(photo, facts, cache).files: print(copy.sha256)\n"
    )
    builds = [
        subprocess.Popen(
            [sys.executable, "-c", script, photo, cache_dir],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(3)
    ]
    for build in builds:
        assert build.stdin is not None
        build.stdin.write("g")
        build.stdin.flush()
    printed = [build.communicate(timeout=60)[0] for build in builds]
    assert [build.returncode for build in builds] == [0, 0, 0]
    alone = derive(photo, inspect_photo(photo), tmp_path / "alone")
    assert printed == ["".join(f"{copy.sha256}\n" for copy in alone.files)] * 3
    assert contents(cache_dir) == contents(tmp_path / "alone")


@pytest.mark.skipif(platform.machine() != "x86_64", reason="recorded on x86-64")
def test_the_recipe_is_raised_whenever_copies_change(
    save: Save, pattern: Make, cache_dir: Path
) -> None:
    """If this fails, the same photo now gives other bytes (another Pillow, quality or step):
    raise RECIPE in plugins/photos/cache.py, so that old copies are not mixed with new ones, and
    record the new hash here."""
    photo = save(pattern(1000, 700), "photo.png")
    copies = derive(photo, inspect_photo(photo), cache_dir)
    joined = "".join(copy.sha256 for copy in copies.files)
    recipe = copies.files[0].path.relative_to(cache_dir).parts[0]
    assert (recipe, hashlib.sha256(joined.encode()).hexdigest()[:16]) == (
        "recipe-1",
        "8f438428ee3a5bad",
    ), f"copies changed (Pillow {pillow_version})"


# Many photos


@pytest.fixture
def many(save: Save, pattern: Make) -> list[tuple[Path, PhotoFacts]]:
    sizes = [(900, 600), (200, 100), (640, 480), (50, 50), (1000, 300)]
    paths = [save(pattern(*size), f"photo{index}.jpg") for index, size in enumerate(sizes)]
    return [(path, inspect_photo(path)) for path in [*paths, paths[1]]]


@pytest.mark.parametrize("workers", [1, 2, 9])
def test_many_photos_come_back_in_the_order_given(
    many: list[tuple[Path, PhotoFacts]], cache_dir: Path, workers: int
) -> None:
    results = derive_all(many, cache_dir, workers)
    assert [result.sha256 for result in results] == [facts.sha256 for _, facts in many]
    assert results == [find_derivatives(facts, cache_dir) for _, facts in many]


def test_no_photos_need_no_work(cache_dir: Path) -> None:
    assert derive_all([], cache_dir, 2) == []
    assert not cache_dir.exists()


def test_threads_and_single_calls_give_the_same_bytes(
    many: list[tuple[Path, PhotoFacts]], tmp_path: Path
) -> None:
    derive_all(many, tmp_path / "threads", 4)
    for path, facts in many:
        derive(path, facts, tmp_path / "single")
    assert contents(tmp_path / "threads") == contents(tmp_path / "single")


def test_other_processes_give_the_same_bytes(
    many: list[tuple[Path, PhotoFacts]], tmp_path: Path
) -> None:
    with ProcessPoolExecutor(2, multiprocessing.get_context("spawn")) as pool:
        results = derive_all(many, tmp_path / "processes", 2, pool)
    assert [result.sha256 for result in results] == [facts.sha256 for _, facts in many]
    derive_all(many, tmp_path / "threads", 2)
    assert contents(tmp_path / "processes") == contents(tmp_path / "threads")


def test_one_failing_photo_is_named_and_the_others_are_kept(
    many: list[tuple[Path, PhotoFacts]], cache_dir: Path
) -> None:
    many[2][0].unlink()
    with pytest.raises(PhotoRefused) as caught:
        derive_all(many, cache_dir, 2)
    assert caught.value.code == "photo-not-a-file"
    assert caught.value.__notes__ == [str(many[2][0])]
    found = [find_derivatives(facts, cache_dir) is not None for _, facts in many]
    assert found == [True, True, False, True, True, True]


# Costs nothing when there is nothing to do


def run(script: str, *arguments: Path, check: bool = True) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", script, *map(os.fspath, arguments)],
        capture_output=True,
        text=True,
        check=check,
        timeout=60,
    )


def test_importing_the_package_loads_neither_pillow_nor_pelican() -> None:
    script = (
        "import sys, plugins.photos\n"
        "print(sorted({'PIL', 'pelican', 'plugins.catalogue', 'concurrent.futures.thread'}\n"
        "    & set(sys.modules)))"
    )
    assert run(script).stdout == "[]\n"


def test_finding_everything_in_the_cache_loads_no_pillow(
    many: list[tuple[Path, PhotoFacts]], cache_dir: Path
) -> None:
    derive_all(many, cache_dir, 2)
    listed = [(str(path), facts.sha256, facts.width, facts.height) for path, facts in many]
    script = (
        "import sys; from pathlib import Path; from plugins.photos import *\n"
        f"photos = [(Path(p), PhotoFacts(s, 'jpeg', w, h, 1)) for p, s, w, h in {listed!r}]\n"
        "print(len(derive_all(photos, Path(sys.argv[1]), 2)), 'PIL' in sys.modules)"
    )
    assert run(script, cache_dir).stdout == "6 False\n"


def test_a_name_never_stands_for_two_recipes(monkeypatch: pytest.MonkeyPatch) -> None:
    facts = PhotoFacts("0" * 64, "jpeg", 600, 400, 1000)
    before = cache.derivative_name(facts, "webp", 480)
    monkeypatch.setattr(cache, "RECIPE", "another")
    assert cache.derivative_name(facts, "webp", 480) != before
