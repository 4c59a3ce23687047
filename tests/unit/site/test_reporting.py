"""What the pages of 报送进度 count, on the small tree and on trees that lack something."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import replace
from pathlib import Path

from plugins.admin_form.backend import parse_backend
from plugins.catalogue import Catalogue, load
from plugins.catalogue.schema import REGISTER_COLUMNS, FrontMatter
from plugins.catalogue.vocabulary import SECTIONS
from plugins.site.reporting import UnitReport, reporting_files, unit_reports
from tests.conftest import TODAY


def catalogue_of(content: Path, today: dt.date = TODAY) -> Catalogue:
    return load(content, today)[0]


def report_of(catalogue: Catalogue, unit: str, **changed: dt.date) -> UnitReport:
    [report] = [one for one in unit_reports(catalogue, changed) if one.province == unit]
    return report


def test_every_unit_has_a_report_and_every_school_is_counted_once(small: Path) -> None:
    catalogue = catalogue_of(small)
    reports = unit_reports(catalogue, {})
    assert len(reports) == len(catalogue.reference.provinces)
    assert sum(report.schools + report.gone for report in reports) == len(catalogue.schools)
    for report in reports:
        assert report.verified <= report.schools
        assert report.complete + len(report.lacking) == report.schools


def test_a_plan_of_last_year_is_no_plan_of_this_year(small: Path) -> None:
    now = report_of(catalogue_of(small), "zhejiang")
    later = report_of(catalogue_of(small, TODAY.replace(year=TODAY.year + 1)), "zhejiang")
    assert now.with_plan > later.with_plan == 0
    assert later.newest_plan == now.newest_plan == TODAY.year
    assert later.year == TODAY.year + 1


def test_a_closed_school_lacks_nothing_any_more(small: Path) -> None:
    catalogue = catalogue_of(small)
    first = catalogue.schools_of_province["zhejiang"][0]
    closed = replace(
        catalogue,
        schools=tuple(
            one.model_copy(update={"status": "closed"}) if one is first else one
            for one in catalogue.schools
        ),
    )
    before, after = report_of(catalogue, "zhejiang"), report_of(closed, "zhejiang")
    assert (after.schools, after.gone) == (before.schools - 1, before.gone + 1)
    assert first.school_id not in [one.school_id for one in after.lacking]


def test_a_school_without_a_profile_is_listed_with_what_the_register_lacks(small: Path) -> None:
    catalogue = catalogue_of(small)
    without = replace(catalogue, profiles={})
    report = report_of(without, "zhejiang")
    assert report.profiles == report.complete_profiles == 0
    assert len(report.lacking) == report.schools
    for one in report.lacking:
        assert [lack.what for lack in one.by_school] == ["介绍"]
        assert one.command == f"invoke new-school {one.school_id}"


def test_every_missing_thing_says_where_it_is_added_and_by_whom(small: Path) -> None:
    """The table of a unit has a row for each, and its columns and fields are declared ones."""
    catalogue = catalogue_of(small)
    report = report_of(catalogue, "zhejiang")
    lacks = {lack for one in report.lacking for lack in (*one.by_authority, *one.by_school)}
    assert {(one.what, one.where) for one in report.to_add} == {
        (lack.what, lack.where) for lack in lacks
    }
    assert {one.owner for one in report.to_add} == {"主管部门", "学校"}
    for thing in report.to_add:
        if thing.owner == "主管部门":
            assert thing.where in REGISTER_COLUMNS or thing.where == "plans/2026.csv"
        else:
            top = thing.where.removeprefix("## ").partition(".")[0]
            assert thing.where == "profile.md" or top in {*FrontMatter.model_fields, *SECTIONS}


def test_a_report_links_to_the_form_where_there_is_one(small: Path) -> None:
    catalogue = catalogue_of(small)
    [on_github] = [
        one
        for one in unit_reports(catalogue, {}, parse_backend("github:yanshi/zhaosheng"))
        if one.province == "zhejiang"
    ]
    assert on_github.register_page == (
        "https://github.com/yanshi/zhaosheng/edit/main/content/registry/zhejiang/schools.csv"
    )
    for one in on_github.lacking:
        if one.has_profile:
            assert one.form_url.startswith("/admin/#/collections/zhejiang/entries/")
            assert (
                one.command == f"invoke check content/schools/zhejiang/{one.school_id}/profile.md"
            )
        else:
            assert one.form_url.startswith("https://github.com/yanshi/zhaosheng/issues/new")
    plain = report_of(catalogue, "zhejiang")
    assert not plain.register_page
    assert not any(one.form_url for one in plain.lacking)


def test_warnings_and_changes_are_those_of_the_unit(small: Path) -> None:
    catalogue = replace(
        catalogue_of(small),
        warnings={"registry/zhejiang/schools.csv": 2, "schools/zhejiang/a/profile.md": 1, "x": 9},
    )
    changed = {
        "registry/zhejiang/schools.csv": dt.date(2026, 3, 1),
        "schools/zhejiang/a/profile.md": dt.date(2026, 4, 1),
        "schools/beijing/b/profile.md": dt.date(2026, 5, 1),
        "reference/majors.csv": dt.date(2026, 6, 1),
    }
    by_unit = {one.province: one for one in unit_reports(catalogue, changed)}
    assert by_unit["zhejiang"].warnings == 3
    assert by_unit["zhejiang"].newest_change == dt.date(2026, 4, 1)
    assert by_unit["beijing"].warnings == 0
    assert by_unit["xinjiang"].newest_change is None


def test_the_check_counts_its_warnings_for_the_report(small: Path) -> None:
    profile = next((small / "schools/zhejiang").glob("*/profile.md"))
    profile.write_text(profile.read_text("utf-8") + "\n我校是全省最好的学校。\n", "utf-8")
    catalogue, problems = load(small, TODAY)
    warned = [one for one in problems if one.severity == "warning"]
    assert warned
    assert report_of(catalogue, "zhejiang").warnings == len(warned)


def test_the_json_tells_what_the_page_tells(small: Path) -> None:
    reports = unit_reports(catalogue_of(small), {})
    files = dict(reporting_files(reports))
    assert len(files) == len(reports) + 1
    national = json.loads(files["reporting/index.json"])["units"]
    assert [one["schools"] for one in national] == [one.schools for one in reports]
    unit = json.loads(files["reporting/zhejiang/index.json"])
    listed = next(one for one in reports if one.province == "zhejiang").lacking
    assert [one["name"] for one in unit["lacking"]] == [one.name for one in listed]


def test_recent_changes_are_told_in_words_newest_first_and_not_before_their_day(
    small: Path,
) -> None:
    changed = {
        "registry/zhejiang/schools.csv": dt.date(2026, 3, 1),
        "registry/zhejiang/plans/2026.csv": dt.date(2026, 4, 1),
        "registry/zhejiang/plans/2027.draft.csv": dt.date(2026, 5, 1),
        "schools/zhejiang/yanshi-jishi-xueyuan/profile.md": dt.date(2026, 5, 2),
        "schools/zhejiang/yanshi-jishi-xueyuan/gate.jpg": dt.date(2026, 5, 2),
        "news/zhejiang/x.md": TODAY + dt.timedelta(days=1),
    }
    reports = unit_reports(catalogue_of(small), changed)
    told = next(one for one in reports if one.province == "zhejiang").recent
    assert [one.what for one in told] == ["演示技师学院的介绍", "2026 年招生计划", "学校名册"]


def test_files_with_warnings_are_named_and_the_share_is_rounded_down(small: Path) -> None:
    catalogue = replace(catalogue_of(small), warnings={"registry/zhejiang/schools.csv": 2})
    report = report_of(catalogue, "zhejiang")
    assert [(one.path, one.warnings) for one in report.warned] == [
        ("registry/zhejiang/schools.csv", 2)
    ]
    assert report.verified_percent == report.verified * 100 // report.schools < 100
    assert report_of(catalogue, "xinjiang").verified_percent == 0
    files = dict(reporting_files(unit_reports(catalogue, {})))
    unit = json.loads(files["reporting/zhejiang/index.json"])
    assert (unit["verified_percent"], unit["warned"][0]["warnings"]) == (
        report.verified_percent,
        2,
    )
