"""Make a published site again from the source that its manifest names, and compare the trees.

Whoever has the repository can so convince himself that a site shows what the content says and
nothing else. The libraries must be those of the lock file.
"""

from __future__ import annotations

import datetime as dt
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from plugins.clock import CHINA
from plugins.publish.manifest import (
    MANIFEST,
    Manifest,
    ManifestUnreadable,
    build_of,
    files_of,
    from_bytes,
)
from plugins.publish.releases import PublishFailed
from plugins.publish.source import Source
from plugins.site.compressed import ENDINGS
from plugins.site.ledger import Written


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """`build` is that of the tree made now; the names are files, sorted."""

    manifest: Manifest
    build: str
    missing: tuple[str, ...]
    additional: tuple[str, ...]
    differing: tuple[str, ...]

    @property
    def same(self) -> bool:
        return self.build == self.manifest.build


def rebuild(source: Source, repository: Path) -> Rebuilt:
    """Build the commit of the manifest of `source`, out of `repository`. Raises PublishFailed."""
    manifest = _manifest_of(source)
    with tempfile.TemporaryDirectory() as folder:
        checkout, output = Path(folder) / "source", Path(folder) / "output"
        _run(["git", "clone", "-q", "--no-checkout", str(repository), str(checkout)], repository)
        _run(["git", "checkout", "-q", "--detach", manifest.commit], checkout)
        words = ["--content", "content", "--output", str(output)]
        words += ["--compress"] * any(name.endswith(ENDINGS) for name in manifest.files)
        words += ["--quarantine"] * bool(manifest.quarantined)
        noon = dt.datetime.combine(dt.date.fromisoformat(manifest.day), dt.time(12), CHINA)
        environment = {
            "SITE_URL": manifest.site_url, "SOURCE_DATE_EPOCH": str(int(noon.timestamp()))
        }  # fmt: skip
        _run([sys.executable, "-m", "plugins.site.build", *words], checkout, environment)
        return _compared(manifest, files_of(output))


def _manifest_of(source: Source) -> Manifest:
    answer = source.get(f"/{MANIFEST}")
    try:
        manifest = from_bytes(answer.body, f"/{MANIFEST}")
    except ManifestUnreadable as failure:
        raise PublishFailed(f"{failure}没有它就不知道是哪一个源码版本。") from failure
    if not manifest.commit or manifest.commit.endswith("+"):
        raise PublishFailed("这次发布的源码有没提交的改动，或者不在 git 里，不能重做。")
    if not manifest.day:
        raise PublishFailed("这份清单没有写明生成的日期（很早的发布），不能重做。")
    if any(one.shown for one in manifest.quarantined):
        raise PublishFailed(
            "这次发布有坏了的资料，用的是以前的版本，只凭这一个源码版本不能重做。"
            "请核对它前面一次没有坏资料的发布。"
        )
    return manifest


def _compared(manifest: Manifest, made: Mapping[str, Written]) -> Rebuilt:
    published = manifest.files
    return Rebuilt(
        manifest=manifest,
        build=build_of(made),
        missing=tuple(sorted(set(published) - set(made))),
        additional=tuple(sorted(set(made) - set(published))),
        differing=tuple(sorted(n for n in set(made) & set(published) if made[n] != published[n])),
    )


def _run(command: list[str], folder: Path, environment: Mapping[str, str] | None = None) -> None:
    ran = subprocess.run(  # noqa: S603 - no shell, and the commit is checked by git
        command, cwd=folder, env={**os.environ, **(environment or {})},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    if ran.returncode:
        said = (ran.stderr or ran.stdout).strip()[-2000:]
        what = "取不到这个源码版本（先 git fetch）" if command[0] == "git" else "重做没有成功"
        raise PublishFailed(f"{what}：\n{said}")
