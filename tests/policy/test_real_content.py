"""Promises about the real content: what is published is what the documents say, all of it."""

from __future__ import annotations

import csv
import datetime as dt
import json
import re
from collections import Counter
from pathlib import Path
from urllib.parse import unquote

import html5lib
import pytest

from plugins.addresses import file_of
from plugins.catalogue import Catalogue, load

PROJECT = Path(__file__).resolve().parents[2]
RAW = PROJECT / "data/raw"


def raw(name: str) -> list[dict[str, str]]:
    with (RAW / name).open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def links(html: str) -> set[str]:
    found = re.findall(r'<a\b[^>]*?\shref="(/[^"#?]*)', html)
    return {unquote(address) for address in found}


def test_the_content_passes_its_own_check(real_content: Path) -> None:
    _, problems = load(real_content, dt.date(2026, 11, 23))
    assert problems == ()


def test_97_schools_are_verified_and_40_are_not(real_catalogue: Catalogue) -> None:
    counts = Counter((school.province, school.verified) for school in real_catalogue.schools)
    assert counts["zhejiang", True] == 97
    assert sum(number for (_, verified), number in counts.items() if not verified) == 40
    assert sum(counts.values()) == 137


def test_zhejiang_2025_is_complete(real_catalogue: Catalogue) -> None:
    plans = [plan for plans in real_catalogue.plans.values() for plan in plans]
    assert {plan.year for plan in plans} == {2025}
    assert sum(len(plan.programmes) for plan in plans) == 1786
    assert sum(plan.seats for plan in plans) == 85954
    assert len(plans) == 97


def test_18_units_have_no_school_and_say_so(real_catalogue: Catalogue, real_site: Path) -> None:
    empty = [slug for slug, found in real_catalogue.schools_of_province.items() if not found]
    assert len(empty) == 18
    for slug in empty:
        page = (real_site / f"provinces/{slug}/index.html").read_text("utf-8")
        unit = real_catalogue.reference.province_by_slug[slug]
        assert unit.authority in page
        assert "12333" in page
        for neighbour in unit.neighbours:
            assert f'href="/provinces/{neighbour}/"' in page


def test_no_school_of_grade_c_is_published(real_site: Path, real_catalogue: Catalogue) -> None:
    published = {school.name for school in real_catalogue.schools}
    names = {row["name"] for row in raw("schools.csv") if row["source_grade"] == "C"}
    assert len(names) == 21
    assert not names & published
    downloads = (real_site / "data/schools.json").read_text("utf-8")
    assert not [name for name in names if f'"{name}"' in downloads]


def test_every_page_that_shows_the_plan_names_its_document_and_date(
    real_site: Path, real_catalogue: Catalogue
) -> None:
    shown = [f"/schools/{school_id}/" for school_id in real_catalogue.plans]
    shown += [f"/majors/{slug}/" for slug in real_catalogue.programmes_of_major]
    shown += [f"/majors/{slug}/zhejiang/" for slug in real_catalogue.programmes_of_major]
    shown += ["/entry/", "/entry/chuzhong/", "/provinces/zhejiang/majors/"]
    shown += ["/provinces/zhejiang/by-seats/", "/provinces/zhejiang/jishi-xueyuan/"]
    shown += ["/", "/provinces/zhejiang/", "/provinces/zhejiang/330100/", "/majors/"]
    for address in shown:
        page = (real_site / file_of(address)).read_text("utf-8")
        assert "浙人社办发〔2025〕16号" in page, address
        assert "2025 年 5 月 7 日" in page, address
        assert "往年" in page, address
        assert "招生中" not in page, address


def test_every_national_figure_stands_on_the_home_page_with_its_owner_and_year(
    real_site: Path, real_catalogue: Catalogue
) -> None:
    home = (real_site / "index.html").read_text("utf-8")
    figures = real_catalogue.reference.national_figures
    assert {figure.id: figure.value for figure in figures} == {
        "schools-2024": "2,440",
        "students-2024": "428.7",
        "enrolled-2024": "157.2",
    }
    for figure in figures:
        said = f"{figure.as_of}；{figure.owner}的统计，{figure.source}"
        item = re.search(
            rf"<dt>{figure.title}</dt>\n<dd>(.*?)</dd>", home[home.find("全国一共有") :]
        )
        assert item, figure.id
        assert f">{figure.value}</span> {figure.unit}" in item.group(1)
        assert said in item.group(1)
        assert str(figure.year) in figure.as_of


def test_the_benefits_of_graduates_name_their_document_and_are_no_degree(real_site: Path) -> None:
    page = (real_site / "levels/index.html").read_text("utf-8")
    assert page.count("学历的有关待遇") == 3
    assert "人社部函〔2020〕52号" in page
    assert "待遇不等于学历证书" in page


