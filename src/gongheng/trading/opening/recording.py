"""The two deeds of two people: making the content of the opening known, publishing its record.

Called through the gate (``gates``): what the second person saw is what is carried out.
"""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from gongheng.kernel.canonical import canonical
from gongheng.kernel.faults import reached
from gongheng.kernel.reasons import Refusal
from gongheng.trading.cases import actions as cases, queries as case_queries
from gongheng.trading.cases.models import Case, Proposal
from gongheng.trading.notices import letters
from gongheng.trading.opening import queries, reports, rules, sealed, telling, wording
from gongheng.trading.opening.kinds import Answer, Side, Stage, State
from gongheng.trading.opening.models import (
    Confirmation,
    Entry,
    LaterEntry,
    LaterOpening,
    Opening,
)
from gongheng.trust.crypto.digests import sm3
from gongheng.trust.crypto.statements import sign
from gongheng.trust.envelope.evidence import RECORD_LABEL
from gongheng.trust.identity.actors import Actor

OPEN, PUBLISH = "open_bids", "publish_opening"


def finished(case_id: UUID) -> Opening:
    """Return an opening whose decryption has ended and whose causes are decided.

    Raises ``Refusal`` (UNFINISHED, CAUSE_MISSING).
    """
    opening = queries.of_case(case_id)
    if opening is None or not Stage(opening.stage).is_over:
        raise Refusal(rules.UNFINISHED)
    if queries.without_cause(opening).exists():
        raise Refusal(rules.CAUSE_MISSING, missing=queries.without_cause(opening).count())
    return opening


def require_confirmed(opening: Opening, *, now: datetime) -> None:
    """Refuse to publish a record that people may still answer for (E-11). Raises ``Refusal``."""
    if opening.stage != Stage.SHOWN or opening.confirm_until is None:
        raise Refusal(rules.NOT_SHOWN)
    answered = set(opening.confirmations.values_list("organisation_code", flat=True))
    rules.require_confirmed(
        asked=set(opening.entries.values_list("bidder_code", flat=True)),
        answered=answered,
        until=opening.confirm_until,
        now=now,
    )
    if not opening.confirmations.filter(side=Side.CLERK, answer=Answer.CONFIRM).exists():
        raise Refusal(rules.CLERK_NOT_CONFIRMED)


@transaction.atomic
def propose_opening(*, case_id: UUID, actor: Actor, now: datetime) -> Proposal:
    """Propose to make the content of the opening known, or to state that too few were decrypted.

    Raises ``Refusal`` (UNFINISHED, CAUSE_MISSING, and what the case says).
    """
    opening = finished(case_id)
    count = queries.decrypted(opening)
    return cases.propose(
        case_id=case_id,
        step=OPEN,
        actor=actor,
        now=now,
        facts={"decrypted": count},
        outcome=case_queries.outcome_of(opening.case, OPEN, {"decrypted": count}, now=now),
    )


@transaction.atomic
def propose_record(*, case_id: UUID, actor: Actor, now: datetime) -> Proposal:
    """Propose to publish the opening record. Raises ``Refusal`` (NOT_CONFIRMED and others)."""
    return cases.propose(case_id=case_id, step=PUBLISH, actor=actor, now=now)


def make_known(proposal: Proposal, actor: Actor, now: datetime) -> None:
    """Make the opening's content known to those who take part; called in the gate's transaction."""
    opening = Opening.objects.select_for_update(of=("self",)).get(case_id=proposal.case_id)
    finished(proposal.case_id)
    record = record_of(opening, proposal.case)
    signed = sign(RECORD_LABEL, record, sealed.centre_key())
    opening.record = record
    opening.record_signature = signed.signature.hex()
    opening.stage = Stage.SHOWN if rules.is_enough(queries.decrypted(opening)) else Stage.FAILED
    opening.shown_at, opening.confirm_until = now, now + rules.confirmation()
    opening.save()
    reached("opening.record_made")
    reports.shown(opening, digest=sm3(canonical(record)).hex(), now=now)
    if opening.stage == Stage.SHOWN:
        telling.shown(opening, now=now)
    cases.advance(
        case_id=proposal.case_id,
        step=OPEN,
        facts=proposal.facts,
        outcome=proposal.outcome,
        actor=actor,
        now=now,
    )
    reached("opening.made_known")


