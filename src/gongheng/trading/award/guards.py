"""What the procedures ask of publicity and award."""

from gongheng.kernel.reasons import Refusal
from gongheng.trading.award import limits, queries, rules
from gongheng.trading.award.models import Recheck
from gongheng.trading.cases import guards
from gongheng.trading.cases.guards import Question
from gongheng.trading.cases.models import Case
from gongheng.trading.deposits import queries as deposits
from gongheng.trading.documents import queries as documents
from gongheng.trading.validity import queries as validity


@guards.provide("award.publicity_running")
def publicity_running(question: Question) -> None:
    """Let results be objected to while candidates are on view (W-28)."""
    bulletin = queries.publicity_of(_case(question))
    rules.require_on_view(ends_at=bulletin.ends_at if bulletin else None, now=question.now)


@guards.provide("award.recheck_has_cause")
def recheck_has_cause(question: Question) -> None:
    """Let the committee look again for a written cause, before the award letter (W-30)."""
    case = _case(question)
    decision = queries.decision_of(case)
    rules.require_before_letter(notified_at=decision.notified_at if decision else None)
    wanted = str(question.facts.get("recheck", ""))
    known = {str(pk) for pk in Recheck.objects.filter(case=case).values_list("pk", flat=True)}
    if wanted not in known:
        raise Refusal(rules.NO_CAUSE)


@guards.provide("award.candidate_in_order")
def candidate_in_order(question: Question) -> None:
    """Let nobody win before those ranked higher without a cause of the law (J-04, W-29, W-34)."""
    case = _case(question)
    require_view_over(case, question)
    decision = queries.decision_named(case, str(question.facts.get("decision", "")))
    if decision.candidate is None:
        raise Refusal(rules.NO_DECISION)
    document = documents.issued_in(case)
    most = limits.most_lots(document)
    rules.require_in_order(
        queries.candidates_of(case),
        chosen=decision.candidate.bidder_code,
        lost=limits.barred(case, most),
    )
    limits.require_in_turn(case, most)
    rules.require_bids_valid(
        last_day=validity.last_day(case, document),
        agreed_until=validity.agreed_until(case, decision.candidate.bidder_code),
        consent=decision.consent,
        now=question.now,
    )


@guards.provide("award.nobody_left")
def nobody_left(question: Question) -> None:
    """Let a lot be tendered anew when every candidate is lost for a cause of the law (Q-06)."""
    case = _case(question)
    require_view_over(case, question)
    most = limits.most_lots(documents.issued_in(case))
    rules.require_nobody_left(queries.candidates_of(case), lost=limits.barred(case, most))


@guards.provide("award.kept_of_a_winner")
def kept_of_a_winner(question: Question) -> None:
    """Let only a winner lose the deposit for refusing the contract or the performance bond (F-07)."""
    case = _case(question)
    bidder = deposits.kept_as_winner(case, str(question.facts.get("keeping", "")))
    if bidder:
        rules.require_notified(is_notified=queries.was_notified(case, bidder))


def require_view_over(case: Case, question: Question) -> None:
    """Refuse while candidates are on view, which may be longer than the law asks."""
    bulletin = queries.publicity_of(case)
    rules.require_view_over(ends_at=bulletin.ends_at if bulletin else None, now=question.now)


def _case(question: Question) -> Case:
    return Case.objects.get(pk=question.case_id)
