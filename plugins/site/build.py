"""`build`: check → assemble → render into a staging folder → guard → switch.

Whatever goes wrong on the way, the output that stood before stays as it was, and the exit status
is not 0. `python -m plugins.site.build` is the same command without Invoke.
"""

from __future__ import annotations

import argparse
import datetime as dt
import fcntl
import glob
import io
import os
import shutil
import sys
import tempfile
import time
import traceback
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, redirect_stdout
from dataclasses import dataclass, replace
from pathlib import Path

from rich.console import Console

from plugins.admin_form.backend import parse_backend
from plugins.admin_form.files import admin_files
from plugins.catalogue import Catalogue, Problem, errors, find_content, load
from plugins.catalogue.check import located
from plugins.catalogue.quarantine import (
    Candidates,
    Quarantine,
    SetAside,
    load_with_quarantine,
    no_earlier_version,
)
from plugins.catalogue.report import report, summary
from plugins.clock import today as clock_today
from plugins.site.assemble import Site, assemble
from plugins.site.compressed import compress_tree
from plugins.site.guard import guard
from plugins.site.switch import switch
from plugins.site.writer import Written, files_below, ledger_of, read_ledger, save_ledger

PROJECT = Path(__file__).resolve().parents[2]
DEMO_CONTENT = PROJECT / "tests/fixtures/small"
"""The invented schools that the tests use and the design system shows."""


class BuildFailed(Exception):
    """The build stopped; `str()` is the whole explanation, in Chinese, for the terminal."""


@dataclass(frozen=True, slots=True)
class Built:
    """What a finished build did.

    `quarantined` are bad profiles and notices, `bytes` is the size of the tree. `problems` are
    warnings and, in quarantine, the errors of what was set aside.
    """

    catalogue: Catalogue
    pages: int
    files: int
    bytes: int
    schools: int
    profiles: int
    quarantined: tuple[SetAside, ...]
    problems: tuple[Problem, ...]
    seconds: float


def build(
    content: Path,
    output: Path,
    today: dt.date,
    console: Console,
    *,
    quarantine: bool = False,
    clean: bool = False,
    core: bool = False,
    preview: bool = False,
    compress: bool = False,
    earlier_versions: Candidates = no_earlier_version,
) -> Built:
    """Build the site of `content` into `output`.

    With `quarantine`, profiles and notices that fail the check are reported and replaced by one of
    their `earlier_versions`; where there is none, the school keeps the page made from official
    data. Without it any error stops the build. `clean` empties the
    cache of photos and of the search index first. `preview` adds the design system's pages, which
    are never published. `core` builds the core pages alone, to be measured and not to be
    published. `compress` adds a Brotli and a gzip copy of every text file. Raises BuildFailed.
    """
    started = time.monotonic()
    output = Path(os.path.abspath(output))
    folder = find_content(content)
    if folder is None or folder != Path(os.path.abspath(content)):
        raise BuildFailed(f"{content} 不是内容文件夹：里面要有 reference/provinces.csv。")
    if output == folder or folder in output.parents or output in folder.parents:
        raise BuildFailed(f"输出文件夹 {output} 和内容文件夹 {folder} 不能一个在另一个里面。")
    cache = PROJECT / ".cache"

    with _explained(), _only_build(output), console.status("检查内容") as status:
        _refuse_foreign_files(output)
        if clean:
            shutil.rmtree(cache, ignore_errors=True)
        if quarantine:
            loaded = load_with_quarantine(folder, today, earlier_versions, cache / "photos")
        else:
            loaded = _without_quarantine(*load(folder, today, photo_cache=cache / "photos"))
        catalogue, problems = loaded.catalogue, located(loaded.problems, folder)
        _stop_on_errors(loaded, problems)
        if not catalogue.schools:
            raise BuildFailed("名册里一所学校也没有，不生成空站点。请检查 registry/。")
        settings = _pelican_settings(folder)
        theme = Path(str(settings["THEME"]))
        site = assemble(
            catalogue, folder, theme, cache, str(settings["SITEURL"]),
            progress=lambda step: status.update(f"准备{step}"),
            demo_content=DEMO_CONTENT if preview else None, core=core,
        )  # fmt: skip
        if setting := os.environ.get("ADMIN_FORM"):
            status.update("准备网页表单")
            form = admin_files(catalogue, parse_backend(setting), cache)
            site = replace(site, files={**site.files, **form})
        with _staging(output) as staging:
            status.update(f"生成 {len(site.pages)} 个页面")
            ledger = _run_pelican(settings, site, staging)
            if compress:
                status.update("压缩")
                ledger = compress_tree(staging, ledger, output, read_ledger(ledger_of(output)))
            status.update("核对生成的页面")
            if faults := guard(staging, ledger, catalogue, folder, core=core):
                shown = "\n".join(f"  - {fault}" for fault in faults[:50])
                raise BuildFailed(f"生成的站点没有通过核对，共 {len(faults)} 处：\n{shown}")
            # Both trees are ours while they change places, wherever this is interrupted.
            save_ledger(ledger_of(output), read_ledger(ledger_of(output)) | ledger)
            switch(staging, output)
            save_ledger(ledger_of(output), ledger)
    return Built(
        catalogue=catalogue,
        pages=len(site.pages) + len(site.articles),
        files=len(ledger),
        bytes=sum(entry.size for entry in ledger.values()),
        schools=len(catalogue.schools),
        profiles=len(catalogue.profiles),
        quarantined=loaded.set_aside,
        problems=tuple(problems),
        seconds=time.monotonic() - started,
    )


