"""The static index: small files, the same bytes for the same schools, nothing left out."""

import json
from base64 import b64decode
from zlib import crc32

import pytest

from plugins.search.document import SearchDocument
from plugins.search.export import MANIFEST, export, generation_of
from plugins.search.index import build
from plugins.search.postings_shards import fnv1a
from plugins.search.vocabulary import Vocabulary


def school(number: int, text: str = "") -> SearchDocument:
    return SearchDocument(
        school_id=f"s{number:04d}",
        name=f"第{number}技工学校",
        place="浙江 杭州市",
        level="技工学校",
        verified=number % 2 == 0,
        url=f"/schools/s{number:04d}/",
        fields={
            "name": (f"第{number}技工学校",),
            "place": ("浙江省", "杭州市"),
            "level": ("技工学校",),
            "text": (text,),
        },
    )


def exported(documents: list[SearchDocument]) -> dict[str, bytes]:
    return export(build(documents), documents, Vocabulary.of_documents(documents))


def varints(data: bytes) -> list[int]:
    numbers, number, shift = [], 0, 0
    for byte in data:
        number |= (byte & 0x7F) << shift
        shift += 7
        if byte < 0x80:
            numbers.append(number)
            number = shift = 0
    return numbers


@pytest.mark.parametrize(
    ("text", "hashed"), [("", 0x811C9DC5), ("a", 0xE40C292C), ("foobar", 0xBF9CF968)]
)
def test_terms_are_hashed_by_fnv_1a(text: str, hashed: int) -> None:
    """The published test values of the 32-bit hash."""
    assert fnv1a(text.encode()) == hashed


def test_the_same_schools_give_the_same_bytes() -> None:
    """In whatever order they come, on every build."""
    documents = [school(number) for number in range(20)]
    assert exported(documents) == exported(documents[::-1])


def test_every_file_is_named_by_the_manifest_with_its_checksum() -> None:
    """Shards, chunks, then the extra files by name: half of each CRC-32, high byte first."""
    files = exported([school(number) for number in range(300)])
    manifest = json.loads(files[MANIFEST])
    names = [f"terms-{number}.bin" for number in range(manifest["shards"])]
    names += [f"schools-{number}.json" for number in range(-(-300 // manifest["chunk"]))]
    names += manifest["extra"]
    assert {MANIFEST, *names} == set(files)
    checksums = b64decode(manifest["checksums"])
    assert checksums == b"".join((crc32(files[name]) & 0xFFFF).to_bytes(2, "big") for name in names)


def test_the_generation_changes_with_any_content() -> None:
    """A word in a text, a shown flag, a known word; not the order of the documents."""
    plain = exported([school(0), school(1)])
    other_text = exported([school(0), school(1, "食堂")])
    other_schools = exported([school(2), school(1)])
    fewer_words = export(
        build([school(0), school(1)]), [school(0), school(1)], Vocabulary.of_words([])
    )
    generations = [
        generation_of(files) for files in (plain, other_text, other_schools, fewer_words)
    ]
    assert len(set(generations)) == 4
    assert all(len(generation) == 16 for generation in generations)


def test_one_edit_rewrites_only_the_shards_of_the_words_that_changed() -> None:
    """So that a release, and a browser's cache, keep the rest."""
    documents = [
        school(number, f"设有{chr(0x4E00 + number * 7)}{chr(0x5E00 + number * 3)}班")
        for number in range(300)
    ]
    before = exported(documents)
    documents[7] = school(7, "设有烹饪班")
    after = exported(documents)
    assert set(before) == set(after)
    changed = {name for name in before if before[name] != after[name]}
    assert MANIFEST in changed
    assert len(changed) <= 12
    assert not any(name.startswith("schools-") for name in changed)


def test_a_shard_holds_ordinals_and_summed_impacts() -> None:
    """One term, three schools; decoded by the layout that the module documents."""
    documents = [
        SearchDocument(
            f"s{number}", "甲", "", "", True, "/", {"majors": ("cnc",) if number else ()}
        )
        for number in range(4)
    ]
    files = exported(documents)
    length, *rest = varints(files["terms-0.bin"])
    assert length == 1
    assert rest[:4] == [3, *b"cnc"][:4]
    schools, *numbers = rest[4:]
    assert schools == 3
    deltas, impacts = numbers[:3], numbers[3:]
    assert deltas == [2, 1, 1]
    assert len(set(impacts)) == 1
    assert impacts[0] >= 1


def test_a_shown_school_carries_what_a_result_shows() -> None:
    """Id, name, place, level, verified as 1 or 0, by ordinal."""
    files = exported([school(1), school(0)])
    assert json.loads(files["schools-0.json"]) == [
        ["s0000", "第0技工学校", "浙江 杭州市", "技工学校", 1],
        ["s0001", "第1技工学校", "浙江 杭州市", "技工学校", 0],
    ]


def test_an_index_of_other_schools_is_refused() -> None:
    """Else ordinals would name the wrong schools."""
    with pytest.raises(ValueError, match="other schools"):
        export(build([school(0)]), [school(1)], Vocabulary.of_words([]))


def test_no_schools_make_a_small_valid_index() -> None:
    """One empty shard, the manifest, and files that are the same for any schools."""
    files = exported([])
    extra = json.loads(files[MANIFEST])["extra"]
    assert sorted(files) == sorted([MANIFEST, "terms-0.bin", *extra])
    assert all(files[name] == b"" for name in extra if name.endswith(".bin"))
    assert varints(files["terms-0.bin"]) == [0]
