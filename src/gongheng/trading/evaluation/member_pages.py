"""Pages of a member: the own committees, the room, one bid with its criteria and files."""

from functools import partial
from mimetypes import guess_type
from uuid import UUID

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from gongheng.kernel import terms
from gongheng.kernel.clock import BEIJING
from gongheng.kernel.reasons import Refusal
from gongheng.trading.evaluation import actions, desk, permissions, queries, rules, scoring
from gongheng.trading.evaluation.desk import Room
from gongheng.trading.evaluation.forms import DeclarationForm
from gongheng.trading.evaluation.kinds import MemberState
from gongheng.trading.evaluation.scoring import Row
from gongheng.trading.evaluation.sources import OpenBid
from gongheng.trust.identity import audit
from gongheng.trust.identity.actors import actor_of
from gongheng.web.clock import legal_now
from gongheng.web.routes import route

SHOWN_AGAIN = 422
CONFLICT = 409
AUTOSAVE = "autosave"
PAGES = {False: "evaluation-bid", True: "evaluation-blind"}
FILE_PAGES = {False: "evaluation-file", True: "evaluation-blind-file"}
SHOWN_INSIDE = frozenset({"application/pdf", "image/png", "image/jpeg", "text/plain"})
FILE_POLICY = (
    "default-src 'none'; object-src 'self'; img-src 'self'; style-src 'unsafe-inline'; "
    "frame-ancestors 'self'"
)
"""A bid's file runs nothing, and only our own pages may frame it."""


