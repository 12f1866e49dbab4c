"""More time when more than a third of the members ask (W-23), and a lead for low prices (S-08)."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from gongheng.kernel.reasons import Reason, Refusal
from gongheng.registers.messages.models import Message
from gongheng.trading.evaluation import actions, rules, tasks
from gongheng.trading.evaluation.tests.support import A, B, C, declared
from tests.cases import CLERK

pytestmark = pytest.mark.django_db


def refused(given: dict[str, Any]) -> Reason:
    with pytest.raises(Refusal) as refusal:
        actions.extend_time(**given)
    return refusal.value.reason


def test_more_than_a_third_of_the_members_get_more_time() -> None:
    found = declared()
    until = found.now + timedelta(hours=4)
    given = {"case_id": found.case.pk, "until": until, "actor": CLERK, "now": found.now}
    actions.say(**found.by(found.members[0]), needs_time=True)
    assert not list(tasks.of_clerks(actor=CLERK, now=found.now))
    assert refused(given) is rules.TIME_SUFFICES
    actions.say(**found.by(found.members[1]), needs_time=True)
    [task] = tasks.of_clerks(actor=CLERK, now=found.now)
    assert task.rule == "W-23"
    assert Message.objects.filter(kind="evaluation.time_short", is_secret=False).exists()
    assert refused(given | {"until": found.now}) is rules.TIME_PAST

    committee = actions.extend_time(**given)

    assert committee.time_until == until
    assert Message.objects.get(kind="evaluation.time_extended").is_secret  # it names members
    assert not committee.members.filter(needs_time=True).exists()
    assert not list(tasks.of_clerks(actor=CLERK, now=found.now))


@pytest.mark.parametrize(
    ("prices", "low"),
    [
        ({A: "100", B: "100", C: "100"}, set()),
        ({A: "79", B: "100", C: "100"}, {A}),
        ({A: "85", B: "107.50", C: "107.50"}, set()),
        ({A: "84.99", B: "107.50", C: "107.51"}, {A}),
        ({}, set()),
    ],
)
def test_a_price_strictly_below_the_line_is_a_lead(prices: dict[str, str], low: set[str]) -> None:
    given = {code: Decimal(price) for code, price in prices.items()}

    assert rules.low_prices(given, on=date(2026, 10, 12)) == low
