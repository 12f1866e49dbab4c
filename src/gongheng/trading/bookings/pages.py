"""The page on which a room is booked for a case: hours first, then the rooms that are free in them."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from gongheng.kernel.clock import BEIJING
from gongheng.registers.venues import queries as venues
from gongheng.registers.venues.forms import HoursForm
from gongheng.registers.venues.kinds import Purpose
from gongheng.trading.bookings import actions, permissions, queries
from gongheng.trading.cases import step_pages as steps
from gongheng.trading.cases.models import Case
from gongheng.trust.identity.actors import Actor, actor_of
from gongheng.web.clock import legal_now
from gongheng.web.routes import route

BEFORE_OPENING = timedelta(minutes=30)
USUAL = {Purpose.OPENING: timedelta(hours=2), Purpose.EVALUATION: timedelta(hours=8)}
"""How long a room is usually needed."""


class BookingForm(HoursForm):
    """What for, and the hours."""

    field_order = ("purpose", "day", "begins", "length")
    purpose = forms.ChoiceField(label="用途", error_messages={"required": "请选择用途。"})
    room = forms.UUIDField(
        required=False,
        widget=forms.HiddenInput,
        error_messages={"invalid": "请选择列出的场地。", "required": "请选择场地。"},
    )

    def of_case(self, case: Case) -> "BookingForm":
        """Offer what the case needs rooms for."""
        chosen = self.fields["purpose"]
        assert isinstance(chosen, forms.ChoiceField)  # noqa: S101  it is declared above
        chosen.choices = [(one.value, one.label) for one in queries.purposes(case)]
        return self


@require_http_methods(["GET", "HEAD", "POST"])
def book(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Choose hours, see the rooms that are free in them, and book one."""
    actor, now = actor_of(request), legal_now()
    case = steps.case_of(actor, case_id)
    if not actions.may_book(actor, case):
        raise Http404
    form = BookingForm(_asked(request, case, now)).of_case(case)
    if request.method == "POST" and _booked(form, case, actor=actor, now=now):
        messages.success(
            request, "场地已预约。开标时间变更、项目暂停或终止时，预约自动释放并通知您。"
        )
        return redirect(f"{reverse('case', args=[case.pk])}?tab=rooms")
    hours = form.hours_or_none()
    purpose = form.cleaned_data.get("purpose")
    context = {
        "form": form,
        "case": case,
        "opening_at": queries.opening_at(case),
        "purposes": queries.purposes(case),
        "hours": hours,
        "offers": venues.offers(Purpose(purpose), hours=hours, now=now)
        if hours and purpose
        else [],
        "trail": steps.trail(case),
    }
    status = steps.SHOWN_AGAIN if form.errors else 200
    return render(request, "bookings/book.html", context, status=status)


def _asked(request: HttpRequest, case: Case, now: datetime) -> Mapping[str, Any]:
    """Return what was asked for, or the usual hours of the case."""
    if request.method == "POST":
        return request.POST
    if "day" in request.GET:
        return request.GET
    needed = queries.purposes(case)
    asked = request.GET.get("purpose", "")
    purpose = next((one for one in needed if one == asked), needed[0] if needed else None)
    usual = Purpose(purpose or Purpose.OPENING)
    opening_at = queries.opening_at(case)
    if opening_at is None or opening_at < now:
        morning = now.astimezone(BEIJING).replace(hour=9, minute=0, second=0, microsecond=0)
        starts_at = morning + timedelta(days=1)
    elif usual is Purpose.OPENING:
        starts_at = opening_at - BEFORE_OPENING
    else:
        starts_at = opening_at + USUAL[Purpose.OPENING]
    return {"purpose": usual.value, **HoursForm.values(starts_at, USUAL[usual])}


def _booked(form: BookingForm, case: Case, *, actor: Actor, now: datetime) -> bool:
    def deed() -> None:
        starts_at, ends_at = form.hours()
        actions.book(
            case_id=case.pk,
            room_id=form.cleaned_data["room"],
            purpose=Purpose(form.cleaned_data["purpose"]),
            starts_at=starts_at,
            ends_at=ends_at,
            actor=actor,
            now=now,
        )

    form.fields["room"].required = True
    return steps.filed(form, deed, name="venue.booked", object_id=case.pk, actor=actor, now=now)


ROUTES = [
    route("cases/<uuid:case_id>/rooms/", book, name="bookings", audience=permissions.BOOK),
]
