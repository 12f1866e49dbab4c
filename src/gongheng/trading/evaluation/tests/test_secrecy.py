"""Who sits in a committee and what they mark is seen by nobody whom the visibility matrix leaves out."""

from collections.abc import Iterator
from http import HTTPStatus
from typing import Any

import pytest
from django.test import Client

from gongheng.trading.evaluation import actions
from gongheng.trading.evaluation.tests.support import A, B, C, Sitting, sitting
from gongheng.trading.projects.tests.support import browser, person
from gongheng.trust.identity.kinds import Role
from gongheng.trust.identity.models import Account
from tests.addresses import addresses, of_case, plain_templates, tabs
from tests.cases import CLERK, OFFICER, SUPERVISOR, TENDERER

pytestmark = [pytest.mark.slow, pytest.mark.django_db]

SEATED = ("穆青岚", "穆远山", "穆听雨", "穆知秋", "穆望舒")
NOT_SEATED = ("穆长风", "穆停云")
"""Experts of the same register: a page that shows them too shows the register, not the committee."""
LEAST = 40
"""Pages that everybody is shown at least."""
MARKS = {
    (seat, bidder): f"3{seat}.{number}7"
    for seat in range(5)
    for number, bidder in enumerate((A, B, C), 1)
}


def evaluated(settings: Any) -> Sitting:
    """Return a sitting whose members have marked every bid, each mark unlike all others."""
    settings.TEMPLATES = plain_templates()
    found = sitting()
    for account, name in zip(found.accounts, SEATED + NOT_SEATED, strict=True):
        account.display_name = name
        account.save(update_fields=["display_name"])
    found.reviewed()
    for seat, member in enumerate(found.members):
        for bidder in (A, B, C):
            found.marked(member, bidder, technical=MARKS[seat, bidder], business="18")
    return found


def people(of: Sitting) -> dict[str, Account]:
    """Return who looks, by what they are to the case."""
    house = {
        "clerk": (Role.CLERK, TENDERER, CLERK.region_code),
        "centre": (Role.OFFICER, OFFICER.organisation_code, OFFICER.region_code),
        "operator": (Role.OPERATOR, OFFICER.organisation_code, OFFICER.region_code),
        "supervisor": (Role.SUPERVISOR, SUPERVISOR.organisation_code, SUPERVISOR.region_code),
        "administrator": (Role.ADMINISTRATOR, OFFICER.organisation_code, OFFICER.region_code),
        "security": (Role.SECURITY, OFFICER.organisation_code, OFFICER.region_code),
        "auditor": (Role.AUDITOR, OFFICER.organisation_code, OFFICER.region_code),
        "bidder": (Role.BIDDER, A, CLERK.region_code),
        "other firm": (Role.BIDDER, "91530100MA6K0099X", CLERK.region_code),
    }
    found = {
        name: person(f"looks-{number}", role=role, organisation_code=code, region_code=region)
        for number, (name, (role, code, region)) in enumerate(house.items())
    }
    return found | {"expert without a seat": of.accounts[5]}


def pages(of: Sitting, account: Account | None) -> Iterator[tuple[str, str]]:
    """Yield every page that somebody is shown, with what it says; every tab of the case too."""
    client = browser(account) if account else Client()
    roles = list(account.grants.values_list("role", flat=True)) if account else []
    for address in [*addresses(of_case(of.case), roles=roles), *tabs(client, of.case)]:
        answer = client.get(address)
        if answer.status_code < HTTPStatus.BAD_REQUEST:
            content = b"".join(answer.streaming_content) if answer.streaming else answer.content
            yield address, content.decode(errors="replace")


def told(text: str) -> set[str]:
    """Return what of the evaluation a page tells: a seat's name, or a mark by its seat."""
    is_register = any(name in text for name in NOT_SEATED)
    names = set() if is_register else {name for name in SEATED if name in text}
    return names | {f"mark of seat {seat + 1}" for (seat, _), mark in MARKS.items() if mark in text}


def handed_over(of: Sitting) -> None:
    """Let the committee sign its report and hand it to the tenderer."""
    report = actions.draw_up(**of.by(of.chair))
    for member in of.members:
        of.sign(member, report)
    actions.submit(**of.by(of.chair))


def seen_by(of: Sitting, account: Account | None) -> tuple[int, dict[str, set[str]]]:
    """Return how many pages somebody is shown, and what they tell, by address."""
    shown = list(pages(of, account))
    return len(shown), {address: told(text) for address, text in shown if told(text)}


@pytest.mark.parametrize(
    "is_handed_over",
    [False, pytest.param(True, marks=pytest.mark.full)],
    ids=["sitting", "handed over"],
)
def test_no_page_names_a_member_or_tells_a_mark(settings: Any, *, is_handed_over: bool) -> None:
    """A-04, A-05: to nobody before the award; tenderer and supervisor learn marks by the report."""
    of = evaluated(settings)
    if is_handed_over:
        handed_over(of)
    marks = {f"mark of seat {seat}" for seat in range(1, 6)}
    may_know = dict.fromkeys(("clerk", "supervisor"), marks) if is_handed_over else {}

    for name, account in people(of).items():
        count, found = seen_by(of, account)
        assert count > LEAST, name
        known = set().union(*found.values()) - may_know.get(name, set())
        assert not known, (name, found)
    assert seen_by(of, None)[1] == {}


def test_a_member_sees_the_committee_and_of_the_marks_its_own(settings: Any) -> None:
    of = evaluated(settings)

    _, found = seen_by(of, of.accounts[1])

    assert set().union(*found.values()) == {*SEATED, "mark of seat 2"}
