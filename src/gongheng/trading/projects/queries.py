"""Reads projects, tender projects and lots, always for somebody."""

from django.db.models import Q, QuerySet

from gongheng.trading.projects import permissions
from gongheng.trading.projects.models import Lot, Project, TenderProject
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
