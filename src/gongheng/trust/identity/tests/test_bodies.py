"""A body is of one type, and its people get no role of another (seed 001-6, A-10)."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from gongheng.kernel.reasons import Reason, Refusal
from gongheng.trust.identity import accounts, actions, bodies, role_deciding, roles, rules
from gongheng.trust.identity.actors import Actor, acting
from gongheng.trust.identity.kinds import Role
from gongheng.trust.identity.models import Account, Body, Grant
from gongheng.trust.identity.roles import OrganisationType
from gongheng.web.clock import legal_now

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 10, 12, 1, 0, tzinfo=UTC)
END = NOW + timedelta(days=30)
CODES = {
    OrganisationType.MANAGEMENT: "11530100MB1X000011",
    OrganisationType.SUPERVISION: "11530100MB1X000022",
    OrganisationType.OPERATION: "12530100MB1X000033",
    OrganisationType.PARTY: "91530100MB1X000044",
}
MAY = {
    OrganisationType.MANAGEMENT: set[Role](),
    OrganisationType.SUPERVISION: {Role.SUPERVISOR},
    OrganisationType.OPERATION: {
        *(Role.OFFICER, Role.OPERATOR, Role.WITNESS),
        *(Role.ADMINISTRATOR, Role.SECURITY, Role.AUDITOR),
    },
    OrganisationType.PARTY: {Role.CLERK, Role.BIDDER, Role.EXPERT},
}
"""Who may be granted what; a tenderer's representative sits on a committee as an expert."""


def account(name: str, code: str = "", *held: Role) -> Account:
    return actions.create_account(
        username=name,
        password="demo-password",
        display_name=name,
        organisation_code=code,
        organisation_name=code,
        region_code="530100",
        roles=held,
        now=NOW,
        is_demo=True,
    )


def actor(name: str, role: Role) -> Actor:
    return acting(account(name, "12530100MB1X000099", role), now=NOW)


@pytest.fixture
def security() -> Actor:
    return actor("security", Role.SECURITY)


def reason_of(deed: Any, **asked: Any) -> Reason | None:
    try:
        deed(**asked)
    except Refusal as refusal:
        return refusal.reason
    return None


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("kind", CODES)
def test_each_type_of_body_has_its_roles(
    security: Actor, kind: OrganisationType, role: Role
) -> None:
    code = CODES[kind]
    bodies.declare(organisation_code=code, organisation_type=kind, now=NOW, by=security.person_id)
    holder = account("holder", code)

    found = reason_of(
        accounts.grant, account_id=holder.pk, role=role, ends_at=END, actor=security, now=NOW
    )

    assert found is (None if role in MAY[kind] else rules.OTHER_BODY)
    assert Grant.objects.filter(account=holder).exists() is (role in MAY[kind])


def test_every_role_belongs_to_a_type() -> None:
    assert set().union(*MAY.values()) == set(Role)


def test_the_first_role_settles_the_type_of_a_body() -> None:
    first, second = account("first", "91530100MB1X000044"), account("second", "91530100MB1X000044")

    actions.grant_role(account=first, role=Role.BIDDER, now=NOW)

    assert bodies.type_of(first.organisation_code) is OrganisationType.PARTY
    assert (
        reason_of(actions.grant_role, account=second, role=Role.SUPERVISOR, now=NOW)
        is rules.OTHER_BODY
    )
    Grant.objects.update(ends_at=NOW + timedelta(seconds=1))
    assert (
        reason_of(actions.grant_role, account=second, role=Role.OPERATOR, now=END)
        is rules.OTHER_BODY
    ), "a role that has ended does not make another body of it"


def test_a_body_from_before_types_were_kept_is_what_its_people_were() -> None:
    holder = account("holder", "11530100MB1X000022", Role.SUPERVISOR)
    Body.objects.all().delete()

    assert bodies.type_of(holder.organisation_code) is OrganisationType.SUPERVISION
    assert (
        reason_of(
            actions.grant_role, account=account("b", "11530100MB1X000022"), role=Role.CLERK, now=NOW
        )
        is rules.OTHER_BODY
    )


