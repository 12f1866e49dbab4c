"""May this step be done now? Pure: the declaration, where the case stands, who asks, when, facts."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime

from gongheng.kernel import terms
from gongheng.kernel.clock import to_second
from gongheng.kernel.reasons import Reason, Refusal
from gongheng.kernel.terms import Counting, Kind, Term
from gongheng.trading.cases import graph, reasons
from gongheng.trading.cases.declaration import (
    DONE_AT,
    IDLE,
    Outcome,
    Period,
    Procedure,
    Step,
    Threshold,
)
from gongheng.trading.cases.facts import FACT_MISSING, Facts, count, instant, is_so
from gongheng.trading.cases.graph import State
from gongheng.trading.cases.kinds import Information, Party, Phase, Role, Sight, Verdict
from gongheng.trading.cases.reasons import Told

_REASONS: dict[Counting | None, Reason] = {
    Counting.ON_VIEW: reasons.TOO_EARLY,
    Counting.WITHIN: reasons.TOO_LATE,
}


@dataclass(frozen=True, slots=True)
class Note:
    """A duty that was done too late, or advice that was not followed: kept with the step."""

    rule: str
    text: str

    def as_json(self) -> dict[str, str]:
        """Return the note as a JSON object."""
        return {"rule": self.rule, "text": self.text}


def require_standing(procedure: Procedure, state: State, step: Step) -> None:
    """Refuse a step that is not the case's turn. Raises ``Refusal`` (NOT_NOW, SUSPENDED, NOT_YET)."""
    if not graph.is_offered(step, state):
        awaits = procedure.label_of(state.awaits)
        raise Told(reasons.NOT_NOW, f"当前环节：{awaits}。", step=step.label, awaits=awaits)
    if not graph.is_free(step, state):
        raise Refusal(reasons.SUSPENDED, matters=tuple(sorted(state.matters)))
    if missing := graph.lacking(step, state):
        labels = tuple(procedure.label_of(code) for code in missing)
        raise Told(reasons.NOT_YET, f"尚未完成：{'、'.join(labels)}。", missing=labels)


def barred(code: str, *, tenderer: str, agency: str, operators: Collection[str]) -> Reason | None:
    """Return why an organisation must not bid: as a party of the case, or as who runs the platform."""
    if code and code == tenderer:
        return reasons.TENDERER_BIDS
    if code and code == agency:
        return reasons.AGENCY_BIDS
    return reasons.OPERATOR_BIDS if code in operators else None


def require_role(
    allowed: Collection[str], *, roles: Collection[str], region_code: str, reach: str
) -> None:
    """Refuse a person of another role or region. Raises ``Refusal`` (NOT_YOURS, OUT_OF_REACH)."""
    if not set(allowed) & set(roles):
        labels = "、".join(Role(role).label for role in allowed)
        raise Told(reasons.NOT_YOURS, f"由{labels}办理。", roles=tuple(allowed))
    if not region_code.startswith(reach):
        raise Refusal(reasons.OUT_OF_REACH, region=region_code, reach=reach)


def require_facts(step: Step, given: Collection[str]) -> None:
    """Refuse a step without the facts it must bring. Raises ``Refusal`` (FACT_MISSING)."""
    if missing := tuple(name for name in step.facts if name not in given):
        raise Refusal(FACT_MISSING, missing=missing)


def require_hours(step: Step, *, facts: Facts, now: datetime) -> None:
    """Refuse a step before its instant or at or after its end (T-10).

    Raises ``Refusal`` (TOO_EARLY, TOO_LATE, NOT_IDLE).
    """
    if step.not_before == IDLE and IDLE not in facts:
        raise Refusal(reasons.NOT_IDLE)
    if step.not_before and now < _moment(facts, step.not_before):
        at = _moment(facts, step.not_before)
        raise Told(reasons.TOO_EARLY, f"开始时间：{to_second(at)}。", now=now, opens_at=at)
    if step.before and now >= _moment(facts, step.before):
        at = _moment(facts, step.before)
        raise Told(reasons.TOO_LATE, f"截止时间：{to_second(at)}。", now=now, closed_at=at)


