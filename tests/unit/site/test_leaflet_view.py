"""Leaflets: a number that paper is checked by, words that stay true, and bounded length."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path

from plugins.catalogue import Catalogue, load
from plugins.site.leaflet_id import leaflet_id
from plugins.site.qr_code import qr_code
from plugins.site.views import leaflet

SCHOOL = "yanshi-jishi-xueyuan"


def catalogue_on(content: Path, day: dt.date) -> Catalogue:
    catalogue, problems = load(content, day)
    assert problems == ()
    return catalogue


def test_the_number_names_the_day_and_differs_by_school_and_day(small: Path) -> None:
    schools = catalogue_on(small, dt.date(2026, 6, 1)).schools
    days = (dt.date(2026, 3, 2), dt.date(2026, 3, 3))
    numbers = {leaflet_id(school, day) for school in schools for day in days}
    assert len(numbers) == len(schools) * len(days)
    assert all(re.fullmatch(r"2026030[23]-[0-9A-HJKMNP-TV-Z]{6}", number) for number in numbers)
    assert leaflet_id(schools[0], days[0]) == leaflet_id(schools[0], days[0])


def test_paper_never_says_now_whatever_the_day(small: Path) -> None:
    for day in (dt.date(2026, 6, 1), dt.date(2027, 6, 1)):
        for page in leaflet.pages(catalogue_on(small, day), "https://example.cn"):
            assert "现在" not in str(getattr(page.view, "apply", ""))


def test_a_plan_of_last_year_is_told_as_past(small: Path) -> None:
    catalogue = catalogue_on(small, dt.date(2027, 6, 1))
    view = leaflet.leaflet_page(catalogue, catalogue.school_by_id[SCHOOL], "").view
    assert view.plan.is_past
    assert view.apply.startswith("2026 年的报名已经过去")
    assert view.qr is None


def test_two_hundred_majors_are_cut_with_the_rest_counted(small: Path) -> None:
    catalogue = catalogue_on(small, dt.date(2026, 6, 1))
    plan = catalogue.newest_plan(catalogue.school_by_id[SCHOOL])
    assert plan
    row = plan.programmes[0]
    rows = tuple(row.model_copy(update={"major": f"演示专业名称比较长第{n}"}) for n in range(200))
    (group,) = leaflet.major_groups(type(plan)(plan.year, rows))
    assert group.left_out > 0
    assert len(group.majors) + group.left_out == 200
    assert sum(map(len, group.majors)) <= leaflet.NAMES_LENGTH


def test_a_code_leaves_its_quiet_zone_free() -> None:
    code = qr_code("https://example.cn/schools/yanshi/")
    starts = re.findall(r"M(\d+) (\d+)h(\d+)", code.path)
    assert min(int(x) for x, _, _ in starts) == 4
    assert max(int(x) + int(run) for x, _, run in starts) == code.size - 4
