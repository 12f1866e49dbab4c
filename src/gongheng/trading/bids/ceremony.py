"""Makes the rules of opening: bodies announce keys, the tenderer signs, the centre signs.

The policy names an instant before which nothing is opened; the deadline in force may move beyond it
without touching envelopes that were sealed before (decision 0009).
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction

from gongheng.kernel.reasons import Refusal
from gongheng.registers.holds import actions as holds
from gongheng.registers.subjects import queries as subjects
from gongheng.trading.bids import keys, queries, reports, rules
from gongheng.trading.bids.kinds import OF_THE_TENDERER, USUAL_PARTS, BodySide, UsualPart
from gongheng.trading.bids.models import CasePolicy, HolderBody, KeyRequest
from gongheng.trading.cases.models import Case
from gongheng.trading.documents import actions as documents
from gongheng.trust.crypto.statements import sign
from gongheng.trust.envelope import rules as fitness
from gongheng.trust.envelope.fields import Fields, whole
from gongheng.trust.envelope.holders import Announcement, Holder, Side
from gongheng.trust.envelope.policy import (
    DEFAULT_THRESHOLD,
    LABEL,
    Condition,
    Part,
    Policy,
    SignedPolicy,
)
from gongheng.trust.envelope.reasons import HOLDER_UNPROVEN, POLICY_UNREADABLE
from gongheng.trust.envelope.suites import SM4, Suite
from gongheng.trust.identity import audit
from gongheng.trust.identity.actors import Actor


@transaction.atomic
def enter_body(
    *,
    code: str,
    name: str,
    side: BodySide,
    standing_key: str,
    now: datetime,
    command: str = "",
    deputy_of: str = "",
) -> HolderBody:
    """Enter a body into the node's register, or its new standing key; the old entry ends."""
    present = HolderBody.objects.select_for_update(of=("self",)).filter(
        code=code, until__isnull=True
    )
    found = present.first()
    if found is not None and found.standing_key == standing_key:
        return found
    present.update(until=now)
    return HolderBody.objects.create(
        region_code=settings.NODE.region_code,
        code=code,
        name=name,
        side=side,
        command=command or code,
        deputy_of=deputy_of,
        standing_key=standing_key,
        since=now,
    )


@transaction.atomic
def request_keys(*, case_id: UUID, actor: Actor, now: datetime) -> list[KeyRequest]:
    """Ask every body that holds shares for its key for this lot; who was asked is not asked again.

    Raises ``Refusal`` (POLICY_FROZEN, NO_STANDING_KEY).
    """
    case = _free_case(case_id)
    _enter_tenderer(case, now=now)
    own = {case.tenderer_code, case.agency_code}
    asked = [
        body
        for body in HolderBody.objects.filter(until__isnull=True)
        if body.side not in OF_THE_TENDERER or body.code in own
    ]
    rows = [
        KeyRequest(
            region_code=case.region_code,
            case=case,
            body=body,
            asked_by=actor.person_id,
            asked_at=now,
        )
        for body in asked
    ]
    KeyRequest.objects.bulk_create(rows, ignore_conflicts=True)
    audit.record(actor=actor, deed="policy.keys_asked", object_id=case_id, now=now)
    return list(queries.key_requests(case))


def _open_case(case_id: UUID) -> Case:
    case = Case.objects.select_for_update(of=("self",)).get(pk=case_id)
    if queries.is_announced(case) or case.is_over:
        raise Refusal(rules.POLICY_FROZEN)
    return case


def _free_case(case_id: UUID) -> Case:
    """Return an open case that nobody holds; a body's announcement is taken whatever is held."""
    case = _open_case(case_id)
    holds.require_none(case.code)
    return case


def _enter_tenderer(case: Case, *, now: datetime) -> None:
    """Let the tenderer be a body: its key is the one that the register of subjects knows."""
    code = case.tenderer_code
    if HolderBody.objects.filter(code=code, until__isnull=True).exists():
        return
    subject, key = subjects.subject(code), subjects.key_of(code)
    if subject is None or not key:
        raise Refusal(rules.NO_STANDING_KEY, code=code)
    enter_body(code=code, name=subject.name, side=BodySide.TENDERER, standing_key=key, now=now)


@transaction.atomic
def announce(*, case_id: UUID, body: HolderBody, value: object, now: datetime) -> KeyRequest:
    """Take a body's announcement of its key for a lot; the same one once more changes nothing.

    ``value`` is the JSON that the body sent. Raises ``Refusal`` (HOLDER_UNPROVEN, NOT_ASKED,
    ANNOUNCED_OTHERWISE, POLICY_FROZEN).
    """
    announcement = Announcement.of_json(value)
    request = (
        KeyRequest.objects.select_for_update(of=("self",))
        .select_related("case", "body")
        .filter(case_id=case_id, body=body)
        .first()
    )
    if request is None or announcement.code != body.code:
        raise Refusal(rules.NOT_ASKED)
    if announcement.lot != request.case.code or announcement.signer != body.standing_key:
        raise Refusal(HOLDER_UNPROVEN)
    announcement.require_proven()
    if request.announcement == announcement.as_json():
        return request
    if request.announcement is not None:
        raise Refusal(rules.ANNOUNCED_OTHERWISE)
    _open_case(case_id)
    request.announcement = announcement.as_json()
    request.key, request.announced_at = announcement.key, now
    try:
        with transaction.atomic():
            request.save(update_fields=["announcement", "key", "announced_at"])
    except IntegrityError:
        raise Refusal(rules.ANNOUNCED_OTHERWISE) from None
    reports.key_announced(request, now=now)
    return request


