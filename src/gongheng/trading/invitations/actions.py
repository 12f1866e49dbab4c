"""Names whom a case invites, and takes a name out: the only writer of this room."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from gongheng.registers.holds import actions as holds
from gongheng.registers.subjects import queries as subjects
from gongheng.trading.cases import barring, queries as cases
from gongheng.trading.cases.kinds import TenderMode
from gongheng.trading.cases.models import Case
from gongheng.trading.invitations import queries, rules
from gongheng.trading.invitations.models import Invitee
from gongheng.trust.identity import audit
from gongheng.trust.identity.actors import Actor


@transaction.atomic
def name(*, case_id: UUID, code: str, ability: str, actor: Actor, now: datetime) -> Invitee:
    """Name a firm that shall be invited, with why it can do the work. Raises ``Refusal``."""
    case = _open(case_id, actor)
    rules.require_invitable(
        code,
        ability=ability,
        invited=set(queries.invitees_of(case).values_list("code", flat=True)),
        bar=barring.reason_against(case, code, now=now),
    )
    version = subjects.require_verified(code)
    invitee = Invitee.objects.create(
        region_code=case.region_code,
        case=case,
        code=code,
        name=version.name,
        subject_version=version.pk,
        ability=ability.strip(),
        named_by_name=actor.name,
        named_at=now,
    )
    audit.record(actor=actor, deed="invitation.named", object_id=invitee.pk, now=now)
    return invitee


@transaction.atomic
def remove(*, case_id: UUID, invitee_id: UUID, actor: Actor, now: datetime) -> None:
    """Take a firm out before the letter is on its way. Raises ``Refusal``."""
    case = _open(case_id, actor)
    queries.invitees_for(actor, case).filter(pk=invitee_id).delete()
    audit.record(actor=actor, deed="invitation.removed", object_id=invitee_id, now=now)


def _open(case_id: UUID, actor: Actor) -> Case:
    own = cases.cases_for(actor).select_related(None).select_for_update(of=("self",))
    case = own.get(pk=case_id)
    holds.require_none(case.code)
    mode = cases.declaration_of(case).tender_mode
    rules.require_by_invitation(is_by_invitation=mode is TenderMode.INVITED)
    rules.require_not_out(is_out=queries.is_out(case))
    return case
