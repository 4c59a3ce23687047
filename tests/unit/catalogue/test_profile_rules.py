"""Rules beyond the shape, over a whole tree: one profile is changed, one problem is told."""

from __future__ import annotations

import datetime as dt
import os
import sys
from pathlib import Path
from typing import Any

import pytest

from plugins.catalogue import Problem, load
from plugins.catalogue.links import is_private
from plugins.catalogue.personal_data import is_bank_card, is_identity_number
from plugins.catalogue.records import Records
from plugins.site.snapshot import take

TODAY = dt.date(2026, 6, 1)
PROFILE = "schools/zhejiang/yanshi-jishi-xueyuan/profile.md"


def codes(content: Path) -> list[str]:
    return [problem.code for problem in load(content, TODAY)[1]]


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("建校 [来源1]", "张三 11010519491231002X", "personal-identity-number"),
        ("建校 [来源1]", "张三 １１０１０５ 19491231 002x", "personal-identity-number"),
        ("建校 [来源1]", "联系 13900001111", "personal-mobile-number"),
        ("建校 [来源1]", "联系 139-0000-1111", "personal-mobile-number"),
        ("建校 [来源1]", "汇到 6222020200112233445", None),
        ("建校 [来源1]", "汇到 4111 1111 1111 1111", "personal-bank-card"),
        ("school.example.com/a", "192.168.1.1/a", "link-private-address"),
        ("school.example.com/a", "oa.school.lan/a", "link-private-address"),
        ("school.example.com/a", "user:pw@school.example.com/a", "link-with-password"),
        ("[官网]", "[www.gov.cn]", "link-in-disguise"),
        ("cohort_year: 2025", "cohort_year: 2020", "year-cohort-old"),
        ("2026-03-02", "2024-12-31", "year-cohort-after-confirmation"),
        ("1985 年 3 月", "2030 年 3 月", "year-history-in-future"),
        ("一所只在测试里", "位于宁波市，只在测试里", "place-city-differs"),
        ("    boarding: yes", "    address: 宁波市甲路 1 号", "place-campus-elsewhere"),
        ("演示图案：蓝色的校门", "gate", "photo-alt-is-file-name"),
        ("演示图案：蓝色的校门", "IMG_2031", "photo-alt-is-file-name"),
        ("演示图案：蓝色的校门", "校园照片", "photo-alt-says-nothing"),
        ("0571-10000001", "0571-12345678", "profile-example-left"),
    ],
)
def test_one_change_gives_one_problem(small: Path, old: str, new: str, code: str | None) -> None:
    file = small / PROFILE
    text = file.read_text()
    assert old in text
    file.write_text(text.replace(old, new, 1))
    assert codes(small) == ([code] if code else [])


def test_a_number_that_the_school_declares_may_stand_in_its_text(small: Path) -> None:
    file = small / PROFILE
    text = file.read_text().replace("0571-10000001", "13900001111")
    file.write_text(text.replace("建校 [来源1]", "咨询 139 0000 1111"))
    assert codes(small) == []


def tell_twice(small: Path) -> None:
    """The same story for two schools."""
    file = small / PROFILE
    story = "\n".join(
        f"- 实训楼第{n}层有数控车床和加工中心共{n}台，学生轮流操作。" for n in range(20)
    )
    file.write_text(file.read_text() + "\n## 校园环境\n\n" + story + "\n")
    other = file.parent.with_name("yanshi-dier-jigong-xuexiao")
    other.mkdir()
    changed = story.replace("第3层", "第三层")
    (other / "profile.md").write_text(
        f"---\nsummary: 演示\nconfirmed_on: 2026-03-02\n---\n\n## 校园环境\n\n{changed}\n"
    )


def test_the_same_story_for_two_schools_is_found(small: Path) -> None:
    tell_twice(small)
    assert codes(small) == ["copied-from-another-school"]


def test_many_stories_are_compared_beside_with_the_same_outcome(
    small: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tell_twice(small)
    _, expected = load(small, TODAY)
    assert "copied-from-another-school" in [problem.code for problem in expected]
    module = sys.modules["plugins.catalogue.load"]
    monkeypatch.setattr(module, "_MANY_TEXTS", 2)
    compare, kept = module.check_copied_text, tmp_path / "kept"  # type: ignore[attr-defined]

    def noted(*args: Any) -> list[Problem]:
        (tmp_path / "by").write_text(str(os.getpid()))
        found: list[Problem] = compare(*args)
        return found

    monkeypatch.setattr(module, "check_copied_text", noted)
    kept.mkdir()
    for processes, is_beside in ((1, False), (2, True)):
        records = Records(kept, "one day", take(str(small), None).hashes, processes)
        assert load(small, TODAY, records=records)[1] == expected
        assert ((tmp_path / "by").read_text() != str(os.getpid())) == is_beside
        records.close()


def test_a_confirmation_ages(small: Path) -> None:
    _, problems = load(small, dt.date(2027, 12, 1))
    assert ("year-confirmed-long-ago", "warning") in {(p.code, p.severity) for p in problems}


def test_check_digits() -> None:
    assert is_identity_number("11010519491231002X")
    assert not is_identity_number("110105194912310021")
    assert not is_identity_number("11010519491331002X")
    assert is_bank_card("4111111111111111")
    assert not is_bank_card("4111111111111112")


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "2130706433", "0x7f.1", "localhost", "a.local", "::1"]
)
def test_private_hosts(host: str) -> None:
    assert is_private(host)
    assert not is_private("www.gov.cn")
