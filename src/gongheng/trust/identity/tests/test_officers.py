"""Three officers, roles that end, first passwords, one-time codes."""

import base64
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP
from django.conf import settings as django_settings
from django.test import Client

from gongheng.kernel.clock import machine_now
from gongheng.kernel.reasons import Reason, Refusal
from gongheng.trust.identity import accounts, actions, codes, queries, roles, rules
from gongheng.trust.identity.actors import Actor, acting
from gongheng.trust.identity.kinds import Role
from gongheng.trust.identity.models import Account, AuditEntry, CodeSecret
from gongheng.web.clock import legal_now

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 10, 12, 1, 0, tzinfo=UTC)
CITY = "530100"


CENTRE, SCHOOL = "12530100MB1X000028", "12530100MB1A000014"


def _account(name: str, *held: Role, region: str = CITY) -> Account:
    """Open an account: a clerk's for a school, the others' for the centre (seed 001-6)."""
    return actions.create_account(
        username=name,
        password="demo-password",
        display_name=name,
        organisation_code=SCHOOL if name == "clerk" else CENTRE,
        organisation_name="昆明市公共资源交易中心",
        region_code=region,
        roles=held,
        now=NOW,
        is_demo=True,
    )


def _actor(account: Account, *, now: datetime = NOW) -> Actor:
    return acting(account, now=now)


def _refused(reason: Reason, deed: Any, **asked: Any) -> None:
    with pytest.raises(Refusal) as refusal:
        deed(**asked)
    assert refusal.value.reason is reason


@pytest.fixture
def security() -> Actor:
    return _actor(_account("security", Role.SECURITY))


@pytest.fixture
def administrator() -> Actor:
    return _actor(_account("administrator", Role.ADMINISTRATOR))


def test_every_role_has_its_template() -> None:
    assert set(roles.shipped()) == set(Role)
    assert all(template.longest > timedelta(0) for template in roles.shipped().values())


@pytest.mark.parametrize(
    ("held", "role", "reason"),
    [
        ({"administrator"}, "security", rules.NOT_SEPARATED),
        ({"security"}, "auditor", rules.NOT_SEPARATED),
        ({"clerk"}, "auditor", rules.NOT_SEPARATED),
        ({"auditor"}, "officer", rules.NOT_SEPARATED),
        ({"supervisor"}, "clerk", rules.SUPERVISOR_TRADES),
        ({"officer", "operator"}, "supervisor", rules.SUPERVISOR_TRADES),
        (set(), "administrator", None),
        ({"auditor"}, "auditor", None),
        ({"clerk"}, "bidder", None),
        ({"officer"}, "operator", None),
    ],
)
def test_duties_are_separated(held: set[str], role: str, reason: Reason | None) -> None:
    """A-10."""
    if reason is None:
        rules.require_separated(held=held, role=role)
    else:
        _refused(reason, rules.require_separated, held=held, role=role)


def test_no_way_gives_one_person_two_duties() -> None:
    """A-10."""
    auditor = _account("auditor", Role.AUDITOR)

    _refused(rules.NOT_SEPARATED, actions.grant_role, account=auditor, role=Role.CLERK, now=NOW)
    with pytest.raises(Refusal):
        _account("both", Role.ADMINISTRATOR, Role.SECURITY)


def test_a_role_is_granted_until_its_end_and_not_a_moment_longer(security: Actor) -> None:
    clerk = _account("clerk")
    end = NOW + timedelta(days=30)

    accounts.grant(account_id=clerk.pk, role=Role.CLERK, ends_at=end, actor=security, now=NOW)

    assert queries.roles_of(clerk, now=end - timedelta(microseconds=1)) == {Role.CLERK}
    assert queries.roles_of(clerk, now=end) == frozenset()
    assert clerk.grants.get().granted_by == security.account_id


@pytest.mark.parametrize("days", [None, 0, -1, 731])
def test_a_role_without_end_or_for_too_long_is_refused(security: Actor, days: int | None) -> None:
    end = None if days is None else NOW + timedelta(days=days)

    _refused(
        rules.END_NEEDED,
        accounts.grant,
        account_id=_account("clerk").pk,
        role=Role.CLERK,
        ends_at=end,
        actor=security,
        now=NOW,
    )


