"""The Whoosh index of the schools: built once for given documents, reopened while they stay.

One segment, written in one go in the order of school_id, so that a school's number in Whoosh is
its ordinal. Nothing is ever merged or updated in place: merging changes field lengths, and with
them scores.
"""

import json
import os
import shutil
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

from whoosh import index as whoosh_index
from whoosh.codec.whoosh3 import W3Codec
from whoosh.fields import FieldType, Schema
from whoosh.filedb.filestore import RamStorage
from whoosh.formats import Existence

from plugins.search.document import SearchDocument, in_order
from plugins.search.fingerprint import fingerprint
from plugins.search.schema import FIELDS, SearchField
from plugins.search.tokens import core_tokens, tokens
from plugins.search.weighting import ImpactWeighting

# Above this Whoosh sorts postings on disk, which is slower.
_MEMORY_MB = 256
_SEAL = "seal.json"
_INDEX_PREFIX = "index-"
_BUILDING_PREFIX = "building-"
_KEPT_INDEXES = 2
_ABANDONED_SECONDS = 24 * 3600


class TokenField(FieldType):  # type: ignore[misc]
    """A Whoosh field that takes a tuple of values and counts its tokens itself.

    Whoosh's analyzers make a Python object per token; counting first costs a fraction of that.
    The count travels as the posting's weight, so the posting needs no value.
    """

    def __init__(self, field: SearchField) -> None:
        super().__init__(format=Existence(), analyzer=None, scorable=True, stored=False)
        self.core = field.core

    def index(self, value: tuple[str, ...], **_: object) -> Iterator[tuple[bytes, int, int, bytes]]:
        """(term, frequency, weight, no value) for each distinct token; Whoosh sorts."""
        tokenize = core_tokens if self.core else tokens
        counts = Counter(token for text in value for token in tokenize(text))
        for token, count in counts.items():
            yield token.encode(), count, count, b""


@dataclass(frozen=True, slots=True)
class SearchIndex:
    """An index that can be searched. `school_ids` and `names` are by ordinal."""

    whoosh: Any
    school_ids: tuple[str, ...]
    names: tuple[str, ...]

    @contextmanager
    def searcher(self) -> Iterator[Any]:
        """A Whoosh searcher that scores by integer impacts."""
        with self.whoosh.searcher(weighting=ImpactWeighting()) as searcher:
            yield searcher


def build(documents: Iterable[SearchDocument], directory: Path | None = None) -> SearchIndex:
    """Index the documents into an existing, empty directory, or into memory when there is none.

    Raises ValueError when two documents have one school_id.
    """
    ordered = in_order(documents)
    schema = Schema(**{field.name: TokenField(field) for field in FIELDS})
    if directory is None:
        created = RamStorage().create().create_index(schema)
    else:
        created = whoosh_index.create_in(str(directory), schema)
    # Compressing blocks of a few postings costs more time than the bytes are worth here.
    writer = created.writer(limitmb=_MEMORY_MB, codec=W3Codec(compression=0))
    try:
        for document in ordered:
            writer.add_document(
                **{name: values for name, values in document.fields.items() if values}
            )
    except BaseException:
        writer.cancel()
        raise
    writer.commit(merge=False)
    return _search_index(created, ordered)


def open_or_build(documents: Iterable[SearchDocument], cache_dir: Path) -> SearchIndex:
    """The index of these documents, from `cache_dir` if the same engine built it there before.

    A new index is finished under another name and then renamed, so a build that dies leaves
    nothing that looks like an index, and two builds at once do not disturb each other. The two
    indexes used last are kept. A damaged index is built anew.
    """
    ordered = in_order(documents)
    cache_dir.mkdir(parents=True, exist_ok=True)
    target = cache_dir / f"{_INDEX_PREFIX}{fingerprint(ordered)}"
    if not _is_whole(target):
        _build_into(target, ordered)
    os.utime(target)
    opened = _search_index(whoosh_index.open_dir(str(target)), ordered)
    _prune(cache_dir)
    return opened


def _search_index(opened: Any, ordered: tuple[SearchDocument, ...]) -> SearchIndex:
    return SearchIndex(
        whoosh=opened,
        school_ids=tuple(document.school_id for document in ordered),
        names=tuple(document.name for document in ordered),
    )


def _build_into(target: Path, ordered: tuple[SearchDocument, ...]) -> None:
    building = Path(mkdtemp(prefix=_BUILDING_PREFIX, dir=target.parent))
    try:
        build(ordered, building)
        (building / _SEAL).write_text(json.dumps(_sizes(building)), encoding="utf-8")
        if not _is_whole(target):
            shutil.rmtree(target, ignore_errors=True)
        try:
            building.rename(target)
        except OSError:
            # Another build of the same documents was first; its index is as good.
            if not _is_whole(target):
                raise
    finally:
        shutil.rmtree(building, ignore_errors=True)


def _sizes(directory: Path) -> dict[str, int]:
    return {
        file.name: file.stat().st_size
        for file in sorted(directory.iterdir())
        if file.name != _SEAL and not file.name.endswith("LOCK")
    }


def _is_whole(target: Path) -> bool:
    """Whether every file of the finished index is there at its full size."""
    try:
        sealed = json.loads((target / _SEAL).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    return bool(sealed == _sizes(target))


def _prune(cache_dir: Path) -> None:
    """Drop all but the indexes used last, and what a killed build left behind."""
    by_use = sorted(cache_dir.glob(f"{_INDEX_PREFIX}*"), key=_last_use, reverse=True)
    abandoned = [
        path
        for path in sorted(cache_dir.glob(f"{_BUILDING_PREFIX}*"))
        if _last_use(path) < time.time() - _ABANDONED_SECONDS
    ]
    for path in [*by_use[_KEPT_INDEXES:], *abandoned]:
        shutil.rmtree(path, ignore_errors=True)


def _last_use(path: Path) -> float:
    """Seconds since the epoch; 0 when another build has just removed it."""
    try:
        return path.stat().st_mtime
    except FileNotFoundError:
        return 0.0
