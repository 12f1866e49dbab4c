"""Tender plans (招标计划, B-01): public acts, since the standard has no dataset for them."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Exists, F, OuterRef, QuerySet
from django.db.models.fields.json import KT
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from gongheng.data.records import queries as records
from gongheng.data.records.models import Act
from gongheng.data.standard import regions
from gongheng.public.search import listing
from gongheng.web.clock import legal_now
from gongheng.web.paging import count_capped, paginate
from gongheng.web.routes import PUBLIC, route

PUBLISHED = "tender_plan.published"
PAGE_SIZE = 20
TENDER_PROJECT_DIGITS = 20
"""A lot's code begins with that of its tender project, under which the notices stand."""


@dataclass(frozen=True, slots=True)
class Plan:
    """A plan as a page shows it; ``id`` is the first of its acts, one for each lot."""

    id: UUID
    title: str
    where: str
    planned_on: str
    facts: list[tuple[str, str]]
    published_at: datetime


def published(*, now: datetime) -> QuerySet[Act]:
    """Return the plans whose time has come, newest first: the first act of each."""
    acts = records.public_acts(PUBLISHED, now=now).annotate(plan=KT("facts__plan"))
    earlier = acts.filter(plan=OuterRef("plan"), id__lt=OuterRef("id"))
    found = acts.filter(~Exists(earlier)).annotate(published_at=F("happened_at"))
    return found.order_by("-happened_at", "-id")


def plan_of(act: Act) -> Plan:
    """Return what a plan says."""
    said = act.facts
    return Plan(
        id=act.pk,
        title=str(said.get("title", "招标计划")),
        where=regions.short_name(act.region_code, within=listing.own_region()),
        planned_on=str(said.get("planned_on", "")),
        facts=[(str(label), str(words)) for label, words in said.get("facts", [])],
        published_at=act.happened_at,
    )


@require_safe
def plans(request: HttpRequest) -> HttpResponse:
    """Show the plans, newest first."""
    found = published(now=legal_now())
    page = paginate(found, cursor=request.GET.get("page", ""), size=PAGE_SIZE)
    context = {
        "count": count_capped(found),
        "page": page,
        "rows": [plan_of(each) for each in page.rows],
    }
    return render(request, "portal/plans.html", context)


@require_safe
def plan(request: HttpRequest, act_id: UUID) -> HttpResponse:
    """Show one plan and the notices that followed it."""
    now = legal_now()
    act = published(now=now).filter(pk=act_id).first()
    if act is None:
        raise Http404
    tender_project = act.case_code[:TENDER_PROJECT_DIGITS]
    followed = listing.rows(records.notices(now=now).filter(case_code=tender_project))
    context = {
        "plan": plan_of(act),
        "followed": followed,
        "trail": [(reverse("portal-plans"), "招标计划")],
    }
    return render(request, "portal/plan.html", context)


ROUTES = [
    route("plans/", plans, name="portal-plans", audience=PUBLIC),
    route("plans/<uuid:act_id>/", plan, name="portal-plan", audience=PUBLIC),
]
