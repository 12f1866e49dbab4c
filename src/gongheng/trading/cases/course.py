"""The course of a case as its page tells it: what was done, by whom, and what comes next."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from gongheng.trading.cases import hours, queries, standing as standings, work
from gongheng.trading.cases.declaration import Step
from gongheng.trading.cases.due import Due, due_of
from gongheng.trading.cases.duties import BULLETINS
from gongheng.trading.cases.kinds import Role
from gongheng.trading.cases.models import Case, DoneStep, Proposal
from gongheng.trading.cases.standing import Standing
from gongheng.trust.identity.actors import Actor

UNNAMED = frozenset({Role.BIDDER, Role.EXPERT})
"""Whose names the course never tells: who asks or bids, and who evaluates, is secret (A-01, A-04)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A step that was done; ``first`` and ``by`` are names or, where those are secret, roles."""

    number: int
    label: str
    outcome: str
    at: datetime
    by: str
    first: str
    notice: str
    document: str
    notes: tuple[Mapping[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Next:
    """A step that the person may do now: the awaited one, a duty beside it, or a possibility."""

    step: Step
    address: str
    due: Due | None
    is_main: bool
    is_duty: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Awaited:
    """What a case waits for: the step, whose turn it is, from when and until when, by which rule."""

    label: str
    who: str
    opens_at: datetime | None
    due: Due | None
    words: str
    rule: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """A case as one person sees it at an instant."""

    entries: list[Entry]
    steps: list[Next]
    awaited: Awaited | None
    proposals: list[Proposal]
    ending: str


def course_of(case: Case, *, actor: Actor, is_inside: bool, now: datetime) -> Course:
    """Return the course of a case; people from outside see what was published, and their own steps."""
    standing = standings.of(case)
    waiting = {one.step: one for one in case.proposals.filter(settled_at__isnull=True)}
    offered = queries.offers_in(standing, waiting, actor=actor, now=now)
    own = [offer.step for offer in offered if not offer.is_second and _is_shown(offer.step, actor)]
    awaits = work.awaited_by(standing)
    return Course(
        entries=[
            _entry(standing, row)
            for row in queries.history_of(case)
            if is_inside or standing.procedure.step(row.step).notice
        ],
        steps=[_next(standing, step, now=now) for step in own],
        awaited=_awaited(standing, awaits, waiting, now=now) if awaits else None,
        proposals=list(waiting.values()) if is_inside else [],
        ending="" if awaits else standing.procedure.label_of(case.awaits),
    )


def _is_shown(step: Step, actor: Actor) -> bool:
    """Leave out what only members of a committee do: their room tells who is one."""
    return bool(actor.roles - {Role.EXPERT} & {*step.roles}) or Role.EXPERT not in step.roles


def _entry(standing: Standing, row: DoneStep) -> Entry:
    step = standing.procedure.step(row.step)
    outcome = step.outcome(row.outcome)
    unnamed = UNNAMED & {*step.roles}
    return Entry(
        number=row.number,
        label=step.label,
        outcome=outcome.label if outcome else "",
        at=row.done_at,
        by="、".join(role.label for role in step.roles) if unnamed else row.done_by_name,
        first="" if unnamed else row.proposed_by_name,
        notice=BULLETINS.get(step.notice, ""),
        document=row.document,
        notes=tuple(row.notes),
    )


def _next(standing: Standing, step: Step, *, now: datetime) -> Next:
    return Next(
        step=step,
        address=work.address_of(step.code, standing.case.pk),
        due=due_of(hours.hours_of(standing, step, now=now), now=now),
        is_main=not step.is_side,
        is_duty=work.is_duty(standing, step),
    )


def _awaited(
    standing: Standing, step: Step, waiting: Mapping[str, Proposal], *, now: datetime
) -> Awaited:
    told = hours.hours_of(standing, step, now=now)
    return Awaited(
        label=step.label,
        who=work.who_does(step, waiting.get(step.code)),
        opens_at=told.opens_at if told.opens_at and told.opens_at > now else None,
        due=due_of(told, now=now),
        words=told.words,
        rule=told.rule,
    )
