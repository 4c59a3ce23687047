"""Work spread over forked processes, for what one processor would take long for.

A child inherits everything that the parent has loaded and sends back only results. Where there is
little to do, or no second processor, the work is done here.
"""

from __future__ import annotations

import marshal
import os
import signal
from array import array
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from fcntl import LOCK_EX, LOCK_UN, lockf
from functools import partial
from typing import TYPE_CHECKING, Any, BinaryIO, NoReturn, TypeVar

if TYPE_CHECKING:
    from concurrent.futures import Future

Item = TypeVar("Item")
Result = TypeVar("Result")
Take = Callable[[], int | None]
"""Gives the next number; None after the last."""

MOST = 2
"""More processes would each need memory of their own; two halve the time."""

_PR_SET_PDEATHSIG = 1

_work: Callable[[], Any] | None = None


def portions(items: Sequence[Item], size: int) -> list[Sequence[Item]]:
    """The items in order, `size` at a time: so many that telling of a portion costs nothing."""
    return [items[at : at + size] for at in range(0, len(items), size)]


def spread(
    work: Callable[[Item], Result], items: Sequence[Item], processes: int = 0
) -> Iterator[Result]:
    """`work` of each item, in any order, by at most `processes`, of which this is one.

    0 means as many as there are processors, up to `MOST`. Each process takes the next item when it
    has done one, so none waits while another is long at its own. Results are sent between processes
    and must be picklable; items and the work itself need not be. Raises what the work raises, and
    BrokenProcessPool when a child is killed.
    """
    others = _others(processes)
    if others < 1 or len(items) < 2:
        yield from map(work, items)
        return
    with _tickets(len(items)) as take:

        def do_next() -> list[Result]:
            at = take()
            return [] if at is None else [work(items[at])]

        with _forked(do_next, others) as ask:
            try:
                # Once for each item: whoever finds no ticket left has nothing to do.
                asked = deque(ask() for _ in items)
                while (at := take()) is not None:
                    yield work(items[at])
                    while asked and asked[0].done():
                        yield from asked.popleft().result()
                while asked:
                    yield from asked.popleft().result()
            finally:
                while take() is not None:
                    pass  # after a failure nobody begins anything more


@contextmanager
def beside(work: Callable[[], Result], processes: int = 0) -> Iterator[Callable[[], Result]]:
    """Do `work` while the caller goes on; gives what waits for it and tells what came of it.

    With one process it is done when it is waited for. Otherwise as in `spread`, but that a child
    which is for one thing alone needs no pool, whose modules take longer to load than it to start.
    """
    if _others(processes) < 1:
        yield work
        return
    parent = os.getpid()
    ours, theirs = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(ours)  # or writing to a parent that listens no more would never end
        _tell(work, theirs, parent)
    os.close(theirs)
    try:
        with open(ours, "rb") as answer:
            yield partial(_told, answer)
    finally:
        os.waitpid(child, 0)


def _tell(work: Callable[[], Any], place: int, parent: int) -> NoReturn:
    """Runs in a child: write what comes of the work, or what it raises."""
    try:
        import pickle

        _die_with(parent)
        told: tuple[Any, BaseException | None]
        try:
            told = (work(), None)
        except BaseException as failure:
            told = (None, failure)
        data = pickle.dumps(told, protocol=5)
        with open(place, "wb") as answer:
            answer.write(data)
    finally:
        os._exit(0)  # whoever gets no answer knows that something went wrong


def _told(answer: BinaryIO) -> Any:
    """What a child has written. Raises what its work raised."""
    import pickle

    try:
        result, failure = pickle.load(answer)  # noqa: S301 - from our own child
    except EOFError:
        from concurrent.futures.process import BrokenProcessPool

        raise BrokenProcessPool("a child ended before it had told anything") from None
    if failure is not None:
        raise failure
    return result


