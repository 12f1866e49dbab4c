"""What an evaluation takes from earlier rooms: the documents' criteria and the opened bids."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from gongheng.kernel.reasons import Refusal
from gongheng.trading.documents import queries as documents
from gongheng.trading.evaluation import rules
from gongheng.trading.evaluation.kinds import Group, Manner, Method
from gongheng.trading.evaluation.models import Committee
from gongheng.trading.evaluation.shapes import Criterion, Requirements, Tender
from gongheng.trading.opening import queries as openings
from gongheng.trust.crypto.digests import sm3

NOTHING = Decimal(0)
TITLES = {"bid.json": "投标函数据"}
TIES = ("price", "technical")
PRELIMINARY = frozenset({Group.FORM, Group.QUALIFICATION, Group.RESPONSE})
"""Groups of which a bid must meet every criterion (W-15, W-24)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BidFile:
    """A file of an opened bid, by its place; ``criterion`` is what the bidder wrote it for."""

    number: int
    title: str
    path: Path
    criterion: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenBid:
    """An opened bid as members read it; ``number`` is its place in an order that tells nothing."""

    number: int
    bidder_code: str
    bidder_name: str
    price: Decimal
    duration_days: int | None
    project_manager: str
    quality: str
    findings: tuple[str, ...] = ()
    files: tuple[BidFile, ...] = ()

    @property
    def price_words(self) -> str:
        """Return the opened price as people read it."""
        return f"{self.price:,.2f}" if self.price else "无法识别"

    @property
    def alias(self) -> str:
        """Return what a bid is called where its bidder must not be known (W-42)."""
        return f"投标{self.number}"


def requirements_of(case_code: str) -> Requirements:
    """Return what the issued documents fix. Raises ``Refusal`` (rules.NO_DOCUMENTS)."""
    document = documents.issued(case_code)
    if document is None:
        raise Refusal(rules.NO_DOCUMENTS, case_code=case_code)
    rows = document.criteria.all()
    order = list(Group)
    criteria = [
        Criterion(
            code=f"{row.group}-{row.number}",
            group=Group(row.group),
            title=row.title,
            text=row.text,
            manner=_manner(row.group, row.method, is_objective=row.is_objective),
            points=row.points or NOTHING,
            rejects=row.is_veto or Group(row.group) in PRELIMINARY,
        )
        for row in sorted(rows, key=lambda row: (order.index(Group(row.group)), row.number))
    ]
    method = Method(document.evaluation_method)
    return Requirements(
        method=method,
        criteria=(*criteria, *_adjustments(document.adjustments, method)),
        ceiling=document.ceiling,
        ties=_ties(document.price_rule),
        trim=bool(document.price_rule.get("trim", 0)),
        digest=document.digest,
    )


def _ties(price_rule: Mapping[str, Any]) -> tuple[str, ...]:
    """Return how equal bids are told apart before the draw, as the documents say (S-04)."""
    stated = price_rule.get("ties", TIES)
    return tuple(name for name in stated if name in TIES)


def _manner(group: str, method: str, *, is_objective: bool) -> Manner:
    if method == Manner.PASS:
        return Manner.PASS
    if group == Group.PRICE:
        return Manner.FORMULA
    return Manner.OBJECTIVE if is_objective else Manner.SUBJECTIVE


def _adjustments(rows: Sequence[Mapping[str, Any]], method: Method) -> list[Criterion]:
    """Return what is added to the price for each unit; only the lowest-price method asks (S-11)."""
    if method is not Method.LOWEST:
        return []
    return [
        Criterion(
            code=f"adjustment-{number}",
            group=Group.PRICE,
            title=str(row["title"]),
            manner=Manner.QUANTITY,
            percent=Decimal(str(row.get("percent") or 0)),
            amount=Decimal(str(row.get("amount") or 0)),
            unit=str(row.get("unit", "")),
        )
        for number, row in enumerate(rows, start=1)
    ]


def bids_of(committee: Committee) -> tuple[OpenBid, ...]:
    """Return the opened bids in an order that is drawn by the committee's salt."""
    found = openings.opened(committee.case.code)
    ordered = sorted(
        found, key=lambda bid: sm3(f"{committee.salt}:{bid.bidder_code}".encode()).hex()
    )
    return tuple(
        OpenBid(
            number=number,
            bidder_code=bid.bidder_code,
            bidder_name=bid.bidder_name,
            price=bid.price if bid.price is not None else NOTHING,
            duration_days=bid.duration_days,
            project_manager=bid.project_manager,
            quality=bid.quality,
            findings=tuple(str(row.get("message", "")) for row in bid.findings),
            files=_files(bid.folder, bid.letter),
        )
        for number, bid in enumerate(ordered, start=1)
    )


def bidders_of(case_code: str) -> frozenset[str]:
    """Return the codes of the bidders, none before the bids are made known."""
    try:
        return frozenset(bid.bidder_code for bid in openings.opened(case_code))
    except Refusal:
        return frozenset()


def tenders_of(bids: Sequence[OpenBid], corrected: Mapping[str, Decimal]) -> list[Tender]:
    """Return the bids as the arithmetic reads them, with the prices that bidders confirmed."""
    return [
        Tender(
            bidder_code=bid.bidder_code,
            opened_price=bid.price,
            price=corrected.get(bid.bidder_code, bid.price),
        )
        for bid in bids
    ]


def _files(folder: Path, letter: Mapping[str, Any]) -> tuple[BidFile, ...]:
    """Return the files below a bid's folder, with what the letter says of each."""
    stated = {
        str(row.get("name", "")): row
        for row in letter.get("documents", [])
        if isinstance(row, Mapping)
    }
    found = [path for path in folder.rglob("*") if path.is_file()] if folder.is_dir() else []
    # What the bidder named for a criterion comes first, the letter's data last.
    paths = sorted(found, key=lambda path: (path.name not in stated, path))
    return tuple(
        BidFile(
            number=number,
            title=str(stated.get(path.name, {}).get("title") or TITLES.get(path.name, path.name)),
            path=path,
            criterion=str(stated.get(path.name, {}).get("criterion", "")),
        )
        for number, path in enumerate(paths, start=1)
    )