@pytest.mark.parametrize(
    ("role", "reason"),
    [
        (Role.EXPERT, None),
        (Role.BIDDER, None),
        (Role.SUPERVISOR, rules.NO_BODY),
        (Role.OPERATOR, rules.NO_BODY),
        (Role.AUDITOR, rules.NO_BODY),
    ],
)
def test_who_acts_for_no_body_supervises_and_runs_nothing(
    role: Role, reason: Reason | None
) -> None:
    alone = account("alone")

    assert reason_of(actions.grant_role, account=alone, role=role, now=NOW) is reason


@pytest.mark.parametrize("role", [Role.SUPERVISOR, Role.OFFICER])
def test_no_member_of_a_supervising_or_operating_body_sits_on_a_committee(role: Role) -> None:
    account("holder", "11530100MB1X000022", role)
    other = account("other", "11530100MB1X000022")

    found = reason_of(actions.grant_role, account=other, role=Role.EXPERT, now=NOW)

    assert found is rules.OTHER_BODY


def test_an_officer_says_the_type_and_changes_it_only_without_roles(security: Actor) -> None:
    administrator = actor("administrator", Role.ADMINISTRATOR)
    facts = accounts.NewAccount(
        username="first",
        display_name="甲",
        organisation_code="12530100MB1X000055",
        organisation_name="某中心",
        region_code="530100",
        organisation_type="supervision",
    )
    first, _ = accounts.open_account(facts=facts, actor=administrator, now=NOW)
    asked = {"account_id": first.pk, "ends_at": END, "actor": security, "now": NOW}
    changed = replace(facts, username="second", organisation_type="operation")

    assert reason_of(accounts.grant, role=Role.OFFICER, **asked) is rules.OTHER_BODY
    accounts.grant(role=Role.SUPERVISOR, **asked)
    assert (
        reason_of(accounts.open_account, facts=changed, actor=administrator, now=NOW)
        is rules.BODY_SETTLED
    )
    assert not Account.objects.filter(username="second").exists()
    accounts.revoke(account_id=first.pk, role=Role.SUPERVISOR, actor=security, now=NOW)
    accounts.open_account(facts=changed, actor=administrator, now=NOW)
    assert bodies.type_of(facts.organisation_code) is OrganisationType.OPERATION
    accounts.grant(role=Role.OFFICER, **asked)


@pytest.mark.parametrize(
    ("role", "kind"),
    [
        (Role.SUPERVISOR, OrganisationType.OPERATION),
        (Role.OPERATOR, OrganisationType.SUPERVISION),
        (Role.CLERK, OrganisationType.SUPERVISION),
        (Role.BIDDER, OrganisationType.OPERATION),
    ],
)
def test_no_template_lets_one_body_supervise_and_trade(
    security: Actor, role: Role, kind: OrganisationType
) -> None:
    templates = dict(roles.shipped())
    templates[role] = replace(templates[role], organisation_type=kind)

    found = reason_of(
        role_deciding.propose, templates=templates, words="试验", actor=security, now=NOW
    )

    assert found is rules.TYPES_MIXED


def test_the_pages_say_the_type_and_refuse_with_the_reason(security: Actor) -> None:
    holder = account("holder", "91530100MB1X000044", Role.CLERK)
    client = Client()
    client.force_login(Account.objects.get(pk=security.account_id))
    page = f"/accounts/{holder.pk}/"
    other = account("other", "91530100MB1X000044")

    shown = client.get(page).content.decode()
    until = legal_now() + timedelta(days=30)
    refused = client.post(
        f"/accounts/{other.pk}/grant/", {"role": "supervisor", "until": f"{until:%Y-%m-%d}"}
    )

    assert "交易主体，只能授予该类单位的角色" in shown
    assert refused.status_code == 422
    assert rules.OTHER_BODY.message in refused.content.decode()
