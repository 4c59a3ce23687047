"""Read a school's `profile.md`: strict YAML front matter, then fixed level-2 sections.

The story stays Markdown here; `plugins.sanitize` renders it. This reader finds what a clerk can
get wrong in the text: unknown or repeated headings, raw HTML, images in the text, links that are
not https, marks of sources that do not exist.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from plugins.catalogue.check_record import check_record
from plugins.catalogue.problem import Problem, did_you_mean, shown
from plugins.catalogue.read_text import PROFILE_BYTES, read_text
from plugins.catalogue.read_yaml import Document, read_yaml
from plugins.catalogue.schema import FrontMatter
from plugins.catalogue.text_cost import check_cost
from plugins.catalogue.vocabulary import SECTIONS
from plugins.limited_later import Worker

SOURCE_MARK = re.compile(r"\[来源([0-9]{1,3})\]")
"""A mark in the text that names one item of the profile's `sources`, counted from 1."""

LINE_CHARACTERS = 2_000
"""Longest paragraph line of a profile, in characters."""
BRACKETS = 500
"""Most opening brackets of a profile: nested ones cost Markdown quadratic time."""

_FENCE = re.compile(r"\s{0,3}(```+|~~~+)")
HEADING = re.compile(r"\s{0,3}(#{1,6})(.*)$")
UNDERLINE = re.compile(r"\s{0,3}(=+|-+)[ \t]*$")
_CODE_SPAN = re.compile(r"(`+)(?:(?!\1).)*\1")
_TAG = re.compile(r"<(?!https://|mailto:|tel:)[A-Za-z/!?][^>]*>?")
_LINK = re.compile(r"\]\(\s*<?([^)\s>]*)|^\s{0,3}\[[^\]]+\]:\s*<?(\S+?)>?\s*$|<([a-z]+:[^>]*)>")


@dataclass(frozen=True, slots=True)
class Section:
    """One part of the story: a heading out of `SECTIONS`, its Markdown, and its first line."""

    heading: str
    markdown: str
    line: int


@dataclass(frozen=True, slots=True)
class Profile:
    """A school's own page: declared facts and the sections that exist, in the fixed order."""

    school_id: str
    path: str
    facts: FrontMatter
    sections: tuple[Section, ...]


def read_profile(
    file: Path, path: str, school_id: str, today: dt.date, worker: Worker | None = None
) -> tuple[Profile | None, Document | None, list[Problem]]:
    """The profile in `file`, its front matter with line numbers, and all problems of it.

    `worker` tries out what may cost too much; see `text_cost.check_cost`.
    """
    text, problems = read_text(file, path, PROFILE_BYTES)
    if text is None:
        return None, None, problems
    profile, document, found = try_profile(text, path, school_id, today, worker)
    return profile, document, problems + found


def try_profile(
    text: str, path: str, school_id: str, today: dt.date, worker: Worker | None = None
) -> tuple[Profile | None, Document | None, list[Problem]]:
    """`read_profile` for a text that was read."""
    if costly := check_cost(text, path, "profile", today, worker):
        return None, None, [costly]
    return parse_profile(text, path, school_id, today)


def parse_profile(
    text: str, path: str, school_id: str, today: dt.date
) -> tuple[Profile | None, Document | None, list[Problem]]:
    """`read_profile` for a text that was read, and that may be parsed here."""
    problems: list[Problem] = []
    parts = split_front_matter(text, path, "profile", "summary 和 confirmed_on")
    if isinstance(parts, Problem):
        return None, None, [parts]

    document, found = read_yaml(parts.front_matter, path, first_line=2)
    problems += found
    facts: FrontMatter | None = None
    if document is not None:
        facts, found = check_record(
            FrontMatter, document.value, kind="profile", path=path,
            line_of=document.line, today=today,
        )  # fmt: skip
        problems += found

    story = parts.story
    sections, found = _sections(story, path)
    problems += found
    declared = document.value.get("sources", []) if document else []
    sources = len(declared) if isinstance(declared, list) else 0
    problems += [
        Problem(path, line, code, "error", message, fix)
        for line, code, message, fix in faults_of_text(story, sources)
    ]
    if facts is None or any(problem.severity == "error" for problem in problems):
        return None, document, problems
    return Profile(school_id, path, facts, sections), document, problems


@dataclass(frozen=True, slots=True)
class Parts:
    """A Markdown file cut in two: the text between its `---` lines, and its numbered story."""

    front_matter: str
    story: list[tuple[int, str]]


def split_front_matter(text: str, path: str, kind: str, first_keys: str) -> Parts | Problem:
    """The two parts of `text`, or why there are none. `kind` opens the code of the problem."""
    lines = text.split("\n")
    end = next((n for n, line in enumerate(lines[1:], 1) if line.rstrip() == "---"), None)
    if lines[0].rstrip() == "---" and end is not None:
        return Parts("\n".join(lines[1:end]), list(enumerate(lines[end + 1 :], start=end + 2)))
    at = 1 if lines[0].rstrip() != "---" else len(lines)
    return Problem(
        path, at, f"{kind}-no-front-matter", "error",
        "找不到开头的资料：它要放在两行 --- 之间",
        f"第一行写 ---，接着写 {first_keys}，再写一行 ---",
    )  # fmt: skip


