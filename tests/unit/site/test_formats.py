"""How values are written for readers."""

from __future__ import annotations

import datetime as dt
import json

from hypothesis import given
from hypothesis import strategies as st

from plugins.site import formats


def test_numbers_days_and_years_read_as_in_print() -> None:
    assert formats.number(85954) == "85,954"
    assert formats.day(dt.date(2025, 5, 7)) == "2025 年 5 月 7 日"
    assert formats.years(3.0) == "3 年"
    assert formats.years(2.5) == "2.5 年"


@given(st.recursive(st.text(), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner)))
def test_json_in_a_page_cannot_end_its_element_and_loses_nothing(value: object) -> None:
    text = str(formats.json_ld(value))
    assert not set("<>&\u2028\u2029") & set(text)
    assert json.loads(text) == value
