"""The winner beside the candidates: on which list the name stands, or on none."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from uuid import UUID

from gongheng.data.standard.values import is_blank
from gongheng.kernel.law import Law
from gongheng.kernel.terms.sources import TENDERING_LAW
from gongheng.public.dossier.kinds import Stage
from gongheng.public.dossier.papers import Paper
from gongheng.public.portal.past import candidates_of, price_of
from gongheng.public.portal.presenting import said
from gongheng.public.search.plain import plain
from gongheng.public.search.words import stem

WINNER_IS_LISTED = Law(TENDERING_LAW, "第四十条", rule="W-29")
"""The tenderer fixes the winner among the candidates that the committee recommended."""
_INVISIBLE = re.compile(r"[\s\u200b-\u200f\u2060\ufeff]")
_APART = re.compile(r"[,;|/、，；]")
_ROLE = re.compile(
    r"\((?:联合体)?(?:牵头人|牵头单位|牵头方|主办方|主体|成员|成员单位|联合体|主|成)\)"
    r"|^(?:联合体|牵头人|牵头单位|成员|成员单位)[:：]"
)
_PRICE = (
    r"(?:\([0-9a-z]{9,18}\))?[;:,。]?(?:投标报价|投标价格?|报价)[:为]?([0-9,]+(?:\.[0-9]+)?万?元)"
)
_RANKED = (
    ("1", "FIRST_BIDDER_NAME"),
    ("2", "SECOND_BIDDER_NAME"),
    ("3", "THIRD_BIDDER_NAME"),
)
_LOT = "SECTION"


class Standing(StrEnum):
    """How the winner stands to the lists of candidates."""

    LISTED = "listed"
    IN_PART = "in_part"
    NOWHERE = "nowhere"
    NO_LIST = "no_list"


@dataclass(frozen=True, slots=True)
class Candidate:
    """A line of a list; ``order`` is the rank, in history the place on the list."""

    order: str
    name: str
    price: str
    is_winner: bool = False


@dataclass(frozen=True, slots=True)
class Winner:
    """Whom a result names; ``paper`` is the version that says so."""

    paper: UUID
    name: str
    price: str
    standing: Standing


@dataclass(frozen=True, slots=True)
class Comparison:
    """Candidates, result and contract of one lot, or of one notice of history.

    ``contracts`` are party and price; ``estimate`` what the lot was reckoned at.
    """

    title: str
    candidates: list[Candidate]
    lists: list[UUID]
    winners: list[Winner]
    contracts: list[tuple[str, str]]
    estimate: str


def folded(name: str) -> str:
    """Return a name as names are compared: half width, no blanks, no case."""
    return _INVISIBLE.sub("", unicodedata.normalize("NFKC", name)).casefold()


def members(name: str) -> frozenset[str]:
    """Return the members of a consortium, folded, without the words for their parts in it."""
    parts = (_ROLE.sub("", part) for part in _APART.split(folded(name)))
    return frozenset(part for part in parts if part)


def standing_of(winner: str, names: Sequence[str]) -> Standing:
    """Tell how a winner stands to the names of the candidates."""
    if not names:
        return Standing.NO_LIST
    if folded(winner) in {folded(name) for name in names}:
        return Standing.LISTED
    won, listed = members(winner), frozenset[str]().union(*map(members, names))
    if won and won <= listed:
        return Standing.LISTED
    return Standing.IN_PART if won & listed else Standing.NOWHERE


@dataclass(slots=True)
class _Group:
    """What is known of a lot; ``mark`` is its code, or what titles of history share."""

    mark: str
    title: str = ""
    lists: list[tuple[UUID, list[Candidate]]] = field(default_factory=list)
    letters: list[str] = field(default_factory=list)
    awards: list[tuple[UUID, str, str]] = field(default_factory=list)
    contracts: list[tuple[str, str]] = field(default_factory=list)
    estimate: str = ""


def comparisons(papers: Sequence[Paper]) -> list[Comparison]:
    """Return candidates beside results, lot by lot; only where there is a list or a result."""
    groups: dict[str, _Group] = {}
    for paper in papers:
        if paper.stands:
            _take(groups, paper)
    found = [group for group in groups.values() if group.lists or group.awards]
    _join_the_only_two(found)
    every = [one.name for group in found for _, listed in group.lists for one in listed]
    return [_comparison(group, every) for group in found if group.lists or group.awards]


def _take(groups: dict[str, _Group], paper: Paper) -> None:
    for mark in paper.lots or (stem(paper.title),):
        group = groups.setdefault(mark, _Group(mark))
        if paper.dataset == _LOT:
            group.title = paper.title
            group.estimate = said(_LOT, paper.body, "CONTRACT_RECKON_PRICE")
        elif paper.stage is Stage.CANDIDATES:
            if listed := listed_in(paper):
                group.lists.append((paper.id, listed))
            group.letters.append(folded(plain(paper.body.get("PUBLICITY_CONTENT", ""))))
        elif paper.stage is Stage.AWARD:
            group.awards += [(paper.id, name, price) for name, price in won_in(paper)]
        elif paper.stage is Stage.CONTRACT:
            group.contracts += won_in(paper)
        if not group.title and (group.lists or group.awards):
            group.title = paper.title


def _join_the_only_two(groups: list[_Group]) -> None:
    """Put a list and a result together that are the only ones, whatever their titles are."""
    listing = [group for group in groups if group.lists]
    awarding = [group for group in groups if group.awards]
    if len(listing) == len(awarding) == 1 and listing[0] is not awarding[0]:
        listing[0].awards, awarding[0].awards = awarding[0].awards, []
        listing[0].contracts += awarding[0].contracts
        groups.remove(awarding[0])


def _comparison(group: _Group, every: Sequence[str]) -> Comparison:
    """Compare with the list of the lot; a result without one, with every list of the case."""
    listed = _ranked(one for _, each in group.lists for one in each)
    names = [one.name for one in listed] or every
    won = frozenset[str]().union(*(members(name) for _, name, _ in group.awards))
    return Comparison(
        title=group.title,
        candidates=[
            Candidate(
                one.order,
                one.name,
                one.price or price_in(group.letters, one.name),
                is_winner=bool(members(one.name) & won),
            )
            for one in listed
        ],
        lists=list(dict.fromkeys(paper for paper, _ in group.lists)),
        winners=[
            Winner(paper, name, price, standing_of(name, names))
            for paper, name, price in group.awards
        ],
        contracts=group.contracts,
        estimate=group.estimate,
    )


def price_in(letters: Iterable[str], name: str) -> str:
    """Return the price that the words of a publicity (folded) give beside a name.

    A publicity of others may name the candidates without a row for each.
    """
    beside = re.compile(re.escape(folded(name)) + _PRICE)
    found = (match[1] for letter in letters if (match := beside.search(letter)))
    return next((price.replace("元", " 元").replace("万 元", " 万元") for price in found), "")


def _ranked(listed: Iterable[Candidate]) -> list[Candidate]:
    """Return each candidate once: a publicity may name those who have rows of their own."""
    found: dict[str, Candidate] = {}
    for one in listed:
        known = found.get(folded(one.name))
        if known is None or (one.price and not known.price):
            found[folded(one.name)] = one
    return sorted(found.values(), key=lambda one: (not one.order.isdigit(), _number(one.order)))


def _number(order: str) -> int:
    return int(order) if order.isascii() and order.isdigit() and len(order) < 6 else 0  # noqa: PLR2004  longer ones are no rank


def listed_in(paper: Paper) -> list[Candidate]:
    """Return the candidates that a paper names."""
    body = paper.body
    if paper.is_history:
        return [Candidate(one.order, one.name, one.price) for one in candidates_of(body)]
    if paper.dataset == "TENDER_CANDIDATE":
        price = _first(paper, "BID_PRICE", "OTHER_BID_PRICE")
        order, name = body.get("WIN_CANDIDATE_ORDER", ""), body.get("WIN_CANDIDATE_NAME", "")
        return [] if is_blank(name) else [Candidate(order, name, price)]
    named = [(order, body.get(column, "")) for order, column in _RANKED]
    return [Candidate(order, name, "") for order, name in named if not is_blank(name)]


_WINNERS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "WIN_RESULT_ANNO": ("WIN_BIDDER_NAME", ("BID_AMOUNT", "OTHER_BID_PRICE")),
    "BID_DEAL_ANNOUNCE": ("WINNINGBIDDER_NAME", ("WIN_BID_PRICE", "WIN_BID_RATE")),
    "DEAL_LAND_INFO": ("LENDING_NAME", ("DEAL_PRICE",)),
    "CONTRACT_PERFORMANCE": ("BIDDER_NAME", ("CONTRACT_PRICE", "OTHER_CONTRACT_PRICE")),
    "PURCHASE_CONTRACT": ("SUPPLIER_NAME", ("CONTRACT_AMOUNT", "WIN_BID_RATE")),
}


def won_in(paper: Paper) -> Iterator[tuple[str, str]]:
    """Yield whom a result or a contract names, and the price as far as it is public."""
    if paper.is_history and not is_blank(paper.body.get("HISTORY_WINNER", "")):
        yield paper.body["HISTORY_WINNER"], price_of(paper.body)
        return
    column, prices = _WINNERS.get(paper.dataset, ("", ()))
    name = paper.body.get(column, "")
    if not is_blank(name):
        yield name, _first(paper, *prices)


def _first(paper: Paper, *columns: str) -> str:
    told = (said(paper.dataset, paper.body, column) for column in columns)
    return next(filter(None, told), "")
