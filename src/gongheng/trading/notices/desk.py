"""The clerk's desk: what is mine, where it stands, what comes next."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from gongheng.trading.cases import queries as cases
from gongheng.trading.cases.models import Case as Course, DoneStep
from gongheng.trading.notices import content, permissions, queries
from gongheng.trading.notices.kinds import PUBLISH_NOTICE
from gongheng.trading.notices.models import Notice, NoticeDraft
from gongheng.trading.projects import permissions as project_permissions, queries as projects
from gongheng.trading.projects.models import Lot, TenderProject
from gongheng.trust.identity.actors import Actor, actor_of
from gongheng.web.routes import SIGNED_IN, route

SHOWN = 50
"""Rows of each list on the desk; a person has fewer cases in hand."""


@dataclass(frozen=True, slots=True)
class Step:
    """What to do next with a case: in words, and where; ``is_of_case`` for steps before the notice."""

    words: str
    address: str
    is_of_case: bool = False


@dataclass(frozen=True, slots=True)
class Case:
    """A tender project on the desk: its lots, open draft, standing notices, and the next step."""

    tender: TenderProject
    lots: Sequence[Lot]
    draft: NoticeDraft | None
    notices: Sequence[Notice]
    next_step: Step | None
    preparing: str
    """The step before the notice that a lot still awaits, in words."""

    @property
    def state(self) -> tuple[str, str]:
        """Return the state in words and its colour."""
        if self.preparing:
            return f"待{self.preparing}", "blue"
        if self.draft is not None:
            return "公告起草中", "amber"
        if any(notice.is_standing for notice in self.notices):
            return "公告已发布", "green"
        return ("待发公告", "blue") if self.lots else ("待添加标段", "grey")


def cases_of(tenders: Sequence[TenderProject], *, actor: Actor) -> list[Case]:
    """Return the tender projects with everything beside them, in a few questions for all."""
    ids = [tender.pk for tender in tenders]
    lots: dict[UUID, list[Lot]] = {}
    for lot in Lot.objects.filter(tender_project__in=ids).order_by("code"):
        lots.setdefault(lot.tender_project_id, []).append(lot)
    open_drafts = NoticeDraft.objects.filter(tender_project__in=ids, published_at=None)
    drafts = {draft.tender_project_id: draft for draft in open_drafts}
    notices: dict[UUID, list[Notice]] = {}
    for notice in queries.notices_for(actor).filter(tender_project__in=ids):
        notices.setdefault(notice.tender_project_id, []).append(notice)
    courses = projects.latest_cases_of(ids)
    rounds = [course.pk for of_tender in courses.values() for course in of_tender]
    done = DoneStep.objects.filter(case__in=rounds, step=PUBLISH_NOTICE)
    announced = set(done.values_list("case_id", flat=True))
    return [
        _case(
            tender,
            lots.get(tender.pk, []),
            drafts.get(tender.pk),
            notices.get(tender.pk, []),
            preparing=_preparing(courses.get(tender.pk, []), announced),
            actor=actor,
        )
        for tender in tenders
    ]


def _preparing(courses: list[Course], announced: set[UUID]) -> Course | None:
    """Return the first lot's case that has not come to its notice."""
    on_the_way = (one for one in courses if not one.is_over and one.pk not in announced)
    return next((one for one in on_the_way if one.awaits != PUBLISH_NOTICE), None)


def _case(
    tender: TenderProject,
    lots: list[Lot],
    draft: NoticeDraft | None,
    notices: list[Notice],
    *,
    preparing: Course | None,
    actor: Actor,
) -> Case:
    if preparing is None:
        step = _next_step(tender, lots, draft, notices)
        return Case(tender, lots, draft, notices, step, preparing="")
    awaited = cases.declaration_of(preparing).step(preparing.awaits)
    step = Step("查看办理进度", reverse("case", args=[preparing.pk]), is_of_case=True)
    if set(awaited.roles) & actor.roles:
        page = reverse(f"case-{awaited.code}", args=[preparing.pk])
        step = Step(awaited.label, page, is_of_case=True)
    return Case(tender, lots, draft, notices, step, preparing=awaited.label)


def _next_step(
    tender: TenderProject, lots: list[Lot], draft: NoticeDraft | None, notices: list[Notice]
) -> Step | None:
    if not lots:
        return Step("添加标段", reverse("desk-new-lot", args=[tender.pk]))
    bulletin = content.bulletin(tender)
    if draft is not None:
        return Step(f"继续编写{bulletin}", reverse("desk-notice-form", args=[tender.pk]))
    if not any(notice.is_standing for notice in notices):
        return Step(f"起草{bulletin}", reverse("desk-notice-form", args=[tender.pk]))
    return None


def trail_to(tender: TenderProject | None = None) -> list[tuple[str, str]]:
    """Return the way from the desk to the pages below a tender project."""
    way = [(reverse("desk"), "业务工作台")]
    return [*way, (reverse("desk-case", args=[tender.pk]), "招标项目")] if tender else way


@require_safe
def desk(request: HttpRequest) -> HttpResponse:
    """Show the person's cases and what each waits for."""
    actor = actor_of(request)
    tenders = list(projects.tender_projects_for(actor)[: SHOWN + 1])
    context = {
        "actor": actor,
        "trail": [(reverse("desk"), "业务工作台")],
        "cases": cases_of(tenders[:SHOWN], actor=actor),
        "has_more": len(tenders) > SHOWN,
        "shown": SHOWN,
        "may_register": actor.may(project_permissions.REGISTER),
        "may_read": actor.may(project_permissions.READ),
    }
    return render(request, "notices/desk.html", context)


@require_safe
def case(request: HttpRequest, tender_id: UUID) -> HttpResponse:
    """Show one tender project: lots, notices, next step."""
    actor = actor_of(request)
    tender = get_object_or_404(projects.tender_projects_for(actor), pk=tender_id)
    [found] = cases_of([tender], actor=actor)
    courses = {one.code: one for one in projects.latest_cases(tender)}
    context = {
        "case": found,
        "lots": [(lot, courses.get(lot.code)) for lot in found.lots],
        "trail": trail_to(),
        "tender": tender,
        "bulletin": content.bulletin(tender),
        "may_continue": projects.tender_projects_of(actor).filter(pk=tender_id).exists(),
        "free_lots": len(found.lots) > len(queries.taken_lots(tender)),
    }
    return render(request, "notices/case.html", context)


ROUTES = [
    route("desk/projects/", desk, name="desk-projects", audience=SIGNED_IN),
    route("desk/projects/<uuid:tender_id>/", case, name="desk-case", audience=permissions.READ),
]
