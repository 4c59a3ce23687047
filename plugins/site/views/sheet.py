"""Long lists cut into pages of bounded length, joined by plain links."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final, Generic, TypeVar

from msgspec import Struct

from plugins import addresses

Item = TypeVar("Item")

ROWS_A_SHEET: Final = 200
"""Rows of a list on one page: a phone still scrolls through them, and no page grows for ever."""


class SheetLink(Struct, frozen=True):
    number: int
    url: str
    is_here: bool


class Sheet(Struct, Generic[Item], frozen=True):
    """One page of a list. `number` counts from 1; `links` lead to every page of the list and are
    empty when there is only one."""

    number: int
    url: str
    items: tuple[Item, ...]
    total: int
    links: tuple[SheetLink, ...]

    @property
    def suffix(self) -> str:
        """What tells the title of this page from those of the list's other pages."""
        return f"（第 {self.number} 页）" if self.number > 1 else ""


def sheets(items: Sequence[Item], first: str) -> Iterator[Sheet[Item]]:
    """The pages of a list whose first page stands at `first`; one empty page for no items."""
    numbers = range(1, max(1, -(-len(items) // ROWS_A_SHEET)) + 1)
    for number in numbers:
        start = (number - 1) * ROWS_A_SHEET
        yield Sheet(
            number=number,
            url=addresses.sheet(first, number),
            items=tuple(items[start : start + ROWS_A_SHEET]),
            total=len(items),
            links=tuple(SheetLink(n, addresses.sheet(first, n), n == number) for n in numbers)
            if len(numbers) > 1
            else (),
        )
