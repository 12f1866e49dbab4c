"""What can be witnessed, the page of a record, and its paper to keep and to check."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from gongheng.kernel.reasons import Refusal
from gongheng.trading.cases import step_pages as steps
from gongheng.trading.witness import actions, permissions, queries, rules
from gongheng.trading.witness.forms import EntryForm
from gongheng.trading.witness.kinds import EntryKind, Sitting
from gongheng.trading.witness.models import Record
from gongheng.trust.identity import audit
from gongheng.trust.identity.actors import Actor, actor_of
from gongheng.web.clock import legal_now
from gongheng.web.routes import route

READS = "witness.read"
MOST_RECORDS = 50


@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """List what goes on in the witness's region, and the records that the person had a part in."""
    actor, now = actor_of(request), legal_now()
    context = {
        "open_now": queries.cases_to_witness(actor, now=now),
        "records": queries.records_for(actor)[:MOST_RECORDS],
        "trail": [(reverse("desk"), "业务工作台")],
    }
    return render(request, "witness/list.html", context)


@require_POST
def arrive(request: HttpRequest, case_id: UUID, sitting: str) -> HttpResponse:
    """Begin to witness, or take over from another."""
    actor, now = actor_of(request), legal_now()
    going = queries.cases_to_witness(actor, now=now)
    if (case_id, sitting) not in {(case.pk, str(one)) for case, one in going}:
        raise Http404
    with audit.refusals(actor=actor, deed="witness.arrived", object_id=case_id, now=now):
        record = actions.arrive(case_id=case_id, sitting=Sitting(sitting), actor=actor, now=now)
    return redirect("witness-record", record.pk)


@require_http_methods(["GET", "HEAD", "POST"])
def record(request: HttpRequest, record_id: UUID) -> HttpResponse:
    """Show a record to who may read it, and take what its witnesses write."""
    actor, now = actor_of(request), legal_now()
    found = _readable(actor, record_id)
    if request.method == "POST" and not actor.may(permissions.WITNESS):
        raise Refusal(rules.NOT_A_WITNESS)
    form = EntryForm(
        request.POST if request.method == "POST" else None, initial=EntryForm.first(now)
    )
    if request.method == "POST" and steps.filed(
        form,
        lambda: actions.write(record_id=found.pk, seen=form.seen(), actor=actor, now=now),
        name="witness.written",
        object_id=found.pk,
        actor=actor,
        now=now,
    ):
        messages.success(request, "已记录。写下的内容不能修改，写错的请用“更正”补充一条。")
        return redirect("witness-record", found.pk)
    return _page(request, found, form, actor)


def _page(
    request: HttpRequest,
    found: Record,
    form: EntryForm,
    actor: Actor,
    refusal: Refusal | None = None,
) -> HttpResponse:
    entries = list(found.entries.select_related("corrects").order_by("number"))
    moved = [(entry.kind, entry.person_name, entry.person_role) for entry in entries]
    context = {
        "record": found,
        "case": found.case,
        "sitting": Sitting(found.sitting).label,
        "entries": [(entry, EntryKind(entry.kind).label) for entry in entries],
        "inside": rules.still_in(moved),
        "form": form,
        "refusal": refusal,
        "may_write": not found.is_closed and queries.writes(actor, found),
        "trail": [(reverse("desk"), "业务工作台"), *_way(actor)],
    }
    is_again = refusal is not None or (form.is_bound and bool(form.errors))
    status = steps.SHOWN_AGAIN if is_again else 200
    return render(request, "witness/record.html", context, status=status)


def _way(actor: Actor) -> list[tuple[str, str]]:
    return [(reverse("witness"), "见证")] if actor.may(permissions.WITNESS) else []


def _readable(actor: Actor, record_id: UUID) -> Record:
    found = get_object_or_404(queries.records_for(actor), pk=record_id)
    if not queries.shows(actor, found):
        raise Http404
    return found


@require_POST
def close(request: HttpRequest, record_id: UUID) -> HttpResponse:
    """Close a record; its paper is made and signed."""
    actor, now = actor_of(request), legal_now()
    found = _readable(actor, record_id)
    try:
        with audit.refusals(actor=actor, deed="witness.closed", object_id=found.pk, now=now):
            actions.close(record_id=found.pk, actor=actor, now=now)
    except Refusal as refusal:
        return _page(request, found, EntryForm(initial=EntryForm.first(now)), actor, refusal)
    messages.success(request, "见证记录已办结，已签名并存证。")
    return redirect("witness-record", found.pk)


@require_safe
def paper(request: HttpRequest, record_id: UUID) -> HttpResponse:
    """Hand out the signed paper of a closed record, for whoever checks it."""
    found = _readable(actor_of(request), record_id)
    if not found.is_closed:
        raise Http404
    body = {
        "label": actions.LABEL,
        "statement": found.statement,
        "sm3": found.digest,
        "signature": found.signature,
    }
    answer = JsonResponse(body, json_dumps_params={"ensure_ascii": False, "indent": 2})
    answer["Content-Disposition"] = f'attachment; filename="witness-{found.sitting}.json"'
    return answer


ROUTES = [
    route("witness/", listing, name="witness", audience=permissions.WITNESS),
    route(
        "cases/<uuid:case_id>/witness/<str:sitting>/",
        arrive,
        name="witness-arrive",
        audience=permissions.WITNESS,
    ),
    route(
        "witness/<uuid:record_id>/",
        record,
        name="witness-record",
        audience=permissions.READ,
        reads=READS,
    ),
    route(
        "witness/<uuid:record_id>/close/",
        close,
        name="witness-close",
        audience=permissions.WITNESS,
        reads=READS,
    ),
    route(
        "witness/<uuid:record_id>/record.json",
        paper,
        name="witness-paper",
        audience=permissions.READ,
        reads=READS,
    ),
]
