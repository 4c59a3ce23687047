"""`[来源1]` in a profile's text, and the link to the page's list of sources that it becomes."""

from __future__ import annotations

import re
from typing import Final

WRITTEN: Final = re.compile(r"\[来源([0-9]{1,3})\]")
"""A source mark as a school writes it."""


def source_link(mark: re.Match[str]) -> str:
    number = int(mark.group(1))
    return (
        f'<a class="source-mark" href="#source-{number}">'
        f'<span class="visually-hidden">来源</span>{number}</a>'
    )
