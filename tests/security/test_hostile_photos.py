"""Hostile picture files: each is refused with a known code, or becomes clean copies, within limits.

Everything runs in the workers that a build uses, so a file that costs too much, or that kills a
decoder, would show here as `photo-too-costly`.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from plugins.catalogue import errors, load
from plugins.cost_limits import Limits
from plugins.limited import LimitedExecutor
from plugins.photos import PhotoRefused, derive_all, inspect_photo
from plugins.photos import worker as photo_processes
from plugins.photos.worker import load_decoders, photo_workers
from tests.conftest import TODAY
from tests.security.hostile_photos import FAMILIES, TRUNCATED, Make, jpeg


@pytest.fixture(scope="module")
def worker() -> Iterator[LimitedExecutor]:
    with photo_workers() as pool:
        yield pool


def outcome(file: Path, cache: Path, worker: LimitedExecutor) -> str:
    """What becomes of a file: `taken`, or the code with which it is refused."""
    try:
        facts = inspect_photo(file, None, worker)
    except PhotoRefused as refused:
        return refused.code if refused.message and refused.fix else "refused without words"
    [copies] = derive_all([(file, facts)], cache, 1, worker)
    assert copies.files
    return "taken"


@pytest.mark.parametrize(
    ("name", "family"), [pytest.param(name, family, id=name) for name, family in FAMILIES.items()]
)
def test_a_hostile_file_finishes_or_is_refused_with_its_reason(
    name: str, family: tuple[str, Make, str], tmp_path: Path, worker: LimitedExecutor
) -> None:
    ending, make, expected = family
    file = tmp_path / f"photo{ending}"
    file.write_bytes(make())
    assert file.stat().st_size <= 8 * 1024 * 1024, name
    assert outcome(file, tmp_path / "cache", worker) == expected


def test_a_photo_cut_off_anywhere_is_refused_as_incomplete(
    tmp_path: Path, worker: LimitedExecutor
) -> None:
    found = {}
    for name, (ending, make, _) in TRUNCATED.items():
        file = tmp_path / f"photo{ending}"
        file.write_bytes(make())
        found[name] = outcome(file, tmp_path / "cache", worker)
    assert found == {name: expected for name, (_, _, expected) in TRUNCATED.items()}


def test_the_bomb_of_169_megapixels_is_a_small_file() -> None:
    assert len(FAMILIES["png-169-megapixels"][1]()) < 25_000


def test_there_are_at_least_sixty_families() -> None:
    assert len(FAMILIES) >= 60


@pytest.mark.parametrize(
    ("limits", "said"),
    [(Limits(cpu_s=0.05), "超过 2 秒"), (Limits(memory_mb=40), "内存超过 256 MB")],
)
def test_a_photo_beyond_the_limits_is_refused_and_the_next_one_is_taken(
    tmp_path: Path, limits: Limits, said: str
) -> None:
    costly, cheap = tmp_path / "costly.png", tmp_path / "cheap.jpg"
    costly.write_bytes(FAMILIES["png-largest-16-bit-rgba"][1]())
    cheap.write_bytes(jpeg())
    with LimitedExecutor(1, limits, load_decoders) as strict:
        with pytest.raises(PhotoRefused) as caught:
            inspect_photo(costly, None, strict)
        assert caught.value.code == "photo-too-costly"
        assert said in caught.value.message
        assert inspect_photo(cheap, None, strict).width == 640


def test_a_costly_photo_costs_its_school_only_the_profile(
    small: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The limits are set so low that any photo is beyond them; all else goes on."""
    monkeypatch.setattr(
        photo_processes,
        "photo_workers",
        lambda workers: LimitedExecutor(workers, Limits(cpu_s=0.001), load_decoders),
    )
    catalogue, problems = load(small, TODAY)
    [problem] = [problem for problem in errors(problems) if problem.code == "photo-too-costly"]
    assert problem.path == "schools/zhejiang/yanshi-jishi-xueyuan/gate.jpg"
    assert problem.fix
    assert catalogue.quarantined == ("schools/zhejiang/yanshi-jishi-xueyuan/profile.md",)
    assert len(catalogue.schools) == 6
