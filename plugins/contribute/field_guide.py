"""`docs/fields.md`: every field that may be written, made from the schema."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from plugins.catalogue.declared import Declared, all_declared, declared
from plugins.catalogue.explained import FIELDS, MODELS

PROJECT: Final = Path(__file__).resolve().parents[2]

_TITLES: Final = {
    "profile": "学校资料（profile.md 开头的资料）",
    "register": "名册（schools.csv 的列）",
    "plan": "招生计划（plans/年份.csv 的列）",
    "news": "消息（news/地方/日期-英文名.md 开头的资料）",
}


def field_guide() -> str:
    """The whole guide as Markdown; each field has an anchor, which the check links to."""
    lines = [
        "# 能写哪些内容",
        "",
        "这一页由 `python -m plugins.contribute.field_guide` 从检查用的规则生成，不要手改。",
        "不知道的一律不写。",
    ]
    for kind, title in _TITLES.items():
        lines += ["", f"## {title}", ""]
        lines += ["| 名称 | 意思 | 必填 | 怎样写 | 例子 |", "|---|---|---|---|---|"]
        for field in all_declared(declared(MODELS[kind])):
            lines.append("| " + " | ".join(_cells(kind, field)) + " |")
    return "\n".join(lines) + "\n"


def _cells(kind: str, field: Declared) -> Iterator[str]:
    yield f'<a id="{kind}-{field.slug}"></a>`{".".join(field.path)}`'
    yield field.title
    yield "是" if field.required else ""
    shape = {"values": "列表，每项一行以“- ”开头", "groups": "列表，每项是一组", "group": "一组"}
    words = [shape.get(field.shape, ""), field.description, field.says]
    yield "；".join(word for word in words if word).replace("|", "\\|")
    yield field.example.replace("|", "\\|")


def main(arguments: Sequence[str] | None = None) -> int:
    argparse.ArgumentParser(prog="python -m plugins.contribute.field_guide").parse_args(arguments)
    (PROJECT / FIELDS).write_text(field_guide(), "utf-8")
    print(f"写好了 {FIELDS}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
