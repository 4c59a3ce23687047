"""`construct`: what `build` does when something has changed.

look → load → make the units whose inputs changed → guard → exchange → remember. From top to bottom,
`construct` is these steps; `docs/architecture.md` says why each is safe.
"""

from __future__ import annotations

import datetime as dt
import fcntl
import gc
import hashlib
import os
import shutil
import stat
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property, partial
from operator import itemgetter
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple, TypeVar

from plugins.catalogue import Catalogue, Problem, errors, find_content, load
from plugins.catalogue.check import located
from plugins.catalogue.declared_facts import (
    DECLARED_KINDS,
    Declared,
    Outline,
)
from plugins.catalogue.last_good import changes_with
from plugins.catalogue.quarantine import (
    Candidates,
    Quarantine,
    SetAside,
    load_with_quarantine,
    no_earlier_version,
)
from plugins.catalogue.records import Records, RecordsDamaged, Since
from plugins.catalogue.stored import Lazy
from plugins.photos import PhotoRefused
from plugins.processes import portions, spread
from plugins.site import assemble
from plugins.site.build import DEMO_CONTENT, PROJECT, BuildFailed, Built, Options, describe
from plugins.site.compressed import ENDINGS, TEXT, compressed, kind_of
from plugins.site.context import SiteContext
from plugins.site.guard import Tree, guard
from plugins.site.history import last_changes
from plugins.site.ledger import Written, read_ledger, save_ledger
from plugins.site.navigation import navigation
from plugins.site.pages import Family, province_slugs
from plugins.site.progress import Progress
from plugins.site.remembered import (
    FORMAT,
    UNREADABLE,
    Inputs,
    Memory,
    Seen,
    head_of,
    is_still,
    places_of,
    see,
    world_of,
    write_index,
)
from plugins.site.snapshot import Row, digest, look, row_of, take
from plugins.site.sources import Shared, Sources
from plugins.site.standby import Standby
from plugins.site.switch import switch
from plugins.site.templates import Templates, digests_of
from plugins.site.trace import (
    Facets,
    OfProfile,
    Reads,
    TracedCatalogue,
    changed_profiles,
    facets_of,
    of_profile,
)
from plugins.site.workshop import Made, Output, Put, Workshop, described, unit_name
from plugins.whole_file import read_whole, write_whole

if TYPE_CHECKING:
    from rich.console import Console

    from plugins.offline import OfflineFiles

_Found = TypeVar("_Found")

ARTICLES = "articles/"
SITEMAP = "sitemap/"
OFFLINE = "saving/"
_SETTLED_S = 0.02
"""No file system's clock stands still for longer; a row taken later tells every later change."""


@dataclass
class State:
    """What was made of what. `templates` are digests; `context` is one of all that every page
    shows. `changes` are the days of the files' last changes in the commit `head`. `answers` are
    what else was found out of the catalogue, each with the facets that it hangs on."""

    world: str = ""
    facets: Facets = field(default_factory=dict)
    units: dict[str, Made] = field(default_factory=dict)
    templates: dict[str, str] = field(default_factory=dict)
    context: str = ""
    changes: dict[str, str] = field(default_factory=dict)
    head: str = ""
    answers: dict[str, tuple[tuple[str, ...], Any]] = field(default_factory=dict)

    @cached_property
    def outputs(self) -> dict[str, Output]:
        return {output.name: output for made in self.units.values() for output in made.outputs}

    @cached_property
    def downloads(self) -> Mapping[str, Output]:
        return assemble.downloads_of(self.units.values())


_output: Final[Callable[[tuple[Any, ...]], Output]] = partial(tuple.__new__, Output)
"""An output of its plain values, several times as fast as asking for it by its name."""