def notes_on_periods(step: Step, *, facts: Facts, on: date) -> tuple[Note, ...]:
    """Judge the step's periods by the terms in force on a day; return what is only noted.

    Raises ``Unmet`` (TOO_EARLY, TOO_LATE, TIME_TOO_SHORT) for the others.
    """
    return tuple(note for period in step.periods for note in _judge(period, facts=facts, on=on))


def chosen_outcome(step: Step, code: str) -> Outcome:
    """Return the outcome of that code. Raises ``Refusal`` (NO_SUCH_OUTCOME)."""
    outcome = step.outcome(code)
    if outcome is None:
        labels = tuple(o.label for o in step.outcomes)
        raise Told(reasons.NO_SUCH_OUTCOME, f"可选：{'、'.join(labels)}。", outcomes=labels)
    return outcome


def require_counts(thresholds: Iterable[Threshold], *, facts: Facts, on: date) -> None:
    """Refuse a step or an outcome that a count contradicts. Raises ``Unmet`` (COUNT_UNLAWFUL)."""
    for threshold in thresholds:
        _require_count(threshold, facts=facts, on=on)


def require_reasoned(verdict: Verdict, reason: str, *, is_open: bool) -> None:
    """Refuse a verdict without its words: on what a review left open, and on a return.

    Raises ``Refusal`` (REASON_MISSING, RETURN_REASON_MISSING).
    """
    if reason.strip():
        return
    if verdict is Verdict.RETURN:
        raise Refusal(reasons.RETURN_REASON_MISSING)
    if is_open:
        raise Refusal(reasons.REASON_MISSING)


def term_of(period: Period, on: date) -> Term:
    """Return the term of a period in force on a day, with the procedure's own number."""
    term = terms.in_force(period.rule, on, period.key)
    if period.value is None:
        return term
    return terms.tightened(
        term,
        value=period.value,
        law=term.law,
        in_force_from=term.in_force_from,
        evidence=term.evidence,
    )


def sight(procedure: Procedure, *, information: Information, party: Party, phase: Phase) -> Sight:
    """Return how much of an item a party sees in a phase; what is not declared is not seen."""
    seen = [
        view
        for view in procedure.views
        if (view.information, view.party) == (information, party) and view.phase <= phase
    ]
    return max(seen, key=lambda view: view.phase).sight if seen else Sight.NOTHING


def _moment(facts: Facts, name: str) -> datetime:
    moment = instant(facts, name)
    if not isinstance(moment, datetime):
        msg = f"{name} must be an instant, not a day"
        raise TypeError(msg)
    return moment


def _judge(period: Period, *, facts: Facts, on: date) -> Iterator[Note]:
    if (period.when and not is_so(facts, period.when)) or _is_from_nowhere(period, facts):
        return
    term = term_of(period, on)
    start, end = instant(facts, period.start), instant(facts, period.end)
    if term.satisfied(start, end):
        return
    unmet = _unmet(term, start, end)
    if not period.is_noted:
        raise unmet
    yield Note(term.rule, str(unmet))


def _is_from_nowhere(period: Period, facts: Facts) -> bool:
    """Tell whether a noted period begins with a step that this round did not have."""
    return period.is_noted and period.start.startswith(DONE_AT) and period.start not in facts


def _unmet(term: Term, start: date | datetime, end: date | datetime) -> reasons.Unmet:
    """Say what the period asks for: the earliest or the latest day, with its facts."""
    if term.counting is Counting.BEFORE:
        return reasons.Unmet(
            reasons.TOO_LATE, term=term, computed=term.latest(end), start=start, end=end
        )
    reason = _REASONS.get(term.counting, reasons.TIME_TOO_SHORT)
    if term.kind is Kind.FIXED:
        reason = reasons.TIME_TOO_SHORT
    computed = term.deadline(term.name, start)
    return reasons.Unmet(reason, term=term, computed=computed, start=start, end=end)


def _require_count(threshold: Threshold, *, facts: Facts, on: date) -> None:
    term = terms.in_force(threshold.rule, on, threshold.key)
    found = count(facts, threshold.fact)
    if term.admits(found) is not threshold.is_met:
        raise reasons.Unmet(reasons.COUNT_UNLAWFUL, term=term, computed=found)
