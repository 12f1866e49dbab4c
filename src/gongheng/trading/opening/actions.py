"""What people and the platform do at an opening: begin it, release halves, decide, answer."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction

from gongheng.kernel.faults import reached
from gongheng.kernel.reasons import Refusal
from gongheng.registers.holds import actions as holds
from gongheng.trading.bids import queries as bids
from gongheng.trading.bids.models import Bid
from gongheng.trading.cases.models import Case
from gongheng.trading.opening import queries, reports, rules, sealed, telling
from gongheng.trading.opening.kinds import (
    Answer,
    Cause,
    DecisionKind,
    Side,
    Stage,
    State,
)
from gongheng.trading.opening.models import Confirmation, Decision, Entry, Opening, Release
from gongheng.trading.opening.papers import PAPERS
from gongheng.trust.envelope import bidder_release, recovery
from gongheng.trust.envelope.bidder_release import BidderRelease
from gongheng.trust.identity import audit
from gongheng.trust.identity.actors import Actor, is_same_person
from gongheng.trust.identity.kinds import Role
from gongheng.web.files import Paper

STEP = "open_bids"


@transaction.atomic
def begin(*, case_id: UUID, now: datetime) -> Opening | None:
    """Begin the opening of a case whose hour has come; once, whoever asks.

    Nothing is begun for a case that does not await its opening, or before the opening's hour.
    """
    case = Case.objects.select_for_update(of=("self",)).get(pk=case_id)
    if found := Opening.objects.filter(case=case).first():
        return found
    at = queries.opening_at(case)
    if case.awaits != STEP or at is None or now < at:
        return None
    holds.require_none(case.code)
    closing, policy = sealed.closing_of(case), sealed.signed_policy(case).policy
    opening = Opening.objects.create(
        region_code=case.region_code,
        case=case,
        case_code=case.code,
        policy_digest=policy.digest.hex(),
        closing_digest=closing.digest.hex(),
        begins_at=now,
        releases_until=now + queries.window(case),
    )
    Entry.objects.bulk_create(
        Entry(
            region_code=case.region_code,
            opening=opening,
            number=number,
            bid_id=bid.pk,
            bidder_code=bid.bidder_code,
            bidder_name=bid.bidder_name,
            envelope=bid.envelope_digest,
            path=bid.path,
        )
        for number, bid in enumerate(_in_order(case.code), 1)
    )
    reports.begun(opening, count=len(closing.envelopes), now=now)
    telling.begun(opening, now=now)
    reached("opening.begun")
    return opening


def _in_order(case_code: str) -> list[Bid]:
    return sorted(bids.standing(case_code), key=lambda bid: (bid.completed_at, bid.pk))


def release(
    *, case_id: UUID, statements: Sequence[object], now: datetime, actor: Actor | None = None
) -> Entry:
    """Take the halves that one bidder releases; the same once more changes nothing.

    Without ``actor`` a machine brings them: a half proves by itself that it comes from who sealed.
    Raises ``Refusal``: NOT_BEGUN, RELEASES_OVER, NO_SUCH_BID, NOT_YOUR_BID, what the envelope
    refuses (RELEASE_INVALID).
    """
    opening = queries.of_case(case_id)
    if opening is None:
        raise Refusal(rules.NOT_BEGUN)
    given = [BidderRelease.of_json(statement) for statement in statements]
    if not given or len({each.envelope for each in given}) > 1:
        raise Refusal(rules.RELEASE_UNREADABLE)
    entry = opening.entries.filter(envelope=given[0].envelope.hex()).first()
    if entry is None:
        raise Refusal(rules.NO_SUCH_BID)
    if actor is not None and actor.organisation_code != entry.bidder_code:
        raise Refusal(rules.NOT_YOUR_BID)
    _require_halves(opening, entry, given)
    return _keep(opening.pk, entry.pk, given, actor=actor, now=now)


def release_by_code(*, case_id: UUID, code: str, actor: Actor, now: datetime) -> Entry:
    """Release the halves of the actor's bid by the printed recovery code (the key is lost).

    The seed that the code stands for is forgotten at once; only the halves are kept, sealed like
    those of everybody. Raises ``Refusal`` (RESCUE_NOT_STATED where the documents do not say so).
    """
    opening = queries.of_case(case_id)
    if opening is None:
        raise Refusal(rules.NOT_BEGUN)
    entry = opening.entries.filter(bidder_code=actor.organisation_code).first()
    if entry is None:
        raise Refusal(rules.NO_SUCH_BID)
    if not queries.allows_recovery(opening.case):
        raise Refusal(rules.RESCUE_NOT_STATED)
    seed, cover = recovery.seed_of(code), sealed.cover_of(entry.path)
    closing = sealed.closing_of(opening.case)
    statements = [
        bidder_release.release(
            cover, part.name, seed=seed, key=None, closing=closing, now=now
        ).as_json()
        for part in sealed.bidder_parts(cover)
    ]
    return release(case_id=case_id, statements=statements, now=now, actor=actor)


def _require_halves(opening: Opening, entry: Entry, given: Sequence[BidderRelease]) -> None:
    """Judge the halves before anything is locked: an opening has hundreds of them in a minute."""
    cover, closing = sealed.cover_of(entry.path), sealed.closing_of(opening.case)
    key = sealed.opening_key(opening.case)
    wanted = {part.name for part in sealed.bidder_parts(cover)}
    for each in given:
        if each.part not in wanted:
            raise Refusal(rules.OTHER_PART, part=each.part)
        bidder_release.take_half(each, cover, closing=closing, opening_key=key)


@transaction.atomic
def _keep(
    opening_id: UUID,
    entry_id: UUID,
    given: Sequence[BidderRelease],
    *,
    actor: Actor | None,
    now: datetime,
) -> Entry:
    opening = Opening.objects.select_for_update(of=("self",)).get(pk=opening_id)
    if opening.stage != Stage.BIDDERS or now >= opening.releases_until:
        raise Refusal(rules.RELEASES_OVER, until=opening.releases_until)
    holds.require_none(opening.case_code)
    entry = opening.entries.select_for_update(of=("self",)).get(pk=entry_id)
    Release.objects.bulk_create(
        [
            Release(
                region_code=opening.region_code,
                entry=entry,
                part=each.part,
                statement=each.as_json(),
                is_signed=bool(each.signature),
                received_at=now,
            )
            for each in given
        ],
        ignore_conflicts=True,
    )
    reached("opening.half_kept")
    released = set(entry.releases.values_list("part", flat=True))
    wanted = {part.name for part in sealed.bidder_parts(sealed.cover_of(entry.path))}
    if entry.state == State.WAITING and wanted <= released:
        entry.state, entry.released_at = State.RELEASED, now
        entry.save(update_fields=["state", "released_at"])
    if actor is not None:
        audit.record(actor=actor, deed="opening.released", object_id=entry.pk, now=now)
    return entry


@transaction.atomic
def decide_cause(
    *,
    entry_id: UUID,
    cause: Cause,
    evidence: str,
    paper: Paper | None = None,
    actor: Actor,
    now: datetime,
) -> Entry:
    """Decide by whose cause a bid was not opened, with the evidence (E-07). Raises ``Refusal``.

    Decided once more without a paper, the earlier one stays.
    """
    opening = _locked_as_host(Entry.objects.get(pk=entry_id).opening_id, actor)
    holds.require_none(opening.case_code)
    entry = opening.entries.select_for_update(of=("self",)).get(pk=entry_id)
    if not queries.needs_cause(opening, entry):
        raise Refusal(rules.CAUSE_NOT_ASKED)
    entry.cause, entry.evidence = cause, rules.require_words(evidence)
    entry.cause_by_name, entry.cause_at = actor.name, now
    if paper is not None:
        title = f"{opening.case_code}-{entry.number}-未解密原因"
        entry.paper_digest, entry.paper_name = PAPERS.enter(paper, title=title)
    entry.save()
    audit.record(actor=actor, deed="opening.cause_decided", object_id=entry.pk, now=now)
    return entry


@transaction.atomic
def retry(*, entry_id: UUID, actor: Actor, now: datetime) -> Entry:
    """Let a bid be decrypted once more after the platform's file was restored (E-09).

    Raises ``Refusal`` (NOT_RETRIABLE, NOT_SECOND).
    """
    opening = Opening.objects.select_for_update(of=("self",)).get(
        pk=Entry.objects.get(pk=entry_id).opening_id
    )
    _require_officer(opening, actor)
    entry = opening.entries.select_for_update(of=("self",)).get(pk=entry_id)
    is_ours = queries.is_fault_of_platform(entry)
    if not is_ours or opening.stage not in {Stage.HOLDERS, Stage.JUDGED}:
        raise Refusal(rules.NOT_RETRIABLE)
    entry.state, entry.fault, entry.fault_words, entry.tried = State.RELEASED, "", "", 0
    entry.cause = entry.evidence = entry.cause_by_name = ""
    entry.paper_digest = entry.paper_name = ""
    entry.cause_at = None
    entry.save()
    opening.stage, opening.judged_at = Stage.HOLDERS, None
    opening.save(update_fields=["stage", "judged_at"])
    audit.record(actor=actor, deed="opening.retried", object_id=entry.pk, now=now)
    return entry


@transaction.atomic
def propose_decision(
    *,
    opening_id: UUID,
    kind: DecisionKind,
    until: datetime,
    reason: str,
    actor: Actor,
    now: datetime,
) -> Decision:
    """Propose more time for bidders, or to wait for absent holders; the centre confirms.

    Raises ``Refusal``: NOT_HOST, TIME_UNFIT, WORDS_MISSING, DECISION_OPEN, RELEASES_OVER,
    NOT_DECRYPTING.
    """
    opening = _locked_as_host(opening_id, actor)
    _require_decidable(opening, kind, until, now=now)
    if opening.decisions.filter(decided_at__isnull=True).exists():
        raise Refusal(rules.DECISION_OPEN)
    decision = Decision.objects.create(
        region_code=opening.region_code,
        opening=opening,
        kind=kind,
        until=until,
        reason=rules.require_words(reason),
        proposed_by=actor.person_id,
        proposed_by_name=actor.name,
        proposed_at=now,
    )
    audit.record(actor=actor, deed=f"opening.{kind}_proposed", object_id=opening.pk, now=now)
    return decision


def _require_decidable(
    opening: Opening, kind: DecisionKind, until: datetime, *, now: datetime
) -> None:
    if kind == DecisionKind.EXTEND:
        if opening.stage != Stage.BIDDERS:
            raise Refusal(rules.RELEASES_OVER)
        rules.require_later(until, than=opening.releases_until, now=now)
        return
    if opening.stage != Stage.HOLDERS:
        raise Refusal(rules.NOT_DECRYPTING)
    rules.require_later(until, than=opening.postponed_until or now, now=now)


@transaction.atomic
def settle_decision(
    *, decision_id: UUID, is_confirmed: bool, actor: Actor, now: datetime
) -> Decision:
    """Confirm or refuse a proposed decision as the centre's person.

    Raises ``Refusal`` (NOT_SECOND, DECISION_SETTLED, RELEASES_OVER, TIME_UNFIT).
    """
    opening = Opening.objects.select_for_update(of=("self",)).get(
        pk=Decision.objects.get(pk=decision_id).opening_id
    )
    _require_officer(opening, actor)
    decision = opening.decisions.select_for_update(of=("self",)).get(pk=decision_id)
    if decision.decided_at is not None:
        raise Refusal(rules.DECISION_SETTLED)
    if is_same_person(actor, decision.proposed_by):
        raise Refusal(rules.NOT_SECOND)
    decision.decided_by, decision.decided_by_name = actor.person_id, actor.name
    decision.decided_at, decision.is_confirmed = now, is_confirmed
    decision.save()
    if is_confirmed:
        _require_decidable(opening, DecisionKind(decision.kind), decision.until, now=now)
        _carry_out(opening, decision)
        reports.decided(opening, decision, now=now)
        telling.decided(opening, decision, now=now)
    audit.record(
        actor=actor, deed=f"opening.{decision.kind}_decided", object_id=opening.pk, now=now
    )
    return decision


def _carry_out(opening: Opening, decision: Decision) -> None:
    if decision.kind == DecisionKind.EXTEND:
        opening.releases_until = decision.until
    else:
        opening.postponed_until = decision.until
    opening.save(update_fields=["releases_until", "postponed_until"])


@transaction.atomic
def confirm(
    *, case_id: UUID, answer: Answer, words: str, actor: Actor, now: datetime
) -> Confirmation:
    """Answer for the opening record as a bidder or as the tenderer's side (E-11).

    Raises ``Refusal``: NOT_SHOWN, CONFIRMED_ALREADY, CONFIRMATION_OVER, WORDS_MISSING, NOT_YOUR_BID.
    """
    opening = Opening.objects.select_for_update(of=("self",)).filter(case_id=case_id).first()
    if opening is None or opening.stage != Stage.SHOWN or opening.confirm_until is None:
        raise Refusal(rules.NOT_SHOWN)
    side = _side(opening, actor)
    if opening.confirmations.filter(organisation_code=actor.organisation_code).exists():
        raise Refusal(rules.CONFIRMED_ALREADY)
    if side == Side.BIDDER and now >= opening.confirm_until:
        raise Refusal(rules.CONFIRMATION_OVER, until=opening.confirm_until)
    told = rules.require_words(words) if answer == Answer.OBJECT else ""
    found = Confirmation.objects.create(
        region_code=opening.region_code,
        opening=opening,
        side=side,
        organisation_code=actor.organisation_code,
        organisation_name=actor.organisation_name,
        answer=answer,
        words=told,
        given_by=actor.person_id,
        given_by_name=actor.name,
        given_at=now,
    )
    audit.record(actor=actor, deed="opening.record_answered", object_id=opening.pk, now=now)
    return found


def _side(opening: Opening, actor: Actor) -> Side:
    if Role.BIDDER in actor.roles and queries.entry_of(opening, actor):
        return Side.BIDDER
    if queries.is_host(opening.case, actor):
        return Side.CLERK
    raise Refusal(rules.NOT_YOUR_BID)


def _locked_as_host(opening_id: UUID, actor: Actor) -> Opening:
    """Return an opening that the actor hosts, locked. Raises ``Refusal`` (NOT_HOST)."""
    opening = Opening.objects.select_for_update(of=("self",)).get(pk=opening_id)
    if not queries.is_host(opening.case, actor):
        raise Refusal(rules.NOT_HOST)
    return opening


def _require_officer(opening: Opening, actor: Actor) -> None:
    if not queries.is_centre(opening.case, actor):
        raise Refusal(rules.NOT_SECOND)
