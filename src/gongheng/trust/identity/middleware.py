"""Deny by default: a view says whom it admits, and nobody else gets in."""

from collections.abc import Callable

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render

from gongheng.kernel.reasons import Reason
from gongheng.trust.identity import audit, own_pages, reading
from gongheng.trust.identity.actors import Actor, actor_of
from gongheng.trust.identity.kinds import Outcome
from gongheng.trust.identity.rules import SIGN_IN_FIRST
from gongheng.web import arriving, connections
from gongheng.web.clock import legal_now
from gongheng.web.logs import told
from gongheng.web.routes import PEER, PUBLIC, SIGNED_IN, Permission

NO_AUDIENCE = Reason(
    code="identity.no_audience",
    message="这个页面没有开放给任何人。",
    remedy="如您认为应当开放，请联系平台运维人员。",
)
NOT_ALLOWED = Reason(
    code="identity.not_allowed",
    message="您的账号没有办理这项业务的权限。",
    remedy="如工作需要，请联系本单位的平台管理员开通相应角色，或换用有权限的账号登录。",
)


class AuthorisationMiddleware:
    """Judges every request by the audience of its view; stands behind session and account."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Pass the request on; the judgement comes once the view is known.

        A body that is long on its way is said to be a person's before anybody reads it.

        What protected data the answer shows is written down before it leaves: an answer whose
        reading cannot be written is none.
        """
        if arriving.KEY in request.META:
            arriving.tell_sender(request, str(actor_of(request).account_id or ""))
            connections.give_back()
        answer = self.get_response(request)
        reading.enter(request, answer)
        return answer

    def process_view(
        self,
        request: HttpRequest,
        view: Callable[..., HttpResponseBase],
        _args: tuple[object, ...],
        _kwargs: dict[str, object],
    ) -> HttpResponseBase | None:
        """Return nothing for those the view admits, a sign-in page or a refusal for others.

        A peer's request carries a signature in itself, which the view judges.
        """
        audience: object = getattr(view, "audience", None)
        if audience == PEER:
            return None
        actor = actor_of(request)  # public pages too: their head shows what the person may do
        if audience == PUBLIC:
            return None
        reason = _refusal(audience, actor)
        if reason is None:
            return _first_duty(request)
        audit.record(
            actor=actor,
            deed="page.requested",
            object_id=told(request.path)[:200],
            now=legal_now(),
            outcome=Outcome.REFUSED,
            reason=reason.code,
        )
        if reason is SIGN_IN_FIRST:
            return redirect_to_login(request.get_full_path(), settings.LOGIN_URL)
        return refused(request, reason)


def _first_duty(request: HttpRequest) -> HttpResponseBase | None:
    """Lead somebody with a first password, or staff without codes, there before anything else."""
    name = request.resolver_match.view_name if request.resolver_match else ""
    duty = own_pages.first_duty(request, name)
    return redirect(duty) if duty else None


def _refusal(audience: object, actor: Actor) -> Reason | None:
    if not isinstance(audience, Permission) and audience != SIGNED_IN:
        return NO_AUDIENCE
    if not actor.is_signed_in:
        return SIGN_IN_FIRST
    if isinstance(audience, Permission) and not actor.may(audience):
        return NOT_ALLOWED
    return None


def refused(request: HttpRequest, reason: Reason) -> HttpResponse:
    """Return the page that says why something is not allowed and what to do."""
    return render(request, "web/errors/refusal.html", {"reason": reason}, status=403)
