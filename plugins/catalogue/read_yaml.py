"""Strict YAML: text, lists and mappings only, with the line of every key.

YAML's own guesses are a trap for a clerk (`NO` becomes false, `012` becomes ten), so every value
stays the text that was typed. Anchors, aliases, tags, duplicate keys and deep nesting are refused.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, TypeAlias

import yaml

from plugins.catalogue.problem import Problem, shown

Value: TypeAlias = "str | list[Value] | dict[str, Value]"
Location: TypeAlias = "tuple[str | int, ...]"

DEPTH: Final = 6
"""Levels of nesting that a profile can need, with one to spare."""


@dataclass(frozen=True, slots=True)
class Document:
    """A parsed mapping and the line on which each of its keys and items stands."""

    value: dict[str, Value]
    lines: dict[Location, int]

    def line(self, location: Location) -> int:
        """The line of the nearest known place at or above `location`."""
        while location and location not in self.lines:
            location = location[:-1]
        return self.lines.get(location, 1)


class _Refused(Exception):
    def __init__(self, line: int, code: str, message: str, fix: str) -> None:
        super().__init__(message)
        self.line, self.code, self.message, self.fix = line, code, message, fix


def read_yaml(text: str, path: str, first_line: int) -> tuple[Document | None, list[Problem]]:
    """Parse `text`, whose first line is line `first_line` of the file named `path`."""
    problems: list[Problem] = []

    def refuse(line: int, code: str, message: str, fix: str) -> None:
        problems.append(Problem(path, line, code, "error", message, fix))

    try:
        reader = _Reader(text, first_line)
        value = reader.document()
    except _Refused as refused:
        refuse(refused.line, refused.code, refused.message, refused.fix)
        return None, problems
    except yaml.MarkedYAMLError as failure:
        mark = failure.problem_mark or failure.context_mark
        lines = text.rstrip().split("\n")
        at = min(mark.line if mark else 0, len(lines) - 1)
        refuse(
            first_line + at,
            "yaml-syntax",
            f"这一行附近的格式读不懂：“{shown(lines[at])}”",
            "检查冒号后面有没有空格、缩进是否对齐、引号是否成对；冒号要用英文的“:”",
        )
        return None, problems
    except yaml.YAMLError:
        refuse(first_line, "yaml-syntax", "开头的资料里有不能用的字符", "删掉看不见的特殊字符")
        return None, problems
    for line, key in reader.duplicates:
        refuse(line, "yaml-duplicate-key", f"“{shown(key)}”写了两次", "只留一个")
    return Document(value, reader.lines), problems


class _Reader:
    """Builds plain values from YAML events, keeping the line of every key and item."""

    def __init__(self, text: str, first_line: int) -> None:
        self._events = yaml.parse(text, Loader=yaml.CBaseLoader)
        self._first_line = first_line
        self.lines: dict[Location, int] = {}
        self.duplicates: list[tuple[int, str]] = []

    def document(self) -> dict[str, Value]:
        event = self._next()
        while isinstance(event, yaml.StreamStartEvent | yaml.DocumentStartEvent):
            event = self._next()
        if isinstance(event, yaml.StreamEndEvent):
            return {}
        value = self._value(event, ())
        if not isinstance(value, dict):
            raise _Refused(
                self._line(event), "yaml-not-a-mapping", "开头的资料不是“名称: 值”的格式",
                "每行写成“名称: 值”，例如 summary: 一句话介绍",
            )  # fmt: skip
        self._next()
        if not isinstance(end := self._next(), yaml.StreamEndEvent):
            raise _Refused(self._line(end), "yaml-syntax", "资料分成了两份", "删掉多出来的 --- 行")
        return value

    def _next(self) -> yaml.Event:
        event = next(self._events)
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise _Refused(
                self._line(event), "yaml-alias", "不能用 & 或 * 引用别处的内容",
                "把内容直接写出来；值里要用 & 或 * 时，给整个值加英文引号",
            )  # fmt: skip
        if tag := getattr(event, "tag", None):
            raise _Refused(
                self._line(event), "yaml-tag", f"不能用 ! 标签：“{shown(tag)}”",
                "删掉以 ! 开头的部分；值以 ! 开头时加英文引号",
            )  # fmt: skip
        return event

    def _line(self, event: yaml.Event) -> int:
        mark = event.start_mark
        return self._first_line + (int(mark.line) if mark else 0)

    def _value(self, event: yaml.Event, location: Location) -> Value:
        self.lines.setdefault(location, self._line(event))
        if isinstance(event, yaml.ScalarEvent):
            return str(event.value)
        if len(location) >= DEPTH:
            raise _Refused(
                self._line(event), "yaml-too-deep", f"缩进超过 {DEPTH} 层", "减少缩进的层数"
            )
        if isinstance(event, yaml.SequenceStartEvent):
            items: list[Value] = []
            while not isinstance(item := self._next(), yaml.SequenceEndEvent):
                items.append(self._value(item, (*location, len(items))))
            return items
        mapping: dict[str, Value] = {}
        while not isinstance(key_event := self._next(), yaml.MappingEndEvent):
            if not isinstance(key_event, yaml.ScalarEvent):
                raise _Refused(
                    self._line(key_event), "yaml-syntax", "名称必须是一个词", "写成“名称: 值”"
                )
            key = str(key_event.value)
            if key in mapping:
                self.duplicates.append((self._line(key_event), key))
                self._value(self._next(), (*location, key, "again"))
                continue
            self.lines[(*location, key)] = self._line(key_event)
            mapping[key] = self._value(self._next(), (*location, key))
        return mapping
