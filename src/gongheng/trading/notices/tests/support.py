"""A notice of an invented tender, as a clerk types it, and the two who publish it."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.forms.boundfield import BoundField

from gongheng.trading.cases import actions as cases, guards, queries as cases_queries
from gongheng.trading.cases.models import Case, Proposal
from gongheng.trading.notices import actions, drafts
from gongheng.trading.notices.models import Notice, NoticeDraft
from gongheng.trading.projects import queries as projects
from gongheng.trading.projects.models import Lot, TenderProject
from gongheng.trading.projects.tests.support import CENTRE, NOW, actor, person
from gongheng.trust.identity.actors import Actor
from gongheng.trust.identity.kinds import Role
from gongheng.trust.identity.models import Account
from tests.cases import confirmed, everything_agreed, plain_deed

CONTACT = {
    "address": "昆明市盘龙区北京路1号",
    "person": "王芳",
    "phone": "0871-60000000",
    "email": "zhaobiao@example.cn",
}
BEFORE_NOTICE = ("register", "accept", "publish_plan", "review_documents")
OUTCOMES = {"accept": "accepted"}


def typed(tender: TenderProject, who: Actor, **changes: Any) -> dict[str, Any]:
    """Return a right form: what it proposes, and how to reach the people."""
    form = drafts.form_of(tender, values=None, actor=who, now=NOW)
    values = {name: _typed(form[name]) for name in form.fields}
    for whose in ("tenderer", "agency") if tender.has_agency else ("tenderer",):
        values |= {f"{whose}_{part}": text for part, text in CONTACT.items()}
    return values | changes


def _typed(field: BoundField) -> Any:
    value = field.field.prepare_value(field.value())
    return value if isinstance(value, list) else str(value or "")


def draft_of(tender: TenderProject, who: Actor, **changes: Any) -> NoticeDraft:
    return actions.save_draft(
        tender_project_id=tender.pk,
        values=typed(tender, who, **changes),
        number=0,
        actor=who,
        now=NOW,
    )


def colleague_of(who: Actor) -> Actor:
    """Return another clerk of the same organisation, who has an account."""
    return _like(who, "同事", Role.CLERK)


def officer_of(who: Actor, name: str = "受理") -> Actor:
    """Return an officer of the region, who has an account."""
    return _like(who, name, Role.OFFICER, organisation_code=CENTRE)


def _like(who: Actor, name: str, role: Role, **changes: str) -> Actor:
    username = f"{who.username}-{name}"
    account = Account.objects.filter(username=username).first() or person(
        username,
        role=role,
        **{
            "organisation_code": who.organisation_code,
            "organisation_name": who.organisation_name,
            "region_code": who.region_code,
        }
        | changes,
    )
    return actor(account)


def case_of(lot: Lot) -> Case:
    case = cases_queries.case_of(lot.code)
    assert case is not None
    return case


@contextmanager
def rules_of_opening_signed() -> Iterator[None]:
    """Let the rules of opening be signed: the room of bids is asked by its own tests."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(guards._provided, "bids.policy_signed", lambda _: None)
        yield


def to_notice(tender: TenderProject, who: Actor) -> None:
    """Bring every lot of a tender to its notice; the rooms before are asked elsewhere."""
    for lot in projects.lots_of(tender):
        while (case := case_of(lot)).awaits in BEFORE_NOTICE:
            with everything_agreed():
                _step(case, who)


def _step(case: Case, who: Actor) -> None:
    step = case.awaits
    asked: dict[str, Any] = {"case_id": case.pk, "step": step, "now": NOW}
    if step == "publish_plan":
        proposal = cases.propose(**asked, actor=who)
        with plain_deed(step):
            confirmed(proposal, colleague_of(who), NOW)
        return
    does = officer_of(who) if step == "accept" else who
    facts = {"is_statutory": True} if step == "register" else {}
    cases.advance(**asked, actor=does, facts=facts, outcome=OUTCOMES.get(step, ""))


def propose(draft: NoticeDraft, who: Actor) -> tuple[Proposal, ...]:
    to_notice(draft.tender_project, who)
    with rules_of_opening_signed():
        return actions.propose(draft_id=draft.pk, number=draft.number, actor=who, now=NOW)


def publish(draft: NoticeDraft, who: Actor, second: Actor | None = None) -> Notice:
    """Publish a draft: the one proposes, a colleague confirms."""
    proposals = propose(draft, who)
    with rules_of_opening_signed():
        confirmed(proposals[0], second or colleague_of(who), NOW)
    return Notice.objects.get(pk=draft.pk)
