"""The list of cases: what was asked for, the rows, and where each of them stands."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet

from gongheng.trading.cases import hours, queries, standing as standings, work
from gongheng.trading.cases.due import Due, due_of
from gongheng.trading.cases.models import Case
from gongheng.trust.identity.actors import Actor

LONGEST_WORD = 60


@dataclass(frozen=True, slots=True)
class Asked:
    """The filters of an address; what it does not know is left out."""

    is_mine: bool = False
    state: str = ""
    word: str = ""

    @classmethod
    def of(cls, query: Mapping[str, str]) -> "Asked":
        """Return what an address asks for."""
        state = query.get("state", "")
        return cls(
            is_mine=query.get("mine", "") == "1",
            state=state if state in {"open", "over"} else "",
            word=query.get("word", "").strip().replace("\0", "")[:LONGEST_WORD],
        )

    @property
    def is_filtered(self) -> bool:
        """Tell whether anything is left out of the list."""
        return self.is_mine or bool(self.state or self.word)


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A case of the list: what it awaits, from whom and until when; or how it ended."""

    case: Case
    awaits: str
    who: str
    due: Due | None
    opens_at: datetime | None = None


def chosen(asked: Asked, *, actor: Actor) -> QuerySet[Case]:
    """Return the cases that a person may read and asked for."""
    found = queries.cases_for(actor)
    if asked.is_mine:
        found = found.filter(is_over=False, awaits__in=work.steps_of(actor))
    if asked.state:
        found = found.filter(is_over=asked.state == "over")
    if asked.word:
        found = found.filter(Q(title__icontains=asked.word) | Q(code__istartswith=asked.word))
    return found


def lines(cases: list[Case], *, now: datetime) -> list[Line]:
    """Return the rows of a page, in one question for all."""
    return [_line(standing, now=now) for standing in standings.of_many(cases)]


def _line(standing: standings.Standing, *, now: datetime) -> Line:
    step = work.awaited_by(standing)
    if step is None:
        return Line(
            case=standing.case,
            awaits=standing.procedure.label_of(standing.case.awaits),
            who="",
            due=None,
        )
    told = hours.hours_of(standing, step, now=now)
    return Line(
        case=standing.case,
        awaits=step.label,
        who=work.who_does(step, None),
        due=due_of(told, now=now),
        opens_at=told.opens_at if told.opens_at and told.opens_at > now else None,
    )
