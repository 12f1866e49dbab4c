"""Pages of the contract: drafting, bond, signing by both sides, publication."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django import forms as django_forms
from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from gongheng.kernel import terms
from gongheng.kernel.money import capitals
from gongheng.kernel.reasons import Refusal
from gongheng.kernel.workdays.counting import day_of
from gongheng.trading.award import queries as award
from gongheng.trading.award.forms import PLACES as PLACES_OF_LOSS, LossForm
from gongheng.trading.cases import step_pages as steps
from gongheng.trading.cases.models import Case
from gongheng.trading.contracts import actions, archive_pages, forms, permissions, queries
from gongheng.trading.contracts.kinds import Side
from gongheng.trading.contracts.models import Contract
from gongheng.trading.contracts.papers import PAPERS
from gongheng.trading.contracts.rules import Substance
from gongheng.trading.documents import queries as documents
from gongheng.trust.identity.actors import Actor, actor_of
from gongheng.web.clock import legal_now
from gongheng.web.routes import OWN, route

METHODS = ["GET", "HEAD", "POST"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """The contract of a case on the desk of somebody who works on it."""

    case: Case
    contract: Contract | None
    bid: Substance | None
    actor: Actor
    now: datetime

    def filed(self, form: django_forms.Form, deed: Callable[[], object], name: str) -> bool:
        """Do a deed with a form; a refusal is put to the field it is about."""
        return steps.filed(
            form,
            deed,
            name=name,
            object_id=self.case.pk,
            actor=self.actor,
            now=self.now,
            places=forms.PLACES,
        )

    def drafts(self, form: forms.ContractForm) -> bool:
        """Save the text of the contract."""
        bid = self.bid
        if bid is None:
            return False
        return self.filed(
            form,
            lambda: actions.draft(
                case_id=self.case.pk,
                facts=form.facts(bid.winner_code),
                actor=self.actor,
                now=self.now,
            ),
            "contract.drafted",
        )

    def takes_bond(self, form: forms.BondReceiptForm) -> bool:
        """Record the performance bond."""
        return self.filed(
            form,
            lambda: actions.receive_bond(
                case_id=self.case.pk, facts=form.facts(), actor=self.actor, now=self.now
            ),
            "contract.bond_received",
        )

    def signs(self, form: forms.SignatureForm) -> bool:
        """Sign for the tenderer."""
        return self.filed(
            form,
            lambda: actions.sign_as_tenderer(
                case_id=self.case.pk,
                seen=form.cleaned_data["seen"],
                signature=form.cleaned_data["signature"],
                actor=self.actor,
                now=self.now,
            ),
            "case.sign_contract",
        )


@require_http_methods(METHODS)
def sign_contract(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Draft the contract, take the bond and sign for the tenderer; each act has a form of its own."""
    actor, now = actor_of(request), legal_now()
    case = steps.case_of(actor, case_id)
    desk = Desk(
        case=case,
        contract=queries.contract_of(case),
        bid=_bid(case),
        actor=actor,
        now=now,
    )
    posted = request.POST if request.method == "POST" else None
    act = posted.get("act", "") if posted is not None else ""
    drafting = forms.ContractForm(
        posted if act == "draft" else None, initial=_proposed(case, desk.contract, desk.bid)
    )
    bond = forms.BondReceiptForm(
        posted if act == "bond" else None,
        request.FILES or None,
        initial=_bond(desk.contract),
        prefix="bond",
    )
    signing = forms.SignatureForm(
        posted if act == "sign" else None, initial=_seen(desk.contract), prefix="sign"
    )
    if act == "draft" and desk.drafts(drafting):
        messages.success(request, "合同文本已保存，中标人可以查看和签署。")
        return redirect("case-sign_contract", case_id)
    if act == "bond" and desk.takes_bond(bond):
        messages.success(request, "履约保证金已登记。")
        return redirect("case-sign_contract", case_id)
    if act == "sign" and desk.signs(signing):
        messages.success(request, "各方均已签署，合同订立。请在规定的时间内公开合同订立信息。")
        return redirect("case", case_id)
    wrong = next((form for form in (drafting, bond, signing) if form.is_bound), None)
    context = {
        **steps.head(case, "sign_contract", actor=actor, now=now),
        **_standing(desk.contract),
        "bid": desk.bid,
        "wrong": wrong,
        "drafting": drafting,
        "bond": bond,
        "signing": signing,
        "deadline": _deadline(case),
        "bond_term": terms.in_force("F-05", case.terms_on or day_of(now)),
    }
    status = steps.SHOWN_AGAIN if wrong else 200
    return render(request, "contracts/sign.html", context, status=status)


