"""What the procedures ask this room before a committee is formed or an evaluation concluded."""

from gongheng.kernel.reasons import Refusal
from gongheng.trading.cases import guards
from gongheng.trading.cases.guards import Question
from gongheng.trading.evaluation import queries, rules, seating


@guards.provide("evaluation.committee_lawful")
def committee_lawful(question: Question) -> None:
    """Refuse the step without a committee of lawful size and mix (W-21). Raises ``Refusal``."""
    committee = queries.committee_of(question.case_id)
    if committee is None:
        raise Refusal(rules.NOT_FORMED)
    kinds = [member.kind for member in queries.standing_members(committee)]
    seating.require_committee(kinds, on=question.terms_on)


@guards.provide("evaluation.report_signed")
def report_signed(question: Question) -> None:
    """Refuse an outcome other than that of the report that every member spoke to (W-27)."""
    committee = queries.committee_of(question.case_id)
    report = queries.open_report(committee) if committee else None
    if report is None:
        raise Refusal(rules.NO_REPORT)
    rules.require_outcome(
        outcome=question.outcome,
        candidates=question.facts["candidates"],
        conclusion=report.conclusion,
        found=report.candidates,
        signed=rules.is_signed(queries.opinions_on(report)),
    )
