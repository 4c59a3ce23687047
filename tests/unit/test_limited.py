"""A call that costs too much ends alone, whatever it is stuck in; all others get their answers."""

from __future__ import annotations

import os
import re
import resource
import signal
import subprocess
import sys
import time
import zlib
from concurrent.futures import Executor

import pytest

from plugins.cost_limits import BeyondLimits, Limits, Reason
from plugins.limited import LimitedExecutor

SMALL = Limits(cpu_s=0.5, memory_mb=64, wall_s=20)


def double(number: int) -> int:
    return 2 * number


def spin() -> None:
    while True:
        pass


def spin_in_a_regex() -> None:
    re.match("(a+)+$", "a" * 200 + "b")


def spin_in_c() -> None:
    while True:
        zlib.compress(bytes(50_000_000), 9)


def wait_for_ever() -> None:
    signal.pause()


def fill_the_memory() -> None:
    held = []
    while True:
        held.append(bytearray(1_000_000))


def use_memory_once() -> int:
    return len(bytearray(40 * 1024 * 1024))


def die() -> None:
    os.kill(os.getpid(), signal.SIGSEGV)


def leave() -> None:
    os._exit(0)


def fail(text: str) -> None:
    raise ValueError(text)


def fail_unspeakably() -> None:
    class Unknown(Exception):
        pass

    raise Unknown


def talk() -> str:
    print("not an answer")
    os.write(1, b"nor this")
    return "answer"


def worker_id() -> int:
    return os.getpid()


def reply_of(size: int) -> bytes:
    return b"x" * size


def set_marker() -> None:
    os.environ["MARKER"] = "set"


def read_marker() -> str | None:
    return os.environ.get("MARKER")


def import_of(name: str) -> bool:
    return name in sys.modules


@pytest.mark.parametrize(
    ("call", "reason"),
    [
        (spin, "time"),
        (spin_in_a_regex, "time"),
        (spin_in_c, "time"),
        (fill_the_memory, "memory"),
        (die, "crash"),
        (leave, "crash"),
    ],
)
def test_a_call_beyond_its_limits_ends_with_the_reason_and_the_next_one_is_answered(
    call: object, reason: Reason
) -> None:
    with LimitedExecutor(1, SMALL) as pool:
        with pytest.raises(BeyondLimits) as caught:
            pool.submit(call).result()  # type: ignore[arg-type]
        assert caught.value.reason == reason
        assert pool.submit(double, 21).result() == 42


def test_a_call_that_only_waits_is_not_waited_for() -> None:
    with LimitedExecutor(1, Limits(cpu_s=1, memory_mb=64, wall_s=0.5)) as pool:
        with pytest.raises(BeyondLimits) as caught:
            pool.submit(wait_for_ever).result()
        assert caught.value.reason == "time"


def test_one_offender_among_many_costs_only_itself() -> None:
    with LimitedExecutor(2, SMALL) as pool:
        before = [pool.submit(double, number) for number in range(20)]
        offender = pool.submit(spin)
        after = [pool.submit(double, number) for number in range(20, 40)]
        assert [future.result() for future in before + after] == [2 * n for n in range(40)]
        with pytest.raises(BeyondLimits):
            offender.result()


def test_each_call_is_counted_by_itself() -> None:
    with LimitedExecutor(1, SMALL) as pool:
        for _ in range(4):  # 160 MB in all, in one worker of 64
            assert pool.submit(use_memory_once).result() == 40 * 1024 * 1024
        for _ in range(4):
            pool.submit(burn, 0.2).result()


def burn(cpu_s: float) -> None:
    end = time.process_time() + cpu_s
    while time.process_time() < end:
        pass


def test_many_calls_share_a_worker() -> None:
    with LimitedExecutor(1) as pool:
        assert len({pool.submit(worker_id).result() for _ in range(5)}) == 1


def test_a_failure_of_the_function_is_passed_on_and_harms_no_worker() -> None:
    with LimitedExecutor(1) as pool:
        worker = pool.submit(worker_id).result()
        with pytest.raises(ValueError, match="演示"):
            pool.submit(fail, "演示").result()
        with pytest.raises(RuntimeError, match="Unknown"):
            pool.submit(fail_unspeakably).result()
        assert pool.submit(worker_id).result() == worker


def test_what_a_call_prints_is_no_answer() -> None:
    with LimitedExecutor(1) as pool:
        assert pool.submit(talk).result() == "answer"


def test_large_questions_and_answers_pass_whole() -> None:
    with LimitedExecutor(1) as pool:
        assert pool.submit(len, b"q" * 20_000_000).result() == 20_000_000
        assert pool.submit(reply_of, 20_000_000).result() == b"x" * 20_000_000


def test_a_new_worker_is_prepared_like_the_first() -> None:
    with LimitedExecutor(1, SMALL, initializer=set_marker) as pool:
        assert pool.submit(read_marker).result() == "set"
        with pytest.raises(BeyondLimits):
            pool.submit(die).result()
        assert pool.submit(read_marker).result() == "set"


def test_a_worker_that_cannot_be_prepared_is_an_error_and_not_a_cost() -> None:
    with LimitedExecutor(1, initializer=die) as pool, pytest.raises(RuntimeError, match="started"):
        pool.submit(double, 1).result()


def test_no_process_exists_before_the_first_call_or_after_the_end() -> None:
    pool: Executor = LimitedExecutor(2)
    pool.shutdown()
    with LimitedExecutor(2) as pool:
        process = pool.submit(worker_id).result()
    with pytest.raises(ProcessLookupError):
        os.kill(process, 0)


def test_a_worker_imports_nothing_but_what_its_calls_need() -> None:
    with LimitedExecutor(1) as pool:
        found = {name: pool.submit(import_of, name).result() for name in ("PIL", "pelican")}
    assert found == {"PIL": False, "pelican": False}


def test_workers_end_when_their_parent_is_killed() -> None:
    script = (
        "import os, signal; from plugins.limited import LimitedExecutor\n"
        "pool = LimitedExecutor(1)\n"
        "print(pool.submit(os.getpid).result(), flush=True)\n"
        "os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert done.returncode == -signal.SIGKILL
    worker = int(done.stdout)
    for _ in range(200):
        try:
            os.kill(worker, 0)
        except ProcessLookupError:
            return
        time.sleep(0.05)
    pytest.fail("the worker is still there")


def test_the_limit_of_memory_is_for_the_call_and_not_for_the_worker() -> None:
    with LimitedExecutor(1, SMALL) as pool:
        pool.submit(use_memory_once).result()
        soft, hard = pool.submit(resource.getrlimit, resource.RLIMIT_AS).result()
        assert soft != hard
        with pytest.raises(BeyondLimits):
            pool.submit(fill_the_memory).result()
        assert pool.submit(use_memory_once).result() == 40 * 1024 * 1024
