"""Every procedure that a node adopts can be run: its rooms answer, carry out and show each step."""

import pytest
from django.urls import NoReverseMatch, reverse

from gongheng.kernel.identifiers import uuid7
from gongheng.procedures import all_procedures
from gongheng.trading.cases import gate, guards
from gongheng.trading.cases.declaration import Procedure
from gongheng.trading.cases.kinds import Role

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


def _has_page(code: str) -> bool:
    try:
        reverse(f"case-{code}", args=[uuid7()])
    except NoReverseMatch:
        return False
    return True
