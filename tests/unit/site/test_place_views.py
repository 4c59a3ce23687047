"""Places, majors, entries and levels: what their pages say, and that no list grows for ever."""

from __future__ import annotations

import datetime as dt
import shutil
from pathlib import Path

import pytest

from plugins.catalogue import Catalogue, load
from plugins.sanitize import Renderer
from plugins.site.assemble import share
from plugins.site.expected import expected_addresses
from plugins.site.page import Page
from plugins.site.pages import all_pages
from plugins.site.sources import Sources
from plugins.site.views import (
    city,
    entry,
    home,
    level,
    major,
    major_in_province,
    news,
    province,
    province_lists,
)
from plugins.site.views.sheet import sheets

REGISTER_ROW = (
    "yanshi-x{0},演示学校{0},技工学校,,330200,,,,active,no,演示文件（演示数据）,,,2026-03-02,\n"
)
PLAN_ROW = "yanshi-x{0},数控加工,,中级工,初中,,3,10,,,,,,,演示计划（演示数据）,,,2026-03-02\n"


def sources_of(catalogue: Catalogue) -> Sources:
    return Sources(share(catalogue, Path(), Path(), Path(), ""), set())


def catalogue_on(content: Path, day: str = "2026-06-01") -> Catalogue:
    catalogue, problems = load(content, dt.date.fromisoformat(day))
    assert problems == ()
    return catalogue


def page_at(pages: list[Page], url: str) -> Page:
    (found,) = [page for page in pages if page.url == url]
    return found


def add_schools(content: Path, number: int, *, with_plans: bool = False) -> None:
    """Invented schools in 宁波 (演示数据), enough of them to make lists long."""
    with (content / "registry/zhejiang/schools.csv").open("a", encoding="utf-8") as register:
        register.writelines(REGISTER_ROW.format(n) for n in range(number))
    if with_plans:
        with (content / "registry/zhejiang/plans/2026.csv").open("a", encoding="utf-8") as plan:
            plan.writelines(PLAN_ROW.format(n) for n in range(number))


def test_a_long_list_is_cut_into_sheets_that_lose_nothing() -> None:
    found = list(sheets(list(range(401)), "/x/"))
    assert [sheet.url for sheet in found] == ["/x/", "/x/page-2/", "/x/page-3/"]
    assert [item for sheet in found for item in sheet.items] == list(range(401))
    assert [link.is_here for link in found[1].links] == [False, True, False]
    (only,) = sheets(list(range(200)), "/x/")
    assert only.links == ()


def test_no_page_lists_more_than_200_schools(small: Path) -> None:
    add_schools(small, 450, with_plans=True)
    shutil.rmtree(small / "schools")
    catalogue = catalogue_on(small)
    pages = all_pages(sources_of(catalogue))
    articles = list(news.articles(catalogue, Renderer(top_heading=2).render))
    assert {page.url for page in pages + articles} == expected_addresses(catalogue)
    assert len({page.title for page in pages}) == len(pages)
    assert page_at(pages, "/provinces/zhejiang/").view.by_city == ()
    for first in ("/provinces/zhejiang/330200/", "/provinces/zhejiang/by-seats/"):
        whole = [page for page in pages if page.url.startswith(first)]
        assert len(whole) == 3
        assert all(len(page.view.schools) <= 200 for page in whole)
        assert sum(len(page.view.schools) for page in whole) == whole[0].view.sheet.total
    offering = [p for p in pages if p.url.startswith("/majors/shukong-jiagong/zhejiang/")]
    assert [len(page.view.sheet.items) for page in offering] == [200, 200, 51]


def test_a_major_of_a_former_year_is_marked_at_every_school(small: Path) -> None:
    pages = list(major_in_province.pages(catalogue_on(small)))
    past = {page.url: [s.plan_is_past for s in page.view.sheet.items] for page in pages}
    assert past["/majors/qiche-weixiu/zhejiang/"] == [True]
    assert past["/majors/shukong-jiagong/zhejiang/"] == [False]


def test_the_list_by_seats_names_the_province_as_its_canonical_page(small: Path) -> None:
    add_schools(small, 12, with_plans=True)
    pages = list(province_lists.pages(catalogue_on(small)))
    ranked = page_at(pages, "/provinces/zhejiang/by-seats/")
    assert ranked.canonical == "/provinces/zhejiang/"
    seats = [card.seats or 0 for card in ranked.view.schools if card.status == "active"]
    assert seats == sorted(seats, reverse=True)
    assert page_at(pages, "/provinces/zhejiang/jigong-xuexiao/").canonical is None


