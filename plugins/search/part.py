"""The schools of one part of the country, indexed once: for its own index and the national one.

A part is kept on the disk, so that processes can share it, under a name that says what is in it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Final

from plugins.search.document import Programme, SearchDocument, in_order
from plugins.search.fingerprint import document_digest, fingerprint_of
from plugins.search.postings import Postings
from plugins.search.postings_cache import open_postings, prune
from plugins.whole_file import read_whole, write_whole

_PART: Final = "part-"


@dataclass(frozen=True)
class Part:
    """`documents` are in order of their school_id, with their `digests`."""

    documents: tuple[SearchDocument, ...]
    digests: tuple[str, ...]
    phrases: tuple[str, ...]
    cache_dir: Path

    @cached_property
    def postings(self) -> Postings:
        return open_postings(self.documents, self.cache_dir, self.digests, self.phrases)


def part_of(
    documents: Iterable[SearchDocument], cache_dir: Path, phrases: Iterable[str] = ()
) -> Part:
    """Schools that have not been counted yet. Raises ValueError when two have one school_id."""
    ordered = in_order(documents)
    digests = tuple(map(document_digest, ordered))
    return Part(ordered, digests, tuple(sorted(phrases)), cache_dir)


def keep_part(part: Part) -> str:
    """Count the schools and write all down; the name under which `read_part` finds it."""
    part.cache_dir.mkdir(parents=True, exist_ok=True)
    name = fingerprint_of((*part.digests, *part.phrases))
    plain = tuple(map(_plain, part.documents))
    write_whole(part.cache_dir / f"{_PART}{name}", (plain, part.digests, part.phrases))
    prune(part.cache_dir, _PART)
    _ = part.postings
    return name


def read_part(name: str, cache_dir: Path) -> Part | None:
    """None when there is no such part, or it is damaged."""
    found = read_whole(cache_dir / f"{_PART}{name}")
    if found is None:
        return None
    plain, digests, phrases = found
    return Part(tuple(map(_document, plain)), digests, phrases, cache_dir)


def _plain(document: SearchDocument) -> tuple[Any, ...]:
    return (
        document.school_id, document.name, document.place, document.level, document.verified,
        document.url, dict(document.fields), dict(document.facets), document.seats,
        document.sort_name, tuple(map(tuple, document.programmes)),
    )  # fmt: skip


def _document(plain: tuple[Any, ...]) -> SearchDocument:
    *values, programmes = plain
    values.append(tuple(map(Programme._make, programmes)))
    return SearchDocument(*values)
