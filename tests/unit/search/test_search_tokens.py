"""Text becomes tokens by one rule, for documents and queries alike."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plugins.search.characters import HAN, READ, WORD, Ranges
from plugins.search.tokens import core_tokens, normalize, pairs, runs, tokens


def covers(ranges: Ranges, code_point: int) -> bool:
    return any(first <= code_point <= last for first, last in ranges)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("数控加工", ("数控", "控加", "加工")),
        ("数控", ("数控",)),
        ("数", ("数",)),
        ("数控 加工", ("数控", "加工")),
        ("数控、加工（中级）", ("数控", "加工", "中级")),
        ("CNC 3D打印", ("cnc", "3d", "打印")),
        ("ＣＮＣ", ("cnc",)),
        ("café", ("café",)),
        ("二〇二五年", ("二〇", "〇二", "二五", "五年")),
        ("佐々木", ("佐々", "々木")),
        ("㐂", ("㐂",)),
        ("𠮷野家", ("𠮷野", "野家")),
        ("\uf900", ("岂",)),
        ("無人機", ("无人", "人机")),
        ("", ()),
        ("？！\x00\ud800", ()),
    ],
)
def test_han_runs_become_pairs_and_latin_words_stay_whole(
    text: str, expected: tuple[str, ...]
) -> None:
    """Pairs overlap, nothing joins across a separator, full-width letters are ordinary ones."""
    assert tokens(text) == expected


def test_core_fields_also_hold_each_han_character_once_per_place() -> None:
    """One character finds in core fields; a lone character is not counted twice."""
    assert core_tokens("数控 车 CNC") == ("数控", "数", "控", "车", "cnc")


def test_a_surrogate_pair_is_the_character_that_a_browser_sees() -> None:
    """Two halves that arrive apart are one character again; a half alone is a separator."""
    assert tokens("\ud842\udfb7野") == ("𠮷野",)
    assert tokens("数\ud842控") == ("数", "控")


def test_the_pairs_of_a_run_cover_it() -> None:
    """No character of a run is lost in its pairs."""
    assert pairs("技师学院") == ("技师", "师学", "学院")
    assert pairs("") == ()


def test_only_characters_that_are_read_can_become_tokens() -> None:
    """Over all of Unicode: no character outside the read blocks is Han or a word character."""
    outside = [
        code_point
        for code_point in range(0x110000)
        if not covers(READ, code_point) and (covers(HAN, code_point) or covers(WORD, code_point))
    ]
    assert outside == []


def test_normalizing_leaves_no_compatibility_form_of_a_token_character() -> None:
    """Every read character whose NFKC form is Han, Latin or a digit is found by that form."""
    for code_point in range(0x110000):
        character = chr(code_point)
        if covers(READ, code_point) and not 0xD800 <= code_point <= 0xDFFF:
            plain = unicodedata.normalize("NFKC", character).lower()
            assert tokens(character) == tokens(plain)


@given(st.text())
def test_normalizing_takes_any_text(text: str) -> None:
    """Any text at all, and each run is either all Han or all word characters."""
    normalize(text)
    for run in runs(text):
        ranges = HAN if run.han else WORD
        assert all(covers(ranges, ord(character)) for character in run.text)
