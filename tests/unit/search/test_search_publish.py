"""The static index of a build: from the cache, brought up to date, or new, always the same."""

import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from plugins.search.document import Programme, SearchDocument, in_order
from plugins.search.index import PostingsReader, build
from plugins.search.part import keep_part, part_of, read_part
from plugins.search.postings import MOST_MENTIONS, Postings
from plugins.search.postings_build import build_postings, joined_postings, update_postings
from plugins.search.postings_shards import patch_shards, term_record, varints
from plugins.search.publish import search_files
from plugins.search.schema import FIELD_NAMES

PROJECT = Path(__file__).parents[3]

WORDS = ("数控", "汽修", "幼师", "cnc", "电子商务", "新能源", "𠮷野", "a1")
VALUES = st.lists(st.sampled_from(WORDS), max_size=6).map(" ".join)


def school(number: int, fields: dict[str, tuple[str, ...]]) -> SearchDocument:
    return SearchDocument(f"s{number:02d}", f"学校{number}", "", "", True, "/", fields)


FIELDS_OF_A_SCHOOL = st.dictionaries(
    st.sampled_from(FIELD_NAMES), st.lists(VALUES, max_size=3).map(tuple), max_size=4
)
SITES = st.lists(FIELDS_OF_A_SCHOOL, max_size=40).map(
    lambda every: [school(number, fields) for number, fields in enumerate(every)]
)


def published(cache: Path, *parts: list[SearchDocument]) -> tuple[str, dict[str, bytes]]:
    """The static index of the schools of these parts."""
    found = [part_of(part, cache / str(number)) for number, part in enumerate(parts)]
    return search_files(found, cache)


@given(SITES, st.data())
@settings(deadline=None, max_examples=150)
def test_an_updated_index_equals_a_fresh_one(
    before: list[SearchDocument], data: st.DataObject
) -> None:
    """In every byte, whatever was edited, after each of several edits; schools may come and go."""
    postings = build_postings(before)
    for _ in range(3):
        after = list(before)
        for _ in range(data.draw(st.integers(0, 2))):
            if after:
                place = data.draw(st.integers(0, len(after) - 1))
                after[place] = replace(after[place], fields=data.draw(FIELDS_OF_A_SCHOOL))
        if data.draw(st.booleans()):
            after = data.draw(st.permutations(after))[: data.draw(st.integers(30, 45))]
        ordered = in_order(after)
        postings = update_postings(postings, ordered) or build_postings(ordered)
        assert postings == build_postings(ordered)
        before = list(ordered)


@given(SITES, st.data())
@settings(deadline=None, max_examples=25)
def test_published_files_do_not_depend_on_the_cache(
    before: list[SearchDocument], data: st.DataObject
) -> None:
    """Cold, unchanged, edited, and back again."""
    with TemporaryDirectory() as folder:
        cache = Path(folder) / "cache"
        first = published(cache, before)
        assert published(cache, before[::-1]) == first
        if before:
            place = data.draw(st.integers(0, len(before) - 1))
            edited = [*before]
            edited[place] = replace(before[place], fields=data.draw(FIELDS_OF_A_SCHOOL))
            assert published(cache, edited) == published(Path(folder) / "other", edited)
        assert published(cache, before) == first


@given(SITES, st.data())
@settings(deadline=None, max_examples=50)
def test_parts_joined_are_what_is_counted_of_all_schools(
    site: list[SearchDocument], data: st.DataObject
) -> None:
    """In every byte, however the schools are dealt out, also to parts without a school."""
    phrases = ("新能源", "电子商")
    dealt = data.draw(st.lists(st.integers(0, 3), min_size=len(site), max_size=len(site)))
    parts = [[one for one, at in zip(site, dealt, strict=True) if at == part] for part in range(4)]
    joined = joined_postings([build_postings(part, phrases=phrases) for part in parts])
    assert joined == build_postings(site, phrases=phrases)
    with TemporaryDirectory() as folder:
        assert published(Path(folder) / "one", *parts) == published(Path(folder) / "other", site)


def test_two_parts_with_one_school_are_no_country() -> None:
    part = build_postings([school(1, {"text": ("数控",)})])
    with pytest.raises(ValueError, match="one school"):
        joined_postings([part, part])


def test_a_part_is_kept_whole_or_not_at_all(tmp_path: Path) -> None:
    """What is read is what was kept; a damaged file is as good as none."""
    documents = [
        replace(
            school(number, {"text": ("数控 \ud800",), "name": ("甲校",)}),
            facets={"province": ("zhejiang",)},
            programmes=(Programme("数控加工", "", 40, 2026),),
        )
        for number in range(3)
    ]
    part = part_of(documents, tmp_path, ("新能源",))
    name = keep_part(part)
    kept = read_part(name, tmp_path)
    assert kept == part
    assert kept.postings == build_postings(documents, phrases=("新能源",))
    assert isinstance(kept.documents[0].programmes[0], Programme)
    assert read_part("other", tmp_path) is None
    [file] = tmp_path.glob("part-*")
    file.write_bytes(file.read_bytes()[:-1])
    assert read_part(name, tmp_path) is None