class Companion:
    """A process that stays beside this one and is asked one thing after another.

    It is a copy of this process as it was then, so the earlier it is made the less it costs. What
    it can be asked is what `learn` gives there; questions and answers are plain values. Where there
    is no second processor, nobody is there and nothing is answered.
    """

    def __init__(self, learn: Callable[[], Mapping[str, Callable[..., Any]]], processes: int = 0):
        self._child = 0
        self._asked = 0
        self._told: list[Any] = []
        if _others(processes) < 1:
            return
        heard, questions = os.pipe()
        answers, said = os.pipe()
        self._child = os.fork()
        if self._child == 0:
            os.close(questions)  # so that it ends when its parent does
            os.close(answers)
            _answer(learn, heard, said)
        os.close(heard)
        os.close(said)
        self._questions = open(questions, "wb")  # noqa: SIM115 - `close` closes both
        self._answers = open(answers, "rb")  # noqa: SIM115

    def ask(self, skill: str, *about: Any) -> Callable[[], Any]:
        """Have something done; gives what waits for the answer, which is None where nobody is
        there, or something went wrong there."""
        if not self._child:
            return lambda: None
        self._hear(self._asked)  # or each might wait for the other to listen
        number, self._asked = self._asked, self._asked + 1
        with suppress(BrokenPipeError):
            marshal.dump((skill, about), self._questions)
            self._questions.flush()

        def told() -> Any:
            self._hear(number + 1)
            return self._told[number] if number < len(self._told) else None

        return told

    def _hear(self, count: int) -> None:
        """Wait for so many answers; there are fewer where the companion has died."""
        with suppress(EOFError):
            while len(self._told) < count:
                self._told.append(marshal.load(self._answers))  # noqa: S302 - from our own child

    def close(self) -> None:
        """Let it go. What was asked and not waited for is lost."""
        if child := self._child:
            self._child = 0
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
            self._answers.close()
            with suppress(BrokenPipeError):
                self._questions.close()


def _answer(
    learn: Callable[[], Mapping[str, Callable[..., Any]]], questions: int, answers: int
) -> NoReturn:
    """Runs in a companion: answer until nobody asks any more. Whoever gets no answer knows that
    something went wrong."""
    try:
        with open(questions, "rb") as heard, open(answers, "wb") as said:
            skills = learn()
            while True:
                skill, about = marshal.load(heard)  # noqa: S302 - from our own parent
                marshal.dump(skills[skill](*about), said)
                said.flush()
    finally:
        os._exit(0)


def _others(processes: int) -> int:
    return (processes or min(MOST, os.cpu_count() or 1)) - 1


@contextmanager
def _tickets(count: int) -> Iterator[Take]:
    """Gives the numbers from 0 up to `count`, each once, to whichever process asks.

    They lie in a file that has no name, whose position forked processes share. The kernel does not
    guard the position of a file in memory, so whoever reads holds the file's lock, which the kernel
    takes back from a process that dies.
    """
    with _nameless_file() as file:
        file.write(array(_NUMBER, range(count)).tobytes())
        file.seek(0)

        def take() -> int | None:
            lockf(file, LOCK_EX)
            try:
                ticket = file.read(array(_NUMBER).itemsize)
            finally:
                lockf(file, LOCK_UN)
            return array(_NUMBER, ticket)[0] if ticket else None

        yield take


_NUMBER = "I"


def _nameless_file() -> BinaryIO:
    """In memory where the system can, so that nothing is written where a build has no business."""
    if hasattr(os, "memfd_create"):
        return open(os.memfd_create("tickets"), "r+b", buffering=0)
    from tempfile import TemporaryFile

    return TemporaryFile(buffering=0)


@contextmanager
def _forked(work: Callable[[], Result], count: int) -> Iterator[Callable[[], Future[Result]]]:
    """Gives what asks one of `count` children to do `work` once."""
    from concurrent.futures import ProcessPoolExecutor
    from multiprocessing import get_context

    context = get_context("fork")
    with ProcessPoolExecutor(count, context, _inherit, (work, os.getpid())) as pool:
        yield lambda: pool.submit(_work_once)


def _inherit(work: Callable[[], Any], parent: int) -> None:
    """Runs in a child, which is a copy of the parent: nothing is sent."""
    global _work
    _die_with(parent)
    _work = work


def _die_with(parent: int) -> None:
    """An orphan would wait for work for ever, and hold the locks that it has inherited."""
    import ctypes

    libc = ctypes.CDLL(None, use_errno=True)
    if hasattr(libc, "prctl"):
        libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:  # it died before it could be asked to tell
        os._exit(1)


def _work_once() -> Any:
    if _work is None:
        raise RuntimeError("only a forked child may be asked")
    return _work()
