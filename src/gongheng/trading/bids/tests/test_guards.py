"""A notice waits for signed rules of opening, and keeps to the hour that they name."""

from datetime import datetime, timedelta

import pytest

from gongheng.kernel.reasons import Refusal
from gongheng.trading.bids import guards as room, rules
from gongheng.trading.bids.tests.support import CLERK, NOT_BEFORE, NOW, signed_policy
from gongheng.trading.cases import actions as cases, guards
from gongheng.trading.cases.models import Proposal
from gongheng.trading.documents import actions as documents
from tests.cases import Walk, everything_agreed, lot_case, open_accounts, walk_to

pytestmark = pytest.mark.django_db
OURS = {
    "bids.deadline_allowed_by_policy": room.deadline_allowed_by_policy,
    "bids.policy_signed": room.policy_signed,
}
INSTANT = timedelta(microseconds=1)


@pytest.fixture
def walk() -> Walk:
    open_accounts()
    _, found = lot_case("review_documents")
    documents.begin(case_id=found.case.pk, actor=CLERK, now=NOW)
    return found


def proposed(walk: Walk, step: str, due: datetime) -> Proposal:
    """Propose a deadline; the other rooms agree."""
    facts = {
        "documents_from": NOW,
        "documents_until": NOW + timedelta(days=10),
        "affects_bids": False,
        "bids_due_at": due,
        "opening_at": due,
    }
    with everything_agreed():
        guards._provided.update(OURS)
        return cases.propose(
            case_id=walk.case.pk, step=step, facts=facts, actor=CLERK, now=walk.now
        )


@pytest.mark.parametrize("step", ["publish_notice", "clarify"])
def test_a_deadline_before_the_earliest_of_the_policy_is_refused(walk: Walk, step: str) -> None:
    earliest = NOT_BEFORE + timedelta(days=30)
    signed_policy(walk.case, not_before=earliest)
    walk_to(walk, "publish_notice" if step == "publish_notice" else "close_bids")

    with pytest.raises(Refusal) as refusal:
        proposed(walk, step, earliest - INSTANT)

    assert refusal.value.reason is rules.DEADLINE_BEFORE_POLICY
    assert refusal.value.facts["earliest"] == earliest
    assert proposed(walk, step, earliest).step == step


def test_a_notice_waits_for_rules_that_both_sides_signed(walk: Walk) -> None:
    walk_to(walk, "publish_notice")
    due = NOT_BEFORE + timedelta(days=10)

    with pytest.raises(Refusal) as refusal:
        proposed(walk, "publish_notice", due)
    signed_policy(walk.case)

    assert refusal.value.reason is rules.NOT_SIGNED
    assert proposed(walk, "publish_notice", due).step == "publish_notice"


def test_a_notice_waits_for_documents_that_name_the_signed_rules() -> None:
    rules.require_policy_named(signed="a1", named="a1")

    with pytest.raises(Refusal) as refusal:
        rules.require_policy_named(signed="a1", named="")

    assert refusal.value.reason is rules.NOT_NAMED
