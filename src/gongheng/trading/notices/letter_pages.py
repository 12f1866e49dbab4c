"""The letter of invitation, for the invited firm and those inside; nobody else knows of it."""

from datetime import datetime
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from gongheng.data.records import queries as records
from gongheng.trading.cases import queries as cases
from gongheng.trading.cases.models import Case
from gongheng.trading.invitations import queries as invitations
from gongheng.trading.notices import permissions, queries
from gongheng.trading.notices.models import Notice
from gongheng.trust.identity.actors import Actor, actor_of
from gongheng.web.clock import legal_now
from gongheng.web.routes import route


@require_safe
def letter(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Show the letter as it stands, addressed to the firm that reads it."""
    actor, now = actor_of(request), legal_now()
    case, notice = _letter_of(case_id, actor, now)
    version = records.own_record(notice.version_id)
    if version is None:
        raise Http404
    is_invited = invitations.is_invited(case.pk, actor.organisation_code)
    context = {
        "case": case,
        "notice": notice,
        "text": version.body["NOTICE_CONTENT"],
        "addressee": actor.organisation_name if is_invited else "",
        "clarifications": queries.clarifications_of(notice),
        "trail": [(reverse("my-bids"), "我的投标")]
        if is_invited
        else [(reverse("desk"), "业务工作台")],
    }
    return render(request, "notices/letter.html", context)


def _letter_of(case_id: UUID, actor: Actor, now: datetime) -> tuple[Case, Notice]:
    case = get_object_or_404(Case.objects.select_related("version"), pk=case_id)
    notice = queries.notice_of_round(case)
    is_letter = notice is not None and notice.tender_project.is_by_invitation
    if notice is None or not is_letter or not cases.is_open_to(case, actor=actor, now=now):
        raise Http404
    return case, notice


ROUTES = [
    route(
        "invitations/<uuid:case_id>/",
        letter,
        name="invitation-letter",
        audience=permissions.READ_LETTER,
    ),
]
