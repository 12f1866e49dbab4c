"""Reads projects, tender projects and lots, always for somebody."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from uuid import UUID

from django.db.models import Q, QuerySet

from gongheng.trading.cases.models import Case
from gongheng.trading.projects import catalogue, permissions
from gongheng.trading.projects.models import (
    Filing,
    Lot,
    LotDecision,
    Project,
    TenderPlan,
    TenderProject,
)
from gongheng.trust.identity.actors import Actor
from gongheng.trust.identity.kinds import Role


def _own(actor: Actor) -> Q:
    return Q(organisation_code=actor.organisation_code, region_code__startswith=actor.reach)


def projects_of(actor: Actor) -> QuerySet[Project]:
    """Return the projects that the person may continue: the own organisation's, within reach."""
    if not actor.may(permissions.REGISTER):
        return Project.objects.none()
    return Project.objects.filter(_own(actor))


def tender_projects_of(actor: Actor) -> QuerySet[TenderProject]:
    """Return the tender projects that the person may continue, newest first."""
    if not actor.may(permissions.REGISTER):
        return TenderProject.objects.none()
    found = TenderProject.objects.filter(_own(actor))
    return found.select_related("project").order_by("-created_at", "-id")


def tender_projects_for(actor: Actor) -> QuerySet[TenderProject]:
    """Return the tender projects that the person may read, newest first.

    A clerk reads those of the own organisation, an officer of the centre all within reach.
    """
    if Role.OFFICER not in actor.roles:
        return tender_projects_of(actor)
    found = TenderProject.objects.filter(region_code__startswith=actor.reach)
    return found.select_related("project").order_by("-created_at", "-id")


def lots_of(tender_project: TenderProject) -> QuerySet[Lot]:
    """Return the lots of a tender project in the order of their codes."""
    return tender_project.lots.order_by("code")


def lot_of(case_code: str) -> Lot:
    """Return the lot of a case with its tender and its project. Raises ``Lot.DoesNotExist``."""
    return Lot.objects.select_related("tender_project__project").get(code=case_code)


def latest_cases(tender_project: TenderProject) -> list[Case]:
    """Return the latest round of each lot's case, by the lots' codes."""
    codes = lots_of(tender_project).values_list("code", flat=True)
    found = Case.objects.filter(code__in=list(codes)).order_by("code", "round_number")
    return list({case.code: case for case in found}.values())


def latest_cases_of(tender_projects: Iterable[UUID]) -> dict[UUID, list[Case]]:
    """Return the latest round of each lot's case by tender project, in two questions for all."""
    lots = Lot.objects.filter(tender_project__in=list(tender_projects))
    tenders = dict(lots.values_list("code", "tender_project_id"))
    cases = Case.objects.filter(code__in=list(tenders)).order_by("code", "round_number")
    found: dict[UUID, list[Case]] = {}
    for case in {case.code: case for case in cases}.values():
        found.setdefault(tenders[case.code], []).append(case)
    return found


def cases_awaiting(tender_project: TenderProject, step: str) -> list[Case]:
    """Return the cases of a tender project that wait for a step, by the lots' codes."""
    return [case for case in latest_cases(tender_project) if case.awaits == step]


def listing_of(tender_project: TenderProject, *, on: date) -> catalogue.Listing | None:
    """Return what the trading catalogue says of a tender; lots of one kind count together."""
    lots = list(lots_of(tender_project))
    found = [
        catalogue.listing(
            category=tender_project.category,
            classification=lot.classification,
            total=sum(
                (one.estimate for one in lots if one.classification[:1] == lot.classification[:1]),
                Decimal(0),
            ),
            on=on,
        )
        for lot in lots
    ]
    if not found or None in found:
        return None
    known = [one for one in found if one is not None]
    return max(known, key=lambda one: (one.is_listed, one.total))


def latest_filing(tender_project: TenderProject) -> Filing | None:
    """Return the newest filing of a tender project."""
    return filings_of(tender_project).first()


def filings_of(tender_project: TenderProject) -> QuerySet[Filing]:
    """Return the filings of a tender project, the newest first."""
    return tender_project.filings.order_by("-number")


def corrections_of(tender_project: TenderProject) -> list[str] | None:
    """Return what an officer has asked to be corrected before, nothing when nobody did."""
    returned = [filing.corrections for filing in filings_of(tender_project) if filing.corrections]
    return returned[0] if returned else None


def plan_draft(tender_project: TenderProject) -> TenderPlan | None:
    """Return the plan that is being written."""
    return tender_project.plans.filter(published_at__isnull=True).first()


def plans_of(tender_project: TenderProject) -> QuerySet[TenderPlan]:
    """Return the published plans, the newest first."""
    return tender_project.plans.filter(published_at__isnull=False).order_by("-published_at")


def decisions_of(case_code: str) -> QuerySet[LotDecision]:
    """Return what was decided on a lot, round after round."""
    return LotDecision.objects.filter(case_code=case_code).order_by("round_number")
