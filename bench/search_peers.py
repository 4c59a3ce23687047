"""The peers of search: Pagefind and MiniSearch over the same schools, installed by npm."""

from __future__ import annotations

import html
import json
import resource
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from zlib import decompress

from bench.queries import Asked
from plugins.search.characters import HAN, WORD, Ranges
from plugins.search.document import SearchDocument
from plugins.search.schema import FIELDS

HERE = Path(__file__).resolve().parent


@dataclass(frozen=True)
class Built:
    """What building an index took: CPU seconds and peak memory in MB."""

    cpu_s: float
    peak_mb: float


def install(folder: Path) -> None:
    """Install the locked peers into `folder`. Raises CalledProcessError without npm or network."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in ("package.json", "package-lock.json"):
        shutil.copy(HERE / name, folder / name)
    # Not `npm ci`: it wants the binaries of every system in the lock to be obtainable.
    subprocess.run(
        ["npm", "install", "--no-audit", "--no-fund", "--ignore-scripts"],
        cwd=folder,
        check=True,
        capture_output=True,
    )


def write_pages(documents: Sequence[SearchDocument], site: Path) -> None:
    """One page a school, holding what our index holds of it, in the order of the fields."""
    for document in documents:
        parts = [
            f"<p>{html.escape(value)}</p>"
            for field in FIELDS
            if field.name != "name"
            for value in document.values(field.name)
        ]
        folder = site / document.url.strip("/")
        folder.mkdir(parents=True)
        (folder / "index.html").write_text(
            f'<!doctype html><html lang="zh-CN"><title>{html.escape(document.name)}</title>'
            f"<main data-pagefind-body><h1>{html.escape(document.name)}</h1>"
            f"{''.join(parts)}</main>",
            encoding="utf-8",
        )


def build_pagefind(packages: Path, site: Path) -> Built:
    """Index the pages with Pagefind's extended binary; the index is in `site/pagefind`."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    [binary] = sorted(packages.glob("node_modules/@pagefind/*/bin/pagefind_extended"))
    process = subprocess.Popen(
        [str(binary), "--site", str(site)], stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    output, _ = process.communicate()
    if process.returncode:
        raise RuntimeError(output.decode(errors="replace"))
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Built(spent, after.ru_maxrss / 1024)


def pagefind_urls(site: Path) -> dict[str, str]:
    """The page of each of Pagefind's result ids."""
    urls = {}
    for fragment in sorted((site / "pagefind" / "fragment").iterdir()):
        content = decompress(fragment.read_bytes(), wbits=31).removeprefix(b"pagefind_dcd")
        urls[fragment.stem] = str(json.loads(content)["url"])
    return urls


def run_minisearch(
    packages: Path, documents: Sequence[SearchDocument], queries: Sequence[Asked], work: Path
) -> tuple[Built, list[set[str]], list[float]]:
    """Build MiniSearch's index into `work/index.json`; the hits of each query, and how many
    milliseconds each took in Node."""
    given = {
        "documents": [
            {
                "school_id": document.school_id,
                "name": document.name,
                "place": document.place,
                "level": document.level,
                **{f.name: "\n".join(document.values(f.name)) for f in FIELDS},
            }
            for document in documents
        ],
        "queries": [query.text for query in queries],
        "han": _for_javascript(HAN),
        "word": _for_javascript(WORD),
        "boosts": {field.name: field.boost for field in FIELDS},
    }
    asked = work / "minisearch-input.json"
    asked.write_text(json.dumps(given, ensure_ascii=False), encoding="utf-8")
    done = subprocess.run(
        [
            *("node", "--max-old-space-size=8192", str(HERE / "minisearch.mjs")),
            *(str(packages), str(asked), str(work)),
        ],
        check=True,
        capture_output=True,
    )
    told = json.loads(done.stdout)
    hits = [set(answer["hits"]) for answer in told["answers"]]
    times = [float(answer["milliseconds"]) for answer in told["answers"]]
    return Built(told["cpuSeconds"], told["peakMb"]), hits, times


def _for_javascript(ranges: Ranges) -> str:
    return "".join(f"\\u{{{first:x}}}-\\u{{{last:x}}}" for first, last in ranges)
