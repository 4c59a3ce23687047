"""`new-school`: a `profile.md` to fill in, made from the declared fields of the schema."""

from __future__ import annotations

import argparse
import difflib
import errno
import os
import re
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from plugins.catalogue.declared import Declared, declared
from plugins.catalogue.load_registry import read_register_names
from plugins.catalogue.schema import FrontMatter
from plugins.catalogue.vocabulary import SECTION_HINTS

_ID: Final = re.compile(r"[a-z0-9-]+")
"""An id becomes the name of a folder, whatever a faulty register may say."""


class ScaffoldRefused(Exception):
    """No scaffold was written; `str()` says why and what to do, in Chinese."""


def scaffold(school_id: str, name: str) -> str:
    """The text of a new `profile.md` for one school.

    Lines that begin with `##` explain; lines that begin with `# ` are fields to be filled in once
    those two characters are taken away. Only the required fields stand open, with no value.
    """
    lines = [
        "---",
        f"## {name}（{school_id}）的资料。以 ## 开头的行是说明，网站不显示，可以留着。",
        "## 要填哪一项，就删掉那几行开头的“# ”（井号和一个空格），把例子换成学校自己的。",
        "## 不知道的不用填，那一行留着 # 就行。校名、地点、层次、招生计划由省里报送，这里不写。",
    ]
    for field in declared(FrontMatter):
        lines += ["", *_field(field)]
    lines += [
        "",
        "## 正文写在下面那行 --- 的后面。栏目只有这六个，标题照抄，没有内容的不写：",
        *story_guide(),
        "---",
    ]
    return "\n".join(lines) + "\n"


def _field(field: Declared) -> Iterator[str]:
    mark = "（必填）" if field.required else ""
    yield f"## {field.title}{mark}" + _explained(field)
    if field.required:
        yield f"## 例：{field.name}: {field.example}"
        yield f"{field.name}:"
    else:
        yield from (f"# {line}" for line in _example(field))


def _explained(field: Declared) -> str:
    words = [word for word in (field.description, field.says) if word]
    return "：" + "；".join(words) if words else ""


def _example(field: Declared) -> Iterator[str]:
    """The field with its example as YAML; what is inside a group is explained line by line."""
    if field.shape == "value":
        yield f"{field.name}: {field.example}"
        return
    yield f"{field.name}:"
    if field.shape == "values":
        yield f"  - {field.example}"
        return
    first = field.shape == "groups"
    for part in field.inner:
        mark = "（必填）" if part.required else ""
        yield f"  {'  ' if field.shape == 'groups' else ''}# {part.title}{mark}{_explained(part)}"
        for line in _example(part):
            lead = ("- " if first else "  ") if field.shape == "groups" else ""
            yield f"  {lead}{line}"
            first = False


def story_guide() -> list[str]:
    """The headings of the story, each with what belongs below it, as lines of explanation."""
    return [f"##   ## {heading}    {hint}" for heading, hint in SECTION_HINTS.items()]


def new_school(content: Path, school_id: str) -> Path:
    """Write the scaffold of a school of the register; raises ScaffoldRefused.

    An existing profile is never touched, and a new one appears whole or not at all.
    """
    names = read_register_names(content)
    if school_id not in names or not _ID.fullmatch(school_id):
        raise ScaffoldRefused(_unknown(school_id, names))
    province, name = names[school_id]
    file = content / "schools" / province / school_id / "profile.md"
    try:
        _write_new(content, file, scaffold(school_id, name))
    except FileExistsError:
        raise ScaffoldRefused(
            f"{file} 已经有了，没有改动它。直接打开它修改；要重新开始，请先把它改名。"
        ) from None
    except OSError as failure:
        raise ScaffoldRefused(
            f"写不了 {file}：{failure.strerror}。什么都没有留下；清出空间或改好权限，再试一次。"
        ) from failure
    return file


def _write_new(content: Path, file: Path, text: str) -> None:
    """Write beside the content, then give the whole text its name; raises OSError."""
    before = file.parent.is_dir()
    with tempfile.NamedTemporaryFile(prefix=".new-school-", dir=content.parent) as staged:
        staged.write(text.encode())
        staged.flush()
        Path(staged.name).chmod(0o644)
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
            try:
                os.link(staged.name, file)  # refuses a name that is taken, unlike a renaming
            except OSError as failure:
                if failure.errno not in (errno.EPERM, errno.EOPNOTSUPP):
                    raise
                with file.open("x", encoding="utf-8", newline="\n") as stream:  # no links here
                    stream.write(text)
        except OSError:
            if not before and file.parent.is_dir():
                file.parent.rmdir()
            raise


def _unknown(given: str, names: dict[str, tuple[str, str]]) -> str:
    """Who types an unknown id is told the nearest ids, and the schools of that name."""
    wanted = given.strip().lower()
    near = difflib.get_close_matches(wanted, sorted(names), n=5, cutoff=0.6)
    named = [key for key, (_, name) in sorted(names.items()) if given.strip() in name]
    found = list(dict.fromkeys([*named[:5], *near] if given.strip() else []))[:5]
    lines = [f"名册里没有编号是“{given}”的学校。"]
    if found:
        lines.append("最接近的是：")
        lines += [f"  {key}  {names[key][1]}" for key in found]
        lines.append("用上面的编号再试一次。")
    else:
        lines.append("编号是学校网页地址 /schools/ 后面的一段；不在名册里的，先请省级部门列入。")
    return "\n".join(lines)


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m plugins.contribute.scaffold")
    parser.add_argument("school_id")
    parser.add_argument("--content", type=Path, default=Path("content"))
    options = parser.parse_args(arguments)
    try:
        file = new_school(options.content, options.school_id)
    except ScaffoldRefused as refused:
        print(refused, file=sys.stderr)
        return 1
    print(f"写好了 {file}\n打开它照说明填写，然后运行：invoke check {file}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
