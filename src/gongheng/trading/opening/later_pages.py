"""The opening of parts that waited for an event: the tenderer's decision, the centre's publication."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from gongheng.kernel.reasons import Refusal
from gongheng.trading.cases.models import Case
from gongheng.trading.opening import later, permissions, queries, rules, sealed
from gongheng.trading.opening.forms import LaterForm, RetryForm
from gongheng.trading.opening.kinds import LaterStage
from gongheng.trading.opening.models import LaterOpening
from gongheng.trust.identity import audit
from gongheng.trust.identity.actors import Actor, actor_of
from gongheng.web.clock import legal_now
from gongheng.web.routes import route

SHOWN_AGAIN = 422


def _found(request: HttpRequest, case_id: UUID) -> tuple[Case, LaterOpening, Actor]:
    """Return what is opened later in a case, for its host and its centre. Raises ``Refusal``."""
    actor = actor_of(request)
    case = get_object_or_404(Case, pk=case_id)
    opening = queries.of_case(case_id)
    if not queries.attends(case, opening, actor):
        raise Http404
    if opening is None:
        raise Refusal(rules.NOT_BEGUN)
    row = opening.later.order_by("recorded_at").last()
    if row is None:
        raise Refusal(rules.NOTHING_WAITS)
    return case, row, actor


@require_http_methods(["GET", "HEAD", "POST"])
def opening_later(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Show where it stands; a POST brings the signed decision, or makes known what was opened."""
    case, row, actor = _found(request, case_id)
    form = LaterForm()
    refusal = None
    if request.method == "POST":
        form = LaterForm(request.POST, request.FILES)
        try:
            with audit.refusals(
                actor=actor, deed="opening.later", now=legal_now(), object_id=case_id
            ):
                done = _do(row, form, actor)
        except Refusal as found:
            refusal, done = found, False
        if done:
            messages.success(request, "已办理。")
            return redirect("opening-later", case_id)
    context = _context(case, row, actor) | {"form": form, "refusal": refusal}
    status = SHOWN_AGAIN if request.method == "POST" else 200
    return render(request, "opening/later.html", context, status=status)


def _do(row: LaterOpening, form: LaterForm, actor: Actor) -> bool:
    again = RetryForm(form.data)
    if again.is_valid():
        lost = get_object_or_404(row.entries, pk=again.cleaned_data["retry"])
        later.retry(row_id=lost.pk, actor=actor, now=legal_now())
        return True
    if row.stage == LaterStage.JUDGED:
        later.show(later_id=row.pk, actor=actor, now=legal_now())
        return True
    if not form.is_valid():
        return False
    value = form.cleaned_data["signed"]
    later.decide(later_id=row.pk, value=value, actor=actor, now=legal_now())
    return True


def _context(case: Case, row: LaterOpening, actor: Actor) -> dict[str, Any]:
    policy = sealed.signed_policy(case).policy
    entries = row.entries.select_related("entry").order_by("entry__number")
    may_show = queries.is_centre(case, actor) and row.stage == LaterStage.JUDGED
    return {
        "case": case,
        "later": row,
        "stage": LaterStage(row.stage),
        "parts": [part.title for part in sealed.parts_waiting_for(policy, row.event)],
        "entries": [(one, may_show and queries.is_fault_of_platform(one)) for one in entries],
        "may_decide": queries.is_host(case, actor) and row.stage == LaterStage.DECISION,
        "may_show": may_show,
    }


@require_safe
def later_lists(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Give the lists that the tenderer signs on its own machine."""
    case, row, _ = _found(request, case_id)
    return file_of(later.undecided(row), f"lists-{case.code}.json")


def file_of(content: dict[str, Any], name: str) -> HttpResponse:
    """Return a JSON file that the browser saves."""
    answer = JsonResponse(content, json_dumps_params={"ensure_ascii": False, "sort_keys": True})
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


ROUTES = [
    route(
        "opening/<uuid:case_id>/later/",
        opening_later,
        name="opening-later",
        audience=permissions.OPEN,
    ),
    route(
        "opening/<uuid:case_id>/later/lists.json",
        later_lists,
        name="opening-later-lists",
        audience=permissions.OPEN,
    ),
]
