"""Make photos on a Dask cluster, for collections that outgrow a machine.

An optional extra: nothing else in the project imports Dask, and a usual installation lacks it
(`requirements/dask.txt`). The cluster is only another `concurrent.futures` executor for
`derive_all`: bytes go out, bytes come back, the cache is written here alone. Dask gives the work of
a lost worker to another one; the result is the same, because `make_copies` is a pure function.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from concurrent.futures import Executor
from contextlib import contextmanager
from typing import Any

LOST_WORKERS = 3
"""How often the same photo may lose its worker before it is the photo that is to blame."""


class ClusterUnfit(Exception):
    """The cluster cannot make our copies; the message is a Chinese sentence that says why."""


@contextmanager
def cluster_executor(address: str) -> Iterator[tuple[Executor, int]]:
    """An executor on the cluster whose scheduler is at `address`, such as `tcp://10.0.0.5:8786`,
    and the number of photos that it makes at once.

    Raises ClusterUnfit: Dask is not installed, nobody answers, there are no workers, or some
    worker has another recipe or Pillow, which would give other bytes than this machine.
    """
    try:
        from distributed import Client
    except ImportError as error:
        raise ClusterUnfit(
            "没有安装 Dask：运行 pip install --require-hashes -r requirements/dask.txt。"
        ) from error
    try:
        # Dask is only partly typed.
        client: Any = Client(address, timeout="5s", set_as_default=False)  # type: ignore[no-untyped-call]
    except (OSError, TimeoutError, ValueError) as error:
        raise ClusterUnfit(f"连不上 Dask 的调度器 {address}：{error}") from error
    with client:
        slots = sum(client.nthreads().values())
        if not slots:
            raise ClusterUnfit(f"{address} 上没有工作进程，先启动 dask worker。")
        _require_same_makers(client.run(makers))
        yield client.get_executor(pure=False, retries=LOST_WORKERS), slots


def makers() -> str:
    """What decides the bytes of a copy besides the photo: the recipe and the libraries."""
    from PIL import __version__ as pillow
    from PIL import features

    from plugins.photos.cache import RECIPE

    libraries = [features.version(name) for name in ("webp", "libjpeg_turbo", "littlecms2")]
    return f"recipe {RECIPE}, Pillow {pillow}, {libraries}"


def _require_same_makers(found: Mapping[str, str]) -> None:
    here = makers()
    others = sorted(f"{worker}：{there}" for worker, there in found.items() if there != here)
    if others:
        raise ClusterUnfit(
            f"有工作进程和这台机器不一样（这里是 {here}），出的照片会不同：{'；'.join(others)}。"
            "在每台机器上检出同一个版本，按 requirements/dask.txt 安装。"
        )
