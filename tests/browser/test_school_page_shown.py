"""The school page in a real browser: an invented school with everything, and 200 programmes."""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from plugins.site.build import build
from tests.conftest import FIXTURES, add_other_photo, add_photo, quiet, serve

pytestmark = pytest.mark.browser

SCHOOL = "/schools/yanshi-jishi-xueyuan/"
HALF_A_LINE = 0.005
"""A busy browser may paint when half of a line has arrived: its end then goes to the next one. A
picture or a block that pushes others away moves twenty times as much; 0.1 is called good."""
LONG_NAME = "演示第一机械电子信息交通运输建筑工程高级技工学校（演示技师学院筹建处）"


@pytest.fixture(scope="module")
def rich_origin(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A site in which one school has a long name, two photos, salaries and 200 programmes."""
    folder = tmp_path_factory.mktemp("rich")
    content = folder / "content"
    shutil.copytree(FIXTURES / "small", content)
    school = content / "schools/zhejiang/yanshi-jishi-xueyuan"
    add_photo(school)
    add_other_photo(school / "hall.jpg")
    profile = (school / "profile.md").read_text("utf-8")
    profile = profile.replace(
        "salary_p50: 未公布", "salary_p25: 3600\n  salary_p50: 4500\n  salary_p75: 5800"
    ).replace(
        "    caption: 东校区大门",
        "    caption: 东校区大门\n    taken_on: 2025-10-01\n  - file: hall.jpg\n    alt: 演示图案",
    )
    (school / "profile.md").write_text(profile, "utf-8")
    register = content / "registry/zhejiang/schools.csv"
    register.write_text(register.read_text("utf-8").replace("演示技师学院", LONG_NAME, 1), "utf-8")
    plan = content / "registry/zhejiang/plans/2026.csv"
    header, first, *rest = plan.read_text("utf-8").splitlines()
    many = [first.replace("数控车工,", f"数控车工,方向{at}") for at in range(200)]
    plan.write_text("\n".join([header, *many, *rest]) + "\n", "utf-8")
    build(content, folder / "output", dt.date(2026, 6, 1), quiet())
    server, origin = serve(folder / "output")
    yield origin
    server.shutdown()
    server.server_close()


def violations(page: Page) -> list[str]:
    found = Axe().run(page).response["violations"]
    return [f"{v['id']}: {node['html'][:100]}" for v in found for node in v["nodes"]]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_full_page_with_a_long_name_is_accessible_and_fits_the_narrowest_phone(
    page: Page, rich_origin: str, scheme: Any
) -> None:
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size({"width": 320, "height": 800})
    page.goto(rich_origin + SCHOOL)
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


def test_programmes_shown_as_cards_are_still_a_table_to_a_screen_reader(
    page: Page, rich_origin: str
) -> None:
    """Chromium's own accessibility tree is asked: a changed display can take a role away."""
    page.goto(rich_origin + SCHOOL + "#entry-1-1")
    group = page.locator("#entry-1-1")
    assert group.evaluate("element => getComputedStyle(element).display") == "block"
    tree = page.context.new_cdp_session(page).send("Accessibility.getFullAXTree")
    nodes = {node["nodeId"]: node for node in tree["nodes"]}

    def below(node: dict[str, Any], role: str) -> list[dict[str, Any]]:
        found = [node] if node.get("role", {}).get("value") == role else []
        children = (nodes[key] for key in node.get("childIds", ()) if key in nodes)
        return found + [one for child in children for one in below(child, role)]

    (root,) = [node for node in tree["nodes"] if "parentId" not in node]
    tables = {table["name"]["value"]: table for table in below(root, "table")}
    name = next(name for name in tables if "200 项" in name)
    assert name.startswith("中级工")
    table = tables[name]
    headers = [header["name"]["value"] for header in below(table, "columnheader")]
    assert headers == ["专业", "学制", "计划", "学费", "住宿费"]
    rows = below(table, "row")
    assert len(rows) == 201
    assert len(below(rows[1], "rowheader")) == 1
    assert len(below(rows[1], "cell")) == len(headers) - 1


def test_the_way_from_the_sum_to_the_programmes_is_one_link(page: Page, rich_origin: str) -> None:
    page.goto(rich_origin + SCHOOL)
    page.locator("#plan .route-table").get_by_role("link", name="高级工").first.click()
    expect(page.locator("#entry-1-2")).to_be_in_viewport()


def test_charts_are_named_images(page: Page, rich_origin: str) -> None:
    page.goto(rich_origin + SCHOOL)
    images = page.locator("#employment").get_by_role("img")
    names = [image.get_attribute("aria-label") for image in images.all()]
    assert names == [
        "就业率 96.5%，满格是 100%",
        "月薪：中间一半的人在 3,600 元到 5,800 元之间，正中间是 4,500 元",
    ]


def test_the_contents_mark_the_part_that_is_read(page: Page, rich_origin: str) -> None:
    page.set_viewport_size({"width": 1280, "height": 800})
    page.goto(rich_origin + SCHOOL)
    page.locator("#employment").evaluate("element => element.scrollIntoView()")
    marked = page.locator(".contents-list [aria-current]")
    expect(marked).to_have_text(["就业状况"])
    expect(marked).to_be_in_viewport()
    page.locator("#questions").evaluate("element => element.scrollIntoView()")
    expect(marked).to_have_text(["问学校的问题"])


def test_nothing_moves_while_the_page_loads(page: Page, rich_origin: str) -> None:
    page.add_init_script(
        "window.shift = 0; new PerformanceObserver(list => list.getEntries().forEach("
        "entry => { window.shift += entry.value; }))"
        ".observe({type: 'layout-shift', buffered: true});"
    )
    page.goto(rich_origin + SCHOOL, wait_until="networkidle")
    assert page.evaluate("window.shift") < HALF_A_LINE
    assert page.locator("#campus img").get_attribute("loading") == "lazy"
    page.locator("#campus").scroll_into_view_if_needed()
    page.wait_for_load_state("networkidle")
    assert page.evaluate("window.shift") < HALF_A_LINE
