"""The model check, third part: the notices, terms, people and secrets that the law asks for."""

from collections.abc import Iterator
from datetime import date

from gongheng.kernel import terms
from gongheng.kernel.reasons import Refusal
from gongheng.kernel.terms import Kind, Term, tightened
from gongheng.trading.cases.declaration import Outcome, Period, Procedure, Step, TermName, View
from gongheng.trading.cases.duties import (
    BULLETINS,
    INVITED,
    LAWS,
    LEAST_INVITED,
    NEVER_VISIBLE,
    OF_BIDDING,
    Duty,
    Law,
)
from gongheng.trading.cases.kinds import Deed, TenderMode
from gongheng.trading.cases.shape import terms_of

Found = Iterator[tuple[str, str, str]]


def find(procedure: Procedure, *, on: date) -> Found:
    """Yield (kind, place, message) of everything that the law asks for and that is not there."""
    law = LAWS[procedure.regime]
    yield from _deeds(procedure, law)
    if procedure.tender_mode is TenderMode.INVITED:
        yield from _invitation(procedure)
    for step in procedure.steps:
        yield from _notice_and_terms(step, law.duty(step.deed))
        yield from _second_person(step, law.duty(step.deed))
        yield from _order(procedure, step, law.duty(step.deed))
        for period in step.periods:
            yield from _period(step, period, on=on)
        yield from _counts(step)
    for view in procedure.views:
        yield from _secret(view, law)


def _deeds(procedure: Procedure, law: Law) -> Found:
    present = {step.deed for step in procedure.steps}
    for deed in sorted(law.deeds - present):
        yield "deed_missing", procedure.code, f"no step is the deed {deed}"
    binding = [step for step in procedure.steps if step.binds_terms]
    if not binding or any(not step.notice for step in binding):
        yield "terms_unbound", procedure.code, "no public notice fixes which terms bind the case"
    if procedure.committee is None and Deed.EVALUATE in present:
        yield "deed_missing", procedure.code, "nothing says how the committee is made up"
    if not procedure.methods and Deed.EVALUATE in present:
        yield "deed_missing", procedure.code, "no evaluation method"


def _invitation(procedure: Procedure) -> Found:
    """Yield where a letter goes to too few, or somebody else than the invited may answer it."""
    for step in procedure.steps:
        if step.deed is Deed.INVITE and LEAST_INVITED not in _given(step):
            yield "term_missing", step.code, f"the law fixes {LEAST_INVITED.rule}"
        if step.deed in OF_BIDDING and INVITED not in step.guards:
            yield "uninvited", step.code, "others than the invited may do it"


def _given(step: Step) -> set[TermName]:
    return {TermName(rule=item.rule, key=item.key) for item in terms_of(step)}


def _notice_and_terms(step: Step, duty: Duty) -> Found:
    if duty.notices and step.notice not in duty.notices:
        names = "、".join(BULLETINS[code] for code in sorted(duty.notices))
        yield "notice_missing", step.code, f"the law asks for {names}"
    given = _given(step)
    for name in duty.terms:
        if name not in given:
            yield "term_missing", step.code, f"the law fixes {name.rule} {name.key}".rstrip()


def _second_person(step: Step, duty: Duty) -> Found:
    if (step.notice or duty.second) and not step.second:
        yield "one_person", step.code, "one person alone publishes, opens, awards or terminates"


def _order(procedure: Procedure, step: Step, duty: Duty) -> Found:
    needed = {procedure.step(code).deed for code in step.needs}
    for deed in duty.once_needed:
        if deed not in needed:
            yield "order_missing", step.code, f"may be done before the deed {deed}"


def _period(step: Step, period: Period, *, on: date) -> Found:
    term = terms.in_force(period.rule, on, period.key)
    if term.counting is None:
        yield "unknown_name", step.code, f"{period.rule} is no period"
        return
    if period.value is not None and _is_loosened(term, period.value):
        yield "term_loosened", step.code, f"{period.value} where the law says {term}"
    if term.kind is Kind.MAX and not period.is_noted and not step.is_side:
        yield "late_is_refused", step.code, f"once late, {term.rule} leaves nothing to do"
    if term.kind is not Kind.MAX and period.is_noted and term.evidence is terms.Evidence.VERIFIED:
        yield "term_loosened", step.code, f"a breach of {term.rule} would only be noted"


def _is_loosened(term: Term, value: int) -> bool:
    try:
        tightened(
            term,
            value=value,
            law=term.law,
            in_force_from=term.in_force_from,
            evidence=term.evidence,
        )
    except Refusal:
        return True
    return False


def _counts(step: Step) -> Found:
    """Yield the counts whose two sides do not both have an outcome."""
    asked = {
        (item.rule, item.key, item.is_met)
        for outcome in step.outcomes
        for item in outcome.thresholds
    }
    for rule, key, is_met in sorted(asked):
        has_way = (rule, key, not is_met) in asked or any(
            _is_open(outcome, rule, key) for outcome in step.outcomes
        )
        if not has_way:
            side = "below" if is_met else "at or above"
            yield "count_unanswered", step.code, f"nothing follows {side} {rule}"


def _is_open(outcome: Outcome, rule: str, key: str) -> bool:
    return not any((item.rule, item.key) == (rule, key) for item in outcome.thresholds)


def _secret(view: View, law: Law) -> Found:
    place = f"{view.information}/{view.party}"
    if (view.information, view.party) in NEVER_VISIBLE:
        yield "seen_too_early", place, "this is never shown to them"
    earliest = law.earliest.get((view.information, view.party))
    if earliest is not None and view.phase < earliest:
        yield "seen_too_early", place, f"secret until: {earliest.label}"
