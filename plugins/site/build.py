"""`build`: check → make what must be made → guard → exchange. See `docs/architecture.md`.

Whatever goes wrong on the way, the output that stood before stays as it was, and the exit status
is not 0. `python -m plugins.site.build` is the same command without Invoke.

Nothing heavy is imported here: a build that finds nothing changed ends before it needs to be.
"""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from plugins.site.remembered import Memory, places_of, world_of
from plugins.site.seen import Seen, said_if_unchanged, see
from plugins.whole_file import reading_ahead

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    from rich.console import Console

    from plugins.catalogue import Catalogue, Problem
    from plugins.catalogue.quarantine import Candidates, SetAside

PROJECT = Path(__file__).resolve().parents[2]
THEME = PROJECT / "themes/jixiao"
DEMO_CONTENT = PROJECT / "tests/fixtures/small"
"""The invented schools that the tests use and the design system shows."""


class BuildFailed(Exception):
    """The build stopped; `str()` is the whole explanation, in Chinese, for the terminal."""


CORE: Final = ("assets", "home", "provinces", "province", "city", "school", "major")
"""The families that any generator of such a site builds, to be compared with one."""


class Options(NamedTuple):
    """How a site is built; what each means is told by `build`."""

    quarantine: bool = False
    only: tuple[str, ...] = ()
    preview: bool = False
    compress: bool = False


class Built(NamedTuple):
    """What a finished build did.

    `quarantined` are bad profiles and notices, `bytes` is the size of the tree. `problems` are
    warnings and, in quarantine, the errors of what was set aside. `made` pages were rendered by
    this build; the others are those of an earlier one.
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
    made: int = 0


def build(
    content: Path,
    output: Path,
    today: dt.date,
    console: Console | None,
    *,
    quarantine: bool = False,
    clean: bool = False,
    only: Sequence[str] = (),
    preview: bool = False,
    compress: bool = False,
    earlier_versions: Candidates | None = None,
    theme: Path = THEME,
    verbose: bool = False,
    processes: int = 0,
    seen: Seen | None = None,
) -> Built:
    """Build the site of `content` into `output`: only what an input has changed is made again.

    With `quarantine`, profiles and notices that fail the check are reported and replaced by one of
    their `earlier_versions`; where there is none, the school keeps the page made from official
    data. Without it any error stops the build. `clean` forgets all that earlier builds kept:
    photos, the search index, and what need not be made again. With `only`, these families and kinds
    of units alone are made, to be measured and not to be published. `preview` adds the design
    system's pages, which are never published. `compress` adds a Brotli and a gzip copy of every
    text file. `verbose` tells why a page is made again. `processes` share the work, as many as
    there are processors by default. `seen` is what somebody has seen of the inputs and the output
    already. Raises BuildFailed.
    """
    options = Options(quarantine, tuple(only), preview, compress)
    memory = Memory(output)
    with reading_ahead(memory.state, memory.records_index):
        from plugins.site.builder import construct

        return construct(
            content, output, today, console, options,
            earlier_versions=earlier_versions, processes=processes, theme=theme, clean=clean,
            verbose=verbose, seen=seen,
        )  # fmt: skip


def describe(built: Built, output: Path) -> str:
    """The summary that stands at the end of a build."""
    from plugins.cards.font import MISSING, font_file
    from plugins.catalogue import errors

    reused = built.pages - built.made
    lines = [
        f"生成完成：{built.schools} 所学校，{built.pages} 个页面，{built.files} 个文件，"
        f"{built.bytes / 1_000_000:.1f} MB，用时 {built.seconds:.1f} 秒。",
        f"位置：{output}",
    ]
    if reused:
        lines.insert(1, f"新生成 {built.made} 个页面，沿用 {reused} 个。")
    if errors(built.problems):
        from plugins.catalogue.report import report

        lines += describe_quarantine(built.quarantined)
        lines.append(report(errors(built.problems), "text"))
    elif built.problems:
        from plugins.catalogue.report import summary

        lines.append(summary(built.problems) + "运行 invoke check 查看。")
    if font_file() is None:
        lines.append(MISSING)
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


def _names(listed: str) -> tuple[str, ...]:
    return tuple(name for name in listed.split(",") if name)


def _console(verbose: bool) -> Console | None:
    """Where progress is told; nowhere if nobody looks on."""
    if not verbose and not sys.stderr.isatty():
        return None
    from rich.console import Console

    return Console(stderr=True)


def main(arguments: Sequence[str] | None = None) -> int:
    import argparse

    started = time.monotonic()
    parser = argparse.ArgumentParser(prog="python -m plugins.site.build", description=__doc__)
    parser.add_argument("--content", type=Path, default=PROJECT / "content")
    parser.add_argument("--output", type=Path, default=PROJECT / "output")
    parser.add_argument("--quarantine", action="store_true")
    parser.add_argument("--clean", action="store_true")
    parser.add_argument(
        "--only", type=_names, default=(), metavar="NAME,NAME",
        help="these families alone, for measurements",
    )  # fmt: skip
    parser.add_argument(
        "--core", action="store_const", dest="only", const=CORE,
        help="core pages alone, for measurements",
    )  # fmt: skip
    parser.add_argument(
        "--compress", action="store_true", help=".br and .gz beside every text file"
    )
    parser.add_argument("--preview", action="store_true", help="the design system's pages as well")
    parser.add_argument("--verbose", action="store_true", help="why each page is made again")
    given = parser.parse_args(arguments)

    from plugins.clock import today

    options = Options(given.quarantine, given.only, given.preview, given.compress)
    seen = None
    if not given.clean:
        content = Path(os.path.abspath(given.content))
        demo = DEMO_CONTENT if given.preview else None
        seen = see(Memory(given.output), places_of(PROJECT, content, THEME, demo))
        said = said_if_unchanged(seen, world_of(today().isoformat(), options), content)
        if said is not None:
            seen.lookout.close()
            print(
                f"什么都没有变，网站不用重新生成（{time.monotonic() - started:.1f} 秒）。\n{said}"
            )
            return 0
    try:
        built = build(
            given.content, given.output, today(), _console(given.verbose),
            quarantine=given.quarantine, clean=given.clean, only=given.only,
            preview=given.preview, compress=given.compress, verbose=given.verbose, seen=seen,
        )  # fmt: skip
    except BuildFailed as failure:
        print(failure, file=sys.stderr)
        return 1
    finally:
        if seen is not None:
            seen.lookout.close()
    print(describe(built, given.output))
    return 0


if __name__ == "__main__":
    # The exceptions of this module are known under its own name, not under `__main__`.
    from plugins.site import build as itself

    status = itself.main()
    sys.stdout.flush()
    sys.stderr.flush()
    # To give the memory of a whole country back object by object takes seconds.
    os._exit(status)
