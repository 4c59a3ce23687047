"""What a unit of work reads of the catalogue, found out by watching it read.

A unit (a school's page, the pages of one city …) gets a `TracedCatalogue` and a set. Whatever it
opens is named in the set as a *facet*; `facets_of` gives the digest of every facet. A unit whose
facets have the digests that they had before would read the same and make the same, so it need not
run. Nothing is declared, so nothing can be forgotten: a builder that reads everything depends on
everything and is merely remade more often.

Facets: `reference`; `register <province>` and `plan <province>`, which are what the province's
files say; of a profile `facts <school>`, `text <school>`, `outline <school>` (what lists show of
it) and `has <school>`; `photo <path>`; `changed <path>`; and for each kind `*`, which stands for
all of it. `profiles ids` are the
schools that have a profile; `offered` are the majors on offer; `declared <kind>` is what all
profiles declare of a kind, `declared` how much of all kinds; `search part <province>` are its
schools as search knows them, `lexicon` its words; `search`, `downloads` and `head` (the commit of
the content) are set by the builder. The day, the settings and the code are no facets:
with any of them everything is made anew.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from functools import cached_property, partial
from itertools import compress
from operator import ne
from typing import Any, NamedTuple, TypeVar, cast

from plugins.catalogue import Catalogue, School
from plugins.catalogue.catalogue import Plan
from plugins.catalogue.declared_facts import Declared, Outline, declared_of, outline_of
from plugins.catalogue.last_good import LastGood, file_of_unit
from plugins.catalogue.read_notice import Notice
from plugins.catalogue.read_profile import Profile, Section
from plugins.catalogue.reference import Major, Reference
from plugins.catalogue.schema import FrontMatter, Programme
from plugins.photos import Derivatives, PhotoFacts
from plugins.site.snapshot import Snapshot, digest

Key = TypeVar("Key")
Value = TypeVar("Value")

Reads = set[str]
Facets = dict[str, str]

_NOTHING: Any = object()


class TracedMapping(Mapping[Key, Value]):
    """A mapping that notes what is looked up: one key, which keys there are, or everything."""

    def __init__(
        self,
        whole: Mapping[Key, Value],
        one: Callable[[Key], None],
        keys: Callable[[], None],
        every: Callable[[], None],
        member: Callable[[Key], None] | None = None,
        seen: Callable[[Value, str], Value] | None = None,
    ) -> None:
        self._whole, self._one, self._keys, self._every = whole, one, keys, every
        self._member = member or one
        self._seen = seen

    def __getitem__(self, key: Key) -> Value:
        self._one(key)
        value = self._whole[key]
        return value if self._seen is None else self._seen(value, str(key))

    def get(self, key, default=None):  # type: ignore[no-untyped-def]
        """As `Mapping` has it, without the way over an exception."""
        self._one(key)
        value = self._whole.get(key, _NOTHING)
        if value is _NOTHING:
            return default
        return value if self._seen is None else self._seen(value, str(key))

    def __contains__(self, key: object) -> bool:
        self._member(key)  # type: ignore[arg-type]
        return key in self._whole

    def __iter__(self) -> Iterator[Key]:
        self._keys()
        return iter(self._whole)

    def __len__(self) -> int:
        self._keys()
        return len(self._whole)

    def values(self):  # type: ignore[no-untyped-def]
        self._every()
        if (seen := self._seen) is not None:
            return [seen(value, "*") for value in self._whole.values()]
        return self._whole.values()

    def items(self):  # type: ignore[no-untyped-def]
        self._every()
        if (seen := self._seen) is not None:
            return [(key, seen(value, "*")) for key, value in self._whole.items()]
        return self._whole.items()


class TracedProfile:
    """A profile of which it is noted what is read: its facts or its text."""

    __slots__ = ("_note", "_profile", "_whose", "path", "school_id")

    def __init__(self, profile: Profile, whose: str, note: Callable[[str], None]) -> None:
        self._profile, self._whose, self._note = profile, whose, note
        self.school_id, self.path = profile.school_id, profile.path

    @property
    def facts(self) -> FrontMatter:
        self._note(f"facts {self._whose}")
        return self._profile.facts

    @property
    def sections(self) -> tuple[Section, ...]:
        self._note(f"text {self._whose}")
        return self._profile.sections


class OfProfile(NamedTuple):
    """What is kept of one profile between builds, as plain values: digests of its `facts` and of
    its `text`, what lists show of it, and what it declares."""

    facts: str
    text: str
    outline: tuple[str, str, int, bool]
    declared: tuple[Any, ...]


def of_profile(profile: Profile) -> tuple[Any, ...]:
    path, summary, day, has_photos = outline_of(profile)
    return tuple(
        OfProfile(
            digest(profile.facts),
            digest(profile.sections),
            (path, summary, day.toordinal(), has_photos),
            tuple(declared_of(profile)),
        )
    )


def different(before: Mapping[str, object], now: Mapping[str, object]) -> set[str]:
    """The keys that have not the same value in both."""
    keys = list(before.keys() | now.keys())
    return set(compress(keys, map(ne, map(before.get, keys), map(now.get, keys))))


def changed_profiles(
    before: Mapping[str, tuple[Any, ...]], now: Mapping[str, tuple[Any, ...]]
) -> set[str]:
    """The facets of profiles that are not as they were `before`."""
    found: set[str] = set()
    for school_id in different(before, now):
        old, new = before.get(school_id), now.get(school_id)
        for at, kind in enumerate(("facts", "text", "outline")):
            if old is None or new is None or old[at] != new[at]:
                found |= {f"{kind} {school_id}", f"{kind} *"}
    return found


class TracedCatalogue(Catalogue):
    """The catalogue `whole` as one unit sees it; the facets that it opens are added to `reads`.

    A field or method that is not overridden here reads through those that are. Mappings are made
    once a unit; none of them knows this catalogue, so that all goes when the unit is done.
    """

    def __init__(self, whole: Catalogue, reads: Reads) -> None:
        # The fields are properties here, so the frozen record's own __init__ is not wanted.
        self.__dict__["_whole"] = whole
        self.__dict__["_reads"] = reads
        self.__dict__["_note"] = reads.add

    _whole: Catalogue
    _reads: Reads
    _note: Callable[[str], None]

    def _of_province(self, kind: str) -> Callable[[str], None]:
        """Notes a facet of the province of a school. To find none is an answer that any register
        may change."""
        note, province = self._note, self._whole.province_of_id.get
        return lambda school_id: note(f"{kind} {province(school_id, '*')}")

    def _whenever(self, *facets: str) -> Callable[[], None]:
        return partial(self._reads.update, facets)

    @property
    def today(self) -> dt.date:
        return self._whole.today

    @property
    def reference(self) -> Reference:
        self._note("reference")
        return self._whole.reference

    @property
    def schools(self) -> tuple[School, ...]:
        self._note("register *")
        return self._whole.schools

    @cached_property
    def plans(self) -> Mapping[str, tuple[Plan, ...]]:
        every = self._whenever("plan *")
        return TracedMapping(self._whole.plans, self._of_province("plan"), every, every)

    @cached_property
    def profiles(self) -> Mapping[str, Profile]:
        note, every = self._note, self._whenever("profiles ids")
        return TracedMapping(
            self._whole.profiles,
            lambda school_id: note(f"has {school_id}"),
            every,
            every,
            seen=lambda profile, whose: cast(Profile, TracedProfile(profile, whose, note)),
        )

    @cached_property
    def outlines(self) -> Mapping[str, Outline]:
        note = self._note
        return TracedMapping(
            self._whole.outlines,
            lambda school_id: note(f"outline {school_id}"),
            self._whenever("profiles ids"),
            self._whenever("outline *"),
            lambda school_id: note(f"has {school_id}"),
        )

    @property
    def declared(self) -> Mapping[str, Declared]:
        self._note("declared")
        return self._whole.declared

    @cached_property
    def photos(self) -> Mapping[str, PhotoFacts]:
        note, every = self._note, self._whenever("photo *")
        return TracedMapping(self._whole.photos, lambda path: note(f"photo {path}"), every, every)

    @property
    def quarantined(self) -> tuple[str, ...]:
        self._note("quarantined")
        return self._whole.quarantined

    @property
    def notices(self) -> tuple[Notice, ...]:
        self._note("news *")
        return self._whole.notices

    @property
    def warnings(self) -> Mapping[str, int]:
        self._note("warnings")
        return self._whole.warnings

    @property
    def last_good(self) -> Mapping[str, LastGood]:
        self._note("last good")
        return self._whole.last_good

    @property
    def profile_paths(self) -> Mapping[str, str]:
        self._note("outline *")
        return self._whole.profile_paths

    @property
    def province_of_id(self) -> Mapping[str, str]:
        self._note("register *")
        return self._whole.province_of_id

    @property
    def notices_of_place(self) -> Mapping[str, tuple[Notice, ...]]:
        self._note("news *")
        return self._whole.notices_of_place

    @cached_property
    def school_by_id(self) -> Mapping[str, School]:
        every = self._whenever("register *")
        return TracedMapping(self._whole.school_by_id, self._of_province("register"), every, every)

    @cached_property
    def schools_of_province(self) -> Mapping[str, tuple[School, ...]]:
        note, every = self._reads.update, self._whenever("reference", "register *")
        return TracedMapping(
            self._whole.schools_of_province,
            lambda slug: note(("reference", f"register {slug}")),
            every,
            every,
        )

    @cached_property
    def schools_of_city(self) -> Mapping[tuple[str, str], tuple[School, ...]]:
        note, every = self._note, self._whenever("register *")
        return TracedMapping(
            self._whole.schools_of_city, lambda place: note(f"register {place[0]}"), every, every
        )

    @cached_property
    def programmes_of_major(self) -> Mapping[str, tuple[Programme, ...]]:
        return _ProgrammesOfMajor(self._whole, self._reads)

    @property
    def majors_on_offer(self) -> frozenset[str]:
        self._note("offered")
        return self._whole.majors_on_offer

    @cached_property
    def majors_of_school(self) -> Mapping[str, tuple[Major, ...]]:
        note, province = self._reads.update, self._whole.province_of_id.get

        def one(school_id: str) -> None:
            slug = province(school_id, "*")
            note(("reference", f"register {slug}", f"plan {slug}"))

        return TracedMapping(
            self._whole.majors_of_school,
            one,
            self._whenever("register *"),
            self._whenever("reference", "register *", "plan *"),
        )


class _ProgrammesOfMajor(Mapping[str, tuple[Programme, ...]]):
    """What is offered in the whole country; whether a major is on offer is far less."""

    def __init__(self, whole: Catalogue, reads: Reads) -> None:
        self._catalogue, self._reads = whole, reads

    @property
    def _whole(self) -> Mapping[str, tuple[Programme, ...]]:
        self._reads.update(("reference", "register *", "plan *"))
        return self._catalogue.programmes_of_major

    def __getitem__(self, key: str) -> tuple[Programme, ...]:
        return self._whole[key]

    def __contains__(self, key: object) -> bool:
        self._reads.add("offered")
        return key in self._catalogue.majors_on_offer

    def __iter__(self) -> Iterator[str]:
        return iter(self._whole)

    def __len__(self) -> int:
        return len(self._whole)


def traced_photos(whole: Mapping[str, Derivatives], reads: Reads) -> Mapping[str, Derivatives]:
    """The published copies of photos, by content path."""
    return TracedMapping(
        whole,
        lambda path: reads.add(f"photo {path}"),
        lambda: reads.add("photo *"),
        lambda: reads.add("photo *"),
    )


def traced_changes(whole: Mapping[str, dt.date], reads: Reads) -> Mapping[str, dt.date]:
    """The day of the last change of files, by content path."""
    return TracedMapping(
        whole,
        lambda path: reads.add(f"changed {path}"),
        lambda: reads.add("changed *"),
        lambda: reads.add("changed *"),
    )


def facets_of(content: Snapshot, catalogue: Catalogue, changed: Mapping[str, dt.date]) -> Facets:
    """The digest of every facet. A facet that is not here has nothing in it.

    Registers and plans are named by their files, for a catalogue with errors in them is never
    published; a profile by its file and by whether it is shown.
    """
    groups: dict[str, list[tuple[str, str]]] = {}
    grouped = [
        (path, content_hash)
        for path, content_hash in content.hashes.items()
        if content_hash != "folder"  # which is told by the files in it
        and not (path[-11:] == "/profile.md" and path[:8] == "schools/")
    ]
    for path, content_hash in grouped:
        for group in _groups_of(path):
            groups.setdefault(group, []).append((path, content_hash))
    facets = {group: digest(sorted(files)) for group, files in groups.items()}
    kept = sorted(catalogue.profile_paths)
    for school_id in kept:
        facets[f"profile {school_id}"] = content.hashes[catalogue.profile_paths[school_id]]
        facets[f"has {school_id}"] = "yes"
    # Earlier versions lie outside the content, so their files have no row here.
    shown = {file_of_unit(unit): good for unit, good in catalogue.last_good.items()}
    for school_id in kept if shown else ():
        file = catalogue.profile_paths[school_id]
        if file in shown:
            facets[f"profile {school_id}"] = digest(catalogue.profiles[school_id])
            for path, facts in catalogue.photos.items():
                if path.startswith(file.removesuffix("profile.md")):
                    facets[f"photo {path}"] = digest(facts)
    earlier_news = [notice for notice in catalogue.notices if notice.path in shown]
    facets["profiles ids"] = digest(kept)
    facets["last good"] = digest(sorted(catalogue.last_good.items(), key=lambda item: item[0]))
    facets["quarantined"] = digest(catalogue.quarantined)
    facets["warnings"] = digest(sorted(catalogue.warnings.items()))
    facets["news *"] = digest(
        facets.get("news *"), [notice.path for notice in catalogue.notices], earlier_news
    )
    for path, day in changed.items():
        facets[f"changed {path}"] = day.isoformat()
    facets["changed *"] = digest(sorted(changed.items()))
    return facets


def _groups_of(path: str) -> Iterator[str]:
    """The facets that a file of the content is part of, profiles and their photos aside."""
    match path.split("/"):
        case ["reference", *_]:
            yield "reference"
        case ["registry", unit, "schools.csv"]:
            yield f"register {unit}"
            yield "register *"
        case ["registry", unit, "plans", _]:
            yield f"plan {unit}"
            yield "plan *"
        case ["news", *_]:
            yield "news *"
        case ["schools", _, _, name] if name != "profile.md":
            yield f"photo {path}"
            yield "photo *"
