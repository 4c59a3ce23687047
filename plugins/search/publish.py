"""The static index of a build: taken from the cache when the schools are as they were.

Importing this module, and a build in which nothing changed, import no Whoosh.
"""

import json
import os
from collections.abc import Sequence
from pathlib import Path

from plugins.search.document import SearchDocument, in_order
from plugins.search.export import export
from plugins.search.fingerprint import fingerprint_of
from plugins.search.lexicon import EMPTY, Lexicon
from plugins.search.pack import read_pack, write_pack
from plugins.search.part import Part
from plugins.search.postings import Postings
from plugins.search.postings_cache import open_postings, prune
from plugins.search.vocabulary import Vocabulary

_EXPORT = "export-"


def search_files(
    parts: Sequence[Part], cache_dir: Path, lexicon: Lexicon = EMPTY
) -> tuple[str, dict[str, bytes]]:
    """The generation, and file name to content of what `/search-index/<generation>/` holds: the
    index of all schools of the parts, which have the same phrases.

    The bytes depend on the documents, the lexicon and the engine alone; `cache_dir` only saves
    time, and any of it may be deleted.
    """
    ordered = in_order(document for part in parts for document in part.documents)
    cache_dir.mkdir(parents=True, exist_ok=True)
    digests = _digests(ordered, parts)
    target = cache_dir / f"{_EXPORT}{fingerprint_of((*digests, lexicon.digest))}"
    kept = read_pack(target)
    if kept is not None:
        os.utime(target)
        files = {name: bytes(content) for name, content in kept.items()}
    else:
        postings = _postings(ordered, parts, cache_dir)
        files = export(postings, ordered, Vocabulary.of_documents(ordered, lexicon))
        write_pack(target, {name: [content] for name, content in files.items()})
    prune(cache_dir, _EXPORT)
    return _generation(files), files


def _digests(ordered: Sequence[SearchDocument], parts: Sequence[Part]) -> tuple[str, ...]:
    found = {
        document.school_id: digest
        for part in parts
        for document, digest in zip(part.documents, part.digests, strict=True)
    }
    return tuple(found[document.school_id] for document in ordered)


def _postings(
    ordered: Sequence[SearchDocument], parts: Sequence[Part], cache_dir: Path
) -> Postings:
    if len(parts) == 1:
        return parts[0].postings
    phrases = parts[0].phrases if parts else ()
    return open_postings(
        ordered, cache_dir, _digests(ordered, parts), phrases, lambda: _joined(parts)
    )


def _joined(parts: Sequence[Part]) -> Postings:
    from plugins.search.postings_build import joined_postings

    return joined_postings([part.postings for part in parts])


def _generation(files: dict[str, bytes]) -> str:
    return str(json.loads(files["manifest.json"])["generation"])
