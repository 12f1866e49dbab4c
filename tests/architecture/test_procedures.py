"""Every procedure that a node adopts can be run: its rooms answer, carry out and show each step."""

import pytest
from django.urls import NoReverseMatch, reverse

from gongheng.kernel.identifiers import uuid7
from gongheng.procedures import all_procedures
from gongheng.trading.cases import gate, guards
from gongheng.trading.cases.declaration import Procedure
from gongheng.trading.cases.duties import LAWS
from gongheng.trading.cases.kinds import Deed, Role

MESSAGES = {
    Deed.CHANGE,
    Deed.REPORT,
    Deed.CANDIDATES,
    Deed.RESULT,
    Deed.CONTRACT,
    Deed.OBJECT_DOCUMENTS,
    Deed.OBJECT_OPENING,
    Deed.OBJECT_RESULT,
    Deed.ANSWER,
}
"""What 电子招标投标办法 articles 34 to 39 want to go through the platform."""
PROCEDURES = pytest.mark.parametrize("procedure", all_procedures(), ids=lambda one: one.code)


@PROCEDURES
def test_every_guard_is_answered_by_a_room(procedure: Procedure) -> None:
    assert sorted(guards.unprovided(procedure)) == []


@PROCEDURES
def test_every_two_person_step_is_carried_out_by_a_room(procedure: Procedure) -> None:
    assert sorted(gate.unprovided(procedure)) == []


@PROCEDURES
def test_every_step_of_a_person_has_a_page(procedure: Procedure) -> None:
    by_people = [step.code for step in procedure.steps if set(step.roles) != {Role.SYSTEM}]

    assert [code for code in by_people if not _has_page(code)] == []


@PROCEDURES
def test_what_the_law_wants_as_data_messages_goes_through_the_platform(
    procedure: Procedure,
) -> None:
    """E-13: no procedure is sound without these deeds, and each is done on a page."""
    done_on_pages = {step.deed for step in procedure.steps if _has_page(step.code)}

    assert MESSAGES - LAWS[procedure.regime].deeds == set()
    assert MESSAGES - done_on_pages == set()


def _has_page(code: str) -> bool:
    try:
        reverse(f"case-{code}", args=[uuid7()])
    except NoReverseMatch:
        return False
    return True
