"""When Python looks for garbage in cycles: rarely, for a build makes millions of objects and hardly
any cycle, and looking through all of them again and again took a twentieth of its time."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def rare_collection() -> Iterator[None]:
    """Look for garbage rarely."""
    usual = gc.get_threshold()
    gc.set_threshold(100_000, 50, 1_000)
    try:
        yield
    finally:
        make_old()
        gc.set_threshold(*usual)


@contextmanager
def no_collection() -> Iterator[None]:
    """Look for none, neither now nor, for what is made meanwhile, soon afterwards. For what makes
    many objects that hold no cycles."""
    looks = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        make_old()
        if looks:
            gc.enable()


def make_old() -> None:
    """Take every object for one of the oldest, which are looked through last.

    Without it, all that was made while nobody looked is looked through at once afterwards.
    """
    gc.freeze()  # from all generations to none
    gc.unfreeze()  # and from there to the oldest
