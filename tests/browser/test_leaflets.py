"""Leaflets on paper: one A4 page whatever the input, and a code that a camera reads."""

from __future__ import annotations

import csv
import io
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
import zxingcpp
from PIL import Image
from playwright.sync_api import Browser, Page

from plugins.catalogue.schema import PLAN_COLUMNS, REGISTER_COLUMNS
from plugins.site.build import build
from plugins.site.leaflet_pdf import print_province
from tests.browser.pdf import page_count
from tests.conftest import FIXTURES, TODAY, add_photo, quiet, serve

pytestmark = pytest.mark.browser

LONG = "yanshi-hen-chang"
A4_INSIDE = {"width": 718, "height": 1047}
"""190 × 277 mm, what the margins leave of the sheet, in CSS pixels."""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small site with a school (演示数据) all of whose texts are as long as they may be."""
    folder = tmp_path_factory.mktemp("leaflets")
    content = folder / "content"
    shutil.copytree(FIXTURES / "small", content)
    add_photo(content / "schools/zhejiang/yanshi-jishi-xueyuan")
    add_long_school(content / "registry/xinjiang")
    build(content, folder / "output", TODAY, quiet())
    return folder / "output"


def add_long_school(registry: Path) -> None:
    school = dict.fromkeys(REGISTER_COLUMNS, "") | {
        "school_id": LONG,
        "name": "演示" + "长" * 54 + "学院",
        "level": "技师学院",
        "city_code": "650100",
        "address": "演示路" + "远" * 117,
        "phone": "0991-00000000",
        "supervising_body": "办" * 60,
        "status": "active",
        "verified": "no",
        "source_document": "演示文件" + "文" * 196,
        "source_number": "号" * 80,
        "checked_on": "2026-03-02",
    }
    ways = [("初中", "中级工", 3), ("初中", "高级工", 5), ("初中", "预备技师", 6)]
    ways += [("高中", "高级工", 3), ("高中", "预备技师", 4), ("中职", "高级工", 2)]
    ways += [("高级工", "预备技师", 2), ("其他", "技师", 2)]
    rows = []
    for number in range(200):
        entry, level, years = ways[number % len(ways)]
        row = {"school_id": LONG, "training_level": level, "entry": entry}
        row |= {"major": f"演示专业{'长' * (number % 9)}第{number}号", "seats": "10"}
        row |= {"duration_years": str(years), "source_document": "演示计划" + "划" * 150}
        rows.append(dict.fromkeys(PLAN_COLUMNS, "") | row | {"checked_on": "2026-03-02"})
    (registry / "plans").mkdir(parents=True)
    for file, columns, lines in (
        (registry / "schools.csv", REGISTER_COLUMNS, [school]),
        (registry / "plans/2026.csv", PLAN_COLUMNS, rows),
    ):
        with file.open("w", encoding="utf-8", newline="") as stream:
            table = csv.DictWriter(stream, columns, lineterminator="\n")
            table.writeheader()
            table.writerows(lines)


@pytest.fixture
def page(chromium: Browser, site: Path) -> Iterator[Page]:
    server, origin = serve(site)
    context = chromium.new_context(viewport=A4_INSIDE, base_url=origin, locale="zh-CN")
    yield context.new_page()
    context.close()
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize("school", [LONG, "yanshi-jishi-xueyuan"])
def test_a_leaflet_is_exactly_one_page_and_loses_nothing(page: Page, school: str) -> None:
    page.goto(f"/leaflets/{school}/")
    assert page_count(page.pdf(prefer_css_page_size=True)) == 1
    page.emulate_media(media="print")
    sheet, foot = (
        page.locator(part).evaluate("part => part.getBoundingClientRect().bottom")
        for part in (".leaflet", ".leaflet__foot")
    )
    assert foot <= sheet


def test_on_a_phone_the_majors_have_the_whole_width_and_stay_a_table(page: Page) -> None:
    """As the fifth column they had three characters a line."""
    page.set_viewport_size({"width": 360, "height": 740})
    page.goto("/leaflets/yanshi-jishi-xueyuan/")
    majors = page.locator(".leaflet__majors tbody tr").first.locator("td").last
    box = majors.bounding_box()
    assert box is not None
    assert box["width"] >= 280
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    assert page.get_by_role("columnheader").count() == 5
    assert page.get_by_role("cell").count() == 4 * page.get_by_role("rowheader").count() > 0


def test_the_code_on_the_printed_page_leads_to_the_school(page: Page) -> None:
    page.goto("/leaflets/yanshi-jishi-xueyuan/")
    page.emulate_media(media="print")
    picture = Image.open(io.BytesIO(page.screenshot(full_page=True)))
    (found,) = zxingcpp.read_barcodes(picture.convert("L"))
    assert found.text.endswith("/schools/yanshi-jishi-xueyuan/")
    assert found.text == page.locator(".leaflet__code figcaption span").inner_text()


def test_the_command_prints_every_school_of_a_province(site: Path, tmp_path: Path) -> None:
    files = print_province(site, "beijing", tmp_path / "pdf")
    assert [file.name for file in files] == ["beijing.pdf", "yanshi-beijing-jishi-xueyuan.pdf"]
    assert page_count(files[1].read_bytes()) == 1
