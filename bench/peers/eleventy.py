"""Eleventy, from npm: Nunjucks templates, front matter in YAML, pagination for the listings."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

from bench.peers.front_matter import as_yaml
from bench.peers.peer import Peer, replace_once, write_photo
from bench.peers.source import read_sources

HERE = Path(__file__).resolve().parent


class Eleventy(Peer):
    name = "eleventy"

    def prepare(self, tree: Path) -> None:
        site = self.folder
        shutil.copytree(HERE / "eleventy", site)
        subprocess.run(
            # Not `npm ci`: it wants the binaries of every system in the lock to be obtainable.
            ["npm", "install", "--no-audit", "--no-fund", "--ignore-scripts", "--silent"],
            cwd=site,
            check=True,
            stdout=subprocess.DEVNULL,
        )
        sources, names = read_sources(tree)
        data = site / "content/_data"
        data.mkdir(parents=True)
        for kind in ("provinces", "cities", "majors"):
            shown = json.dumps(getattr(names, kind), ensure_ascii=False)
            (data / f"{kind}_names.json").write_text(shown, encoding="utf-8")
        for listing in sorted((site / "listings").glob("*.njk")):
            shutil.copy(listing, site / "content" / listing.name)
        for source in sources:
            page = site / "content/schools" / source.school_id
            page.mkdir(parents=True)
            text = as_yaml(source.facts) + source.body
            (page / "index.md").write_text(text, encoding="utf-8")
        shared = {"layout": "school.njk", "tags": "schools", "photos": []}
        (site / "content/schools/schools.json").write_text(json.dumps(shared), encoding="utf-8")

    @property
    def folder(self) -> Path:
        return self.work / "site"

    @property
    def command(self) -> Sequence[str]:
        return ["node", "--max-old-space-size=8192", "node_modules/.bin/eleventy", "--quiet"]

    @property
    def output(self) -> Path:
        return self.folder / "_site"

    def forget(self) -> None:
        self.put_away(self.output, self.folder / ".cache")

    def edit_register(self, turn: int) -> None:
        page = self.profile(turn)
        text = page.read_text(encoding="utf-8")
        line = next(part for part in text.split("\n") if part.startswith("address"))
        replace_once(page, line, f"{line}{turn}")

    def edit_template(self, turn: int) -> None:
        base = self.folder / "_includes/base.njk"
        replace_once(base, "</footer>", f"<p>改动 {turn}</p></footer>")

    def add_photo(self, turn: int) -> None:
        page = self.profile(turn)
        name = f"photo-{turn}.jpg"
        write_photo(page.parent / name, turn)
        replace_once(page, "---\n", f"---\nphotos: [{name}]\n")
