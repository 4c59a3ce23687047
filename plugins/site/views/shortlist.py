"""`/shortlist/`: the visitor's own list of schools, kept on the device only."""

from __future__ import annotations

from collections.abc import Iterator

from plugins import addresses
from plugins.site.page import HOME_LINK, Page


def pages() -> Iterator[Page]:
    yield Page(
        url=addresses.SHORTLIST,
        template="shortlist.html",
        title="我的志愿清单",
        description="把想报的技工院校记下来，排好先后，写上备注，打印或存成文字。清单只在你的手机里。",
        view=None,
        trail=(HOME_LINK,),
    )
