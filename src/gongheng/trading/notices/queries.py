"""Reads drafts and notices, always for somebody."""

from django.db.models import QuerySet

from gongheng.trading.notices.models import Notice, NoticeDraft, NoticeLot
from gongheng.trading.projects import queries as projects
from gongheng.trading.projects.models import TenderProject
from gongheng.trust.identity.actors import Actor


def drafts_of(actor: Actor) -> QuerySet[NoticeDraft]:
    """Return the drafts that the person may go on with, published ones included."""
    tenders = projects.tender_projects_of(actor).order_by()
    found = NoticeDraft.objects.filter(tender_project__in=tenders)
    return found.select_related("tender_project__project").order_by("-saved_at", "-id")


def open_draft(tender: TenderProject) -> NoticeDraft | None:
    """Return the draft of a tender project that is not published, if there is one."""
    return NoticeDraft.objects.filter(tender_project=tender, published_at=None).first()


def notices_of(actor: Actor) -> QuerySet[Notice]:
    """Return the notices that the person may change or withdraw, newest first."""
    tenders = projects.tender_projects_of(actor).order_by()
    return _newest(Notice.objects.filter(tender_project__in=tenders))


def notices_for(actor: Actor) -> QuerySet[Notice]:
    """Return the notices whose handling the person may read, newest first."""
    tenders = projects.tender_projects_for(actor).order_by()
    return _newest(Notice.objects.filter(tender_project__in=tenders))


def _newest(notices: QuerySet[Notice]) -> QuerySet[Notice]:
    return notices.select_related("tender_project").order_by("-published_at", "-id")


def taken_lots(tender: TenderProject) -> frozenset[str]:
    """Return the codes of the lots that a standing notice invites bids for."""
    standing = NoticeLot.objects.filter(lot__tender_project=tender, is_standing=True)
    return frozenset(standing.values_list("lot__code", flat=True))
