"""The calendar of rooms, the list of rooms that a centre keeps, and what the centre takes itself."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from gongheng.kernel.clock import BEIJING
from gongheng.kernel.reasons import Reason, Refusal
from gongheng.registers.venues import actions, calendar, permissions, queries, telling
from gongheng.registers.venues.forms import PLACES, HoursForm, NoteForm, OccupyForm, RoomForm
from gongheng.registers.venues.kinds import Purpose, RoomKind
from gongheng.registers.venues.models import Booking, Room
from gongheng.trust.identity import audit
from gongheng.trust.identity.actors import Actor, actor_of
from gongheng.web import spreadsheets
from gongheng.web.clock import legal_now
from gongheng.web.routes import route

SHOWN_AGAIN = 422
DAY, WEEK = "day", "week"
LONGEST_OVERVIEW = 366
FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2200, 1, 1)
"""Days beyond these are slips of the pen."""
TWO_HOURS = timedelta(hours=2)


def _trail(*more: tuple[str, str]) -> list[tuple[str, str]]:
    return [(reverse("desk"), "业务工作台"), *more]


def _to_calendar() -> tuple[str, str]:
    return reverse("venues"), "场地安排"


def _to_rooms() -> tuple[str, str]:
    return reverse("venues-rooms"), "场地名录"


@require_safe
def venues(request: HttpRequest) -> HttpResponse:
    """Show which room is used when, for a day or for seven."""
    actor, now = actor_of(request), legal_now()
    today = now.astimezone(BEIJING).date()
    first = _day(request.GET.get("day", "")) or today
    view = WEEK if request.GET.get("view") == WEEK else DAY
    days = [
        first + timedelta(days=number) for number in range(calendar.WEEK if view == WEEK else 1)
    ]
    kind = request.GET.get("kind", "")
    kinds = [RoomKind(kind)] if kind in list(RoomKind) else list(RoomKind)
    rooms = queries.rooms(kinds=kinds, with_closed=True)
    length = timedelta(days=len(days))
    context = {
        "days": days,
        "day": first,
        "today": today,
        "view": view,
        "kind": kind,
        "kinds": RoomKind,
        "before": first - length,
        "after": first + length,
        "lines": calendar.lines(rooms, days, actor=actor, now=now),
        "heads": calendar.heads(first),
        "may_keep": actor.may(permissions.KEEP),
        "may_export": actor.may(permissions.OVERVIEW),
        "last": days[-1],
        "trail": _trail(),
    }
    return render(request, "venues/calendar.html", context)


def _day(text: str) -> date | None:
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return None
    return found if FIRST_DAY <= found < LAST_DAY else None


@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """Give the bookings of a period in the person's region as a table for other programs."""
    actor, now = actor_of(request), legal_now()
    first = _day(request.GET.get("first", "")) or now.astimezone(BEIJING).date()
    last = _day(request.GET.get("last", "")) or first
    last = min(max(last, first), first + timedelta(days=LONGEST_OVERVIEW))
    found = queries.bookings_within(actor, first=first, last=last)
    audit.record(actor=actor, deed="venue.exported", object_id=f"{first}/{last}", now=now)
    return spreadsheets.answer(f"venues-{first}-{last}", calendar.as_rows(found))


