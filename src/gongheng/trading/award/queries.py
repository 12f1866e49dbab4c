"""Reads reports as lists of candidates, bulletins, losses, decisions and letters."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from gongheng.kernel import terms
from gongheng.kernel.reasons import Refusal
from gongheng.kernel.terms import Term
from gongheng.kernel.workdays.counting import day_of
from gongheng.trading.award import permissions, rules
from gongheng.trading.award.kinds import Award, BulletinKind, LetterKind, Recommended
from gongheng.trading.award.models import (
    Bulletin,
    Candidate,
    Decision,
    Letter,
    Loss,
    Recheck,
    SupervisorReport,
)
from gongheng.trading.cases import queries as cases
from gongheng.trading.cases.models import Case, DoneStep
from gongheng.trading.evaluation import queries as evaluation
from gongheng.trading.projects.models import Lot
from gongheng.trust.identity import queries as identity
from gongheng.trust.identity.actors import Actor
from gongheng.trust.identity.kinds import Role


def lot_of(case: Case) -> Lot:
    """Return the lot of a case, with its tender project."""
    return Lot.objects.select_related("tender_project__project").get(code=case.code)


def recommended(case: Case) -> tuple[Recommended, ...]:
    """Return the candidates that the committee's latest report recommends.

    Raises ``Refusal`` (``rules.NO_REPORT``).
    """
    report = evaluation.report(case.code)
    if report is None or not report.candidates:
        raise Refusal(rules.NO_REPORT)
    return tuple(
        Recommended(
            rank=row.rank,
            bidder_code=row.bidder_code,
            bidder_name=row.bidder_name,
            price=row.price,
            score=f"{row.score:f}",
            quality=row.quality,
            duration_days=row.duration_days or 0,
            project_manager=row.project_manager,
        )
        for row in report.ranking[: report.candidates]
    )


def publicity_of(case: Case) -> Bulletin | None:
    """Return the newest published list of candidates of a round."""
    return published(case, BulletinKind.CANDIDATES)


def published(case: Case, kind: BulletinKind) -> Bulletin | None:
    """Return the newest published bulletin of a kind in a round."""
    found = Bulletin.objects.filter(case=case, kind=kind, published_at__isnull=False)
    return found.order_by("-published_at", "-id").first()


def drafted(case: Case, kind: BulletinKind) -> Bulletin | None:
    """Return what was last drafted of a kind in a round, published or not."""
    return Bulletin.objects.filter(case=case, kind=kind).order_by("-drafted_at", "-id").first()


def candidates_of(case: Case) -> Sequence[Candidate]:
    """Return the candidates that were last made known in a round, by rank."""
    bulletin = publicity_of(case)
    return list(bulletin.candidates.order_by("rank")) if bulletin else []


def losses_of(case: Case) -> QuerySet[Loss]:
    """Return the candidates of a round that cannot be awarded."""
    return Loss.objects.filter(case=case).order_by("recorded_at", "id")


def rechecks_of(case: Case) -> QuerySet[Recheck]:
    """Return why the committee was asked to look again in a round."""
    return Recheck.objects.filter(case=case).order_by("recorded_at", "id")


def lost_codes(case: Case) -> frozenset[str]:
    """Return the codes of the candidates that cannot be awarded."""
    return frozenset(losses_of(case).values_list("bidder_code", flat=True))


def decision_of(case: Case) -> Decision | None:
    """Return the award in force in a round."""
    found = Decision.objects.filter(case=case, decided_at__isnull=False, lost_at__isnull=True)
    return found.select_related("candidate__bulletin").first()


def was_notified(case: Case, bidder_code: str) -> bool:
    """Tell whether a firm was sent an award letter in a round, in force or lost since."""
    letters = Letter.objects.filter(decision__case=case, bidder_code=bidder_code)
    return letters.filter(kind=LetterKind.AWARD).exists()


def awarded(case_code: str) -> Award | None:
    """Return who won the lot's latest round, nobody before the award."""
    case = cases.case_of(case_code)
    decision = decision_of(case) if case else None
    if decision is None or decision.candidate is None or decision.decided_at is None:
        return None
    winner = decision.candidate
    letter = decision.letters.filter(bidder_code=winner.bidder_code).first()
    return Award(
        decision_id=str(decision.pk),
        bidder_code=winner.bidder_code,
        bidder_name=winner.bidder_name,
        amount=winner.price,
        quality=winner.quality,
        duration_days=winner.duration_days,
        project_manager=winner.project_manager,
        decided_at=decision.decided_at,
        notified_at=decision.notified_at,
        letter_number=letter.number if letter else "",
    )


def letters_of(case: Case) -> QuerySet[Letter]:
    """Return the letters of the award in force, the winner's first."""
    found = Letter.objects.filter(decision__case=case, decision__lost_at__isnull=True)
    return found.order_by("kind", "bidder_name", "id")


def letters_for(actor: Actor) -> QuerySet[Letter]:
    """Return the letters to the person's own organisation, newest first."""
    if not actor.may(permissions.READ_RESULT) or not actor.organisation_code:
        return Letter.objects.none()
    own = Letter.objects.filter(bidder_code=actor.organisation_code)
    return own.select_related("decision__case", "decision__candidate").order_by("-sent_at", "-id")


def report_of(case: Case) -> SupervisorReport | None:
    """Return the written report of a round."""
    return SupervisorReport.objects.filter(case=case).first()


def supervisors_of(case: Case, *, now: datetime) -> frozenset[UUID]:
    """Return the accounts of the department that the tender names as its supervisor.

    Where none of its people has one here, those of every supervisor of the region.
    """
    found = identity.acting_over(case.region_code, role=Role.SUPERVISOR, now=now)
    named = found.filter(organisation_name=lot_of(case).tender_project.supervisor_name)
    return frozenset((named if named.exists() else found).values_list("pk", flat=True))


def reports_to_read(actor: Actor, *, now: datetime) -> list[SupervisorReport]:
    """Return the reports to a supervisor's department that nobody there has opened."""
    if Role.SUPERVISOR not in actor.roles:
        return []
    within = cases.cases_for(actor).order_by().values("pk")
    unread = SupervisorReport.objects.select_related("case").filter(read_at__isnull=True)
    found = unread.filter(case__in=within).order_by("reported_at", "id")
    return [row for row in found if actor.account_id in supervisors_of(row.case, now=now)]


def papers_for(actor: Actor, case: Case) -> dict[str, str]:
    """Return the names of the papers of a case by digest, for who may read them."""
    if not actor.may(permissions.READ_EVIDENCE):
        return {}
    names = ("evidence_digest", "evidence_name")
    return dict([*losses_of(case).values_list(*names), *rechecks_of(case).values_list(*names)])


def term_of(case: Case, rule: str, now: datetime, key: str = "") -> Term:
    """Return the number that binds a case."""
    return terms.in_force(rule, case.terms_on or day_of(now), key)


def last_done(case: Case, step: str) -> DoneStep | None:
    """Return when a step was last done in a round."""
    return cases.history_of(case).filter(step=step).last()


def decision_named(case: Case, decision_id: str) -> Decision:
    """Return what was proposed as the award of a round. Raises ``Refusal`` (NO_DECISION)."""
    try:
        wanted = UUID(decision_id)
    except ValueError:
        raise Refusal(rules.NO_DECISION) from None
    found = Decision.objects.filter(case=case, pk=wanted, decided_at__isnull=True)
    decision = found.select_related("candidate").first()
    if decision is None:
        raise Refusal(rules.NO_DECISION)
    return decision
