"""The model check, first part: every name is known, every step can be done by somebody."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator

from gongheng.kernel.terms import all_terms
from gongheng.trading.cases.declaration import (
    DONE_AT,
    STAY,
    Dispute,
    Period,
    Procedure,
    Step,
    TermName,
    Threshold,
)
from gongheng.trading.cases.duties import BULLETINS

Found = Iterator[tuple[str, str, str]]


def find(procedure: Procedure) -> Found:
    """Yield (kind, place, message) of every fault of form."""
    yield from _doubled(procedure)
    for step in procedure.steps:
        yield from _names_in(step, procedure)
        yield from _doers(step)
        if not step.outcomes and not step.is_silent:
            yield "no_outcome", step.code, "the step comes to nothing"
        if step.is_silent and (step.outcomes or step.notice or not step.is_side):
            yield "silent_writes", step.code, "a silent step leaves no trace and leads nowhere"
    yield from _names_around(procedure)
    yield from _permissions(procedure)


def terms_of(step: Step) -> list[Period | Threshold]:
    """Return every mention of a term in a step."""
    return [
        *step.periods,
        *step.thresholds,
        *(item for outcome in step.outcomes for item in outcome.thresholds),
    ]


def _doubled(procedure: Procedure) -> Found:
    codes = [step.code for step in procedure.steps] + [ending.code for ending in procedure.endings]
    for code, times in Counter(codes).items():
        if times > 1:
            yield "code_twice", code, "two steps or endings of this code"
    for step in procedure.steps:
        for code, times in Counter(outcome.code for outcome in step.outcomes).items():
            if times > 1:
                yield "code_twice", step.code, f"two outcomes {code}"


def _names_in(step: Step, procedure: Procedure) -> Found:
    steps = procedure.by_code()
    mains = {code for code, other in steps.items() if not other.is_side}
    unknown = [
        *(f"during {code}" for code in step.during if code not in mains),
        *(f"needs {code}" for code in step.needs if code not in steps),
        *_unknown_targets(step, procedure, mains),
        *_unknown_instants(step, set(steps)),
        *_unknown_terms(terms_of(step)),
    ]
    if step.notice not in {*BULLETINS, ""}:
        unknown.append(f"notice {step.notice}")
    for name in unknown:
        yield "unknown_name", step.code, name


def _unknown_targets(step: Step, procedure: Procedure, mains: set[str]) -> Iterator[str]:
    endings = {ending.code for ending in procedure.endings}
    targets = endings | mains | ({STAY} if step.is_side else set())
    for outcome in step.outcomes:
        if outcome.to not in targets:
            yield f"outcome {outcome.code} leads to {outcome.to}"
        if outcome.closes_as not in endings | {""}:
            yield f"outcome {outcome.code} ends in {outcome.closes_as}"


def _unknown_instants(step: Step, steps: set[str]) -> Iterator[str]:
    names = [name for period in step.periods for name in (period.start, period.end)]
    for name in [*names, step.not_before, step.before]:
        if name.startswith(DONE_AT) and name.removeprefix(DONE_AT) not in steps:
            yield f"instant {name}"


def _unknown_terms(names: Iterable[Period | Threshold | TermName]) -> Iterator[str]:
    known = {(term.rule, term.key) for term in all_terms()}
    for name in names:
        if (name.rule, name.key) not in known:
            yield f"term {name.rule} {name.key}".rstrip()


def _doers(step: Step) -> Found:
    if not step.permission:
        yield "no_permission", step.code, "nobody is asked for a permission"
    if not step.roles:
        yield "no_role", step.code, "nobody may do it"


def _names_around(procedure: Procedure) -> Found:
    steps = procedure.by_code()
    if procedure.begins_at not in steps:
        yield "unknown_name", procedure.code, f"begins at {procedure.begins_at}"
    for unknown in _unknown_terms(_terms_around(procedure)):
        yield "unknown_name", procedure.code, unknown
    for dispute in procedure.disputes:
        yield from _dispute(dispute, procedure)


def _terms_around(procedure: Procedure) -> Iterator[TermName]:
    if procedure.committee:
        yield from (procedure.committee.size, procedure.committee.experts)
    for deposit in procedure.deposits:
        yield from (*deposit.limits, *deposit.refunds)


def _dispute(dispute: Dispute, procedure: Procedure) -> Found:
    steps = procedure.by_code()
    objection, answer = steps.get(dispute.objection), steps.get(dispute.answer)
    if objection is None or objection.suspends != dispute.matter:
        yield "unknown_name", dispute.matter, f"no step {dispute.objection} raises the matter"
    if answer is None or answer.resumes != dispute.matter:
        yield "unknown_name", dispute.matter, f"no step {dispute.answer} answers the matter"


def _permissions(procedure: Procedure) -> Found:
    meanings: dict[str, set[frozenset[str]]] = defaultdict(set)
    for step in procedure.steps:
        if step.permission:
            meanings[step.permission].add(frozenset(step.roles))
    for permission, roles in meanings.items():
        if len(roles) > 1:
            yield "two_meanings", permission, "one permission for different roles"
