"""The project's commands (Invoke). Thin: each parses its options and calls a plugin.

Modules are imported inside the tasks, so that a command loads only what it needs.
"""

from __future__ import annotations

import os
import re
import select
import signal
import sys
from collections.abc import Callable
from pathlib import Path

from invoke.context import Context
from invoke.exceptions import Exit
from invoke.tasks import task

ROOT = Path(__file__).resolve().parent


def _task_names() -> set[str]:
    """The commands of this file, read from its own text: `check` is declared before some exist."""
    text = Path(__file__).read_text("utf-8")
    names = re.findall(r"^@task\b[\s\S]*?^def (\w+)\(", text, re.MULTILINE)
    return {name.replace("_", "-") for name in names}


def _path_given(words: list[str]) -> bool:
    """Whether the command line `words` gives `check` a path as its argument.

    Invoke knows required positional arguments only; `invoke check` alone must check everything.
    So the argument is declared as required when it is there, and as an option when it is not.
    Every option of `check` takes a value.
    """
    if "check" not in words:
        return False
    following = iter(words[words.index("check") + 1 :])
    for word in following:
        if not word.startswith("-"):
            return word not in _task_names()
        if "=" not in word:
            next(following, None)
    return False


@task(
    help={
        "content": "内容文件夹，默认 content",
        "output": "输出文件夹，默认 output",
        "quarantine": "学校资料有错误时先不用它，其他页面照常生成",
        "clean": "先清空缓存",
        "compress": "正式发布用：每个文本文件旁边再写 .br 和 .gz",
        "verbose": "说出每个页面为什么要重做",
    }
)
def build(
    _: Context,
    content: str = str(ROOT / "content"),
    output: str = str(ROOT / "output"),
    quarantine: bool = False,
    clean: bool = False,
    compress: bool = False,
    verbose: bool = False,
) -> None:
    """检查内容并生成整个站点；出错时原来的站点不变."""
    from plugins.site import build as site_build

    arguments = ["--content", content, "--output", output]
    arguments += ["--quarantine"] * quarantine + ["--clean"] * clean
    arguments += ["--compress"] * compress + ["--verbose"] * verbose
    _run(site_build.main, arguments)


@task(
    iterable=["path"],
    positional=["where"],
    help={
        "where": "要检查的文件或文件夹，默认整个 content",
        "path": "再检查一处，可重复",
        "content": "内容文件夹，默认 content",
        "format": "text、json 或 github",
        "base": "只检查从这个版本到 head 改了什么，谁可以改",
        "head": "要检查的版本，默认 HEAD；和 base 一起用",
        "by": "提交者的账号；和 base 一起用",
    },
)
def check(
    _: Context,
    where: str | None = None if _path_given(sys.argv) else "",
    path: list[str] | None = None,
    content: str = str(ROOT / "content"),
    format: str = "text",  # noqa: A002 - the option is called --format
    base: str = "",
    head: str = "HEAD",
    by: str = "",
) -> None:
    """检查内容，说出所有问题：在哪个文件哪一行、错在哪里、怎样改."""
    from plugins.catalogue import __main__ as catalogue
    from plugins.contribute import __main__ as contribute

    if base:
        changed = ["--base", base, "--head", head, "--format", format]
        _run(contribute.main, [*changed, *(["--by", by] if by else [])])
        return
    paths = [place for place in (where, *(path or [])) if place]
    _run(catalogue.main, ["check", *paths, "--content", content, "--format", format])


@task(help={"school_id": "学校编号，见学校页面的网址", "content": "内容文件夹，默认 content"})
def new_school(_: Context, school_id: str, content: str = str(ROOT / "content")) -> None:
    """给名册里的一所学校新建一份 profile.md，每一项都有说明."""
    from plugins.contribute import scaffold

    _run(scaffold.main, [school_id, "--content", os.path.relpath(content)])


@task(
    help={
        "place": "哪里的消息：省的拼音，例如 zhejiang；全国的写 national",
        "name": "文件的英文名，例如 zhaosheng-jihua；前面会加上今天的日期",
        "kind": "招生公告、政策解读、经验做法、技能竞赛 或 校园开放日",
        "school": "只说一所学校的，写学校编号",
        "content": "内容文件夹，默认 content",
    }
)
def new_notice(
    _: Context,
    place: str,
    name: str,
    kind: str = "",
    school: str = "",
    content: str = str(ROOT / "content"),
) -> None:
    """新建一条消息，按种类给出要写的内容，每一项都有说明."""
    from plugins.contribute import notice_scaffold

    options = ["--kind", kind, "--school", school, "--content", os.path.relpath(content)]
    _run(notice_scaffold.main, [place, name, *options])


@task
def owners(_: Context) -> None:
    """由 owners.csv 生成 .github/CODEOWNERS：谁可以改什么."""
    from plugins.contribute import owners as accounts

    _run(accounts.main, [])


