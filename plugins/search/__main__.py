"""`python -m plugins.search QUERY`: all hits, in the order in which the web page shows them."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from plugins.catalogue import find_content, load
from plugins.clock import today
from plugins.search.documents import search_documents, search_lexicon
from plugins.search.index import open_or_build
from plugins.search.query import SearchResult, site_search
from plugins.search.vocabulary import Vocabulary

PROJECT = Path(__file__).resolve().parents[2]


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m plugins.search", description=__doc__)
    parser.add_argument("query")
    parser.add_argument("--content", type=Path, default=PROJECT / "content")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args(arguments)
    folder = find_content(options.content)
    if folder is None:
        print(
            f"{options.content} 不是内容文件夹：里面要有 reference/provinces.csv。", file=sys.stderr
        )
        return 1
    catalogue, _ = load(folder, today())
    documents = search_documents(catalogue)
    lexicon = search_lexicon(catalogue)
    index = open_or_build(documents, PROJECT / ".cache/search", lexicon)
    vocabulary = Vocabulary.of_documents(documents, lexicon)
    result = site_search(index, options.query, vocabulary)
    if options.json:
        hits = [
            {"school_id": hit.school_id, "name": hit.name, "score": hit.score}
            for hit in result.hits
        ]
        print(json.dumps(hits, ensure_ascii=False, indent=1))
        return 0
    places = {document.school_id: document.place for document in documents}
    for hit in result.hits:
        print(f"{hit.score:>6}  {hit.name}  {places[hit.school_id]}  /schools/{hit.school_id}/")
    print(f"“{options.query}”：{len(result.hits)} 所学校。")
    for line in _understood(result):
        print(line)
    return 0


def _understood(result: SearchResult) -> Iterator[str]:
    """How the query was read, what was relaxed, and where to go when nothing was found."""
    chips = [f"{chip.word} → {chip.label}" for chip in result.chips]
    if chips:
        yield f"看作：{'；'.join(chips)}"
    if result.terms:
        yield f"找的词：{' '.join(result.terms)}"
    yield from (f"说明：{note}" for note in result.notes)
    if result.approximate:
        yield f"近似结果：{'；'.join(result.approximate)}。"
    for offer in result.offers:
        count = "" if offer.count is None else f"（{offer.count} 所）"
        if offer.kind == "without":
            yield f"去掉“{offer.label}”再找：{offer.query}{count}"
        else:
            yield f"看看{'地方' if offer.kind == 'place' else '专业'}：{offer.label}{count}"


if __name__ == "__main__":
    sys.exit(main())
