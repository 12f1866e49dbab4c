import threading
import time

import pytest

from gongheng.node.loops import Loop, Runner


def _nothing() -> None:
    """Release no connection: these loops have none."""


def test_a_failing_loop_is_tried_again_and_harms_no_other(
    caplog: pytest.LogCaptureFixture,
) -> None:
    healthy, mended = threading.Event(), threading.Event()
    tries = []

    def fail_once() -> bool:
        tries.append(1)
        if len(tries) == 1:
            raise ConnectionError("away")
        mended.set()
        return False

    def work() -> bool:
        healthy.set()
        return False

    runner = Runner([Loop("wrong", 0.01, fail_once), Loop("right", 0.01, work)], _nothing)
    runner.start()

    assert healthy.wait(2)
    assert mended.wait(3)
    assert runner.await_first_pass(2)
    assert runner.end() == []
    assert "wrong" in caplog.text


def test_a_loop_with_work_does_not_wait_for_its_interval() -> None:
    left = list(range(50))
    runner = Runner([Loop("busy", 60, lambda: left and left.pop() >= 0)], _nothing)
    runner.start()

    deadline = time.monotonic() + 5
    while left and time.monotonic() < deadline:
        time.sleep(0.01)

    assert not left
    assert runner.end() == []


def test_a_loop_that_does_not_end_is_named() -> None:
    held = threading.Event()
    runner = Runner([Loop("stuck", 1, lambda: held.wait(30))], _nothing)
    runner.start()

    late = runner.end()
    held.set()

    assert late == ["stuck"]


def test_every_step_gives_its_connection_back() -> None:
    released = threading.Event()
    runner = Runner([Loop("one", 1, lambda: False)], released.set)
    runner.start()

    assert released.wait(2)
    runner.end()