@task(help={"query": "要找的词", "json": "输出 JSON", "content": "内容文件夹，默认 content"})
def search(
    _: Context,
    query: str,
    json: bool = False,
    content: str = str(ROOT / "content"),
) -> None:
    """搜索学校，结果和顺序与网页上的搜索相同."""
    from plugins.search import __main__ as engine

    _run(engine.main, [query, "--content", content, *["--json"] * json])


@task(
    help={
        "province": "报送单位，例如 zhejiang 或 浙江省",
        "to": "写到哪个文件夹，或哪个 .xlsx 文件；默认当前文件夹",
        "content": "内容文件夹，默认 content",
    }
)
def export_template(
    _: Context, province: str, to: str = ".", content: str = str(ROOT / "content")
) -> None:
    """把一个省的名册和计划写成 Excel 表，供填报."""
    from plugins.spreadsheets import __main__ as spreadsheets

    _run(spreadsheets.main, ["export", province, "--to", to, "--content", content])


@task(
    help={
        "file": "填好的 .xlsx 文件",
        "province": "报送单位；表里“说明”写着的不用填",
        "yes": "有学校停办时不再问",
        "content": "内容文件夹，默认 content",
    }
)
def import_report(
    _: Context,
    file: str,
    province: str = "",
    yes: bool = False,
    content: str = str(ROOT / "content"),
) -> None:
    """检查填好的 Excel 表，全部合格才改名册和计划."""
    from plugins.spreadsheets import __main__ as spreadsheets

    options = ["--content", content, "--province", province, *["--yes"] * yes]
    _run(spreadsheets.main, ["import", file, *options])


@task(
    help={
        "province": "报送单位的拼音，例如 zhejiang",
        "output": "生成好的站点，默认 output",
        "out": "PDF 放到哪个文件夹，默认 leaflets",
        "counties": "再印有优先招生的每个县的名单",
    }
)
def leaflets(
    _: Context,
    province: str,
    output: str = str(ROOT / "output"),
    out: str = "leaflets",
    counties: bool = False,
) -> None:
    """把一个省的学校印成 PDF，每所一页 A4，外加一份名单；需要 Chromium."""
    from plugins.site import leaflet_pdf

    _run(
        leaflet_pdf.main,
        [province, "--output", output, "--out", out, *["--counties"] * counties],
    )


@task(
    help={
        "province": "报送单位的拼音，例如 zhejiang",
        "content": "内容文件夹，默认 content",
        "seconds": "每个网站两次访问之间隔几秒，默认 2",
    }
)
def check_links(
    _: Context, province: str, content: str = str(ROOT / "content"), seconds: float = 2.0
) -> None:
    """打开一个省的学校写的每个网址，说出打不开的；应省里的要求才做，不在生成里."""
    from plugins import check_links as visits

    _run(visits.main, [province, "--content", content, "--seconds", str(seconds)])


@task(
    help={
        "year": "要准备的年份，今年或明年",
        "province": "只准备这一个报送单位；默认全部",
        "content": "内容文件夹，默认 content",
    }
)
def rollover(
    _: Context, year: int, province: str = "", content: str = str(ROOT / "content")
) -> None:
    """用上一年的计划写出下一年的草稿；确认以前不会显示，已有的文件不动."""
    from plugins import rollover as drafts

    _run(drafts.main, [str(year), "--province", province, "--content", content])


@task(
    help={
        "port": "端口，默认 8000",
        "output": "要看的文件夹，默认 output",
        "school": "只看这所学校的页面，保存后自动更新",
    }
)
def serve(
    _: Context, port: int = 8000, output: str = str(ROOT / "output"), school: str = ""
) -> None:
    """在本机看生成好的站点；内容一改就重新生成."""
    from plugins.site import serve as preview

    one = ["--school", school] if school else []
    _run(preview.main, ["--port", str(port), "--output", output, *one])


@task(
    help={
        "content": "内容文件夹，默认 content",
        "workers": "在这台机器上用几个进程，默认 2",
        "cluster": "Dask 调度器的地址，例如 tcp://10.0.0.5:8786；默认就在这台机器上做",
    }
)
def photos(
    _: Context, content: str = str(ROOT / "content"), workers: int = 2, cluster: str = ""
) -> None:
    """先把全部照片缩小好，放进缓存；生成时就不用再做."""
    from plugins.site import photos_ahead

    options = ["--content", content, "--workers", str(workers), "--cluster", cluster]
    _run(photos_ahead.main, options)