@pytest.mark.parametrize(
    ("slug", "state"),
    [("zhejiang", "官方名册"), ("xinjiang", "没有")],
)
def test_a_province_tells_what_has_been_reported(small: Path, slug: str, state: str) -> None:
    page = page_at(list(province.pages(catalogue_on(small))), f"/provinces/{slug}/")
    assert page.view.reporting == state


def test_schools_without_any_document_are_a_state_of_their_own(small: Path) -> None:
    register = small / "registry/beijing/schools.csv"
    register.write_text(register.read_text().replace(",yes,", ",no,"))
    page = page_at(list(province.pages(catalogue_on(small))), "/provinces/beijing/")
    assert page.view.reporting == "待核验"


@pytest.mark.parametrize(
    ("day", "counts"),
    [("2026-02-01", (0, 1, 0)), ("2026-06-01", (1, 0, 0)), ("2026-09-01", (0, 0, 1))],
)
def test_the_season_follows_the_dates_of_this_years_plans(
    small: Path, day: str, counts: tuple[int, int, int]
) -> None:
    for file in small.rglob("*.csv"):
        file.write_text(file.read_text().replace("2026-03-02", "2026-01-02"))
        file.write_text(
            file.read_text().replace(",2026-03-01,2026-01-02", ",2026-01-01,2026-01-02")
        )
    catalogue, _ = load(small, dt.date.fromisoformat(day))
    (page,) = home.pages(catalogue)
    (unit,) = page.view.season.provinces
    assert (unit.open, unit.ahead, unit.over) == counts
    assert (unit.first, unit.last) == (dt.date(2026, 3, 1), dt.date(2026, 8, 31))


def test_without_this_years_plans_the_season_has_no_dates(small: Path) -> None:
    (page,) = home.pages(catalogue_on(small, "2027-01-15"))
    assert page.view.season.provinces == ()
    assert page.view.season.closing == ()
    assert [notice.year for notice in page.view.season.earlier] == [2026, 2025]


def test_each_entry_leads_to_its_lengths_of_study(small: Path) -> None:
    pages = list(entry.pages(catalogue_on(small)))
    junior = page_at(pages, "/entry/chuzhong/").view
    assert [s.length.years for s in junior.sections] == [3, 5]
    assert [offer.name for offer in junior.sections[0].majors] == ["汽车维修", "数控加工"]
    (half,) = page_at(pages, "/entry/zhongzhi/").view.sections
    assert (half.anchor, half.length.seats) == ("years-2-5", 20)


def test_a_major_lists_its_schools_while_they_are_few_and_its_provinces_else(small: Path) -> None:
    few = page_at(list(major.pages(catalogue_on(small))), "/majors/shukong-jiagong/").view
    assert [len(place.listed) for place in few.provinces] == [1]
    add_schools(small, 40, with_plans=True)
    many = page_at(list(major.pages(catalogue_on(small))), "/majors/shukong-jiagong/").view
    assert [(place.schools, place.listed) for place in many.provinces] == [(41, ())]


def test_every_major_of_a_province_leads_to_a_page_that_exists(small: Path) -> None:
    catalogue = catalogue_on(small)
    existing = {page.url for page in major_in_province.pages(catalogue)}
    for page in [*province.pages(catalogue), *city.pages(catalogue)]:
        for offer in getattr(page.view, "majors", ()):
            assert offer.url in existing


def test_the_benefits_of_graduates_come_from_the_table_of_policies(
    real_catalogue: Catalogue, small: Path
) -> None:
    rule = level.treatment_rule(real_catalogue)
    assert rule is not None
    assert [(row.training, row.like) for row in rule.rows] == [
        ("中级工班", "中专"),
        ("高级工班", "大专"),
        ("预备技师（技师）班", "本科"),
    ]
    assert rule.document == "人力资源社会保障部关于做好2020年技工院校招生工作的通知"
    assert (rule.number, rule.since) == ("人社部函〔2020〕52号", "2020年")
    assert level.treatment_rule(catalogue_on(small)) is None