def read_state(memory: Memory) -> State:
    """What the last build kept; an empty state where that is missing, damaged or of old shape."""
    plain = read_whole(memory.state)
    if not isinstance(plain, dict) or plain.get("format") != FORMAT:
        return State()
    units = {
        unit: Made(unit, reads, tuple(map(_output, outputs)))
        for unit, (reads, outputs) in plain["units"].items()
    }
    kept = ("world", "facets", "templates", "context", "changes", "head", "answers")
    return State(units=units, **{name: plain[name] for name in kept})


def write_state(memory: Memory, state: State) -> None:
    plain = {
        "format": FORMAT,
        "world": state.world,
        "facets": state.facets,
        "units": {
            unit: (made.reads, tuple(map(tuple, made.outputs)))
            for unit, made in state.units.items()
        },
        "templates": state.templates,
        "context": state.context,
        "changes": state.changes,
        "head": state.head,
        "answers": state.answers,
    }
    write_whole(memory.state, plain)


def construct(
    content: Path,
    output: Path,
    today: dt.date,
    console: Console | None,
    options: Options,
    *,
    earlier_versions: Candidates | None,
    processes: int,
    theme: Path,
    seen: Seen | None,
    clean: bool,
    verbose: bool,
) -> Built:
    """See `build`, whose work this is."""
    started = time.monotonic()
    output = Path(os.path.abspath(output))
    folder = find_content(content)
    if folder is None or folder != Path(os.path.abspath(content)):
        raise BuildFailed(f"{content} 不是内容文件夹：里面要有 reference/provinces.csv。")
    if output == folder or folder in output.parents or output in folder.parents:
        raise BuildFailed(f"输出文件夹 {output} 和内容文件夹 {folder} 不能一个在另一个里面。")
    progress = Progress(console, verbose=verbose)
    memory = Memory(output)
    with explained(), _only_build(output), _plain_modes(), rare_collection(), progress:
        if clean:
            shutil.rmtree(PROJECT / ".cache", ignore_errors=True)
            _forget(memory)
        build = Build(
            folder,
            memory,
            today,
            theme,
            options,
            progress,
            started,
            earlier_versions,
            processes,
            seen,
        )
        for _ in range(_TRIES):
            try:
                if (built := build.run()) is not None:
                    return built
            except RecordsDamaged:
                # What was kept of the content is of no use: all of it is read from the start.
                memory.records.unlink(missing_ok=True)
                memory.records_index.unlink(missing_ok=True)
        raise BuildFailed("内容在生成的时候一直在变，没有生成站点。请等改完再生成。")


_TRIES = 5
"""A build whose inputs change meanwhile begins again so many times."""


class Learnt(NamedTuple):
    """What a build finds in the content: all that its units are made of. `problems` have paths as
    the user knows them, `changes` are days by path, `expected` the addresses that must exist."""

    shared: Shared
    problems: tuple[Problem, ...]
    set_aside: tuple[SetAside, ...]
    changes: Mapping[str, dt.date]
    facets: Facets
    answers: Answers
    expected: frozenset[str]

    @property
    def catalogue(self) -> Catalogue:
        return self.shared.catalogue


