from datetime import UTC, datetime, timedelta

import pytest

from gongheng.kernel.reasons import Refusal
from gongheng.registers import home

PROVINCE = object()
NOON = datetime(2026, 10, 12, 4, 0, tzinfo=UTC)


def fail(line: home.Line) -> None:
    with line.trying():
        raise Refusal(home.AWAY)


def test_a_line_rests_longer_after_each_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    now = NOON
    monkeypatch.setattr(home, "machine_now", lambda: now)
    monkeypatch.setattr(home, "keeper", lambda: PROVINCE)
    line = home.Line()
    assert line.keeper() is PROVINCE

    for pause in (1, 2, 4, 8, 15, 15):
        fail(line)
        now += timedelta(seconds=pause) - timedelta(microseconds=1)
        assert line.keeper() is None
        now += timedelta(microseconds=1)
        assert line.keeper() is PROVINCE

    with line.trying():
        pass
    fail(line)
    now += timedelta(seconds=1)
    assert line.keeper() is PROVINCE


def test_a_fault_of_the_line_is_told_once_until_it_works_again(
    caplog: pytest.LogCaptureFixture,
) -> None:
    line = home.Line()

    fail(line)
    fail(line)
    assert len(caplog.records) == 1
    with line.trying():
        pass
    fail(line)
    assert len(caplog.records) == 2


def test_a_fault_of_ours_is_no_failure_of_the_line() -> None:
    with pytest.raises(ZeroDivisionError), home.Line().trying():
        _ = 1 / 0