def _without_quarantine(catalogue: Catalogue, found: tuple[Problem, ...]) -> Quarantine:
    """Any error is fatal."""
    wrong = errors(found)
    fatal = any(not problem.path.startswith(("schools/", "news/")) for problem in wrong)
    advice = (
        "急着发布时可以用 --quarantine：先不用出错的资料和消息，其他页面照常。" if not fatal else ""
    )
    return Quarantine(catalogue, found, (), advice or "请先改好。" if wrong else "")


def _stop_on_errors(loaded: Quarantine, shown: Sequence[Problem]) -> None:
    """`shown` are the problems with paths as the user knows them."""
    if loaded.fatal:
        raise BuildFailed(
            report(shown, "text")
            + "\n内容有错误，没有生成站点；原来的站点没有改动。\n"
            + loaded.fatal
        )


def _refuse_foreign_files(output: Path) -> None:
    """Never replace a folder that holds a file which no earlier build of ours wrote."""
    if output.is_symlink() or (output.exists() and not output.is_dir()):
        raise BuildFailed(f"{output} 不是普通文件夹，不能作输出文件夹。")
    ours = read_ledger(ledger_of(output))
    foreign = [name for name in files_below(output) if name not in ours]
    if foreign:
        raise BuildFailed(
            f"{output} 里有不是本站生成的文件，例如 {'、'.join(foreign[:3])}。"
            "请换一个空文件夹，或者先把这个文件夹移走。"
        )


@contextmanager
def _only_build(output: Path) -> Iterator[None]:
    """Hold the lock of this output; a second build says so instead of waiting."""
    output.parent.mkdir(parents=True, exist_ok=True)
    with open(output.with_name(f".{output.name}.lock"), "w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise BuildFailed(f"另一个生成任务正在写 {output}，请等它结束。") from None
        for left_over in output.parent.glob(f".{glob.escape(output.name)}.staging-*"):
            shutil.rmtree(left_over, ignore_errors=True)
        yield


@contextmanager
def _explained() -> Iterator[None]:
    """Turn any other exception into a BuildFailed of one line: ops never meet a traceback."""
    try:
        yield
    except BuildFailed:
        raise
    except Exception as failure:
        where = traceback.extract_tb(failure.__traceback__)[-1]
        raise BuildFailed(
            "生成时出错，原来的站点没有改动。请把下面这一行报给工程师：\n"
            f"  {type(failure).__name__}: {failure}（{where.filename}:{where.lineno}）"
        ) from failure


@contextmanager
def _staging(output: Path) -> Iterator[Path]:
    """A folder beside the output, in the same file system; gone afterwards, come what may."""
    staging = Path(tempfile.mkdtemp(prefix=f".{output.name}.staging-", dir=output.parent))
    staging.chmod(0o755)
    try:
        yield staging
    finally:
        shutil.rmtree(staging, ignore_errors=True)


def _pelican_settings(content: Path) -> dict[str, object]:
    from pelican.settings import read_settings

    settings: dict[str, object] = read_settings(
        str(PROJECT / "publishconf.py"), override={"PATH": str(content)}
    )
    return settings


def _run_pelican(settings: dict[str, object], site: Site, staging: Path) -> dict[str, Written]:
    from pelican import Pelican

    from plugins.site.generator import settings_for_build

    with tempfile.TemporaryDirectory() as scratch:
        ledger = Path(scratch) / "ledger.json"
        # Pelican sums up the articles only, which would mislead.
        with redirect_stdout(io.StringIO()):
            Pelican(settings | settings_for_build(staging, ledger, site)).run()
        return read_ledger(ledger)


def describe(built: Built, output: Path) -> str:
    """The summary that stands at the end of a build."""
    lines = [
        f"生成完成：{built.schools} 所学校，{built.pages} 个页面，{built.files} 个文件，"
        f"{built.bytes / 1_000_000:.1f} MB，用时 {built.seconds:.1f} 秒。",
        f"位置：{output}",
    ]
    if errors(built.problems):
        lines += describe_quarantine(built.quarantined)
        lines.append(report(errors(built.problems), "text"))
    elif built.problems:
        lines.append(summary(built.problems) + "运行 invoke check 查看。")
    if not os.environ.get("SITE_URL"):
        lines.append(
            "没有设置环境变量 SITE_URL：规范链接和站点地图里是保留地址，正式发布前请设置。"
        )
    return "\n".join(lines)


def describe_quarantine(set_aside: Sequence[SetAside]) -> list[str]:
    """What was set aside, and what visitors see instead; one line each."""
    if not set_aside:
        return []
    lines = [f"隔离了 {len(set_aside)} 份有错误的资料或消息："]
    for one in set_aside:
        if one.shown:
            now = f"暂用 {one.shown.good_on} 的版本"
        else:
            now = "暂时不显示" if one.path.startswith("news/") else "暂用官方资料的页面"
        lines.append(f"  - {one.path}：{len(one.problems)} 个错误，{now}")
    return lines


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m plugins.site.build", description=__doc__)
    parser.add_argument("--content", type=Path, default=PROJECT / "content")
    parser.add_argument("--output", type=Path, default=PROJECT / "output")
    parser.add_argument("--quarantine", action="store_true")
    parser.add_argument("--clean", action="store_true")
    parser.add_argument("--core", action="store_true", help="core pages alone, for measurements")
    parser.add_argument(
        "--compress", action="store_true", help=".br and .gz beside every text file"
    )
    options = parser.parse_args(arguments)
    try:
        built = build(
            options.content, options.output, clock_today(), Console(stderr=True),
            quarantine=options.quarantine, clean=options.clean, core=options.core,
            compress=options.compress,
        )  # fmt: skip
    except BuildFailed as failure:
        print(failure, file=sys.stderr)
        return 1
    print(describe(built, options.output))
    return 0


if __name__ == "__main__":
    sys.exit(main())
