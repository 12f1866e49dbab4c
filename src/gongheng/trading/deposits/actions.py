"""Takes, gives back and keeps bid deposits: the only writer of this room."""

from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.db import IntegrityError, transaction

from gongheng.kernel.money import written
from gongheng.kernel.reasons import Reason, Refusal
from gongheng.kernel.workdays.counting import day_of
from gongheng.registers.holds import actions as holds
from gongheng.registers.messages import actions as messages
from gongheng.registers.messages.kinds import Recipient
from gongheng.registers.subjects import queries as subjects
from gongheng.trading.cases import actions as case_actions, queries as cases
from gongheng.trading.cases.models import Case, DoneStep, Proposal
from gongheng.trading.deposits import permissions, queries, rules
from gongheng.trading.deposits.facts import DepositFacts
from gongheng.trading.deposits.kinds import KeptCause, State
from gongheng.trading.deposits.models import Deposit, Keeping
from gongheng.trading.deposits.papers import PAPERS
from gongheng.trading.documents import queries as documents
from gongheng.trust.identity import audit
from gongheng.trust.identity.actors import Actor
from gongheng.web.files import Paper

NOT_ALLOWED = Reason(
    code="deposits.not_allowed",
    message="投标保证金台账只由项目所在地交易中心的受理人员办理。",
    remedy="请由交易中心受理人员办理。",
)
BASE_ACCOUNT = "BASIC_ACCOUNT_NO"
"""Where a subject's verified row of the standard holds its base account."""


@transaction.atomic
def record(*, case_id: UUID, facts: DepositFacts, actor: Actor, now: datetime) -> Deposit:
    """Take a deposit that came in for a lot's running round.

    A hold stops it, and nobody loses by that: what counts is when the slip says that it arrived.
    Raises ``Refusal`` (``rules``, ``holds.HELD``, those of the subject register, NOT_ALLOWED).
    """
    case = _case(case_id, actor)
    holds.require_none(case.code)
    subject = subjects.require_verified(facts.bidder_code)
    document = documents.issued(case.code)
    rules.require_received(received_at=facts.received_at, now=now)
    rules.require_right_amount(
        form=facts.form, amount=facts.amount, asked=document.bond_amount if document else None
    )
    rules.require_own_account(
        facts, bidder_name=subject.name, base_account=str(subject.body.get(BASE_ACCOUNT, ""))
    )
    rules.require_valid(
        facts,
        bids_due_at=queries.bids_due_at(case),
        validity_days=document.validity_days if document else None,
    )
    deposit = _deposit(case, facts, subject.name, actor=actor, now=now)
    try:
        with transaction.atomic():
            deposit.save(force_insert=True)
    except IntegrityError:
        raise Refusal(rules.ALREADY_HELD, number=facts.number) from None
    # Under the deposit's own id: entries under the case would tell how many bidders it has.
    audit.record(actor=actor, deed="deposit.recorded", object_id=deposit.pk, now=now)
    return deposit


@transaction.atomic
def release(*, case_id: UUID, bidder_code: str, now: datetime) -> None:
    """Note that a bid was withdrawn before the deadline: its deposit is due back (W-17)."""
    queries.held_of(case_id, bidder_code).update(released_at=now)


@transaction.atomic
def secure_again(*, case_id: UUID, bidder_code: str) -> None:
    """Note that a bidder who had withdrawn handed in again: a deposit still held secures that bid."""
    queries.held_of(case_id, bidder_code).update(released_at=None)


@transaction.atomic
def give_back(
    *,
    deposit_id: UUID,
    refund_number: str,
    rate_percent: Decimal | None,
    actor: Actor,
    now: datetime,
) -> Deposit:
    """Give a deposit back, money with the bank's interest for the days it lay here (F-03).

    No hold is asked for: it stops the trade, and the money of who has a right to it is none of it.
    What one officer proposed to keep stops it as little (U-07).
    Raises ``Refusal`` (SETTLED, NOT_DUE, NO_RATE, NOT_ALLOWED).
    """
    deposit = _locked(deposit_id, actor)
    duty = queries.duty_of(deposit)
    rules.require_due(due_from=duty.due_from if duty else None, now=now)
    if deposit.is_money:
        deposit.rate_percent = rules.require_rate(rate_percent)
        deposit.interest = rules.interest(
            deposit.amount,
            rate_percent=deposit.rate_percent,
            since=day_of(deposit.received_at),
            until=day_of(now),
        )
    deposit.refund_number = refund_number
    _settle(deposit, State.RETURNED, actor=actor, now=now)
    audit.record(actor=actor, deed="deposit.returned", object_id=deposit.pk, now=now)
    messages.send(
        recipients=[Recipient(organisation_code=deposit.bidder_code)],
        subject=f"{deposit.case.title}：投标保证金已退还",
        body=f"{deposit.case.title}（{deposit.case.code}）的投标保证金 {written(deposit.amount)} 元已退还，"
        f"利息 {written(deposit.interest)} 元，凭证号 {deposit.refund_number}。",
        kind="deposit.returned",
        now=now,
        case_code=deposit.case.code,
        # A firm that took its bid back may bring another.
        is_secret=not queries.is_bidding_over(deposit.case),
    )
    return deposit


