"""Who in a lot is related to whom, and who bids together though nobody may: leads for the committee.

What is found is never a rejection: a name may belong to two people, a leader may be listed among its
own members. The members look, and reject by a ground of the law or do not. Pure.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from unicodedata import normalize

from gongheng.kernel.law import Law
from gongheng.trading.evaluation.kinds import Ground

REGULATION = "招标投标法实施条例"
SAME_HEAD = Law(REGULATION, "第三十四条", rule="W-39")
"""Related units do not bid in one lot (J-05)."""
AGENCY = Law(REGULATION, "第十三条", rule="A-12")
OPERATOR = Law("电子招标投标办法", "第二十三条", rule="A-11")
CONSORTIUM = Law("招标投标法", "第三十一条", rule="J-01")
TWICE = Law(REGULATION, "第三十七条", rule="J-02")


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """An organisation as the register had it when bids were due.

    ``head`` is empty if unknown, ``code`` where a letter names a partner without one.
    """

    code: str
    name: str
    head: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bidding:
    """A bid: who handed it in, and the partners whom its letter names."""

    bidder: Unit
    partners: tuple[Unit, ...] = ()

    @property
    def units(self) -> tuple[Unit, ...]:
        """Return everybody who bids by it, each once."""
        every = {unit.code or unit.name: unit for unit in (*self.partners, self.bidder)}
        return tuple(every.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """Who must not bid, nor anybody related: the tenderer, its agency, who runs the platform."""

    words: str
    unit: Unit
    law: Law


@dataclass(frozen=True, slots=True, kw_only=True)
class Lead:
    """What the committee must look at in a bid, and by which ground it could reject (W-24)."""

    bidder_code: str
    message: str
    law: Law
    ground: Ground

    def __str__(self) -> str:
        """Return the lead as it stands in the report."""
        return f"{self.message}（{self.law}，规则{self.law.rule}，由评标委员会认定）"


def leads(
    bids: Sequence[Bidding], *, sides: Sequence[Side], takes_consortia: bool | None
) -> list[Lead]:
    """Return what is found of these bids of one lot, by bid.

    ``takes_consortia`` is what the notice says, ``None`` where no notice is found.
    """
    twice, heads = _bids_of_units(bids), _units_by_head(bids)
    every = (
        (
            *_together(bid, takes_consortia),
            *_in_two_bids(bid, twice),
            *_same_head(bid, heads),
            *chain.from_iterable(_of_a_side(bid, side) for side in sides),
        )
        for bid in bids
    )
    return list(chain.from_iterable(every))


def _lead(bid: Bidding, message: str, law: Law, ground: Ground = Ground.UNQUALIFIED) -> Lead:
    return Lead(bidder_code=bid.bidder.code, message=message, law=law, ground=ground)


def _together(bid: Bidding, takes_consortia: bool | None) -> Iterator[Lead]:  # noqa: FBT001  three-valued
    """Yield what a consortium gives to look at: whether it may bid, and its agreement (J-01)."""
    if not bid.partners:
        return
    names = "、".join(unit.name for unit in bid.partners)
    if takes_consortia is False:
        words = f"招标公告不接受联合体投标，而投标函写明联合体成员：{names}。"
        yield _lead(bid, words, CONSORTIUM, Ground.UNRESPONSIVE)
        return
    unsaid = "没有查到招标公告是否接受联合体；" if takes_consortia is None else ""
    words = (
        f"联合体投标，投标函写明成员：{names}。{unsaid}请核对是否提交共同投标协议，"
        "各成员是否具备承担相应部分的资格；同一专业的，按资质等级较低的成员确定。"
    )
    yield _lead(bid, words, CONSORTIUM, Ground.CONSORTIUM)


def _bids_of_units(bids: Sequence[Bidding]) -> Mapping[str, list[Bidding]]:
    found: dict[str, list[Bidding]] = defaultdict(list)
    for bid in bids:
        for unit in bid.units:
            found[unit.code].append(bid)
    return found


def _in_two_bids(bid: Bidding, bids_of: Mapping[str, list[Bidding]]) -> Iterator[Lead]:
    """Yield who of a bid also stands in another one, alone or in a consortium (J-02)."""
    for unit in bid.units:
        others = [other.bidder.name for other in bids_of[unit.code] if other is not bid]
        if unit.code and others:
            words = f"{unit.name}参加本投标，又参加{'、'.join(others)}在同一标段的投标。"
            yield _lead(bid, words, TWICE)


def _units_by_head(bids: Sequence[Bidding]) -> Mapping[str, list[tuple[Bidding, Unit]]]:
    found: dict[str, list[tuple[Bidding, Unit]]] = defaultdict(list)
    for bid in bids:
        for unit in bid.units:
            found[_folded(unit.head)].append((bid, unit))
    return found


def _same_head(bid: Bidding, heads: Mapping[str, list[tuple[Bidding, Unit]]]) -> Iterator[Lead]:
    """Yield whose registered head has the name of one in another bid (W-39)."""
    for unit in bid.units:
        name = _folded(unit.head)
        others = {
            other.name
            for elsewhere, other in heads[name]
            if name and elsewhere is not bid and other.code != unit.code
        }
        if others:
            words = (
                f"{unit.name}登记的法定代表人（单位负责人）{unit.head}，"
                f"与同一标段{'、'.join(sorted(others))}的同名；请核对是否同一人。"
            )
            yield _lead(bid, words, SAME_HEAD)


def _of_a_side(bid: Bidding, side: Side) -> Iterator[Lead]:
    """Yield who of a bid is a party of the tender, or has its head (A-11, A-12, W-39)."""
    for unit in bid.units:
        if unit.code and unit.code == side.unit.code:
            yield _lead(bid, f"{unit.name}是{side.words}，不得投标。", side.law)
        elif unit.head and _folded(unit.head) == _folded(side.unit.head):
            words = (
                f"{unit.name}登记的法定代表人（单位负责人）{unit.head}，与{side.words}"
                f"{side.unit.name}的同名；请核对是否同一人、是否影响招标公正性。"
            )
            yield _lead(bid, words, side.law)


def _folded(head: str) -> str:
    return "".join(normalize("NFKC", head).split()).casefold()
