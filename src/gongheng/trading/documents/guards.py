"""What the procedures ask this room before a step is done."""

from gongheng.kernel.reasons import Refusal
from gongheng.trading.cases import guards, queries as cases
from gongheng.trading.cases.guards import Question
from gongheng.trading.cases.models import Case
from gongheng.trading.documents import actions, checking, queries, rules
from gongheng.trading.documents.models import TenderDocument


def _draft(question: Question) -> tuple[Case, TenderDocument]:
    case = cases.case_of(question.case_code)
    draft = queries.draft_of(case) if case else None
    if case is None or draft is None:
        raise Refusal(rules.NO_DRAFT, case_code=question.case_code)
    return case, draft


@guards.provide("documents.fair_competition_reviewed")
def fair_competition_reviewed(question: Question) -> None:
    """Refuse documents without a passing review of just what they say. Raises ``Refusal``."""
    case, draft = _draft(question)
    actions.require_reviewed(case, draft)


@guards.provide("documents.criteria_complete")
def criteria_complete(question: Question) -> None:
    """Refuse documents with defects. Raises ``Refusal`` (INCOMPLETE, fact ``defects``)."""
    case, draft = _draft(question)
    rules.require_complete(checking.defects(draft, queries.lot_of(case), on=question.terms_on))