class Build:
    """One build; `run` is the whole of it."""

    def __init__(
        self,
        content: Path,
        memory: Memory,
        today: dt.date,
        theme: Path,
        options: Options,
        progress: Progress,
        started: float,
        earlier_versions: Candidates | None,
        processes: int,
        seen: Seen | None,
    ) -> None:
        self.seen = seen
        self.processes = processes
        self.earlier_versions = earlier_versions
        self.content, self.memory, self.today, self.theme = content, memory, today, theme
        self.options, self.progress, self.started = options, progress, started
        self.cache = PROJECT / ".cache"
        self.output = memory.output
        self.standby = Standby(self.output, memory.mark)
        self.settings = read_settings()
        self.refused: dict[str, PhotoRefused] = {}

    def run(self) -> Built | None:
        """Build. None if an input changed meanwhile, so that the result would be of neither state;
        the output is as it was then."""
        while True:
            try:
                return self._run_once()
            except PhotoRefused as refused:
                # It looked well, and cost too much only when its copies were made. Each photo is
                # refused once, so this ends.
                if not refused.sha256 or refused.sha256 in self.refused:
                    raise
                self.refused[refused.sha256] = refused

    def _run_once(self) -> Built | None:
        self.progress.step("看哪里变了")
        places = places_of(
            PROJECT, self.content, self.theme, DEMO_CONTENT if self.options.preview else None
        )
        seen, self.seen = self.seen, None
        if seen is None or not seen.is_of_now(self.memory):
            seen = see(self.memory, places)
        state = read_state(self.memory)
        inputs, head = seen.inputs, head_of(self.content)
        last_rows = seen.noted["outputs"] if seen.noted else {}
        still = last_rows if seen.is_still else None
        world = world_of(self.today.isoformat(), self.options)
        code = [inputs[name].hashes for name in ("plugins", "pelicanconf", "publishconf", "admin")]
        made_with = digest(world, [sorted(hashes.items()) for hashes in code])
        there = _rows_of(self.output) if still is None else still
        owned = self._refuse_foreign_files(state, there, is_still=seen.is_still)
        damaged = self._damaged(state, there, last_rows)
        if state.world != made_with:
            state = State(world=made_with)
        self.progress.step("检查内容")
        records = Records(
            self.memory.folder,
            made_with,
            inputs["content"].hashes,
            self.processes,
            _since(seen),
        )
        learnt = self.learn(state, inputs, head, records)
        catalogue, expected = learnt.catalogue, learnt.expected
        work = self.work(learnt, state, damaged, inputs, self.standby.put)
        self.standby.open(state.outputs.keys() or owned, still)
        units = work.make_all()

        if self._inputs_changed(places, inputs, head):
            return None
        outputs = _outputs_of(units)
        gone = owned - outputs.keys()
        self.standby.remove(sorted(gone))
        self.progress.step("核对生成的页面")
        waiting = self._settled_rows(outputs, work.put_names, gone)
        tree = Tree(self.standby.root, waiting, outputs, work.put_names, gone)
        faults = guard(
            tree, catalogue, inputs["content"], expected, core=self.options.core,
            processes=self.processes,
        )  # fmt: skip
        if faults:
            shown = "\n".join(f"  - {fault}" for fault in faults[:50])
            raise BuildFailed(f"生成的站点没有通过核对，共 {len(faults)} 处：\n{shown}")

        # Both trees are ours while they change places, wherever this is interrupted.
        has_other_names = outputs.keys() != state.outputs.keys() or not self.memory.ledger.exists()
        if has_other_names:
            ledger = {name: Written(one.size, one.sha256) for name, one in outputs.items()}
            save_ledger(self.memory.ledger, read_ledger(self.memory.ledger) | ledger)
        if work.put_names or gone or not self.output.exists():
            switch(self.standby.root, self.output)
            rows, beside = waiting, still
        else:
            rows, beside = dict(there), waiting
        rows[""] = row_of(os.lstat(self.output))
        built = Built(
            catalogue=catalogue,
            pages=sum(bool(output.template) for output in outputs.values()),
            files=len(outputs),
            bytes=sum(output.size for output in outputs.values()),
            schools=len(catalogue.province_of_id),
            profiles=len(catalogue.profiles),
            quarantined=learnt.set_aside,
            problems=learnt.problems,
            seconds=time.monotonic() - self.started,
            made=work.rendered,
        )
        saved_as = records.save()
        self.standby.close(sorted(work.put_names), sorted(gone), beside)
        if has_other_names:
            save_ledger(self.memory.ledger, ledger)
        kept = State(
            made_with, learnt.facets, units, work.template_digests, work.context,
            {path: day.isoformat() for path, day in learnt.changes.items()}, head,
            learnt.answers.found,
        )  # fmt: skip
        write_state(self.memory, kept)
        said = describe(built._replace(made=built.pages), self.output)
        write_index(self.memory, world, head, inputs, rows, saved_as, said)
        return built

    def _load(self, records: Records) -> Quarantine:
        photos = self.cache / "photos"
        if self.options.quarantine:
            candidates = self.earlier_versions or no_earlier_version
            return load_with_quarantine(
                self.content, self.today, candidates, photos, records, self.refused
            )
        found = load(
            self.content, self.today, photo_cache=photos, records=records, refused=self.refused
        )
        return _without_quarantine(*found)

    def learn(self, state: State, inputs: Inputs, head: str, records: Records) -> Learnt:
        """Load the content, and find what has changed since `state`. Raises BuildFailed where the
        content has errors, and RecordsDamaged."""
        loaded = self._load(records)
        catalogue, problems = loaded.catalogue, located(loaded.problems, self.content)
        _stop_on_errors(loaded, problems)
        if not catalogue.province_of_id:
            raise BuildFailed("名册里一所学校也没有，不生成空站点。请检查 registry/。")
        changes = self._changes(state, head)
        changed = changes_with(changes, catalogue.last_good)
        facets = facets_of(inputs["content"], catalogue, changed)
        facets["head"] = head
        facets["theme"] = digest(sorted(inputs["theme"].hashes.items()))

        answers = Answers(state, facets, catalogue, self.processes)
        offered = answers.find("offered", lambda found: frozenset(found.programmes_of_major))
        answers.add_facets({"offered": digest(sorted(offered))})
        answers.find_profiles()
        # The same answer, found again only where it may have changed.
        catalogue.__dict__["majors_on_offer"] = offered
        expected = answers.find(
            "expected", _core_addresses if self.options.core else _all_addresses
        )
        shared = assemble.share(
            catalogue, self.content, self.theme, self.cache, str(self.settings["SITEURL"])
        )
        shared.changed = changed
        return Learnt(shared, tuple(problems), loaded.set_aside, changes, facets, answers, expected)

    def work(
        self,
        learnt: Learnt,
        state: State,
        damaged: frozenset[str],
        inputs: Inputs,
        put: Put,
        templates: Templates | None = None,
    ) -> Work:
        """The units that may have to be made; `put` is given their files."""
        settings = self.settings
        site = SiteContext(
            name=settings["SITENAME"],
            url=settings["SITEURL"],
            assets=learnt.answers.find("assets", lambda _: _assets_of(self.theme), "theme"),
            today=self.today,
            navigation=navigation(learnt.expected),
        )
        templates = templates or self.templates()
        return Work(self, learnt, state, damaged, inputs, templates, site, put)

    def templates(self) -> Templates:
        """The theme's templates as they are now."""
        options = self.settings["JINJA_ENVIRONMENT"]
        return Templates(self.theme, options, self.memory.folder / "templates")

    def _changes(self, state: State, head: str) -> Mapping[str, dt.date]:
        """The day of each file's last change; git is asked only if its commit is another one."""
        if not head:
            return {}
        if head == state.head and head != UNREADABLE:
            return {path: dt.date.fromisoformat(day) for path, day in state.changes.items()}
        return last_changes(self.content, "schools" if self.options.core else ".")

    def _refuse_foreign_files(
        self, state: State, rows: Mapping[str, Row], *, is_still: bool
    ) -> frozenset[str]:
        """The files of the output, all of which earlier builds wrote. Raises BuildFailed where
        one is another's: it would be lost. An output that `is_still` has only what we left."""
        output = self.output
        if output.is_symlink() or (output.exists() and not output.is_dir()):
            raise BuildFailed(f"{output} 不是普通文件夹，不能作输出文件夹。")
        there = [name for name, row in rows.items() if not stat.S_ISDIR(row[0])]
        if is_still:
            return frozenset(there)
        ours = state.outputs.keys() | read_ledger(self.memory.ledger).keys()
        foreign = [name for name in there if name not in ours]
        # The standby tree is ours alone, so it is a witness where the lists are damaged.
        foreign = [name for name in foreign if not os.path.lexists(self.standby.root / name)]
        if foreign:
            raise BuildFailed(
                f"{output} 里有不是本站生成的文件，例如 {'、'.join(foreign[:3])}。"
                "请换一个空文件夹，或者先把这个文件夹移走。"
            )
        return frozenset(there)

    def _damaged(
        self, state: State, rows: Mapping[str, Row], last_rows: Mapping[str, Row]
    ) -> frozenset[str]:
        """The files of the last build that are not as it wrote them."""
        if rows is last_rows:
            return frozenset(state.outputs.keys() - rows.keys())
        return frozenset(
            name
            for name, output in state.outputs.items()
            if name not in rows
            or (rows[name] != last_rows.get(name) and not _is_whole(self.output / name, output))
        )

    def _inputs_changed(self, places: Mapping[str, Path], inputs: Inputs, head: str) -> bool:
        return head_of(self.content) != head or any(
            not is_still(str(places[name]), before.rows)
            and take(str(places[name]), before).hashes != before.hashes
            for name, before in inputs.items()
        )

    def _settled_rows(
        self, outputs: Mapping[str, Output], put: Set[str], gone: Set[str]
    ) -> dict[str, Row]:
        """The rows of the standby tree, mended first where it is not what it should be."""
        rows = self.standby.rows(put, gone)
        if not self.standby.is_known:
            rows = self._mended_rows(rows, outputs, put)
        newest = max(map(itemgetter(2), rows.values()), default=0)
        if (left := newest / 1e9 + _SETTLED_S - time.time()) > 0:
            time.sleep(min(left, _SETTLED_S))
        return rows

    def _mended_rows(
        self, rows: dict[str, Row], outputs: Mapping[str, Output], put: Set[str]
    ) -> dict[str, Row]:
        files = {name for name, row in rows.items() if not stat.S_ISDIR(row[0])}
        wrong = {
            name
            for name, output in outputs.items()
            if name not in put and (name not in files or rows[name][1] != output.size)
        }
        if not wrong and not files - outputs.keys():
            return rows
        self.standby.remove(sorted(wrong | (files - outputs.keys())))
        self.standby.share(sorted(wrong))
        return _rows_of(self.standby.root)


