"""Every planted fault is found and named; the declaration without it has none."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest

from gongheng.procedures.tests.support import WORKS, changed, outcome_changed, without
from gongheng.trading.cases.checking import FaultKind, check
from gongheng.trading.cases.declaration import (
    Ending,
    Outcome,
    Period,
    Procedure,
    Threshold,
    View,
)
from gongheng.trading.cases.kinds import Deed, EndingKind, Information, Party, Phase, Role
from tests.docs.pages import by_invitation

ON = date(2026, 10, 12)
STEP = WORKS.step("accept")


def added(**changes: object) -> Procedure:
    step = replace(STEP, **({"code": "planted", "permission": "planted"} | changes))
    return replace(WORKS, steps=(*WORKS.steps, step))


def shown(information: Information, party: Party, phase: Phase) -> Procedure:
    view = View(information=information, party=party, phase=phase)
    return replace(WORKS, views=(*WORKS.views, view))


def period(step: str, **changes: object) -> Procedure:
    first, *others = WORKS.step(step).periods
    return changed(WORKS, step, periods=(replace(first, **changes), *others))


PLANTED: dict[str, tuple[FaultKind, str, Callable[[], Procedure]]] = {
    "a step without a way out": (
        FaultKind.NO_OUTCOME,
        "receive_report",
        lambda: changed(WORKS, "receive_report", outcomes=()),
    ),
    "an outcome that leads nowhere": (
        FaultKind.UNKNOWN_NAME,
        "accept",
        lambda: outcome_changed(WORKS, "accept", "accepted", to="nowhere"),
    ),
    "two steps of a code": (
        FaultKind.CODE_TWICE,
        "accept",
        lambda: added(code="accept"),
    ),
    "a case that goes round for ever": (
        FaultKind.DEAD_END,
        "notify_award",
        lambda: outcome_changed(WORKS, "notify_award", "done", to="notify_award"),
    ),
    "an objection that nobody can answer": (
        FaultKind.DEAD_END,
        "close_bids",
        lambda: replace(without(WORKS, "answer_documents"), disputes=()),
    ),
    "an objection that can be answered too late only": (
        FaultKind.DEAD_END,
        "award",
        lambda: changed(WORKS, "answer_result", during=("publish_candidates",)),
    ),
    "a committee that is formed after it is needed": (
        FaultKind.DEAD_END,
        "evaluate",
        lambda: changed(WORKS, "form_committee", during=("close_bids",)),
    ),
    "an ending with an open matter": (
        FaultKind.DEAD_END,
        "terminated",
        lambda: changed(
            outcome_changed(WORKS, "terminate", "done", to="terminated"),
            "terminate",
            in_suspension=True,
        ),
    ),
    "a step that no case comes to": (
        FaultKind.UNREACHABLE,
        "planted",
        added,
    ),
    "a side step beside an unreachable one": (
        FaultKind.UNREACHABLE,
        "refund_terminated",
        lambda: outcome_changed(
            without(WORKS, "terminate_idle"), "terminate", "done", to="terminated"
        ),
    ),
    "an ending that no case has": (
        FaultKind.UNREACHABLE,
        "never",
        lambda: replace(
            WORKS,
            endings=(*WORKS.endings, Ending(code="never", label="无", kind=EndingKind.FAILED)),
        ),
    ),
    "a failure that hangs": (
        FaultKind.FAILURE_HANGS,
        "close_bids/too_few",
        lambda: outcome_changed(WORKS, "return_bids", "done", to="return_bids"),
    ),
    "a failure nobody hears of": (
        FaultKind.FAILURE_UNANNOUNCED,
        "evaluate/all_rejected",
        lambda: outcome_changed(WORKS, "evaluate", "all_rejected", to="return_bids"),
    ),
    "a failure without a branch": (
        FaultKind.CAUSE_MISSING,
        "works_open",
        lambda: outcome_changed(WORKS, "open_bids", "too_few", cause=""),
    ),
    "no opening at all": (
        FaultKind.DEED_MISSING,
        "works_open",
        lambda: changed(WORKS, "open_bids", deed=Deed.DECIDE),
    ),
    "no committee": (
        FaultKind.DEED_MISSING,
        "works_open",
        lambda: replace(WORKS, committee=None),
    ),
    "a publication without its notice": (
        FaultKind.NOTICE_MISSING,
        "publish_candidates",
        lambda: changed(WORKS, "publish_candidates", notice=""),
    ),
    "a publication with another notice": (
        FaultKind.NOTICE_MISSING,
        "publish_result",
        lambda: changed(WORKS, "publish_result", notice="B-06"),
    ),
    "a letter to fewer than the law asks": (
        FaultKind.TERM_MISSING,
        "publish_notice",
        lambda: changed(by_invitation(), "publish_notice", thresholds=()),
    ),
    "a letter that others than the invited could answer": (
        FaultKind.UNINVITED,
        "submit_bid",
        lambda: changed(by_invitation(), "submit_bid", guards=()),
    ),
    "a period that the law fixes left out": (
        FaultKind.TERM_MISSING,
        "award",
        lambda: changed(WORKS, "award", periods=()),
    ),
    "a count that the law fixes left out": (
        FaultKind.TERM_MISSING,
        "close_bids",
        lambda: changed(
            WORKS,
            "close_bids",
            outcomes=tuple(replace(o, thresholds=()) for o in WORKS.step("close_bids").outcomes),
        ),
    ),
    "a period below its term": (
        FaultKind.TERM_LOOSENED,
        "publish_notice",
        lambda: period("publish_notice", value=4),
    ),
    "a longer time to answer": (
        FaultKind.TERM_LOOSENED,
        "answer_documents",
        lambda: period("answer_documents", value=4),
    ),
    "a minimum that is only noted": (
        FaultKind.TERM_LOOSENED,
        "award",
        lambda: period("award", is_noted=True),
    ),
    "a duty that cannot be done late": (
        FaultKind.LATE_IS_REFUSED,
        "sign_contract",
        lambda: period("sign_contract", is_noted=False),
    ),
    "a count with one side only": (
        FaultKind.COUNT_UNANSWERED,
        "close_bids",
        lambda: outcome_changed(
            WORKS,
            "close_bids",
            "too_few",
            thresholds=(Threshold(rule="W-19", fact="bidders"),),
        ),
    ),
    "one person publishes": (
        FaultKind.ONE_PERSON,
        "publish_notice",
        lambda: changed(WORKS, "publish_notice", second=()),
    ),
    "one person opens": (
        FaultKind.ONE_PERSON,
        "open_bids",
        lambda: changed(WORKS, "open_bids", second=()),
    ),
    "one person awards": (
        FaultKind.ONE_PERSON,
        "award",
        lambda: changed(WORKS, "award", second=()),
    ),
    "one person terminates": (
        FaultKind.ONE_PERSON,
        "terminate",
        lambda: changed(WORKS, "terminate", second=()),
    ),
    "nobody may do it": (
        FaultKind.NO_ROLE,
        "accept",
        lambda: changed(WORKS, "accept", roles=()),
    ),
    "no permission is asked for": (
        FaultKind.NO_PERMISSION,
        "accept",
        lambda: changed(WORKS, "accept", permission=""),
    ),
    "a permission of two meanings": (
        FaultKind.TWO_MEANINGS,
        "trading:dispute:answer",
        lambda: changed(WORKS, "answer_result", roles=(Role.OFFICER,)),
    ),
    "evaluation without a committee": (
        FaultKind.ORDER_MISSING,
        "evaluate",
        lambda: changed(WORKS, "evaluate", needs=()),
    ),
    "an archive before the refund": (
        FaultKind.ORDER_MISSING,
        "archive",
        lambda: changed(WORKS, "archive", needs=("report_to_supervisor",)),
    ),
    "no notice binds the terms": (
        FaultKind.TERMS_UNBOUND,
        "works_open",
        lambda: changed(WORKS, "publish_notice", binds_terms=False),
    ),
    "bids seen before the opening": (
        FaultKind.SEEN_TOO_EARLY,
        "bid_content/tenderer",
        lambda: shown(Information.BID_CONTENT, Party.TENDERER, Phase.BIDDING),
    ),
    "experts named before the award": (
        FaultKind.SEEN_TOO_EARLY,
        "expert_names/tenderer",
        lambda: shown(Information.EXPERT_NAMES, Party.TENDERER, Phase.PUBLICITY),
    ),
    "an operator who reads bids": (
        FaultKind.SEEN_TOO_EARLY,
        "bid_content/operator",
        lambda: shown(Information.BID_CONTENT, Party.OPERATOR, Phase.AWARDED),
    ),
    "bids that leave a trace": (
        FaultKind.SILENT_WRITES,
        "submit_bid",
        lambda: changed(
            WORKS, "submit_bid", outcomes=(Outcome(code="done", label="已递交", to="."),)
        ),
    ),
    "a term that nobody knows": (
        FaultKind.UNKNOWN_NAME,
        "award",
        lambda: changed(WORKS, "award", periods=(Period(rule="W-99", start="@accept"),)),
    ),
    "a count used as a period": (
        FaultKind.UNKNOWN_NAME,
        "receive_report",
        lambda: changed(WORKS, "receive_report", periods=(Period(rule="W-19", start="@accept"),)),
    ),
    "an instant of a step that is not there": (
        FaultKind.UNKNOWN_NAME,
        "award",
        lambda: period("award", start="@nothing"),
    ),
    "a dispute without its steps": (
        FaultKind.UNKNOWN_NAME,
        "documents",
        lambda: changed(WORKS, "object_documents", suspends=""),
    ),
}


def test_the_works_tender_has_no_fault() -> None:
    assert check(WORKS, on=ON) == []


@pytest.mark.parametrize("planted", PLANTED)
def test_a_planted_fault_is_found_and_named(planted: str) -> None:
    kind, place, plant = PLANTED[planted]

    faults = check(plant(), on=ON)

    assert (kind, place) in {(fault.kind, fault.place) for fault in faults}, list(map(str, faults))


def test_every_kind_of_fault_is_planted() -> None:
    assert {kind for kind, _, _ in PLANTED.values()} == set(FaultKind)


def test_a_stricter_period_is_no_fault() -> None:
    assert check(period("publish_notice", value=6), on=ON) == []
