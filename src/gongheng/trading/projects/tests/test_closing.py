"""A project in which nothing goes on is closed on the pages, by two officers (U-05, U-07)."""

from typing import Any

import pytest

from gongheng.kernel import terms
from gongheng.registers.messages.models import Message
from gongheng.trading.cases import jobs
from gongheng.trading.cases.models import Proposal
from gongheng.trading.cases.tests.support import SetClock, browser
from gongheng.trading.projects.models import LotDecision
from gongheng.trust.identity.models import Grant
from tests.cases import NOW, OFFICER, SECOND_OFFICER, lot_case, open_accounts

pytestmark = pytest.mark.django_db


@pytest.fixture
def clock(settings: Any) -> SetClock:
    settings.GONGHENG_CLOCK = SetClock()
    return settings.GONGHENG_CLOCK  # type: ignore[no-any-return]  # pytest's settings know no types


def test_two_officers_close_an_idle_lot_on_the_pages(clock: SetClock) -> None:
    open_accounts()
    for officer in (OFFICER, SECOND_OFFICER):
        Grant.objects.create(
            region_code="530100", account_id=officer.account_id, role="officer", starts_at=NOW
        )
    _, walk = lot_case("accept")
    address = f"/cases/{walk.case.pk}/close_idle/"
    early = browser(OFFICER).post(address, {"statement": "资金未落实"})
    for key in ("", "close"):
        term = terms.in_force("U-05", NOW.date(), key)
        clock.at = term.deadline(term.name, clock.at).ends_at
        jobs.remind()

    sent = browser(OFFICER).post(address, {"statement": "资金未落实"})
    second = browser(SECOND_OFFICER)
    look = second.get(f"/cases/proposals/{Proposal.objects.get().pk}/")
    seen = look.context["form"].initial["seen"]
    second.post(
        f"/cases/proposals/{Proposal.objects.get().pk}/",
        {"verdict": "publish", "reason": "已核对", "seen": seen},
    )

    assert early.status_code == 422
    assert "还没有到可以关闭的时间" in early.content.decode()
    assert sent.status_code == 302
    assert "没有进展的起点" in look.content.decode()
    case = walk.fresh()
    assert (case.awaits, case.is_over) == ("closed_idle", True)
    decision = LotDecision.objects.get()
    assert (decision.outcome, decision.reason) == ("closed_idle", "资金未落实")
    assert Message.objects.filter(kind="case.idle_closed").exists()
