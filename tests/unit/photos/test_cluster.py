"""Photos made on a real Dask cluster of two workers are the same, even when a worker is lost."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from distributed import Client, LocalCluster
from PIL import Image

from plugins.photos import PhotoFacts, derive_all, find_derivatives, inspect_photo
from plugins.photos.cluster import ClusterUnfit, cluster_executor, makers
from plugins.site import photos_ahead

PROJECT = Path(__file__).resolve().parents[3]

Make = Callable[[int, int], Image.Image]
Save = Callable[..., Path]


@pytest.fixture
def cluster() -> Iterator[LocalCluster]:
    """Two workers, each a process of its own with one thread."""
    with LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None, silence_logs=50
    ) as running:
        yield running


@pytest.fixture
def many(save: Save, pattern: Make) -> list[tuple[Path, PhotoFacts]]:
    paths = [save(pattern(1700, 900 + 10 * n), f"photo-{n}.jpg", quality=90) for n in range(12)]
    return [(path, inspect_photo(path)) for path in paths]


def contents(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_a_cluster_makes_the_same_bytes_and_survives_the_loss_of_a_worker(
    cluster: LocalCluster, many: list[tuple[Path, PhotoFacts]], tmp_path: Path
) -> None:
    with Client(cluster, set_as_default=False) as client:
        workers = sorted(client.run(os.getpid).values())
    assert len(set(workers)) == 2
    made_when_killed: list[int] = []

    def kill_one_in_the_middle() -> None:
        while not (made := len(list((tmp_path / "cluster").rglob("manifest.json")))):
            time.sleep(0.005)
        os.kill(workers[0], signal.SIGKILL)
        made_when_killed.append(made)

    killer = threading.Thread(target=kill_one_in_the_middle)
    with cluster_executor(cluster.scheduler_address) as (pool, slots):
        assert slots == 2
        killer.start()
        results = derive_all(many, tmp_path / "cluster", slots, pool)
    killer.join()
    assert 0 < made_when_killed[0] < len(many)
    assert [result.sha256 for result in results] == [facts.sha256 for _, facts in many]
    derive_all(many, tmp_path / "here", 2)
    assert contents(tmp_path / "cluster") == contents(tmp_path / "here")


def test_the_command_fills_the_cache_that_a_build_reads(
    cluster: LocalCluster, small: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    [photo] = small.glob("schools/*/*/gate.jpg")
    options = ["--content", str(small), "--cache", str(tmp_path / "cache")]
    assert photos_ahead.main([*options, "--cluster", cluster.scheduler_address]) == 0
    assert "1 张照片，新做 1 张" in capsys.readouterr().out
    assert find_derivatives(inspect_photo(photo), tmp_path / "cache") is not None
    # Nothing is left to make: no cluster is asked.
    assert photos_ahead.main([*options, "--cluster", "tcp://127.0.0.1:1"]) == 0
    assert "1 张照片，新做 0 张" in capsys.readouterr().out


def test_a_cluster_that_would_give_other_bytes_is_refused(
    cluster: LocalCluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("plugins.photos.cache.RECIPE", "another")
    assert "recipe another" in makers()
    with (
        pytest.raises(ClusterUnfit, match="不一样"),
        cluster_executor(cluster.scheduler_address),
    ):
        pass


def test_nobody_at_the_address_is_said_in_one_line(
    small: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    options = ["--content", str(small), "--cache", str(tmp_path / "cache")]
    assert photos_ahead.main([*options, "--cluster", "tcp://127.0.0.1:1"]) == 1
    said = capsys.readouterr().err
    assert "连不上 Dask 的调度器 tcp://127.0.0.1:1" in said
    assert "Traceback" not in said


def test_without_dask_the_command_says_what_to_install(tmp_path: Path, small: Path) -> None:
    shutil.copytree(PROJECT / "plugins", tmp_path / "plugins")
    (tmp_path / "distributed.py").write_text("raise ImportError('not installed')")
    script = (
        "import sys; from plugins.site import photos_ahead as p; sys.exit(p.main(sys.argv[1:]))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, "--content", str(small), "--cluster", "tcp://127.0.0.1:1",
         "--cache", str(tmp_path / "cache")],
        cwd=tmp_path, capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 1
    assert "requirements/dask.txt" in done.stderr
    assert "Traceback" not in done.stderr
