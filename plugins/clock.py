"""The one place that reads the clock, so that a build can be repeated for any day."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Mapping
from typing import Final

CHINA: Final = dt.timezone(dt.timedelta(hours=8))
"""Dates on the site are those of China, wherever the build runs."""


def today(environment: Mapping[str, str] = os.environ) -> dt.date:
    """The current day in China, or the day of `SOURCE_DATE_EPOCH` where that is set.

    `SOURCE_DATE_EPOCH` is the number of seconds since 1970 (reproducible-builds.org). A value
    that is none ends the program with a sentence: a build for a wrong day must not go out.
    """
    seconds = environment.get("SOURCE_DATE_EPOCH", "")
    if not seconds:
        return dt.datetime.now(CHINA).date()
    try:
        return dt.datetime.fromtimestamp(int(seconds), CHINA).date()
    except (ValueError, OverflowError, OSError):
        message = f"SOURCE_DATE_EPOCH 要写 1970 年以来的秒数，现在是“{seconds}”。"
        raise SystemExit(message) from None
