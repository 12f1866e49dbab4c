import threading
import time
from collections import Counter

import pytest

from gongheng.node import loops, wiring
from gongheng.node.loops import Loop, Runner
from gongheng.trust.ledger.models import Cursor


def _nothing() -> None:
    """Release no connection, and know nothing of what is written: these loops have no database."""


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

    runner = Runner([Loop("wrong", 0.01, fail_once), Loop("right", 0.01, work)], _nothing, _nothing)
    runner.start()

    assert healthy.wait(2)
    assert mended.wait(3)
    assert runner.await_first_pass(2)
    assert runner.end() == []
    assert "wrong" in caplog.text


def test_a_loop_with_work_does_not_wait_for_its_interval() -> None:
    left = list(range(50))
    runner = Runner([Loop("busy", 60, lambda: left and left.pop() >= 0)], _nothing, _nothing)
    runner.start()

    deadline = time.monotonic() + 5
    while left and time.monotonic() < deadline:
        time.sleep(0.01)

    assert not left
    assert runner.end() == []


def test_a_loop_that_does_not_end_is_named() -> None:
    held = threading.Event()
    runner = Runner([Loop("stuck", 1, lambda: held.wait(30))], _nothing, _nothing)
    runner.start()

    late = runner.end()
    held.set()

    assert late == ["stuck"]


def test_every_step_gives_its_connection_back() -> None:
    released = threading.Event()
    runner = Runner([Loop("one", 1, lambda: False)], released.set, _nothing)
    runner.start()

    assert released.wait(2)
    runner.end()


def test_an_idle_loop_rests_until_something_is_written(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loops, "STALE_SECONDS", 60)
    monkeypatch.setattr(loops, "READING_SECONDS", 0)
    place, looks = ["0/1"], Counter[str]()
    looked = threading.Semaphore(0)

    def look() -> bool:
        looks[place[0]] += 1
        looked.release()
        return False

    runner = Runner([Loop("idle", 0.005, look)], _nothing, lambda: place[0])
    runner.start()
    for place[0] in ("0/1", "0/2"):
        assert all(looked.acquire(timeout=2) for _ in range(2))
        time.sleep(0.1)  # twenty intervals in which it has nothing to look for
    runner.end()

    assert looks == {"0/1": 2, "0/2": 2}


def test_an_idle_loop_looks_again_when_its_rest_is_stale(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loops, "STALE_SECONDS", 0.02)
    looked = threading.Semaphore(0)

    runner = Runner([Loop("idle", 0.005, looked.release)], _nothing, lambda: "0/1")
    runner.start()

    assert all(looked.acquire(timeout=2) for _ in range(6))
    runner.end()


def test_work_is_done_to_its_end_though_nothing_new_is_written() -> None:
    left = list(range(50))
    runner = Runner([Loop("busy", 60, lambda: left and left.pop() >= 0)], _nothing, lambda: "0/1")
    runner.start()

    deadline = time.monotonic() + 5
    while left and time.monotonic() < deadline:
        time.sleep(0.01)

    assert not left
    runner.end()


@pytest.mark.django_db(transaction=True)
def test_what_is_written_moves_the_reading() -> None:
    before = wiring.written()

    Cursor.objects.create(name="reading", position=0)

    assert wiring.written() != before
