"""What an evaluation takes from earlier rooms: the documents' criteria and the opened bids."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path
from typing import Any

from gongheng.kernel.reasons import Refusal
from gongheng.trading.bids.kinds import TECHNICAL_EVALUATED
from gongheng.trading.documents import queries as documents
from gongheng.trading.evaluation import looking, rules
from gongheng.trading.evaluation.kinds import Group, Manner, Method
from gongheng.trading.evaluation.models import Committee
from gongheng.trading.evaluation.relations import Lead
from gongheng.trading.evaluation.shapes import Criterion, Requirements, Tender
from gongheng.trading.opening import queries as openings
from gongheng.trust.crypto.digests import sm3

NOTHING = Decimal(0)
LAST_PAGE = 100_000
TITLES = {"bid.json": "投标函数据"}
TIES = ("price", "technical")
PRELIMINARY = frozenset({Group.FORM, Group.QUALIFICATION, Group.RESPONSE})
"""Groups of which a bid must meet every criterion (W-15, W-24)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BidFile:
    """A file of an opened bid, by its place.

    ``pages`` says for each criterion that the bidder answered in it where the answer begins, 0 for
    nowhere in particular.
    """

    number: int
    title: str
    path: Path
    pages: Mapping[str, int]

    def anchor(self, criterion: str) -> str:
        """Return the part of an address that leads to the answer in the file."""
        page = self.pages.get(criterion, 0)
        return f"#page={page}" if page else ""

    @property
    def is_technical(self) -> bool:
        """Tell whether the bidder names the file for a technical criterion."""
        return any(code.startswith(f"{Group.TECHNICAL}-") for code in self.pages)


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
    leads: tuple[Lead, ...] = ()
    """What the committee must look at: relations, a consortium; never a rejection by itself."""
    files: tuple[BidFile, ...] = ()
    bond_ok: bool = True
    blind_number: int = 0
    """Its place in another order, under which the technical part is judged where it is blind."""
    is_hidden: bool = False
    """Whose it is must not be seen: this is the technical part of a blind bid (W-42)."""
    is_sealed: bool = False
    """The price lies in a part that is opened only after the technical part is judged (E-29)."""

    @property
    def price_words(self) -> str:
        """Return the opened price as people read it."""
        if self.is_sealed:
            return "尚未开启"
        return f"{self.price:,.2f}" if self.price else "无法识别"

    @property
    def alias(self) -> str:
        """Return what a bid is called beside its name, or instead of it (W-42)."""
        return f"暗标{self.blind_number}" if self.is_hidden else f"投标{self.number}"

    @property
    def place(self) -> int:
        """Return the number by which its page is found."""
        return self.blind_number if self.is_hidden else self.number

    def blind(self) -> "OpenBid":
        """Return the technical part alone, without anything that tells whose it is."""
        files = (file for file in self.files if file.is_technical)
        return replace(
            self,
            bidder_name="",
            price=NOTHING,
            duration_days=None,
            project_manager="",
            quality="",
            findings=(),
            leads=(),
            files=tuple(replace(file, title=f"技术文件{file.number}") for file in files),
            is_hidden=True,
        )

    def without_technical(self) -> "OpenBid":
        """Return the bid without the files that are judged blind."""
        return replace(self, files=tuple(file for file in self.files if not file.is_technical))


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
        is_blind=document.is_technical_blind,
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
    by_code = {bid.bidder_code: bid for bid in found}
    ordered = [by_code[code] for code in drawn(by_code, committee.salt)]
    blind = drawn(by_code, f"{committee.salt}:blind")
    are_sealed = openings.is_sealed_still(committee.case, TECHNICAL_EVALUATED)
    leads = looking.leads_in(committee.case, found)
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
            leads=tuple(lead for lead in leads if lead.bidder_code == bid.bidder_code),
            files=_files(bid.folder, bid.letter, parts=bid.parts),
            bond_ok=bid.bond_ok,
            blind_number=blind.index(bid.bidder_code) + 1,
            is_sealed=are_sealed,
        )
        for number, bid in enumerate(ordered, start=1)
    )


def drawn(codes: Iterable[str], salt: str) -> list[str]:
    """Return bidders in an order that tells nothing of them to whoever does not know the salt."""
    return sorted(codes, key=lambda code: sm3(f"{salt}:{code}".encode()).hex())


def tenders_in(committee: Committee, corrected: Mapping[str, Decimal]) -> list[Tender]:
    """Return the bids as the arithmetic reads them, without looking at their files."""
    are_sealed = openings.is_sealed_still(committee.case, TECHNICAL_EVALUATED)
    return [
        _tender(bid.bidder_code, bid.price or NOTHING, corrected, is_sealed=are_sealed)
        for bid in openings.opened(committee.case.code)
    ]


def _tender(
    code: str, price: Decimal, corrected: Mapping[str, Decimal], *, is_sealed: bool
) -> Tender:
    return Tender(
        bidder_code=code,
        opened_price=price,
        price=corrected.get(code, price),
        is_sealed=is_sealed,
    )


def bidders_of(case_code: str) -> frozenset[str]:
    """Return the codes of the bidders and their partners, none before the bids are made known."""
    try:
        opened = openings.opened(case_code)
    except Refusal:
        return frozenset()
    partners = {code for bid in opened for code, _ in bid.partners if code}
    return frozenset(bid.bidder_code for bid in opened) | partners


def tenders_of(bids: Sequence[OpenBid], corrected: Mapping[str, Decimal]) -> list[Tender]:
    """Return the bids as the arithmetic reads them, with the prices that bidders confirmed."""
    return [_tender(bid.bidder_code, bid.price, corrected, is_sealed=bid.is_sealed) for bid in bids]


def _files(
    folder: Path, letter: Mapping[str, Any], *, parts: Collection[str]
) -> tuple[BidFile, ...]:
    """Return the files of the parts that are made known, with what the letter says of each."""
    rows = letter.get("documents")
    stated: dict[str, list[Mapping[str, Any]]] = {}
    for row in rows if isinstance(rows, list) else []:
        if isinstance(row, Mapping):
            stated.setdefault(str(row.get("name", "")), []).append(row)
    found = [path for part in parts for path in (folder / part).rglob("*") if path.is_file()]
    # What the bidder named for a criterion comes first, the letter's data last.
    paths = sorted(found, key=lambda path: (path.name not in stated, path))
    return tuple(
        BidFile(
            number=number,
            title=_title(path, stated.get(path.name, [])),
            path=path,
            pages={
                str(row["criterion"]): _page(row.get("page"))
                for row in stated.get(path.name, [])
                if row.get("criterion")
            },
        )
        for number, path in enumerate(paths, start=1)
    )


def _title(path: Path, rows: Sequence[Mapping[str, Any]]) -> str:
    named = next((str(row["title"]) for row in rows if row.get("title")), "")
    return named or TITLES.get(path.name, path.name)


def _page(value: object) -> int:
    """Return a page that a letter states; anything that is none is 0."""
    is_page = isinstance(value, int) and not isinstance(value, bool) and 0 < value <= LAST_PAGE
    return value if is_page and isinstance(value, int) else 0
