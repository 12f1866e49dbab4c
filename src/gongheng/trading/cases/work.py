"""What a person finds on the workbench: own steps, what others must do first, what was done."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import models
from django.db.models import Q, Value, When
from django.urls import NoReverseMatch, reverse

from gongheng.kernel.clock import to_minute
from gongheng.trading.cases import hours, queries, standing as standings
from gongheng.trading.cases.declaration import Step
from gongheng.trading.cases.due import Due, due_of
from gongheng.trading.cases.models import Case, DoneStep, ProcedureVersion, Proposal, Review
from gongheng.trading.cases.standing import Standing
from gongheng.trust.identity.actors import Actor
from gongheng.web import work

MOST_CASES = 50
"""Cases that the workbench looks into; the list of cases shows the others."""
SHOWN_DONE = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A line of the workbench: what, of which case, where, until when; ``who`` is whose turn it is."""

    title: str
    address: str
    subject: str = ""
    case_code: str = ""
    due: Due | None = None
    who: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Workbench:
    """The lists of one person; ``is_cut``: there are more cases than were looked into."""

    mine: list[Line]
    others: list[Line]
    done: list[Line]
    is_cut: bool


def workbench(actor: Actor, *, now: datetime) -> Workbench:
    """Return a person's workbench at an instant, in a handful of questions however many cases."""
    found = _cases(actor)
    seen = found[:MOST_CASES]
    waiting = _waiting([case.pk for case in seen])
    mine = [_of_task(task, now=now) for task in work.tasks_of(actor, now=now)]
    mine += _returned(actor)
    mine += _to_confirm(actor)
    others = list(_own_proposals(actor))
    for standing in standings.of_many(seen):
        theirs = waiting.get(standing.case.pk, {})
        offered = queries.offers_in(standing, theirs, actor=actor, now=now)
        own = [offer.step for offer in offered if not offer.is_second]
        mine += [_line(standing, step, now=now) for step in own if is_duty(standing, step)]
        is_asked = any(one.proposed_by == actor.account_id for one in theirs.values())
        if not is_asked and not any(not offer.step.is_side for offer in offered):
            others.append(_awaited(standing, theirs, now=now))
    return Workbench(
        mine=sorted(mine, key=_urgency),
        others=sorted(others, key=_urgency),
        done=_done(actor),
        is_cut=len(found) > MOST_CASES,
    )


def is_duty(standing: Standing, step: Step) -> bool:
    """Tell whether somebody must do a step: the awaited one, an answer, what others wait for.

    What one may also do (clarify, terminate) stands on the page of the case.
    """
    if not step.is_side or step.resumes:
        return True
    is_needed = any(step.code in other.needs for other in standing.procedure.steps)
    return is_needed or any(period.is_noted for period in step.periods)


def address_of(step: str, case_id: UUID) -> str:
    """Return the page of a step; where no room has one, that of the case."""
    try:
        return reverse(f"case-{step}", args=[case_id])
    except NoReverseMatch:
        return reverse("case", args=[case_id])


def steps_of(actor: Actor) -> frozenset[str]:
    """Return the codes of the steps that a person's roles do or confirm, in any procedure."""
    versions = ProcedureVersion.objects.values_list("pk", flat=True)
    return frozenset(
        step.code
        for version in versions
        for step in standings.declaration(version).steps
        if actor.roles & {*step.roles, *step.second}
    )


def awaited_by(standing: Standing) -> Step | None:
    """Return the step that a case awaits; none once it is over."""
    return None if standing.case.is_over else standing.procedure.step(standing.case.awaits)


def who_does(step: Step, proposal: Proposal | None) -> str:
    """Return whose turn a step is, in words."""
    roles = step.second if proposal else step.roles
    label = "、".join(role.label for role in roles)
    return f"{label}（另一人复核）" if proposal else label


def _cases(actor: Actor) -> list[Case]:
    """Return the cases under way, those first whose turn is the person's."""
    is_mine = models.Case(
        When(awaits__in=steps_of(actor), then=Value(value=True)),
        default=Value(value=False),
        output_field=models.BooleanField(),
    )
    under_way = queries.cases_for(actor).filter(is_over=False).annotate(is_mine=is_mine)
    return list(under_way.order_by("-is_mine", "-begun_at", "-id")[: MOST_CASES + 1])