def test_a_growing_site_is_dealt_out_over_more_shards() -> None:
    """When one edit brings enough new words, all shards are built anew."""
    small = [school(number, {"text": ("数控",)}) for number in range(40)]
    words = " ".join(f"word{number}" for number in range(200))
    large = [school(0, {"text": (words,)}), *small[1:]]
    before, after = build_postings(small), build_postings(large)
    assert len(before.shards) < len(after.shards)
    assert update_postings(before, large) == after
    assert update_postings(after, small) == before


def test_an_edit_touches_few_shards_and_reads_few_postings() -> None:
    """The postings of other schools' words stay as they are."""
    site = [school(number, {"text": (f"w{number:04d} 数控",)}) for number in range(2000)]
    before = build_postings(site)
    site[7] = school(7, {"text": ("w0007 烹饪",)})
    after = update_postings(before, site)
    assert after is not None
    touched = [
        number
        for number, (old, new) in enumerate(zip(before.shards, after.shards, strict=True))
        if old != new
    ]
    assert len(before.shards) == 32
    assert 1 <= len(touched) <= 2


def test_whoosh_scores_what_the_static_files_hold() -> None:
    """Each term of each school, summed over the fields: Whoosh's own count of it, and no other."""
    documents = [
        school(number, {"name": ("数控 cnc",), "text": ("数控 " * number, "汽修" * (number % 3))})
        for number in range(1, 12)
    ]
    index = build(documents)
    with index.searcher() as searcher:
        scores: dict[bytes, dict[int, int]] = {}
        for field, term in searcher.reader().all_terms():
            matcher = searcher.postings(field, term)
            while matcher.is_active():
                of_term = scores.setdefault(term, {})
                of_term[matcher.id()] = of_term.get(matcher.id(), 0) + matcher.score()
                matcher.next()
    records = b"".join(
        term_record(term, sorted(of_term), [of_term[ordinal] for ordinal in sorted(of_term)])
        for term, of_term in sorted(scores.items())
    )
    assert index.shards == (varints((len(scores),)) + records,)


def test_mentions_beyond_the_most_count_no_more() -> None:
    """A text that says one word a thousand times."""
    most, more = (
        build_postings([school(0, {"majors": ("cnc " * often,)})])
        for often in (MOST_MENTIONS, MOST_MENTIONS + 1)
    )
    assert most.data == more.data
    assert most.lengths != more.lengths


@pytest.fixture
def reader() -> PostingsReader:
    return PostingsReader(postings_of("数控 数控 cnc", "数控"))


def postings_of(*texts: str) -> Postings:
    return build_postings([school(place, {"text": (text,)}) for place, text in enumerate(texts)])


def test_whoosh_can_ask_about_terms_and_lengths(reader: PostingsReader) -> None:
    """What its queries, collectors and tools ask of any index."""
    term = "数控".encode()
    assert ("text", term) in reader
    assert ("name", term) not in reader
    assert list(reader.all_terms()) == [("text", b"cnc"), ("text", term)]
    assert reader.frequency("text", term) == 3
    assert reader.doc_frequency("text", term) == 2
    assert reader.field_length("text") == 4
    assert (reader.min_field_length("text"), reader.max_field_length("text")) == (1, 3)
    assert [reader.doc_field_length(ordinal, "text") for ordinal in reader.all_doc_ids()] == [3, 1]
    info = reader.term_info("text", term)
    assert (info.weight(), info.doc_frequency(), info.max_weight()) == (3, 2, 2)


def test_shards_that_no_longer_fit_are_not_patched() -> None:
    """The caller then deals all terms out anew."""
    records: dict[bytes, bytes | None] = {
        b"%d" % number: term_record(b"%d" % number, [0], [1]) for number in range(129)
    }
    assert patch_shards((b"\0",), records) is None


def test_a_build_imports_no_whoosh_and_numpy_only_for_a_new_index(tmp_path: Path) -> None:
    """Its linear algebra then has no thread, for builds fork."""
    program = (
        "import sys\nfrom pathlib import Path\n"
        "from plugins.search.document import SearchDocument\n"
        "from plugins.search.part import part_of\n"
        "from plugins.search.publish import search_files\n"
        "school = SearchDocument('a', '甲', '', '', True, '/', {'name': ('甲校',)})\n"
        "cache = Path(sys.argv[1])\n"
        "search_files([part_of([school], cache)], cache)\n"
        "threads = len(list(Path('/proc/self/task').iterdir()))\n"
        "print('whoosh' in sys.modules, 'numpy' in sys.modules, threads)\n"
    )
    outcomes = [
        subprocess.run(
            [sys.executable, "-c", program, str(tmp_path)],
            cwd=PROJECT,
            capture_output=True,
            text=True,
            check=True,
        ).stdout.strip()
        for _ in range(2)
    ]
    assert outcomes == ["False True 1", "False False 1"]
