from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

import pytest
from django.db import IntegrityError, connection, transaction

from gongheng.data.records.models import Current
from gongheng.data.records.reasons import INVALID
from gongheng.kernel.codes import transaction as deals, works
from gongheng.kernel.identifiers import uuid7
from gongheng.kernel.reasons import Refusal
from gongheng.trading.cases import queries as cases
from gongheng.trading.projects import actions, queries, rules
from gongheng.trading.projects.models import Lot, Project, TenderProject
from gongheng.trading.projects.tests.support import (
    NOW,
    OTHER,
    actor,
    lot_facts,
    lot_of,
    person,
    project_facts,
    tender_facts,
    tender_of,
)
from gongheng.trust.identity.actors import Actor
from gongheng.trust.identity.kinds import Role
from gongheng.trust.identity.models import AuditEntry


@pytest.fixture
def clerk() -> Actor:
    return actor(person("王芳"))


@pytest.mark.django_db
def test_project_tender_and_lot_get_nested_codes_and_are_reported(clerk: Actor) -> None:
    """U-02, J-03."""
    tender = tender_of(clerk)
    lot = lot_of(tender, clerk)

    assert works.is_within(tender.code, tender.project.code)
    assert works.is_within(lot.code, tender.code)
    assert deals.is_valid(lot.transaction_code, ours=True)
    assert deals.parse(lot.transaction_code).category == tender.category
    reported = dict(Current.objects.values_list("dataset", "key"))
    assert reported == {
        "PROJECT": tender.project.code,
        "TENDER_PROJECT": tender.code,
        "SECTION": lot.code,
    }
    deeds = AuditEntry.objects.order_by("id").values_list("deed", "account_id")
    assert list(deeds) == [
        ("project.registered", clerk.account_id),
        ("tender_project.registered", clerk.account_id),
        ("lot.added", clerk.account_id),
        ("case.begun", clerk.account_id),
    ]
    case = cases.case_of(lot.code)
    assert case is not None
    assert (case.awaits, case.facts) == ("register", {"is_statutory": True})


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("施工一标段", "龙泉路道路提升改造工程施工（施工一标段）"),
        ("龙泉路道路提升改造工程施工二标段", "龙泉路道路提升改造工程施工二标段"),
        ("标" * 490, "标" * 490),
    ],
)
def test_a_case_is_called_by_its_tender_and_its_lot(clerk: Actor, name: str, title: str) -> None:
    lot = lot_of(tender_of(clerk, name="龙泉路道路提升改造工程施工"), clerk, name=name)

    case = cases.case_of(lot.code)

    assert case is not None
    assert case.title == lot.title == title


@pytest.mark.django_db
def test_what_the_standard_refuses_leaves_nothing(clerk: Actor) -> None:
    with pytest.raises(Refusal) as refusal:
        actions.register(
            project=project_facts(invest_project_code=""),
            tender_project=tender_facts(),
            actor=clerk,
            now=NOW,
        )

    assert refusal.value.reason is INVALID
    assert not Project.objects.exists()
    assert not Current.objects.exists()


@pytest.mark.django_db
def test_a_tender_that_is_refused_takes_its_project_with_it(clerk: Actor) -> None:
    with pytest.raises(Refusal) as refusal:
        tender_of(clerk, tenderer_code=OTHER)

    assert refusal.value.reason is rules.NOT_A_PARTY
    assert not Project.objects.exists()
    assert tender_of(clerk).project.code.endswith("000001")


@pytest.mark.django_db
def test_a_place_outside_the_clerks_region_is_refused(clerk: Actor) -> None:
    with pytest.raises(Refusal) as refusal:
        actions.register_project(facts=project_facts(region_code="530302"), actor=clerk, now=NOW)

    assert refusal.value.reason is rules.OUT_OF_REACH


@pytest.mark.django_db
def test_a_form_that_is_sent_twice_registers_once(clerk: Actor) -> None:
    mark = uuid7()

    def register() -> TenderProject:
        return actions.register(
            project=project_facts(),
            tender_project=tender_facts(),
            actor=clerk,
            now=NOW,
            submission=mark,
        )

    tender, again = register(), register()
    lots = [
        actions.add_lot(
            tender_project_id=tender.pk, facts=lot_facts(), actor=clerk, now=NOW, submission=mark
        )
        for _ in range(2)
    ]

    assert again == tender
    assert lots[0] == lots[1]
    assert (Project.objects.count(), Lot.objects.count()) == (1, 1)


@pytest.mark.django_db(transaction=True)
def test_a_form_that_is_sent_twice_at_the_same_moment_registers_once() -> None:
    clerk, mark = actor(person("王芳")), uuid7()

    def register(_: int) -> UUID:
        try:
            return actions.register(
                project=project_facts(),
                tender_project=tender_facts(),
                actor=clerk,
                now=NOW,
                submission=mark,
            ).pk
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as hands:
        registered = set(hands.map(register, range(4)))

    assert len(registered) == 1
    assert Project.objects.count() == 1


@pytest.mark.django_db
def test_only_the_own_organisation_within_reach_reads_and_continues(clerk: Actor) -> None:
    tender = tender_of(clerk)
    colleague = actor(person("李娜"))
    stranger = actor(person("张伟", organisation_code=OTHER))
    elsewhere = actor(person("杨洋", region_code="530300"))
    officer = actor(person("赵强", role=Role.OFFICER))
    officer_elsewhere = actor(person("孙丽", role=Role.OFFICER, region_code="530300"))
    operator = actor(person("周军", role=Role.OPERATOR))

    may_read = {
        who.name
        for who in (clerk, colleague, stranger, elsewhere, officer, officer_elsewhere, operator)
        if queries.tender_projects_for(who).filter(pk=tender.pk).exists()
    }
    may_continue = {
        who.name
        for who in (clerk, colleague, stranger, elsewhere, officer, operator)
        if queries.tender_projects_of(who).filter(pk=tender.pk).exists()
    }

    assert may_read == {"王芳", "李娜", "赵强"}
    assert may_continue == {"王芳", "李娜"}
    with pytest.raises(TenderProject.DoesNotExist):
        lot_of(tender, stranger)
    assert lot_of(tender, colleague).tender_project == tender


@pytest.mark.django_db
def test_the_database_itself_refuses_a_second_lot_of_a_code(clerk: Actor) -> None:
    lot = lot_of(tender_of(clerk), clerk)
    lot.pk, lot.submission = uuid7(), uuid7()

    with pytest.raises(IntegrityError, match="projects_lot_code"), transaction.atomic():
        lot.save(force_insert=True)