def test_nobody_grants_outside_the_own_area_or_to_oneself(security: Actor) -> None:
    asked = {"role": Role.CLERK, "ends_at": NOW + timedelta(days=1), "actor": security, "now": NOW}
    elsewhere = _account("elsewhere", region="530300")

    _refused(rules.OUTSIDE_AREA, accounts.grant, account_id=elsewhere.pk, **asked)
    _refused(rules.NOT_ONESELF, accounts.grant, account_id=security.account_id, **asked)


def test_a_role_that_is_taken_back_is_gone_at_once(security: Actor) -> None:
    clerk = _account("clerk")
    end = NOW + timedelta(days=30)
    accounts.grant(account_id=clerk.pk, role=Role.CLERK, ends_at=end, actor=security, now=NOW)

    later = NOW + timedelta(hours=1)
    accounts.revoke(account_id=clerk.pk, role=Role.CLERK, actor=security, now=later)

    assert queries.roles_of(clerk, now=later) == frozenset()
    assert queries.roles_of(clerk, now=NOW) == {Role.CLERK}


def test_a_new_account_waits_for_roles_and_for_its_own_password(
    administrator: Actor, client: Client
) -> None:
    facts = accounts.NewAccount(
        username="李 Ming",
        display_name="李明",
        organisation_code="12530100MB1A000014",
        organisation_name="昆明市示例第一中学",
        region_code="530102",
    )
    account, password = accounts.open_account(facts=facts, actor=administrator, now=NOW)
    assert queries.roles_of(account, now=NOW) == frozenset()

    client.post("/login/", {"username": "李 ming", "password": password})
    assert client.get("/desk/")["Location"] == "/me/password/"
    wrong = {"old": password, "new": "long enough words", "again": "long enough word"}
    assert client.post("/me/password/", wrong).status_code == 422
    right = wrong | {"again": "long enough words"}

    assert client.post("/me/password/", right)["Location"] == "/me/"
    assert client.get("/me/").status_code == 200
    assert not client.login(username="李 ming", password=password)


def test_a_stopped_account_is_out_at_once(administrator: Actor, client: Client) -> None:
    clerk = _account("clerk", Role.CLERK)
    client.force_login(clerk)
    assert client.get("/me/").status_code == 200

    accounts.set_active(account_id=clerk.pk, is_active=False, actor=administrator, now=NOW)

    assert client.get("/me/").status_code == 302


def test_ending_other_sessions_leaves_this_one(client: Client) -> None:
    clerk = _account("clerk", Role.CLERK)
    other = Client()
    other.force_login(clerk)
    client.force_login(clerk)

    client.post("/me/sessions/end/")

    assert client.get("/me/").status_code == 200
    assert other.get("/me/").status_code == 302


@pytest.mark.parametrize(
    ("seconds", "code"),
    [(59, "287082"), (1111111109, "081804"), (1234567890, "005924"), (20000000000, "353130")],
)
def test_codes_are_those_of_rfc_6238(seconds: int, code: str) -> None:
    secret = base64.b32encode(b"12345678901234567890").decode()

    assert codes.code_at(secret, datetime.fromtimestamp(seconds, UTC)) == code


def test_a_code_works_once_and_only_near_its_time() -> None:
    account = _account("officer", Role.OFFICER)
    secret = codes.enrol(account)
    assert codes.enrol(account) == secret
    now = datetime(2026, 10, 12, 1, 0, 10, tzinfo=UTC)
    _refused(rules.WRONG_CODE, codes.use, account=account, code=_code(secret, now), now=now)
    codes.confirm(account=account, code=_code(secret, now), now=now)

    for late in (0, 90, -90):
        at = now + timedelta(seconds=late)
        _refused(rules.WRONG_CODE, codes.use, account=account, code=_code(secret, at), now=now)
    next_step = now + timedelta(seconds=30)
    codes.use(account=account, code=_code(secret, next_step), now=now)
    _refused(
        rules.WRONG_CODE, codes.use, account=account, code=_code(secret, next_step), now=next_step
    )


def _code(secret: str, at: datetime) -> str:
    """The code by the library itself, not by ours."""
    key = base64.b32decode(secret)
    return TOTP(key, 6, SHA1(), 30).generate(int(at.timestamp())).decode()  # noqa: S303  RFC 6238


def test_the_database_alone_gives_no_codes() -> None:
    account = _account("officer", Role.OFFICER)
    secret = base64.b32decode(codes.enrol(account))

    assert secret not in bytes(CodeSecret.objects.get().sealed)


