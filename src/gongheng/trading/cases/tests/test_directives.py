"""A regulator's order stops a case; another one lets it go on."""

from typing import Any

import pytest

from gongheng.kernel.reasons import Refusal
from gongheng.registers.holds import queries, reasons as holds
from gongheng.registers.messages.models import Message
from gongheng.trading.cases import directives
from gongheng.trading.cases.tests.support import browser, join
from gongheng.trust.identity.models import AuditEntry
from tests.engine import BIDDER, CLERK, NOW, OFFICER, SUPERVISOR, Walk, at, person

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]

ORDER, RELEASE = "建监停〔2026〕7号", "建监复〔2026〕7号"
STOP = {"document": ORDER, "cause": "收到投诉，需要核查。"}


def sent(who: Any, walk: Walk, **answers: str) -> Any:
    return browser(who).post(f"/cases/{walk.case.pk}/hold/", answers)


def test_an_order_stops_every_deed_and_another_one_frees_it() -> None:
    walk = at("close_bids")

    assert sent(SUPERVISOR, walk, **STOP).status_code == 302
    with pytest.raises(Refusal) as refusal:
        walk.do("form_committee")

    assert refusal.value.reason is holds.HELD
    assert ORDER in browser(CLERK).get(f"/cases/{walk.case.pk}/").content.decode()
    freed = {"lift": "1", "lift-document": ORDER, "lift-by_document": RELEASE}
    assert sent(SUPERVISOR, walk, **freed).status_code == 302
    assert not queries.orders_on(walk.case.code).exists()
    deeds = AuditEntry.objects.filter(object_id=str(walk.case.pk)).values_list("deed", flat=True)
    assert {"case.held", "case.hold_lifted"} <= set(deeds)


def test_both_sides_are_told() -> None:
    walk = at("close_bids")

    directives.place(case_id=walk.case.pk, actor=SUPERVISOR, now=NOW, **STOP)

    told = Message.objects.get(kind="case.held")
    assert ORDER in told.body
    assert walk.case.title in told.subject


@pytest.mark.parametrize("missing", ["document", "cause"])
def test_without_a_document_or_a_cause_nothing_is_stopped(missing: str) -> None:
    walk = at("close_bids")

    answer = sent(SUPERVISOR, walk, **(STOP | {missing: " "}))

    assert answer.status_code == 422
    kept = STOP["cause" if missing == "document" else "document"]
    assert kept in answer.content.decode()
    assert not queries.orders_on(walk.case.code).exists()


def test_the_same_order_is_entered_once() -> None:
    walk = at("close_bids")
    sent(SUPERVISOR, walk, **STOP)

    answer = sent(SUPERVISOR, walk, **STOP)

    assert answer.status_code == 422
    assert holds.ALREADY_HELD.message in answer.content.decode()


@pytest.mark.parametrize("who", [CLERK, OFFICER, BIDDER], ids=["clerk", "officer", "bidder"])
def test_only_a_supervisor_enters_orders(who: Any) -> None:
    walk = at("close_bids")

    assert sent(who, walk, **STOP).status_code == 403
    assert not queries.orders_on(walk.case.code).exists()


def test_a_supervisor_of_another_region_does_not_find_the_case() -> None:
    walk = at("close_bids")
    stranger = join(person("stranger", "supervisor", region="530300"))

    assert sent(stranger, walk, **STOP).status_code == 404


def test_an_objection_is_not_lifted_by_an_order() -> None:
    walk = at("close_bids")
    walk.do("object_documents", document="异1号")

    freed = {"lift": "1", "lift-document": "异1号", "lift-by_document": RELEASE}

    assert sent(SUPERVISOR, walk, **freed).status_code == 422
