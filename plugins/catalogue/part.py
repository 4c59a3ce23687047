"""One part of a content folder, checked without reading the rest of the country."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Part:
    """`kind` is the folder below the content that is checked: all of them where it is empty.

    A school needs the register and the plan of its province; a register needs all registers,
    because ids and names are unique in the country; a notice needs nothing else.
    """

    kind: str = ""
    province: str = ""
    school_id: str = ""

    def reads(self, kind: str, province: str) -> bool:
        """Whether the folder `kind/province` must be read."""
        if not self.kind or (self.kind, kind) == ("registry", "registry"):
            return True
        needed = {"schools": ("schools", "registry"), "news": ("news",)}.get(self.kind, ())
        return kind in needed and province == self.province

    def reads_plans(self, province: str) -> bool:
        return not self.kind or province == self.province

    @property
    def not_compared(self) -> str:
        """What only the check of the whole content finds, as a sentence; empty for the whole."""
        if self.kind == "schools":
            return "只检查了这一所。和别的学校重复的文字、照片，检查整个 content 时才比较。"
        if self.kind == "registry":
            return "只检查了名册和计划。学校资料是否跟得上，检查整个 content 时才知道。"
        return ""


WHOLE: Final = Part()


def part_of(inside: str) -> Part:
    """The smallest part that says all that a file itself can be told; `inside` is its path."""
    if found := re.match(r"schools/([^/]+)/([^/]+)(?:/|$)", inside):
        return Part("schools", found.group(1), found.group(2))
    if found := re.match(r"(registry|news)/([^/]+)(?:/|$)", inside):
        return Part(found.group(1), found.group(2))
    return WHOLE
