"""What is found out of the catalogue beside units, and found again only where it may be another."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Final

from plugins.catalogue import Catalogue
from plugins.catalogue.declared_facts import DECLARED_KINDS, Declared, Outline
from plugins.catalogue.stored import Lazy
from plugins.processes import portions, spread
from plugins.site.snapshot import digest
from plugins.site.state import State
from plugins.site.trace import (
    Facets,
    OfProfile,
    Reads,
    TracedCatalogue,
    changed_profiles,
    different,
    of_profile,
)


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
        self.changed = different(state.facets, facets)

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
        known, noted = {}, self._catalogue.noted
        for school_id, path in paths:
            facet, kept = f"profile {school_id}", last.get(school_id)
            if kept is not None and facet not in self.changed and kept[_OUTLINE][0] == path:
                known[school_id] = kept
            elif school_id in noted:
                known[school_id] = noted[school_id]
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


def _kept_outline(kept: OfProfile) -> Outline:
    path, summary, day, has_photos = kept.outline
    return Outline(path, summary, dt.date.fromordinal(day), has_photos)
