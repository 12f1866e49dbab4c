"""What holders read and hand in by files, where a service of theirs is down."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from gongheng.kernel.reasons import Refusal
from gongheng.trading.cases.models import Case
from gongheng.trading.opening import destruction, entering, holder_work, permissions, queries
from gongheng.trading.opening.forms import StatementsForm
from gongheng.trading.opening.later_pages import file_of
from gongheng.trading.opening.models import FrozenPart
from gongheng.trust.identity import audit
from gongheng.trust.identity.actors import Actor, actor_of
from gongheng.web.clock import legal_now
from gongheng.web.routes import route

SHOWN_AGAIN = 422


def _of_the_centre(request: HttpRequest, case_id: UUID) -> tuple[Case, Actor]:
    actor = actor_of(request)
    case = get_object_or_404(Case, pk=case_id)
    if not queries.is_centre(case, actor):
        raise Http404
    return case, actor


@require_http_methods(["GET", "HEAD", "POST"])
def statements(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Give what a holder works with, and take the file that it made."""
    case, actor = _of_the_centre(request, case_id)
    form = StatementsForm()
    if request.method == "POST":
        form = StatementsForm(request.POST, request.FILES)
        if form.is_valid():
            try:
                with audit.refusals(
                    actor=actor, deed=entering.DEED, now=legal_now(), object_id=case_id
                ):
                    taken = entering.enter(
                        case_id=case_id,
                        statements=form.cleaned_data["file"],
                        actor=actor,
                        now=legal_now(),
                    )
            except Refusal as refusal:
                form.add_error("file", str(refusal))
            else:
                names = "、".join(dict.fromkeys(row.holder_name for row in taken))
                messages.success(request, f"已收到{names}的声明，签名核对无误。")
                return redirect("opening-statements", case_id)
    opening = queries.of_case(case_id)
    context = {
        "case": case,
        "form": form,
        "lists": opening.lists.order_by("event", "part") if opening else [],
        "has_order": destruction.order_of(case, now=legal_now()) is not None,
        "destroyed": case.key_destructions.order_by("received_at"),
    }
    status = SHOWN_AGAIN if request.method == "POST" else 200
    return render(request, "opening/statements.html", context, status=status)


@require_safe
def frozen_list(request: HttpRequest, case_id: UUID, part: str) -> HttpResponse:
    """Give the frozen list of a part, which a holder releases its shares for."""
    row = _list_of(request, case_id, part)
    return file_of(row.statement, f"list-{row.opening.case_code}-{part}.json")


@require_safe
def covers(request: HttpRequest, case_id: UUID, part: str) -> HttpResponse:
    """Give the covers of the bids on a list: without them a holder cannot take out its shares."""
    row = _list_of(request, case_id, part)
    found = holder_work.covers_on(row.opening, row)
    return file_of(found, f"covers-{row.opening.case_code}-{part}.json")


def _list_of(request: HttpRequest, case_id: UUID, part: str) -> FrozenPart:
    case, _ = _of_the_centre(request, case_id)
    lists = FrozenPart.objects.filter(opening__case=case).select_related("opening")
    return get_object_or_404(lists, part=part)


@require_safe
def order(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Give the centre's signed order to destroy the keys, when it is time."""
    case, _ = _of_the_centre(request, case_id)
    found = destruction.order_of(case, now=legal_now())
    if found is None:
        raise Http404
    return file_of(found.as_json(), f"order-{case.code}.json")


_HOLDERS = "opening/<uuid:case_id>/holders/"
ROUTES = [
    route(_HOLDERS, statements, name="opening-statements", audience=permissions.OPEN),
    route(
        f"{_HOLDERS}list-<slug:part>.json",
        frozen_list,
        name="opening-list",
        audience=permissions.OPEN,
    ),
    route(
        f"{_HOLDERS}covers-<slug:part>.json",
        covers,
        name="opening-covers",
        audience=permissions.OPEN,
    ),
    route(f"{_HOLDERS}order.json", order, name="opening-order", audience=permissions.OPEN),
]
