"""Work spread over forked processes, for what one processor would take long for.

A child inherits everything that the parent has loaded and sends back only results. Where there is
little to do, or no second processor, the work is done here.
"""

from __future__ import annotations

import os
import signal
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from concurrent.futures import Future

Item = TypeVar("Item")
Result = TypeVar("Result")

MOST = 2
"""More processes would each need memory of their own; two halve the time."""

_PR_SET_PDEATHSIG = 1

_work: Callable[[Any], Any] | None = None


def portions(items: Sequence[Item], size: int) -> list[Sequence[Item]]:
    """The items in order, `size` at a time: so many that telling of a portion costs nothing."""
    return [items[at : at + size] for at in range(0, len(items), size)]


def spread(
    work: Callable[[Item], Result], items: Sequence[Item], processes: int = 0
) -> Iterator[Result]:
    """`work` of each item, in any order, by at most `processes`, of which this is one.

    0 means as many as there are processors, up to `MOST`. Results are sent between processes and
    must be picklable; items and the work itself need not be. Raises what the work raises, and
    BrokenProcessPool when a child is killed.
    """
    others = (processes or min(MOST, os.cpu_count() or 1)) - 1
    if others < 1 or len(items) < 2:
        yield from map(work, items)
        return
    from concurrent.futures import ProcessPoolExecutor
    from multiprocessing import get_context

    left = deque(range(len(items)))
    context = get_context("fork")
    with ProcessPoolExecutor(others, context, _inherit, (work, items, os.getpid())) as pool:
        asked: deque[Future[Any]] = deque()
        try:
            while left or asked:
                # One more than there are children, so that none waits for this process.
                while left and len(asked) < 2 * others:
                    asked.append(pool.submit(_do, left.popleft()))
                if left and not asked[0].done():
                    yield work(items[left.popleft()])
                else:
                    yield asked.popleft().result()
        finally:
            for future in asked:
                future.cancel()


def _inherit(work: Callable[[Item], Result], items: Sequence[Item], parent: int) -> None:
    """Runs in a child, which is a copy of the parent: nothing is sent."""
    global _work
    _die_with(parent)
    _work = lambda at: work(items[at])  # noqa: E731


def _die_with(parent: int) -> None:
    """An orphan would wait for work for ever, and hold the locks that it has inherited."""
    import ctypes

    libc = ctypes.CDLL(None, use_errno=True)
    if hasattr(libc, "prctl"):
        libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:  # it died before it could be asked to tell
        os._exit(1)


def _do(at: int) -> Any:
    if _work is None:
        raise RuntimeError("only a forked child may be asked")
    return _work(at)
