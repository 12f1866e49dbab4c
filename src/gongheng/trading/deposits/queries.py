"""Reads bid deposits, for the desk that keeps them; while bids come in one slip's alone (A-01, F-08)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.db.models import QuerySet

from gongheng.kernel import terms
from gongheng.kernel.workdays.deadlines import Deadline
from gongheng.trading.cases import queries as cases
from gongheng.trading.cases.kinds import Phase
from gongheng.trading.cases.models import Case, DoneStep
from gongheng.trading.deposits import lapses, permissions
from gongheng.trading.deposits.kinds import KeptCause, State
from gongheng.trading.deposits.models import Deposit, Keeping
from gongheng.trading.documents.queries import BIDDING
from gongheng.trust.identity.actors import Actor

ENDS_WITHOUT_CONTRACT = ("announce_failure", "terminate", "terminate_idle")
"""Steps after which deposits are given back at once."""
KEEP = "keep_deposit"
"""The step in which two officers keep a deposit."""
LETTER = "notify_award"
"""The step that sends the award letter."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Duty:
    """From when a deposit must be given back, until when at the latest, why, and by which rule."""

    due_from: datetime
    ends_at: datetime
    why: str
    rule: str = "F-03"
    deadline: Deadline | None = None


def deposits_for(actor: Actor, case: Case) -> QuerySet[Deposit]:
    """Return the deposits of a case for the officers of its region once bidding is over (A-01).

    A clerk of the tenderer sees them once the winner is known or the round is being wound up.
    """
    return all_of(case) if is_open_to(actor, case) else Deposit.objects.none()


def all_of(case: Case) -> QuerySet[Deposit]:
    """Return every deposit of a round, whoever asks: none while bids come in (A-01)."""
    if not is_bidding_over(case):
        return Deposit.objects.none()
    found = Deposit.objects.filter(case=case).select_related("case")
    return found.order_by("received_at", "id")


def is_open_to(actor: Actor, case: Case) -> bool:
    """Tell whether a person may see the list of deposits of a case now."""
    if not is_bidding_over(case):
        return False
    own = actor.is_of(case.tenderer_code, case.agency_code)
    is_clerk = own and actor.may(permissions.REFUND) and is_open_to_clerks(case)
    return is_keeper(actor, case) or is_clerk


def by_slip(actor: Actor, case: Case, number: str) -> Deposit | None:
    """Return the one payment of a slip that the officer holds in hand, also while bids come in."""
    if not number or not is_keeper(actor, case):
        return None
    return Deposit.objects.select_related("case").filter(case=case, number=number).first()


def is_keeper(actor: Actor, case: Case) -> bool:
    """Tell whether a person keeps the deposits of a case: an officer of its region."""
    return actor.may(permissions.KEEP) and actor.reaches(case.region_code)


def is_bidding_over(case: Case) -> bool:
    """Tell whether a round has left the step in which bids come in, whatever it led to."""
    left = cases.history_of(case).filter(led_from=BIDDING).exclude(led_to=BIDDING)
    return left.exists()


def is_letter_sent(case: Case) -> bool:
    """Tell whether an award letter of the round is out."""
    return _last(case, LETTER) is not None


def keeping_named(case: Case, keeping_id: str) -> Keeping | None:
    """Return what was stated for keeping a deposit of a round."""
    found = Keeping.objects.select_related("deposit__case").filter(deposit__case=case)
    try:
        return found.filter(pk=UUID(keeping_id)).first()
    except ValueError:
        return None


def paper_of(deposit: Deposit) -> tuple[str, str]:
    """Return digest and name of what proves that a deposit is kept, or that one proposes to; or ''."""
    if deposit.kept_paper_digest:
        return deposit.kept_paper_digest, deposit.kept_paper_name
    proposed = deposit.keepings.exclude(paper_digest="").order_by("-stated_at", "-id").first()
    return (proposed.paper_digest, proposed.paper_name) if proposed else ("", "")


def kept_as_winner(case: Case, keeping_id: str) -> str:
    """Return whose deposit would be kept for a cause that only a winner can give; nobody's: ''."""
    keeping = keeping_named(case, keeping_id)
    if keeping is None or not KeptCause(keeping.cause).is_winners:
        return ""
    return keeping.deposit.bidder_code


