"""The preview of one school: the page, what is missing, and nothing of it in the published site."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from plugins.site.preview import Preview, Shown, make_preview

PROJECT = Path(__file__).resolve().parents[3]
TODAY = dt.date(2026, 6, 1)


def preview(small: Path, tmp_path: Path, school_id: str = "yanshi-jishi-xueyuan") -> Preview:
    theme = PROJECT / "themes/jixiao"
    return make_preview(small, theme, tmp_path / "cache", school_id, TODAY, 1)


def test_the_page_has_its_style_its_photo_and_the_bar(small: Path, tmp_path: Path) -> None:
    made = preview(small, tmp_path)
    page = made.files["/schools/yanshi-jishi-xueyuan/"].decode()
    assert "<h1>演示技师学院</h1>" in page
    assert "preview-bar" in page
    assert any(name.endswith("/css/site.css") for name in made.files)
    assert any(name.endswith(".webp") for name in made.files)


def test_what_is_missing_is_named_with_a_reason(small: Path, tmp_path: Path) -> None:
    assert "缺 就业状况（正文的栏目）" in preview(small, tmp_path).summary
    empty = preview(small, tmp_path, "yanshi-dier-jigong-xuexiao").summary
    assert "缺 照片（没有照片，家长不知道学校什么样）" in empty


def test_a_broken_profile_shows_its_faults_on_the_page(small: Path, tmp_path: Path) -> None:
    file = small / "schools/zhejiang/yanshi-jishi-xueyuan/profile.md"
    file.write_text(file.read_text() + "\n我校包就业 <b>\n")
    made = preview(small, tmp_path)
    assert {problem.code for problem in made.problems} == {"claim-job-promised", "profile-raw-html"}
    assert made.summary == (
        "演示技师学院：资料里有错误，所以这一页暂时只有省里的资料；改好下面的错误，再看缺什么。"
    )
    assert "招生宣传不能这样承诺" in made.files["/schools/yanshi-jishi-xueyuan/"].decode()


def test_an_unknown_school_has_no_preview(small: Path, tmp_path: Path) -> None:
    with pytest.raises(KeyError):
        preview(small, tmp_path, "nowhere")


def test_waiting_ends_when_a_newer_page_is_put(small: Path, tmp_path: Path) -> None:
    shown = Shown(preview(small, tmp_path))
    assert shown.wait_after(0, 5) == 1
