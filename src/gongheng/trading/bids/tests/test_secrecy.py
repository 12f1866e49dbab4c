"""Before the deadline nobody can count bids: pages, acts, log, deliveries and trail stay the same."""

import re
from collections.abc import Iterable
from datetime import timedelta
from http import HTTPStatus
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from django.test import Client

from gongheng.data.exchange import sending, stations
from gongheng.data.exchange.models import Delivery
from gongheng.data.records.models import Act, Version
from gongheng.kernel.clock import machine_now
from gongheng.registers.messages import actions as messages, jobs, queries as inboxes
from gongheng.registers.messages.kinds import Channel
from gongheng.registers.messages.models import Delivery as Told
from gongheng.trading.bids import actions, slots
from gongheng.trading.bids.models import Bidder
from gongheng.trading.bids.tests.support import NOW, Firm, Tender, firm, tender
from gongheng.trading.bids.tests.test_deposits import deposit_of
from gongheng.trading.cases import bidders
from gongheng.trust.identity.models import Account, AuditEntry
from gongheng.trust.ledger import actions as ledger, queries as log
from gongheng.trust.ledger.models import Leaf
from gongheng.web import changes
from tests.addresses import addresses, of_case, plain_templates, tabs
from tests.cases import CLERK, OFFICER, SUPERVISOR, person
from tests.scope import IS_FULL

pytestmark = pytest.mark.django_db
_CHANGING = re.compile(
    r'name="csrfmiddlewaretoken" value="[^"]+"|value="[0-9a-f-]{36}"|href="\?page=[^"]+"'
)
OUTSIDERS = tuple(
    person(f"looks-{role}", role, organisation="12530000MB1X000010")
    for role in ("operator", "administrator", "security", "auditor", "expert", "bidder")
)
"""Who has no business with the case: the node's own people, an expert, a firm that has not bid."""
LOOKING = {"visitor", "clerk", "officer", "supervisor"}
"""Who looks in the usual run, too, at what is open to everybody."""


@pytest.fixture
def lot(tmp_path: Path) -> Tender:
    return tender(tmp_path)


def clients() -> dict[str, Client]:
    """Return a signed-in browser for each role that must not count."""
    found = {"visitor": Client()}
    Account.objects.bulk_create(
        Account(
            pk=actor.account_id,
            region_code=actor.region_code,
            username=actor.username,
            display_name=actor.name,
            organisation_code=actor.organisation_code,
            organisation_name="平台",
        )
        for actor in OUTSIDERS
    )
    for actor in (CLERK, OFFICER, SUPERVISOR, *OUTSIDERS):
        account = Account.objects.get(pk=actor.account_id)
        (role,) = actor.roles
        account.grants.create(
            region_code=account.region_code, role=role, starts_at=NOW - timedelta(days=1)
        )
        found[role] = Client()
        found[role].force_login(account)
    return found


def visited(lot: Tender, people: dict[str, Client]) -> list[tuple[str, str]]:
    """Return for each role every address that needs nothing or only the case, and its tabs.

    What is open to everybody, the others are asked in the full run only.
    """
    places = of_case(lot.case)
    return [
        (role, address)
        for role, client in people.items()
        for address in [
            *addresses(places, roles={role}, with_public=IS_FULL or role in LOOKING),
            *tabs(client, lot.case),
        ]
    ]


def seen(
    people: dict[str, Client], places: Iterable[tuple[str, str]]
) -> dict[tuple[str, str], tuple[int, str]]:
    """Return what each role meets at each address that is not closed to it; a file says nothing."""
    found = {}
    for role, address in places:
        answer = people[role].get(address)
        if answer.status_code != HTTPStatus.FORBIDDEN and not hasattr(answer, "streaming_content"):
            text = answer.content.decode(errors="replace")
            found[role, address] = (answer.status_code, _CHANGING.sub("", text))
    return found


