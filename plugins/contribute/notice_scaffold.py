"""`new-notice`: a notice to fill in, made from the declared fields and the kind's questions."""

from __future__ import annotations

import argparse
import datetime as dt
import re
import sys
from collections.abc import Sequence
from pathlib import Path

from plugins.catalogue.declared import Declared, declared
from plugins.catalogue.load_registry import read_register_names
from plugins.catalogue.problem import ID_LIKENESS, did_you_mean
from plugins.catalogue.read_notice import NATIONAL
from plugins.catalogue.schema import NoticeFacts, Sourced
from plugins.catalogue.vocabulary import NOTICE_KINDS
from plugins.clock import today


class NoticeRefused(Exception):
    """No notice was written; `str()` says why and what to do, in Chinese."""


def notice_scaffold(kind: str, school: str) -> str:
    """The text of a new notice. Required fields stand open; others wait behind `# `.

    `kind` and `school` may be empty. The questions of the kind are the headings of the text.
    """
    given = {"kind": kind, "school": school}
    needs_day = bool(kind) and NOTICE_KINDS[kind].needs_day
    lines = [
        "---",
        "## 以 ## 开头的行是说明，网站不显示，可以留着。不用的项，那一行留着 # 就行。",
    ]
    # What it says before where it comes from, as people write.
    for field in sorted(declared(NoticeFacts), key=lambda one: one.name in Sourced.model_fields):
        required = field.required or (needs_day and field.name == "held_on")
        lines += _field(field, given.get(field.name, ""), required)
    lines.append("---")
    for hint in NOTICE_KINDS[kind].hints if kind else ():
        lines += [f"## {hint}", ""]
    return "\n".join(lines) + "\n"


def _field(field: Declared, given: str, required: bool) -> list[str]:
    words = [word for word in dict.fromkeys((field.description, field.says)) if word]
    mark = "（必填）" if required else ""
    explained = f"## {field.title}{mark}" + ("：" + "；".join(words) if words else "")
    if given:
        return [explained, f"{field.name}: {given}"]
    return [
        explained,
        f"{field.name}:" if required else f"# {field.name}: {field.example}".rstrip(),
    ]


def new_notice(content: Path, place: str, name: str, kind: str, school: str, day: dt.date) -> Path:
    """Write the scaffold of a notice of `day`; raises NoticeRefused. Never overwrites a file."""
    places = [NATIONAL, *_provinces(content)]
    if place not in places:
        raise NoticeRefused(
            f"没有叫“{place}”的地方。"
            + (did_you_mean(place, places) or "写省的拼音，例如 zhejiang；全国的写 national。")
        )
    if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", name) or len(name) > 60:
        raise NoticeRefused(f"英文名“{name}”只能用小写字母、数字和连字符，例如 zhaosheng-jihua。")
    if kind and kind not in NOTICE_KINDS:
        raise NoticeRefused(f"没有“{kind}”这一种。可用的有：{'、'.join(NOTICE_KINDS)}。")
    names = read_register_names(content) if school else {}
    if school and names.get(school, ("",))[0] != place:
        here = [key for key, (unit, _) in names.items() if unit == place]
        raise NoticeRefused(
            f"{place} 的名册里没有编号是“{school}”的学校。"
            + did_you_mean(school, here, ID_LIKENESS)
        )
    file = content / "news" / place / f"{day.isoformat()}-{name}.md"
    file.parent.mkdir(parents=True, exist_ok=True)
    try:
        with file.open("x", encoding="utf-8", newline="\n") as stream:
            stream.write(notice_scaffold(kind, school))
    except FileExistsError:
        raise NoticeRefused(f"{file} 已经有了，没有改动它。换一个英文名。") from None
    return file


def _provinces(content: Path) -> list[str]:
    table = (content / "reference/provinces.csv").read_text("utf-8-sig").splitlines()
    column = table[0].split(",").index("slug")
    return [row.split(",")[column] for row in table[1:] if row]


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m plugins.contribute.notice_scaffold")
    parser.add_argument("place")
    parser.add_argument("name")
    parser.add_argument("--kind", default="")
    parser.add_argument("--school", default="")
    parser.add_argument("--content", type=Path, default=Path("content"))
    given = parser.parse_args(arguments)
    try:
        file = new_notice(given.content, given.place, given.name, given.kind, given.school, today())
    except (NoticeRefused, OSError) as refused:
        print(refused, file=sys.stderr)
        return 1
    print(f"写好了 {file}\n打开它照说明填写，然后运行：invoke check {file}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
