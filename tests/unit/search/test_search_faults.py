"""A file of any kind that is missing or wrong is an error that passes, and never a result.

The engine runs in Node, where DecompressionStream has been taken away as in old browsers.
"""

import json
import subprocess
from pathlib import Path

import pytest

from bench.search_parity import SCRIPTS
from plugins.search.export import export, generation_of
from plugins.search.index import build
from plugins.search.vocabulary import Vocabulary
from tests.unit.search.national import national_tree

KIND_OF = {"offline": "unreachable", "server error": "unreachable", "not found": "gone"}


@pytest.mark.browser
def test_each_kind_of_file_when_it_fails(tmp_path: Path, node: str) -> None:
    """Offline, refused, gone, cut short, one bit of another build, a foreign page, empty."""
    documents, lexicon = national_tree(1_500)
    index = build(documents, lexicon)
    files = export(index, documents, Vocabulary.of_documents(documents, lexicon))
    folder = tmp_path / generation_of(files)
    folder.mkdir()
    for name, content in files.items():
        (folder / name).write_bytes(content)
    asked = [
        ("manifest.json", "宿舍", {}, "relevance", "search"),
        ("terms-", "宿舍", {}, "relevance", "search"),
        ("term-", "宿舍", {}, "relevance", "search"),
        ("schools-", "宿舍", {}, "relevance", "search"),
        ("counties.json", "萧山", {}, "relevance", "search"),
        ("column-province.bin", "杭州", {}, "relevance", "search"),
        ("places-", "杭州", {}, "relevance", "search"),
        ("column-place.bin", "宿舍", {}, "relevance", "counts"),
        ("column-entry.bin", "初中 宿舍", {}, "relevance", "search"),
        ("column-major.bin", "宿舍", {"major": [lexicon.majors[0]]}, "relevance", "search"),
        ("order-name.bin", "宿舍", {}, "name", "search"),
        ("order-seats.bin", "宿舍", {}, "seats", "search"),
        ("sounds.json", "hangzhou", {}, "relevance", "search"),
        ("sounds-rest.json", "火星", {}, "relevance", "search"),
        ("simplified.json", "火星", {}, "relevance", "search"),
        ("counties.json", "hang", {}, "relevance", "suggest"),
    ]
    kinds = [
        dict(zip(("file", "query", "filters", "order", "ask"), one, strict=True)) for one in asked
    ]
    named = {name for name in files if any(name.startswith(one[0]) for one in asked)}
    masks = {name for name in files if name.startswith("column-")}
    # The other columns are read as that of the entries is.
    assert set(files) == named | masks
    done = subprocess.run(
        [node, str(Path(__file__).with_name("search_faults.mjs"))],
        input=json.dumps({"scripts": str(SCRIPTS), "index": str(folder), "kinds": kinds}),
        check=True,
        capture_output=True,
        text=True,
    )
    told = json.loads(done.stdout)
    assert len(told) == len(asked) * 7
    for one in told:
        expected = KIND_OF.get(one["fault"], "damaged")
        assert (one["first"], one["again"], one["healed"]) == (expected, expected, True), one
