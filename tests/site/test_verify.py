"""`verify` finds nothing on the site, and finds what is broken on purpose."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from plugins.publish import nu_checker
from plugins.publish.nu_checker import nu_problems
from plugins.publish.source import Folder
from plugins.publish.verify import verify
from tests.conftest import PROJECT


@pytest.fixture
def copy(small_site: Path, tmp_path: Path) -> Path:
    shutil.copytree(small_site, tmp_path / "site")
    return tmp_path / "site"


def problems(site: Path) -> str:
    return "\n".join(verify(Folder(site), all_html=False).problems)


def test_nothing_is_wrong_with_the_small_site(small_site: Path) -> None:
    result = verify(Folder(small_site))
    assert result.problems == ()
    assert result.pages == len(list(small_site.rglob("*.html"))) - 1, "all but 404.html"


def test_nothing_is_wrong_with_the_real_site(real_site: Path) -> None:
    result = verify(Folder(real_site), all_html=False)
    assert result.problems == ()
    assert result.pages == len(list(real_site.rglob("*.html"))) - 1, "all but 404.html"


@pytest.mark.parametrize(
    ("broken", "found"),
    [
        ("<a href='/nowhere/'>", "/about/ 里的链接 /nowhere/ 应答 404"),
        ("<a href='/levels/#nowhere'>x</a>", "/about/ 里的链接 /levels/#nowhere 找不到位置"),
        ("<img src='/photos/no.jpg' alt=''>", "里的链接 /photos/no.jpg 应答 404"),
        ("<p id='main'>twice</p>", "/about/ 里 id “main” 重复"),
        ("<p style='color:red'>x</p>", "/about/ 里的 <p style> 会被安全策略挡住"),
        ("<script>1</script>", "/about/ 里的 <script> 会被安全策略挡住"),
        ("<p><table></p></table>", "HTML 有错"),
    ],
)
def test_what_is_broken_in_a_page_is_found(copy: Path, broken: str, found: str) -> None:
    page = copy / "about/index.html"
    page.write_text(page.read_text("utf-8").replace("</main>", broken + "</main>"), "utf-8")
    assert found in problems(copy)


def test_a_missing_stylesheet_and_an_imported_script_are_found(copy: Path) -> None:
    next(copy.glob("assets/*/css/site.css")).unlink()
    engine = next(copy.glob("assets/*/js/search-engine.js"))
    engine.unlink()
    found = problems(copy)
    assert "css/site.css 应答 404" in found
    assert "js/search-engine.js 应答 404" in found


def test_a_sitemap_must_be_complete_and_true(copy: Path) -> None:
    sitemap = copy / "sitemap.xml"
    text = sitemap.read_text("utf-8")
    sitemap.write_text(re.sub(r"(<loc>[^<]*/about/)", r"\1old/", text), "utf-8")
    found = problems(copy)
    assert "站点地图里没有 /about/" in found
    assert "站点地图里的 /about/old/ 从首页走不到" in found


@pytest.mark.java
def test_the_checker_of_the_w3c_finds_no_error_on_any_page(small_site: Path) -> None:
    pages = {
        file.relative_to(small_site).as_posix(): file.read_bytes()
        for file in small_site.rglob("*.html")
    }
    wrong = b'<!doctype html><html lang="zh-CN"><title>x</title><ul><p>x</p></ul></html>'
    found = nu_problems({**pages, "wrong.html": wrong}, PROJECT / ".cache")
    assert found == [
        "/wrong.html 第 1 行，Nu 检查：Element “p” not allowed as child of element “ul” in this "
        "context. (Suppressing further errors from this subtree.)"
    ]


@pytest.mark.java
def test_what_is_accepted_is_still_found(small_site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An exception that nothing needs any more is to be deleted."""
    monkeypatch.setattr(nu_checker, "ACCEPTED", ())
    page = (small_site / "reporting/zhejiang/index.html").read_bytes()
    found = nu_problems({"reporting/zhejiang/index.html": page}, PROJECT / ".cache")
    assert found
    assert all("“role”" in problem for problem in found)
