"""What the procedures ask this room before a step is done."""

from gongheng.kernel.reasons import Refusal
from gongheng.kernel.workdays.counting import day_of
from gongheng.trading.cases import guards
from gongheng.trading.cases.guards import Question
from gongheng.trading.projects import queries, rules
from gongheng.trading.projects.kinds import Anew, Approval, FilingFacts
from gongheng.trading.projects.models import Filing, LotDecision, TenderProject


def _filing(question: Question) -> tuple[TenderProject, Filing]:
    tender = queries.lot_of(question.case_code).tender_project
    filing = tender.filings.filter(decided_at__isnull=True).first()
    if filing is None:
        raise Refusal(rules.NOT_FILED, case_code=question.case_code)
    return tender, filing


def _approval(row: Filing | LotDecision) -> Approval:
    return Approval(
        name=row.approval_name,
        number=row.approval_number,
        authority=row.approval_authority,
        on=row.approval_on,
    )


@guards.provide("projects.catalogue_checked")
def catalogue_checked(question: Question) -> None:
    """Refuse a tender that the catalogue does not know, or an exception without approval."""
    tender, filing = _filing(question)
    facts = FilingFacts(
        approval=_approval(filing),
        file=filing.approval_file,
        digest=filing.approval_digest,
        exception_reason=filing.exception_reason,
        exception_approver=filing.exception_approver,
        exception_document=filing.exception_document,
    )
    listing = queries.listing_of(tender, on=question.terms_on)
    rules.require_catalogue(listing, is_statutory=tender.is_statutory, facts=facts)


@guards.provide("projects.approval_given")
def approval_given(question: Question) -> None:
    """Refuse a tender without its approval."""
    _, filing = _filing(question)
    rules.require_approval(
        _approval(filing), digest=filing.approval_digest, today=day_of(question.now)
    )


@guards.provide("projects.invitation_recognised")
def invitation_recognised(question: Question) -> None:
    """Refuse a tender by invitation whose ground nobody found; free tenders need none (W-01)."""
    tender, filing = _filing(question)
    if tender.is_statutory:
        rules.require_recognised(filing.recognition, today=day_of(question.now))


@guards.provide("projects.dropping_approved")
def dropping_approved(question: Question) -> None:
    """Refuse to drop a lot whose round has no approved decision to drop it (W-37)."""
    decision = LotDecision.objects.filter(
        case_code=question.case_code, round_number=question.round_number, outcome=Anew.DROP
    ).first()
    rules.require_dropping_approved(
        _approval(decision) if decision else None, today=day_of(question.now)
    )
