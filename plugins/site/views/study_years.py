"""Study years in words: those in a row that are alike are said once."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from plugins.site.formats import number


def alike(values: Iterable[object]) -> tuple[tuple[int, int], ...]:
    """The first and the last study year of each run in which the value, one a year, is the same."""
    runs: list[tuple[int, int]] = []
    before: object = None
    for year, value in enumerate(values, 1):
        if runs and value == before:
            runs[-1] = (runs[-1][0], year)
        else:
            runs.append((year, year))
        before = value
    return tuple(runs)


def span_words(first: int, last: int) -> str:
    """第 1—3 学年, or 第 2 学年."""
    return f"第 {first} 学年" if first == last else f"第 {first}—{last} 学年"


@lru_cache(maxsize=10_000)
def tuition_words(tuition: tuple[int | None, ...]) -> tuple[str, ...]:
    """One line for study years in a row that cost the same; empty where nothing is published.

    (3200, 3200, 2800) → 第 1—2 学年 3,200 元, 第 3 学年 2,800 元.
    """
    if all(fee is None for fee in tuition):
        return ()
    runs = alike(tuition)
    if len(runs) == 1:
        return (f"每学年 {_yuan(tuition[0])}",)
    return tuple(f"{span_words(first, last)} {_yuan(tuition[first - 1])}" for first, last in runs)


def _yuan(fee: int | None) -> str:
    return "没有写" if fee is None else f"{number(fee)} 元"
