"""Run functions of contributed data in worker processes that may be killed.

A text or a photo can cost its reader minutes and gigabytes, or crash a decoder. `LimitedExecutor`
is an ordinary `concurrent.futures` executor whose every call has a limit of CPU time and of memory;
a call that goes beyond it ends alone: its future fails with `BeyondLimits`, the worker is replaced,
and the other calls never notice. The kernel does the counting and the killing, so it does not
matter whether the call is stuck in Python or in a C library.

A worker is a fresh interpreter, started when the first call needs it and used for many calls, so
that what is within the limits costs little: about 0.1 ms a call, and 0.1 s for the start.

This bounds costs. It is no sandbox: a worker may do whatever its parent may do.
"""

from __future__ import annotations

import json
import os
import pickle
import resource
import select
import signal
import subprocess
import sys
from collections import deque
from collections.abc import Callable
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, BinaryIO, Final, ParamSpec, TypeVar

from plugins.cost_limits import LIMITS, BeyondLimits, Limits, Reason

_Parameters = ParamSpec("_Parameters")
_Result = TypeVar("_Result")


class LimitedExecutor(Executor):
    """Calls picklable functions in at most `workers` processes, each call within `limits`.

    `initializer` runs once in each new worker, outside the limits: it loads what the calls need.
    No process exists before the first call.
    """

    def __init__(
        self,
        workers: int = 1,
        limits: Limits = LIMITS,
        initializer: Callable[[], object] | None = None,
    ) -> None:
        self._limits = limits
        self._initializer = initializer
        self._idle: deque[_Worker] = deque()
        # A thread for each worker waits for its answers.
        self._threads = ThreadPoolExecutor(workers)

    def submit(
        self,
        fn: Callable[_Parameters, _Result],
        /,
        *args: _Parameters.args,
        **kwargs: _Parameters.kwargs,
    ) -> Future[_Result]:
        """Schedule the call; its future may fail with `BeyondLimits`."""
        return self._threads.submit(self._call, fn, args, kwargs)

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Let the calls that were submitted end (or not begin, with `cancel_futures`), then the
        workers."""
        self._threads.shutdown(wait, cancel_futures=cancel_futures)
        while self._idle:
            self._idle.pop().end()

    def _call(self, function: Callable[..., Any], arguments: Any, options: Any) -> Any:
        try:
            worker = self._idle.pop()
        except IndexError:
            worker = _Worker(self._limits, self._initializer)
        try:
            result = worker.call((function, arguments, options), self._limits.wall_s)
        except _Ended as ended:
            raise BeyondLimits(ended.reason) from None
        except BaseException:
            worker.kill()
            raise
        self._idle.append(worker)
        return result.value()


@dataclass(frozen=True, slots=True)
class _Answer:
    """What a call gave, or how it failed."""

    result: Any = None
    failure: BaseException | None = None

    def value(self) -> Any:
        if self.failure is not None:
            raise self.failure
        return self.result


class _Ended(Exception):
    """The worker is no more."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason)
        self.reason: Reason = reason


_BOOT: Final = (
    "import json, sys; sys.path[:] = json.loads(sys.argv[1]); "
    "from plugins.limited import serve; serve()"
)
_LENGTH_BYTES: Final = 8
_START_WALL_S: Final = 120.0
"""Seconds by the clock that a worker may take to start, on a machine that is very busy."""


