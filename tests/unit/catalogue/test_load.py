"""Loading: nothing good is lost because of something bad, and order never depends on the disk."""

from __future__ import annotations

import datetime as dt
import json
import os
import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from plugins.catalogue import Catalogue, load
from plugins.catalogue.cross_check import check_profile
from plugins.catalogue.read_profile import read_profile
from plugins.catalogue.schema import FrontMatter
from tests.conftest import add_other_photo

TODAY = dt.date(2026, 6, 1)
PROFILE = "schools/zhejiang/yanshi-jishi-xueyuan/profile.md"


def codes(content: Path) -> list[str]:
    return [problem.code for problem in load(content, TODAY)[1]]


def catalogue_of(content: Path) -> Catalogue:
    return load(content, TODAY)[0]


def test_a_broken_profile_is_set_aside_and_its_school_stays(small: Path) -> None:
    before = catalogue_of(small)
    (small / PROFILE).write_text("nonsense")
    after = catalogue_of(small)
    assert after.schools == before.schools
    assert after.quarantined == (PROFILE,)
    assert after.profiles == {}


def test_a_faulty_photo_sets_its_profile_aside(small: Path) -> None:
    (small / PROFILE).with_name("gate.jpg").write_bytes(b"not a picture")
    assert catalogue_of(small).quarantined == (PROFILE,)


def test_a_photo_without_words_for_the_blind_is_an_error(small: Path) -> None:
    add_other_photo((small / PROFILE).with_name("second.jpg"))
    assert codes(small) == ["photo-not-declared"]


def test_links_in_the_content_are_refused(small: Path, tmp_path: Path) -> None:
    (tmp_path / "outside.md").write_text("secret")
    (small / PROFILE).unlink()
    (small / PROFILE).symlink_to(tmp_path / "outside.md")
    assert "file-is-link" in codes(small)
    assert catalogue_of(small).profiles == {}


@pytest.mark.parametrize("path", ["news/a.md", "pages/a.md", "evil.rst", "extra/index.html"])
def test_nothing_lies_in_the_content_that_is_not_checked(small: Path, path: str) -> None:
    (small / path).parent.mkdir(exist_ok=True)
    (small / path).write_text("Title: x\nsave_as: index.html\n\n<script>alert(1)</script>")
    assert codes(small) == ["file-unexpected"]


def test_bingtuan_schools_may_stand_in_any_city_of_xinjiang(small: Path) -> None:
    places = {
        school.school_id: catalogue_of(small).city_of(school).name
        for school in catalogue_of(small).schools
        if school.province == "xinjiang-bingtuan"
    }
    assert places == {
        "yanshi-shihezi-jishi-xueyuan": "石河子市",
        "yanshi-jiu-jigong-xuexiao": "乌鲁木齐市",
    }


def test_a_municipality_is_its_own_city(small: Path) -> None:
    catalogue = catalogue_of(small)
    school = catalogue.school_by_id["yanshi-beijing-jishi-xueyuan"]
    assert catalogue.city_of(school).name == "北京市"


def test_variants_of_a_major_fold_into_one(small: Path) -> None:
    catalogue = catalogue_of(small)
    assert set(catalogue.programmes_of_major) == {
        "shukong-jiagong",
        "jisuanji-yingyong",
        "qiche-weixiu",
    }
    assert {row.major for row in catalogue.programmes_of_major["shukong-jiagong"]} == {
        "数控车工",
        "数控加工",
    }


def test_the_newest_plan_is_shown_and_older_ones_are_kept(small: Path) -> None:
    catalogue = catalogue_of(small)
    school = catalogue.school_by_id["yanshi-jishi-xueyuan"]
    assert [(plan.year, plan.seats) for plan in catalogue.plans[school.school_id]] == [
        (2026, 105),
        (2025, 35),
    ]


@pytest.mark.parametrize(("today", "past"), [("2026-12-31", False), ("2027-01-01", True)])
def test_a_plan_becomes_past_by_itself_at_new_year(small: Path, today: str, past: bool) -> None:
    catalogue, _ = load(small, dt.date.fromisoformat(today))
    plan = catalogue.newest_plan(catalogue.school_by_id["yanshi-jishi-xueyuan"])
    assert plan is not None
    assert catalogue.is_past(plan) is past


def test_a_register_row_moved_to_another_province_is_told_where_its_profile_belongs(
    small: Path,
) -> None:
    (small / "schools/beijing").mkdir()
    (small / "schools/zhejiang/yanshi-jishi-xueyuan").rename(
        small / "schools/beijing/yanshi-jishi-xueyuan"
    )
    _, problems = load(small, TODAY)
    assert [(p.code, p.fix) for p in problems] == [
        ("profile-not-in-register", "它在 zhejiang 的名册里，把文件夹移过去")
    ]


VALUES = st.recursive(
    st.sampled_from(["", "x", "95", "未公布", "2026-01-01", "[来源1]", "yes"]),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.just("name"), inner, max_size=1),
    max_leaves=4,
)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from(sorted(FrontMatter.model_fields)), VALUES)
def test_no_shape_of_a_declared_value_makes_the_check_raise(
    tmp_path: Path, key: str, value: object
) -> None:
    file = tmp_path / "profile.md"
    inner = dict.fromkeys(("rate", "salary_p25", "file", "phone"), value)
    for shape in (value, inner, [inner]):
        file.write_text(f"---\n{json.dumps({key: shape})}\n---\n")
        profile, document, problems = read_profile(file, "profile.md", "x", TODAY)
        assert profile is None
        assert problems
        if document is not None:
            list(check_profile("profile.md", document, {"a.jpg"}))


def test_a_long_line_of_marks_is_refused_quickly(tmp_path: Path) -> None:
    file = tmp_path / "profile.md"
    for line in ("# " + " #" * 9000 + "x", "[" * 19_000, "[a" * 9000, "![a](" * 3800):
        file.write_text(f"---\nsummary: a\n---\n\n## 历史沿革\n\n{line}\n")
        started = time.process_time()
        _, _, problems = read_profile(file, "profile.md", "x", TODAY)
        assert time.process_time() - started < 1
        assert "profile-line-too-long" in {problem.code for problem in problems}


def test_many_brackets_are_refused(tmp_path: Path) -> None:
    file = tmp_path / "profile.md"
    file.write_text("---\nsummary: a\n---\n\n## 历史沿革\n\n" + "[a [a\n" * 300)
    _, _, problems = read_profile(file, "profile.md", "x", TODAY)
    assert "profile-too-many-brackets" in {problem.code for problem in problems}


def test_a_file_name_that_is_no_text_is_told_as_text(small: Path) -> None:
    folder = os.fsencode(small / "schools/zhejiang/yanshi-jishi-xueyuan")
    with open(folder + b"/\xff\n\x1b.jpg", "wb") as stream:
        stream.write(b"x")
    _, problems = load(small, TODAY)
    assert problems
    for problem in problems:
        assert (problem.path + problem.message + problem.fix).isprintable()
        json.dumps(problem.path).encode("utf-8")


@pytest.mark.parametrize("target", ["yanshi-jiu-jigong-xuexiao", "nowhere"])
def test_a_merged_school_must_lead_to_one_that_exists(small: Path, target: str) -> None:
    register = small / "registry/xinjiang-bingtuan/schools.csv"
    register.write_text(
        register.read_text().replace("merged:yanshi-shihezi-jishi-xueyuan", f"merged:{target}")
    )
    expected = {"nowhere": "register-unknown-merge"}.get(target, "register-merge-not-final")
    assert codes(small) == [expected]