def _bid(case: Case) -> Substance | None:
    try:
        return queries.substance_of_bid(case)
    except Refusal:
        return None


def _proposed(case: Case, contract: Contract | None, bid: Substance | None) -> dict[str, Any]:
    if bid is None:
        return {}
    lot, document = queries.lot_of(case), documents.issued_in(case)
    return forms.proposed(
        contract,
        bid,
        name=f"{lot.title}合同",
        clauses=document.contract_terms if document else "",
    )


def _bond(contract: Contract | None) -> dict[str, Any]:
    return {"amount": f"{contract.bond_amount:.2f}"} if contract else {}


def _seen(contract: Contract | None) -> dict[str, Any]:
    return {"seen": contract.digest} if contract else {}


def _standing(contract: Contract | None) -> dict[str, Any]:
    """Return what a page says of a contract: its text, its sum in words, who signed."""
    if contract is None:
        return {"contract": None}
    partners = queries.partners_signed(contract)
    return {
        "contract": contract,
        "in_capitals": capitals(contract.price),
        "bond_in_capitals": capitals(contract.bond_amount),
        "winner_signature": queries.signature_of(contract, Side.WINNER),
        "tenderer_signature": queries.signature_of(contract, Side.TENDERER),
        "partners": partners,
        "unsigned_partners": queries.unsigned(partners),
    }


def _deadline(case: Case) -> object | None:
    notified = award.last_done(case, "notify_award")
    if notified is None:
        return None
    term = terms.in_force("W-33", case.terms_on or day_of(notified.done_at))
    return term.deadline("发出中标通知书", notified.done_at)


