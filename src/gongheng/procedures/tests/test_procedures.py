"""What every declared procedure must stand; a new file is tested without a line here."""

import re
from datetime import date

import pytest

from gongheng.procedures import all_procedures
from gongheng.trading.cases import commission, guards
from gongheng.trading.cases.checking import check
from gongheng.trading.cases.declaration import Procedure
from gongheng.trading.cases.graph import explore
from gongheng.trading.cases.kinds import Role

DAYS = (date(2026, 10, 12), date(2030, 1, 1))
PROCEDURES = pytest.mark.parametrize("procedure", all_procedures(), ids=lambda p: p.code)
CHINESE = re.compile("[\u4e00-\u9fff]")


def test_the_works_tender_is_found() -> None:
    assert "works_open" in [procedure.code for procedure in all_procedures()]


@PROCEDURES
@pytest.mark.parametrize("on", DAYS, ids=str)
def test_the_model_check_finds_nothing(procedure: Procedure, on: date) -> None:
    assert [str(fault) for fault in check(procedure, on=on)] == []


@PROCEDURES
def test_names_follow_the_house_rules(procedure: Procedure) -> None:
    for step in procedure.steps:
        assert re.fullmatch(r"[a-z][a-z_]{2,34}", step.code)
        assert re.fullmatch(r"[a-z]+(:[a-z_]+){2}", step.permission)
        assert CHINESE.search(step.label)
        assert all(CHINESE.search(outcome.label) for outcome in step.outcomes)
    for guard in guards.named_in(procedure):
        assert re.fullmatch(r"[a-z]+\.[a-z_]+", guard)


@PROCEDURES
def test_no_trace_of_a_bid_is_left_before_the_deadline(procedure: Procedure) -> None:
    """Bidders' own steps during the bidding are silent, objections aside (they are public)."""
    beside = [step for step in procedure.steps if set(step.roles) == {"bidder"}]

    assert {step.code for step in beside if not step.is_silent} == {
        dispute.objection for dispute in procedure.disputes
    }


@PROCEDURES
def test_the_graph_stays_small_enough_to_be_checked_wholly(procedure: Procedure) -> None:
    assert len(explore(procedure)) < 5000


@PROCEDURES
def test_every_deed_of_a_clerk_is_one_that_an_agency_may_be_commissioned_to_do(
    procedure: Procedure,
) -> None:
    deeds = {step.deed for step in procedure.steps if Role.CLERK in step.roles}

    assert deeds <= commission.COMMISSIONS.keys()
