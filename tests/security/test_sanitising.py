"""What the sanitiser and all that writes text promise, clause by clause.

`tests/unit/sanitize` tries single attacks and any text at all; here all vectors go through it.
"""

from __future__ import annotations

import ast
import csv
import io
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final
from xml.etree import ElementTree

import html5lib
import pytest
from openpyxl import load_workbook

from pelicanconf import JINJA_ENVIRONMENT, READERS, STATIC_PATHS
from plugins.open_data.formula import is_formula
from plugins.sanitize import Renderer
from plugins.site.build import build
from plugins.site.formats import json_ld
from tests.conftest import PROJECT, TODAY, quiet
from tests.security.hostile_site import build_hostile_sites
from tests.security.vectors import vectors

ALLOWED: Final = {
    "p", "br", "strong", "em", "del", "ul", "ol", "li", "blockquote", "h3", "h4", "h5", "h6",
    "table", "thead", "tbody", "tr", "th", "td", "code", "pre", "hr", "a", "span",
}  # fmt: skip


def elements(html: str) -> Iterator[tuple[str, dict[str, str]]]:
    tree = html5lib.parseFragment(html, namespaceHTMLElements=False)
    return ((str(node.tag), dict(node.attrib)) for node in tree.iter() if node is not tree)


def test_every_vector_comes_out_as_text_and_allowed_elements() -> None:
    """No element, no attribute and no address but those on the list, in any of the vectors."""
    renderer = Renderer()
    seen: set[str] = set()
    for vector in vectors():
        for tag, attributes in elements(renderer.render(vector.text)):
            seen.add(tag)
            assert tag in ALLOWED, vector
            assert not {"style", "id", "name", "src", "title"} & set(attributes), vector
            if "class" in attributes:
                assert attributes["class"] in ("source-mark", "visually-hidden"), vector
            elif "href" in attributes:
                assert attributes["href"].startswith(("https://", "mailto:", "tel:")), vector
                assert attributes["rel"] == "nofollow noopener ugc", vector
                assert "{" not in attributes["href"], vector
    assert {"a", "table", "code", "pre", "strong", "li", "blockquote"} <= seen


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("[x](https://a.example/b)", "https://a.example/b"),
        ("[x](mailto:a@b.example)", "mailto:a@b.example"),
        ("[x](tel:057112345678)", "tel:057112345678"),
        ("[x](http://a.example)", None),
        ("[x](HTTPS://a.example)", "HTTPS://a.example"),
        ("[x](//a.example)", None),
        ("[x](/\\a.example)", None),
        ("[x](\\\\a.example)", None),
        ("[x](/admin/)", None),
        ("[x](#main)", None),
        ("[x](?q=1)", None),
        ("[x](https://a.example/{id})", None),
        ("[x]({attach}/etc/passwd)", None),
        ("[x](|static|/etc/passwd)", None),
        ("[x](ftp://a.example)", None),
        ("[x](data:text/html,x)", None),
        ("[x](sms:10086)", None),
    ],
)
def test_only_these_addresses_stay(written: str, kept: str | None) -> None:
    links = [attributes for tag, attributes in elements(Renderer().render(written)) if tag == "a"]
    assert [link.get("href") for link in links] == [kept]


def test_no_picture_and_no_raw_element_comes_through() -> None:
    html = Renderer().render("![说明](https://a.example/a.png)\n\n<b>粗</b> <figure>图</figure>")
    assert {tag for tag, _ in elements(html)} == {"p"}
    assert "&lt;b&gt;" in html


def test_attribute_lists_and_footnotes_stay_text() -> None:
    text = "段落 {: .masthead #main onclick=x }\n\n注[^1]\n\n[^1]: 脚注"
    html = Renderer().render(text)
    assert "{: .masthead #main onclick=x }" in html
    # The note is a reference to a relative address, which a link loses.
    assert list(elements(html)) == [
        ("p", {}), ("p", {}), ("a", {"rel": "nofollow noopener ugc"}),
    ]  # fmt: skip


# --- templates


TEMPLATES: Final = sorted((PROJECT / "themes/jixiao").rglob("*.html"))

FINAL_HTML: Final = {
    "components/timeline.html": ["event.html"],
    "templates/article.html": ["view.html"],
    "templates/school.html": ["block.html", "view.apply.html"],
}
"""The only places where text is not escaped: HTML that the sanitiser has just made."""


def test_everything_is_escaped_but_what_the_sanitiser_made() -> None:
    assert JINJA_ENVIRONMENT["autoescape"] is True
    unescaped: dict[str, list[str]] = {}
    for file in TEMPLATES:
        text = file.read_text("utf-8")
        assert "autoescape" not in text, file
        assert not re.search(r"<script(?![^>]*\bsrc=)(?![^>]*application/ld\+json)", text), file
        if found := re.findall(r"([\w.]+)\s*\|\s*safe\b", text):
            unescaped[file.relative_to(PROJECT / "themes/jixiao").as_posix()] = found
    assert unescaped == FINAL_HTML


def test_json_in_a_page_goes_through_the_one_filter() -> None:
    found = [
        match
        for file in TEMPLATES
        for match in re.findall(r"ld\+json\">(.*?)</script>", file.read_text("utf-8"), re.DOTALL)
    ]
    assert found
    assert all(re.fullmatch(r"\s*\{\{-? *[\w.]+ *\| *json_ld *-?\}\}\s*", one) for one in found)
    for vector in vectors():
        text = str(json_ld({"name": vector.text}))
        assert not set("<>&\u2028\u2029") & set(text)


