"""Packages of npm that one command needs: fetched by their lock file, kept in the cache."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
from pathlib import Path


class NpmFailed(Exception):
    """The packages are not there and cannot be fetched; `str()` says why, in Chinese."""


def installed(package: Path, cache: Path) -> Path:
    """The folder below which `node_modules` holds what the lock file in `package` names.

    Fetched by `npm ci`, which checks the integrity digests of the lock file, when it is not in
    `cache` yet. No package's own scripts are run. Raises NpmFailed.
    """
    digest = hashlib.sha256((package / "package-lock.json").read_bytes()).hexdigest()[:16]
    folder = cache / f"{package.name}-{digest}"
    if (folder / "done").exists():
        return folder
    npm = shutil.which("npm")
    if npm is None:
        raise NpmFailed("这台机器上没有 npm；请装上 Node.js。")
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for name in ("package.json", "package-lock.json"):
        shutil.copy(package / name, folder / name)
    command = [npm, "ci", "--ignore-scripts", "--omit=peer", "--no-audit", "--no-fund"]
    done = subprocess.run(  # noqa: S603 - a fixed command
        command, cwd=folder, capture_output=True, text=True, check=False
    )
    if done.returncode:
        said = " ".join(done.stderr.split())[-300:]
        raise NpmFailed(f"npm ci 没有成功：{said}")
    (folder / "done").touch()
    return folder