def test_no_date_of_application_is_shown_while_none_is_published(real_site: Path) -> None:
    for name in ("index.html", "provinces/zhejiang/index.html", "provinces/hunan/index.html"):
        page = (real_site / name).read_text("utf-8")
        season = page.partition('class="enrolment-season')[2].partition("</section>")[0]
        assert "所以这里没有日期，也不猜" in season, name
        assert "12333" in season, name
        assert re.findall(r"<time", season) == [], name


def test_every_unverified_school_is_marked_on_its_page_and_in_lists(
    real_site: Path, real_catalogue: Catalogue
) -> None:
    for school in real_catalogue.schools:
        page = (real_site / f"schools/{school.school_id}/index.html").read_text("utf-8")
        card = page.partition('class="fact-card')[2].partition("</section>")[0]
        assert ("已核验" in card) is school.verified, school.name
        assert ("待主管部门核验" in card) is not school.verified, school.name
    hunan = (real_site / "provinces/hunan/index.html").read_text("utf-8")
    assert hunan.count("待主管部门核验") >= 7


def test_every_page_is_reachable_from_home_by_plain_links(real_site: Path) -> None:
    seen = {"/"}
    waiting = ["/"]
    while waiting:
        page = real_site / file_of(waiting.pop())
        if page.suffix != ".html":
            continue
        for address in links(page.read_text("utf-8")) - seen:
            assert (real_site / file_of(address)).is_file(), address
            seen.add(address)
            waiting.append(address)
    pages = {
        "/" + file.relative_to(real_site).as_posix().removesuffix("index.html")
        for file in real_site.rglob("*.html")
    }
    assert pages - seen == {"/404.html"}


def test_every_programme_of_the_document_stands_on_its_schools_page(
    real_site: Path, real_catalogue: Catalogue
) -> None:
    ids = {school.name: school.school_id for school in real_catalogue.schools}
    expected: dict[str, list[int]] = {}
    for row in raw("zj2025_programs.csv"):
        expected.setdefault(ids[row["school"]], []).append(int(row["plan_count"]))
    for school_id, seats in expected.items():
        page = (real_site / f"schools/{school_id}/index.html").read_text("utf-8")
        cells = re.findall(r'data-label="计划">([0-9,]+) 人', page)
        shown = [int(cell.replace(",", "")) for cell in cells]
        assert sorted(shown) == sorted(seats), school_id


def test_every_page_is_whole_html_with_a_title_and_a_canonical_address(real_site: Path) -> None:
    titles: dict[str, str] = {}
    for file in sorted(real_site.rglob("*.html")):
        name = file.relative_to(real_site).as_posix()
        text = file.read_text("utf-8")
        parser = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False)
        document = parser.parse(text)
        title = document.findtext(".//title") or ""
        assert title not in titles, f"{name} has the title of {titles.get(title)}"
        titles[title] = name
        description = document.find('.//meta[@name="description"]')
        assert description is not None, name
        assert 10 <= len(description.get("content", "")) <= 200, name
        assert len(document.findall(".//h1")) == 1, name
        if name != "404.html":
            canonical = document.find('.//link[@rel="canonical"]')
            assert canonical is not None, name
            main = re.sub(r"by-seats/(page-[0-9]+/)?|(?<=/)leaflet/", "", name)
            main = re.sub(r"^leaflets/", "schools/", main)
            assert canonical.get("href", "").endswith("/" + main.removesuffix("index.html"))


def test_structured_data_of_every_school_is_json(real_site: Path) -> None:
    pattern = re.compile(r'<script type="application/ld\+json">(.*?)</script>', re.DOTALL)
    for file in sorted((real_site / "schools").glob("*/index.html")):
        (block,) = pattern.findall(file.read_text("utf-8"))
        told = json.loads(block)
        assert "EducationalOrganization" in {one["@type"] for one in told.get("@graph", [told])}


def test_the_divisions_are_attributed_on_every_page(real_site: Path) -> None:
    for file in real_site.rglob("*.html"):
        assert "民政部国家地名信息库" in file.read_text("utf-8")
        assert "CC BY 4.0" in file.read_text("utf-8")


@pytest.mark.parametrize("word", ["大专学历", "本科学历", "包就业", "包分配", "演示数据"])
def test_no_page_promises_what_no_document_gives(real_site: Path, word: str) -> None:
    for file in sorted((real_site / "schools").glob("*/index.html")):
        assert word not in file.read_text("utf-8"), file


def test_nothing_is_loaded_from_elsewhere_and_nothing_runs_inline(real_site: Path) -> None:
    for file in sorted(real_site.rglob("*.html")):
        text = file.read_text("utf-8")
        for tag in re.findall(r"<(?:script|img|link|source|iframe|use)\b[^>]*>", text):
            if 'rel="canonical"' in tag:
                continue
            for value in re.findall(r'\s(?:src|srcset|href)="([^"]*)"', tag):
                assert re.match(r"/(?!/)|#", value), (file, tag)
        assert not re.search(r"\sstyle=|\son[a-z]+=|<style", text), file
        for opening in re.findall(r"<script\b[^>]*>", text):
            assert "src=" in opening or 'type="application/ld+json"' in opening, file
