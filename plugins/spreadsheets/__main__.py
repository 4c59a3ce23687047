"""`python -m plugins.spreadsheets export|import …`: tables of a province as a workbook and back."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from plugins.catalogue.reference import load_reference
from plugins.clock import today
from plugins.spreadsheets.export_template import export_template, save_exported
from plugins.spreadsheets.fault import WorkbookRefused, errors, report
from plugins.spreadsheets.import_report import apply_changes, prepare
from plugins.spreadsheets.mark_faults import mark_faults
from plugins.spreadsheets.open_workbook import open_workbook
from plugins.spreadsheets.province import find_province
from plugins.spreadsheets.read_report import read_report
from plugins.spreadsheets.summary import summary


def main(arguments: Sequence[str] | None = None) -> int:
    """0: done; 1: refused or faulty, and nothing was changed."""
    parser = argparse.ArgumentParser(prog="python -m plugins.spreadsheets", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    out = commands.add_parser("export")
    out.add_argument("province")
    out.add_argument("--to", type=Path, default=Path())
    back = commands.add_parser("import")
    back.add_argument("file", type=Path)
    back.add_argument("--province", default="")
    back.add_argument("--yes", action="store_true")
    for command in (out, back):
        command.add_argument("--content", type=Path, default=Path("content"))
    options = parser.parse_args(arguments)
    try:
        if options.command == "export":
            return _export(options.province, options.to, options.content)
        return _import(options.file, options.province, options.yes, options.content)
    except WorkbookRefused as refused:
        print(refused, file=sys.stderr)
    except OSError as failure:
        place = f"：{failure.filename}" if failure.filename else ""
        print(
            f"磁盘或文件系统出错（{failure.strerror or failure}{place}），名册和计划没有改动。"
            "清出空间或改好权限，再试一次。",
            file=sys.stderr,
        )
    return 1


def _export(wanted: str, to: Path, content: Path) -> int:
    day = today()
    reference, _ = load_reference(content, day)
    province = find_province(reference, wanted)
    print(save_exported(export_template(content, reference, province, day), to))
    return 0


def _import(file: Path, wanted: str, sure: bool, content: Path) -> int:
    book = open_workbook(file)
    said = read_report(book)
    day = today()
    reference, _ = load_reference(content, day)
    changes = prepare(said, content, reference, wanted, day)
    if changes.faults:
        print(report(changes.faults))
    if errors(changes.faults):
        print(f"什么都没有改。错误写进了这份表的批注：{mark_faults(book, changes.faults, file)}")
        return 1
    for line in said.rewritten[:20]:
        print(line)
    if len(said.rewritten) > 20:
        print(f"…… 还有 {len(said.rewritten) - 20} 格是这样读的")
    print(summary(changes))
    if not changes.files:
        return 0
    if changes.closing and not sure and not _agreed(len(changes.closing)):
        print("什么都没有改。", file=sys.stderr)
        return 1
    apply_changes(changes, content)
    print("已写入：" + "、".join(f"registry/{changes.province.slug}/{n}" for n in changes.files))
    return 0


def _agreed(number: int) -> bool:
    if not sys.stdin.isatty():
        print(
            f"有 {number} 所学校要停办或并入，需要有人确认：在终端里运行，或加上 --yes。",
            file=sys.stderr,
        )
        return False
    return input(f"{number} 所学校要停办或并入。确认请输入“是”：").strip() in ("是", "y", "yes")


if __name__ == "__main__":
    sys.exit(main())
