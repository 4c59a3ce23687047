"""The static index of a build: taken from the cache when the schools are as they were.

Importing this module, and a build in which nothing changed, import no Whoosh.
"""

import json
import os
from collections.abc import Iterable
from pathlib import Path

from plugins.search.document import SearchDocument, in_order
from plugins.search.export import export
from plugins.search.fingerprint import document_digest, fingerprint_of
from plugins.search.lexicon import EMPTY, Lexicon
from plugins.search.pack import read_pack, write_pack
from plugins.search.postings_cache import open_postings, prune
from plugins.search.vocabulary import Vocabulary

_EXPORT = "export-"


def search_files(
    documents: Iterable[SearchDocument], cache_dir: Path, lexicon: Lexicon = EMPTY
) -> tuple[str, dict[str, bytes]]:
    """The generation, and file name to content of what `/search-index/<generation>/` holds.

    The bytes depend on the documents, the lexicon and the engine alone; `cache_dir` only saves
    time, and any of it may be deleted.
    """
    ordered = in_order(documents)
    cache_dir.mkdir(parents=True, exist_ok=True)
    digests = tuple(map(document_digest, ordered))
    target = cache_dir / f"{_EXPORT}{fingerprint_of((*digests, lexicon.digest))}"
    parts = read_pack(target)
    if parts is not None:
        os.utime(target)
        files = {name: bytes(content) for name, content in parts.items()}
    else:
        postings = open_postings(ordered, cache_dir, digests, lexicon.indexed_phrases)
        files = export(postings, ordered, Vocabulary.of_documents(ordered, lexicon))
        write_pack(target, {name: [content] for name, content in files.items()})
    prune(cache_dir, _EXPORT)
    return _generation(files), files


def _generation(files: dict[str, bytes]) -> str:
    return str(json.loads(files["manifest.json"])["generation"])