def _sections(story: list[tuple[int, str]], path: str) -> tuple[tuple[Section, ...], list[Problem]]:
    """Cut the story at its level-2 headings; report headings that are not in the fixed list."""
    problems: list[Problem] = []
    bodies: dict[str, tuple[int, list[str]]] = {}
    current: list[str] | None = None

    def error(line: int, code: str, message: str, fix: str) -> None:
        problems.append(Problem(path, line, code, "error", message, fix))

    allowed = "、".join(SECTIONS)
    previous = ""
    for line, text, in_code in outside_code(story):
        heading = None if in_code or "#" not in text else HEADING.match(text)
        is_ruled = text.rstrip(" \t").endswith(("=", "-"))
        underline = UNDERLINE.match(text) if is_ruled and not in_code else None
        if underline and previous.strip() and not looks_like_block(previous):
            error(
                line, "profile-underlined-heading",
                "上一行的文字被这一行的横线变成了标题",
                "标题用 ## 开头；要写分隔，先空一行",
            )  # fmt: skip
        if heading and len(heading.group(1)) <= 2:
            name = heading.group(2).strip().rstrip("#").rstrip()
            if len(heading.group(1)) == 1:
                error(
                    line, "profile-heading-level-1", f"“# {shown(name)}”：不要写一级标题",
                    f"校名由名册给出；栏目用二级标题 ##：{allowed}",
                )  # fmt: skip
                current = []
            elif name not in SECTIONS:
                hint = did_you_mean(name, SECTIONS)
                error(
                    line, "profile-unknown-heading", f"没有“{shown(name)}”这个栏目",
                    f"{hint}栏目只有：{allowed}；栏目里的小标题用 ###",
                )  # fmt: skip
                current = []
            elif name in bodies:
                error(
                    line, "profile-duplicate-heading", f"“{name}”写了两次",
                    f"把内容合到第 {bodies[name][0]} 行的“{name}”下面",
                )  # fmt: skip
                current = []
            else:
                current = []
                bodies[name] = (line, current)
        elif current is not None:
            current.append(text)
        elif text.strip():
            error(
                line, "profile-text-before-heading", f"栏目之前有文字：“{shown(text, 20)}”",
                f"把它移到一个栏目下面：{allowed}",
            )  # fmt: skip
            current = []
        previous = text
    sections = []
    for name in SECTIONS:
        if name not in bodies:
            continue
        line, body = bodies[name]
        markdown = "\n".join(body).strip("\n")
        if not markdown.strip():
            error(
                line, "profile-empty-section", f"“{name}”下面没有内容",
                "写上内容，或者把这个标题删掉（页面会说明资料待补充）",
            )  # fmt: skip
        sections.append(Section(name, markdown, line))
    return tuple(sections), problems


def outside_code(story: list[tuple[int, str]]) -> Iterator[tuple[int, str, bool]]:
    """Each line with whether it belongs to a fenced block of code."""
    fence = ""
    for line, text in story:
        found = _FENCE.match(text) if "```" in text or "~~~" in text else None
        if fence:
            yield line, text, True
            if found and found.group(1).startswith(fence):
                fence = ""
        else:
            fence = found.group(1) if found else ""
            yield line, text, bool(found)


def looks_like_block(text: str) -> bool:
    """A list item, a table row, a quotation or a heading: an underline there is something else."""
    return bool(re.match(r"\s*([-*+>|#]|[0-9]+\.)", text)) or "|" in text


def faults_of_text(
    story: list[tuple[int, str]], sources: int
) -> Iterator[tuple[int, str, str, str]]:
    brackets = 0
    for line, text, in_code in outside_code(story):
        if in_code:
            continue
        if len(text) > LINE_CHARACTERS:
            yield (
                line, "profile-line-too-long",
                f"这一段有 {len(text)} 个字，超过 {LINE_CHARACTERS} 个字", "分成几段，中间空一行",
            )  # fmt: skip
            continue
        before, brackets = brackets, brackets + text.count("[")
        if before <= BRACKETS < brackets or "[[[" in text:
            yield (
                line, "profile-too-many-brackets", "方括号“[”太多，会让网页生成得很慢",
                f"全文不超过 {BRACKETS} 个，不要一个套一个；表示括号请用（）",
            )  # fmt: skip
        if "<" not in text and "[" not in text and "]" not in text:
            continue  # nothing that the rules below look for
        plain = _CODE_SPAN.sub("", text)
        if tag := _TAG.search(plain):
            yield (
                line, "profile-raw-html", f"不能写 HTML 代码：“{shown(tag.group())}”",
                "用 Markdown 写：**加粗**、- 列表、[文字](https://网址)",
            )  # fmt: skip
        if "![" in plain:
            yield (
                line, "profile-image-in-text", "照片不能插在正文里",
                "把照片文件放在同一个文件夹，写到开头的 photos 里",
            )  # fmt: skip
        for link in _LINK.finditer(plain):
            address = next(part for part in link.groups() if part is not None)
            if not re.match(r"(https://|mailto:|tel:)[^\s]", address):
                yield (
                    line, "profile-link-not-https", f"链接“{shown(address)}”不能用",
                    "链接只能以 https:// 、mailto: 或 tel: 开头",
                )  # fmt: skip
        for mark in SOURCE_MARK.finditer(plain):
            if not 1 <= int(mark.group(1)) <= sources:
                yield (
                    line, "profile-unknown-source", f"{mark.group()}：sources 里没有这一项",
                    f"sources 现在有 {sources} 项；改成已有的编号，或在 sources 里补上",
                )  # fmt: skip