def test_signing_in_with_codes_takes_both(client: Client) -> None:
    account = _account("officer", Role.OFFICER)
    secret = codes.enrol(account)
    early = machine_now() - timedelta(seconds=60)
    codes.confirm(account=account, code=_code(secret, early), now=early)

    answer = client.post("/login/", {"username": "officer", "password": "demo-password"})
    assert answer["Location"] == "/login/code/"
    assert client.get("/me/").status_code == 302
    assert client.post("/login/code/", {"code": "000000"}).status_code in {422, 302}
    code = _code(secret, machine_now())
    assert client.post("/login/code/", {"code": f"{code[:3]} {code[3:]}"})["Location"] == "/desk/"

    assert client.get("/me/").status_code == 200


def test_codes_cannot_be_guessed(client: Client) -> None:
    account = _account("officer", Role.OFFICER)
    secret = codes.enrol(account)
    early = machine_now() - timedelta(seconds=60)
    codes.confirm(account=account, code=_code(secret, early), now=early)
    client.post("/login/", {"username": "officer", "password": "demo-password"})
    for guess in range(rules.CODE_LIMIT):
        client.post("/login/code/", {"code": f"{guess:06}"})

    said = client.post("/login/code/", {"code": _code(secret, machine_now())})

    assert rules.TOO_OFTEN.message in said.content.decode()


def test_the_code_page_is_for_who_gave_the_password(client: Client) -> None:
    assert client.get("/login/code/")["Location"] == "/login/"


@pytest.mark.parametrize("role", [Role.OFFICER, Role.WITNESS])
def test_staff_of_a_real_node_connect_an_authenticator_first(
    client: Client, settings: Any, role: Role
) -> None:
    officer, clerk = _account("officer", role), _account("clerk", Role.CLERK)
    settings.NODE = _real()
    client.force_login(officer)
    assert client.get("/desk/")["Location"] == "/me/codes/"
    secret = codes.enrol(officer)

    client.post("/me/codes/", {"code": _code(secret, machine_now())})

    assert client.get("/me/").status_code == 200
    client.force_login(clerk)
    assert client.get("/me/").status_code == 200


def _real() -> Any:
    from dataclasses import replace  # noqa: PLC0415  only here

    return replace(django_settings.NODE, is_demo=False)


def test_the_officers_pages_do_what_they_say(client: Client) -> None:
    administrator = _account("administrator", Role.ADMINISTRATOR)
    security = _account("security", Role.SECURITY)
    auditor = _account("auditor", Role.AUDITOR)
    client.force_login(administrator)
    said = client.post(
        "/accounts/new/",
        {
            "username": "wang",
            "display_name": "王芳",
            "organisation_name": "昆明市示例第一中学",
            "organisation_code": "",
            "region_code": "530102",
        },
    ).content.decode()
    assert "初始密码" in said
    account = Account.objects.get(username="wang")
    client.force_login(security)
    until = (legal_now() + timedelta(days=30)).date().isoformat()
    page = f"/accounts/{account.pk}/"

    assert client.post(f"{page}grant/", {"role": "clerk", "until": until}).status_code == 302
    assert "招标人经办" in client.get(page).content.decode()
    for far in ("2050-01-01", "9999-12-30", "9999-12-31"):
        assert client.post(f"{page}grant/", {"role": "clerk", "until": far}).status_code == 422
    assert client.post(f"{page}stop/").status_code == 403
    assert client.post(f"{page}revoke/", {"role": "king"}).status_code == 404
    assert client.post(f"{page}revoke/", {"role": "clerk"}).status_code == 302
    client.force_login(auditor)
    said = client.get("/audit/?person=security&deed=role.").content.decode()
    assert "role.granted.clerk" in said
    assert AuditEntry.objects.filter(deed="audit.read").exists()
    for day in ("2026-02-31", "9999-12-31", "0001-01-01"):
        assert client.get(f"/audit/?day={day}").status_code == 200
    assert client.get("/audit/?person=%00").status_code == 400


def test_the_first_officers_are_opened_once() -> None:
    asked = {
        "region_code": CITY,
        "organisation_code": "12530100MB1X000028",
        "organisation_name": "昆明市公共资源交易中心",
        "now": NOW,
    }

    opened = accounts.open_first_officers(**asked)  # type: ignore[arg-type]  # the facts above

    assert [queries.roles_of(account, now=NOW) for account, _ in opened] == [
        {Role.ADMINISTRATOR},
        {Role.SECURITY},
        {Role.AUDITOR},
    ]
    assert all(account.check_password(password) for account, password in opened)
    _refused(actions.NAME_TAKEN, accounts.open_first_officers, **asked)
