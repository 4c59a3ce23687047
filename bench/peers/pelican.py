"""Stock Pelican: an article a school, categories for provinces, tags for cities and majors."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from bench.peers.peer import Peer, append_line, replace_once, write_photo
from bench.peers.source import FAMILIES, SchoolSource, paid, read_sources

HERE = Path(__file__).resolve().parent


class StockPelican(Peer):
    """As its documentation shows it, without feeds and authors; the plan is a Markdown table.

    Stock Pelican makes no smaller copies of photos: a photo is published as it came.
    """

    name = "pelican"
    profiles = "content/schools/*/profile.md"

    def prepare(self, tree: Path) -> None:
        shutil.copytree(HERE / "pelican", self.folder)
        sources, _ = read_sources(tree)
        for source in sources:
            page = self.folder / "content/schools" / source.school_id
            page.mkdir(parents=True)
            text = _article(source)
            (page / "profile.md").write_text(text, encoding="utf-8")

    @property
    def folder(self) -> Path:
        return self.work / "site"

    @property
    def command(self) -> Sequence[str]:
        return [sys.executable, "-m", "pelican", "content", "-s", "pelicanconf.py", "--quiet"]

    @property
    def output(self) -> Path:
        return self.folder / "output"

    def forget(self) -> None:
        self.put_away(self.output, self.folder / "cache")

    def edit_register(self, turn: int) -> None:
        replace_once(self.profile(turn), "\nAddress: ", f"\nAddress: （{turn}）")

    def edit_template(self, turn: int) -> None:
        base = self.folder / "theme/templates/base.html"
        replace_once(base, "</footer>", f"<p>改动 {turn}</p></footer>")

    def add_photo(self, turn: int) -> None:
        page = self.profile(turn)
        write_photo(page.parent / f"photo-{turn}.jpg", turn)
        append_line(page, f"![演示数据：程序生成的色块]({{attach}}photo-{turn}.jpg)")


def _article(source: SchoolSource) -> str:
    """Places and majors go by slug and code: Pelican would fold 山西 and 陕西 into one page."""
    facts: Mapping[str, Any] = source.facts
    head = {
        "Title": facts["title"],
        "Slug": source.school_id,
        "Date": "2025-09-01",
        "Category": source.province,
        "Tags": ", ".join([*facts["cities"], *facts["majors"]]),
        "Summary": facts["summary"],
        "Level": facts["level"],
        "Ownership": facts["ownership"],
        "Address": facts["address"],
        "Founded": facts["founded"],
        "Note": facts["note"],
        "Seats": facts["seats"],
    }
    rows = [
        "| " + " | ".join(str(cell) for cell in row.values()) + " |" for row in facts["programmes"]
    ]
    plan = [
        "## 就业和荣誉", "",
        f"{facts['cohort_year']} 届毕业生 {facts['graduates']} 人，就业率 {facts['rate']}%。"
        f"口径：{facts['definition']}", "",
        *_listed(facts["employers"]), *_listed(facts["honours"]),
        "## 招生计划", "",
        f"合计 {facts['seats']} 人。文件：《{facts['document']}》。", "",
        "| 专业 | 培养层次 | 招生对象 | 学制 | 人数 | 学费 | 住宿费 | 合作企业 |",
        "|---|---|---|---|---|---|---|---|", *rows, "",
        "## 读完要花多少钱", "",
        *(line for fee in facts["fees"] for line in _cost_table(fee)),
        "## 资料来源", "", *_listed(facts["sources"]),
    ]  # fmt: skip
    meta = "\n".join(f"{key}: {value}" for key, value in head.items())
    return meta + "\n\n" + source.body + "\n" + "\n".join(plan) + "\n"


def _cost_table(fee: Mapping[str, Any]) -> list[str]:
    years = [f"第 {year} 学年" for year in range(1, len(fee["tuition"]) + 1)]
    fees = "，".join(f"{year} {one} 元" for year, one in zip(years, fee["tuition"], strict=True))
    lines = [
        f"{fee['title']}：{fee['majors']}。"
        f"计划写的学费：{fees}；住宿费：每学年 {fee['boarding']} 元",
        "",
        f"| 家里的情况 | {' | '.join(years)} | 合计 |",
        "|---" * (len(years) + 2) + "|",
    ]
    for family in FAMILIES:
        cells = paid(family, fee)
        shown = " | ".join(f"{one} 元" for one in cells)
        lines.append(f"| {family[0]} | {shown} | **{sum(cells)} 元** |")
    return [*lines, ""]


def _listed(items: Sequence[str]) -> list[str]:
    return [*(f"- {item}" for item in items), "", "<!-- -->", ""]
