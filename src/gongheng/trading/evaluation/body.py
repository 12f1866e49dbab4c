"""The content of a report: every input and every figure, as JSON that anybody can recompute."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from gongheng.trading.evaluation import arithmetic, queries, sources
from gongheng.trading.evaluation.deciding import Findings
from gongheng.trading.evaluation.kinds import Ground
from gongheng.trading.evaluation.models import Committee
from gongheng.trading.evaluation.shapes import Mark, Placed, Requirements, Result
from gongheng.trading.evaluation.sources import OpenBid

SCHEMA = "gongheng.evaluation/1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Basis:
    """Everything that an evaluation rests on."""

    number: int
    requirements: Requirements
    bids: tuple[OpenBid, ...]
    corrected: Mapping[str, Decimal]
    findings: Findings
    event: str


def basis_of(committee: Committee, *, number: int) -> Basis:
    """Return what the committee has before it."""
    case = committee.case
    return Basis(
        number=number,
        requirements=sources.requirements_of(case.code),
        bids=sources.bids_of(committee),
        corrected=queries.corrected_prices(committee),
        findings=queries.findings_of(committee),
        event=f"{case.code}/{case.round_number}/{number}",
    )


def written(
    committee: Committee, basis: Basis, result: Result, *, nonce: str, now: datetime
) -> dict[str, Any]:
    """Return the report: names of firms, seats for members, numbers as texts, no binary floats."""
    requirements, case = basis.requirements, committee.case
    by_code = {bid.bidder_code: bid for bid in basis.bids}
    return {
        "schema": SCHEMA,
        "case_code": case.code,
        "round": case.round_number,
        "number": basis.number,
        "drawn_up_at": now.isoformat(),
        "method": requirements.method.value,
        "formula_version": arithmetic.FORMULA_VERSION,
        "rules": list(arithmetic.RULES[requirements.method.value]),
        "documents_digest": requirements.digest,
        "ceiling": _text(requirements.ceiling),
        "ties": list(requirements.ties),
        "trim": requirements.trim,
        "criteria": _criteria(requirements),
        "bids": [_bid(bid, basis.corrected) for bid in basis.bids],
        "seats": [
            {"seat": member.seat, "kind": member.kind}
            for member in queries.standing_members(committee)
        ],
        "marks": [_mark(mark) for mark in basis.findings.marks],
        "competition": list(basis.findings.competition),
        "requests": _requests(committee),
        "rejected": [
            {
                "bidder": row.bidder_code,
                "bidder_name": by_code[row.bidder_code].bidder_name,
                "ground": row.ground.value,
                "ground_words": Ground(row.ground).label,
                "reason": row.reason,
            }
            for row in result.rejected
        ],
        "conclusion": result.conclusion.value,
        "candidates": result.candidates,
        "base": _text(result.base),
        "draw": {"seed": committee.seed, "event": basis.event, "algorithm": "S-16/1"},
        "ranking": [_placed(placed, by_code) for placed in result.ranking],
        "nonce": nonce,
    }


def _text(amount: Decimal | None) -> str:
    return "" if amount is None else f"{amount:f}"


def _criteria(requirements: Requirements) -> list[dict[str, Any]]:
    return [
        {
            "code": row.code,
            "group": row.group.value,
            "title": row.title,
            "manner": row.manner.value,
            "points": _text(row.points),
            "percent": _text(row.percent),
            "amount": _text(row.amount),
            "unit": row.unit,
        }
        for row in requirements.criteria
    ]


def _bid(bid: OpenBid, corrected: Mapping[str, Decimal]) -> dict[str, Any]:
    return {
        "bidder": bid.bidder_code,
        "bidder_name": bid.bidder_name,
        "opened_price": _text(bid.price),
        "price": _text(corrected.get(bid.bidder_code, bid.price)),
        "findings": [*bid.findings, *map(str, bid.leads)],
    }


def _mark(mark: Mark) -> dict[str, Any]:
    return {
        "seat": mark.seat,
        "bidder": mark.bidder_code,
        "criterion": mark.criterion,
        "value": _text(mark.value),
        "passes": mark.passes,
        "ground": mark.ground,
        "reason": mark.reason,
    }


def _requests(committee: Committee) -> list[dict[str, Any]]:
    return [
        {
            "bidder": row.bidder_code,
            "kind": row.kind,
            "question": row.question,
            "figures": row.figures,
            "state": row.state,
            "answer": row.answer,
            "asked_at": row.asked_at.isoformat(),
            "answered_at": row.answered_at.isoformat() if row.answered_at else "",
        }
        for row in committee.requests.order_by("asked_at", "id")
    ]


def _placed(placed: Placed, by_code: Mapping[str, OpenBid]) -> dict[str, Any]:
    line = placed.line
    bid = by_code[line.bidder_code]
    return {
        "rank": placed.rank,
        "bidder": line.bidder_code,
        "bidder_name": bid.bidder_name,
        "price": _text(line.price),
        "evaluated_price": _text(line.evaluated_price),
        "items": {code: _text(value) for code, value in line.items.items()},
        "technical": _text(line.technical),
        "commercial": _text(line.commercial),
        "price_points": _text(line.price_points),
        "total": _text(line.total),
        "is_drawn": placed.is_drawn,
        "duration_days": bid.duration_days,
        "project_manager": bid.project_manager,
        "quality": bid.quality,
    }
