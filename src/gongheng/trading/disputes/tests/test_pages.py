"""What the pages of an objection say when it is too late for one."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from gongheng.kernel.workdays.counting import midnight_after
from gongheng.trading.cases import actions as cases
from gongheng.trading.disputes import rules
from gongheng.trading.notices import queries as notices
from gongheng.trading.notices.tests.support import case_of, draft_of, publish
from gongheng.trading.projects.tests.support import NOW, actor, browser, lot_of, person, tender_of
from gongheng.trust.identity.kinds import Role
from tests.cases import WORKS

pytestmark = pytest.mark.django_db


class _Clock:
    """A legal clock that stands at an instant."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def now(self) -> datetime:
        return self.at


def _published() -> tuple[str, datetime]:
    """Return the address of a case whose notice is out, and when its bids are due."""
    cases.adopt(WORKS, now=NOW)
    who = actor(person("王芳"))
    tender = tender_of(who)
    lot = lot_of(tender, who)
    publish(draft_of(tender, who), who)
    notice = notices.standing_notice(lot.code)
    assert notice is not None
    return f"/cases/{case_of(lot).pk}/", notice.bids_due_at


def test_w_09_nobody_writes_an_objection_that_would_be_refused(settings: Any) -> None:
    case, due = _published()
    firm = person("孙经理", role=Role.BIDDER, organisation_code="91440300MA5F000007")
    over = midnight_after(rules.last_day_for_documents(bids_due_at=due, terms_on=NOW.date()))
    shown = {}
    for at in (over - timedelta(microseconds=1), over):
        settings.GONGHENG_CLOCK = _Clock(at)
        shown[at] = browser(firm).get(f"{case}object_documents/").content.decode()

    before, after = shown.values()
    assert "期限已过" not in before
    assert 'name="grounds"' in before
    assert "提出异议的期限已过" in after
    assert 'name="grounds"' not in after


def test_w_07_a_clarification_that_moves_the_deadline_is_not_called_late(settings: Any) -> None:
    """Fifteen days bind what affects bids; other changes, and a moved deadline, stay possible."""
    case, due = _published()
    settings.GONGHENG_CLOCK = _Clock(due - timedelta(days=5))

    page = browser(person("李雷")).get(case).content.decode()

    assert "澄清或修改招标文件" in page
    assert "已超过" not in page
    assert "还有 5 天" in page
