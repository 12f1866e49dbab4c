"""Agreements between tenderers and agencies: one side registers, the other confirms."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction

from gongheng.kernel.reasons import Refusal
from gongheng.registers.subjects import queries, reasons
from gongheng.registers.subjects.kinds import Commission, SubjectRole
from gongheng.registers.subjects.models import AgencyAgreement
from gongheng.trust.identity import audit
from gongheng.trust.identity.actors import Actor


@dataclass(frozen=True, slots=True)
class AgreementFacts:
    """What an agreement says; ``document_digest`` is the SM3 of its file."""

    tenderer_code: str
    agency_code: str
    scope: str
    commissions: tuple[Commission, ...]
    starts_on: date
    ends_on: date
    document_name: str
    document_digest: str


@transaction.atomic
def register_agreement(*, facts: AgreementFacts, actor: Actor, now: datetime) -> AgencyAgreement:
    """Register an agreement of the actor's organisation with the other side.

    Raises ``Refusal`` (NOT_YOURS, BAD_AGREEMENT, AGREEMENT_TWICE, UNKNOWN, NOT_VERIFIED).
    """
    if actor.organisation_code not in {facts.tenderer_code, facts.agency_code}:
        raise Refusal(reasons.NOT_YOURS)
    is_right = facts.starts_on <= facts.ends_on and facts.tenderer_code != facts.agency_code
    if not is_right or not facts.scope.strip() or not facts.commissions:
        raise Refusal(reasons.BAD_AGREEMENT)
    tenderer = queries.require_verified(facts.tenderer_code)
    agency = queries.require_verified(facts.agency_code)
    if SubjectRole.AGENCY not in queries.roles_of(agency):
        raise Refusal(reasons.BAD_AGREEMENT, role=SubjectRole.AGENCY)
    try:
        with transaction.atomic():
            agreement = AgencyAgreement.objects.create(
                region_code=settings.NODE.region_code,
                tenderer_code=facts.tenderer_code,
                tenderer_name=tenderer.name,
                agency_code=facts.agency_code,
                agency_name=agency.name,
                scope=facts.scope.strip(),
                commissions=list(facts.commissions),
                starts_on=facts.starts_on,
                ends_on=facts.ends_on,
                document_name=facts.document_name,
                document_digest=facts.document_digest,
                registered_by=actor.person_id,
                registered_by_code=actor.organisation_code,
                registered_at=now,
            )
    except IntegrityError:
        raise Refusal(reasons.AGREEMENT_TWICE) from None
    audit.record(actor=actor, deed="agreement.registered", object_id=agreement.pk, now=now)
    return agreement


@transaction.atomic
def enter_agreement(
    *, facts: AgreementFacts, tenderer: Actor, agency: Actor, now: datetime
) -> AgencyAgreement:
    """Take over an agreement that people of both sides confirmed before this register began."""
    agreement, _ = AgencyAgreement.objects.get_or_create(
        region_code=settings.NODE.region_code,
        tenderer_code=facts.tenderer_code,
        agency_code=facts.agency_code,
        document_digest=facts.document_digest,
        defaults={
            "starts_on": facts.starts_on,
            "tenderer_name": tenderer.organisation_name,
            "agency_name": agency.organisation_name,
            "scope": facts.scope,
            "commissions": list(facts.commissions),
            "ends_on": facts.ends_on,
            "document_name": facts.document_name,
            "registered_by": tenderer.person_id,
            "registered_by_code": facts.tenderer_code,
            "registered_at": now,
            "confirmed_by": agency.person_id,
            "confirmed_at": now,
        },
    )
    return agreement


@transaction.atomic
def confirm_agreement(*, agreement_id: UUID, actor: Actor, now: datetime) -> AgencyAgreement:
    """Confirm an agreement that the other side registered. Raises ``Refusal`` (NOT_YOURS)."""
    own = queries.agreements_of(actor).select_for_update(of=("self",))
    agreement = own.get(pk=agreement_id)
    if agreement.registered_by_code == actor.organisation_code:
        raise Refusal(reasons.NOT_YOURS)
    if agreement.confirmed_at is None:
        agreement.confirmed_by = actor.person_id
        agreement.confirmed_at = now
        agreement.save(update_fields=["confirmed_by", "confirmed_at"])
        audit.record(actor=actor, deed="agreement.confirmed", object_id=agreement.pk, now=now)
    return agreement
