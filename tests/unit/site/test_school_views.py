"""The page of a school before any template shows it: plan, gaps, questions, applying, updates."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from plugins.catalogue import load
from plugins.photos import derive
from plugins.sanitize import Renderer
from plugins.site.expected import expected_addresses
from plugins.site.page import Page
from plugins.site.views import school as school_view
from plugins.site.views.school.changes import Change
from plugins.site.views.study_years import tuition_words

WHOLE = "yanshi-jishi-xueyuan"
BARE = "yanshi-dier-jigong-xuexiao"


def page_of(
    small: Path, day: str, school_id: str, changed: dict[str, dt.date] | None = None
) -> Page:
    catalogue, problems = load(small, dt.date.fromisoformat(day))
    assert [problem for problem in problems if problem.severity == "error"] == []
    photos = {
        path: derive(small / path, facts, small.parent / "cache")
        for path, facts in catalogue.photos.items()
    }
    school = catalogue.school_by_id[school_id]
    return school_view.school_page(
        catalogue, school, Renderer().render, photos, changed=changed or {}
    )


def view_of(small: Path, day: str, school_id: str) -> school_view.SchoolView:
    view = page_of(small, day, school_id).view
    assert isinstance(view, school_view.SchoolView)
    return view


def edit(file: Path, old: str, new: str) -> None:
    text = file.read_text("utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), "utf-8")


def profile_file(small: Path) -> Path:
    return small / f"schools/zhejiang/{WHOLE}/profile.md"


@pytest.mark.parametrize(
    ("day", "possible", "words", "windows"),
    [
        ("2026-05-01", True, "现在可以报名", 1),
        ("2026-09-01", False, "2026 年的报名已在 2026 年 8 月 31 日截止", 0),
        ("2027-01-01", False, "2026 年的报名已经过去", 0),
    ],
)
def test_applying_is_offered_only_while_the_plan_allows_it(
    small: Path, day: str, possible: bool, words: str, windows: int
) -> None:
    edit(
        profile_file(small),
        "wechat: 演示公众号",
        "wechat: 演示公众号\n  apply_url: https://apply.example.com/a",
    )
    apply = view_of(small, day, WHOLE).apply
    assert (apply.possible, len(apply.windows)) == (possible, windows)
    assert words in apply.answer
    assert ("报名网址" in [fact.label for fact in apply.facts]) == possible
    assert "招生电话" in [fact.label for fact in apply.facts]


@pytest.mark.parametrize("status", ["suspended", "closed", f"merged:{BARE}"])
def test_a_school_that_does_not_enrol_never_says_it_does(small: Path, status: str) -> None:
    edit(small / "registry/zhejiang/schools.csv", ",active,", f",{status},")
    view = view_of(small, "2026-06-01", WHOLE)
    assert view.plan is not None
    assert view.plan.notice.stamp == "停招"
    assert not view.apply.possible
    assert (view.apply.windows, view.apply.facts, view.questions) == ((), (), ())
    assert (view.missing is None) == (status != "suspended")


def test_a_merged_school_leads_to_its_successor(small: Path) -> None:
    view = view_of(small, "2026-06-01", "yanshi-jiu-jigong-xuexiao")
    assert view.merged_into is not None
    assert view.merged_into.url == "/schools/yanshi-shihezi-jishi-xueyuan/"


def test_the_plan_is_grouped_by_entry_then_training_level(small: Path) -> None:
    plan = view_of(small, "2026-06-01", WHOLE).plan
    assert plan is not None
    shape = [
        (e.entry, e.anchor, e.rows, e.seats, [(g.training_level, g.anchor) for g in e.groups])
        for e in plan.entries
    ]
    assert shape == [
        ("初中", "entry-1", 2, 85, [("中级工", "entry-1-1"), ("高级工", "entry-1-2")]),
        ("中职", "entry-2", 1, 20, [("高级工", "entry-2-1")]),
    ]
    assert plan.entries[0].groups[0].rows[0].tuition == (3200, 3200, 2800)


@pytest.mark.parametrize(
    ("tuition", "words"),
    [
        ((None, None), ()),
        ((3200, 3200, 3200), ("每学年 3,200 元",)),
        ((3200, 3200, 2800), ("第 1—2 学年 3,200 元", "第 3 学年 2,800 元")),
        ((0, None), ("第 1 学年 0 元", "第 2 学年 没有写")),
    ],
)
def test_tuition_is_told_in_as_few_lines_as_it_needs(
    tuition: tuple[int | None, ...], words: tuple[str, ...]
) -> None:
    assert tuition_words(tuition) == words


def test_a_school_without_a_profile_lists_every_section_as_missing(small: Path) -> None:
    view = view_of(small, "2026-06-01", BARE)
    assert view.story == ()
    assert view.missing is not None
    assert [(gap.why, gap.what) for gap in view.missing.school] == [
        (
            "学校还没有提交介绍",
            ("历史沿革", "优势特色", "就业状况", "资助政策", "校园环境", "报名方式", "照片"),
        )
    ]
    assert [(gap.why, gap.what) for gap in view.missing.authority] == [
        ("名册里没有写", ("地址", "招生电话", "官方网站")),
        ("本站还没有收到文件", ("2026 年招生计划",)),
        ("2025 年的计划文件里没有写", ("学费", "住宿费")),
    ]


def test_a_gap_for_which_the_school_gave_a_reason_says_that_reason(small: Path) -> None:
    missing = view_of(small, "2026-06-01", WHOLE).missing
    assert missing is not None
    assert [(gap.why, gap.what) for gap in missing.school] == [
        ("学校填的是“未公布”：学校没有公布", ("毕业后的月薪",)),
        ("学校交来的资料里没有写", ("实习安排", "校区地址")),
    ]


def test_a_section_with_declared_facts_only_is_not_missing(small: Path) -> None:
    story = {section.heading: section for section in view_of(small, "2026-06-01", WHOLE).story}
    assert [heading for heading, section in story.items() if section.blocks] == [
        "历史沿革",
        "优势特色",
    ]
    assert "就业状况" in story
    assert "报名方式" not in story


def test_questions_ask_for_what_the_page_lacks_and_for_nothing_else(small: Path) -> None:
    asked = [question.because for question in view_of(small, "2026-06-01", WHOLE).questions]
    assert asked == ["这里没有写学历合作；技能等级证书不是学历证书", "这里没有写实习安排"]
    bare = view_of(small, "2026-06-01", BARE).questions
    assert len(bare) == 6
    assert bare[0].because == "这里没有今年能用的计划"
    assert bare[1].because == "主管部门还没有确认这所学校"


def test_a_salary_is_drawn_only_when_all_three_quarters_are_known(small: Path) -> None:
    profile = profile_file(small)
    employment = view_of(small, "2026-06-01", WHOLE).employment
    assert employment is not None
    assert [group.salary for group in employment.groups] == [None, None]
    edit(profile, "salary_p50: 未公布", "salary_p25: 3600\n  salary_p75: 5800")
    employment = view_of(small, "2026-06-01", WHOLE).employment
    assert employment is not None
    assert employment.groups[1].salary is None
    edit(profile, "salary_p25: 3600", "salary_p25: 3600\n  salary_p50: 4500")
    employment = view_of(small, "2026-06-01", WHOLE).employment
    assert employment is not None
    chart = employment.groups[1].salary
    assert chart is not None
    assert (chart.begins, chart.middle, chart.ends, chart.top) == (60, 75, 96.7, 6000)
    assert "3,600 元到 5,800 元" in chart.words


def test_the_updates_hold_the_day_of_the_last_edit_and_date_the_page(small: Path) -> None:
    path = f"schools/zhejiang/{WHOLE}/profile.md"
    page = page_of(small, "2026-06-01", WHOLE, {path: dt.date(2026, 5, 20)})
    assert page.view.changes[0] == Change("修改学校介绍", dt.date(2026, 5, 20))
    assert page.changed_on == dt.date(2026, 5, 20)
    later = page_of(small, "2026-06-01", WHOLE, {path: dt.date(2026, 6, 2)})
    assert later.changed_on == dt.date(2026, 3, 2), "a day still to come cannot be the last change"


def test_two_hundred_programmes_keep_their_order_and_their_sum(small: Path) -> None:
    plan = small / "registry/zhejiang/plans/2026.csv"
    header, row, *_ = plan.read_text("utf-8").splitlines()
    rows = [row.replace("数控车工,", f"数控车工,方向{at}") for at in range(200)]
    plan.write_text("\n".join([header, *rows]) + "\n", "utf-8")
    view = view_of(small, "2026-06-01", WHOLE).plan
    assert view is not None
    (entry,) = view.entries
    assert (entry.rows, entry.seats) == (200, 8000)
    assert [row.direction for row in entry.groups[0].rows] == [f"方向{at}" for at in range(200)]


def test_the_page_leads_to_national_aid_as_soon_as_the_site_has_that_page(small: Path) -> None:
    catalogue, _ = load(small, dt.date(2026, 6, 1))
    shown = view_of(small, "2026-06-01", WHOLE).aid_url
    assert (shown is not None) == ("/aid/" in expected_addresses(catalogue))