@transaction.atomic
def enter_announcement(*, case_id: UUID, value: object, actor: Actor, now: datetime) -> KeyRequest:
    """Take an announcement that a body made by hand, as a file; its own key proves it.

    Raises ``Refusal`` as ``announce`` does.
    """
    code = Announcement.of_json(value).code
    body = HolderBody.objects.filter(code=code, until__isnull=True).first()
    if body is None:
        raise Refusal(rules.NOT_ASKED)
    found = announce(case_id=case_id, body=body, value=value, now=now)
    audit.record(actor=actor, deed="policy.key_entered", object_id=case_id, now=now)
    return found


@transaction.atomic
def draft_policy(
    *,
    case_id: UUID,
    not_before: datetime,
    actor: Actor,
    now: datetime,
    takes_fingerprint: bool = True,
    suite: Suite = SM4,
    parts: tuple[UsualPart, ...] = USUAL_PARTS,
) -> CasePolicy:
    """Draft the rules of opening from what the bodies announced, for the tenderer to sign.

    ``not_before`` is the earliest deadline that the notice may set. Raises ``Refusal``
    (POLICY_FROZEN, NOT_ALL_ANNOUNCED, DEADLINE_PAST, and what makes a policy unfit).
    """
    case = _free_case(case_id)
    requests = list(queries.key_requests(case))
    missing = [each.body.name for each in requests if each.announcement is None]
    if missing or not requests:
        raise Refusal(rules.NOT_ALL_ANNOUNCED, missing="、".join(missing))
    if not_before <= now:
        raise Refusal(rules.DEADLINE_PAST)
    tenderer = next((each.body for each in requests if each.body.code == case.tenderer_code), None)
    if tenderer is None:
        raise Refusal(rules.NO_STANDING_KEY, code=case.tenderer_code)
    holders = tuple(_holder(each) for each in requests)
    policy = Policy(
        lot=case.code,
        deadline=not_before,
        suite=suite,
        is_compulsory_works=True,
        takes_fingerprint=takes_fingerprint,
        tenderer_key=tenderer.standing_key,
        centre_key=settings.NODE.public_key,
        cosigner_keys=(),
        quorum=0,
        holders=holders,
        parts=tuple(
            Part(
                name=part.name,
                title=part.title,
                threshold=DEFAULT_THRESHOLD,
                holders=tuple(holder.code for holder in holders),
                bidder=True,
                required=True,
                condition=Condition(not_before=not_before, event=part.event),
            )
            for part in parts
        ),
    )
    fitness.require_fit(policy)
    return _draft(case, policy, actor=actor, now=now)


def _holder(request: KeyRequest) -> Holder:
    return Holder(
        announcement=Announcement.of_json(request.announcement),
        side=Side(request.body.side),
        command=request.body.command,
        deputy_of=request.body.deputy_of,
    )


def _draft(case: Case, policy: Policy, *, actor: Actor, now: datetime) -> CasePolicy:
    newest = queries.newest_policy(case)
    row = CasePolicy.objects.create(
        region_code=case.region_code,
        case=case,
        number=newest.number + 1 if newest else 1,
        body=policy.as_json(),
        digest=policy.digest.hex(),
        drafted_by=actor.person_id,
        drafted_by_name=actor.name,
        drafted_at=now,
    )
    audit.record(actor=actor, deed="policy.drafted", object_id=case.pk, now=now)
    return row


@transaction.atomic
def sign_policy(*, case_id: UUID, value: Any, actor: Actor, now: datetime) -> CasePolicy:  # noqa: ANN401  what somebody uploaded
    """Take the policy that the tenderer signed on its own machine; the centre signs it too.

    ``value`` is the answer of ``gongheng policy sign``: ``policy`` and ``tenderer_signature``.
    Raises ``Refusal`` (POLICY_UNREADABLE, POLICY_FORGED, POLICY_STALE, POLICY_FROZEN).
    """
    case = _free_case(case_id)
    policy, signature = _read_signed(value)
    row = queries.newest_policy(case)
    if row is None or row.digest != policy.digest.hex():
        raise Refusal(rules.POLICY_STALE)
    if row.signed is not None:
        return row
    signed = SignedPolicy(
        policy=policy,
        tenderer_signature=signature,
        centre_signature=sign(LABEL, policy.as_json(), keys.own()).signature,
    )
    signed.require_signatures()
    row.signed, row.signed_by_name, row.signed_at = signed.as_json(), actor.name, now
    row.save(update_fields=["signed", "signed_by_name", "signed_at"])
    _bind(case, row, actor=actor, now=now)
    reports.policy_signed(row, now=now)
    audit.record(
        actor=actor,
        deed="policy.signed",
        object_id=case.pk,
        public_key=policy.tenderer_key,
        now=now,
    )
    return row


@transaction.atomic
def bind_policy(*, case_id: UUID, actor: Actor, now: datetime) -> None:
    """Name the signed policy in tender documents that were begun after it was signed.

    Raises ``Refusal`` (NO_POLICY, POLICY_FROZEN, and what the documents refuse).
    """
    case = _free_case(case_id)
    row = queries.signed_policy(case)
    if row is None:
        raise Refusal(rules.NO_POLICY)
    _bind(case, row, actor=actor, now=now)


def _bind(case: Case, row: CasePolicy, *, actor: Actor, now: datetime) -> None:
    if queries.document_of(case) is not None:
        documents.bind_policy(case_code=case.code, digest=row.digest, now=now, actor=actor)


def _read_signed(value: object) -> tuple[Policy, bytes]:
    try:
        return whole(Fields(value), _fields)
    except ValueError as error:
        raise Refusal(POLICY_UNREADABLE) from error


def _fields(fields: Fields) -> tuple[Policy, bytes]:
    return Policy.of_json(fields.mapping("policy")), fields.hex("tenderer_signature")
