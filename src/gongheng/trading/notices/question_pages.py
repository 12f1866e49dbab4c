"""The public page of taking part in a tender: its documents, where one bids, questions and answers.

Anybody asks, nobody learns who did.
"""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from gongheng.trading.cases import queries as cases
from gongheng.trading.notices import queries, questioning
from gongheng.trading.notices.later_forms import QuestionForm
from gongheng.trading.notices.models import Notice
from gongheng.trust.identity.actors import actor_of
from gongheng.trust.identity.kinds import Role
from gongheng.web.clock import legal_now
from gongheng.web.routes import PUBLIC, route

SHOWN_AGAIN = 422


@require_http_methods(["GET", "HEAD", "POST"])
def questions(request: HttpRequest, tender_code: str) -> HttpResponse:
    """Lead to the lots' documents and bids; show answers, and take a question while bids are made."""
    actor, now = actor_of(request), legal_now()
    notices = [
        one
        for one in queries.published_notices(tender_code)
        if queries.is_open_to(one, actor=actor, now=now)
    ]
    if not notices:
        raise Http404
    open_ones = [one for one in notices if one.is_standing and now < one.bids_due_at]
    form = QuestionForm(
        request.POST if request.method == "POST" else None,
        lots=[(str(one.pk), one.title) for one in open_ones],
        is_known=actor.is_signed_in,
    )
    if form.is_bound and form.is_valid():
        notice_id = form.cleaned_data["notice"]
        with questioning.refusals(notice_id=notice_id, actor=actor, now=now):
            asked = questioning.ask(
                notice_id=notice_id,
                text=form.cleaned_data["text"],
                contact=form.cleaned_data.get("contact", ""),
                actor=actor,
                now=now,
            )
        messages.success(
            request, f"问题已提交，编号 {asked.reference}。答复在本页公开，不注明提问人。"
        )
        return redirect("questions", tender_code)
    context = {
        "form": form if open_ones else None,
        "tender": _tender_name(notices),
        "notices": notices,
        "lots": [
            (one, case)
            for one in notices
            for code in one.lots.values_list("lot__code", flat=True)
            if (case := cases.case_of(code))
        ],
        "may_bid": not actor.is_signed_in or Role.BIDDER in actor.roles,
        "trail": _trail(notices[0]),
        "is_letter": notices[0].tender_project.is_by_invitation,
        "answered": queries.answered_questions(notices)[:SHOWN],
    }
    status = SHOWN_AGAIN if form.is_bound else 200
    return render(request, "notices/questions.html", context, status=status)


SHOWN = 200
"""Answers on the page; a tender has fewer."""


def _trail(notice: Notice) -> list[tuple[str, str]]:
    """Return the way back to the notice; a letter of invitation stands on no public page."""
    if notice.tender_project.is_by_invitation:
        return []
    return [(reverse("portal-notice", args=[notice.version_id]), "招标公告")]


def _tender_name(notices: list[Notice]) -> str:
    return notices[0].tender_project.name


ROUTES = [route("questions/<str:tender_code>/", questions, name="questions", audience=PUBLIC)]
