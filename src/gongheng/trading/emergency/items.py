"""What each secret item says, read from the room that keeps it; called by ``actions.look`` alone."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from gongheng.trading.cases.models import Case
from gongheng.trading.emergency.kinds import Item
from gongheng.trading.evaluation import queries as evaluation
from gongheng.trading.evaluation.kinds import MemberKind, MemberState
from gongheng.trading.invitations import queries as invitations


@dataclass(frozen=True, slots=True)
class Line:
    """One name of a list, with its code or organisation and a word about it."""

    name: str
    code: str
    word: str


def _invitees(case: Case) -> list[Line]:
    return [Line(one.name, one.code, "") for one in invitations.invitees_of(case)]


def _committee(case: Case) -> list[Line]:
    committee = evaluation.committee_of(case)
    if committee is None:
        return []
    return [
        Line(
            member.name,
            member.organisation_name,
            f"{MemberKind(member.kind).label}，{MemberState(member.state).label}",
        )
        for member in committee.members.order_by("seat", "id")
    ]


_READERS: Mapping[Item, Callable[[Case], list[Line]]] = {
    Item.INVITEES: _invitees,
    Item.COMMITTEE: _committee,
}


def lines_of(case: Case, item: Item) -> list[Line]:
    """Return what a list says now."""
    return _READERS[item](case)
