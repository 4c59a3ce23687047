"""Read one notice of the news: `news/<place>/<YYYY-MM-DD-name>.md`.

The file's name gives the notice its day and its address, the folder gives the place it speaks
for, so neither is written twice. The front matter is strict YAML, the text Markdown without HTML.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from plugins.catalogue.check_record import check_record
from plugins.catalogue.notice_rules import check_notice_rules
from plugins.catalogue.problem import ID_LIKENESS, Problem, did_you_mean, errors, shown
from plugins.catalogue.read_profile import (
    HEADING,
    UNDERLINE,
    faults_of_text,
    looks_like_block,
    outside_code,
    split_front_matter,
)
from plugins.catalogue.read_text import NOTICE_BYTES, read_text
from plugins.catalogue.read_yaml import Location, read_yaml
from plugins.catalogue.schema import NoticeFacts
from plugins.catalogue.text_cost import check_cost
from plugins.catalogue.vocabulary import NOTICE_KINDS
from plugins.limited_later import Worker

NATIONAL: Final = "national"
"""Folder and address of notices that speak for the whole country."""

_NAME = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})-([a-z0-9]+(?:-[a-z0-9]+)*)\.md")
_NAME_CHARACTERS: Final = 80
_UNSEEN = re.compile(r"[^\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff\t]|[\x7f-\x9f\u202a-\u202e]")
"""What XML 1.0 cannot carry in a feed, and marks that turn the direction of writing."""


@dataclass(frozen=True, slots=True)
class Notice:
    """One checked notice. `place` is a province's slug or `NATIONAL`; `slug` begins with the day.

    `markdown` is the text as contributed; `plugins.sanitize` renders it.
    """

    place: str
    slug: str
    date: dt.date
    path: str
    facts: NoticeFacts
    markdown: str

    @property
    def changed_on(self) -> dt.date:
        return self.facts.updated or self.date


def newest_first(notice: Notice) -> tuple[int, str, str]:
    """Sorting key: the latest day first, then by address, so that ties never depend on the disk."""
    return -notice.date.toordinal(), notice.slug, notice.place


def read_notice(
    file: Path, path: str, place: str, today: dt.date, worker: Worker | None = None
) -> tuple[Notice | None, list[Problem]]:
    """The notice in `file`, which problems name `path`, or None and all that is wrong with it.

    `worker` tries out what may cost too much; see `text_cost.check_cost`.
    """
    name = path.rpartition("/")[2]
    day, problems = _day_of(name, path, today)
    text, found = read_text(file, path, NOTICE_BYTES)
    problems += found
    if text is None:
        return None, problems
    if costly := check_cost(text, path, "news", today, worker):
        return None, [*problems, costly]
    notice, found = parse_notice(text, path, place, day, today)
    return notice if not errors(problems) else None, problems + found


def parse_notice(
    text: str, path: str, place: str, day: dt.date | None, today: dt.date
) -> tuple[Notice | None, list[Problem]]:
    """`read_notice` for a text that was read, of the `day` in its file's name if that has one."""
    problems: list[Problem] = []
    name = path.rpartition("/")[2]
    parts = split_front_matter(text, path, "news", "title、summary 和 source_document")
    if isinstance(parts, Problem):
        return None, [parts]

    document, found = read_yaml(parts.front_matter, path, first_line=2)
    problems += found
    facts: NoticeFacts | None = None
    if document is not None:
        facts, found = check_record(
            NoticeFacts, document.value, kind="news", path=path, line_of=document.line, today=today
        )
        problems += found
        if facts and facts.updated and day and facts.updated < day:
            problems.append(_too_early(path, document.line(("updated",)), facts.updated, day))
        problems += _faults_of_kind(path, document.line, facts) if facts else ()
    problems += [
        Problem(path, line, code.replace("profile-", "news-", 1), "error", message, fix)
        for line, code, message, fix in (
            *_faults_of_layout(parts.story),
            *map(_without_marks, faults_of_text(parts.story, sources=0)),
        )
    ]
    problems += check_notice_rules(path, list(enumerate(text.split("\n"), start=1)))
    if facts is None or day is None or any(problem.severity == "error" for problem in problems):
        return None, problems
    markdown = "\n".join(line for _, line in parts.story).strip("\n")
    return Notice(place, name.removesuffix(".md"), day, path, facts, markdown), problems


