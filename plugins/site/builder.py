"""`construct`: what `build` does when something has changed.

look → load → make the units whose inputs changed → guard → exchange → remember. From top to bottom,
`construct` is these steps; `docs/architecture.md` says why each is safe.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import os
import shutil
import stat
import time
from collections.abc import Iterable, Mapping, Sequence, Set
from contextlib import closing, nullcontext
from operator import itemgetter
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from plugins.catalogue import Catalogue, Problem, errors, find_content, load
from plugins.catalogue.check import located
from plugins.catalogue.last_good import changes_with
from plugins.catalogue.quarantine import (
    Candidates,
    Quarantine,
    SetAside,
    load_with_quarantine,
    no_earlier_version,
)
from plugins.catalogue.records import Records, RecordsDamaged, Since
from plugins.collector import rare_collection
from plugins.photos import PhotoRefused
from plugins.processes import beside
from plugins.site import assemble
from plugins.site.answers import Answers
from plugins.site.build import CORE, DEMO_CONTENT, PROJECT, BuildFailed, Built, Options, describe
from plugins.site.context import SiteContext
from plugins.site.guard import Tree, guard
from plugins.site.history import last_changes
from plugins.site.ledger import Written, read_ledger, save_ledger
from plugins.site.navigation import navigation
from plugins.site.progress import Progress
from plugins.site.remembered import (
    UNREADABLE,
    Inputs,
    Memory,
    head_of,
    places_of,
    world_of,
    write_index,
)
from plugins.site.seen import Seen, see
from plugins.site.snapshot import Row, Snapshot, digest, look, row_of, take
from plugins.site.sources import Shared
from plugins.site.standby import Standby
from plugins.site.state import State, read_state, write_state
from plugins.site.surroundings import (
    explained,
    keep_memory,
    only_build,
    plain_modes,
)
from plugins.site.switch import switch
from plugins.site.templates import Templates
from plugins.site.trace import Facets, facets_of, of_profile
from plugins.site.work import OTHER_KINDS, Work
from plugins.site.workshop import Made, Output, Put

if TYPE_CHECKING:
    from rich.console import Console

_SETTLED_S = 0.02
"""No file system's clock stands still for longer; a row taken later tells every later change."""


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
    known = {*(family.name for family in assemble.FAMILIES), *OTHER_KINDS}
    if unknown := [name for name in options.only if name not in known]:
        raise BuildFailed(
            f"不认识的页面种类：{'、'.join(unknown)}。可以是：{'、'.join(sorted(known))}。"
        )
    progress = Progress(console, verbose=verbose)
    memory = Memory(output)
    keep_memory()
    with explained(), only_build(output), plain_modes(), rare_collection(), progress:
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
        self.standby = Standby(memory)
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
        if seen is not None and not seen.is_of_now(self.memory):
            seen.lookout.close()
            seen = None
        state = read_state(self.memory)  # first: no thread reads it any more when `see` forks
        seen = seen or see(self.memory, places)
        with closing(seen.lookout):
            return self._make(places, seen, state)

    def _make(self, places: Mapping[str, Path], seen: Seen, state: State) -> Built | None:
        seen.lookout.begin_with_standby()
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
            of_profile,
        )
        templates = self.templates()
        # Where all pages will be made, another process meanwhile compiles what they need.
        is_first = not state.units
        with beside(templates.compile_all, self.processes) if is_first else nullcontext():
            learnt = self.learn(state, inputs, head, records)
        catalogue, expected = learnt.catalogue, learnt.expected
        work = self.work(learnt, state, damaged, inputs, self.standby.put, templates)
        self.standby.open(state.outputs.keys() or owned, still, seen.lookout.standby_changes)
        units = work.make_all()

        moved = seen.lookout.begin_with_inputs()
        try:
            tree = self._finished_tree(units, owned, work.put_names)
            self._guard(tree, catalogue, inputs["content"], expected)
        except Exception:
            # Of two states of the inputs, anything may be wrong that is right in each.
            if self._inputs_changed(places, inputs, head, moved()):
                return None
            raise
        if self._inputs_changed(places, inputs, head, moved()):
            return None
        outputs, waiting, gone = tree.outputs, tree.rows, tree.gone

        # Both trees are ours while they change places, wherever this is interrupted.
        has_other_names = outputs.keys() != state.outputs.keys() or not self.memory.ledger.exists()
        if has_other_names:
            ledger = {name: Written(one.size, one.sha256) for name, one in outputs.items()}
            both = read_ledger(self.memory.ledger) | ledger
            save_ledger(self.memory.ledger, both)
        if work.put_names or gone or not self.output.exists():
            switch(self.standby.root, self.output)
            rows, other = dict(waiting), still
        else:
            rows, other = dict(there), waiting
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
        self.standby.follow(sorted(work.put_names), sorted(gone))
        if has_other_names and len(both) > len(ledger):
            save_ledger(self.memory.ledger, ledger)
        kept = State(
            made_with, learnt.facets, units, work.template_digests, work.context,
            {path: day.isoformat() for path, day in learnt.changes.items()}, head,
            learnt.answers.found,
        )  # fmt: skip
        write_state(self.memory, kept, state)
        said = describe(built._replace(made=built.pages), self.output)
        write_index(self.memory, seen.kept, world, head, inputs, rows, saved_as, said)
        self.standby.close(other)
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
            "expected", _core_addresses if self.options.only == CORE else _all_addresses
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
        return last_changes(self.content, "schools" if self.options.only == CORE else ".")

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

    def _inputs_changed(
        self, places: Mapping[str, Path], inputs: Inputs, head: str, moved: Iterable[str]
    ) -> bool:
        """Whether another commit is there, or a file in a place that has `moved` says something
        else."""
        return head_of(self.content) != head or any(
            take(str(places[name]), inputs[name]).hashes != inputs[name].hashes for name in moved
        )

    def _finished_tree(self, units: Mapping[str, Made], owned: Set[str], written: Set[str]) -> Tree:
        """The standby tree without what no unit made; of the `owned` files, that is gone."""
        outputs = _outputs_of(units)
        gone = owned - outputs.keys()
        self.standby.remove(sorted(gone))
        rows = self._settled_rows(outputs, written, gone)
        return Tree(self.standby.root, rows, outputs, written, gone)

    def _guard(
        self, tree: Tree, catalogue: Catalogue, content: Snapshot, expected: Set[str]
    ) -> None:
        """Raises BuildFailed where something is wrong with the tree."""
        self.progress.step("核对生成的页面")
        only = self.options.only
        faults = guard(
            tree, catalogue, content, expected if only in ((), CORE) else frozenset(),
            links=not only, processes=self.processes,
        )  # fmt: skip
        if faults:
            shown = "\n".join(f"  - {fault}" for fault in faults[:50])
            raise BuildFailed(f"生成的站点没有通过核对，共 {len(faults)} 处：\n{shown}")

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