def is_open_to_clerks(case: Case) -> bool:
    """Tell whether the tenderer may see who gave deposits."""
    return case.phase >= Phase.AWARDED or case.awaits == "refund_terminated"


def held_in(case: Case) -> QuerySet[Deposit]:
    """Return the deposits of a round that are still held."""
    return Deposit.objects.filter(case=case, state=State.HELD).order_by("received_at", "id")


def held_of(case_id: UUID, bidder_code: str) -> QuerySet[Deposit]:
    """Return the deposit that a bidder holds out in a round: one row or none."""
    return Deposit.objects.filter(case_id=case_id, bidder_code=bidder_code, state=State.HELD)


def duty_to(bidder_code: str, case: Case) -> Duty | None:
    """Return until when a firm gets the deposit back that it still has with the centre, and why."""
    deposit = held_of(case.pk, bidder_code).select_related("case").first()
    return duty_of(deposit) if deposit else None


def secured(case: Case, *, asked: Decimal, by: datetime) -> frozenset[str]:
    """Return the bidders whose deposit was there just before an instant, as the documents ask.

    One that had been given back by then secures nothing. What became of it later changes nothing:
    the opening record must read the same for ever.
    """
    found = _standing(case, by).filter(amount__gte=asked)
    return frozenset(found.values_list("bidder_code", flat=True))


def given(case: Case, *, by: datetime) -> dict[str, Deposit]:
    """Return by bidder the deposit that was there just before an instant, of whatever sum."""
    rows = _standing(case, by).order_by("received_at", "id")
    return {row.bidder_code: row for row in rows}


def _standing(case: Case, by: datetime) -> QuerySet[Deposit]:
    return Deposit.objects.filter(case=case, received_at__lt=by).exclude(settled_at__lt=by)


def bids_due_at(case: Case) -> datetime | None:
    """Return the deadline for bids as it was last announced in this round."""
    for row in cases.history_of(case).reverse():
        if "bids_due_at" in row.facts:
            return datetime.fromisoformat(str(row.facts["bids_due_at"]))
    return None


def duty_of(deposit: Deposit) -> Duty | None:
    """Return since when a deposit must be given back; nothing while it still secures the bid.

    Of several causes the first counts: who refused longer validity does not wait for the contract.
    """
    if deposit.released_at is not None:
        return _within("W-17", deposit.released_at, "撤回投标文件", deposit.case)
    found = [duty for duty in (_lapsed(deposit), _ended(deposit)) if duty]
    return min(found, key=lambda duty: duty.due_from, default=None)


def _lapsed(deposit: Deposit) -> Duty | None:
    """Return the duty of W-34: the law sets no days, so it is due when the bid lapses."""
    lapse = lapses.of(deposit.case, deposit.bidder_code)
    if lapse is None:
        return None
    return Duty(due_from=lapse.at, ends_at=lapse.at, why=lapse.why, rule="W-34")


def _ended(deposit: Deposit) -> Duty | None:
    if signed := _last(deposit.case, "sign_contract", "signed"):
        return _within("F-03", signed.done_at, "订立合同", deposit.case)
    for step in ENDS_WITHOUT_CONTRACT:
        if ended := _last(deposit.case, step):
            return Duty(due_from=ended.done_at, ends_at=ended.done_at, why="招标终止或者失败")
    due = bids_due_at(deposit.case)
    if due is not None and deposit.received_at >= due:
        at = deposit.received_at
        return Duty(due_from=at, ends_at=at, why="投标截止后到账")
    return None


def with_duties(deposits: Sequence[Deposit]) -> list[tuple[Deposit, Duty | None]]:
    """Return deposits with what is due of each that is held."""
    return [(row, duty_of(row) if row.is_held else None) for row in deposits]


def _within(rule: str, since: datetime, event: str, case: Case) -> Duty:
    on = case.terms_on or since.date()
    deadline = terms.in_force(rule, on).deadline(event, since)
    return Duty(due_from=since, ends_at=deadline.ends_at, why=event, rule=rule, deadline=deadline)


def _last(case: Case, step: str, outcome: str = "") -> DoneStep | None:
    found = cases.history_of(case).filter(step=step)
    return (found.filter(outcome=outcome) if outcome else found).last()