def _day_of(name: str, path: str, today: dt.date) -> tuple[dt.date | None, list[Problem]]:
    """The day in a file's name; it may not lie ahead, for nothing is published before its day."""
    found = _NAME.fullmatch(name)
    try:
        day = dt.date.fromisoformat(found.group(1)) if found else None
    except ValueError:
        day = None
    if day is None or len(name) > _NAME_CHARACTERS:
        problem = Problem(
            path, 1, "news-file-name", "error", f"文件名“{shown(name)}”不合格",
            "写成“年-月-日-英文名.md”，例如 2026-05-07-zhaosheng-jihua.md："
            f"只用小写字母、数字和连字符，不超过 {_NAME_CHARACTERS} 个字符",
        )  # fmt: skip
        return None, [problem]
    if day > today:
        problem = Problem(
            path, 1, "news-date-in-future", "error", f"{day} 这一天还没有到",
            "文件名里写发布的日期；到那一天再放进来",
        )  # fmt: skip
        return day, [problem]
    return day, []


def _without_marks(fault: tuple[int, str, str, str]) -> tuple[int, str, str, str]:
    """A notice has one source, in its front matter; it has no numbered list to point at."""
    line, code, message, _ = fault
    if code != "profile-unknown-source":
        return fault
    return (
        line, "news-source-mark", f"{message.partition('：')[0]}：消息里不用来源编号",
        "删掉它；依据的文件写在开头的 source_document",
    )  # fmt: skip


def _faults_of_kind(
    path: str, line_of: Callable[[Location], int], facts: NoticeFacts
) -> Iterator[Problem]:
    """What a notice of a kind must have, so that a reader can act on it and check it."""
    if facts.kind is None:
        return
    if NOTICE_KINDS[facts.kind].needs_day and facts.held_on is None:
        yield Problem(
            path, line_of(("kind",)), "news-kind-without-day", "error",
            f"{facts.kind}没有写在哪一天", "加一行 held_on: 2026-05-16（活动的日期）",
        )  # fmt: skip
    if facts.kind == "招生公告" and not (facts.source_number or facts.source_address):
        yield Problem(
            path, line_of(("kind",)), "news-announcement-without-proof", "error",
            "招生公告没有写文号，也没有写在哪里能看到",
            "写 source_number（文号）或 source_address（公布它的网址）",
        )  # fmt: skip


def check_notice_school(notice: Notice, province_of_id: Mapping[str, str]) -> Iterator[Problem]:
    """A notice about one school lies in the folder of the province whose register has it."""
    school = notice.facts.school
    if school is None or province_of_id.get(school) == notice.place:
        return
    there = province_of_id.get(school)
    yield Problem(
        notice.path, 1, "news-unknown-school", "error",
        f"{notice.place} 的名册里没有编号是“{shown(school)}”的学校",
        f"它在 {there} 的名册里，把消息移到 news/{there}/"
        if there
        else did_you_mean(school, province_of_id, ID_LIKENESS)
        or "编号是学校网页地址 /schools/ 后面的一段；不是说一所学校的就删掉 school",
    )  # fmt: skip


def _too_early(path: str, line: int, updated: dt.date, day: dt.date) -> Problem:
    return Problem(
        path, line, "news-updated-before-date", "error",
        f"更新日期（{updated}）早于文件名里的日期（{day}）",
        "核对两个日期；没有改过内容就删掉 updated",
    )  # fmt: skip


def _faults_of_layout(story: list[tuple[int, str]]) -> Iterator[tuple[int, str, str, str]]:
    if not any(text.strip() for _, text in story):
        yield (
            story[0][0] if story else 1, "news-empty", "没有正文", "在第二行 --- 下面写上内容"
        )  # fmt: skip
    previous = ""
    for line, text, in_code in outside_code(story):
        if unseen := _UNSEEN.search(text):
            yield (
                line, "news-control-character",
                f"这一行有看不见的控制字符（U+{ord(unseen.group()):04X}）",
                "把这一行重新打一遍",
            )  # fmt: skip
        heading = None if in_code else HEADING.match(text)
        if heading and len(heading.group(1)) == 1:
            yield (
                line, "news-heading-level-1",
                f"“# {shown(heading.group(2).strip())}”：不要写一级标题",
                "标题写在开头的 title 里；正文的小标题用 ##",
            )  # fmt: skip
        underlined = not in_code and UNDERLINE.match(text) and previous.strip()
        if underlined and not looks_like_block(previous):
            yield (
                line, "news-underlined-heading", "上一行的文字被这一行的横线变成了标题",
                "小标题用 ## 开头；要写分隔，先空一行",
            )  # fmt: skip
        previous = text
