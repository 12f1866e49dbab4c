"""The clock is judged by the median of its servers; officers hear of each change once (T-10)."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from gongheng.kernel.clock import FileClock
from gongheng.registers.messages.models import Delivery
from gongheng.registers.timekeeping import actions, queries
from gongheng.registers.timekeeping.models import TimeCheck
from gongheng.registers.timekeeping.rules import State, judge
from gongheng.registers.timekeeping.sntp import Answer
from gongheng.registers.timekeeping.tests.test_sntp import right, server
from gongheng.registers.workdays.tests.test_workdays import account
from gongheng.trust.identity.actors import acting
from gongheng.trust.identity.kinds import Role
from gongheng.trust.identity.models import AuditEntry
from gongheng.web.work import tasks_of

NOW = datetime(2026, 11, 22, 1, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def said(*seconds: float | None, delay: float = 0.02) -> list[Answer]:
    """Return the answers of as many servers; of one that says nothing, a fault."""
    return [
        Answer(f"s{number}", fault="没有应答")
        if each is None
        else Answer(f"s{number}", timedelta(seconds=each), timedelta(seconds=delay))
        for number, each in enumerate(seconds)
    ]


@pytest.mark.parametrize(
    ("answers", "state", "ahead"),
    [
        (said(0.01), State.GOOD, 0.01),
        (said(1.0), State.GOOD, 1.0),
        (said(-1.0), State.GOOD, -1.0),
        (said(1.000001), State.OFF, 1.000001),
        (said(-1.000001), State.OFF, -1.000001),
        (said(0.01, 0.02, 7200), State.GOOD, 0.02),
        (said(5, 5.1, 0), State.OFF, 5),
        (said(0, None, None), State.GOOD, 0),
        (said(0, 5), State.DISAGREE, None),
        (said(0, 5, 10), State.DISAGREE, None),
        (said(None, None), State.UNKNOWN, None),
        (said(), State.UNKNOWN, None),
        (said(3, delay=1.01), State.UNKNOWN, None),
        (said(3, delay=1.0), State.OFF, 3),
    ],
)
def test_one_liar_does_not_move_the_median(
    answers: list[Answer], state: State, ahead: float | None
) -> None:
    found = judge(answers)

    assert found.state is state
    assert found.ahead == (None if ahead is None else timedelta(seconds=ahead))


@pytest.mark.django_db
def test_officers_hear_of_each_change_once() -> None:
    operator, auditor = account("operator", Role.OPERATOR), account("auditor", Role.AUDITOR)
    account("clerk", Role.ADMINISTRATOR)

    for number, answers in enumerate(
        [said(0.1), said(2.5), said(2.6), said(None), said(0.2), said(0.1)]
    ):
        actions.keep(answers, now=NOW + number * MINUTE)

    told = list(queries.told().values_list("state", flat=True))
    assert told == [State.GOOD, State.OFF]
    inbox = Delivery.objects.order_by("message__written_at")
    assert {each.account_id for each in inbox} == {operator.pk, auditor.pk}
    subjects = {each.message.subject for each in inbox}
    assert subjects == {
        "平台时间：偏差超过 1 秒，相差 +2.500 秒",
        "平台时间：与国家授时一致，相差 +0.200 秒",
    }
    entries = AuditEntry.objects.filter(deed="time.compared").order_by("number")
    assert [each.reason for each in entries] == [
        "偏差超过 1 秒，相差 +2.500 秒",
        "与国家授时一致，相差 +0.200 秒",
    ]


@pytest.mark.django_db
def test_silence_is_told_when_it_has_lasted_an_hour() -> None:
    account("operator", Role.OPERATOR)
    actions.keep(said(0), now=NOW)

    for minutes in (1, 59):
        assert not actions.keep(said(None), now=NOW + minutes * MINUTE).is_told
    assert actions.keep(said(None), now=NOW + 60 * MINUTE).is_told
    assert not actions.keep(said(None), now=NOW + 61 * MINUTE).is_told
    assert actions.keep(said(0), now=NOW + 62 * MINUTE).is_told


@pytest.mark.django_db
def test_a_node_that_never_heard_a_server_tells_it_after_an_hour() -> None:
    actions.keep(said(None), now=NOW)

    assert actions.keep(said(None), now=NOW + 61 * MINUTE).is_told


@pytest.mark.django_db
def test_the_operator_alone_is_to_set_the_clock_right() -> None:
    operator, clerk = account("operator", Role.OPERATOR), account("clerk", Role.ADMINISTRATOR)

    def titles(who: Any) -> list[str]:
        return [task.title for task in tasks_of(acting(who, now=NOW), now=NOW)]

    assert "检查服务器时钟" not in titles(operator)
    actions.keep(said(9), now=NOW)
    assert "检查服务器时钟" in titles(operator)
    assert "检查服务器时钟" not in titles(clerk)
    actions.keep(said(0), now=NOW + MINUTE)
    assert "检查服务器时钟" not in titles(operator)


@pytest.mark.django_db
def test_looks_are_kept_for_ninety_days_and_changes_for_ever() -> None:
    actions.keep(said(0), now=NOW)
    actions.keep(said(9), now=NOW + MINUTE)
    actions.keep(said(9), now=NOW + timedelta(days=91))

    assert [each.checked_at for each in TimeCheck.objects.order_by("checked_at")] == [
        NOW + MINUTE,
        NOW + timedelta(days=91),
    ]


@pytest.mark.django_db
def test_the_named_servers_are_asked_and_everybody_sees_what_they_said(
    client: Client, settings: Any
) -> None:
    with server(lambda question: right(question, ahead=timedelta(seconds=3))) as place:
        settings.NODE = replace(settings.NODE, time_servers=(place, "127.0.0.1:9"))
        actions.look()
        page = client.get("/time/").content.decode()

    row = TimeCheck.objects.get()
    assert row.state == State.OFF
    assert row.ahead_us == pytest.approx(3_000_000, abs=100_000)
    for words in ("偏差超过 1 秒", place, "127.0.0.1:9", "没有应答", "状态变化"):
        assert words in page


@pytest.mark.django_db
def test_a_node_without_servers_and_a_demonstration_say_so(
    client: Client, settings: Any, tmp_path: Any
) -> None:
    actions.look()
    assert "没有设置时间源" in client.get("/time/").content.decode()

    FileClock(tmp_path / "clock").begin()
    settings.NODE = replace(
        settings.NODE, clock_path=tmp_path / "clock", time_servers=("127.0.0.1:9",)
    )
    actions.look()
    assert "这是演示平台" in client.get("/time/").content.decode()
    assert not TimeCheck.objects.exists()