def _since(seen: Seen) -> Since | None:
    """Which files of the content have changed since the records were saved, if that is known."""
    changed = seen.inputs["content"].changed
    if seen.noted is None or changed is None:
        return None
    return Since(seen.noted["records"], changed)


def declared_facets(declared: Mapping[str, Declared]) -> Facets:
    """`declared <kind>` for each kind, and `declared` for all that they are counted by."""
    facets = {
        f"declared {kind}": digest(
            [(name, one.digests[kind]) for name, one in declared.items() if kind in one.digests]
        )
        for kind in DECLARED_KINDS
    }
    return facets | {"declared": digest([(name, one[1:]) for name, one in declared.items()])}


_DECLARED_FACETS: Final = ("declared", *(f"declared {kind}" for kind in DECLARED_KINDS))
_OUTLINE: Final = OfProfile._fields.index("outline")
_PORTION: Final = 100
"""Profiles that a process reads before it tells."""


class Answers:
    """What is found out of the catalogue beside units: found again only if what it was found in
    has changed. `found` is all that was asked for, with the facets that each hangs on; `changed`
    are the facets that are not as they were."""

    def __init__(self, state: State, facets: Facets, catalogue: Catalogue, processes: int) -> None:
        self._state, self._facets, self._catalogue = state, facets, catalogue
        self._processes = processes
        self.found: dict[str, tuple[tuple[str, ...], Any]] = {}
        self.changed = {
            facet
            for facet in state.facets.keys() | facets.keys()
            if state.facets.get(facet) != facets.get(facet)
        }

    def add_facets(self, facets: Facets) -> None:
        """What stands in facets that are known only now."""
        self._facets |= facets
        for facet, value in facets.items():
            if self._state.facets.get(facet) == value:
                self.changed.discard(facet)
            else:
                self.changed.add(facet)

    def find_profiles(self) -> None:
        """What lists show of profiles and what these declare for the country: only changed
        profiles are read again."""
        _, last = self._state.answers.get("profiles", ((), {}))
        paths = sorted(self._catalogue.profile_paths.items())
        known = {}
        for school_id, path in paths:
            facet, kept = f"profile {school_id}", last.get(school_id)
            if kept is not None and facet not in self.changed and kept[_OUTLINE][0] == path:
                known[school_id] = kept
        missing = [school_id for school_id, _ in paths if school_id not in known]
        for several in spread(self._of_profiles, portions(missing, _PORTION), self._processes):
            known |= several
        found = {school_id: known[school_id] for school_id, _ in paths}
        # It is looked at whole each time, so it hangs on no facet.
        self.found["profiles"] = ((), found)
        self.changed |= changed_profiles(last, found)
        declared = Lazy(found, lambda name: Declared(*OfProfile(*found[name]).declared))
        self._catalogue.__dict__["declared"] = declared
        self._catalogue.__dict__["outlines"] = Lazy(
            found, lambda name: _kept_outline(OfProfile(*found[name]))
        )
        self.add_facets(self._declared_facets(last, found, declared))

    def _declared_facets(
        self,
        last: Mapping[str, tuple[Any, ...]],
        found: Mapping[str, tuple[Any, ...]],
        declared: Mapping[str, Declared],
    ) -> Facets:
        """`declared_facets`, as they were where no profile declares anything else."""
        known = {name: self._state.facets.get(name) for name in _DECLARED_FACETS}
        others = last.keys() ^ found.keys() or any(
            one is not last[name] and OfProfile(*one).declared != OfProfile(*last[name]).declared
            for name, one in found.items()
        )
        if others or None in known.values():
            return declared_facets(declared)
        return {name: value for name, value in known.items() if value is not None}

    def _of_profiles(self, school_ids: Sequence[str]) -> dict[str, tuple[Any, ...]]:
        profiles = self._catalogue.profiles
        return {school_id: of_profile(profiles[school_id]) for school_id in school_ids}

    def find(self, name: str, find: Callable[[Catalogue], Any], *also: str) -> Any:
        """The answer `name`, a plain value that `find` gets of the catalogue and nothing else, but
        for what stands in the facets `also`."""
        last = self._state.answers.get(name)
        if last is None or not self.changed.isdisjoint(last[0]):
            reads: Reads = set(also)
            value = find(TracedCatalogue(self._catalogue, reads))
            last = (tuple(sorted(reads)), value)
        self.found[name] = last
        return last[1]

    def find_each(
        self, kind: str, keys: Iterable[str], find: Callable[[Catalogue, str], Any]
    ) -> dict[str, Any]:
        """As `find`, of each key, in several processes. What was found is a facet, too, which
        is named like its answer: by the kind and the key."""

        def look(key: str) -> tuple[str, tuple[tuple[str, ...], Any]]:
            reads: Reads = set()
            value = find(TracedCatalogue(self._catalogue, reads), key)
            return key, (tuple(sorted(reads)), value)

        names = {key: f"{kind} {key}" for key in keys}
        last = self._state.answers
        found = {key: last[name] for key, name in names.items() if name in last}
        missing = [
            key for key in names if key not in found or not self.changed.isdisjoint(found[key][0])
        ]
        found |= dict(spread(look, missing, self._processes))
        self.found |= {name: found[key] for key, name in names.items()}
        self.add_facets({name: digest(found[key][1]) for key, name in names.items()})
        return {key: found[key][1] for key in names}


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
        if not self.build.options.core:
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
            self._prepare_pictures(todo)
            chunks = _chunks(todo)
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
        if not self.build.options.core:
            units[ARTICLES] = self.articles()
        used = {output.template for made in units.values() for output in made.outputs} - {""}
        missing = sorted(used - self.template_digests.keys())
        self.template_digests |= digests_of(self.templates, missing, self.theme_hashes)
        self.template_digests = {name: self.template_digests[name] for name in sorted(used)}
        if not self.build.options.core:
            units |= self._offline(units)
            units[SITEMAP] = self._sitemap(units)
        return units

    def families(self) -> tuple[Family, ...]:
        return assemble.families(core=self.build.options.core, more=self._more())

    def units_of(self, families: Iterable[Family]) -> Iterator[tuple[str, Family, str]]:
        """The name of each unit as the content now is, its family and its key."""
        for family in families:
            for key in self.answers.find(f"keys {family.name}", partial(_keys_of, family)):
                yield unit_name(family, key), family, key

    def make_one(self, family: Family, key: str) -> Made:
        self._prepare_pictures([(family, key)])
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
            raise BuildFailed(_explanation(failure)) from failure

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

    def _prepare_pictures(self, todo: Sequence[tuple[Family, str]]) -> None:
        """Photos are scaled, and cards drawn, together, before the units that need them."""
        cards = [key for family, key in todo if family.name == "card"]
        if cards:
            self.build.progress.step("分享图片")
            assemble.prepare_cards(self.shared, cards)
        schools = [key for family, key in todo if family.name == "school"]
        if schools:
            self.build.progress.step("照片")
            self.shared.photos = assemble.derive_photos(
                self.shared.catalogue, self.build.content, self.build.cache / "photos", schools
            )

    def _find_search_parts(self) -> None:
        """What the units of search are made of: each province's schools, and words."""
        self.build.progress.step("搜索索引")
        provinces = self.answers.find("provinces", _provinces)
        self.shared.search_parts = self.answers.find_each(
            "search part", provinces, self.shared.keep_search_part
        )
        self.shared.search_words = self.answers.find("lexicon", assemble.search_words)
        self.answers.add_facets({"lexicon": digest(self.shared.search_words)})

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


