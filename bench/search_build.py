"""One build of the static search index, measured in a process of its own.

`python -m bench.search_build CONTENT CACHE [--edit] [--write DIR]` prints, as JSON, the CPU
seconds of the index of one part alone (the content is loaded before), the peak memory of the
process in MB, and the number of files. `--edit` adds a sentence to one profile first.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import resource
import sys
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from plugins.catalogue import load
from plugins.search.document import SearchDocument
from plugins.search.documents import search_documents, search_lexicon
from plugins.search.part import part_of
from plugins.search.publish import search_files

DAY = dt.date(2025, 11, 1)
"""The day on which the synthetic tree is read."""


def edited(documents: Sequence[SearchDocument]) -> list[SearchDocument]:
    """The schools after somebody added one sentence to the profile in the middle."""
    middle = len(documents) // 2
    school = documents[middle]
    text = (*school.values("text"), "新建数控加工实训楼，今年秋季启用。")
    changed = replace(school, fields={**school.fields, "text": text})
    return [*documents[:middle], changed, *documents[middle + 1 :]]


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.search_build", description=__doc__)
    parser.add_argument("content", type=Path)
    parser.add_argument("cache", type=Path)
    parser.add_argument("--edit", action="store_true")
    parser.add_argument("--write", type=Path)
    options = parser.parse_args(arguments)
    catalogue, _ = load(options.content, DAY)
    documents: Sequence[SearchDocument] = search_documents(catalogue)
    if options.edit:
        documents = edited(documents)
    lexicon = search_lexicon(catalogue)
    start = time.process_time()
    part = part_of(documents, options.cache, lexicon.indexed_phrases)
    generation, files = search_files([part], options.cache, lexicon)
    spent = time.process_time() - start
    if options.write:
        folder = options.write / generation
        folder.mkdir(parents=True)
        for name, content in files.items():
            (folder / name).write_bytes(content)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"cpu_s": spent, "peak_mb": peak, "files": len(files)}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
