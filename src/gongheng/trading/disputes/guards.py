"""What the declaration of a procedure asks this room; and what the opening's record is told."""

from collections.abc import Iterator

from gongheng.trading.cases import guards
from gongheng.trading.cases.models import Case
from gongheng.trading.disputes import queries, rules
from gongheng.trading.disputes.kinds import Matter
from gongheng.trading.disputes.models import Objection
from gongheng.trading.opening import objections as opening


@guards.provide("disputes.documents_found_unlawful")
def documents_found_unlawful(question: guards.Question) -> None:
    """Refuse to void documents that no upheld objection of the round found unlawful (Q-04)."""
    rules.require_found_unlawful(is_found=queries.is_found_unlawful(question.case_id))


@opening.provides
def of_opening(case: Case) -> Iterator[opening.Objection]:
    """Yield the objections to an opening, for its record (W-20)."""
    made = Objection.objects.filter(case=case, matter=Matter.OPENING)
    for raised in made.order_by("raised_at", "id"):
        yield opening.Objection(
            by_name=raised.organisation_name,
            words=raised.claims,
            raised_at=raised.raised_at,
            answer=raised.answer,
            answered_at=raised.answered_at,
        )
