"""Finding a school by place, by major and by where one comes from, in a real browser."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser


def test_typing_leaves_only_the_majors_that_hold_the_words(page: Page, real_origin: str) -> None:
    page.goto(real_origin + "/majors/")
    box = page.get_by_label("只看名字里有这几个字的专业")
    box.fill("数控")
    shown = page.locator("[data-major-category] li:visible a").all_text_contents()
    assert "数控加工" in shown
    assert all("数控" in name for name in shown)
    expect(page.locator("[data-major-filter-status]")).to_have_text(f"{len(shown)} 个专业")
    box.fill("龘")
    expect(page.locator("[data-major-category] li:visible")).to_have_count(0)
    expect(page.locator("[data-major-filter-status]")).to_contain_text("没有这样的专业")


def test_without_scripts_the_filter_is_not_there_and_every_major_is(
    plain: Page, real_origin: str
) -> None:
    plain.goto(real_origin + "/majors/")
    expect(plain.get_by_label("只看名字里有这几个字的专业")).to_be_hidden()
    for part in plain.locator("[data-major-category] summary").all():
        part.click()
    assert plain.locator("[data-major-category] li:visible").count() >= 190


def test_without_scripts_a_junior_graduate_comes_to_a_school(plain: Page, real_origin: str) -> None:
    plain.goto(real_origin + "/")
    plain.get_by_role("link", name=re.compile("初中毕业生 *读 3 年")).click()
    section = plain.locator("#years-3")
    section.get_by_role("link", name="数控加工").first.click()
    plain.get_by_role("link", name=re.compile("浙江省的 .* 所学校")).click()
    expect(plain.get_by_role("heading", level=1)).to_have_text("浙江省哪些学校开数控加工")
    school = plain.get_by_role("rowheader").get_by_role("link").first
    name = school.inner_text()
    school.click()
    expect(plain.get_by_role("heading", level=1)).to_contain_text(name)
