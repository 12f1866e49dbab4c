"""Who has a bid in is told of what changes, and whoever has it said learns nothing of them (A-01)."""

from datetime import timedelta
from pathlib import Path

import pytest

from gongheng.registers.messages import actions as messages, queries as inboxes
from gongheng.registers.messages.kinds import Channel
from gongheng.registers.messages.models import Delivery, Message
from gongheng.trading.bids import actions
from gongheng.trading.bids.tests.support import NOW, Firm, Tender, firm, tender
from gongheng.trading.cases import bidders, directives
from gongheng.trust.identity.models import AuditEntry
from tests.cases import (
    CLERK,
    COLLEAGUE,
    OFFICER,
    SECOND_OFFICER,
    SUPERVISOR,
    SYSTEM,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def lot(tmp_path: Path) -> Tender:
    return tender(tmp_path)


def say(lot: Tender) -> None:
    bidders.tell([lot.case], subject="暂停", body="情况说明。", kind="notice.suspension", now=NOW)


def told(kind: str = "notice.suspension") -> set[str]:
    return set(
        Delivery.objects.filter(message__kind=kind).values_list("organisation_code", flat=True)
    )


def of_three(lot: Tender) -> tuple[Firm, Firm]:
    """Return a firm whose bid stands and one that took its bid back; a third has none."""
    standing, gone, _ = firm(1), firm(2), firm(3)
    lot.submit(standing)
    actions.withdraw(bid_id=lot.submit(gone).bid.pk, actor=gone.actor, now=NOW)
    return standing, gone


def test_only_who_has_a_bid_in_is_told_and_once(lot: Tender) -> None:
    standing, _ = of_three(lot)
    lot.submit(standing, at=NOW + timedelta(minutes=1))

    say(lot)

    assert told() == {standing.code}
    assert Delivery.objects.filter(message__kind="notice.suspension").count() == 1


def test_where_nobody_has_a_bid_in_nothing_is_written(lot: Tender) -> None:
    say(lot)

    assert not Message.objects.filter(kind="notice.suspension").exists()


def test_while_bids_come_in_only_the_inbox_carries_it_and_no_trail_tells_who_read(
    lot: Tender,
) -> None:
    standing, _ = of_three(lot)
    say(lot)
    entries = AuditEntry.objects.count()

    [delivery] = inboxes.inbox_of(standing.actor)
    read = messages.read(delivery_id=delivery.pk, actor=standing.actor, now=NOW)

    assert read.read_at == NOW
    assert AuditEntry.objects.count() == entries
    assert set(Delivery.objects.values_list("channel", flat=True)) == {Channel.INBOX}
    assert delivery.message.is_secret


def test_after_the_closing_it_is_no_secret(lot: Tender) -> None:
    who = [firm(number) for number in range(1, 4)]
    for each in who:
        lot.submit(each)
    actions.close_due(now=lot.deadline, actor=SYSTEM)

    say(lot)

    assert told() == {each.code for each in who}
    assert not Message.objects.get(kind="notice.suspension").is_secret


def test_no_officer_clerk_or_supervisor_finds_it_in_an_inbox(lot: Tender) -> None:
    of_three(lot)

    say(lot)

    for actor in (CLERK, COLLEAGUE, OFFICER, SECOND_OFFICER, SUPERVISOR):
        assert not inboxes.inbox_of(actor).filter(message__kind="notice.suspension").exists()


def test_an_order_that_stops_the_case_reaches_who_has_a_bid_in(lot: Tender) -> None:
    standing, _ = of_three(lot)

    directives.place(
        case_id=lot.case.pk, document="昆监〔2026〕1号", cause="核查", actor=SUPERVISOR, now=NOW
    )

    assert told("case.held") == {standing.code, lot.case.tenderer_code}
