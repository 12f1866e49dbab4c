from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, strategies as st

from gongheng.kernel.reasons import Refusal
from gongheng.trust.identity import actions, counting, passwords, queries, rules
from gongheng.trust.identity.actors import Actor, acting, is_same_person, reach_of
from gongheng.trust.identity.kinds import Role
from gongheng.trust.identity.models import Account, SignInCount
from gongheng.web.routes import Permission

NOW = datetime(2026, 10, 12, 1, 0, tzinfo=UTC)
PASSWORD = "苍山洱海-2026-风花雪月"
DEED = Permission("trust:identity:test", "测试", frozenset({Role.CLERK}))


def _account(**changes: Any) -> Account:
    facts: dict[str, Any] = {
        "username": "wangfang",
        "password": PASSWORD,
        "display_name": "王芳",
        "organisation_code": "12530100MB1X000028",
        "organisation_name": "昆明市城市建设中心",
        "region_code": "530100",
        "roles": [Role.CLERK],
        "now": NOW,
    }
    return actions.create_account(**(facts | changes))


def _guess(password: str, *, username: str = "wangfang", **changes: Any) -> Account:
    facts: dict[str, Any] = {"address": "192.0.2.1", "device": "", "now": NOW}
    return actions.authenticate(username=username, password=password, **(facts | changes))


def _reason_of_guess(password: str, **changes: Any) -> object:
    with pytest.raises(Refusal) as refusal:
        _guess(password, **changes)
    return refusal.value.reason


@pytest.mark.django_db
def test_an_account_signs_in_by_its_password_in_any_spelling_of_its_name() -> None:
    account = _account()

    assert _guess(PASSWORD) == account
    assert _guess(PASSWORD, username="　ＷａｎｇＦａｎｇ ") == account


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("changes", "is_same"),
    [
        ({"display_name": "王 芳　"}, True),
        ({"display_name": "李娜"}, False),
        ({"organisation_code": "91530100MA6K000015"}, False),
    ],
)
def test_two_accounts_of_one_name_in_one_organisation_are_one_person(
    changes: dict[str, str],
    is_same: bool,  # noqa: FBT001  a column of the table above
) -> None:
    """U-07: who was given two accounts is no second person."""
    first = _account()
    second = _account(username="wangfang2", **changes)

    assert is_same_person(acting(second, now=NOW), first.pk) is is_same
    assert is_same_person(acting(first, now=NOW), first.pk)
    assert not is_same_person(acting(first, now=NOW), None)


@pytest.mark.django_db
@pytest.mark.parametrize("username", ["wangfang", "nobody"])
def test_a_wrong_password_and_a_strange_name_are_refused_alike(username: str) -> None:
    _account()

    reasons = [_reason_of_guess("wrong", username=username) for _ in range(rules.NAME_LIMIT)]

    assert reasons == [rules.WRONG] * rules.NAME_LIMIT
    assert _reason_of_guess("wrong", username=username) is rules.TOO_OFTEN


@pytest.mark.django_db
def test_the_right_password_is_not_taken_while_the_name_is_locked_but_after_an_hour() -> None:
    account = _account()
    for _ in range(rules.NAME_LIMIT):
        _reason_of_guess("wrong")

    assert _reason_of_guess(PASSWORD, now=NOW + timedelta(minutes=59)) is rules.TOO_OFTEN
    assert _guess(PASSWORD, now=NOW + rules.WINDOW) == account


@pytest.mark.django_db
def test_strangers_cannot_shut_a_person_out_of_a_known_device() -> None:
    account = _account()
    for _ in range(rules.NAME_LIMIT):
        _reason_of_guess("wrong", address="198.51.100.7")

    assert _reason_of_guess(PASSWORD) is rules.TOO_OFTEN
    assert _guess(PASSWORD, device="seen-before") == account


@pytest.mark.django_db
def test_one_address_cannot_try_names_without_end() -> None:
    SignInCount.objects.create(
        key=counting.key("address", "192.0.2.1"), failures=rules.ADDRESS_LIMIT - 1, since=NOW
    )

    assert _reason_of_guess("wrong", username="a") is rules.WRONG
    assert _reason_of_guess("wrong", username="b") is rules.TOO_OFTEN
    assert _reason_of_guess("wrong", username="b", address="192.0.2.2") is rules.WRONG


@pytest.mark.django_db
def test_success_clears_the_name_and_gives_the_address_its_try_back() -> None:
    _account()
    for _ in range(rules.NAME_LIMIT - 1):
        _reason_of_guess("wrong")

    _guess(PASSWORD)

    counts = dict(SignInCount.objects.values_list("key", "failures"))
    assert counts == {counting.key("address", "192.0.2.1"): rules.NAME_LIMIT - 1}


@pytest.mark.django_db
def test_an_inactive_account_is_refused_like_a_wrong_password() -> None:
    account = _account()
    Account.objects.filter(pk=account.pk).update(is_active=False)

    assert _reason_of_guess(PASSWORD) is rules.WRONG


@pytest.mark.django_db
@pytest.mark.parametrize("weak", ["short", "password1234", "830174629174", "wangfang-2026"])
def test_a_weak_password_is_refused_for_a_real_account_only(weak: str) -> None:
    with pytest.raises(Refusal) as refusal:
        _account(password=weak)
    assert refusal.value.reason is passwords.WEAK
    assert _account(password=weak, is_demo=True).is_demo


@pytest.mark.django_db
def test_demonstration_accounts_are_opened_on_demonstration_nodes_only(settings: Any) -> None:
    settings.NODE = type("Node", (), {"is_demo": False})()

    with pytest.raises(Refusal) as refusal:
        _account(password="demo", is_demo=True)
    assert refusal.value.reason is actions.NOT_A_DEMO


@pytest.mark.django_db
def test_a_name_is_given_once() -> None:
    _account()

    with pytest.raises(Refusal) as refusal:
        _account(username="WangFang")
    assert refusal.value.reason is actions.NAME_TAKEN


@pytest.mark.django_db
def test_a_role_counts_from_its_first_instant_until_before_its_last() -> None:
    account = _account(roles=[])
    ends_at = NOW + timedelta(days=1)
    actions.grant_role(account=account, role=Role.OFFICER, now=NOW, ends_at=ends_at)

    just_before = timedelta(microseconds=1)
    assert queries.roles_of(account, now=NOW - just_before) == frozenset()
    assert queries.roles_of(account, now=NOW) == {Role.OFFICER}
    assert queries.roles_of(account, now=ends_at - just_before) == {Role.OFFICER}
    assert queries.roles_of(account, now=ends_at) == frozenset()


@pytest.mark.parametrize(("role", "may"), [(Role.CLERK, True), (Role.OPERATOR, False)])
def test_a_permission_belongs_to_roles(role: Role, *, may: bool) -> None:
    actor = Actor(None, "", "", "", "", "530100", roles=frozenset({role}))

    assert actor.may(DEED) is may


@pytest.mark.parametrize(
    ("region", "reach"),
    [("000000", ""), ("530000", "53"), ("530100", "5301"), ("530102", "530102")],
)
def test_a_person_reaches_the_region_and_what_lies_within(region: str, reach: str) -> None:
    assert reach_of(region) == reach


@given(failures=st.integers(min_value=0, max_value=1000), limit=st.integers(1, 1000))
def test_a_guess_is_refused_exactly_from_the_limit_on(failures: int, limit: int) -> None:
    if failures < limit:
        rules.require_may_try(failures=failures, limit=limit)
    else:
        with pytest.raises(Refusal):
            rules.require_may_try(failures=failures, limit=limit)
