"""Audit the dependencies: are all locked with hashes, licensed, and without known faults?

`python scripts/audit.py` runs what needs no network, then pip-audit, which asks PyPI's list of
vulnerabilities. An audit that could not ask fails: "nothing found" must mean that one looked.
`--licences` writes docs/licences.md anew from the metadata of what is installed.
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from importlib.metadata import Distribution
from pathlib import Path
from typing import Any, Final

PROJECT: Final = Path(__file__).resolve().parents[1]
LOCKS: Final = ("site", "dask", "test", "audit")
"""The lock files below `requirements/`, in the order in which they are told of."""
LICENCES: Final = PROJECT / "docs/licences.md"
AUDIT_VENV: Final = PROJECT / ".venv-audit"

_LINE: Final = re.compile(r"([A-Za-z0-9._-]+)==([A-Za-z0-9._+!-]+)(?: ; [^\\]+)?")
_HASH: Final = re.compile(r"--hash=sha256:[0-9a-f]{64}")


@dataclass(frozen=True, slots=True, order=True)
class Locked:
    """One requirement of a lock file; `name` as PyPI normalises it."""

    name: str
    version: str


def locked(text: str) -> list[Locked]:
    """All requirements of a lock file that say what they should."""
    return [
        Locked(normal(found[1]), found[2])
        for line in _requirements(text)
        if (found := _LINE.match(line))
    ]


def lock_faults(text: str, name: str) -> Iterator[str]:
    """What is wrong with a lock file: nothing pinned, no hash, an address instead of a name."""
    for line in _requirements(text):
        pinned, *options = re.split(r"\s+(?=--)", line)
        if not _LINE.fullmatch(pinned.strip()):
            yield f"{name}：没有锁定到一个版本：{pinned.strip()[:60]}"
        elif not options or not all(_HASH.fullmatch(option.strip()) for option in options):
            yield f"{name}：没有校验值：{pinned.strip()[:60]}"


def _requirements(text: str) -> Iterator[str]:
    whole = re.sub(r"\\\n", " ", text)
    return (line.strip() for line in whole.splitlines() if line.strip() and line[:1] != "#")


def normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def licence_of(package: Distribution) -> str:
    """The licence as the package declares it: SPDX expression, classifiers, words, or its file."""
    found = package.metadata
    if expression := found.get_all("License-Expression"):
        return str(expression[0])
    classifiers = [
        line.rpartition("::")[2].strip()
        for line in found.get_all("Classifier") or []
        if line.startswith("License ::") and not line.endswith("OSI Approved")
    ]
    if classifiers:
        return "、".join(sorted(set(classifiers)))
    declared = "".join(found.get_all("License") or []).strip()
    for file in [] if declared else package.files or []:
        if re.search(r"dist-info/.*LICEN[CS]E", str(file)):
            declared = file.read_text().strip()
    return declared.splitlines()[0][:60] if declared else ""


def licence_table(requirements: Iterable[Locked]) -> Iterator[str]:
    """One line of Markdown for each; what is not installed here cannot be asked and says so."""
    for one in sorted(set(requirements)):
        places = [*sys.path, *map(str, AUDIT_VENV.glob("lib/python*/site-packages"))]
        found = next(iter(Distribution.discover(name=one.name, path=places)), None)
        licence = (licence_of(found) or "没有写明") if found else "只装在别的系统上，见 PyPI"
        yield f"| {one.name} | {one.version} | {licence} |"


def write_licences() -> str:
    parts = [
        "# 用到的库和许可\n\n由 `invoke audit --licences` 从各个库自己的说明生成，不要手改；"
        "测试检查锁定文件里的每一个都在这里。\n\n"
        "本站代码是 AGPL-3.0-or-later（[0002](decisions/0002-licence.md)）；"
        "网页里的脚本是自己写的，没有下面任何一个库的代码"
        "（默认不开的网页表单用 npm 的包，见 `admin/package-lock.json`）。"
        "字体和数据的许可见[资料来源](data-sources.md)。\n"
    ]
    titles = {
        "site": "生成网站用的",
        "dask": "几台机器一起做照片另外用的",
        "test": "测试另外用的",
        "audit": "检查依赖另外用的",
    }
    seen: set[Locked] = set()
    for name in LOCKS:
        rows = [one for one in locked(_lock(name)) if one not in seen]
        seen |= set(rows)
        table = "\n".join(licence_table(rows))
        parts.append(f"## {titles[name]}\n\n| 库 | 版本 | 许可 |\n|---|---|---|\n{table}\n")
    return "\n".join(parts)


def _lock(name: str) -> str:
    return (PROJECT / f"requirements/{name}.txt").read_text("utf-8")


def _environment() -> Path:
    """pip-audit, installed from its lock file where nothing of it can touch the site's own."""
    program = AUDIT_VENV / "bin/pip-audit"
    if not program.is_file():
        lock = str(PROJECT / "requirements/audit.txt")
        pip = [str(AUDIT_VENV / "bin/pip"), "install", "--quiet", "--require-hashes", "-r", lock]
        subprocess.run([sys.executable, "-m", "venv", str(AUDIT_VENV)], check=True)  # noqa: S603
        subprocess.run(pip, check=True)  # noqa: S603
    return program


