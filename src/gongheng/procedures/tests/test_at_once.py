"""Two people at once, on a real PostgreSQL: one wins, the other is told so."""

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection

from gongheng.kernel.reasons import Refusal
from gongheng.procedures.tests.support import (
    BIDDER,
    CLERK,
    COLLEAGUE,
    LOT,
    NOW,
    OFFICER,
    SECOND_OFFICER,
    SYSTEM,
    TENDERER,
    WORKS,
    at,
    begun,
)
from gongheng.registers.holds import actions as holds, reasons as hold_reasons
from gongheng.registers.holds.kinds import HoldKind
from gongheng.trading.cases import actions, queries, reasons
from gongheng.trading.cases.models import Case, DoneStep, Proposal

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("provide")]


def at_once(*deeds: Callable[[], Any]) -> list[Any]:
    """Run the deeds in threads that start together; return what each gave or raised."""
    gate = threading.Barrier(len(deeds))
    results: list[Any] = [None] * len(deeds)

    def run(place: int, deed: Callable[[], Any]) -> None:
        try:
            gate.wait(timeout=10)
            results[place] = deed()
        except BaseException as raised:  # noqa: BLE001  judged by the test, in its own thread
            results[place] = raised
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(place, deed)) for place, deed in enumerate(deeds)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def the_refused(results: list[Any]) -> list[Any]:
    assert all(not isinstance(r, BaseException) or isinstance(r, Refusal) for r in results), results
    return [result.reason for result in results if isinstance(result, Refusal)]


def test_of_two_who_advance_at_once_one_wins() -> None:
    walk = at("accept")
    ask: dict[str, Any] = {"case_id": walk.case.pk, "step": "accept", "now": NOW}

    results = at_once(
        lambda: actions.advance(**ask, actor=OFFICER, outcome="accepted"),
        lambda: actions.advance(**ask, actor=SECOND_OFFICER, outcome="returned"),
    )

    assert the_refused(results) == [reasons.NOT_NOW]
    assert DoneStep.objects.filter(step="accept").count() == 1
    won = next(result for result in results if isinstance(result, DoneStep))
    assert walk.fresh().awaits == won.led_to


def test_of_eight_deadlines_one_closes_the_bids() -> None:
    walk = at("close_bids").later(days=24)

    results = at_once(
        *[
            lambda: actions.advance(
                case_id=walk.case.pk,
                step="close_bids",
                actor=SYSTEM,
                now=walk.now,
                facts={"bidders": 3},
                outcome="enough",
            )
        ]
        * 8
    )

    assert the_refused(results) == [reasons.NOT_NOW] * 7
    assert [row.number for row in queries.history_of(walk.case)] == list(
        range(1, walk.case.steps.count() + 1)
    )


def test_of_two_who_propose_at_once_one_is_first() -> None:
    walk = at("publish_plan")
    ask: dict[str, Any] = {"case_id": walk.case.pk, "step": "publish_plan", "now": NOW}

    results = at_once(
        lambda: actions.propose(**ask, actor=CLERK),
        lambda: actions.propose(**ask, actor=COLLEAGUE),
    )

    assert the_refused(results) == [reasons.ALREADY_PROPOSED]
    assert Proposal.objects.count() == 1


def test_of_two_who_begin_a_lot_at_once_one_does() -> None:
    actions.adopt(WORKS, now=NOW)
    begin: dict[str, Any] = {
        "procedure": WORKS.code,
        "code": LOT,
        "title": "一标段",
        "region_code": "530103",
        "tenderer_code": TENDERER,
        "now": NOW,
    }

    results = at_once(
        lambda: actions.begin(**begin, actor=CLERK), lambda: actions.begin(**begin, actor=COLLEAGUE)
    )

    assert the_refused(results) == [reasons.CASE_OPEN]
    assert Case.objects.count() == 1


def test_a_hold_and_a_step_at_once_never_both_slip_through() -> None:
    """Either the step was done before the hold was placed, or the hold refused it."""
    for number in range(6):
        code = f"LOT{number}"
        walk = begun(code=code)
        results = at_once(
            lambda code=code: holds.place(  # type: ignore[misc]
                code=code,
                document="监1号",
                kind=HoldKind.DIRECTIVE,
                cause="核查",
                placed_by_code=TENDERER,
                now=NOW,
            ),
            lambda walk=walk: actions.advance(  # type: ignore[misc]
                case_id=walk.case.pk,
                step="register",
                actor=CLERK,
                now=NOW,
                facts={"is_statutory": True},
            ),
        )

        refusals = the_refused(results)
        assert refusals in ([], [hold_reasons.HELD])
        assert walk.case.steps.exists() is not bool(refusals)


def test_bids_are_judged_beside_each_other_and_none_after_the_deadline_was_closed() -> None:
    walk = at("close_bids")
    due = walk.later(days=24).now

    def bid() -> Any:
        return actions.require(case_id=walk.case.pk, step="submit_bid", actor=BIDDER, now=NOW)

    def close() -> Any:
        return actions.advance(
            case_id=walk.case.pk,
            step="close_bids",
            actor=SYSTEM,
            now=due,
            facts={"bidders": 3},
            outcome="enough",
        )

    results = at_once(bid, bid, bid, close, bid, bid)

    assert set(the_refused(results)) <= {reasons.NOT_NOW}
    assert isinstance(results[3], DoneStep)
    with pytest.raises(Refusal):
        bid()
