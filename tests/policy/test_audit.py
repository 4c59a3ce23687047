"""The dependencies are locked, hashed and listed with their licences; the audit cannot lie."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest

PROJECT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def audit() -> ModuleType:
    spec = importlib.util.spec_from_file_location("audit", PROJECT / "scripts/audit.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["audit"] = module
    spec.loader.exec_module(module)
    return module


def test_every_lock_file_is_audited(audit: ModuleType) -> None:
    files = {file.stem for file in (PROJECT / "requirements").glob("*.txt")}
    assert files == set(audit.LOCKS)


@pytest.mark.parametrize("name", ["site", "dask", "test", "audit"])
def test_everything_is_pinned_and_hashed(audit: ModuleType, name: str) -> None:
    text = (PROJECT / f"requirements/{name}.txt").read_text("utf-8")
    assert list(audit.lock_faults(text, name)) == []
    named = {
        audit.normal(line.partition("=")[0].partition("[")[0].strip())
        for line in (PROJECT / f"requirements/{name}.in").read_text("utf-8").splitlines()
        if line.strip() and line[0] not in "#-"
    }
    assert named <= {one.name for one in audit.locked(text)}


@pytest.mark.parametrize(
    "line",
    [
        "pelican>=4\n",
        "pelican==4.12.0\n",
        "pelican==4.12.0 \\\n    --hash=md5:d41d8cd98f00b204e9800998ecf8427e\n",
        "git+https://example.org/pelican\n",
        "pelican @ https://example.org/pelican.whl \\\n    --hash=sha256:" + "0" * 64 + "\n",
        "-r other.txt\n",
        "--index-url https://example.org/simple\n",
    ],
)
def test_what_is_not_pinned_or_not_hashed_is_told(audit: ModuleType, line: str) -> None:
    assert len(list(audit.lock_faults(line, "site"))) == 1


def test_every_locked_package_is_listed_with_its_licence(audit: ModuleType) -> None:
    listed = (PROJECT / "docs/licences.md").read_text("utf-8")
    for name in audit.LOCKS:
        for one in audit.locked((PROJECT / f"requirements/{name}.txt").read_text("utf-8")):
            assert f"| {one.name} | {one.version} | " in listed, "run: invoke audit --licences"
    assert "没有写明" not in listed


def test_an_audit_that_could_not_ask_is_no_success(audit: ModuleType) -> None:
    """pip-audit itself ends with success when it has found no package in its list."""
    answer = {
        "dependencies": [
            {"name": "a", "version": "1", "vulns": []},
            {"name": "b", "skip_reason": "not found"},
            {"name": "c", "version": "2", "vulns": [{"id": "PYSEC-1", "fix_versions": ["2.1"]}]},
        ]
    }
    faults, skipped, asked = audit.known_faults(answer)
    assert faults == ["c 2：PYSEC-1，修好的版本：2.1"]
    assert (skipped, asked) == (["b"], 2)
