"""Every county answers: in which lists it is, which schools mean it, and that no is a no."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

from plugins.catalogue import Catalogue, load
from plugins.site.page import Page
from plugins.site.views import priority
from tests.conftest import TODAY

SCHOOL = "yanshi-jishi-xueyuan"


def pages_of(catalogue: Catalogue, site_url: str = "") -> dict[str, Page]:
    declared = catalogue.declared_facts("priority")
    return {page.url: page for page in priority.pages(catalogue, declared, site_url)}


def small_pages(small: Path) -> dict[str, Page]:
    return pages_of(load(small, TODAY)[0])


def test_every_county_of_the_country_has_a_page_and_so_has_a_city_without_counties(
    real_catalogue: Catalogue,
) -> None:
    pages = pages_of(real_catalogue)
    counties = [url for url in pages if url.strip("/").split("/")[-1].isdecimal()]
    assert len(counties) == len(real_catalogue.reference.counties) + 4
    assert pages["/priority/441900/"].view.name == "东莞市"
    assert pages["/priority/659001/"].view.above == "新疆维吾尔自治区"
    assert pages["/priority/110101/"].view.above == "北京市"


def test_a_county_says_in_which_lists_it_is(real_catalogue: Catalogue) -> None:
    view = pages_of(real_catalogue)["/priority/513431/"].view
    assert (view.above, view.name) == ("四川省 凉山彝族自治州", "昭觉县")
    assert {item.scheme.title for item in view.lists} == {"三区三州", "52 个挂牌督战县"}
    assert {item.scheme.state for item in view.lists} == {"以前的"}
    assert view.not_in == "湖北省"


def test_a_whole_province_in_a_list_takes_all_its_counties_with_it(
    real_catalogue: Catalogue,
) -> None:
    reference = real_catalogue.reference
    lists = priority.listed_counties(real_catalogue)
    in_hubei = {code for code in reference.counties if code.startswith("42")}
    assert in_hubei
    assert {code for code in lists if code.startswith("42")} == in_hubei
    hubei = pages_of(real_catalogue)["/priority/420102/"].view
    assert [item.scheme.title for item in hubei.lists] == ["湖北省"]


def test_a_county_that_was_made_later_says_so(real_catalogue: Catalogue) -> None:
    pages = pages_of(real_catalogue)
    area = next(
        area for area in real_catalogue.reference.priority_areas if area.existed_2021_01 == "no"
    )
    lists = pages[f"/priority/{area.county_code}/"].view.lists
    assert any("后来设的" in item.note for item in lists)


def test_a_county_in_no_list_is_told_so_and_has_nothing_to_print(
    real_catalogue: Catalogue,
) -> None:
    pages = pages_of(real_catalogue)
    view = pages["/priority/330102/"].view
    assert view.lists == ()
    assert view.leaflet is None
    assert "三区三州" in view.not_in
    assert "/priority/330102/leaflet/" not in pages


def test_a_school_that_names_a_county_by_name_or_code_is_on_its_page(small: Path) -> None:
    pages = small_pages(small)
    for code in ("330110", "659001"):
        (offer,) = pages[f"/priority/{code}/"].view.offers
        assert offer.school_id == SCHOOL
        assert offer.confirmed_on == dt.date(2026, 3, 2)
        assert pages[f"/priority/{code}/leaflet/"].canonical == f"/priority/{code}/"
    assert pages["/priority/330102/"].view.offers == ()
    assert pages["/priority/330102/"].view.in_province == 1


def test_a_school_that_names_a_list_is_on_the_pages_of_its_counties(small: Path) -> None:
    pages = small_pages(small)
    view = pages["/priority/650102/"].view
    assert view.offers == ()
    assert [offer.gets for offer in view.of_lists] == ["演示：免住宿费"]
    assert pages["/priority/lists/yanshi-list/"].view.offers.total == 1


def test_paired_schools_are_told_where_either_of_them_stands(small: Path) -> None:
    pages = small_pages(small)
    for code in ("330102", "659001"):
        (pair,) = pages[f"/priority/{code}/"].view.pairs
        assert pair.partners == ("演示石河子技师学院",)
    assert pages["/priority/330203/"].view.pairs == ()


def test_a_suspended_school_gives_no_priority(small: Path) -> None:
    register = small / "registry/zhejiang/schools.csv"
    register.write_text(register.read_text().replace("school.example.com,active", ",suspended"))
    assert small_pages(small)["/priority/330110/"].view.offers == ()


def test_the_corps_sends_its_visitors_to_the_province_in_which_it_lies(small: Path) -> None:
    view = small_pages(small)["/priority/xinjiang-bingtuan/"].view
    assert view.cities == ()
    assert view.elsewhere is not None
    assert view.elsewhere.url == "/priority/xinjiang/"


def test_an_area_that_nobody_can_look_up_is_a_fault_with_its_line(small: Path) -> None:
    profile = small / f"schools/zhejiang/{SCHOOL}/profile.md"
    text = profile.read_text().replace('[余杭区, "659001"]', "[余杭县, 123456]")
    profile.write_text(text)
    _, problems = load(small, TODAY)
    found = [problem for problem in problems if problem.code == "profile-unknown-priority-area"]
    assert len(found) == 2
    assert "余杭区" in found[0].fix + found[1].fix
    assert all("areas" in text.split("\n")[problem.line - 1] for problem in found)


def test_a_name_that_several_counties_bear_must_be_given_as_a_code(
    real_catalogue: Catalogue,
) -> None:
    reference = real_catalogue.reference
    assert reference.area_key("鼓楼区") is None
    assert reference.area_key("320106") == "320106"
    assert reference.area_key("昭觉县") == "513431"
    assert reference.area_key("四川省") == "510000"
    assert reference.area_key("三区三州") == "sanqu_sanzhou"


def test_a_list_with_a_county_that_does_not_exist_is_a_fault(small: Path) -> None:
    areas = small / "reference/priority_areas.csv"
    areas.write_text(areas.read_text().replace("650102,天山区", "650102,天池区"))
    _, problems = load(small, TODAY)
    (problem,) = [one for one in problems if one.code == "priority-unknown-county"]
    assert "天山区" in problem.fix
    assert problem.line == 2


def test_the_search_box_knows_every_county(real_catalogue: Catalogue) -> None:
    rows = json.loads(priority.counties_json(real_catalogue))
    assert len(rows) == len(real_catalogue.reference.counties) + 4
    assert ["513431", "昭觉县", "四川省 凉山彝族自治州"] in rows


def test_a_printed_code_leads_to_the_county_where_the_site_has_an_origin(small: Path) -> None:
    catalogue, _ = load(small, TODAY)
    sheet = pages_of(catalogue, "https://site.example")["/priority/650102/leaflet/"].view
    assert sheet.qr is not None
    assert sheet.qr.text == "https://site.example/priority/650102/"
