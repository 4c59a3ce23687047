"""Text folded at once is the text folded character by character."""

from __future__ import annotations

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from plugins.catalogue.folded_text import fold, fold_text, normalized

TEXTS = st.text(
    st.one_of(
        st.sampled_from("，：；！？（）％、。“”—·… aZ9\n業證２Ａ①㎡é\u0301が\u3000"),
        st.characters(min_codepoint=0x4E00, max_codepoint=0x4E20),
        st.characters(),
    )
)


def test_every_character_is_normalized_as_unicode_says() -> None:
    # All at once and alone: one that is not ordinary must not hide another.
    for number in range(0x110000):
        character = chr(number)
        assert normalized(character) == unicodedata.normalize("NFKC", character), hex(number)


@given(TEXTS)
def test_any_text_is_normalized_as_unicode_says(text: str) -> None:
    assert normalized(text) == unicodedata.normalize("NFKC", text)


@given(st.text(st.sampled_from("，《》‘’—·“” \taZ_~`#|<>{}^@=+$&'\"-*/\\包就業"), min_size=1))
def test_ordinary_text_loses_what_any_other_text_loses(line: str) -> None:
    stranger = "\u2603"  # is dropped, and makes any text an extraordinary one
    assert fold_text(line) == fold_text(line + stranger)


@given(st.text(st.sampled_from("，：；！？（）％、。“”—· aZ9業證２Ａ①包就_*~《#|")))
def test_lines_fold_together_as_they_fold_alone(line: str) -> None:
    assert fold_text(f"{line}\n{line}").split("\n") == [fold(line).text] * 2
