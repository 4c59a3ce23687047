"""Each field type: what it takes, what it refuses, and the hint that it gives."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from plugins.catalogue import fields
from plugins.catalogue.schema import FrontMatter, Programme, School
from plugins.catalogue.vocabulary import Reason

CONTEXT = {"today": dt.date(2026, 6, 1)}


def read(kind: Any, value: object) -> Any:
    return TypeAdapter(kind).validate_python(value, context=CONTEXT)


def hint(kind: Any, value: object) -> str:
    with pytest.raises(ValidationError) as failure:
        read(kind, value)
    return str(failure.value.errors()[0]["ctx"]["fix"])


Seats = Annotated[int, fields.whole(1, 20000, "人")]
Day = Annotated[dt.date, fields.calendar_day()]
PastDay = Annotated[dt.date, fields.calendar_day(past_only=True)]
Year = Annotated[int, fields.calendar_year()]
Rate = Annotated[float | Reason, fields.or_reason(fields.percentage)]


@pytest.mark.parametrize(
    ("kind", "value", "expected"),
    [
        (Seats, "40", 40),
        (Day, "2026-09-01", dt.date(2026, 9, 1)),
        (Year, "1985", 1985),
        (Rate, "96.5%", 96.5),
        (Rate, "样本过少", Reason.SAMPLE_TOO_SMALL),
        (fields.YesNo, "no", False),
        (fields.Years, "2.5", 2.5),
        (fields.Status, "merged:a-b", "merged:a-b"),
        (Annotated[tuple[str, ...], fields.names(9)], "甲；乙;", ("甲", "乙")),
    ],
)
def test_good_values_are_taken(kind: Any, value: str, expected: object) -> None:
    assert read(kind, value) == expected


@pytest.mark.parametrize(
    ("kind", "value", "expected"),
    [
        (Seats, "４０", "例如 40"),
        (Seats, "40人", "例如 40"),
        (Seats, "1,200", "例如 1200"),
        (Seats, "040", "例如 40"),
        (Seats, "0", "不要写 0"),
        (Seats, "待定", "未公布"),
        (Day, "2026年9月1日", "2026-09-01"),
        (Day, "2026-02-30", "年-月-日"),
        (PastDay, "2026-06-02", "核对日期"),
        (Year, "一九八五", "1985"),
        (Year, "2027", "核对年份"),
        (Rate, "0.965", "96.5"),
        (Rate, "101", "核对"),
        (fields.YesNo, "是", "yes"),
        (fields.HttpsAddress, "www.school.edu.cn", "https://www.school.edu.cn"),
        (fields.HttpsAddress, "javascript:alert(1)", "https://"),
        (fields.HttpsAddress, "https://10.0.0.1/", "https://"),
        (fields.Slug, "../etc", "连字符"),
        (fields.PhotoName, "../a.jpg", "小写"),
        (fields.PhotoName, "Gate.JPG", "小写"),
    ],
)
def test_bad_values_are_refused_with_what_to_write(kind: Any, value: str, expected: str) -> None:
    assert expected in hint(kind, value)


@pytest.mark.parametrize("mark", ["\u202e", "\u200b", "\x07", "\ufeff"])
def test_invisible_marks_are_refused_in_text(mark: str) -> None:
    assert "重新打" in hint(Annotated[str, fields.text(20)], f"学{mark}校")


@given(st.text(max_size=60))
def test_no_text_makes_a_field_raise_anything_else(value: str) -> None:
    for model in (School, Programme, FrontMatter):
        for name in model.model_fields:
            try:
                model.model_validate({name: value}, context=CONTEXT)
            except ValidationError as failure:
                for fault in failure.errors(include_url=False):
                    assert fault["type"] in ("missing", "extra_forbidden") or fault["loc"]