@task(
    help={
        "to": "发布到哪里：网站服务器上的文件夹，或 s3://存储桶/前缀",
        "content": "内容文件夹，默认 content",
        "keep": "文件夹里留下最近几次发布，默认 5",
        "strict": "有任何错误就不发布；默认用出错的资料和消息以前的版本",
        "dry_run": "只说会有哪些变化，不改动站点",
    }
)
def publish(
    _: Context,
    to: str,
    content: str = str(ROOT / "content"),
    keep: int = 5,
    strict: bool = False,
    dry_run: bool = False,
) -> None:
    """生成、核对并发布；任何一步出错，现在的站点不变."""
    from plugins.publish import __main__ as publishing

    options = ["--to", to, "--content", content, "--keep", str(keep)]
    options += ["--strict"] * strict + ["--dry-run"] * dry_run
    _run(publishing.main, ["publish", *options])


@task(help={"to": "发布的文件夹"})
def releases(_: Context, to: str) -> None:
    """列出文件夹里的各次发布，最新的在前."""
    from plugins.publish import __main__ as publishing

    _run(publishing.main, ["releases", "--to", to])


@task(
    help={
        "to": "发布的文件夹",
        "release": "退回到哪一次发布，编号见 invoke releases；默认上一次",
    },
)
def rollback(_: Context, to: str, release: str = "") -> None:
    """一秒内退回以前的一次发布."""
    from plugins.publish import __main__ as publishing

    _run(publishing.main, ["rollback", "--to", to, *([release] if release else [])])


@task(
    help={
        "where": "生成好的文件夹，或网站的网址",
        "sample": "每种页面只严格解析几个，快得多",
        "nu": "再用 W3C 的 Nu 检查同样的页面；要 Java 和 npm",
    }
)
def verify(_: Context, where: str, sample: bool = False, nu: bool = False) -> None:
    """核对整个站点：链接、位置、HTML、站点地图、清单和响应头."""
    from plugins.publish import __main__ as publishing

    _run(publishing.main, ["verify", where, *["--sample"] * sample, *["--nu"] * nu])


@task(help={"where": "一次发布的文件夹，或网站的网址"})
def rebuild(_: Context, where: str) -> None:
    """按清单里的源码版本重新生成，与发布的站点逐字节比较."""
    from plugins.publish import __main__ as publishing

    _run(publishing.main, ["rebuild", where])


@task(
    help={
        "schools": "演示学校的数量",
        "peers": "和谁比，用逗号隔开：hugo,hugo_toml,eleventy,pelican",
        "json": "把结果写进这个 JSON 文件",
        "report": "把表格写进这个 Markdown 文件",
        "turns": "跑几轮，取中位数",
        "seed": "演示数据的种子",
    }
)
def bench(
    _: Context,
    schools: int = 3000,
    peers: str = "hugo,hugo_toml,eleventy,pelican",
    json: str = "",
    report: str = "",
    turns: int = 3,
    seed: str = "1",
) -> None:
    """测生成站点要多久，和别的生成器比."""
    from bench import build as bench_build

    arguments = ["--schools", str(schools), "--peers", peers, "--turns", str(turns), "--seed", seed]
    for option, file in (("--json", json), ("--report", report)):
        arguments += [option, file] if file else []
    _run(bench_build.main, arguments)


@task(
    help={
        "licences": "重新写 docs/licences.md",
        "offline": "只查不用连网的：版本、校验值、许可",
    }
)
def audit(context: Context, licences: bool = False, offline: bool = False) -> None:
    """检查依赖：锁定、校验值、许可、已知的漏洞；查不成就算没有通过."""
    options = " --licences" * licences + " --offline" * offline
    context.run(f"{sys.executable} scripts/audit.py{options}")


@task
def lint(context: Context) -> None:
    """代码检查：ruff 和 mypy."""
    context.run(f"{sys.executable} -m ruff check .")
    context.run(f"{sys.executable} -m ruff format --check .")
    context.run(f"{sys.executable} -m mypy")


@task
def test(context: Context) -> None:
    """代码检查和全部测试；没有浏览器时说明跳过了哪些."""
    lint(context)
    # A file of tests stays with one process: its fixtures are made once. The files come in their
    # own order, in which the long ones (browser, site) are first and the short ones fill the end.
    # Tests of pages wait for the browser half of their time: one process more than processors.
    workers = min((os.cpu_count() or 1) + 1, 4)
    command = f"{sys.executable} -m pytest -n {workers} --dist loadfile --no-loadscope-reorder"
    context.run(command, pty=sys.stdout.isatty())


def _run(main: Callable[[list[str]], int], arguments: list[str]) -> None:
    """Leave with the command's own code. Whoever stops reading (`| head`) has seen enough."""
    try:
        code = main(arguments)
    except BrokenPipeError:
        if not _nobody_reads():
            raise
        code = 128 + signal.SIGPIPE
    if code:
        raise Exit(code=code)


def _nobody_reads() -> bool:
    """Whether standard output is a pipe without an end; then nothing more is written to it."""
    end = select.poll()
    end.register(sys.stdout.fileno(), 0)
    broken = any(event & select.POLLERR for _, event in end.poll(0))
    if broken:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return broken
