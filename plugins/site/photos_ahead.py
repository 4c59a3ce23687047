"""Make the copies of all photos ahead of a build: here, or on a Dask cluster.

Fills the cache that a build reads, so that the build itself finds every photo made.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from contextlib import nullcontext
from pathlib import Path

from plugins.catalogue import find_content, load
from plugins.clock import today
from plugins.photos import PhotoRefused, derive_all, find_derivatives
from plugins.photos.cluster import ClusterUnfit, cluster_executor

PROJECT = Path(__file__).resolve().parents[2]


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m plugins.site.photos_ahead")
    parser.add_argument("--content", type=Path, default=PROJECT / "content")
    parser.add_argument("--cache", type=Path, default=PROJECT / ".cache/photos")
    parser.add_argument("--workers", type=int, default=2, help="processes on this machine")
    parser.add_argument("--cluster", default="", help="address of a Dask scheduler")
    options = parser.parse_args(arguments)
    folder = find_content(options.content)
    if folder is None:
        print(
            f"{options.content} 不是内容文件夹：里面要有 reference/provinces.csv。", file=sys.stderr
        )
        return 1
    catalogue, _ = load(folder, today(), photo_cache=options.cache)
    photos = [
        (folder / path, catalogue.photos[path])
        for profile in catalogue.profiles.values()
        for photo in profile.facts.photos
        if (path := f"{profile.path.rpartition('/')[0]}/{photo.file}") in catalogue.photos
    ]
    missing = {f.sha256 for _, f in photos if find_derivatives(f, options.cache) is None}
    place = (
        cluster_executor(options.cluster)
        if options.cluster and missing
        else nullcontext((None, options.workers))
    )
    try:
        with place as (pool, workers):
            derive_all(photos, options.cache, workers, pool)
    except (ClusterUnfit, OSError) as failure:
        print(failure, file=sys.stderr)
        return 1
    except PhotoRefused as refused:
        where = "".join(getattr(refused, "__notes__", []))
        print(f"{where}：{refused.message}{refused.fix}  [{refused.code}]", file=sys.stderr)
        return 1
    print(f"{len(photos)} 张照片，新做 {len(missing)} 张，在 {options.cache}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