@require_http_methods(METHODS)
def lost(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Go back to the award because the winner cannot conclude."""
    actor, now = actor_of(request), legal_now()
    case = steps.case_of(actor, case_id)
    found = award.awarded(case.code)
    if found is None:
        raise Http404
    posted = request.POST if request.method == "POST" else None
    form = LossForm(posted, request.FILES or None)
    if posted is not None and steps.filed(
        form,
        lambda: actions.winner_lost(
            case_id=case_id,
            **form.facts(),
            actor=actor,
            now=now,
        ),
        name="case.sign_contract",
        object_id=case_id,
        actor=actor,
        now=now,
        places=PLACES_OF_LOSS,
    ):
        messages.success(request, "已登记。请依序另行确定中标人，或者重新招标。")
        return redirect("case", case_id)
    context = {
        "case": case,
        "award": found,
        "form": form,
        "trail": [*steps.trail(case), (reverse("case-sign_contract", args=[case_id]), "订立合同")],
    }
    return _page(request, "contracts/lost.html", context, form)


@require_http_methods(METHODS)
def bidder_contract(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Show the winner and its partners their contract, and let them sign."""
    actor, now = actor_of(request), legal_now()
    contract = _own(actor, case_id)
    posted = request.POST if request.method == "POST" else None
    form = forms.SignatureForm(posted, initial=_seen(contract))
    if (
        posted is not None
        and contract is not None
        and steps.filed(
            form,
            lambda: actions.sign_as_winner(
                contract_id=contract.pk,
                seen=form.cleaned_data["seen"],
                signature=form.cleaned_data["signature"],
                actor=actor,
                now=now,
            ),
            name="contract.signed.winner",
            object_id=contract.pk,
            actor=actor,
            now=now,
            places=forms.PLACES,
        )
    ):
        messages.success(request, "已签署。招标人签署后，合同即告订立。")
        return redirect("bidding-contract", case_id)
    context = {
        **_standing(contract),
        "has_signed": contract is not None
        and queries.has_signed(contract, actor.organisation_code),
        "form": form,
        "trail": [(reverse("desk"), "业务工作台"), *_letter(contract, actor, case_id)],
    }
    return _page(request, "contracts/bidder.html", context, form)


def _letter(contract: Contract | None, actor: Actor, case_id: UUID) -> list[tuple[str, str]]:
    """Return the way to the letter for the firm that got it."""
    if contract is not None and contract.winner_code != actor.organisation_code:
        return []
    return [(reverse("bidding-result", args=[case_id]), "中标通知书")]


def _own(actor: Actor, case_id: UUID) -> Contract | None:
    """Return the contract of the person's firm, nothing before it is drafted.

    Raises ``Http404`` for a firm that did not win. A partner has no letter: it sees what it must sign.
    """
    own = queries.own_contracts(actor).filter(case_id=case_id).first()
    if own is not None:
        return own
    letter = award.letters_for(actor).filter(decision__case_id=case_id).first()
    if letter is None or not letter.is_award or letter.decision.lost_at is not None:
        raise Http404
    return None


@require_safe
def shown(request: HttpRequest, contract_id: UUID) -> HttpResponse:
    """Show a contract as it is printed; the read is written down."""
    contract = get_object_or_404(queries.contracts_for(actor_of(request)), pk=contract_id)
    context = {**_standing(contract), "case": contract.case, "trail": steps.trail(contract.case)}
    return render(request, "contracts/contract.html", context)


@require_safe
def bond_paper(request: HttpRequest, contract_id: UUID) -> FileResponse:
    """Hand out the paper of a performance bond; the read is written down."""
    found = queries.contracts_for(actor_of(request)).exclude(bond_paper_digest="")
    contract = get_object_or_404(found, pk=contract_id)
    return PAPERS.answer(contract.bond_paper_digest, name=contract.bond_paper_name)


@require_http_methods(METHODS)
def publish_contract(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Hand the publication of the contract to a second person."""
    actor, now = actor_of(request), legal_now()
    case = steps.case_of(actor, case_id)
    contract = queries.contract_of(case)
    form = django_forms.Form(request.POST if request.method == "POST" else None)
    if request.method == "POST" and steps.filed(
        form,
        lambda: actions.propose_publication(case_id=case_id, actor=actor, now=now),
        name="case.proposed.publish_contract",
        object_id=case_id,
        actor=actor,
        now=now,
    ):
        messages.success(request, "已提交，等待本单位另一位经办人复核后公开。")
        return redirect("case", case_id)
    on = case.terms_on or day_of(now)
    concluded = contract.concluded_at if contract else None
    context = {
        **steps.head(case, "publish_contract", actor=actor, now=now),
        **_standing(contract),
        "form": form,
        "law": terms.in_force("B-09", on).deadline("订立合同", concluded) if concluded else None,
        "target": terms.in_force("B-09", on, "target").deadline("订立合同", concluded)
        if concluded
        else None,
    }
    return _page(request, "contracts/publish.html", context, form)


def _page(
    request: HttpRequest, template: str, context: dict[str, Any], form: django_forms.Form
) -> HttpResponse:
    status = steps.SHOWN_AGAIN if form.is_bound and form.errors else 200
    return render(request, template, context, status=status)


ROUTES = [
    route(
        "cases/<uuid:case_id>/sign_contract/",
        sign_contract,
        name="case-sign_contract",
        audience=permissions.SIGN,
        reads="contract.read",
    ),
    route(
        "cases/<uuid:case_id>/sign_contract/lost/",
        lost,
        name="contracts-lost",
        audience=permissions.SIGN,
    ),
    route(
        "bidding/<uuid:case_id>/contract/",
        bidder_contract,
        name="bidding-contract",
        audience=permissions.SIGN_AS_WINNER,
        reads=OWN,
    ),
    route(
        "contracts/<uuid:contract_id>/",
        shown,
        name="contract",
        audience=permissions.READ,
        reads="contract.read",
    ),
    route(
        "contracts/<uuid:contract_id>/bond/",
        bond_paper,
        name="contract-bond",
        audience=permissions.READ,
        reads="contract.read",
    ),
    route(
        "cases/<uuid:case_id>/publish_contract/",
        publish_contract,
        name="case-publish_contract",
        audience=permissions.PUBLISH,
        reads="contract.read",
    ),
    *archive_pages.ROUTES,
]
