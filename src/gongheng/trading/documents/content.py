"""The contents of tender documents as JSON: what is reviewed, issued, digested and compared."""

from collections.abc import Sequence
from dataclasses import asdict
from decimal import Decimal
from typing import Any

from gongheng.kernel.canonical import canonical
from gongheng.trading.documents.kinds import (
    Adjustment,
    CriterionFacts,
    DocumentFacts,
    EvaluationMethod,
    Group,
    Manner,
)
from gongheng.trading.documents.models import Criterion, TenderDocument
from gongheng.trading.projects.models import Lot
from gongheng.trust.crypto.digests import sm3

FORMAT = 1
LOWEST_FIRST = "lowest_first"
"""Price score = lowest price / price x points (S-03)."""
LOWEST_EVALUATED = "lowest_evaluated"
"""Evaluated price = corrected price + adjustments (S-11)."""

BASICS = (
    "evaluation_method",
    "validity_days",
    "duration_days",
    "quality",
    "scope",
    "requirements",
    "contract_terms",
    "two_phase_clause",
    "decryption_minutes",
    "is_technical_blind",
    "allows_recovery",
    "most_lots",
    "ceiling_note",
)
GROUPS = tuple(group.value for group in Group)


def price_rule(facts: DocumentFacts, criteria: Sequence[CriterionFacts]) -> dict[str, Any]:
    """Return how prices are compared: formula, points or adjustments, order of ties (S-02 ... S-04, S-11)."""
    if facts.evaluation_method == EvaluationMethod.LOWEST:
        return {
            "formula": LOWEST_EVALUATED,
            "adjustments": [_adjustment(adjustment) for adjustment in facts.adjustments],
            "ties": ["price", "draw"],
        }
    points = [one.points for one in criteria if one.group == Group.PRICE and one.points]
    return {
        "formula": LOWEST_FIRST,
        "points": f"{points[0]:.2f}" if points else "",
        "trim": int(facts.trims),
        "ties": ["price", "technical", "draw"],
    }


def _adjustment(adjustment: Adjustment) -> dict[str, str]:
    values = {name: value for name, value in asdict(adjustment).items() if value is not None}
    return {
        name: f"{value:f}" if isinstance(value, Decimal) else value
        for name, value in values.items()
    }


def facts_of(document: TenderDocument) -> DocumentFacts:
    """Return the basic data of a document."""
    return DocumentFacts(
        **{name: getattr(document, name) for name in BASICS},
        ceiling=document.ceiling,
        bond_amount=document.bond_amount,
        trims=bool(document.price_rule.get("trim")),
        adjustments=tuple(
            Adjustment(
                title=row["title"],
                unit=row["unit"],
                percent=Decimal(row["percent"]) if "percent" in row else None,
                amount=Decimal(row["amount"]) if "amount" in row else None,
            )
            for row in document.adjustments
        ),
    )


def criteria_of(document: TenderDocument) -> list[Criterion]:
    """Return the criteria in the order of groups and numbers."""
    return sorted(document.criteria.all(), key=lambda one: (GROUPS.index(one.group), one.number))


def criterion_facts(document: TenderDocument) -> list[CriterionFacts]:
    """Return the criteria as facts."""
    return [
        CriterionFacts(
            group=one.group,
            title=one.title,
            text=one.text,
            method=one.method,
            points=one.points,
            is_veto=one.is_veto,
            is_objective=one.is_objective,
        )
        for one in criteria_of(document)
    ]


def body(document: TenderDocument, lot: Lot) -> dict[str, Any]:
    """Return what a document says, whatever version it becomes: this is what is reviewed."""
    tender = lot.tender_project
    return {
        "lot": {
            "code": lot.code,
            "transaction_code": lot.transaction_code,
            "name": lot.name,
            "content": lot.content,
            "qualification": lot.qualification,
            "tender_project": tender.name,
            "tenderer": tender.tenderer_name,
            "agency": tender.agency_name,
        },
        "basics": {name: getattr(document, name) for name in BASICS}
        | {"ceiling": _sum(document.ceiling), "bond_amount": _sum(document.bond_amount)},
        "price_rule": document.price_rule,
        "criteria": [_criterion(one) for one in criteria_of(document)],
        "attachments": [
            {
                "name": file.name,
                "media_type": file.media_type,
                "size": file.size,
                "sm3": file.digest,
            }
            for file in document.attachments.order_by("name")
        ],
    }


def issued(document: TenderDocument, lot: Lot) -> dict[str, Any]:
    """Return the whole of a version that is being issued."""
    return body(document, lot) | {
        "format": FORMAT,
        "round": document.round_number,
        "version": document.number,
        "issued_at": document.issued_at.isoformat() if document.issued_at else "",
        "clarification": document.clarification,
        "policy_digest": document.policy_digest,
    }


def digest(content: dict[str, Any]) -> str:
    """Return the SM3 of the canonical form, hex."""
    return sm3(canonical(content)).hex()


def _sum(amount: Decimal | None) -> str:
    return "" if amount is None else f"{amount:.2f}"


def _criterion(one: Criterion) -> dict[str, Any]:
    return {
        "group": one.group,
        "number": one.number,
        "title": one.title,
        "text": one.text,
        "method": one.method,
        "points": f"{one.points:.2f}" if one.method == Manner.POINTS and one.points else "",
        "is_veto": one.is_veto,
        "is_objective": one.is_objective,
    }