def _chunks(todo: Sequence[tuple[Family, str]]) -> list[Sequence[tuple[Family, str]]]:
    """The units in portions, the longest work first: that of families which are one unit."""
    if len(todo) < 2 * _CHUNK:
        return [list(todo)] if todo else []
    whole = [[one] for one in todo if not one[1]]
    parts = [one for one in todo if one[1]]
    return [*whole, *portions(parts, _CHUNK)]


def _kept_outline(kept: OfProfile) -> Outline:
    path, summary, day, has_photos = kept.outline
    return Outline(path, summary, dt.date.fromordinal(day), has_photos)


def _keys_of(family: Family, catalogue: Catalogue) -> tuple[str, ...]:
    return tuple(family.keys(catalogue))


def _provinces(catalogue: Catalogue) -> tuple[str, ...]:
    return tuple(province_slugs(catalogue))


def _outputs_of(units: Mapping[str, Made]) -> dict[str, Output]:
    """All files of the site. Raises ValueError where two units wrote different ones to a place."""
    outputs: dict[str, Output] = {}
    for made in units.values():
        for output in made.outputs:
            known = outputs.setdefault(output.name, output)
            if known is not output and (known.sha256 != output.sha256 or output.template):
                raise ValueError(f"output path is written twice: {output.name!r}")
    return outputs