@require_safe
def rooms(request: HttpRequest) -> HttpResponse:
    """List the rooms with what they have."""
    actor = actor_of(request)
    kept = set(queries.rooms_kept_by(actor).values_list("pk", flat=True))
    listed = list(queries.rooms(with_closed=True))
    context = {
        "rooms": [(room, room.pk in kept) for room in listed],
        "may_keep": actor.may(permissions.KEEP),
        "trail": _trail(_to_calendar()),
    }
    return render(request, "venues/rooms.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def new_room(request: HttpRequest) -> HttpResponse:
    """Enter a room."""
    actor, now = actor_of(request), legal_now()
    form = RoomForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and _done(
        form,
        lambda: actions.enter_room(facts=form.facts(), actor=actor, now=now),
        deed="venue.room_entered",
        actor=actor,
        now=now,
    ):
        messages.success(request, f"已登记场地“{form.cleaned_data['name']}”，现在可以预约。")
        return redirect("venues-rooms")
    context = {"form": form, "trail": _trail(_to_calendar(), _to_rooms())}
    return render(request, "venues/room.html", context, status=_status(form))


@require_http_methods(["GET", "HEAD", "POST"])
def change_room(request: HttpRequest, room_id: UUID) -> HttpResponse:
    """Change a room; closing and reopening it stand on the same page."""
    actor, now = actor_of(request), legal_now()
    room = _own_room(actor, room_id)
    form = RoomForm(request.POST if request.method == "POST" else None, initial=RoomForm.of(room))
    if request.method == "POST" and _done(
        form,
        lambda: actions.change_room(room_id=room_id, facts=form.facts(), actor=actor, now=now),
        deed="venue.room_changed",
        actor=actor,
        now=now,
    ):
        messages.success(request, f"场地“{form.cleaned_data['name']}”已更新。")
        return redirect("venues-rooms")
    return _room_page(request, room, form, NoteForm())


@require_POST
def close_room(request: HttpRequest, room_id: UUID) -> HttpResponse:
    """Take a room out of use for a reason, or let it be used again."""
    actor, now = actor_of(request), legal_now()
    room = _own_room(actor, room_id)
    if room.is_closed:
        actions.reopen_room(room_id=room_id, actor=actor, now=now)
        messages.success(request, f"场地“{room.name}”已恢复使用。")
        return redirect("venues-rooms")
    form = NoteForm(request.POST)
    released: list[Booking] = []
    if _done(
        form,
        lambda: released.extend(
            actions.close_room(
                room_id=room_id, because=form.cleaned_data["note"], actor=actor, now=now
            )
        ),
        deed="venue.room_closed",
        actor=actor,
        now=now,
    ):
        told = f"，释放了 {len(released)} 项预约并通知了相关单位" if released else ""
        messages.success(request, f"场地“{room.name}”已停用{told}。")
        return redirect("venues-rooms")
    return _room_page(request, room, RoomForm(initial=RoomForm.of(room)), form)


def _room_page(request: HttpRequest, room: Room, form: RoomForm, note: NoteForm) -> HttpResponse:
    context = {
        "form": form,
        "note": note,
        "room": room,
        "trail": _trail(_to_calendar(), _to_rooms()),
    }
    status = max(_status(form), _status(note))
    return render(request, "venues/room.html", context, status=status)


def _own_room(actor: Actor, room_id: UUID) -> Room:
    return get_object_or_404(queries.rooms_kept_by(actor), pk=room_id)


@require_http_methods(["GET", "HEAD", "POST"])
def occupy(request: HttpRequest, room_id: UUID) -> HttpResponse:
    """Take a room for something of the centre's own."""
    actor, now = actor_of(request), legal_now()
    room = _own_room(actor, room_id)
    tomorrow = now.replace(hour=9, minute=0, second=0, microsecond=0) + timedelta(days=1)
    first = {"purpose": Purpose.OTHER, **HoursForm.values(tomorrow, TWO_HOURS)}
    form = OccupyForm(request.POST if request.method == "POST" else None, initial=first)
    form.fields["purpose"].choices = [  # type: ignore[attr-defined]  # declared above
        (purpose.value, purpose.label) for purpose in Purpose if room.kind in purpose.rooms
    ]

    def deed() -> None:
        starts_at, ends_at = form.hours()
        actions.occupy(
            room_id=room_id,
            purpose=Purpose(form.cleaned_data["purpose"]),
            title=form.cleaned_data["note"],
            starts_at=starts_at,
            ends_at=ends_at,
            actor=actor,
            now=now,
        )

    if request.method == "POST" and _done(form, deed, deed="venue.booked", actor=actor, now=now):
        messages.success(request, f"已占用“{room.name}”。")
        return redirect(f"{reverse('venues')}?day={form.cleaned_data['day']}")
    context = {
        "form": form,
        "room": room,
        "free": _free(room, form, now) if form.has_error(None) else [],
        "trail": _trail(_to_calendar(), _to_rooms()),
    }
    return render(request, "venues/occupy.html", context, status=_status(form))


def _free(room: Room, form: OccupyForm, now: datetime) -> list[queries.Hours]:
    """Return the next free hours of the room, once its hours were refused."""
    offers = queries.offers(Purpose(form.cleaned_data["purpose"]), hours=form.hours(), now=now)
    return next((one.next_hours for one in offers if one.room == room), [])


@require_http_methods(["GET", "HEAD", "POST"])
def release(request: HttpRequest, booking_id: UUID) -> HttpResponse:
    """Give a room back before its hours: the centre for a reason, or whoever booked it."""
    actor, now = actor_of(request), legal_now()
    booking = Booking.objects.select_related("room").filter(pk=booking_id).first()
    if booking is None or not queries.may_release(actor, booking):
        raise Http404
    form = NoteForm(request.POST if request.method == "POST" else None)
    is_centre = queries.is_keeper(actor, booking)
    form.fields["note"].required = is_centre
    if request.method == "POST" and _done(
        form,
        lambda: actions.give_up(
            booking_id=booking_id, note=form.cleaned_data["note"], actor=actor, now=now
        ),
        deed="venue.released",
        actor=actor,
        now=now,
    ):
        messages.success(request, "预约已取消，场地已释放，相关单位会收到消息。")
        return redirect(f"{reverse('venues')}?day={booking.starts_at.astimezone(BEIJING).date()}")
    context = {
        "form": form,
        "booking": booking,
        "hours": telling.hours(booking),
        "is_open": queries.may_be_released(actor, booking, now=now),
        "trail": _trail(_to_calendar()),
    }
    return render(request, "venues/release.html", context, status=_status(form))


def _done(
    form: forms.Form, act: Callable[[], object], *, deed: str, actor: Actor, now: datetime
) -> bool:
    """Do a deed with a form; a refusal is put to the field it is about, and nothing typed is lost."""
    if not form.is_valid():
        return False
    try:
        with audit.refusals(actor=actor, deed=deed, now=now):
            act()
    except Refusal as refusal:
        form.add_error(_place(refusal.reason, form), str(refusal))
        return False
    return True


def _place(reason: Reason, form: forms.Form) -> str | None:
    place = PLACES.get(reason)
    return place if place in form.fields else None


def _status(form: forms.Form) -> int:
    return SHOWN_AGAIN if form.is_bound and form.errors else 200


ROUTES = [
    route("venues/", venues, name="venues", audience=permissions.VIEW),
    route("venues/overview.csv", overview, name="venues-overview", audience=permissions.OVERVIEW),
    route("venues/rooms/", rooms, name="venues-rooms", audience=permissions.VIEW),
    route("venues/rooms/new/", new_room, name="venues-room-new", audience=permissions.KEEP),
    route(
        "venues/rooms/<uuid:room_id>/", change_room, name="venues-room", audience=permissions.KEEP
    ),
    route(
        "venues/rooms/<uuid:room_id>/close/",
        close_room,
        name="venues-room-close",
        audience=permissions.KEEP,
    ),
    route(
        "venues/rooms/<uuid:room_id>/occupy/",
        occupy,
        name="venues-occupy",
        audience=permissions.KEEP,
    ),
    route(
        "venues/bookings/<uuid:booking_id>/release/",
        release,
        name="venues-release",
        audience=permissions.RELEASE,
    ),
]