@never_cache
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """List the committees that the person sits in."""
    seats = list(queries.seats_of(actor_of(request)))
    return render(request, "evaluation/home.html", {"seats": seats})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def room(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Show the member's committee: declaration, chair, bids, what is to be done."""
    member = desk.member_or_404(request, case_id)
    if member.state != MemberState.ACTIVE:
        return _declaration(request, case_id)
    if request.method == "POST":
        return _said(request, case_id)
    place = desk.room_of(request, case_id)
    members = list(
        place.committee.members.filter(replaced_at__isnull=True)
        .select_related("vote")
        .order_by("seat")
    )
    short = sum(one.needs_time for one in members)
    on = place.case.terms_on or place.now.date()
    context = {
        "room": place,
        "trail": desk.trail_to(),
        "members": members,
        "progress": place.progress(),
        "hidden": place.progress(is_hidden=True),
        "is_ready": queries.is_ready(place.committee),
        "is_few": place.is_few(),
        "unequal": [place.words(gap) for gap in place.unequal()],
        "must_extend": rules.must_be_extended(short, len(members), on=on),
        "low_prices": place.low_prices(),
        "low_price_percent": terms.in_force("S-08", on).value,
        "waits_for_prices": any(bid.is_sealed for bid in place.bids),
        "waiting": place.committee.requests.filter(state="asked").count(),
    }
    return render(request, "evaluation/room.html", context)


def _declaration(request: HttpRequest, case_id: UUID) -> HttpResponse:
    member = desk.member_or_404(request, case_id)
    form = DeclarationForm(request.POST if request.method == "POST" else None)
    status = 200
    if form.is_bound:
        status = SHOWN_AGAIN
        if form.is_valid():
            try:
                actions.declare(
                    case_id=case_id,
                    avoids=form.cleaned_data["avoids"],
                    reason=form.cleaned_data["reason"],
                    actor=actor_of(request),
                    now=legal_now(),
                )
            except Refusal as refusal:
                form.add_error(
                    "reason" if refusal.reason is rules.WHY_AVOID else None, str(refusal)
                )
            else:
                messages.success(request, "声明已记录。")
                return redirect("evaluation-room", case_id)
    context = {
        "form": form,
        "member": member,
        "case": member.committee.case,
        "trail": desk.trail_to(),
        "is_under_way": queries.is_under_way(member.committee.case),
    }
    return render(request, "evaluation/declaration.html", context, status=status)


def _said(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Do what one of the room's small buttons says."""
    actor, now = actor_of(request), legal_now()
    deed, value = request.POST.get("deed", ""), request.POST.get("value", "")
    with audit.refusals(actor=actor, deed=f"evaluation.{deed}"[:60], now=now, object_id=case_id):
        if deed == "vote":
            seat = int(value) if value.isascii() and value.isdigit() and len(value) < 5 else 0  # noqa: PLR2004  seats are few
            actions.vote(case_id=case_id, seat=seat, actor=actor, now=now)
        elif deed == "competition" and value in {"0", "1"}:
            actions.say(case_id=case_id, lacks_competition=value == "1", actor=actor, now=now)
        elif deed == "time" and value in {"0", "1"}:
            actions.say(case_id=case_id, needs_time=value == "1", actor=actor, now=now)
        elif deed == "avoid":
            actions.declare(case_id=case_id, avoids=True, reason=value, actor=actor, now=now)
        elif deed == "close":
            actions.close_review(case_id=case_id, actor=actor, now=now)
        elif deed == "technical":
            actions.close_technical(case_id=case_id, actor=actor, now=now)
        elif deed == "reopen":
            actions.reopen_review(case_id=case_id, actor=actor, now=now)
        else:
            raise Http404
    messages.success(request, "已记录。")
    return redirect("evaluation-room", case_id)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def bid(
    request: HttpRequest, case_id: UUID, number: int, *, is_hidden: bool = False
) -> HttpResponse:
    """Show one bid beside its criteria, and save what was found; the script saves each change.

    ``is_hidden``: the technical part of a blind bid, without the name (W-42).
    """
    place = desk.room_of(request, case_id)
    found = place.bid(number, is_hidden=is_hidden)
    rows = _rows(place, found)
    if request.method != "POST":
        audit.record(
            actor=place.actor, deed="evaluation.bid_read", object_id=case_id, now=place.now
        )
        return _bid_page(request, place, found, rows)
    conflict = _save(request, place, found, rows)
    if request.headers.get("X-Requested-With") == AUTOSAVE:
        return _autosaved(rows, conflict=conflict)
    wrong = [row for row in rows if row.error]
    if wrong:
        status = CONFLICT if conflict else SHOWN_AGAIN
        return _bid_page(request, place, found, rows, status=status)
    messages.success(request, "已保存。")
    return redirect(PAGES[is_hidden], case_id, number)


def _rows(place: Room, found: OpenBid) -> list[Row]:
    saved = desk.assessments(place, found)
    is_out = found.bidder_code in place.rejections()
    return [
        Row(
            criterion=criterion,
            saved=saved.get(criterion.code),
            files=[
                (file, file.anchor(criterion.code))
                for file in found.files
                if criterion.code in file.pages
            ],
            is_open=place.is_open and not is_out,
        )
        for criterion in place.criteria(is_hidden=found.is_hidden)
    ]


def _save(request: HttpRequest, place: Room, found: OpenBid, rows: list[Row]) -> bool:
    """Save each row that was sent; tell whether another window was in between."""
    only, conflict = request.POST.get("save", ""), False
    sent = [row for row in rows if f"{row.code}-number" in request.POST and only in {"", row.code}]
    for row in sent:
        row.read(request.POST)
    filled = [row for row in sent if not row.is_blank]
    try:
        told = actions.save_all(
            case_id=place.case.pk,
            bidder_code=found.bidder_code,
            findings=[row.finding() for row in filled],
            actor=place.actor,
            now=place.now,
        )
    except Refusal as refusal:
        told = [refusal for _ in filled]
    for row, became in zip(filled, told, strict=True):
        if not isinstance(became, Refusal):
            row.saved, row.number = became, became.number
            continue
        row.error = str(became)
        if became.reason is rules.STALE:
            conflict = True
            _show_theirs(place, found, row)
    return conflict


def _show_theirs(place: Room, found: OpenBid, row: Row) -> None:
    """Show what the other window saved; saving once more is then a decision."""
    row.saved = desk.assessments(place, found).get(row.code)
    row.number = row.saved.number if row.saved else 0
    row.theirs = scoring.words_of(row.saved) if row.saved else "（没有保存的内容）"


def _autosaved(rows: list[Row], *, conflict: bool) -> HttpResponse:
    told = [
        {
            "code": row.code,
            "number": row.number,
            "saved_at": f"{row.saved.saved_at.astimezone(BEIJING):%H:%M:%S}" if row.saved else "",
            "error": row.error,
            "theirs": row.theirs,
        }
        for row in rows
    ]
    wrong = any(row.error for row in rows)
    status = CONFLICT if conflict else SHOWN_AGAIN if wrong else 200
    return JsonResponse({"rows": told}, status=status)


def _bid_page(
    request: HttpRequest, place: Room, found: OpenBid, rows: list[Row], *, status: int = 200
) -> HttpResponse:
    shown = place.hidden_bids() if found.is_hidden else place.named_bids()
    numbers = [one.place for one in shown]
    position = numbers.index(found.place)
    context = {
        "page": PAGES[found.is_hidden],
        "file_page": FILE_PAGES[found.is_hidden],
        "room": place,
        "trail": desk.trail_to(place.case),
        "bid": found,
        "rows": rows,
        "groups": _grouped(rows),
        "wrong": [row for row in rows if row.error],
        "rejection": place.rejections().get(found.bidder_code),
        "before": numbers[position - 1] if position else None,
        "after": numbers[position + 1] if position + 1 < len(numbers) else None,
    }
    return render(request, "evaluation/bid.html", context, status=status)


def _grouped(rows: list[Row]) -> list[tuple[str, list[Row]]]:
    groups: dict[str, list[Row]] = {}
    for row in rows:
        groups.setdefault(row.criterion.group.label, []).append(row)
    return list(groups.items())


@never_cache
@require_safe
def bid_file(
    request: HttpRequest, case_id: UUID, number: int, file: int, *, is_hidden: bool = False
) -> FileResponse:
    """Give a file of an opened bid to a member of its committee."""
    place = desk.room_of(request, case_id)
    shown = place.bid(number, is_hidden=is_hidden)
    found = next((one for one in shown.files if one.number == file), None)
    if found is None:
        raise Http404
    audit.record(actor=place.actor, deed="evaluation.file_read", object_id=case_id, now=place.now)
    kind = guess_type(found.path.name)[0] or "application/octet-stream"
    kind = "text/plain" if kind == "application/json" else kind
    answer = FileResponse(
        found.path.open("rb"),
        as_attachment=kind not in SHOWN_INSIDE,
        # The bidder's own name of a file may tell whose it is.
        filename=f"file-{file}{found.path.suffix}" if is_hidden else found.path.name,
        content_type=f"{kind}; charset=utf-8" if kind == "text/plain" else kind,
    )
    answer.headers["Content-Security-Policy"] = FILE_POLICY
    answer.headers["X-Frame-Options"] = "SAMEORIGIN"
    return answer


ROUTES = [
    route("evaluation/", home, name="evaluation", audience=permissions.CONCLUDE),
    route(
        "evaluation/<uuid:case_id>/",
        room,
        name="evaluation-room",
        audience=permissions.CONCLUDE,
    ),
    route(
        "evaluation/<uuid:case_id>/bids/<int:number>/",
        bid,
        name="evaluation-bid",
        audience=permissions.CONCLUDE,
    ),
    route(
        "evaluation/<uuid:case_id>/bids/<int:number>/files/<int:file>/",
        bid_file,
        name="evaluation-file",
        audience=permissions.CONCLUDE,
    ),
    route(
        "evaluation/<uuid:case_id>/blind/<int:number>/",
        partial(bid, is_hidden=True),
        name="evaluation-blind",
        audience=permissions.CONCLUDE,
    ),
    route(
        "evaluation/<uuid:case_id>/blind/<int:number>/files/<int:file>/",
        partial(bid_file, is_hidden=True),
        name="evaluation-blind-file",
        audience=permissions.CONCLUDE,
    ),
]
