"""Atom feeds of schools, provinces and the country (RFC 4287).

A feed exists where there is something to say. Its days are those of the data, so it changes when
they do and not with every build; `plugins.open_data.happenings` says what is told.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from feedgenerator import Atom1Feed
from markupsafe import escape

from plugins import addresses
from plugins.catalogue import Catalogue, Province, School
from plugins.clock import CHINA
from plugins.open_data.happenings import (
    Changed,
    Group,
    Happening,
    grouped,
    happenings,
    happenings_of,
)
from plugins.open_data.xml_text import xml_text

ENTRIES: Final = 100
"""Most entries of a feed; older ones fall off its end."""
NAMES: Final = 20
"""Most schools that an entry names."""
SITE_NAME: Final = "全国技工院校招生宣传平台"

File = tuple[str, bytes]


@dataclass(frozen=True, slots=True)
class Entry:
    """`tag` is what tells the entry from all others, for ever."""

    tag: str
    title: str
    url: str
    day: dt.date
    summary: str


def school_feed(
    catalogue: Catalogue, school: School, changed: Changed, site_url: str
) -> File | None:
    entries = [_of_school(one) for one in happenings_of(catalogue, school, changed)]
    page = addresses.school(school)
    return _feed(f"{school.name}的招生动态", addresses.school_feed(school), page, entries, site_url)


def province_feed(
    catalogue: Catalogue, province: Province, changed: Changed, site_url: str
) -> File | None:
    found = happenings(catalogue, catalogue.schools_of_province[province.slug], changed)
    name = _namer(catalogue)
    entries = [_of_group(group, name) for group in grouped(found)]
    page = addresses.province(province)
    feed = addresses.province_feed(province)
    return _feed(f"{province.name}技工院校招生动态", feed, page, entries, site_url)


def national_feed(catalogue: Catalogue, changed: Changed, site_url: str) -> File | None:
    found = happenings(catalogue, catalogue.schools, changed)
    name = _namer(catalogue)
    entries = [_of_group(group, name) for group in grouped(found)]
    feed = addresses.NATIONAL_FEED
    return _feed("全国技工院校招生动态", feed, addresses.CALENDAR, entries, site_url)


def feeds_that_exist(catalogue: Catalogue, changed: Changed) -> frozenset[str]:
    """The addresses of the feeds of provinces and of the country that have something to say."""
    units = {
        school.province for school in catalogue.schools if happenings_of(catalogue, school, changed)
    }
    found = {addresses.province_feed(catalogue.reference.province_by_slug[u]) for u in units}
    return frozenset(found | ({addresses.NATIONAL_FEED} if units else set()))


def _namer(catalogue: Catalogue) -> Callable[[str], str]:
    return lambda slug: catalogue.reference.province_by_slug[slug].short_name


def _of_school(one: Happening) -> Entry:
    name, until = one.school.name, _day(one.last) if one.last else ""
    by = f"依据：{one.document}。" if one.document else ""
    url = addresses.school(one.school)
    tag = f"{url}{one.kind}/{one.year}"
    if one.kind == "plan":
        past = f"计划招生 {one.seats} 人。计划是哪一年的，就是哪一年的，不能当作别的年份。"
        return Entry(tag, f"{name}：{one.year} 年招生计划", f"{url}#plan", one.day, past + by)
    if one.kind == "open":
        return Entry(
            f"{tag}/{one.number}", f"{name}开始报名，到{until}截止", f"{url}#apply", one.day, by
        )
    if one.kind == "closing":
        return Entry(
            f"{tag}/{one.number}", f"{name}报名快截止了：{until}", f"{url}#apply", one.day, by
        )
    return Entry(
        f"{url}profile/{one.day.isoformat()}", f"{name}的介绍有更新", url, one.day,
        "学校介绍里的资料改过或重新核对过。",
    )  # fmt: skip


def _of_group(group: Group, province_name: Callable[[str], str]) -> Entry:
    if len(group.schools) == 1 and group.kind == "profile":
        return _of_school(Happening("profile", group.day, group.schools[0], group.year))
    where = province_name(group.province)
    count, until = len(group.schools), _day(group.last) if group.last else ""
    titles = {
        "plan": f"{where}：{count} 所学校的 {group.year} 年招生计划",
        "open": f"{where}：{count} 所学校开始报名，到{until}截止",
        "closing": f"{where}：{count} 所学校报名快截止了，{until}",
        "profile": f"{where}：{count} 所学校的介绍有更新",
    }
    names = "、".join(school.name for school in group.schools[:NAMES])
    more = f"等 {count} 所" if count > NAMES else ""
    seats = f"计划招生共 {group.seats} 人。" if group.seats else ""
    by = f"依据：{group.document}。" if group.document else ""
    tag = f"/{group.province}/{group.kind}/{group.year}/{group.day.isoformat()}"
    if group.last:
        tag += f"/{group.last.isoformat()}"
    only = group.schools[0]
    url = addresses.school(only) if count == 1 else f"/provinces/{group.province}/"
    return Entry(tag, titles[group.kind], url, group.day, f"{seats}{names}{more}。{by}")


def _day(day: dt.date) -> str:
    return f"{day.month} 月 {day.day} 日"


def _feed(
    title: str, address: str, page: str, entries: Iterable[Entry], site_url: str
) -> File | None:
    """Path below the output and bytes. None without entries: nobody subscribes to silence, and
    Atom would want a day on which nothing was said."""
    newest = list(entries)[:ENTRIES]
    if not newest:
        return None
    feed = Atom1Feed(
        title=xml_text(title),
        link=site_url + page,
        feed_url=site_url + address,
        feed_guid=site_url + address,
        description="日期都来自招生计划和学校资料；没有写日期的不猜。",
        language="zh-CN",
        author_name=SITE_NAME,
    )
    host = urlsplit(site_url).netloc
    for entry in newest:
        day = dt.datetime.combine(entry.day, dt.time(), CHINA)
        feed.add_item(
            title=xml_text(entry.title),
            link=site_url + entry.url,
            # Readers take summaries for HTML.
            description=xml_text(str(escape(entry.summary))) or None,
            unique_id=f"tag:{host},2026:{entry.tag}",
            pubdate=day,
            updateddate=day,
        )
    return address.lstrip("/"), feed.writeString("utf-8").encode()
