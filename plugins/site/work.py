"""The units of one build: which must be made again, and why; what is made only after all others."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from plugins.catalogue import Catalogue
from plugins.catalogue.records import RecordsDamaged
from plugins.processes import portions, spread
from plugins.site import assemble
from plugins.site.build import DEMO_CONTENT, BuildFailed
from plugins.site.compressed import ENDINGS, TEXT, compressed, kind_of
from plugins.site.context import SiteContext
from plugins.site.pages import Family, province_slugs
from plugins.site.remembered import Inputs
from plugins.site.snapshot import digest
from plugins.site.sources import Sources
from plugins.site.state import State
from plugins.site.surroundings import explanation
from plugins.site.templates import Templates, digests_of
from plugins.site.trace import Reads
from plugins.site.workshop import Made, Output, Put, Workshop, described, unit_name

if TYPE_CHECKING:
    from plugins.offline import OfflineFiles
    from plugins.site.builder import Build, Learnt

_Found = TypeVar("_Found")

ARTICLES = "articles/"
SITEMAP = "sitemap/"
OFFLINE = "saving/"
OTHER_KINDS = frozenset(unit.rstrip("/") for unit in (ARTICLES, SITEMAP, OFFLINE))
"""What is made beside the units of families: once, after them."""


class Work:
    """The units of one build: which must be made, and what came of them.

    `put_names` are the files that were written anew, `rendered` counts pages.
    """

    def __init__(
        self,
        build: Build,
        learnt: Learnt,
        state: State,
        damaged: frozenset[str],
        inputs: Inputs,
        templates: Templates,
        site: SiteContext,
        put: Put,
    ) -> None:
        self.answers = answers = learnt.answers
        self.build, self.shared, self._put_elsewhere = build, learnt.shared, put
        self.state, self.damaged, self.site = state, damaged, site
        self.theme_hashes = inputs["theme"].hashes
        self.templates = templates
        self.put_names: set[str] = set()
        self._put_now: set[str] = set()
        self.rendered = 0
        self.context = digest(repr(site))
        self.template_digests = dict(state.templates)
        if learnt.facets["theme"] != state.facets.get("theme"):
            self.template_digests = digests_of(
                templates, sorted(state.templates), self.theme_hashes
            )
        self.same = (
            frozenset(
                name
                for name, value in self.template_digests.items()
                if value == state.templates.get(name)
            )
            if self.context == state.context
            else frozenset()
        )
        self.all_whole_and_same = not damaged and self.same == state.templates.keys()
        self.changed = answers.changed
        self.workshop = Workshop(
            self.shared, templates, site, self._put, self._last, self.same,
            _copies if build.options.compress else lambda *_: (),
        )  # fmt: skip

    def make_all(self) -> dict[str, Made]:
        """Every unit of the site as it now is, made or kept."""
        if self._makes("search", "search-of-province"):
            self._find_search_parts()
        units: dict[str, Made] = {}
        found = self.families()
        for late in (False, True):
            todo = []
            for unit, family, key in self.units_of(one for one in found if one.late == late):
                if reasons := self.reasons(unit):
                    self.build.progress.why(unit, reasons)
                    todo.append((family, key))
                else:
                    units[unit] = self.state.units[unit]
            self._prepare_photos(todo)
            chunks = _chunks(todo, len(self.shared.catalogue.province_of_id))
            done = 0
            for found_units, put_names in spread(self._make, chunks, self.build.processes):
                self.put_names |= put_names
                for made in found_units:
                    units[made.unit] = made
                    self.rendered += made.rendered
                done += len(found_units)
                self.build.progress.step("生成页面", done, len(todo))
            if not late and "search/" in units:
                self._use_search(units["search/"])
                self._use_downloads(assemble.downloads_of(units.values()))
        if self._makes(ARTICLES):
            units[ARTICLES] = self.articles()
        used = {output.template for made in units.values() for output in made.outputs} - {""}
        missing = sorted(used - self.template_digests.keys())
        self.template_digests |= digests_of(self.templates, missing, self.theme_hashes)
        self.template_digests = {name: self.template_digests[name] for name in sorted(used)}
        if self._makes(OFFLINE):
            units |= self._offline(units)
        if self._makes(SITEMAP):
            units[SITEMAP] = self._sitemap(units)
        return units

    def families(self) -> tuple[Family, ...]:
        found = (*assemble.FAMILIES, *self._more())
        return tuple(family for family in found if self._makes(family.name))

    def _makes(self, *names: str) -> bool:
        """Whether one of these families and kinds of units belongs to the site that is built."""
        only = self.build.options.only
        return not only or any(name.rstrip("/") in only for name in names)

    def units_of(self, families: Iterable[Family]) -> Iterator[tuple[str, Family, str]]:
        """The name of each unit as the content now is, its family and its key."""
        for family in families:
            for key in self.answers.find(f"keys {family.name}", partial(_keys_of, family)):
                yield unit_name(family, key), family, key

    def make_one(self, family: Family, key: str) -> Made:
        self._prepare_photos([(family, key)])
        (made,), _ = self._make([(family, key)])
        return made

    def _make(self, chunk: Sequence[tuple[Family, str]]) -> tuple[list[Made], set[str]]:
        return self._noted(lambda: [self.workshop.make(family, key) for family, key in chunk])

    def _pack(self, offline: OfflineFiles, slug: str) -> tuple[Made, set[str]]:
        return self._noted(lambda: self._packed(offline, slug))

    def _file(
        self, last: Mapping[str, Output], file: tuple[str, bytes]
    ) -> tuple[list[Output], set[str]]:
        return self._noted(lambda: self.workshop.file(*file, last))

    def _noted(self, make: Callable[[], _Found]) -> tuple[_Found, set[str]]:
        """What was made, perhaps in another process, and the names of the files that it wrote."""
        self._put_now = set()
        try:
            return make(), self._put_now
        except (BuildFailed, RecordsDamaged, OSError):
            raise
        except Exception as failure:
            raise BuildFailed(explanation(failure)) from failure

    def reasons(self, unit: str) -> list[str]:
        """Why a unit must be made again: what has changed of that which it read and became."""
        last = self.state.units.get(unit)
        if last is None:
            return ["还没有生成过"]
        reasons = []
        if not self.changed.isdisjoint(last.reads):
            reasons += [facet for facet in last.reads if facet in self.changed]
        for output in () if self.all_whole_and_same else last.outputs:
            if output.name in self.damaged:
                reasons.append(f"{output.name} 坏了")
            if output.template and output.template not in self.same:
                reasons.append(f"模板 {output.template}")
        return reasons

    def _more(self) -> list[Family]:
        more = []
        if self.build.options.preview:
            more.append(assemble.design_system(DEMO_CONTENT))
        if setting := os.environ.get("ADMIN_FORM"):
            more.append(assemble.admin_form(setting))
        return more

    def _last(self, unit: str) -> Mapping[str, Output]:
        last = self.state.units.get(unit)
        if last is None or any(output.name in self.damaged for output in last.outputs):
            return {}
        return {output.name: output for output in last.outputs}

    def _put(self, name: str, data: bytes) -> None:
        self.put_names.add(name)
        self._put_now.add(name)
        self._put_elsewhere(name, data)

    def _prepare_photos(self, todo: Sequence[tuple[Family, str]]) -> None:
        """Photos are scaled together, before the units that need them."""
        schools = [key for family, key in todo if family.name == "school"]
        if schools:
            self.build.progress.step("照片")
            self.shared.photos = assemble.derive_photos(
                self.shared.catalogue, self.build.content, self.build.cache / "photos", schools
            )

    def _find_search_parts(self) -> None:
        """What the units of search are made of: each province's schools, and words."""
        self.build.progress.step("搜索索引")
        # Words first: what they load to be read aloud, the other processes then need not load.
        self.shared.search_words = self.answers.find("lexicon", assemble.search_words)
        self.answers.add_facets({"lexicon": digest(self.shared.search_words)})
        provinces = self.answers.find("provinces", _provinces)
        self.shared.search_parts = self.answers.find_each(
            "search part", provinces, self.shared.keep_search_part
        )

    def _use_search(self, search: Made) -> None:
        """The address of the search index, which is known once that is made."""
        self.shared.search_url = assemble.search_url_of(search.outputs[0].name)
        self.answers.add_facets({"search": self.shared.search_url})

    def use_last_files(self) -> None:
        """Let pages name the search index and the downloads of the last build."""
        self._use_search(self.state.units["search/"])
        self._use_downloads(self.state.downloads)

    def _use_downloads(self, downloads: Mapping[str, Output]) -> None:
        """The files to take away, for the page that lists them."""
        self.shared.downloads = downloads
        listed = sorted(self.shared.downloads.items())
        self.answers.add_facets({"downloads": digest([(n, one.sha256) for n, one in listed])})

    def articles(self) -> Made:
        """The notices and their feeds, which Pelican makes."""
        if not self.reasons(ARTICLES):
            return self.state.units[ARTICLES]
        self.build.progress.step("新闻")
        reads: Reads = set()
        pages = assemble.articles(Sources(self.shared, reads))
        outputs: list[Output] = []
        if pages:
            from plugins.site.generator import publish_articles

            by_file = {page.file: page for page in pages}
            last = self._last(ARTICLES)
            for name, data in publish_articles(pages, self.site, self.build.theme).items():
                first, *copies = self.workshop.file(name, data, last)
                if page := by_file.get(name):
                    first = described(first, page)
                    self.rendered += 1
                outputs += [first, *copies]
        return Made(ARTICLES, tuple(sorted(reads)), tuple(outputs))

    def _offline(self, units: Mapping[str, Made]) -> dict[str, Made]:
        """Packs of provinces whose files have changed; what tells browsers what to save."""
        self.build.progress.step("离线包")
        offline = assemble.for_offline(self.shared, units.values(), self._read)
        keys = {slug: offline.pack_key(slug) for slug in offline.slugs}
        self.answers.add_facets({f"pack {slug}": key for slug, key in keys.items()})
        found: dict[str, Made] = {}
        todo: list[str] = []
        for slug in offline.slugs:
            if self.reasons(f"pack/{slug}"):
                todo.append(slug)
            else:
                found[f"pack/{slug}"] = self.state.units[f"pack/{slug}"]
        for made, put_names in spread(partial(self._pack, offline), todo, self.build.processes):
            self.put_names |= put_names
            found[made.unit] = made
        sizes = {unit.removeprefix("pack/"): made.outputs[0].size for unit, made in found.items()}
        outputs: list[Output] = []
        file = partial(self._file, self._last(OFFLINE))
        about = list(offline.files_about(sizes).items())
        # A list is new where a pack is.
        for several, put_names in spread(file, about, self.build.processes if todo else 1):
            self.put_names |= put_names
            outputs += several
        return found | {OFFLINE: Made(OFFLINE, (), tuple(sorted(outputs)))}

    def _packed(self, offline: OfflineFiles, slug: str) -> Made:
        unit = f"pack/{slug}"
        outputs = self.workshop.file(*offline.pack(slug), self._last(unit))
        return Made(unit, (f"pack {slug}",), tuple(outputs))

    def _read(self, name: str) -> bytes:
        with open(f"{self.build.standby.root}/{name}", "rb", buffering=0) as file:
            return file.read()

    def _sitemap(self, units: Mapping[str, Made]) -> Made:
        listed = [
            (output.url, output.changed_on)
            for made in units.values()
            for output in made.outputs
            if output.url
        ]
        last = self._last(SITEMAP)
        files = assemble.sitemap(self.shared.site_url, listed).items()
        outputs = [one for name, data in files for one in self.workshop.file(name, data, last)]
        return Made(SITEMAP, (), tuple(outputs))


_CHUNK = 40
"""Units that a process makes before it tells: enough that telling costs nothing."""
_MANY_SCHOOLS = 1_000
"""With so many, a unit that reads the whole country takes longer than to start a process."""


def _chunks(todo: Sequence[tuple[Family, str]], schools: int) -> list[Sequence[tuple[Family, str]]]:
    """The units in portions, the longest work first: that of families which are one unit."""
    whole = [[one] for one in todo if not one[1]]
    is_little = len(whole) < 2 or schools < _MANY_SCHOOLS
    if len(todo) < 2 * _CHUNK and is_little:
        return [list(todo)] if todo else []
    parts = [one for one in todo if one[1]]
    return [*whole, *portions(parts, _CHUNK)]


def _keys_of(family: Family, catalogue: Catalogue) -> tuple[str, ...]:
    return tuple(family.keys(catalogue))


def _provinces(catalogue: Catalogue) -> tuple[str, ...]:
    return tuple(province_slugs(catalogue))


def _copies(name: str, data: bytes) -> Iterator[tuple[str, bytes]]:
    if kind_of(name) not in TEXT:
        return
    for ending in ENDINGS:
        if (copy := compressed(name, data, ending)) is not None:
            yield name + ending, copy