def publish(proposal: Proposal, actor: Actor, now: datetime) -> None:
    """Publish the opening record; called in the gate's transaction."""
    opening = Opening.objects.select_for_update(of=("self",)).get(case_id=proposal.case_id)
    require_confirmed(opening, now=now)
    version = reports.record_published(opening, now=now)
    opening.stage, opening.published_at, opening.version_id = Stage.PUBLISHED, now, version.pk
    opening.save(update_fields=["stage", "published_at", "version_id"])
    letters.disclose(opening.case, now=now)
    reached("opening.record_published")
    cases.advance(
        case_id=proposal.case_id,
        step=PUBLISH,
        facts=proposal.facts,
        outcome=proposal.outcome,
        actor=actor,
        now=now,
    )


def record_of(opening: Opening, case: Case) -> dict[str, object]:
    """Return the opening record as it is signed; with too few bids no price stands in it."""
    entries = list(opening.entries.order_by("number"))
    shows = rules.is_enough(sum(entry.state == State.OPENED for entry in entries))
    return {
        "v": 1,
        "format": "gongheng opening record",
        "lot": opening.case_code,
        "round": case.round_number,
        "policy": opening.policy_digest,
        "closing": opening.closing_digest,
        "lists": dict(queries.first_lists(opening).values_list("part", "digest")),
        "begun_at": opening.begins_at.isoformat(),
        "frozen_at": opening.frozen_at.isoformat() if opening.frozen_at else "",
        "bids": [_row(entry, shows_figures=shows) for entry in entries],
    }


def record_of_later(later: LaterOpening) -> dict[str, object]:
    """Return the record of what was opened after an event, in the shape of the opening record."""
    opening = later.opening
    rows = {row.entry_id: row for row in later.entries.all()}
    return record_of(opening, opening.case) | {
        "event": later.event,
        "lists": dict(opening.lists.filter(event=later.event).values_list("part", "digest")),
        "begun_at": later.recorded_at.isoformat(),
        "frozen_at": later.recorded_at.isoformat(),
        "bids": [
            _later_row(entry, rows.get(entry.pk)) for entry in opening.entries.order_by("number")
        ],
    }


def _later_row(entry: Entry, found: LaterEntry | None) -> dict[str, object]:
    """Return a bid's row; whoever was no longer in is not opened, the first record says why."""
    if found is not None and found.state == State.OPENED:
        return _row(entry, shows_figures=True)
    word = "解密失败" if found is not None else "其余部分没有开启"
    return _row(entry, shows_figures=False) | {
        "state": found.state if found is not None else "closed",
        "result": word,
    }


def _row(entry: Entry, *, shows_figures: bool) -> dict[str, object]:
    row: dict[str, object] = {
        "number": entry.number,
        "envelope": entry.envelope,
        "bidder": entry.bidder_name,
        "bidder_code": entry.bidder_code,
        "state": entry.state,
        "cause": entry.cause,
        "result": wording.result(entry),
    }
    if entry.state == State.OPENED and shows_figures:
        row |= {
            "price": f"{entry.price:f}" if entry.price is not None else "",
            "duration_days": entry.duration_days or 0,
            "quality": entry.quality,
            "findings": [finding["rule"] for finding in entry.findings],
        }
    return row


def answer_as_clerk(opening: Opening) -> Confirmation | None:
    """Return what the tenderer's side has said of the record."""
    return opening.confirmations.filter(side=Side.CLERK).first()
