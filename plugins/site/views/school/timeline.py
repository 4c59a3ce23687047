"""The history of a school as dated events, read from a list whose items begin with a date."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from typing import Final

from msgspec import Struct

_LIST: Final = re.compile(r"<ul>\s*((?:<li>(?:(?!</?(?:li|ul|ol)\b).)*</li>\s*)+)</ul>", re.S)
_ITEM: Final = re.compile(r"<li>(.*?)</li>", re.S)
_PARAGRAPH: Final = re.compile(r"\s*<p>((?:(?!</?p\b).)*)</p>\s*", re.S)
_YEAR: Final = r"(?P<year>1[6-9][0-9]{2}|20[0-9]{2})"
_MONTH: Final = r"(?P<month>1[0-2]|0?[1-9])"
_DAY: Final = r"(?P<day>3[01]|[12][0-9]|0?[1-9])"
_WRITTEN: Final = re.compile(
    rf"(?P<when>{_YEAR}\s*年(?:\s*{_MONTH}\s*月(?:\s*{_DAY}\s*日)?)?(?:\s*[初春夏秋冬底末])?)"
    # 1950 年代, 1958 年至 1966 年, 1990 年以后 …: no single date.
    r"(?!\s*[代级度间多来起以之前后至到~–—-])\s*[：:，,]?\s*"
)  # fmt: skip
_FIGURES: Final = re.compile(
    rf"(?P<when>{_YEAR}(?:[./-]{_MONTH}(?:[./-]{_DAY})?)?)\s*[：:]\s*"
)  # fmt: skip


class Event(Struct, frozen=True):
    """`when` is the date as it was written, `machine` the same for `<time datetime>`.

    Both are empty for an item that gives no date. `html` is safe HTML of what happened.
    """

    when: str
    machine: str
    html: str


class Block(Struct, frozen=True):
    """A piece of a section: either `html`, or the `events` of a list."""

    html: str = ""
    events: tuple[Event, ...] = ()


def blocks_of(html: str) -> tuple[Block, ...]:
    """Safe HTML of a section, cut at the lists of events that it holds.

    A list is one of events when half of its items or more begin with a date. Only lists at the
    top level are cut out, so that each piece stays whole; a section with deeper structure
    (lists in lists, quotations) stays as it is.
    """
    lists = list(_LIST.finditer(html))
    deep = "<ol" in html or "<blockquote" in html or html.count("<ul") != len(lists)
    return (Block(html),) if deep else tuple(_cut(html, lists))


def _cut(html: str, lists: list[re.Match[str]]) -> Iterator[Block]:
    start = 0
    for found in lists:
        events = tuple(event_of(item) for item in _ITEM.findall(found.group(1)))
        if 2 * sum(bool(event.when) for event in events) >= len(events):
            if before := html[start : found.start()].strip():
                yield Block(before)
            yield Block(events=events)
            start = found.end()
    if rest := html[start:].strip():
        yield Block(rest)


def event_of(item: str) -> Event:
    """The event that one item of a list tells. `item` is the safe HTML inside its `<li>`."""
    if whole := _PARAGRAPH.fullmatch(item):
        item = whole.group(1)
    found = _WRITTEN.match(item) or _FIGURES.match(item)
    if not found or found.end() == len(item):
        return Event("", "", item)
    return Event(found["when"], _machine(found), item[found.end() :])


def _machine(found: re.Match[str]) -> str:
    """1952-11 for 1952 年 11 月; only the month for a day that the calendar does not have."""
    year, month, day = (int(found[part] or 0) for part in ("year", "month", "day"))
    if not month:
        return f"{year:04d}"
    try:
        return dt.date(year, month, day).isoformat()
    except ValueError:
        return f"{year:04d}-{month:02d}"
