"""Role templates: two officers change them in the province, every city follows (001-22, 000-23)."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from gongheng.kernel.reasons import Reason, Refusal
from gongheng.registers.messages.models import Delivery
from gongheng.registers.roles.api import statement
from gongheng.trust.crypto.sm2 import PrivateKey
from gongheng.trust.identity import (
    accounts,
    actions,
    queries,
    role_deciding,
    role_sets,
    role_statement,
    roles,
    rules,
)
from gongheng.trust.identity.actors import Actor, acting
from gongheng.trust.identity.kinds import Role
from gongheng.trust.identity.models import Account, AuditEntry, Grant, RoleTemplateSet
from gongheng.trust.identity.roles import Templates

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 10, 12, 1, 0, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)
KEY = PrivateKey.generate()


def account(name: str, *held: Role) -> Account:
    return actions.create_account(
        username=name,
        password="demo-password",
        display_name=name,
        organisation_code="12530100MB1X000028",
        organisation_name="昆明市公共资源交易中心",
        region_code="530100",
        roles=held,
        now=NOW,
        is_demo=True,
    )


def actor(who: Account) -> Actor:
    return acting(who, now=NOW)


@pytest.fixture
def security() -> Actor:
    return actor(account("security", Role.SECURITY))


@pytest.fixture
def administrator() -> Actor:
    return actor(account("administrator", Role.ADMINISTRATOR))


def changed(role: Role = Role.OPERATOR, **changes: Any) -> Templates:
    templates = dict(role_sets.standing().templates)
    templates[role] = replace(templates[role], **changes)
    return templates


def _in_force(security: Actor, administrator: Actor, templates: Templates) -> RoleTemplateSet:
    proposal = role_deciding.propose(templates=templates, words="调整。", actor=security, now=NOW)
    return role_deciding.confirm(proposal_id=proposal.pk, actor=administrator, now=LATER)


def _refused(reason: Reason, deed: Any, **asked: Any) -> None:
    with pytest.raises(Refusal) as refusal:
        deed(**asked)
    assert refusal.value.reason is reason


def _as_city(settings: Any) -> None:
    """Let this node be a city whose province holds KEY."""
    parent = settings.NODE.peers[0]
    peer = replace(parent, public_key=KEY.public.to_hex(), keeps_registers=True)
    settings.NODE = replace(settings.NODE, peers=(peer,))


def _said(templates: Templates, *, number: int = 2, key: PrivateKey = KEY, **more: str) -> str:
    payload = {
        "keeper": "530000",
        "number": number,
        "rows": roles.rows_of(templates),
        "words": "调整。",
        "proposed_by": "安全管理员",
        "confirmed_by": "系统管理员",
        "confirmed_at": NOW.isoformat(),
    }
    return role_statement.sign(payload | more, key)


def test_templates_count_once_a_second_officer_confirmed_them(
    security: Actor, administrator: Actor
) -> None:
    templates = changed(longest=timedelta(days=90))
    proposal = role_deciding.propose(templates=templates, words="缩短。", actor=security, now=NOW)
    assert role_sets.standing().number == roles.SHIPPED

    role_deciding.confirm(proposal_id=proposal.pk, actor=administrator, now=LATER)

    assert role_sets.standing().number == 2
    assert role_sets.standing().of(Role.OPERATOR).longest == timedelta(days=90)
    deeds = AuditEntry.objects.filter(object_id=proposal.pk).order_by("happened_at")
    assert [(each.deed, each.account_id) for each in deeds] == [
        ("role_templates.proposed", security.account_id),
        ("role_templates.confirmed", administrator.account_id),
    ]


def test_nobody_changes_templates_alone_without_words_or_without_officers(
    security: Actor, administrator: Actor
) -> None:
    asked = {"actor": security, "now": NOW}
    _refused(
        role_deciding.NOTHING_CHANGED,
        role_deciding.propose,
        templates=dict(roles.shipped()),
        words="无。",
        **asked,
    )
    _refused(
        role_deciding.REASON_MISSING,
        role_deciding.propose,
        templates=changed(),
        words=" ",
        **asked,
    )
    for officer in (Role.ADMINISTRATOR, Role.SECURITY, Role.AUDITOR):
        templates = changed(officer, is_offered=False)
        _refused(
            role_deciding.OFFICER_NEEDED,
            role_deciding.propose,
            templates=templates,
            words="停。",
            **asked,
        )
    templates = changed(is_offered=False)
    proposal = role_deciding.propose(templates=templates, words="停。", **asked)
    _refused(
        role_deciding.PROPOSAL_WAITS,
        role_deciding.propose,
        templates=templates,
        words="停。",
        **asked,
    )

    _refused(role_deciding.OWN_PROPOSAL, role_deciding.confirm, proposal_id=proposal.pk, **asked)
    role_deciding.reject(proposal_id=proposal.pk, words="依据不足。", actor=administrator, now=NOW)

    assert role_sets.standing().number == roles.SHIPPED
    _refused(
        role_deciding.PROPOSAL_DECIDED,
        role_deciding.confirm,
        proposal_id=proposal.pk,
        actor=administrator,
        now=NOW,
    )


def test_a_grant_follows_and_names_the_set_that_counts(
    security: Actor, administrator: Actor
) -> None:
    officer = account("officer")
    before = accounts.grant(
        account_id=officer.pk,
        role=Role.OPERATOR,
        ends_at=NOW + timedelta(days=300),
        actor=security,
        now=NOW,
    )
    _in_force(security, administrator, changed(longest=timedelta(days=90)))

    asked = {"account_id": account("second").pk, "actor": security, "now": LATER}
    _refused(
        rules.END_NEEDED,
        accounts.grant,
        role=Role.OPERATOR,
        ends_at=LATER + timedelta(days=91),
        **asked,
    )
    made = accounts.grant(role=Role.OPERATOR, ends_at=LATER + timedelta(days=90), **asked)

    assert (before.template_number, made.template_number) == (1, 2)
    assert queries.roles_of(officer, now=NOW + timedelta(days=299)) == {Role.OPERATOR}
    told = Delivery.objects.get(account=asked["account_id"]).message
    assert told.subject == "已授予您“平台运维”角色"


def test_a_template_that_is_taken_away_ends_its_grants_at_once(
    security: Actor, administrator: Actor
) -> None:
    holder = account("holder", Role.OPERATOR)
    other = account("other", Role.OFFICER)

    _in_force(security, administrator, changed(is_offered=False))

    assert queries.roles_of(holder, now=LATER) == frozenset()
    assert queries.roles_of(holder, now=LATER - timedelta(microseconds=1)) == {Role.OPERATOR}
    assert queries.roles_of(other, now=LATER) == {Role.OFFICER}
    assert AuditEntry.objects.filter(deed="role.ended.operator", object_id=holder.pk).exists()
    assert Delivery.objects.filter(account=holder, message__subject__contains="已终止").exists()
    _refused(rules.NOT_OFFERED, actions.grant_role, account=holder, role=Role.OPERATOR, now=LATER)


def test_a_template_that_comes_back_brings_no_old_grant_back(
    security: Actor, administrator: Actor
) -> None:
    holder = account("holder", Role.OPERATOR)
    _in_force(security, administrator, changed(is_offered=False))
    _in_force(security, administrator, changed(is_offered=True))

    assert queries.roles_of(holder, now=LATER + timedelta(days=1)) == frozenset()


def test_a_city_learns_what_the_province_signed(
    security: Actor, administrator: Actor, settings: Any
) -> None:
    _in_force(security, administrator, changed(is_offered=False))
    text = statement()
    own = PrivateKey.from_pem(settings.NODE.key_path.read_bytes()).public.to_hex()
    RoleTemplateSet.objects.all().delete()
    Grant.objects.filter(role=Role.OPERATOR).delete()
    holder = account("holder", Role.OPERATOR)
    parent = replace(
        settings.NODE.peers[0], code=settings.NODE.code, public_key=own, keeps_registers=True
    )
    settings.NODE = replace(settings.NODE, peers=(parent,))

    learnt = role_deciding.learn(text, now=LATER)

    assert learnt is not None
    assert learnt.number == 2
    assert role_sets.standing().learnt_at is not None
    assert not role_sets.standing().of(Role.OPERATOR).is_offered
    assert queries.roles_of(holder, now=LATER) == frozenset()
    _refused(
        role_deciding.TEMPLATES_KEPT_ELSEWHERE,
        role_deciding.propose,
        templates=changed(meaning="改"),
        words="改。",
        actor=security,
        now=LATER,
    )


def test_a_city_goes_on_with_the_shipped_templates_until_it_learnt_others(settings: Any) -> None:
    _as_city(settings)

    assert role_sets.standing().number == roles.SHIPPED
    assert account("officer", Role.OFFICER).grants.get().template_number == roles.SHIPPED


@pytest.mark.parametrize("changes", [{"keeper": "110000"}, {"key": PrivateKey.generate()}])
def test_templates_of_another_are_not_learnt(settings: Any, changes: dict[str, Any]) -> None:
    _as_city(settings)

    _refused(
        role_statement.FORGED_TEMPLATES,
        role_deciding.learn,
        statement=_said(changed(), **changes),
        now=NOW,
    )


@pytest.mark.parametrize("what", ["rows", "number", "statement"])
def test_a_copy_that_was_changed_grants_nothing_until_it_is_learnt_anew(
    settings: Any, what: str
) -> None:
    _as_city(settings)
    said = _said(changed(is_offered=False))
    role_deciding.learn(said, now=NOW)
    forged: dict[str, Any] = {
        "rows": roles.rows_of(changed(is_offered=True)),
        "number": 9,
        "statement": "e30=.e30=",
    }
    RoleTemplateSet.objects.update(**{what: forged[what]})

    _refused(role_statement.FORGED_TEMPLATES, role_sets.standing)
    role_deciding.learn(said, now=LATER)

    assert role_sets.standing().number == 2
    assert not role_sets.standing().of(Role.OPERATOR).is_offered


def test_an_older_set_changes_nothing(settings: Any) -> None:
    _as_city(settings)
    role_deciding.learn(_said(changed(is_offered=False), number=3), now=NOW)

    assert role_deciding.learn(_said(changed(is_offered=True), number=2), now=LATER) is None

    assert role_sets.standing().number == 3


def test_the_pages_lead_from_proposal_to_decision(client: Client) -> None:
    security, administrator = (
        account("security", Role.SECURITY),
        account("administrator", Role.ADMINISTRATOR),
    )
    client.force_login(security)
    form = client.get("/roles/propose/").context["form"]
    filled = {name: form[name].value() for name in form.fields if form[name].value()}
    wrong = client.post("/roles/propose/", filled | {"words": "缩短。", "operator_days": "0"})
    assert wrong.status_code == 422
    assert "平台运维的最长任期至少 1 天" in wrong.content.decode()

    asked = filled | {"words": "缩短任期。", "operator_days": "90"}
    assert client.post("/roles/propose/", asked).status_code == 302
    proposal = RoleTemplateSet.objects.get()
    assert client.post(f"/roles/{proposal.pk}/decide/", {"decision": "confirm"}).status_code == 403
    client.force_login(administrator)
    assert "确认角色模板的修改" in client.get("/desk/").content.decode()
    empty = client.post(f"/roles/{proposal.pk}/decide/", {"decision": "reject"})
    assert "请写明退回的理由" in empty.content.decode()
    assert client.post(f"/roles/{proposal.pk}/decide/", {"decision": "confirm"}).status_code == 302

    said = client.get("/roles/").content.decode()
    assert "现行模板（第 2 版）" in said
    assert "最长 90 天" in said
