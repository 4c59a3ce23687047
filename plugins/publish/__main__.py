"""The commands `publish`, `releases`, `rollback`, `verify` and `rebuild`, as they are typed.

Each imports what it needs: whoever goes back is in a hurry.
"""

from __future__ import annotations

import argparse
import datetime as dt
import os
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from plugins.publish import releases
from plugins.publish.manifest import ManifestUnreadable, read_text
from plugins.publish.releases import PublishFailed
from plugins.site.build import PROJECT, describe_quarantine

if TYPE_CHECKING:
    from plugins.publish.source import Source


def main(arguments: Sequence[str] | None = None) -> int:
    options = _parser().parse_args(arguments)
    try:
        if options.command == "publish":
            return _publish(options)
        if options.command == "releases":
            return _releases(options.to)
        if options.command == "rollback":
            return _rollback(options.to, options.release)
        if options.command == "rebuild":
            return _rebuild(options.where)
        return _verify(options.where, options.sample, options.nu)
    except PublishFailed as failure:
        print(failure, file=sys.stderr)
    except BrokenPipeError:
        raise  # whoever reads has gone; that is no fault of a disk
    except OSError as failure:
        place = f"：{failure.filename}" if failure.filename else ""
        print(
            f"磁盘或文件系统出错（{failure.strerror or failure}{place}）。"
            "网站上的仍然是一次完整的发布。清出空间或改好权限，再运行一次。",
            file=sys.stderr,
        )
    return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m plugins.publish", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    command = commands.add_parser("publish")
    command.add_argument("--to", required=True)
    command.add_argument("--content", type=Path, default=PROJECT / "content")
    command.add_argument("--keep", type=int, default=releases.KEEP)
    command.add_argument("--strict", action="store_true")
    command.add_argument("--dry-run", action="store_true")
    command = commands.add_parser("releases")
    command.add_argument("--to", type=Path, required=True)
    command = commands.add_parser("rollback")
    command.add_argument("release", nargs="?", default="")
    command.add_argument("--to", type=Path, required=True)
    command = commands.add_parser("verify")
    command.add_argument("where")
    command.add_argument("--sample", action="store_true")
    command.add_argument("--nu", action="store_true")
    command = commands.add_parser("rebuild")
    command.add_argument("where")
    return parser


def _publish(options: argparse.Namespace) -> int:
    from rich.console import Console

    from plugins.catalogue import errors
    from plugins.catalogue.report import report
    from plugins.clock import today
    from plugins.publish import difference
    from plugins.publish.publish import publish, publish_to_bucket

    started, console = time.monotonic(), Console(stderr=True)
    in_bucket = options.to.startswith("s3://")
    if "://" in options.to and not in_bucket:
        raise PublishFailed(f"只能发布到文件夹或 s3://存储桶，不能发布到 {options.to}。")
    if not os.environ.get("SITE_URL") and not options.dry_run:
        raise PublishFailed(
            "没有设置环境变量 SITE_URL（例如 https://你的网站）。"
            "没有它，规范链接和站点地图都指向保留地址，不能发布。"
        )
    now = dt.datetime.now(dt.UTC)
    if in_bucket:
        done = publish_to_bucket(
            options.content, options.to, now, today(), console,
            strict=options.strict, dry_run=options.dry_run,
        )  # fmt: skip
    else:
        done = publish(
            options.content, Path(options.to), now, today(), console,
            keep=options.keep, strict=options.strict, dry_run=options.dry_run,
        )  # fmt: skip
    manifest = done.manifest
    if options.dry_run:
        headline = "试运行：下面是发布以后会有的变化，站点没有改动。"
    elif done.shown:
        headline = "发布完成。"
    else:
        headline = "生成的站点和现在的一模一样，没有新的发布。"
    print(headline)
    if done.shown:
        print(f"发布编号：{manifest.release}（上一次：{done.before or '没有'}）")
    print(
        f"站点：{manifest.counts.schools} 所学校，{manifest.counts.pages} 个页面，"
        f"{manifest.counts.files} 个文件，{manifest.counts.bytes / 1_000_000:.1f} MB；"
        f"构建 {manifest.build}；源码 {manifest.commit[:12] or '不在 git 里'}"
        f"{'（有未提交的改动）' if manifest.commit.endswith('+') else ''}。"
    )
    print(difference.describe(done.change))
    if wrong := errors(done.built.problems):
        print("\n".join(describe_quarantine(done.built.quarantined)))
        print(report(wrong, "text"))
    if done.removed:
        print(f"清理了 {len(done.removed)} 次旧的发布。")
    print(f"用时 {time.monotonic() - started:.1f} 秒。")
    if done.shown and done.before and not in_bucket:
        print(f"要退回上一次：invoke rollback --to {options.to}")
    return 0


