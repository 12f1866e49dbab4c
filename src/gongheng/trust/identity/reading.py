"""Each reading of protected data comes into the audit trail, by the declaration of its route (E-16)."""

from django.http import HttpRequest, HttpResponseBase

from gongheng.trust.identity import audit
from gongheng.trust.identity.actors import actor_of
from gongheng.web.clock import legal_now
from gongheng.web.routes import OWN

SHOWING = frozenset({200, 206, 422})
"""Answers that show something; 422 is a form shown again, with all that stands around it."""
LONGEST = 200


def is_own(request: HttpRequest) -> None:
    """Say that a page shows this person nothing but what the own organisation said itself.

    It is not entered: during bidding the trail must not tell who means to bid (A-01).
    """
    request.reads_own = True  # type: ignore[attr-defined]  # kept for the rest of this request


def enter(request: HttpRequest, answer: HttpResponseBase) -> None:
    """Write down that protected data were read, where the route says so and the answer shows them."""
    match = request.resolver_match
    deed = getattr(match.func, "reads", "") if match else ""
    if not deed or deed == OWN or request.method == "HEAD" or answer.status_code not in SHOWING:
        return
    actor = actor_of(request)
    if not actor.is_signed_in or getattr(request, "reads_own", False):
        return
    words = [str(value) for value in match.kwargs.values()] if match else []
    question = request.GET.urlencode()
    what = " ".join([*words, question] if question else words)
    audit.record(actor=actor, deed=deed, object_id=what[:LONGEST], now=legal_now())