@pytest.mark.slow
def test_no_page_changes_when_bids_come(lot: Tender, settings: Any) -> None:
    settings.TEMPLATES = plain_templates()
    people, firms = clients(), [firm(number) for number in range(1, 6)]
    envelopes = [lot.envelope(who) for who in firms]
    for client in people.values():
        client.get("/me/codes/")  # a secret is drawn at the first look, and stays
    changes.take()  # of these secrets, which elsewhere end with their requests
    with transaction.atomic():  # what looking at pages leaves behind is the same for both
        before = seen(people, visited(lot, people))
        transaction.set_rollback(True)
    bids = [lot.submit(*each).bid for each in zip(firms, envelopes, strict=True)]
    for who in firms[1:]:  # of a bid taken back the refund is a task, when its five days end early
        deposit_of(who, lot)
    actions.withdraw(bid_id=bids[0].pk, actor=firms[0].actor, now=NOW)
    _tell_and_read(lot, firms)

    after = seen(people, visited(lot, people))

    assert {role for role, _ in before} == people.keys()
    assert len(before) > (40 if IS_FULL else 25) * len(people)
    assert before.keys() == after.keys()
    assert [place for place in before if before[place] != after[place]] == []


def _tell_and_read(lot: Tender, firms: Iterable[Firm]) -> None:
    """Let who has a bid in be told of a change, and read it."""
    bidders.tell(
        [lot.case], subject="第1号澄清（修改）", body="全文见公告。", kind="notice.changed", now=NOW
    )
    for who in firms:
        for delivery in inboxes.inbox_of(who.actor):
            messages.read(delivery_id=delivery.pk, actor=who.actor, now=NOW)


def _facts() -> dict[str, Any]:
    return {
        "acts": Act.objects.count(),
        "records": Version.objects.count(),
        "deliveries": Delivery.objects.count(),
        "leaves": Leaf.objects.count(),
    }


def test_neither_acts_nor_deliveries_nor_the_log_count_bids(lot: Tender) -> None:
    before, at = _facts(), machine_now()
    firms = [firm(number) for number in range(1, 5)]
    for who in firms:
        lot.submit(who)
    _tell_and_read(lot, firms)
    assert _facts() == before

    slots.enter(now=at)
    slots.enter(now=at + slots.INTERVAL - timedelta(microseconds=1))
    slots.enter(now=at + slots.INTERVAL)
    ledger.number()
    for peer in stations.parents():
        sending.collect(peer)

    grown = _facts()
    assert grown.pop("leaves") == before["leaves"] + 2
    assert grown["acts"] == before["acts"]


def test_the_log_grows_alike_with_and_without_bids(lot: Tender) -> None:
    at, sizes = machine_now(), []
    for number in range(8):
        if number % 2:
            lot.submit(firm(number))
        start = Leaf.objects.count()
        slots.enter(now=at + number * slots.INTERVAL)
        sizes.append(Leaf.objects.count() - start)

    leaves = list(Leaf.objects.order_by("-id")[:8])

    assert sizes == [1] * 8
    assert len({len(bytes(leaf.data)) for leaf in leaves}) == 1
    assert {leaf.kind for leaf in leaves} == {"act"}


def test_a_node_without_bidding_enters_no_leaves() -> None:
    slots.enter(now=machine_now())

    assert not Leaf.objects.exists()
    assert log.size() == 0


def test_the_audit_trail_does_not_change_when_bids_come(lot: Tender) -> None:
    before, who = AuditEntry.objects.count(), firm(1)

    lot.submit(who)
    _tell_and_read(lot, [who])

    assert AuditEntry.objects.count() == before


def test_no_mail_no_job_and_no_log_counts_who_is_told(
    lot: Tender, caplog: pytest.LogCaptureFixture
) -> None:
    firms = [firm(number) for number in range(1, 4)]
    for who in firms:
        lot.submit(who)

    with caplog.at_level("DEBUG"):
        _tell_and_read(lot, firms)
        found = jobs.send()

    told = Told.objects.filter(message__kind="notice.changed")
    assert told.count() == len(firms)
    assert not found
    assert {one.channel for one in told} == {Channel.INBOX}
    assert not [line for line in caplog.messages if any(who.code in line for who in firms)]


def test_what_is_told_names_no_firm_that_the_rows_of_bids_do_not_name(lot: Tender) -> None:
    firms = [firm(number) for number in range(1, 4)]
    for who in firms[:2]:
        lot.submit(who)

    _tell_and_read(lot, firms)

    told = Told.objects.filter(message__kind="notice.changed")
    named = Bidder.objects.filter(case=lot.case)
    assert {one.organisation_code for one in told} == {one.code for one in named}
    assert {one.address for one in told} == {""}