@transaction.atomic
def propose_keeping(
    *,
    deposit_id: UUID,
    cause: KeptCause,
    reason: str,
    evidence: str,
    paper: Paper | None = None,
    actor: Actor,
    now: datetime,
) -> Proposal:
    """Propose to keep a deposit for one of the law's causes (F-07); a second officer decides (U-07).

    ``evidence`` is the number of the paper. Raises ``Refusal`` (SETTLED, NO_GROUND, BIDDING_RUNS,
    NO_LETTER_YET, NOT_KEPT_HERE, NOT_ALLOWED, those of the case, a hold's among them, and what no
    room keeps as a paper).
    """
    deposit = _locked(deposit_id, actor)
    case = deposit.case
    rules.require_ground(reason=reason, evidence=evidence)
    _require_ground_come(case, cause)
    if queries.KEEP not in cases.declaration_of(case).by_code():
        raise Refusal(rules.NOT_KEPT_HERE)
    digest, name = PAPERS.enter(paper, title=f"{case.code}-不予退还保证金依据")
    keeping = Keeping.objects.create(
        region_code=deposit.region_code,
        deposit=deposit,
        cause=cause,
        reason=reason.strip(),
        evidence=evidence.strip(),
        paper_digest=digest,
        paper_name=name,
        stated_at=now,
    )
    return case_actions.propose(
        case_id=case.pk,
        step=queries.KEEP,
        actor=actor,
        now=now,
        facts={"keeping": str(keeping.pk)},
    )


def proposed_keeping(proposal: Proposal) -> Keeping:
    """Return what a proposal would keep. Raises ``Refusal`` (SETTLED) for what went back meanwhile."""
    keeping = queries.keeping_named(proposal.case, str(proposal.facts.get("keeping", "")))
    if keeping is None or not keeping.deposit.is_held:
        raise Refusal(rules.SETTLED)
    return keeping


def keep(proposal: Proposal, actor: Actor, now: datetime) -> None:
    """Keep a deposit as two officers agreed, and tell its bidder why (the gate's deed)."""
    keeping = proposed_keeping(proposal)
    deposit = _locked(keeping.deposit_id, actor)
    _require_ground_come(proposal.case, KeptCause(keeping.cause))
    case_actions.advance(
        case_id=proposal.case_id,
        step=proposal.step,
        actor=actor,
        now=now,
        facts=proposal.facts,
        outcome=proposal.outcome,
    )
    deposit.kept_cause, deposit.kept_reason = keeping.cause, keeping.reason
    deposit.kept_evidence = keeping.evidence
    deposit.kept_paper_digest, deposit.kept_paper_name = keeping.paper_digest, keeping.paper_name
    _settle(deposit, State.KEPT, actor=actor, now=now)
    audit.record(actor=actor, deed="deposit.kept", object_id=deposit.pk, now=now)
    messages.send(
        recipients=[Recipient(organisation_code=deposit.bidder_code)],
        subject=f"{deposit.case.title}：投标保证金不予退还",
        body=f"{deposit.case.title}（{deposit.case.code}）的投标保证金 {written(deposit.amount)} 元"
        f"不予退还。法定事由：{keeping.get_cause_display()}。依据：{keeping.evidence}。"
        "对此有异议的，可以向招标人提出，也可以向行业监管部门投诉。",
        kind="deposit.kept",
        now=now,
        case_code=deposit.case.code,
    )


def _require_ground_come(case: Case, cause: KeptCause) -> None:
    rules.require_ground_come(
        is_winners=cause.is_winners,
        is_bidding_over=queries.is_bidding_over(case),
        is_letter_sent=queries.is_letter_sent(case),
    )


def confirm(*, case_id: UUID, step: str, actor: Actor, now: datetime) -> DoneStep:
    """Confirm that every deposit of a round is settled: one of the case's refund steps.

    Raises ``Refusal`` (``rules.NOT_RETURNED`` and those of the case).
    """
    return case_actions.advance(case_id=case_id, step=step, actor=actor, now=now)


def _case(case_id: UUID, actor: Actor) -> Case:
    if not actor.may(permissions.KEEP):
        raise Refusal(NOT_ALLOWED)
    return cases.cases_for(actor).get(pk=case_id)


def _locked(deposit_id: UUID, actor: Actor) -> Deposit:
    locked = Deposit.objects.select_for_update(of=("self",)).select_related("case__version")
    deposit = locked.get(pk=deposit_id)
    _case(deposit.case_id, actor)
    if not deposit.is_held:
        raise Refusal(rules.SETTLED)
    return deposit


def _deposit(case: Case, facts: DepositFacts, name: str, *, actor: Actor, now: datetime) -> Deposit:
    return Deposit(
        region_code=case.region_code,
        case=case,
        bidder_code=facts.bidder_code,
        bidder_name=name,
        form=facts.form,
        amount=facts.amount,
        payer_name=facts.payer_name,
        payer_account=facts.payer_account,
        bank=facts.bank,
        number=facts.number,
        valid_until=None if facts.form.is_money else facts.valid_until,
        received_at=facts.received_at,
        recorded_at=now,
        recorded_by=actor.person_id,
        recorded_by_name=actor.name,
    )


def _settle(deposit: Deposit, state: State, *, actor: Actor, now: datetime) -> None:
    deposit.state = state
    deposit.settled_at = now
    deposit.settled_by_name = actor.name
    deposit.save()
