"""A name for an index: equal exactly when the documents and the engine are equal.

Imports no Whoosh, so that a build in which nothing changed can ask cheaply.
"""

import json
from collections.abc import Iterable
from dataclasses import fields
from functools import cache
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path

from plugins.search.document import SearchDocument, in_order

# The adapter's work shows in the documents themselves; the command line decides nothing.
_NOT_ENGINE = frozenset({"documents.py", "readings.py", "related.py", "suggest.py", "__main__.py"})


@cache
def engine_version() -> str:
    """Changes whenever the engine's code or Whoosh does; no number to forget to raise."""
    digest = sha256(version("whoosh-reloaded").encode())
    for module in sorted(Path(__file__).parent.glob("*.py")):
        if module.name not in _NOT_ENGINE:
            digest.update(module.name.encode() + b"\0" + module.read_bytes() + b"\0")
    return digest.hexdigest()


def document_digest(document: SearchDocument) -> str:
    """64 hexadecimal digits: equal exactly when two documents are equal in every part."""
    record = [getattr(document, part.name) for part in fields(document)]
    # A lone surrogate is a string like any other here.
    text = json.dumps(record, ensure_ascii=False, sort_keys=True)
    encoded = text.encode("utf-8", "surrogatepass")
    return sha256(encoded).hexdigest()


def fingerprint(documents: Iterable[SearchDocument]) -> str:
    """32 hexadecimal digits naming these documents, in any order, under this engine."""
    return fingerprint_of(map(document_digest, in_order(documents)))


def fingerprint_of(digests: Iterable[str]) -> str:
    """The `fingerprint` of documents whose digests, in order of their school_id, are known."""
    digest = sha256(engine_version().encode())
    for of_document in digests:
        digest.update(of_document.encode())
    return digest.hexdigest()[:32]
