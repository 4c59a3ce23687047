"""Leaflets: a number that paper is checked by, words that stay true, and bounded length."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path

import zxingcpp
from PIL import Image, ImageDraw

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


def test_the_path_of_a_code_is_what_a_camera_reads() -> None:
    """Drawn as a browser draws it, four pixels a module, light around dark."""
    code = qr_code("https://example.cn/schools/yanshi/")
    picture = Image.new("L", (4 * code.size, 4 * code.size), 255)
    draw = ImageDraw.Draw(picture)
    dark: set[tuple[int, int]] = set()
    for left, down, rest in re.findall(r"M(\d+) (\d+)\.5([^M]+)", code.path):
        x, y = int(left), int(down)
        for light, run in re.findall(r"(?:m(\d+) 0)?h(\d+)", rest):
            x += int(light or 0)
            dark |= {(x + more, y) for more in range(int(run))}
            draw.rectangle((4 * x, 4 * y, 4 * (x + int(run)) - 1, 4 * y + 3), 0)
            x += int(run)
    (found,) = zxingcpp.read_barcodes(picture)
    assert (found.text, found.ec_level) == (code.text, "M")
    assert min(min(module) for module in dark) == 4
    assert max(max(module) for module in dark) == code.size - 5
