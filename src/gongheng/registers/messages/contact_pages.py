"""A person's own addresses: given, confirmed by a code, removed, and which of them are wanted."""

from dataclasses import dataclass
from datetime import datetime
from typing import cast
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from gongheng.kernel.masking import masked
from gongheng.kernel.reasons import Refusal
from gongheng.registers.messages import contacts, queries
from gongheng.registers.messages.forms import AddressForm, ContactCodeForm, WantedForm
from gongheng.registers.messages.kinds import Channel
from gongheng.registers.messages.models import Contact
from gongheng.trust.identity.actors import actor_of
from gongheng.web.clock import legal_now
from gongheng.web.routes import OWN, SIGNED_IN, route


@dataclass(frozen=True, slots=True)
class Line:
    """A channel and what a person's address for it is; empty where there is none."""

    channel: Channel
    address: str
    word: str
    tone: str
    contact: Contact | None
    is_waiting: bool


def lines_of(account_id: UUID, *, is_own: bool, now: datetime) -> list[Line]:
    """Return a line for each channel; ``now`` is machine time."""
    rows = {row.channel: row for row in queries.contacts_of(account_id)}
    return [
        _line(channel, rows.get(channel), is_own=is_own, now=now) for channel in contacts.OUTWARD
    ]


def _line(channel: Channel, row: Contact | None, *, is_own: bool, now: datetime) -> Line:
    if row is None:
        return Line(channel, "", "未填写", "grey", None, is_waiting=False)
    is_waiting = row.code_until is not None and now < row.code_until
    address = row.address if is_own else masked(row.address)
    if not row.address:
        word, tone = ("待验证", "amber") if is_waiting else ("未填写", "grey")
    elif row.refused_at is not None:
        word, tone = f"没有送达，已停用：{row.refusal}", "red"
    else:
        word, tone = ("已验证", "green") if row.is_wanted else ("已验证，不接收", "grey")
    return Line(channel, address, word, tone, row, is_waiting)


def _channel(name: str) -> Channel:
    found = next((one for one in contacts.OUTWARD if one.value == name), None)
    if found is None:
        raise Http404
    return found


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def address(request: HttpRequest, channel: str) -> HttpResponse:
    """Take an address and send a code to it."""
    way = _channel(channel)
    form = AddressForm(request.POST or None, channel=way)
    if request.method == "POST" and form.is_valid():
        try:
            contacts.ask(
                channel=way,
                text=form.cleaned_data["address"],
                actor=actor_of(request),
                now=legal_now(),
            )
        except Refusal as refusal:
            said = cast("str", refusal.facts.get("said", ""))
            form.add_error("address", f"{refusal}（{said}）" if said else str(refusal))
        else:
            return redirect("contact-confirm", way.value)
    return _shown(request, "messages/contact_address.html", form, way)


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest, channel: str) -> HttpResponse:
    """Take the code that came to the address."""
    way, actor = _channel(channel), actor_of(request)
    form = ContactCodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        code = form.cleaned_data["code"].strip()
        try:
            contacts.confirm(channel=way, code=code, actor=actor, now=legal_now())
        except Refusal as refusal:
            form.add_error("code", str(refusal))
        else:
            messages.success(request, f"{way.address_label}已验证，今后的消息也会发到这里。")
            return redirect("identity-account")
    row = queries.contacts_of(actor.person_id).filter(channel=way).first()
    waiting = row.waiting_address if row else ""
    return _shown(request, "messages/contact_code.html", form, way, waiting=waiting)


@require_POST
def remove(request: HttpRequest, channel: str) -> HttpResponse:
    """Forget the own address."""
    way = _channel(channel)
    contacts.remove(channel=way, actor=actor_of(request), now=legal_now())
    messages.success(request, f"{way.address_label}已删除；站内消息照常送达。")
    return redirect("identity-account")


@require_POST
def choose(request: HttpRequest) -> HttpResponse:
    """Note which channels are wanted."""
    form = WantedForm(request.POST)
    if not form.is_valid():
        messages.error(request, "没有这种接收方式，选择没有变化。请重新勾选。")
        return redirect("identity-account")
    wanted = [Channel(value) for value in form.cleaned_data["wanted"]]
    contacts.choose(wanted=wanted, actor=actor_of(request), now=legal_now())
    messages.success(request, "接收方式已保存；站内消息照常送达。")
    return redirect("identity-account")


def _shown(
    request: HttpRequest,
    template: str,
    form: AddressForm | ContactCodeForm,
    way: Channel,
    **more: object,
) -> HttpResponse:
    trail = [(reverse("identity-account"), "我的账号")]
    context = {"form": form, "way": way, "trail": trail, **more}
    return render(request, template, context, status=422 if form.errors else 200)


ROUTES = [
    route("me/contacts/wanted/", choose, name="contact-choose", audience=SIGNED_IN),
    route("me/contacts/<slug:channel>/", address, name="contact", audience=SIGNED_IN),
    route(
        "me/contacts/<slug:channel>/confirm/",
        confirm,
        name="contact-confirm",
        audience=SIGNED_IN,
        reads=OWN,
    ),
    route("me/contacts/<slug:channel>/remove/", remove, name="contact-remove", audience=SIGNED_IN),
]
