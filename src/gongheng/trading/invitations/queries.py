"""Reads who is invited: whole for the tenderer's side, of the others each only whether it is."""

from datetime import date
from uuid import UUID

from django.db.models import QuerySet

from gongheng.kernel import terms
from gongheng.trading.cases import queries as cases
from gongheng.trading.cases.duties import LEAST_INVITED
from gongheng.trading.cases.models import Case
from gongheng.trading.invitations import permissions
from gongheng.trading.invitations.models import Invitee
from gongheng.trust.identity.actors import Actor


def invitees_for(actor: Actor, case: Case) -> QuerySet[Invitee]:
    """Return whom a case invites, for the clerks of its tenderer and agency."""
    if not (actor.may(permissions.NAME) and actor.is_of(case.tenderer_code, case.agency_code)):
        return Invitee.objects.none()
    return invitees_of(case)


def invitees_of(case: Case) -> QuerySet[Invitee]:
    """Return whom a case invites, by code; for the letter and the second person who confirms it."""
    return Invitee.objects.filter(case=case).order_by("code")


def is_invited(case_id: UUID, code: str) -> bool:
    """Tell whether a firm is invited in a round."""
    return bool(code) and Invitee.objects.filter(case_id=case_id, code=code).exists()


def counted(case: Case, *, on: date) -> int:
    """Return how many are invited, counted no further than the law asks (W-02).

    The course of a case is read by many; a true number would tell how many may bid.
    """
    return len(invitees_of(case).values_list("pk")[: _least(on)])


def is_enough(case: Case, *, on: date) -> bool:
    """Tell whether as many are invited as the law asks."""
    return counted(case, on=on) >= _least(on)


def _least(on: date) -> int:
    return int(terms.in_force(LEAST_INVITED.rule, on).value)


def is_out(case: Case) -> bool:
    """Tell whether the letter waits for its second person or has gone out."""
    step = cases.declaration_of(case).invitation
    if step is None:
        return False
    is_proposed = cases.open_proposal(case, step.code) is not None
    return is_proposed or case.steps.filter(step=step.code).exists() or case.is_over
