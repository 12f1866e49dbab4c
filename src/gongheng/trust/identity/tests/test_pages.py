from datetime import UTC, datetime
from typing import Any

import pytest
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory, override_settings

from gongheng.trust.identity import actions, rules
from gongheng.trust.identity.actors import address_of
from gongheng.trust.identity.kinds import Outcome, Role
from gongheng.trust.identity.middleware import AuthorisationMiddleware
from gongheng.trust.identity.models import Account, AuditEntry

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 10, 12, 1, 0, tzinfo=UTC)
PASSWORD = "demo-password"


@pytest.fixture
def account() -> Account:
    return actions.create_account(
        username="王芳",
        password=PASSWORD,
        display_name="王芳",
        organisation_code="12530100MB1X000028",
        organisation_name="昆明市城市建设中心",
        region_code="530100",
        roles=[Role.CLERK],
        now=NOW,
        is_demo=True,
    )


def _sign_in(client: Client, password: str = PASSWORD, **more: str) -> Any:
    return client.post("/login/", {"username": "王芳", "password": password, **more})


@pytest.mark.parametrize(
    ("header", "address"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("198.51.100.1, 203.0.113.7", "203.0.113.7"),
        ("2001:db8::7", "2001:db8::7"),
        ("", "127.0.0.1"),
        ("unknown", "127.0.0.1"),
        ("203.0.113.7:5000", "127.0.0.1"),
    ],
)
@pytest.mark.parametrize("has_proxy", [True, False])
def test_where_a_request_came_from_is_told_by_the_proxy_and_by_nobody_else(
    rf: RequestFactory, settings: Any, header: str, address: str, *, has_proxy: bool
) -> None:
    """E-15, E-16."""
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if has_proxy else None
    request = rf.get("/", headers={"X-Forwarded-For": header})

    assert address_of(request) == (address if has_proxy else "127.0.0.1")


def test_signing_in_leads_to_the_page_that_was_wanted(account: Account, client: Client) -> None:
    answer = _sign_in(client, next="/notices/?page=2")

    assert answer.status_code == 302
    assert answer["Location"] == "/notices/?page=2"
    assert AuditEntry.objects.get().account == account


@pytest.mark.parametrize(
    "foreign",
    [
        "https://evil.example/",
        "//evil.example/",
        "javascript:alert(1)",
        "/logout/",
        "/\\evil.example",
    ],
)
@pytest.mark.usefixtures("account")
def test_signing_in_never_leads_elsewhere(client: Client, foreign: str) -> None:
    assert _sign_in(client, next=foreign)["Location"] == settings.LOGIN_REDIRECT_URL


@pytest.mark.usefixtures("account")
def test_the_session_gets_a_new_key_when_a_person_signs_in(client: Client) -> None:
    _sign_in(client)
    planted = client.session.session_key
    client.post("/logout/")
    client.cookies["sessionid"] = planted or ""

    _sign_in(client)

    assert client.session.session_key != planted


def test_a_wrong_password_keeps_the_name_and_is_written_down(
    account: Account, client: Client
) -> None:
    answer = _sign_in(client, "wrong")

    assert answer.status_code == 422
    assert rules.WRONG.message in answer.content.decode()
    assert 'value="王芳"' in answer.content.decode()
    assert "wrong" not in answer.content.decode()
    entry = AuditEntry.objects.get()
    assert (entry.outcome, entry.reason) == (Outcome.REFUSED, rules.WRONG.code)
    assert (entry.object_id, entry.address) == (str(account.pk), "127.0.0.1")


def test_a_name_that_nobody_has_is_not_written_down(client: Client) -> None:
    _sign_in(client)

    assert AuditEntry.objects.get().object_id == ""


@pytest.mark.usefixtures("account")
def test_a_device_that_signed_in_before_is_not_locked_by_strangers() -> None:
    own_device, stranger = Client(), Client()
    _sign_in(own_device)
    own_device.post("/logout/")
    for _ in range(rules.NAME_LIMIT):
        _sign_in(stranger, "wrong")

    assert rules.TOO_OFTEN.message in _sign_in(stranger).content.decode()
    assert _sign_in(own_device).status_code == 302


def test_a_forged_device_mark_is_worth_nothing(account: Account) -> None:
    stranger = Client()
    for _ in range(rules.NAME_LIMIT):
        stranger.cookies["sessionid_device"] = f"guess {account.pk}:forged"
        _sign_in(stranger, "wrong")

    assert _sign_in(stranger).status_code == 422


def test_the_trail_says_from_which_browser_something_was_done(account: Account) -> None:
    """E-16: each browser has a mark of its own, and keeps it."""
    office, home = Client(), Client()
    for client in (office, home, office):
        _sign_in(client)
        client.post("/logout/")

    entries = AuditEntry.objects.filter(account=account).order_by("id")
    marks = [(entry.deed, entry.device) for entry in entries]

    assert [deed for deed, _ in marks] == ["session.begun", "session.ended"] * 3
    first, second, third = (marks[place][1] for place in (0, 2, 4))
    assert len(first) == 32
    assert first == third != second
    assert [mark for _, mark in marks] == [first, first, second, second, first, first]


@pytest.mark.usefixtures("account")
def test_signing_out_needs_a_post_and_ends_the_session(client: Client) -> None:
    _sign_in(client)

    assert client.get("/logout/").status_code == 405
    assert client.post("/logout/").status_code == 302
    assert client.post("/logout/")["Location"].startswith("/login/?next=")


def test_an_overlong_name_is_refused_with_the_length_found(client: Client) -> None:
    answer = client.post("/login/", {"username": "长" * 61, "password": "x"})

    assert "现在是 61 个字符" in answer.content.decode()


@pytest.mark.usefixtures("account")
def test_a_sign_in_form_without_token_is_refused() -> None:
    strict = Client(enforce_csrf_checks=True)

    assert _sign_in(strict).status_code == 403


@override_settings(LOGIN_URL="/login/")
def test_a_view_without_audience_is_closed_to_everybody(
    account: Account, rf: RequestFactory
) -> None:
    def view(_: HttpRequest) -> HttpResponse:
        return HttpResponse("secret")

    request = rf.get("/forgotten/")
    request.user = account
    answer = AuthorisationMiddleware(view).process_view(request, view, (), {})

    assert answer is not None
    assert answer.status_code == 403
    assert AuditEntry.objects.get().reason == "identity.no_audience"
