"""Anybody with the repository can make a published site again and find it the same."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from plugins.publish.rebuild import rebuild
from plugins.publish.releases import PublishFailed
from plugins.publish.source import Folder
from tests.conftest import PROJECT

AUTHOR = ("-c", "user.name=demo", "-c", "user.email=demo@example.org", "-c", "commit.gpgsign=false")

SET_ASIDE = {"path": "x", "line": 1, "code": "y", "shown": "2026-05-01"}


def run(folder: Path, *words: str) -> str:
    environment = {
        **os.environ, "SITE_URL": "https://zhaosheng.example", "SOURCE_DATE_EPOCH": "1780272000"
    }  # fmt: skip
    ran = subprocess.run(
        words, cwd=folder, env=environment, capture_output=True, text=True, check=False
    )
    return ran.stdout + ran.stderr


def test_a_release_can_be_made_again_byte_for_byte(small: Path, tmp_path: Path) -> None:
    repository, target = tmp_path / "repository", tmp_path / "www"
    for name in ("plugins", "themes"):
        hidden = shutil.ignore_patterns("__pycache__")
        shutil.copytree(PROJECT / name, repository / name, ignore=hidden)
    for name in ("pelicanconf.py", "publishconf.py", ".gitignore"):
        shutil.copy(PROJECT / name, repository / name)
    small.rename(repository / "content")
    run(repository, "git", "init", "-q")
    run(repository, "git", "add", "-A")
    run(repository, "git", *AUTHOR, "commit", "-q", "-m", "demo")

    python = (sys.executable, "-m", "plugins.publish")
    said = run(repository, *python, "publish", "--to", str(target))
    assert "发布完成。" in said, said
    said = run(repository, *python, "rebuild", str(target / "current"))
    assert "一模一样" in said, said

    manifest = target / "current/manifest.json"
    record = json.loads(manifest.read_text("utf-8"))
    record["files"]["index.html"][1] = "0" * 64
    record["build"] = "0" * 16
    manifest.write_text(json.dumps(record), "utf-8")
    made = rebuild(Folder(target / "current/"), repository)
    assert (made.same, made.differing, made.missing) == (False, ("index.html",), ())


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"commit": ""}, "不在 git 里"),
        ({"commit": "0" * 40 + "+"}, "没提交"),
        ({"day": ""}, "日期"),
        (
            {"quarantined": [{"path": "x", "line": 1, "code": "y", "shown": "2026-05-01"}]},
            "以前的版本",
        ),
        ({}, "git fetch"),
    ],
)
def test_what_cannot_be_made_again_is_refused(
    tmp_path: Path, changes: dict[str, object], why: str
) -> None:
    record = {
        "format": 1, "release": "x", "build": "x", "created": "", "commit": "0" * 40,
        "day": "2026-06-01", "site_url": "", "files": {}, "kept": {},
        "counts": {"pages": 0, "schools": 0, "files": 0, "bytes": 0}, **changes,
    }  # fmt: skip
    (tmp_path / "manifest.json").write_text(json.dumps(record))
    with pytest.raises(PublishFailed, match=why):
        rebuild(Folder(tmp_path), PROJECT)
