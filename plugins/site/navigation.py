"""The ways between the site's sections, as header and footer show them.

A section is linked only where its page is published, so no link of the header can be dead.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from plugins import addresses
from plugins.site.page import Link


@dataclass(frozen=True, slots=True)
class Navigation:
    """Links of the header, and of the footer in groups with a title each."""

    header: tuple[Link, ...]
    footer: tuple[tuple[str, tuple[Link, ...]], ...]


_HEADER: Final = (
    Link("地区", addresses.PROVINCES),
    Link("专业", addresses.MAJORS),
    Link("层次", addresses.LEVELS),
    Link("资助", "/aid/"),
    Link("查真伪", addresses.VERIFY),
    Link("新闻", addresses.NEWS),
    Link("清单", "/shortlist/"),
)
_FOOTER: Final = (
    (
        "找学校",
        (
            Link("查找", addresses.SEARCH),
            Link("各地学校", addresses.PROVINCES),
            Link("按专业找", addresses.MAJORS),
            Link("三种学校", addresses.LEVELS),
            Link("我的家乡有没有优先？", addresses.PRIORITY),
            Link("这个学校是真的吗？", addresses.VERIFY),
        ),
    ),
    (
        "做决定",
        (
            Link("招生日历", addresses.CALENDAR),
            Link("资助和费用", "/aid/"),
            Link("比较学校", "/compare/"),
            Link("我的志愿清单", "/shortlist/"),
            Link("没有网络也能看", addresses.OFFLINE),
            Link("新闻", addresses.NEWS),
        ),
    ),
    (
        "上学以后",
        (
            Link("开学安排", addresses.TERM),
            Link("线上课程", addresses.ONLINE_LEARNING),
            Link("毕业生就业", addresses.EMPLOYMENT),
            Link("实习的规矩", addresses.EMPLOYMENT + "#internships"),
        ),
    ),
    (
        "关于本站",
        (
            Link("数据从哪里来", addresses.ABOUT),
            Link("怎样查真伪", addresses.ABOUT + "#check"),
            Link("学校怎样补充资料", addresses.ABOUT + "#contribute"),
            Link("发现写错了", addresses.ABOUT + "#corrections"),
            Link("报送进度", addresses.REPORTING),
            Link("下载数据", addresses.DATA),
            Link("运行状态", addresses.STATUS),
            Link("无障碍说明", addresses.ACCESSIBILITY),
        ),
    ),
)
"""Of several links with one text, the first whose page is published is shown."""


def navigation(published: Collection[str]) -> Navigation:
    """The links whose pages are among the `published` addresses."""
    groups = ((title, _shown(links, published)) for title, links in _FOOTER)
    return Navigation(_shown(_HEADER, published), tuple(group for group in groups if group[1]))


def _shown(links: tuple[Link, ...], published: Collection[str]) -> tuple[Link, ...]:
    first: dict[str, Link] = {}
    for link in links:
        if link.url.partition("#")[0] in published:
            first.setdefault(link.text, link)
    return tuple(first.values())
