"""Our own build of the same tree: the core pages alone, or the whole site."""

from __future__ import annotations

import re
import shutil
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from bench.peers.peer import Peer, replace_once, write_photo
from plugins.site.build import CORE

PROJECT = Path(__file__).resolve().parents[2]
_COPIED = (
    "plugins", "themes", "pelicanconf.py", "publishconf.py", "tasks.py", "tests/fixtures/small",
)  # fmt: skip

_FIRST: Sequence[str] = (
    *CORE, "province-lists", "level", "entry", "aid", "about", "fixed", "news-lists", "articles",
    "search", "search-of-province",
    "table", "province-data", "database", "workbook", "past", "descriptions", "aid-rules", "data",
    "status", "leaflet", "province-leaflet", "robots", "web-manifest", "sitemap",
)  # fmt: skip


class Ours(Peer):
    """Builds in a copy of the project, so that a template can be edited and nothing is shared."""

    name = "ours"
    scope: Sequence[str] = ("--core",)
    profiles = "content/schools/*/*/profile.md"

    def prepare(self, tree: Path) -> None:
        for name in _COPIED:
            source = PROJECT / name
            if source.is_dir():
                ignored = shutil.ignore_patterns("__pycache__")
                shutil.copytree(source, self.work / name, ignore=ignored)
            else:
                shutil.copy(source, self.work / name)
        shutil.copytree(tree, self.work / "content")

    @property
    def command(self) -> Sequence[str]:
        build = [sys.executable, "-m", "plugins.site.build", "--output", str(self.output)]
        return [*build, "--content", str(self.work / "content"), *self.scope]

    @property
    def env(self) -> Mapping[str, str]:
        return {"SITE_URL": "https://example.org", "SOURCE_DATE_EPOCH": "1760000000"}

    @property
    def output(self) -> Path:
        return self.work / "output"

    def forget(self) -> None:
        self.put_away(self.output, self.work / ".cache", *self.work.glob(".output.*"))

    def edit_register(self, turn: int) -> None:
        register = sorted((self.work / "content/registry").glob("*/schools.csv"))[0]
        text = register.read_text(encoding="utf-8")
        place = re.search(r"路\d+号", text)
        if place is None:
            raise ValueError(f"{register}: no address to edit")
        replace_once(register, place.group(), f"路{5000 + turn}号")

    def edit_template(self, turn: int) -> None:
        footer = self.work / "themes/jixiao/components/site-footer.html"
        replace_once(footer, "</footer>", f"<p>改动 {turn}</p></footer>")

    def add_photo(self, turn: int) -> None:
        profile = self.profile(turn)
        name = f"photo-{turn}.jpg"
        write_photo(profile.parent / name, turn)
        entry = f"  - file: {name}\n    alt: 演示数据：程序生成的色块\n"
        head = "\nphotos:\n"
        if head not in profile.read_text(encoding="utf-8"):
            replace_once(profile, "\n---\n", f"{head}---\n")
        replace_once(profile, head, head + entry)


class OursWhole(Ours):
    """Everything that is published: search, open data, leaflets, packs, compressed copies."""

    name = "ours_whole"
    scope = ("--compress",)


class OursFirst(Ours):
    """What the first budget for the whole site named: the core pages, search, open data, leaflets,
    compressed copies, and the few pages that lead to them; not what was added since."""

    name = "ours_first"
    scope = ("--compress", "--only", ",".join(_FIRST))
