"""What `serve` shows of a save before the site is built again.

A save makes some units of the last build stale. None of them is made before somebody asks for one
of their files; then it is made and kept in memory. Nothing is written, so the output and all that
the last build knows stay as right as they were, and a build may run meanwhile.
"""

from __future__ import annotations

import datetime as dt
import os
import threading
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from plugins.addresses import file_of
from plugins.catalogue.records import ReadRecords, RecordsDamaged, Since
from plugins.collector import rare_collection
from plugins.site.build import DEMO_CONTENT, PROJECT, THEME, BuildFailed, Options
from plugins.site.builder import Build
from plugins.site.pages import Family
from plugins.site.progress import Progress
from plugins.site.remembered import (
    Inputs,
    Memory,
    head_of,
    inputs_of,
    places_of,
    read_index,
    take_inputs,
)
from plugins.site.snapshot import take_at
from plugins.site.state import read_state
from plugins.site.surroundings import explained
from plugins.site.work import ARTICLES, Work

WITH_PREVIEW: Final = Options(preview=True)
"""How `serve` builds."""
_FAMILY_OF_FOLDER: Final = {
    "cards": "card",
    "news": ARTICLES.rstrip("/"),
    "photos": "school",
    "schools": "school",
}
"""Who puts files with new names into a folder, where it is not the family of that name."""


class LivePages:
    """The pages of the site of `content` as they are now, over the last build in `output`.

    May be asked by several threads. Raises BuildFailed where there is no build to begin with.
    """

    def __init__(
        self,
        content: Path,
        output: Path,
        today: dt.date,
        theme: Path = THEME,
        options: Options = WITH_PREVIEW,
    ) -> None:
        content, memory = Path(os.path.abspath(content)), Memory(output)
        self._state = read_state(memory)
        index = read_index(memory)
        if index is None or "search/" not in self._state.units:
            raise BuildFailed(f"{output} 里没有可以接着用的网站。")
        self._inputs = inputs_of(index)
        self._places = places_of(PROJECT, content, theme, DEMO_CONTENT if options.preview else None)
        self._build = Build(
            content, memory, today, theme, options, Progress(None, verbose=False),
            time.monotonic(), None, 1, None,
        )  # fmt: skip
        self._templates = self._build.templates()
        self._lock = threading.Lock()
        self._not_taken: set[Path] = set()
        self._stale: dict[str, tuple[Family, str] | None] = {}
        self._unit_of: dict[str, str] = {}
        self._made: dict[str, bytes] = {}
        self._gone: set[str] = set()
        with explained():
            inputs = take_inputs(self._places, self._inputs)
            now = inputs["content"]
            since = None if now.changed is None else Since(index.parts["records"], now.changed)
            records = ReadRecords(memory.folder, self._state.world, now.hashes, since)
            self._take_over(inputs, records)

    def close(self) -> None:
        """Show nothing any more."""
        with self._lock:
            self._stale.clear()
            self._made.clear()
            self._gone.clear()
            self._records.close()

    def update(self, paths: Iterable[Path]) -> int:
        """Take note of what has been saved at these places; how many pages are others now.

        Raises BuildFailed where the content has errors; what was shown stays."""
        with self._lock, explained(), rare_collection():
            self._not_taken |= {Path(os.path.abspath(path)) for path in paths}
            inputs = {**self._inputs, **self._looked_at(self._not_taken)}
            content, before = inputs["content"], self._inputs["content"]
            changed = content.changed or () if content is not before else ()
            self._take_over(inputs, self._records.after(content.hashes, changed))
            self._not_taken.clear()
            return sum(name.endswith(".html") for name in self._unit_of.keys() | self._made.keys())

    def _looked_at(self, paths: Iterable[Path]) -> Inputs:
        """The places in which something was saved, looked at again."""
        found: Inputs = {}
        for name in ("content", "theme"):
            root = self._places[name]
            inside = [
                "" if path == root else path.relative_to(root).as_posix()
                for path in paths
                if path.is_relative_to(root)
            ]
            if inside:
                found[name] = take_at(str(root), self._inputs[name], inside)
        return found

    def _take_over(self, inputs: Inputs, records: ReadRecords) -> None:
        try:
            head = head_of(self._build.content)
            learnt = self._build.learn(self._state, inputs, head, records)
            if inputs["theme"] is not self._inputs["theme"]:
                self._templates = self._build.templates()
            work = self._build.work(
                learnt, self._state, frozenset(), inputs, self._keep, self._templates
            )
        except RecordsDamaged as damaged:
            raise BuildFailed("上次生成时记下的内容坏了，重新运行 invoke serve。") from damaged
        work.use_last_files()
        self._inputs, self._records, self._work = inputs, records, work
        self._new_pages = set(map(file_of, learnt.expected)) - self._state.outputs.keys()
        self._made.clear()
        self._find_stale(work)

    def _find_stale(self, work: Work) -> None:
        self._stale.clear()
        known = set()
        new: list[str] = []
        for unit, family, key in work.units_of(work.families()):
            known.add(unit)
            if family.slow or not work.reasons(unit):
                continue
            self._stale[unit] = family, key
            if unit not in self._state.units:
                new.append(unit)
        if work.reasons(ARTICLES):
            self._stale[ARTICLES] = None
        last = self._state.units
        self._unit_of = {
            output.name: unit
            for unit in self._stale
            if unit in last
            for output in last[unit].outputs
        }
        families = {family.name for family in work.families()}
        lost = (unit for unit in last.keys() - known if unit.partition("/")[0] in families)
        self._gone = {output.name for unit in lost for output in last[unit].outputs}
        for unit in new:
            self._make(unit)

    def file(self, name: str) -> bytes | None:
        """A file that is not as the last build left it; None if the output's own is right.

        Raises FileNotFoundError if there is no such file any more, and BuildFailed."""
        with self._lock, explained(), rare_collection():
            for unit in self._makers_of(name):
                self._make(unit)
                if name in self._made:
                    break
            is_gone = name in self._gone
        if is_gone:
            raise FileNotFoundError(name)
        return self._made.get(name)

    def _makers_of(self, name: str) -> list[str]:
        """The stale units that may put out a file, the likeliest first."""
        if name in self._state.outputs:
            unit = self._unit_of.get(name)
            return [unit] if unit in self._stale else []
        folder = name.partition("/")[0]
        family = _FAMILY_OF_FOLDER.get(folder, folder)
        likely = [unit for unit in self._stale if unit.partition("/")[0] == family]
        if name not in self._new_pages:
            return likely
        return [*likely, *(unit for unit in self._stale if unit not in likely)]

    def _make(self, unit: str) -> None:
        place = self._stale[unit]
        made = self._work.articles() if place is None else self._work.make_one(*place)
        del self._stale[unit]
        now = {output.name for output in made.outputs}
        if last := self._state.units.get(unit):
            self._gone |= {output.name for output in last.outputs}
        self._gone -= now

    def _keep(self, name: str, data: bytes) -> None:
        self._made[name] = data
