"""What the pages of steps share: the case for its people, and a form that takes its refusals."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django import forms
from django.shortcuts import get_object_or_404
from django.urls import reverse

from gongheng.kernel.reasons import Reason, Refusal
from gongheng.trading.cases import queries as cases
from gongheng.trading.cases.models import Case
from gongheng.trust.identity import audit
from gongheng.trust.identity.actors import Actor

SHOWN_AGAIN = 422


def case_of(actor: Actor, case_id: UUID) -> Case:
    """Return a case that the person may read. Raises ``Http404``."""
    return get_object_or_404(cases.cases_for(actor), pk=case_id)


def head(case: Case, step: str, *, actor: Actor, now: datetime) -> dict[str, Any]:
    """Return what the page of a step says first: whose turn it is, and who waits for whom."""
    declared = cases.declaration_of(case).step(step)
    offered = [offer for offer in cases.offers(case, actor=actor, now=now) if not offer.is_second]
    return {
        "case": case,
        "step": declared,
        "awaits": cases.declaration_of(case).label_of(case.awaits),
        "is_offered": any(offer.step.code == step for offer in offered),
        "proposal": cases.open_proposal(case, step) if declared.second else None,
        "trail": trail(case),
    }


def trail(case: Case) -> list[tuple[str, str]]:
    """Return the way from the workbench to what lies below a case."""
    return [(reverse("desk"), "业务工作台"), (reverse("case", args=[case.pk]), "项目")]


def filed(
    form: forms.Form,
    deed: Callable[[], object],
    *,
    name: str,
    object_id: UUID | str,
    actor: Actor,
    now: datetime,
    places: Mapping[Reason, str] | None = None,
) -> bool:
    """Do a deed with a form; a refusal is put to the field it is about, and nothing typed is lost."""
    if not form.is_valid():
        return False
    try:
        with audit.refusals(actor=actor, deed=name, now=now, object_id=object_id):
            deed()
    except Refusal as refusal:
        place = (places or {}).get(refusal.reason)
        form.add_error(place if place in form.fields else None, str(refusal))
        return False
    return True