def _waiting(cases: list[UUID]) -> Mapping[UUID, dict[str, Proposal]]:
    found: dict[UUID, dict[str, Proposal]] = {}
    for one in Proposal.objects.filter(case__in=cases, settled_at__isnull=True):
        found.setdefault(one.case_id, {})[one.step] = one
    return found


def _line(standing: Standing, step: Step, *, now: datetime) -> Line:
    case = standing.case
    return Line(
        title=step.label,
        address=address_of(step.code, case.pk),
        subject=case.title,
        case_code=case.code,
        due=due_of(hours.hours_of(standing, step, now=now), now=now),
    )


def _awaited(standing: Standing, waiting: Mapping[str, Proposal], *, now: datetime) -> Line:
    case, step = standing.case, standing.procedure.step(standing.case.awaits)
    told = hours.hours_of(standing, step, now=now)
    opens = f"{to_minute(told.opens_at)} 起办理" if told.opens_at and told.opens_at > now else ""
    return Line(
        title=step.label,
        address=reverse("case", args=[case.pk]),
        subject=case.title,
        case_code=case.code,
        due=due_of(told, now=now),
        who=who_does(step, waiting.get(step.code)),
        note=opens,
    )


def _of_task(task: work.Task, *, now: datetime) -> Line:
    return Line(
        title=task.title,
        address=task.address,
        subject=task.subject,
        case_code=task.case_code,
        due=Due(task.due_at, now, task.rule) if task.due_at else None,
    )


def _to_confirm(actor: Actor) -> Iterator[Line]:
    for one, lots in _by_matter(queries.proposals_to_confirm(actor)):
        step = queries.declaration_of(one.case).step(one.step)
        yield Line(
            title=f"复核：{step.label}",
            address=reverse("case-confirm", args=[one.pk]),
            subject=one.case.title,
            case_code=one.case.code,
            note=f"{one.proposed_by_name}提交" + (f"，共 {lots} 个标段" if lots > 1 else ""),
        )


def _own_proposals(actor: Actor) -> Iterator[Line]:
    for one, lots in _by_matter(queries.proposals_of(actor)):
        step = queries.declaration_of(one.case).step(one.step)
        yield Line(
            title=f"{step.label}（您已提交）",
            address=reverse("case-confirm", args=[one.pk]),
            subject=one.case.title,
            case_code=one.case.code,
            who=who_does(step, one),
            note=f"共 {lots} 个标段" if lots > 1 else "",
        )


def _by_matter(proposals: Iterable[Proposal]) -> list[tuple[Proposal, int]]:
    lots: dict[UUID, list[Proposal]] = {}
    for one in proposals:
        lots.setdefault(one.matter, []).append(one)
    return [(ones[0], len(ones)) for ones in lots.values()]


def _returned(actor: Actor) -> Iterator[Line]:
    for review, case in queries.returned_to(actor):
        yield _of_return(review, case)


def _of_return(review: Review, case: Case) -> Line:
    step = queries.declaration_of(case).step(review.step)
    return Line(
        title=f"修改后重新提交：{step.label}",
        address=address_of(step.code, case.pk),
        subject=case.title,
        case_code=case.code,
        note=f"{review.reviewed_by_name}退回：{review.reason}",
    )


def _done(actor: Actor) -> list[Line]:
    own = Q(done_by=actor.account_id) | Q(proposed_by=actor.account_id)
    rows = DoneStep.objects.filter(own).select_related("case")
    return [
        Line(
            title=queries.declaration_of(row.case).step(row.step).label,
            address=reverse("case", args=[row.case_id]),
            subject=row.case.title,
            case_code=row.case.code,
            note=to_minute(row.done_at),
        )
        for row in rows.order_by("-done_at", "-id")[:SHOWN_DONE]
    ]


def _urgency(line: Line) -> tuple[bool, float]:
    return (line.due is None, line.due.at.timestamp() if line.due else 0)
