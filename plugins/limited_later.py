"""`plugins.limited` for those who will hardly need it: nothing of it is loaded before a first call.

Most texts are plain and most photos have been seen before, so most checks try nothing out.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, ParamSpec, Protocol, TypeVar

if TYPE_CHECKING:
    from concurrent.futures import Executor, Future

_Parameters = ParamSpec("_Parameters")
_Result = TypeVar("_Result")


class Worker(Protocol):
    """What takes calls: an executor, or one that comes later."""

    def submit(
        self,
        fn: Callable[_Parameters, _Result],
        /,
        *args: _Parameters.args,
        **kwargs: _Parameters.kwargs,
    ) -> Future[_Result]: ...


class LaterWorker:
    """An executor that `make` gives when the first call comes; it ends with this context."""

    def __init__(self, make: Callable[[], Executor]) -> None:
        self._make = make
        self._made: Executor | None = None

    def submit(
        self,
        fn: Callable[_Parameters, _Result],
        /,
        *args: _Parameters.args,
        **kwargs: _Parameters.kwargs,
    ) -> Future[_Result]:
        if self._made is None:
            self._made = self._make()
        return self._made.submit(fn, *args, **kwargs)

    def __enter__(self) -> LaterWorker:
        return self

    def __exit__(self, *_: object) -> None:
        if self._made is not None:
            self._made.shutdown()


def text_worker() -> LaterWorker:
    """Tries out texts that may cost too much."""
    return LaterWorker(_text_executor)


def photo_worker() -> LaterWorker:
    """Decodes photos that nobody has seen."""
    return LaterWorker(_photo_executor)


def _text_executor() -> Executor:
    from plugins.limited import LimitedExecutor

    return LimitedExecutor()


def _photo_executor() -> Executor:
    from plugins.photos.worker import photo_workers

    return photo_workers(1)
