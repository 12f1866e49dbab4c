"""How many lots of a tender one bidder may win, where its documents say so (J-04).

The lots are awarded in the order of their codes, which was fixed before the opening; a candidate
that has won as many as it may gives way to the next.
"""

from dataclasses import dataclass

from gongheng.kernel.reasons import Refusal
from gongheng.trading.award import queries, rules
from gongheng.trading.award.models import Candidate, Loss
from gongheng.trading.cases.models import Case
from gongheng.trading.documents import queries as documents
from gongheng.trading.documents.models import TenderDocument
from gongheng.trading.projects import queries as projects


@dataclass(frozen=True, slots=True)
class Full:
    """Why a candidate wins no more: shown where the causes of the law are; it has no paper."""

    lots: tuple[str, ...]
    most: int
    evidence_digest: str = ""

    @property
    def cause_label(self) -> str:
        """Return the words beside the candidate."""
        return f"已中标 {'、'.join(self.lots)}，达到招标文件规定的最多 {self.most} 个标段"


def most_lots(document: TenderDocument | None) -> int | None:
    """Return how many lots the documents let one bidder win, nothing if they do not say."""
    return document.most_lots if document else None


def full(case: Case, most: int | None) -> dict[str, Full]:
    """Return the bidders that have won as many other lots of the tender as the documents allow."""
    if most is None:
        return {}
    won: dict[str, list[str]] = {}
    for other in _others(case):
        decision = queries.decision_of(other)
        if decision is not None and decision.candidate is not None:
            won.setdefault(decision.candidate.bidder_code, []).append(queries.lot_of(other).name)
    return {code: Full(tuple(lots), most) for code, lots in won.items() if len(lots) >= most}


def barred(case: Case, most: int | None) -> frozenset[str]:
    """Return who cannot be awarded: by a cause of the law (W-29), or by its number of lots."""
    return queries.lost_codes(case) | full(case, most).keys()


def standing(case: Case) -> list[tuple[Candidate, Full | Loss | None]]:
    """Return the candidates by rank, each with why it cannot be awarded."""
    most = most_lots(documents.issued_in(case))
    causes: dict[str, Full | Loss] = {
        **full(case, most),
        **{row.bidder_code: row for row in queries.losses_of(case)},
    }
    return [(row, causes.get(row.bidder_code)) for row in queries.candidates_of(case)]


def require_in_turn(case: Case, most: int | None) -> None:
    """Refuse to award a lot before those that come first. Raises ``Refusal`` (EARLIER_LOT_OPEN)."""
    if most is None:
        return
    for other in _others(case):
        is_first = other.code < case.code and other.round_number == case.round_number
        if is_first and not other.is_over and queries.decision_of(other) is None:
            raise Refusal(rules.EARLIER_LOT_OPEN, lot=other.code)


def _others(case: Case) -> list[Case]:
    tender = queries.lot_of(case).tender_project
    return [other for other in projects.latest_cases(tender) if other.code != case.code]