def _assets_of(theme: Path) -> str:
    """The address of the theme's static files."""
    from plugins.site.assets import load_assets

    return load_assets(theme / "static").base


def _core_addresses(catalogue: Catalogue) -> frozenset[str]:
    from plugins.site.expected import core_addresses

    return core_addresses(catalogue)


def _all_addresses(catalogue: Catalogue) -> frozenset[str]:
    from plugins.site.expected import expected_addresses

    return expected_addresses(catalogue)


def _copies(name: str, data: bytes) -> Iterator[tuple[str, bytes]]:
    if kind_of(name) not in TEXT:
        return
    for ending in ENDINGS:
        if (copy := compressed(name, data, ending)) is not None:
            yield name + ending, copy


def read_settings() -> Mapping[str, Any]:
    """The settings of `publishconf.py` with the environment as it is now, without Pelican."""
    file = PROJECT / "publishconf.py"
    names: dict[str, Any] = {"__file__": str(file), "__name__": "publishconf"}
    exec(compile(file.read_text("utf-8"), str(file), "exec"), names)  # noqa: S102 - our own file
    return names


def _rows_of(root: Path) -> dict[str, Row]:
    """The rows of a tree that nobody but us changes."""
    return look(str(root), racy=False)


def _is_whole(place: Path, output: Output) -> bool:
    return (
        not place.is_symlink() and hashlib.sha256(place.read_bytes()).hexdigest() == output.sha256
    )


