"""The desk of deposits in a real browser, at both widths, without scripts: no fault."""

from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse

from gongheng.trading.deposits import actions
from gongheng.trading.deposits.kinds import KeptCause
from gongheng.trading.deposits.tests.support import FIRM, OTHER_FIRM, bidding, recorded
from gongheng.trading.projects.tests.support import browser, person
from gongheng.trust.identity.kinds import Role
from tests.browser import CHROMIUM, session_of, visitor
from tests.cases import OFFICER, walk_to

pytestmark = [
    pytest.mark.slow,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(not Path(CHROMIUM).exists(), reason="needs Debian's chromium"),
]


def test_the_desk_is_without_fault_before_and_after_the_deadline(
    live_server: Any, settings: Any
) -> None:
    walk = bidding()

    class HandClock:
        def now(self) -> Any:
            return walk.now

    settings.GONGHENG_CLOCK = HandClock()
    deposit, other = recorded(walk), recorded(walk, OTHER_FIRM)
    second = browser(person("second", role=Role.OFFICER))
    clerk = browser(person("desk"))
    desk = reverse("deposits", args=[walk.case.pk])

    def look(who: Any, **pages: str) -> None:
        with visitor(session_of(who, live_server.url)) as visit:
            for name, address in pages.items():
                visit.at(live_server.url + address, name=f"deposits-{name.replace('_', '-')}")

    look(
        second,
        bidding=desk,
        slip=f"{desk}?number={deposit.number}",
        slip_unknown=f"{desk}?number=HD1",
        new=reverse("deposits-new", args=[walk.case.pk]),
    )
    look(clerk, clerk_early=reverse("case-refund_terminated", args=[walk.case.pk]))
    walk_to(walk, "open_bids")
    actions.release(case_id=walk.case.pk, bidder_code=FIRM, now=walk.now)
    look(
        second,
        desk=desk,
        keep=reverse("deposits-keep", args=[other.pk]),
        give_back=reverse("deposits-return", args=[deposit.pk]),
    )
    proposal = actions.propose_keeping(
        deposit_id=other.pk,
        cause=KeptCause.REVOKED,
        reason="投标截止后来函撤销投标文件",
        evidence="撤销函",
        actor=OFFICER,
        now=walk.now,
    )
    look(second, waiting=desk, review=reverse("case-confirm", args=[proposal.pk]))
