"""Contributed Markdown becomes plain, safe HTML, whatever stands in it."""

from __future__ import annotations

import html5lib
import pytest
from hypothesis import given
from hypothesis import strategies as st

from plugins.sanitize import Renderer
from plugins.sanitize.long_way import TAGS

ATTACKS = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    '<a href="javascript:alert(1)">x</a>',
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](java\tscript:alert(1))",
    "[x](&#106;avascript:alert(1))",
    "[x](data:text/html;base64,PHNjcmlwdD4=)",
    "[x](vbscript:msgbox)",
    "[x](//evil.example/a)",
    "[x](\\\\evil.example)",
    "[x](http://evil.example)",
    "[x](/provinces/)",
    "[x]({filename}/../secret.md)",
    "[x]({attach}../../etc/passwd)",
    "![x](https://evil.example/pixel.png)",
    "![x](javascript:alert(1))",
    "<javascript:alert(1)>",
    "[x]: javascript:alert(1)\n\n[x]",
    '[x](https://a.example "onmouseover=alert(1)")',
    "<svg/onload=alert(1)>",
    "<style>body{display:none}</style>",
    "<iframe src=https://evil.example></iframe>",
    "<form action=https://evil.example><input name=q></form>",
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    '<p id="main" class="masthead" style="position:fixed">x</p>',
    "<!--<img src=x onerror=alert(1)>-->",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "`<script>alert(1)</script>`",
    "```html\n<script>alert(1)</script>\n```",
    "{{ 7 * 7 }} {% raw %}",
    "text {: onclick=alert(1) .masthead #main }",
    "| a |\n|---|\n| <img src=x onerror=alert(1)> |",
    "[来源1](javascript:alert(1))",
    "[来源1<script>]",
    "<https://example.com/a[来源1]>",
    "[招生网 [来源1]](https://example.com)",
    "[x](https://example.com/>[来源1])",
    "[1](source:1)",
    "[演示](source:1)",
    "[1](source:1x)",
    "[1](SOURCE:1/a)",
    "[1](source:1 'x') [来源1]",
    '[a](source:1" onclick=x)',
    "`[来源1]`",
    'href="source:1" [来源1]',
]


def elements(html: str) -> list[tuple[str, dict[str, str]]]:
    document = html5lib.parseFragment(html, namespaceHTMLElements=False)
    return [(str(node.tag), dict(node.attrib)) for node in document.iter() if node is not document]


def assert_safe(html: str) -> None:
    """Parsed as a browser would, there is nothing in `html` but what we allow."""
    for tag, attributes in elements(html):
        assert tag in TAGS | {"span"}, html
        if tag == "span":
            assert attributes == {"class": "visually-hidden"}
            continue
        assert set(attributes) <= {"href", "rel", "class", "start"}, html
        if "class" in attributes:
            assert (tag, attributes["class"]) == ("a", "source-mark")
            assert attributes["href"].startswith("#source-")
        elif "href" in attributes:
            assert attributes["href"].startswith(("https://", "mailto:", "tel:")), html
            assert attributes["rel"] == "nofollow noopener ugc"


@pytest.fixture(scope="module")
def thorough() -> Renderer:
    """A renderer that tries every inline pattern on every text."""
    renderer = Renderer()
    renderer._long_way._markdown.treeprocessors.deregister("plain-text")
    return renderer


@given(
    st.lists(
        st.sampled_from(
            [*"`\\[]()<>&*_!~-+#|: 1x学", "\n", "  \n", "\n\n", "- ", "**", "__", "[来源1]",
             "&amp;", "[x](https://a.example)", "<https://a.example>", "<a@b.example>",
             "![x](y)", "    "]
        ),
        max_size=40,
    ).map("".join)
)  # fmt: skip
def test_leaving_plain_text_alone_changes_nothing(thorough: Renderer, text: str) -> None:
    assert Renderer().render(text) == thorough.render(text)


@pytest.mark.parametrize("attack", ATTACKS)
def test_an_attack_comes_out_harmless(attack: str) -> None:
    assert_safe(Renderer().render(attack))


@given(st.text(alphabet="<>\"'&;:/\\()[]{}!#*_`|~-= \n\tabscriptjvon1来源", max_size=120))
def test_no_text_comes_out_harmful(text: str) -> None:
    assert_safe(Renderer().render(text))


def test_ordinary_text_keeps_its_form() -> None:
    html = Renderer().render(
        "### 实训\n\n**数控**车间\n\n- 一\n- 二\n\n[网站](https://a.example/x)"
    )
    assert "<h3>实训</h3>" in html
    assert "<strong>数控</strong>" in html
    assert "<li>一</li>" in html
    assert '<a href="https://a.example/x" rel="nofollow noopener ugc">网站</a>' in html


def test_tables_are_kept() -> None:
    assert "<td>20</td>" in Renderer().render("| 车间 | 台数 |\n|---|---|\n| 数控 | 20 |")


def test_a_source_mark_leads_to_the_source_on_the_page() -> None:
    assert 'href="#source-2"' in Renderer().render("建校 [来源2]。")


def test_a_source_mark_never_stands_inside_a_link_or_code() -> None:
    for text in ("[网站 [来源1]](https://a.example)", "<https://a.example/[来源1]>", "`[来源1]`"):
        assert "source-mark" not in Renderer().render(text)


def test_one_text_leaves_no_trace_in_the_next() -> None:
    renderer = Renderer()
    renderer.render("[x]: https://a.example\n\n[x]")
    assert "href" not in renderer.render("[x]")