def _forget(memory: Memory) -> None:
    """Drop all that is kept, but for the list of the files that are ours."""
    for place in (memory.index, memory.state, memory.records, memory.records_index, memory.mark):
        place.unlink(missing_ok=True)
    shutil.rmtree(memory.folder / "templates", ignore_errors=True)


def _without_quarantine(catalogue: Catalogue, found: tuple[Problem, ...]) -> Quarantine:
    """Any error is fatal."""
    wrong = errors(found)
    fatal = any(not problem.path.startswith(("schools/", "news/")) for problem in wrong)
    advice = (
        "急着发布时可以用 --quarantine：先不用出错的资料和消息，其他页面照常。" if not fatal else ""
    )
    return Quarantine(catalogue, found, (), advice or "请先改好。" if wrong else "")


def _stop_on_errors(loaded: Quarantine, shown: Sequence[Problem]) -> None:
    """`shown` are the problems with paths as the user knows them."""
    if loaded.fatal:
        from plugins.catalogue.report import report

        raise BuildFailed(
            report(shown, "text")
            + "\n内容有错误，没有生成站点；原来的站点没有改动。\n"
            + loaded.fatal
        )


@contextmanager
def _only_build(output: Path) -> Iterator[None]:
    """Hold the lock of this output; a second build says so instead of waiting."""
    output.parent.mkdir(parents=True, exist_ok=True)
    with open(output.with_name(f".{output.name}.lock"), "w") as lock:
        for pause in (0.1, 0.2, 0.4, 0.0):
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                # The children of a killed build outlive it by a moment.
                time.sleep(pause)
        else:
            raise BuildFailed(f"另一个生成任务正在写 {output}，请等它结束。")
        Memory(output).folder.mkdir(exist_ok=True)
        yield