def _releases(target: Path) -> int:
    served, known = releases.current_id(target), releases.release_ids(target)
    if not known:
        print(f"{target} 里还没有发布过。")
        return 0
    for release in reversed(known):
        mark = "现在" if release == served else "    "
        print(f"{mark}  {release}  {_facts(releases.release_folder(target, release))}")
    return 0


def _facts(folder: Path) -> str:
    try:
        release = read_text(folder).release
    except ManifestUnreadable as failure:
        return str(failure)
    counts = release.counts
    return (
        f"{counts.schools} 所学校  {counts.pages} 个页面  {counts.bytes / 1_000_000:.1f} MB  "
        f"源码 {release.commit[:12] or '未知'}"
    )


def _rollback(target: Path, release: str) -> int:
    started = time.monotonic()
    before = releases.current_id(target)
    shown = releases.roll_back(target, release)
    print(
        f"已经回滚：{before} → {shown.release}，{shown.counts.schools} 所学校，"
        f"{shown.counts.pages} 个页面，用时 {time.monotonic() - started:.2f} 秒。"
    )
    return 0


@contextmanager
def _opened(where: str) -> Iterator[Source]:
    """The site at a folder or an address. Raises PublishFailed."""
    from plugins.publish.source import Folder, Server

    if where.startswith(("http://", "https://")):
        with closing(Server(where)) as server:
            yield server
    elif Path(where).is_dir():
        yield Folder(Path(where))
    else:
        raise PublishFailed(f"{where} 不是文件夹，也不是 http 或 https 网址。")


def _rebuild(where: str) -> int:
    from rich.console import Console

    from plugins.publish.rebuild import rebuild

    with _opened(where) as source, Console(stderr=True).status("按清单里的源码版本重新生成"):
        made = rebuild(source, PROJECT)
    manifest = made.manifest
    print(
        f"发布 {manifest.release}，源码 {manifest.commit[:12]}，{manifest.day}，"
        f"{manifest.site_url or '没有网址'}。\n"
        f"清单里的构建：{manifest.build}\n重新生成的构建：{made.build}"
    )
    if made.same:
        print(f"一模一样：{len(manifest.files)} 个文件，每个字节都相同。")
        return 0
    for title, names in (
        ("内容不同", made.differing), ("重做没有", made.missing), ("重做多出", made.additional)
    ):  # fmt: skip
        for name in names[:20]:
            print(f"  - {title}：{name}")
        if len(names) > 20:
            print(f"  - {title}：还有 {len(names) - 20} 个")
    print("不一样。先核对两边装的库是不是 requirements/site.txt 里的版本，再报给工程师。")
    return 1


def _verify(where: str, sample: bool, nu: bool) -> int:
    from rich.console import Console

    from plugins.publish.nu_checker import CheckerMissing, nu_problems
    from plugins.publish.verify import verify

    with ExitStack() as stack:
        source = stack.enter_context(_opened(where))
        status = stack.enter_context(Console(stderr=True).status("核对站点"))
        validator = partial(nu_problems, cache=PROJECT / ".cache") if nu else None
        try:
            result = verify(
                source, all_html=not sample, validator=validator,
                progress=lambda step: status.update(step),
            )  # fmt: skip
        except CheckerMissing as missing:
            raise PublishFailed(str(missing)) from missing
    for problem in result.problems:
        print(f"  - {problem}")
    print(
        f"核对了 {result.pages} 个页面、{result.links} 个链接，严格解析 {result.parsed} 个页面的 "
        f"HTML，对照清单 {result.files} 个文件：{len(result.problems)} 处问题。"
    )
    if not nu:
        print("没有用 W3C 的 Nu 检查；加 --nu 就用（要 Java 和 npm）。")
    if not result.files:
        print("没有清单 manifest.json，没有对照校验值（invoke publish 写出的发布才有）。")
    return 1 if result.problems else 0


if __name__ == "__main__":
    sys.exit(main())
