"""The room's pages in a real browser, at both widths, without scripts: no fault, no raw word."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from gongheng.trading.bids import actions, ceremony
from gongheng.trading.bids.tests import support
from gongheng.trading.bids.tests.support import NOW, firm, tender
from gongheng.trust.identity.kinds import Role
from gongheng.trust.identity.models import Account
from tests.browser import CHROMIUM, session_of, visitor
from tests.cases import (
    CLERK,
    COLLEAGUE,
    OFFICER,
    SECOND_OFFICER,
    SUPERVISOR,
    SYSTEM,
    lot_case,
)

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not Path(CHROMIUM).exists(), reason="needs Debian's chromium"),
]


class Clock:
    """A legal clock that a test sets."""

    def __init__(self, now: datetime) -> None:
        self.at = now

    def now(self) -> datetime:
        return self.at


def _session(account_id: Any, address: str, role: Role) -> dict[str, Any]:
    account = Account.objects.get(pk=account_id)
    account.grants.get_or_create(
        region_code=account.region_code, role=role, starts_at=NOW - timedelta(days=1)
    )
    client = Client()
    client.force_login(account)
    return session_of(client, address)


def _look(live_server: Any, who: Any, role: Role, pages: dict[str, str]) -> None:
    """Look at pages as somebody; the browser's own loop allows no work in the database meanwhile."""
    session = _session(who.account_id, live_server.url, role)
    with visitor(session) as look:
        for name, address in pages.items():
            look.at(live_server.url + address, name=name)


def test_the_pages_of_bidders_clerks_and_officers_are_without_fault(
    live_server: Any, tmp_path: Path, settings: Any
) -> None:
    lot = tender(tmp_path)
    own, other, third, fresh = [firm(number) for number in range(1, 5)]
    first = lot.submit(own)
    standing = lot.submit(own, at=NOW + timedelta(minutes=5)).bid
    withdrawn = actions.withdraw(bid_id=lot.submit(other).bid.pk, actor=other.actor, now=NOW)
    lot.submit(third)
    page = reverse("bidding", args=[lot.case.pk])
    policy = reverse("case-policy", args=[lot.case.pk])
    closing = reverse("case-close_bids", args=[lot.case.pk])

    _look(
        live_server,
        own.actor,
        Role.BIDDER,
        {
            "my-bids": reverse("my-bids"),
            "bidding": page,
            "receipt": reverse("bidding-receipt", args=[first.pk]),
            "withdraw": reverse("bidding-withdraw", args=[standing.pk]),
        },
    )
    new = {"bidding-fresh": page, "my-bids-none": reverse("my-bids")}
    _look(live_server, fresh.actor, Role.BIDDER, new)
    taken_back = {"receipt-withdrawn": reverse("bidding-receipt", args=[withdrawn.pk])}
    _look(live_server, other.actor, Role.BIDDER, taken_back)
    _look(live_server, CLERK, Role.CLERK, {"policy-signed": policy})
    _look(live_server, OFFICER, Role.OFFICER, {"close-open": closing})
    settings.GONGHENG_CLOCK = Clock(lot.deadline)
    _look(live_server, SECOND_OFFICER, Role.OFFICER, {"close-due": closing})
    actions.close_due(now=lot.deadline, actor=SYSTEM)
    _look(live_server, third.actor, Role.BIDDER, {"bidding-closed": page})
    _look(live_server, COLLEAGUE, Role.CLERK, {"policy-closed": policy})


def test_the_page_of_the_rules_is_without_fault_at_every_stage(live_server: Any) -> None:
    support.open_accounts()
    _, walk = lot_case("review_documents")
    address = reverse("case-policy", args=[walk.case.pk])

    _look(live_server, CLERK, Role.CLERK, {"policy-none": address})
    support.asked(walk.case)
    _look(live_server, CLERK, Role.CLERK, {"policy-asked": address})
    support.announced(walk.case)
    _look(live_server, COLLEAGUE, Role.CLERK, {"policy-announced": address})
    ceremony.draft_policy(case_id=walk.case.pk, not_before=support.NOT_BEFORE, actor=CLERK, now=NOW)
    _look(live_server, SUPERVISOR, Role.SUPERVISOR, {"policy-drafted-seen": address})
