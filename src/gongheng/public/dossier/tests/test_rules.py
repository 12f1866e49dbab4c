"""Which paper is expected, by which rule, until which day."""

from datetime import date, timedelta

import pytest

from gongheng.public.dossier.kinds import Stage
from gongheng.public.dossier.papers import Paper
from gongheng.public.dossier.rules import Gap, State, gaps
from gongheng.public.dossier.tests.conftest import NOW
from gongheng.public.dossier.tests.papers_of import paper

OPENING = {"BID_OPEN_TIME": "20261106090000"}
LOTS = ("E5301110001000007001001", "E5301110001000007001002")


def _gaps(*papers: Paper, days: int = 0, lots: tuple[str, ...] = ()) -> dict[Stage, Gap]:
    found = gaps(papers, [], lots=lots, now=NOW + timedelta(days=days))
    assert len({gap.stage for gap in found}) == len(found)
    return {gap.stage: gap for gap in found}


@pytest.mark.parametrize(("days", "state"), [(24, State.COMING), (25, State.LATE)])
def test_the_opening_record_is_due_at_the_announced_instant(days: int, state: State) -> None:
    found = _gaps(paper(Stage.NOTICE, **OPENING), days=days)

    assert found[Stage.OPENING].state is state
    assert found[Stage.OPENING].due == date(2026, 11, 6)
    assert "《招标投标法》第三十四条" in found[Stage.OPENING].laws
    assert Stage.CANDIDATES not in found


def test_a_plan_comes_thirty_days_before_the_notice() -> None:
    assert _gaps(paper(Stage.NOTICE))[Stage.PLAN].due == date(2026, 9, 12)


def test_a_received_case_is_not_asked_for_a_plan_that_no_platform_hands_on() -> None:
    assert Stage.PLAN not in _gaps(paper(Stage.NOTICE, is_ours=False))


@pytest.mark.parametrize(("days", "state"), [(4, State.COMING), (5, State.UNSEEN)])
def test_the_result_waits_for_the_end_of_the_publicity(days: int, state: State) -> None:
    listed = paper(Stage.CANDIDATES, PUBLICITY_END_TIME="20261016235959")

    assert _gaps(listed, days=days)[Stage.AWARD].state is state


@pytest.mark.parametrize(("days", "state"), [(30, State.COMING), (70, State.LATE)])
def test_the_contract_is_due_thirty_days_after_the_result(days: int, state: State) -> None:
    gap = _gaps(paper(Stage.AWARD), days=days)[Stage.CONTRACT]

    assert gap.state is state
    assert gap.due == date(2026, 11, 11)
    assert gap.laws[0] == "《招标投标法》第四十六条"
    assert "20个工作日" in gap.words[1]


def test_procurement_has_terms_of_its_own() -> None:
    award = paper(Stage.AWARD, dataset="BID_DEAL_ANNOUNCE", trade="procurement")

    found = _gaps(award)

    assert found[Stage.CONTRACT].laws[0] == "《政府采购法》第四十六条"
    assert Stage.CANDIDATES not in found


@pytest.mark.parametrize("trade", ["land", "mining", "property", "other", ""])
def test_nothing_is_said_of_trades_whose_rules_are_not_here(trade: str) -> None:
    assert _gaps(paper(Stage.AWARD, trade=trade)) == {}


def test_a_source_that_left_a_paper_out_is_not_blamed() -> None:
    found = _gaps(paper(Stage.AWARD, is_history=True, is_ours=False), days=900)

    assert {gap.state for gap in found.values()} == {State.NOT_DELIVERED}
    assert "不表示当时没有公布" in found[Stage.CONTRACT].words[0]


def test_after_a_failed_tender_nothing_is_expected_until_a_new_notice() -> None:
    failed = [paper(Stage.NOTICE, **OPENING), paper(Stage.EXCEPTION, days=26)]

    assert set(_gaps(*failed, days=30)) == {Stage.PLAN}
    again = paper(Stage.NOTICE, days=40, BID_OPEN_TIME="20261220090000")
    assert Stage.OPENING in _gaps(*failed, again, days=41)


def test_the_same_gap_of_several_lots_is_said_once_and_names_them() -> None:
    lots = [paper(Stage.REGISTRATION, BID_SECTION_CODE=lot) for lot in (*LOTS, "third")]
    award = paper(Stage.AWARD, BID_SECTION_CODE=LOTS[0])
    other = paper(Stage.AWARD, BID_SECTION_CODE=LOTS[1])

    found = _gaps(*lots, award, other, lots=(*LOTS, "third"))

    assert found[Stage.CONTRACT].lots == LOTS


def test_a_result_without_a_day_gives_no_day() -> None:
    dated = paper(Stage.NOTICE)

    assert _gaps(dated, paper(Stage.AWARD, days=None))[Stage.CONTRACT].due is None
