"""How values are written for readers: the filters and tests of the templates."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

from markupsafe import Markup
from pydantic_core import to_json

from plugins.catalogue.vocabulary import Reason


def number(value: int | float) -> str:
    """85954 → 85,954."""
    return f"{value:,}"


def day(value: dt.date) -> str:
    """2025-05-07 → 2025 年 5 月 7 日. No locale is used: few machines have a Chinese one."""
    return f"{value.year} 年 {value.month} 月 {value.day} 日"


def years(value: float) -> str:
    """3.0 → 3 年; 2.5 → 2.5 年."""
    return f"{value:g} 年"


def file_size(value: int) -> str:
    """800 → 800 B; 45678 → 46 KB; 1851968 → 1.9 MB (powers of ten, as phones count)."""
    if value < 1000:
        return f"{value} B"
    if value < 999_500:
        return f"{value / 1000:.0f} KB"
    return f"{value / 1_000_000:.1f} MB"


listed = "、".join
"""("数控", "焊接") → 数控、焊接."""


def known(value: Any) -> str:
    """A value, or the word that says why it is missing."""
    return value.value if isinstance(value, Reason) else f"{value}"


def is_reason(value: object) -> bool:
    return isinstance(value, Reason)


def is_single_phone(value: object) -> bool:
    """One number that a phone can dial; several numbers or a reason are only text."""
    return isinstance(value, str) and re.fullmatch(r"[0-9][0-9 -]{2,18}", value) is not None


def is_safe_link(value: object) -> bool:
    """Whether a link may lead there: https or a telephone, whatever the check has let through."""
    return isinstance(value, str) and value.startswith(("https://", "tel:"))


def json_ld(value: object) -> Markup:
    """JSON that may stand inside a script element: no character can end the element."""
    text = to_json(value).decode()
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return Markup(text)  # noqa: S704 - every character that could leave the element is escaped


FILTERS = {"listed": listed,
    "number": number, "day": day, "years": years, "file_size": file_size, "known": known,
    "json_ld": json_ld,
}  # fmt: skip
TESTS = {"reason": is_reason, "safe_link": is_safe_link, "single_phone": is_single_phone}
