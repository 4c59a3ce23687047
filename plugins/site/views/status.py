"""`/status/`: which build this is, of which data, for people who ask whether the site is fresh."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Final

from msgspec import Struct
from msgspec.structs import asdict

from plugins import addresses
from plugins.catalogue import Catalogue
from plugins.open_data.downloads import Size
from plugins.open_data.licence import data_day
from plugins.open_data.write_json import pretty_json
from plugins.site.page import HOME_LINK, File, Page

_DIGITS: Final = 12


class StatusView(Struct, frozen=True):
    """`build` follows from the other three: the day, the data, the code. The same three give the
    same site, whenever and wherever it is built.

    Days are the newest of their kind, None where there is none. `left_out` are profiles and
    notices that had errors and are not shown.
    """

    build: str
    day: dt.date
    data: str
    code: str
    data_day: dt.date
    register_checked_on: dt.date | None
    plan_year: int | None
    plan_published_on: dt.date | None
    profile_confirmed_on: dt.date | None
    notice_on: dt.date | None
    changed_on: dt.date | None
    schools: int
    verified: int
    programmes: int
    profiles: int
    photos: int
    notices: int
    warnings: int
    left_out: tuple[str, ...]


def pages(
    catalogue: Catalogue,
    downloads: Mapping[str, Size],
    changed: Mapping[str, dt.date],
    code: str,
) -> Iterator[Page | File]:
    """The page and the same as JSON. `code` is `code_id` of this build."""
    view = _view(catalogue, downloads, changed, code)
    yield Page(
        url=addresses.STATUS,
        template="status.html",
        title="运行状态",
        description="这个网站是哪一天、用哪一份数据生成的，有没有新鲜，里面有多少东西。",
        view=view,
        trail=(HOME_LINK,),
    )
    yield File(addresses.STATUS_DATA.lstrip("/"), pretty_json(asdict(view)))


def _view(
    catalogue: Catalogue,
    downloads: Mapping[str, Size],
    changed: Mapping[str, dt.date],
    code: str,
) -> StatusView:
    day = catalogue.today
    data = _id(f"{name} {one.sha256}" for name, one in sorted(downloads.items()))
    plans = [plan for plans in catalogue.plans.values() for plan in plans]
    profiles = catalogue.profiles.values()
    return StatusView(
        build=_id((day.isoformat(), data, code)),
        day=day,
        data=data,
        code=code,
        data_day=data_day(catalogue),
        register_checked_on=_newest(school.checked_on for school in catalogue.schools),
        plan_year=max((plan.year for plan in plans), default=None),
        plan_published_on=_newest(row.source_date for plan in plans for row in plan.programmes),
        profile_confirmed_on=_newest(profile.facts.confirmed_on for profile in profiles),
        notice_on=_newest(notice.changed_on for notice in catalogue.notices),
        changed_on=_newest(one for one in changed.values() if one <= day),
        schools=len(catalogue.schools),
        verified=sum(school.verified for school in catalogue.schools),
        programmes=sum(len(plan.programmes) for plan in plans),
        profiles=len(catalogue.profiles),
        photos=sum(len(profile.facts.photos) for profile in profiles),
        notices=len(catalogue.notices),
        warnings=sum(catalogue.warnings.values()),
        left_out=catalogue.quarantined,
    )


def _newest(days: Iterable[dt.date | None]) -> dt.date | None:
    return max(filter(None, days), default=None)


def code_id(plugins: Path, theme: Path) -> str:
    """What tells one version of the site's code and theme from another."""
    roots = (plugins, *(theme / part for part in ("templates", "components", "static")))
    files = [
        file
        for root in roots
        for file in sorted(root.rglob("*"))
        if file.is_file() and file.suffix != ".pyc"
    ]
    return _id(f"{file.name} {hashlib.sha256(file.read_bytes()).hexdigest()}" for file in files)


def _id(parts: Iterable[str]) -> str:
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:_DIGITS]
