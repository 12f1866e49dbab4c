"""What a route reads is written down with the answer that shows it, and with no other (E-16)."""

from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern

from gongheng.trust.identity import reading
from gongheng.trust.identity.kinds import Role
from gongheng.trust.identity.models import AuditEntry
from gongheng.trust.identity.tests.test_officers import _account
from gongheng.web.routes import OWN, SIGNED_IN, route

pytestmark = pytest.mark.django_db


def _own(request: Any, number: int) -> HttpResponse:
    reading.is_own(request)
    return HttpResponse(f"own {number}")


def _status(_request: Any, number: int) -> HttpResponse:
    return HttpResponse(b"shown", status=number)


urlpatterns: list[URLPattern] = [
    route("own/<int:number>/", _own, name="own", audience=SIGNED_IN, reads="paper.read"),
    route("mine/<int:number>/", _status, name="mine", audience=SIGNED_IN, reads=OWN),
    route("paper/<int:number>/", _status, name="paper", audience=SIGNED_IN, reads="paper.read"),
]


@pytest.mark.urls(__name__)
@pytest.mark.parametrize(
    ("method", "path", "is_entered"),
    [
        ("GET", "/paper/200/", True),
        ("GET", "/paper/422/", True),
        ("HEAD", "/paper/200/", False),
        ("GET", "/paper/404/", False),
        ("GET", "/paper/302/", False),
        ("GET", "/own/200/", False),
        ("GET", "/mine/200/", False),
    ],
)
def test_a_reading_is_entered_when_something_is_shown(
    client: Client, method: str, path: str, *, is_entered: bool
) -> None:
    client.force_login(_account("clerk", Role.CLERK))

    client.generic(method, f"{path}?q=1")

    entries = AuditEntry.objects.filter(deed="paper.read").values_list("object_id", flat=True)
    number = path.split("/")[2]
    assert list(entries) == ([f"{number} q=1"] if is_entered else [])


@pytest.mark.urls(__name__)
def test_what_cannot_be_written_down_is_not_shown(client: Client, monkeypatch: Any) -> None:
    client.force_login(_account("clerk", Role.CLERK))
    monkeypatch.setattr(reading.audit, "record", _failing)
    client.raise_request_exception = False

    answer = client.get("/paper/200/")

    assert answer.status_code == 500
    assert b"shown" not in answer.content


def _failing(**_facts: Any) -> None:
    msg = "the trail cannot be written"
    raise OSError(msg)
