"""Pinyin is right, also where the library is wrong."""

import csv
from collections.abc import Iterator

import pytest
from pypinyin import Style, lazy_pinyin

from plugins.search.readings import reading
from plugins.search.sounds import Sounds, initial_terms, one_edit_apart, sound_text
from plugins.search.tokens import normalize
from tests.unit.search.national import CONTENT, real_catalogue, real_tree


def readings() -> dict[str, str]:
    return dict(real_catalogue().reference.readings)


def places() -> Iterator[str]:
    with (CONTENT / "reference/divisions.csv").open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            yield from filter(None, (row["province_name"], row["city_name"], row["county_name"]))


def test_every_place_has_a_syllable_for_each_character() -> None:
    """All provinces, cities and counties."""
    for place in sorted(set(places())):
        assert len(reading(place, readings())) == len(place), place


def test_a_text_is_read_as_the_library_reads_it_as_a_whole() -> None:
    """Though it is asked about each word once, not about each text."""
    names = [school.name for school in real_catalogue().schools]
    for text in (*names, *sorted(set(places())), "长行都了得", "银行长得长", "𠮷野家"):
        read = lazy_pinyin(normalize(text), style=Style.NORMAL, v_to_u=False)
        assert reading(text, {}) == tuple(filter(str.isalpha, filter(str.isascii, read))), text


@pytest.mark.parametrize(
    ("place", "right"),
    [
        ("漯河市", "luo he shi"),
        ("六安市", "lu an shi"),
        ("番禺区", "pan yu qu"),
        ("朝阳市", "chao yang shi"),
        ("长治市", "chang zhi shi"),
        ("长子县", "zhang zi xian"),
        ("子长市", "zi chang shi"),
        ("单县", "shan xian"),
        ("浚县", "xun xian"),
        ("乐清市", "yue qing shi"),
        ("乐亭县", "lao ting xian"),
        ("南乐县", "nan le xian"),
        ("蔚县", "yu xian"),
        ("台州市", "tai zhou shi"),
        ("丽水市", "li shui shi"),
        ("重庆市", "chong qing shi"),
        ("成都市", "cheng du shi"),
        ("盐都区", "yan du qu"),
        ("都匀市", "du yun shi"),
        ("库尔勒市", "ku er le shi"),
        ("什邡市", "shi fang shi"),
        ("宕昌县", "tan chang xian"),
        ("涡阳县", "guo yang xian"),
        ("天长市", "tian chang shi"),
        ("泊头市", "bo tou shi"),
        ("佛冈县", "fo gang xian"),
        ("弓长岭区", "gong chang ling qu"),
        ("浪卡子县", "lang ka zi xian"),
    ],
)
def test_places_are_read_as_they_are_spoken(place: str, right: str) -> None:
    """Checked one by one against the names' official spelling."""
    assert " ".join(reading(place, readings())) == right


def test_no_place_with_du_or_chang_is_read_otherwise() -> None:
    """都 in a place is du, 长 is chang but for 长子; the library's guesses are dou and zhang."""
    for place in sorted(set(places())):
        syllables = dict(zip(place, reading(place, readings()), strict=True))
        assert syllables.get("都") in (None, "du"), place
        assert syllables.get("长") in (None, "chang") or place == "长子县", place
        assert syllables.get("什") in (None, "shi"), place
        assert syllables.get("勒") in (None, "le"), place


def sounds() -> Sounds:
    _, lexicon = real_tree()
    return Sounds(lexicon.characters, lexicon.exceptions, ("西安", "杭州"), ("数控加工",))


def test_letters_are_read_as_syllables_in_every_way() -> None:
    """xian is one syllable or two; letters that are no syllables have no reading."""
    assert sounds().readings_of_letters("xian") == (("xian",), ("xi", "an"))
    assert sounds().readings_of_letters("hangzhou") == (("hang", "zhou"),)
    assert sounds().readings_of_letters("hzjsxy") == ()
    assert sounds().readings_of_letters("a" * 31) == ()


def test_words_are_found_by_sound_whole_or_in_part() -> None:
    """A place only as a whole; a major in part; a slip of one letter is forgiven from four on."""
    assert sounds().words["shu kong"] == ("数控",)
    assert sounds().like("hangzou") == "杭州"
    assert sounds().like("shukongjiagong") == "数控加工"
    assert sounds().like("jiagang") == "加工"
    assert sounds().like("xya") is None


def test_what_is_indexed_of_a_sound() -> None:
    """Pairs of syllables, triples of initials."""
    assert sound_text(("hang", "zhou", "ji")) == "hangzhou zhouji 0hzj"
    assert initial_terms("hz") == ()


@pytest.mark.parametrize(
    ("first", "second", "near"),
    [
        ("abc", "abc", True),
        ("abc", "abd", True),
        ("abc", "ab", True),
        ("abc", "xabc", True),
        ("abc", "acb", False),
        ("abc", "a", False),
        ("", "a", True),
    ],
)
def test_one_edit_apart(first: str, second: str, near: bool) -> None:
    """Added, left out, exchanged; both ways round."""
    assert one_edit_apart(first, second) == one_edit_apart(second, first) == near