def test_markup_is_made_in_two_places_only() -> None:
    places = {
        file.relative_to(PROJECT).as_posix()
        for file in (PROJECT / "plugins").rglob("*.py")
        for node in ast.walk(ast.parse(file.read_text("utf-8")))
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Markup"
    }
    assert places == {"plugins/site/formats.py"}


def test_scripts_of_the_site_make_no_html_and_no_code_of_text() -> None:
    sinks = re.compile(
        r"\.innerHTML|\.outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function\("
        r"|\.srcdoc|createContextualFragment|setTimeout\([\"'`]|setHTMLUnsafe|DOMParser"
    )
    scripts = sorted((PROJECT / "themes/jixiao/static/js").rglob("*.js"))
    assert len(scripts) > 10
    assert [file.name for file in scripts if sinks.search(file.read_text("utf-8"))] == []


def test_pelican_reads_no_contributed_file() -> None:
    assert READERS["rst"] is READERS["html"] is READERS["htm"] is None
    assert STATIC_PATHS == []


# --- spreadsheets and XML


WRITERS: Final = {
    "plugins/open_data/versions.py",
    "plugins/open_data/write_csv.py",
    "plugins/open_data/write_workbook.py",
    "plugins/spreadsheets/export_template.py",
    "plugins/spreadsheets/table.py",
}
"""All code that makes a CSV or a workbook. `table.py` writes the content itself, byte for byte."""


def test_all_writers_of_tables_are_known() -> None:
    made = re.compile(
        r"csv\.(?:writer|DictWriter)\(|(?<!class )TableBook\("
        r"|xlsxwriter\.Workbook\(|(?<![\w.])Workbook\(\)"
    )
    found = {
        file.relative_to(PROJECT).as_posix()
        for file in (PROJECT / "plugins").rglob("*.py")
        if made.search(file.read_text("utf-8"))
    }
    assert found == WRITERS


FORMULAS: Final = (
    "=cmd|'/c calc'!A1", "+1+1", "-1+1", "@SUM(1)", '=HYPERLINK("https://evil.example")', "＝1+1",
)  # fmt: skip


def test_no_download_holds_a_formula(small: Path, tmp_path: Path) -> None:
    """Every text column of register and plan begins like a formula; no table taken away does."""
    for table, columns in (
        ("registry/zhejiang/schools.csv",
         ("address", "supervising_body", "note", "source_document", "source_number", "aliases")),
        ("registry/zhejiang/plans/2026.csv",
         ("direction", "campus", "entry_note", "partner_employer", "source_document")),
    ):  # fmt: skip
        with (small / table).open(encoding="utf-8", newline="") as stream:
            rows = list(csv.DictReader(stream))
        for number, row in enumerate(rows):
            for at, column in enumerate(columns):
                row[column] = FORMULAS[(number + at) % len(FORMULAS)]
        with (small / table).open("w", encoding="utf-8", newline="") as stream:
            writer = csv.DictWriter(stream, list(rows[0]))
            writer.writeheader()
            writer.writerows(rows)
    build(small, tmp_path / "output", TODAY, quiet())
    cells = workbooks = neutralised = 0
    for name, data in _tables(tmp_path / "output"):
        if name.endswith(".csv"):
            for row in csv.reader(io.StringIO(data.decode("utf-8-sig"))):
                for cell in row:
                    cells += 1
                    neutralised += cell.startswith("'")
                    assert not is_formula(cell) or cell.startswith("'"), (name, cell)
        else:
            workbooks += 1
            for sheet in load_workbook(io.BytesIO(data)).worksheets:
                for row in sheet.iter_rows():
                    for one in row:
                        assert one.data_type != "f", (name, one.coordinate)
                        if isinstance(one.value, str) and is_formula(one.value):
                            neutralised += 1
                            assert one.quotePrefix, (name, one.coordinate)
    assert min(cells, workbooks, neutralised) >= 1
    assert neutralised > 30


def _tables(output: Path) -> Iterator[tuple[str, bytes]]:
    """All CSV and .xlsx files of a site, those in archives too."""
    for file in sorted(output.rglob("*")):
        if file.suffix in (".csv", ".xlsx"):
            yield file.name, file.read_bytes()
        elif file.suffix == ".zip":
            with zipfile.ZipFile(file) as package:
                for name in package.namelist():
                    if name.endswith((".csv", ".xlsx")):
                        yield name, package.read(name)


def test_all_xml_and_calendars_are_well_formed_whatever_is_written(tmp_path: Path) -> None:
    """Of a site of nothing but attacks, control characters and line ends among them."""
    site = build_hostile_sites(tmp_path).guarded
    calendars = sorted(site.rglob("*.ics"))
    assert len(calendars) > 10
    for file in calendars:
        text = file.read_bytes().decode().replace("\r\n ", "")
        names = {line.partition(":")[0].partition(";")[0] for line in text.split("\r\n") if line}
        assert not re.search("[\x00-\x09\x0b\x0c\x0e-\x1f\x7f]|(?<!\r)\n", text), file
        assert names <= {
            "BEGIN", "END", "VERSION", "PRODID", "METHOD", "X-WR-CALNAME", "X-WR-TIMEZONE", "TZID",
            "DTSTART", "DTEND", "DTSTAMP", "TZNAME", "TZOFFSETFROM", "TZOFFSETTO", "SUMMARY",
            "DESCRIPTION", "UID", "URL", "TRANSP",
        }, file  # fmt: skip
    files = sorted(site.rglob("*.xml"))
    assert {file.name for file in files} == {"atom.xml", "sitemap.xml"}
    for file in files:
        ElementTree.fromstring(file.read_bytes())  # noqa: S314 - we have just written it
        assert not re.search("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]",
                             file.read_text("utf-8")), file  # fmt: skip
    assert any("X(" in file.read_text("utf-8") for file in files)
