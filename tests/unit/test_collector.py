"""What is made while nobody looks for garbage is not looked through right afterwards."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

import pytest

from plugins.collector import no_collection, rare_collection


@contextmanager
def young_looked_through() -> Iterator[list[int]]:
    """How many objects the collector finds young whenever it looks."""
    seen: list[int] = []

    def note(phase: str, _: object) -> None:
        if phase == "start":
            seen.append(sum(len(gc.get_objects(generation)) for generation in (0, 1)))

    gc.callbacks.append(note)
    try:
        yield seen
    finally:
        gc.callbacks.remove(note)


@pytest.mark.parametrize("context", [no_collection, rare_collection])
def test_what_was_made_meanwhile_is_old_afterwards(
    context: Callable[[], AbstractContextManager[None]],
) -> None:
    before = gc.isenabled(), gc.get_threshold()
    with young_looked_through() as seen:
        with context():
            many = [[number] for number in range(90_000)]
        more = [[number] for number in range(5_000)]
    assert seen
    assert max(seen) < 60_000 < len(many)
    assert (gc.isenabled(), gc.get_threshold()) == before
    assert len(more) == 5_000


def test_what_nobody_needs_any_more_is_still_found() -> None:
    class Ring:
        pass

    with no_collection():
        ring = Ring()
        ring.itself = ring  # type: ignore[attr-defined]
        key = id(ring)
        del ring
    assert any(id(one) == key for one in gc.get_objects())
    gc.collect()
    assert not any(type(one) is Ring for one in gc.get_objects())
