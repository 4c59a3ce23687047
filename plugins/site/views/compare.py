"""`/compare/?ids=a,b`: up to four schools side by side, filled in by `static/js/compare.js`."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from plugins import addresses
from plugins.site.page import HOME_LINK, Page


class CompareView(Struct, frozen=True):
    """`records_url` is the folder that holds one small record a school."""

    records_url: str


def pages() -> Iterator[Page]:
    yield Page(
        url=addresses.COMPARE,
        template="compare.html",
        title="比较学校",
        description="把最多四所技工院校放在一张表里比：地点、层次、专业、计划、年数、费用、住宿、就业。",
        view=CompareView(addresses.COMPARISON),
        trail=(HOME_LINK,),
    )