def known_faults(answer: Any) -> tuple[list[str], list[str], int]:
    """What pip-audit's JSON says: faults, what it could not look up, and how many it looked up."""
    faults, skipped, asked = [], [], 0
    for one in answer["dependencies"]:
        if "skip_reason" in one:
            skipped.append(one["name"])
            continue
        asked += 1
        faults += [
            f"{one['name']} {one['version']}：{fault['id']}，"
            f"修好的版本：{'、'.join(fault['fix_versions']) or '还没有'}"
            for fault in one["vulns"]
        ]
    return faults, skipped, asked


def _ask() -> list[str]:
    """Every reason why the audit has failed online; empty when all were looked up and are sound."""
    try:
        program = _environment()
    except (OSError, subprocess.CalledProcessError) as failure:
        return [f"装不上 pip-audit（{failure}），没有查成。"]
    faults: dict[str, None] = {}
    skipped: set[str] = set()
    asked = 0
    for name in LOCKS:
        command = [
            str(program), "--disable-pip", "--require-hashes", "--progress-spinner", "off",
            "-f", "json", "-r", f"requirements/{name}.txt",
        ]  # fmt: skip
        done = subprocess.run(command, capture_output=True, text=True, cwd=PROJECT, check=False)  # noqa: S603
        try:
            found, left_out, looked_up = known_faults(json.loads(done.stdout))
        except (ValueError, KeyError, TypeError):
            last = (done.stderr.strip() or done.stdout.strip() or "没有回答").splitlines()[-1]
            return [f"没有查成：{last}"]
        faults |= dict.fromkeys(found)
        skipped.update(left_out)
        asked += looked_up
    print(f"查了 {asked} 个库，{len(faults)} 处已知的漏洞。")
    unknown = [
        f"有 {len(skipped)} 个库没有查到（{'、'.join(sorted(skipped)[:3])}……）："
        "漏洞库连不上，或不是 PyPI。换一台能连上 pypi.org 的机器再查。"
    ]
    return [*faults, *(unknown if skipped else [])]


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="invoke audit", description=__doc__)
    parser.add_argument("--licences", action="store_true", help="write docs/licences.md")
    parser.add_argument("--offline", action="store_true", help="only what needs no network")
    given = parser.parse_args(arguments)
    if given.licences:
        _environment()
        LICENCES.write_text(write_licences(), "utf-8")
        print(f"写好了 {LICENCES.relative_to(PROJECT)}。")
        return 0
    faults = [fault for name in LOCKS for fault in lock_faults(_lock(name), name)]
    listed = LICENCES.read_text("utf-8")
    faults += [
        f"docs/licences.md 里没有 {one.name} {one.version}：运行 invoke audit --licences"
        for name in LOCKS
        for one in locked(_lock(name))
        if f"| {one.name} | {one.version} |" not in listed
    ]
    if not given.offline:
        faults += _ask()
    for fault in faults:
        print(fault, file=sys.stderr)
    print("依赖检查没有通过。" if faults else "依赖检查通过。")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
