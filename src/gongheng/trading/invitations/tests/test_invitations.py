"""Whom a letter names, who may know of it, and when the list is closed."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from django.conf import settings

from gongheng.data.standard import samples
from gongheng.kernel.reasons import Reason, Refusal
from gongheng.registers.subjects import reasons as subjects
from gongheng.registers.subjects.tests.support import verified
from gongheng.trading.cases import actions as cases, queries as case_queries, standing
from gongheng.trading.cases.models import Case
from gongheng.trading.invitations import actions, queries, rules
from gongheng.trading.invitations.models import Invitee
from gongheng.trust.identity.actors import Actor
from gongheng.web.work import panels_of, tasks_of
from tests.cases import CLERK, EXPERT, NOW, OFFICER, TENDERER, Walk, open_accounts, person, walk_to
from tests.docs.pages import by_invitation
from tests.engine import begun

FIRMS = {samples.firm(number): f"云南示例建设{number}有限公司" for number in (41, 42, 43, 44)}
ABILITY = "建筑工程施工总承包一级，同类业绩两项。"
OTHER_CLERK = person("zheng", "clerk", organisation="12530100MB1A00002X")


@pytest.fixture(autouse=True)
def quiet_house(settings: Any) -> Iterator[None]:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.NODE = replace(settings.NODE, peers=())
    yield
    standing.declaration.cache_clear()


def bidder(code: str) -> Actor:
    return person(f"of-{code[-6:]}", "bidder", organisation=code, region="440300")


def name(case: Case, code: str, ability: str = ABILITY, actor: Actor = CLERK) -> Invitee:
    return actions.name(case_id=case.pk, code=code, ability=ability, actor=actor, now=NOW)


@pytest.fixture
def walk(db: None) -> Walk:  # noqa: ARG001  it asks for the database
    open_accounts()
    for code, firm in FIRMS.items():
        verified(code, firm)
    return begun(by_invitation())


def test_firms_are_named_by_the_clerk_and_seen_by_the_clerk_alone(walk: Walk) -> None:
    for code in list(FIRMS)[:3]:
        name(walk.case, code)

    assert [one.name for one in queries.invitees_for(CLERK, walk.case)] == list(FIRMS.values())[:3]
    assert not queries.invitees_for(OFFICER, walk.case)
    assert not queries.invitees_for(OTHER_CLERK, walk.case)
    assert not queries.invitees_for(bidder(next(iter(FIRMS))), walk.case)
    assert [one.code for one in panels_of(walk.case, CLERK, now=NOW) if one.code == "invitees"]
    assert not [one for one in panels_of(walk.case, OFFICER, now=NOW) if one.code == "invitees"]


@pytest.mark.parametrize(
    ("code", "ability", "reason"),
    [
        (TENDERER, ABILITY, rules.A_PARTY),
        (settings.NODE.platform_code, ABILITY, rules.A_PARTY),
        (next(iter(FIRMS)), ABILITY, rules.INVITED_TWICE),
        (list(FIRMS)[1], "  ", rules.NO_ABILITY),
        (samples.firm(49), ABILITY, subjects.UNKNOWN),
    ],
)
def test_who_cannot_be_invited_is_refused(
    walk: Walk, code: str, ability: str, reason: Reason
) -> None:
    """Nobody twice, no party (A-11, W-39), nobody of whose ability nothing is said (W-02)."""
    name(walk.case, next(iter(FIRMS)))

    with pytest.raises(Refusal) as refusal:
        name(walk.case, code, ability)

    assert refusal.value.reason is reason


def test_a_task_waits_until_enough_are_named_and_the_number_told_is_no_larger(walk: Walk) -> None:
    def waiting() -> list[str]:
        return [task.rule for task in tasks_of(CLERK, now=NOW) if "invitees" in task.address]

    for code in list(FIRMS)[:3]:
        assert waiting() == ["W-02"]
        name(walk.case, code)
    name(walk.case, list(FIRMS)[3])

    assert waiting() == []
    assert queries.counted(walk.case, on=NOW.date()) == 3


def test_the_list_is_closed_once_the_letter_is_out(walk: Walk) -> None:
    first, second = (name(walk.case, code) for code in list(FIRMS)[:2])
    actions.remove(case_id=walk.case.pk, invitee_id=first.pk, actor=CLERK, now=NOW)
    walk.stated = {"invited": 3}
    walk_to(walk, "close_bids")

    with pytest.raises(Refusal) as another:
        name(walk.case, next(iter(FIRMS)))
    with pytest.raises(Refusal) as removal:
        actions.remove(case_id=walk.case.pk, invitee_id=second.pk, actor=CLERK, now=NOW)

    assert another.value.reason is rules.LETTER_OUT
    assert removal.value.reason is rules.LETTER_OUT
    assert [one.pk for one in queries.invitees_of(walk.case)] == [second.pk]


def test_only_the_invited_and_those_inside_may_know_until_the_opening(walk: Walk) -> None:
    invited, uninvited = (bidder(code) for code in list(FIRMS)[:2])
    name(walk.case, invited.organisation_code)
    walk.stated = {"invited": 3}
    walk_to(walk, "close_bids")
    case = walk.case

    def knows(actor: Actor) -> bool:
        return case_queries.is_open_to(case, actor=actor, now=NOW)

    assert [knows(actor) for actor in (invited, CLERK, OFFICER)] == [True, True, True]
    assert [knows(actor) for actor in (uninvited, EXPERT, OTHER_CLERK)] == [False, False, False]
    assert case_queries.case_for(invited, case.pk, now=NOW) == case
    assert case_queries.case_for(uninvited, case.pk, now=NOW) is None
    walk_to(walk, "evaluate")
    assert case_queries.case_for(uninvited, case.pk, now=NOW) is not None


def test_the_uninvited_can_neither_download_nor_bid(walk: Walk) -> None:
    invited, uninvited = (bidder(code) for code in list(FIRMS)[:2])
    name(walk.case, invited.organisation_code)
    walk.stated = {"invited": 3}
    walk_to(walk, "close_bids")
    walk.later(hours=2)

    for step in ("download_documents", "submit_bid"):
        cases.require(case_id=walk.case.pk, step=step, actor=invited, now=walk.now)
        with pytest.raises(Refusal) as refusal:
            cases.require(case_id=walk.case.pk, step=step, actor=uninvited, now=walk.now)
        assert refusal.value.reason is rules.NOT_INVITED


@pytest.mark.django_db
def test_nobody_chooses_who_bids_in_an_open_tender() -> None:
    open_accounts()
    case = begun().case

    with pytest.raises(Refusal) as refusal:
        name(case, next(iter(FIRMS)))

    assert refusal.value.reason is rules.NOT_BY_INVITATION
    assert case_queries.is_open_to(case, actor=EXPERT, now=NOW)