class _Worker:
    """One process, as its parent sees it. Used by one thread at a time."""

    def __init__(self, limits: Limits, initializer: Callable[[], object] | None) -> None:
        # -I: neither the environment nor the current folder decides what is imported.
        self._process = subprocess.Popen(  # noqa: S603 - our own interpreter and program
            [sys.executable, "-I", "-c", _BOOT, json.dumps(sys.path)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        try:
            self.call((limits, initializer), _START_WALL_S).value()
        except _Ended:
            raise RuntimeError("a worker process could not be started") from None
        except BaseException:
            self.kill()
            raise

    def call(self, request: Any, wall_s: float) -> _Answer:
        """The answer to one request. Raises _Ended, and has then cleaned up."""
        assert self._process.stdin is not None  # noqa: S101 - opened above
        message = pickle.dumps(request, pickle.HIGHEST_PROTOCOL)
        try:
            self._process.stdin.write(len(message).to_bytes(_LENGTH_BYTES, "big") + message)
            self._process.stdin.flush()
            length = int.from_bytes(self._read(_LENGTH_BYTES, wall_s), "big")
            answer = pickle.loads(self._read(length, wall_s))  # noqa: S301 - our own process
        except (BrokenPipeError, EOFError):
            raise _Ended(self._reason()) from None
        except TimeoutError:
            self.kill()
            raise _Ended("time") from None
        if isinstance(answer, _Answer):
            return answer
        self.kill()
        raise _Ended("memory")

    def _read(self, length: int, wall_s: float) -> bytes:
        assert self._process.stdout is not None  # noqa: S101 - opened above
        descriptor = self._process.stdout.fileno()
        waiting = select.poll()
        waiting.register(descriptor, select.POLLIN)
        parts: list[bytes] = []
        spent = None
        while length:
            while not waiting.poll(wall_s * 1000):
                # On a busy machine a call may get little of the processor; only one that has got
                # on by nothing at all is waiting for something that will not come.
                before, spent = spent, self._cpu_ticks()
                if spent is None or spent == before:
                    raise TimeoutError
            part = os.read(descriptor, min(length, 1 << 20))
            if not part:
                raise EOFError
            parts.append(part)
            length -= len(part)
        return b"".join(parts)

    def _cpu_ticks(self) -> int | None:
        """CPU time that the process has used, in the system's ticks; None where nobody tells."""
        try:
            with open(f"/proc/{self._process.pid}/stat", encoding="ascii") as facts:
                fields = facts.read().rpartition(")")[2].split()
        except OSError:
            return None
        return int(fields[11]) + int(fields[12])

    def _reason(self) -> Reason:
        self._close()
        return "time" if self._process.wait() == -signal.SIGPROF else "crash"

    def end(self) -> None:
        """Let the process end by itself: it has nothing to do."""
        self._close()
        self._process.wait()

    def kill(self) -> None:
        self._process.kill()
        self.end()

    def _close(self) -> None:
        for stream in (self._process.stdin, self._process.stdout):
            if stream is not None:
                try:
                    stream.close()
                except BrokenPipeError:
                    continue  # what was left to send has nobody to read it


def serve() -> None:
    """The worker's side: answer requests from standard input until it is closed."""
    requests, replies = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever else is printed must not mix with the answers
    limits, initializer = _next_request(requests)
    _reply(replies, _attempt(initializer or _nothing, (), {}))
    while (request := _next_request(requests)) is not None:
        base = _address_space_bytes()
        if base is not None:
            _set_memory_limit(base + limits.memory_mb * 1024 * 1024)
        # The default action of SIGPROF is to kill, wherever the process is at that moment.
        signal.setitimer(signal.ITIMER_PROF, limits.cpu_s)
        try:
            answer: _Answer | None = _attempt(*request)
        except MemoryError:
            answer = None
        finally:
            signal.setitimer(signal.ITIMER_PROF, 0)
            _set_memory_limit(None)
        _reply(replies, answer)


def _nothing() -> None:
    """What an executor without an initializer does first."""


def _attempt(function: Callable[..., Any], arguments: Any, options: Any) -> _Answer:
    try:
        return _Answer(function(*arguments, **options))
    except MemoryError:
        raise
    except BaseException as failure:
        return _Answer(failure=failure)


def _next_request(requests: BinaryIO) -> Any:
    head = requests.read(_LENGTH_BYTES)
    if len(head) < _LENGTH_BYTES:
        return None
    return pickle.loads(requests.read(int.from_bytes(head, "big")))  # noqa: S301 - our parent


def _reply(replies: BinaryIO, answer: _Answer | None) -> None:
    try:
        message = pickle.dumps(answer, pickle.HIGHEST_PROTOCOL)
    except Exception as failure:
        told = f"the answer cannot be sent: {failure!r}: {answer!r}"[:1000]
        message = pickle.dumps(_Answer(failure=RuntimeError(told)), pickle.HIGHEST_PROTOCOL)
    replies.write(len(message).to_bytes(_LENGTH_BYTES, "big") + message)
    replies.flush()


def _address_space_bytes() -> int | None:
    """What the process maps now; None where the system does not tell (it then limits nothing)."""
    try:
        with open("/proc/self/statm", encoding="ascii") as facts:
            return int(facts.read().split()[0]) * resource.getpagesize()
    except OSError:
        return None


def _set_memory_limit(limit: int | None) -> None:
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    soft = hard if limit is None else limit
    if hard != resource.RLIM_INFINITY:
        soft = min(soft, hard) if soft != resource.RLIM_INFINITY else hard
    resource.setrlimit(resource.RLIMIT_AS, (soft, hard))