@contextmanager
def rare_collection() -> Iterator[None]:
    """Look for garbage in cycles rarely: a build makes millions of objects and hardly any cycle,
    and looking through all of them again and again took a twentieth of its time."""
    usual = gc.get_threshold()
    gc.set_threshold(100_000, 50, 1_000)
    try:
        yield
    finally:
        gc.set_threshold(*usual)


@contextmanager
def _plain_modes() -> Iterator[None]:
    """Files of the output may be read by everybody, whatever mask the caller has."""
    mask = os.umask(0o022)
    try:
        yield
    finally:
        os.umask(mask)


@contextmanager
def explained() -> Iterator[None]:
    """Turn any other exception into a BuildFailed of one line: ops never meet a traceback."""
    try:
        yield
    except BuildFailed:
        raise
    except OSError as failure:
        place = f"：{failure.filename}" if failure.filename else ""
        raise BuildFailed(
            f"磁盘或文件系统出错（{failure.strerror or failure}{place}）。"
            "原来的站点没有改动。清出空间或改好权限，再运行一次。"
        ) from failure
    except Exception as failure:
        raise BuildFailed(_explanation(failure)) from failure


def _explanation(failure: Exception) -> str:
    import traceback

    where = traceback.extract_tb(failure.__traceback__)[-1]
    return (
        "生成时出错，原来的站点没有改动。请把下面这一行报给工程师：\n"
        f"  {type(failure).__name__}: {failure}（{where.filename}:{where.lineno}）"
    )
