"""From marks to the result: who is out, whether competition is left, who comes first. Pure."""

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from gongheng.kernel import terms
from gongheng.kernel.reasons import Reason, Refusal
from gongheng.trading.evaluation import arithmetic, correction, rules
from gongheng.trading.evaluation.kinds import Conclusion, Ground, Manner
from gongheng.trading.evaluation.shapes import (
    Criterion,
    Mark,
    Placed,
    Rejection,
    Requirements,
    Result,
    Tender,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Findings:
    """What the committee found: its seats, marks, votes on competition, and refused corrections."""

    seats: Sequence[int]
    marks: Sequence[Mark]
    competition: Sequence[bool | None]
    unconfirmed: Collection[str] = ()


@dataclass(frozen=True, slots=True)
class Gap:
    """A mark that is missing, or an objective item that is not equal (seat 0)."""

    seat: int
    bidder_code: str
    criterion: Criterion


def rejected_by_law(requirements: Requirements, tenders: Sequence[Tender]) -> list[Rejection]:
    """Return bids that need no vote: no amount, or above the ceiling (S-01, W-24)."""
    found: list[Rejection] = []
    for tender in (one for one in tenders if not one.is_sealed):
        if not correction.is_usable(tender.price):
            why = "投标报价不是大于零、精确到分的金额。"
            found.append(_out(tender, Ground.UNRESPONSIVE, why))
        elif requirements.ceiling is not None and tender.price > requirements.ceiling:
            why = f"投标报价{tender.price}元高于最高投标限价{requirements.ceiling}元。"
            found.append(_out(tender, Ground.PRICE, why))
    return found


def _out(tender: Tender, ground: Ground, reason: str) -> Rejection:
    return Rejection(bidder_code=tender.bidder_code, ground=ground, reason=reason)


def rejected_by_vote(
    requirements: Requirements, tenders: Sequence[Tender], findings: Findings
) -> list[Rejection]:
    """Return bids that more than half of the members found wanting in one criterion (W-24).

    The ground is the one most of them chose, the first of the law's list among equals.
    """
    out: list[Rejection] = []
    for tender in tenders:
        for row in (row for row in requirements.of_manner(Manner.PASS) if row.rejects):
            against = [
                mark
                for mark in findings.marks
                if (mark.bidder_code, mark.criterion) == (tender.bidder_code, row.code)
                and mark.passes is False
            ]
            if 2 * len(against) > len(findings.seats):
                out.append(_out(tender, _ground(against), _reason(row, against)))
                break
    return out


def _ground(against: Sequence[Mark]) -> Ground:
    votes = Counter(mark.ground for mark in against)
    return max(Ground, key=lambda ground: votes[ground.value])


def _reason(row: Criterion, against: Sequence[Mark]) -> str:
    words = "；".join(dict.fromkeys(mark.reason.strip() for mark in against))
    return f"{row.title}：{words}"


def rejections(
    requirements: Requirements, tenders: Sequence[Tender], findings: Findings
) -> list[Rejection]:
    """Return every bid that is out, once, in the order of the causes."""
    refused = [
        _out(tender, Ground.UNRESPONSIVE, "投标人不接受算术修正后的报价。")
        for tender in tenders
        if tender.bidder_code in findings.unconfirmed
    ]
    every = [
        *rejected_by_vote(requirements, tenders, findings),
        *refused,
        *rejected_by_law(requirements, tenders),
    ]
    once: dict[str, Rejection] = {}
    for found in every:
        once.setdefault(found.bidder_code, found)
    return list(once.values())


def gaps(
    requirements: Requirements,
    bidders: Collection[str],
    findings: Findings,
    *,
    manners: Collection[Manner],
) -> Iterator[Gap]:
    """Yield what is missing of these bidders, by seat, bid and criterion."""
    made = {(mark.seat, mark.bidder_code, mark.criterion) for mark in findings.marks}
    for seat in findings.seats:
        for bidder in bidders:
            for row in requirements.of_manner(*manners):
                if (seat, bidder, row.code) not in made:
                    yield Gap(seat, bidder, row)


def unequal(
    requirements: Requirements, bidders: Collection[str], marks: Sequence[Mark]
) -> Iterator[Gap]:
    """Yield the objective items on which members differ (S-02)."""
    for bidder in bidders:
        for row in requirements.of_manner(*(manner for manner in Manner if manner.must_be_equal)):
            values = {
                mark.value
                for mark in marks
                if (mark.bidder_code, mark.criterion) == (bidder, row.code)
            }
            if len(values) > 1:
                yield Gap(0, bidder, row)


SCORED = (Manner.OBJECTIVE, Manner.SUBJECTIVE, Manner.QUANTITY)


def decide(
    requirements: Requirements,
    tenders: Sequence[Tender],
    findings: Findings,
    *,
    on: date,
    seed: bytes,
    event: str,
) -> Result:
    """Return what the evaluation comes to.

    Raises ``Refusal``: rules.INCOMPLETE, rules.UNEQUAL (fact ``gaps``), COMPETITION_UNDECIDED.
    """
    every = [tender.bidder_code for tender in tenders]
    _require_none(rules.INCOMPLETE, gaps(requirements, every, findings, manners=(Manner.PASS,)))
    out = rejections(requirements, tenders, findings)
    gone = {rejection.bidder_code for rejection in out}
    valid = [tender for tender in tenders if tender.bidder_code not in gone]
    if not valid:
        return _nobody(Conclusion.ALL_REJECTED, out, findings)
    is_few = not terms.in_force("W-26", on).admits(len(valid))
    if is_few and rules.lacks_competition(findings.competition):
        return _nobody(Conclusion.NO_COMPETITION, out, findings)
    return _ranking(requirements, valid, out, findings, on=on, seed=seed, event=event)


def _ranking(
    requirements: Requirements,
    valid: Sequence[Tender],
    out: Sequence[Rejection],
    findings: Findings,
    *,
    on: date,
    seed: bytes,
    event: str,
) -> Result:
    standing = [tender.bidder_code for tender in valid]
    marks = require_scored(requirements, standing, findings)
    placed: tuple[Placed, ...] = arithmetic.ranked(
        requirements, arithmetic.lines_of(requirements, valid, marks), seed=seed, event=event
    )
    return Result(
        conclusion=Conclusion.RANKED,
        ranking=placed,
        rejected=tuple(out),
        base=min((tender.price for tender in valid), default=Decimal(0)),
        candidates=min(len(placed), int(terms.in_force("W-27", on).value)),
        marks=findings.marks,
    )


def require_scored(
    requirements: Requirements, standing: Collection[str], findings: Findings
) -> list[Mark]:
    """Return the marks of the bids that stand, all there and equal where they must be.

    Raises ``Refusal``: rules.INCOMPLETE, rules.UNEQUAL (fact ``gaps``).
    """
    marks = [mark for mark in findings.marks if mark.bidder_code in standing]
    _require_none(rules.INCOMPLETE, gaps(requirements, standing, findings, manners=SCORED))
    _require_none(rules.UNEQUAL, unequal(requirements, standing, marks))
    return marks


def _require_none(reason: Reason, found: Iterator[Gap]) -> None:
    if listed := tuple(found):
        raise Refusal(reason, gaps=listed)


def _nobody(conclusion: Conclusion, out: Sequence[Rejection], findings: Findings) -> Result:
    return Result(conclusion=conclusion, ranking=(), rejected=tuple(out), marks=findings.marks)
