"""Makes the units of a site: what each reads, what it puts out, and what need not be done again.

A unit is one key of a family (`school/yanshi-jishi-xueyuan`). Nothing here knows where files go:
`put` is given every file that is made.
"""

from __future__ import annotations

import functools
import hashlib
import io
import pickle
from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass, field, fields, is_dataclass
from operator import attrgetter
from pathlib import Path
from typing import Any, NamedTuple

from msgspec import Struct
from msgspec.structs import astuple
from pydantic import BaseModel

from plugins.site.compressed import ENDINGS
from plugins.site.context import SiteContext
from plugins.site.page import Page
from plugins.site.pages import Family
from plugins.site.sources import Shared, Sources
from plugins.site.templates import Templates


class Output(NamedTuple):
    """One file of a unit. `size` in bytes, `sha256` in hex.

    `template` made it (nothing for other files); `cut` is the digest of what the template was
    shown, where that is kept. `url` and `changed_on` are there for pages that a sitemap names.
    """

    name: str
    size: int
    sha256: str
    template: str = ""
    cut: str = ""
    url: str = ""
    changed_on: str = ""


class Made(NamedTuple):
    """A unit that was made: its name, the facets that it read, its files, and how many pages were
    rendered for it this time."""

    unit: str
    reads: tuple[str, ...]
    outputs: tuple[Output, ...]
    rendered: int = 0


Put = Callable[[str, bytes], None]


def unit_name(family: Family, key: str) -> str:
    return f"{family.name}/{key}"


@dataclass
class Workshop:
    """`last` gives the outputs of a unit in the last build that are still whole on the disk, by
    name. A page of them which would show the same through one of the `same` templates, which are
    as they were then, is not rendered again."""

    shared: Shared
    templates: Templates
    site: SiteContext
    put: Put
    last: Callable[[str], Mapping[str, Output]] = field(default=lambda _: {})
    same: frozenset[str] = frozenset()
    copies: Callable[[str, bytes], Iterable[tuple[str, bytes]]] = field(default=lambda *_: ())

    def make(self, family: Family, key: str) -> Made:
        unit = unit_name(family, key)
        reads: set[str] = set()
        sources = Sources(self.shared, reads)
        last = self.last(unit)
        outputs: dict[str, Output] = {}
        rendered = 0
        for made in family.make(sources, key):
            if isinstance(made, Page):
                found, is_fresh = self._page(made, family.cut, last)
                rendered += is_fresh
            else:
                data = made.data.read_bytes() if isinstance(made.data, Path) else made.data
                found = self.file(made.name, data, last)
            for output in found:
                if outputs.setdefault(output.name, output).sha256 != output.sha256:
                    raise ValueError(f"output path is written twice: {output.name!r}")
        return Made(unit, tuple(sorted(reads)), tuple(outputs.values()), rendered)

    def _page(self, page: Page, cut: bool, last: Mapping[str, Output]) -> tuple[list[Output], bool]:
        known = last.get(page.file)
        shown = shown_digest(page) if cut else ""
        if known is not None and cut and known.cut == shown and page.template in self.same:
            return [known, *self._last_copies(page.file, last)], False
        first, *copies = self.file(page.file, self.templates.render(page, self.site), last)
        return [described(first, page, shown), *copies], True

    def file(self, name: str, data: bytes, last: Mapping[str, Output]) -> list[Output]:
        """One file and its compressed copies; written only where they are not there already."""
        known = last.get(name)
        output = Output(name, len(data), hashlib.sha256(data).hexdigest())
        if known is not None and known.sha256 == output.sha256:
            return [output, *self._last_copies(name, last)]
        found = [output]
        self.put(name, data)
        for copy, packed in self.copies(name, data):
            found.append(Output(copy, len(packed), hashlib.sha256(packed).hexdigest()))
            self.put(copy, packed)
        return found

    @staticmethod
    def _last_copies(name: str, last: Mapping[str, Output]) -> list[Output]:
        return [last[copy] for ending in ENDINGS if (copy := name + ending) in last]


def described(output: Output, page: Page, shown: str = "") -> Output:
    """The `output` that is `page`: with its template, and its place in the sitemap."""
    listed = page.indexed and not page.canonical
    return output._replace(
        template=page.template,
        cut=shown,
        url=page.url if listed else "",
        changed_on=page.changed_on.isoformat() if listed and page.changed_on else "",
    )


@functools.cache
def _values_of(kind: Hashable) -> Callable[[Any], Any] | None:
    """Gives all fields of a data class at once, which would give them to pickle one by one."""
    names = (
        [one.name for one in fields(kind)] if isinstance(kind, type) and is_dataclass(kind) else []
    )
    return attrgetter(*names) if names else None


class _Canonical(pickle.Pickler):
    """Equal values give equal bytes, whichever of them are one object.

    Sets come in the order of this process: a page is rendered once too often, never too seldom.
    """

    def reducer_override(self, obj: Any) -> Any:
        kind = type(obj)
        if isinstance(obj, Struct):
            return type, (kind.__qualname__, astuple(obj))
        if (values := _values_of(kind)) is not None:  # type: ignore[arg-type]
            return type, (kind.__qualname__, values(obj))
        if isinstance(obj, BaseModel):
            return type, (kind.__qualname__, tuple(obj.__dict__.items()))
        return NotImplemented


def shown_digest(page: Page) -> str:
    """A digest of everything that the template of `page` can show."""
    stream = io.BytesIO()
    pickler = _Canonical(stream, protocol=5)
    pickler.fast = True
    pickler.dump(page)
    return f"{page.template} {hashlib.blake2b(stream.getbuffer(), digest_size=16).hexdigest()}"
