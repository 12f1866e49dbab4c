"""Looks at the opened bids of a lot for relations: registrations as they were, notice, letters.

It begins with what the opening made known; before that there is nothing to look at (A-01).
"""

from collections.abc import Iterator, Mapping, Sequence

from django.conf import settings

from gongheng.data.records import queries as records
from gongheng.registers.subjects import queries as subjects
from gongheng.registers.subjects.queries import Registered
from gongheng.trading.bids import queries as bids
from gongheng.trading.cases import barring
from gongheng.trading.cases.models import Case
from gongheng.trading.evaluation import relations
from gongheng.trading.evaluation.relations import Bidding, Lead, Side, Unit
from gongheng.trading.notices import queries as notices
from gongheng.trading.opening.queries import OpenedBid

CONSORTIA = "SYNDICATED_FLAG"
YES = "1"


def leads_in(case: Case, opened: Sequence[OpenedBid]) -> list[Lead]:
    """Return what the committee must look at in these bids (A-11, A-12, J-01, J-02, W-39).

    A bidder is what the version of its registration says that its bid rests on, everybody else
    what the register said when bids were due: what is changed later changes nothing here. Raises
    ``Refusal`` (FORGED_COPY).
    """
    due = bids.deadline_of(case) or case.begun_at
    units = {bid.bidder_code for bid in opened}
    units |= {code for bid in opened for code, _ in bid.partners}
    running = barring.operators_among(units, now=due) | {settings.NODE.platform_code}
    parties = {case.tenderer_code, case.agency_code, *running}
    then = subjects.registered_at((units | parties) - {""}, at=due)
    biddings = _biddings(opened, then)
    sides = list(_sides(case, running, then))
    return relations.leads(biddings, sides=sides, takes_consortia=takes_consortia(case))


def takes_consortia(case: Case) -> bool | None:
    """Tell whether what invited the bids of a round takes those of consortia; ``None``: unknown."""
    notice = notices.notice_of_round(case) or notices.standing_notice(case.code)
    version = records.own_record(notice.version_id) if notice else None
    said = version.body.get(CONSORTIA) if version else None
    return None if said is None else said == YES


def _biddings(opened: Sequence[OpenedBid], then: Mapping[str, Registered]) -> list[Bidding]:
    frozen = bids.registered_as([bid.bid_id for bid in opened])
    said = subjects.registered_in(set(frozen.values()))
    by_bid = {bid_id: said[version] for bid_id, version in frozen.items() if version in said}
    return [
        Bidding(
            bidder=_unit(bid.bidder_code, bid.bidder_name, by_bid.get(bid.bid_id)),
            partners=tuple(_unit(code, name, then.get(code)) for code, name in bid.partners),
        )
        for bid in opened
    ]


def _unit(code: str, name: str, version: Registered | None) -> Unit:
    return Unit(code=code, name=name, head=version.head if version else "")


def _sides(case: Case, running: frozenset[str], then: Mapping[str, Registered]) -> Iterator[Side]:
    named = [("招标人", case.tenderer_code, relations.SAME_HEAD)]
    named += [("本项目的招标代理机构", case.agency_code, relations.AGENCY)]
    named += [("本平台的运营机构", code, relations.OPERATOR) for code in sorted(running)]
    for words, code, law in named:
        version = then.get(code)
        if code:
            yield Side(
                words=words, unit=_unit(code, version.name if version else "", version), law=law
            )
