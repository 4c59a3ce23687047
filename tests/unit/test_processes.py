"""Work that is spread over processes."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from array import array
from collections.abc import Callable, Mapping
from concurrent.futures.process import BrokenProcessPool
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from plugins.processes import Companion, _tickets, beside, spread

PROJECT = Path(__file__).resolve().parents[2]

PARENT = """
import os, time
from plugins.processes import spread

def work(number):
    os.write(1, b"%d\\n" % os.getpid())  # a line at once, so that two lines never mix
    time.sleep(60)

list(spread(work, range(4), 2))
"""


def test_no_child_outlives_a_killed_parent() -> None:
    words = [sys.executable, "-c", PARENT]
    with subprocess.Popen(words, cwd=PROJECT, stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        workers = {int(parent.stdout.readline()) for _ in range(2)}
        (child,) = workers - {parent.pid}
        parent.send_signal(signal.SIGKILL)
        parent.wait()
        assert is_gone_soon(child)


def is_gone_soon(child: int) -> bool:
    """Whether it ends by itself; it is ended if not."""
    end = time.monotonic() + 20
    while Path(f"/proc/{child}").exists() and time.monotonic() < end:
        time.sleep(0.02)
    gone = not Path(f"/proc/{child}").exists()
    if not gone:
        os.kill(child, signal.SIGKILL)
    return gone


def test_a_child_whose_parent_is_gone_before_it_can_ask_ends_at_once() -> None:
    code = "import os; from plugins.processes import _die_with; _die_with(os.getpid())"
    assert subprocess.run([sys.executable, "-c", code], cwd=PROJECT, check=False).returncode == 1


def test_a_long_item_of_one_process_keeps_no_other_waiting(tmp_path: Path) -> None:
    me = os.getpid()

    def work(number: int) -> int:
        (tmp_path / str(number)).touch()
        end = time.monotonic() + 5
        while os.getpid() == me and len(os.listdir(tmp_path)) < 30 and time.monotonic() < end:
            time.sleep(0.01)
        return os.getpid()

    workers = list(spread(work, range(30), 2))
    assert len(workers) == 30
    assert workers.count(me) == 1


def test_every_item_is_done_once(tmp_path: Path) -> None:
    def work(number: int) -> int:
        (tmp_path / str(number)).touch(exist_ok=False)
        return number

    assert sorted(spread(work, range(300), 3)) == list(range(300))
    assert len(os.listdir(tmp_path)) == 300


def test_no_number_is_drawn_twice_however_fast_they_are_drawn(tmp_path: Path) -> None:
    count = 60_000
    children = []
    with _tickets(count) as take:
        for name in ("a", "b", "c"):
            if (child := os.fork()) == 0:
                try:
                    drawn = array("I", iter(take, None))
                    (tmp_path / name).write_bytes(drawn.tobytes())
                finally:
                    os._exit(0)
            children.append(child)
        for child in children:
            os.waitpid(child, 0)
    drawn = [array("I", file.read_bytes()) for file in tmp_path.iterdir()]
    assert len(drawn) == 3
    assert sorted(number for numbers in drawn for number in numbers) == list(range(count))


def test_nothing_is_begun_after_a_failure(tmp_path: Path) -> None:
    me = os.getpid()

    def work(number: int) -> None:
        (tmp_path / str(number)).touch()
        if os.getpid() == me:
            raise ValueError("演示")
        time.sleep(0.05)

    with pytest.raises(ValueError, match="演示"):
        list(spread(work, range(100), 2))
    assert len(os.listdir(tmp_path)) < 10


def test_what_a_child_raises_is_raised() -> None:
    me = os.getpid()

    def work(number: int) -> int:
        if os.getpid() != me:
            raise KeyError(number)
        time.sleep(0.05)
        return number

    with pytest.raises(KeyError):
        list(spread(work, range(10), 2))


def test_a_killed_child_is_told() -> None:
    me = os.getpid()

    def work(number: int) -> int:
        if os.getpid() != me:
            os.kill(os.getpid(), signal.SIGKILL)
        time.sleep(0.05)
        return number

    with pytest.raises(BrokenProcessPool):
        list(spread(work, range(10), 2))


def test_work_is_done_beside_the_caller() -> None:
    told, tell = os.pipe()

    def work() -> int:
        os.read(told, 1)  # the caller must be able to go on meanwhile
        return os.getpid()

    with beside(work, 2) as found:
        os.write(tell, b"!")
        assert found() != os.getpid()


def test_one_process_works_when_it_is_waited_for() -> None:
    done: list[int] = []
    with beside(lambda: done.append(os.getpid()), 1) as found:
        assert not done
        found()
    assert done == [os.getpid()]


def test_what_is_raised_beside_is_raised() -> None:
    def work() -> None:
        raise KeyError("演示")

    with pytest.raises(KeyError, match="演示"), beside(work, 2) as found:
        found()


def test_a_child_that_is_killed_beside_is_missed() -> None:
    def work() -> None:
        os.kill(os.getpid(), signal.SIGKILL)

    with pytest.raises(BrokenProcessPool), beside(work, 2) as found:
        found()


def test_a_result_that_cannot_be_sent_is_missed() -> None:
    with pytest.raises(BrokenProcessPool), beside(lambda: lambda: 0, 2) as found:
        found()


def test_a_long_answer_that_nobody_waits_for_keeps_nobody_waiting() -> None:
    with pytest.raises(KeyError), beside(lambda: bytes(1 << 20), 2):
        raise KeyError


Skills = Mapping[str, Callable[..., Any]]


def skills() -> Skills:
    return {
        "who": os.getpid,
        "add": lambda a, b: a + b,
        "much": lambda data: data * 2,
        "fail": lambda: 1 // 0,
        "hang": lambda: time.sleep(60),
    }


def test_a_companion_answers_whatever_it_is_asked_in_any_order() -> None:
    with closing(Companion(skills, 2)) as companion:
        answers = [companion.ask("add", number, (number,)[0]) for number in range(5)]
        assert companion.ask("who")() != os.getpid()
        assert [answer() for answer in reversed(answers)] == [8, 6, 4, 2, 0]
        assert answers[3]() == 6, "it can be asked for again"


def test_a_companion_learns_in_its_own_process() -> None:
    known: list[int] = []

    def learn() -> Skills:
        known.append(1)
        return {"known": lambda: len(known)}

    with closing(Companion(learn, 2)) as companion:
        known += [2, 3]
        assert companion.ask("known")() == 1
    assert known == [2, 3]


def test_long_questions_and_answers_keep_nobody_waiting_for_ever() -> None:
    data = bytes(1 << 20)
    with closing(Companion(skills, 2)) as companion:
        answers = [companion.ask("much", data) for _ in range(3)]
        assert [len(answer()) for answer in answers] == [2 << 20] * 3


def test_one_that_fails_gives_no_more_answers() -> None:
    with closing(Companion(skills, 2)) as companion:
        before, failed = companion.ask("add", 1, 2), companion.ask("fail")
        later = companion.ask("add", 3, 4)
        assert (before(), failed(), later(), companion.ask("who")()) == (3, None, None, None)


def test_one_that_is_killed_gives_no_more_answers() -> None:
    with closing(Companion(skills, 2)) as companion:
        child = companion.ask("who")()
        os.kill(child, signal.SIGKILL)
        assert companion.ask("add", 1, 2)() is None


def test_one_that_cannot_learn_gives_no_answer() -> None:
    def learn() -> Skills:
        raise OSError("演示")

    with closing(Companion(learn, 2)) as companion:
        assert companion.ask("who")() is None


def test_without_a_second_processor_nobody_answers() -> None:
    with closing(Companion(skills, 1)) as companion:
        assert companion.ask("who")() is None


def test_a_companion_is_gone_when_it_is_let_go_whatever_it_does() -> None:
    companion = Companion(skills, 2)
    child = companion.ask("who")()
    companion.ask("hang")
    companion.close()
    companion.close()
    assert not Path(f"/proc/{child}").exists()


COMPANIONED = """
import os, time
from plugins.processes import Companion

companion = Companion(lambda: {"who": os.getpid}, 2)
os.write(1, b"%d\\n" % companion.ask("who")())
time.sleep(60)
"""


def test_no_companion_outlives_a_killed_parent() -> None:
    words = [sys.executable, "-c", COMPANIONED]
    with subprocess.Popen(words, cwd=PROJECT, stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        child = int(parent.stdout.readline())
        assert Path(f"/proc/{child}").exists()
        parent.send_signal(signal.SIGKILL)
        parent.wait()
        assert is_gone_soon(child)
